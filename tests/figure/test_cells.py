"""A tensor's box: which cells are drawn, where, and with which numbers and colours."""

import re

import numpy as np
import pytest

from graphviz_backprop.engine import autodiff
from graphviz_backprop.figure.cells import DEEPEST, cells_of
from graphviz_backprop.figure.fields import fill
from graphviz_backprop.figure.sketch import sketch
from graphviz_backprop.figure.spots import spots_of
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


def test_a_title_may_be_as_wide_as_its_cells() -> None:
    drawing = sketch(parse("weights = ones(3, 3); V = ones(3, 2); out = weights @ V; sum(tanh(out))"))
    titles = {box.id: box.title for box in drawing.boxes}
    assert titles["out"] == "out = weights @ V"


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


# Boxes of one line


def test_a_large_figure_has_small_pictures_and_shapes_instead_of_grids() -> None:
    rows = "\n".join(f"h{at} = tanh(h{at - 1} @ W)" for at in range(1, 30))
    drawn = sketch(
        parse(f"W = randn(100, 100, seed=1)\nh0 = ones(3, 100)\n{rows}\ns = sum(h29^2) / 2", "graph")
    )
    tensors = [box for box in drawn.boxes if box.spots]
    assert len(tensors) > 50
    assert all(box.compact and box.notes for box in tensors)
    assert max(box.width for box in tensors) < 300
    assert max(box.height for box in tensors) <= 40
    few = next(box for box in tensors if box.id == "h5")
    assert few.spots and len(few.spots.grid.names) == 3 * 8
    numbers = next(box for box in drawn.boxes if box.id == "s")
    assert not numbers.spots and [line.field for line in numbers.lines] == ["s.value", "s.gradient"]


def test_so_has_one_with_many_cells_to_draw() -> None:
    few = sketch(parse("A = randn(300, 300, seed=1); sum(A)"))
    assert any(box.cells for box in few.boxes)
    many = sketch(parse("A = randn(300, 300, seed=1); B = randn(300, 300, seed=2); sum(A @ B)"))
    assert sum(bool(box.spots) for box in many.boxes) == 3
    assert not any(box.cells for box in many.boxes)


@pytest.mark.parametrize("shape", [(1,), (8,), (9,), (64,), (1, 64), (3, 2), (30, 30), (2, 3, 4)])
def test_spots_fit_their_box_and_touch_but_for_the_gap(shape: tuple[int, ...]) -> None:
    graph = parse(f"x = ones({', '.join(map(str, shape))}); sum(x)")
    spots = spots_of(graph.nodes[0], True)
    assert spots
    drawn = "\n".join(spots.draw(0, 0))
    rects = re.findall(
        r'<rect class="([\w-]+)" x="([\d.-]+)" y="([\d.-]+)" width="(\d+)" height="(\d+)"', drawn
    )
    areas = {"cell": 0.0, "shade-value": 0.0, "shade-gradient": 0.0}
    for role, *place in rects:
        x, y, wide, high = map(float, place)
        assert 0 <= x <= x + wide <= spots.width
        assert -spots.height / 2 <= y <= y + high <= spots.height / 2
        areas[role] += wide * high
    assert areas["shade-value"] == areas["shade-gradient"] == areas["cell"] / 2 > 0
    assert len(rects) - drawn.count('"cell"') == 2 * len(spots.grid.names)


def test_spots_have_the_colours_of_their_cells_and_a_mark_for_what_is_no_number() -> None:
    graph = parse("x = [0, -4, 2]; y = x / 0; z = x * 2; sum(y) + sum(z)")
    fields = autodiff.compile(graph)(dict(graph.start)).fields()

    def filled(name: str) -> str:
        spots = spots_of(graph.nodes[graph.positions[name]], True)
        assert spots
        return fill("\n".join(spots.draw(0, 0)), fields)

    assert shades(filled("z"), "value") == [0, DEEPEST, DEEPEST / 2]
    assert re.findall(r'\.mark">([^<]*)<', filled("z")) == ["", ""]
    assert re.findall(r'\.mark">([^<]*)<', filled("y")) == ["×", ""]


@pytest.mark.parametrize(
    ("shape", "below"), [("2, 3", False), ("4, 8", True), ("8, 8", True), ("2, 4", True), ("20, 20", False)]
)
def test_wide_grids_stand_one_above_the_other(shape: str, below: bool) -> None:
    """Side by side two of eight columns were wider than the figure beside the panes, and hid their name."""
    graph = parse(f"W = ones({shape}); y = tanh(W); sum(y)")
    cells = cells_of(graph.nodes[graph.positions["y"]], True)
    assert cells
    drawn = "\n".join(cells.draw(0, 0))
    captions = [
        (float(x), float(y))
        for x, y in re.findall(r'"caption" x="([^"]*)" y="([^"]*)">(?:value|grad)', drawn)
    ]
    (x, y), (right, down) = captions
    assert (right > x, down > y) == (not below, below)
    rects = re.findall(r'class="cell" x="([^"]*)" y="([^"]*)" width="(\d+)" height="(\d+)"', drawn)
    assert max(float(x) + float(wide) for x, _, wide, _ in rects) <= cells.width <= 500
    assert max(float(y) + float(high) for _, y, _, high in rects) <= cells.height
    assert len({(x, y) for x, y, _, _ in rects}) == len(rects)
