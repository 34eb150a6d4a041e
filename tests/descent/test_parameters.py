"""What moves where nobody chose: parameters by their names, never a network's inputs and targets."""

import pytest

import graphviz_backprop as gb
from graphviz_backprop.descent.parameters import moving, preferred
from graphviz_backprop.network.builder import PRESETS
from graphviz_backprop.network.recogniser import recognise
from graphviz_backprop.web.shown.examples import LOGISTIC, NEURON


@pytest.mark.parametrize("name", PRESETS)
def test_of_a_network_its_weights_and_biases(name: str) -> None:
    graph = gb.parse(PRESETS[name].program)
    assert set(preferred(graph)) == set(recognise(graph).parameters)


@pytest.mark.parametrize(
    ("program", "moves"),
    [
        (NEURON, "w1 w2 w3 w4"),
        (LOGISTIC, "w1 w2 b"),
        ("(w*x + b - y)^2", "w b"),
        ("(W_1*x + bias - t)^2", "W_1 bias"),
        ("(θ₀ + θ₁*x - y)^2", "θ0 θ1"),
        ("(theta0 + theta1*x - y)^2", "theta0 theta1"),
        ("(β_0 + β_1*x - y)^2", "β_0 β_1"),
        ("(4*x+1)^2", "x"),
        ("(1-x)^2 + 100*(y-x^2)^2", "x y"),
        ("(a + b)^2", "a b"),  # b alone is no bias
        ("(width*x + y)^2 + wx", "width x y wx"),
    ],
)
@pytest.mark.parametrize("view", ["tree", "graph"])
def test_by_name(program: str, moves: str, view: str) -> None:
    assert preferred(gb.parse(program, view)) == tuple(moves.split())


def test_a_column_never_moves() -> None:
    assert moving(gb.parse("w*x + b - y"), {"x", "y"}) == ("w", "b")
    assert moving(gb.parse("w*x + b - y"), {"w", "y"}) == ("b",)
    assert moving(gb.parse("w*x - y"), {"w", "y"}) == ("x",)


def test_a_neuron_keeps_its_inputs_and_its_target() -> None:
    graph = gb.parse(NEURON)
    start = dict.fromkeys(graph.variables, 1.0) | {"y": 0.0}
    assert list(gb.descend(graph, start, steps=3).points) == ["w1", "w2", "w3", "w4"]
    assert list(gb.descend(graph, start, parameters=["y"], steps=3).points) == ["y"]
