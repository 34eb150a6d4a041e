"""A tensor's box: which cells are drawn, where, and with which numbers and colours."""

import re

import numpy as np
import pytest

from graphviz_backprop.engine import autodiff
from graphviz_backprop.figure.cells import DEEPEST, cells_of
from graphviz_backprop.figure.fields import fill
from graphviz_backprop.figure.sketch import sketch
from graphviz_backprop.language.grid import grid
from graphviz_backprop.language.parser import parse


def markup(program: str, node: str) -> str:
    graph = parse(program)
    at = graph.positions[node]
    cells = cells_of(graph.nodes[at], graph.active[at])
    assert cells
    return fill("\n".join(cells.draw(0, 0)), autodiff.compile(graph)(dict(graph.start)).fields())


def texts(markup: str, role: str) -> list[str]:
    return re.findall(rf'data-field="~[^"]*\.{role}">([^<]*)<', markup)


def shades(markup: str, role: str) -> list[float]:
    return [
        float(x) for x in re.findall(rf'data-shade="[^"]*\.{role}\.shade" fill-opacity="([^"]*)"', markup)
    ]


def test_a_matrix_has_its_rows_and_a_vector_stands_upright() -> None:
    assert grid((2, 3)).cells == (("0,0", "0,1", "0,2"), ("1,0", "1,1", "1,2"))
    assert grid((2,)).cells == (("0",), ("1",))
    assert grid((2, 1, 2)).cells == (("0,0,0", "0,0,1"), ("1,0,0", "1,0,1"))
    assert grid((8, 8)).numbers
    assert not grid((9, 1)).numbers


def test_a_long_axis_is_cut_in_the_middle() -> None:
    cells = grid((100, 3)).cells
    assert cells[7] == ("7,0", "7,1", "7,2")
    assert cells[8] == (None, None, None)
    assert cells[9] == ("92,0", "92,1", "92,2")
    assert len(cells) == 17


def test_value_and_gradient_have_the_same_cells_in_the_same_places() -> None:
    found = markup("W = [[1, -2], [0, 4]]; z = W * 3; sum(z^2)", "z")
    assert texts(found, "value") == ["3", "-6", "0", "12"]
    assert texts(found, "gradient") == ["6", "-12", "0", "24"]
    assert shades(found, "value") == [x * DEEPEST for x in (0.25, 0.5, 0, 1)]
    assert shades(found, "gradient") == shades(found, "value")


def test_what_is_no_number_is_marked_by_a_sign() -> None:
    many = ", ".join(["1"] * 7)
    found = markup(f"x = [0, -1, {many}]; y = x / 0; sum(y)", "y")
    signs = re.findall(r'data-field="y\[\d\]\.value\.sign">([^<]*)<', found)
    assert signs == ["×", "-∞", *["∞"] * 7]
    assert shades(found, "value") == [0] * 9
    small = markup("x = [0, 1]; y = x / 0; sum(y)", "y")
    assert texts(small, "value") == ["NaN", "Infinity"]


def test_a_picture_says_mean_norm_least_and_greatest() -> None:
    found = markup("x = arange(10); y = x - 3; sum(y)", "y")
    told = dict(re.findall(r'data-field="~y\.value\.(\w+)">([^<]*)<', found))
    x = np.arange(10) - 3.0
    assert told == {"mean": "1.5", "norm": f"{np.linalg.norm(x):.1f}", "least": "-3", "greatest": "6"}


@pytest.mark.parametrize("numbers", ["[[1, 2], [3, 4]]", "[[-1.234e-105, 2], [3, 1e300]]"])
def test_the_layout_depends_on_shapes_alone(numbers: str) -> None:
    plain = sketch(parse("W = [[0, 0], [0, 0]]; y = tanh(W); sum(y)"))
    other = sketch(parse(f"W = {numbers}; y = tanh(W); sum(y)"))
    size = [(box.width, box.height) for box in plain.boxes if box.cells]
    assert size == [(box.width, box.height) for box in other.boxes if box.cells]
    assert len(size) == 2


def test_edges_say_the_shape_and_the_backward_rule() -> None:
    drawn = sketch(parse("W = [[1, 2], [3, 4]]; x = [1, 2]; z = W @ x; s * sum(z)", "graph"))
    said = {wire.key: [line.caption for line in wire.lines] for wire in drawn.wires}
    assert said["z.0"] == ["↑ 2×2", "↓ · xᵀ"]
    assert said["z.1"] == ["↑ (2)", "↓ Wᵀ ·"]
    numbers = [line.field for wire in drawn.wires for line in wire.lines if line.field]
    assert any(field.endswith(".partial") for field in numbers)  # the product of two numbers, as ever
