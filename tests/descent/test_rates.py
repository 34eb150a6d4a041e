"""Without a rate one is chosen, and it descends."""

import math

import numpy as np
import pytest

import graphviz_backprop as gb
from graphviz_backprop.descent import rates
from graphviz_backprop.descent.optimizers import OPTIMIZERS
from graphviz_backprop.network.builder import PRESETS
from graphviz_backprop.web.asked.state import State
from graphviz_backprop.web.shown.examples import GROUPS
from graphviz_backprop.web.shown.presets import start

SCALING = [name for name, row in OPTIMIZERS.items() if row.scales]
EXAMPLES = {one.title: one.state for group in GROUPS for one in group.examples}


@pytest.mark.parametrize(
    ("matrix", "rate"),
    [
        ([[32.0]], 0.02),  # (4x + 1)^2
        ([[10.001]], 0.05),
        ([[20.0]], 0.05),
        ([[0.5]], 0.1),
        ([[-32.0]], 0.02),
        ([[2.0, 0.0], [0.0, 500.0]], 0.002),
        ([[3.0, 4.0], [4.0, 3.0]], 0.1),
        ([[30.0, 40.0], [40.0, 30.0]], 0.01),
    ],
)
def test_one_over_the_largest_curvature_rounded_down(matrix: list[list[float]], rate: float) -> None:
    hessian = np.array(matrix)
    start = np.arange(1.0, 1 + len(hessian))
    assert rates.descending(lambda w: hessian @ w, start) == rate


def test_a_direction_in_which_the_gradient_is_small_counts() -> None:
    found = gb.descend(gb.parse("x^2 + 1000*z^2"), {"x": 1, "z": 1e-6})
    assert found.settings["rate"] == 0.0005
    assert found.stopped == ""


@pytest.mark.parametrize("slope", [0.0, math.nan, math.inf])
def test_where_no_curvature_is_known(slope: float) -> None:
    assert rates.descending(lambda w: np.full_like(w, slope), np.ones(2)) == rates.LARGEST


@pytest.mark.parametrize(
    ("number", "rounded"),
    [(0.03125, 0.02), (0.05, 0.05), (0.04999999999, 0.05), (0.0499, 0.02), (7, 5), (1e-300, 1e-300)],
)
def test_rounded_down(number: float, rounded: float) -> None:
    assert rates.rounded_down(number) == rounded


@pytest.mark.parametrize("optimizer", SCALING)
@pytest.mark.parametrize("program", ["(4*x+1)^2", "x^4 + x", "exp(x^2)", "100*(x+3)^2 + sin(x)"])
def test_it_descends(program: str, optimizer: str) -> None:
    found = gb.descend(gb.parse(program), {"x": 3.0}, optimizer=optimizer)
    assert found.stopped == ""
    assert found.losses[-1] < found.losses[0]


def test_the_front_page_arrives() -> None:
    found = gb.descend(gb.parse("(4*x+1)^2"), {"x": 1})
    assert found.settings["rate"] == 0.02
    assert found.points["x"][-1] == pytest.approx(-0.25)


@pytest.mark.parametrize("state", EXAMPLES.values(), ids=EXAMPLES)
def test_no_example_leaves_for_good(state: State) -> None:
    graph = gb.parse(state.expr)
    at = {name: state.at.get(name, 1.0) for name in graph.variables}
    assert "try a smaller rate" not in gb.descend(graph, at).stopped


def test_steps_that_do_not_grow_with_the_gradient_need_no_curvature() -> None:
    for name in OPTIMIZERS.keys() - SCALING:
        assert gb.descend(gb.parse("(40*x+1)^2"), {"x": 1}, optimizer=name, steps=1).settings["rate"] == 0.1


def test_a_rate_that_is_given_holds() -> None:
    assert gb.descend(gb.parse("x^2"), {"x": 1}, rate=0, steps=1).settings["rate"] == 0


def test_over_data_all_rows_count() -> None:
    data = {"x": [0.0, 10.0], "y": [0.0, 1.0]}
    found = gb.descend(gb.parse("(w*x + b - y)^2"), {"w": 0, "b": 0}, data=data, batch=1, steps=50)
    assert found.settings["rate"] == 0.005
    assert found.stopped == ""


XOR = {"x1": [0, 0, 1, 1], "x2": [0, 1, 0, 1], "y1": [0, 1, 1, 0]}


def test_xor_is_learned_from_the_preset_with_the_training_sides_choices() -> None:
    preset = PRESETS["xor"]
    at = {name: x for name, x in start(preset).items() if name not in XOR}
    found = gb.descend(gb.parse(preset.program), at, optimizer="adam", data=XOR)
    assert found.losses[-1] < 0.05
