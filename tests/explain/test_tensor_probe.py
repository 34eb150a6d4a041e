"""⟨G, V⟩ against what happens: tensors, cells and inner nodes moved."""

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings

from graphviz_backprop.api import parse
from tests.support.tensors import programs

TEXT = "W = [[1, 2], [3, 4]]; x = [5, 6]; z = W @ x / 10; p = softmax(z); L = sum(p^2) + sum(W * W)"


def test_a_cell_is_predicted_by_its_gradient_and_happens():
    run = parse(TEXT).evaluate()
    found = run.nudge("W[0, 1]", 1e-3)["L"]
    moved = parse(TEXT).evaluate(W=[[1, 2.001], [3, 4]])
    assert found.predicted == pytest.approx(run.gradient["W"][0, 1] * 1e-3, rel=1e-14)
    assert found.actual == pytest.approx(moved.value - run.value, rel=1e-12)
    assert 0 < found.miss < 1e-3


def test_a_direction_is_the_sum_of_its_cells():
    run = parse(TEXT).evaluate()
    step = np.array([[1e-4, -2e-4], [0, 3e-4]])
    found = run.nudge("W", step)["L"]
    assert found.predicted == pytest.approx(float(np.sum(run.gradient["W"] * step)), rel=1e-14)
    assert found.predicted == pytest.approx(found.actual, rel=1e-3)
    assert run.nudge("W", 1e-4) == run.nudge("W", np.full((2, 2), 1e-4))


@pytest.mark.parametrize("target", ["z", "z[1]", "p", "L"])
def test_an_inner_node_moves_alone(target):
    run = parse(TEXT).evaluate()
    found = run.nudge(target, 1e-6)["L"]
    assert found.predicted == pytest.approx(found.actual, rel=1e-4)
    assert found.predicted != 0 or target == "z"  # softmax does not see what is added to all


def test_a_variable_moves_wherever_it_stands():
    found = parse("x = [1, 2]; x @ x").evaluate().nudge("x", [1, 0])
    assert [(one.predicted, one.actual) for one in found.values()] == [(2, 3)]


def test_of_an_output_of_several_cells_it_is_the_sum_times_the_seed():
    found = parse("x = [1, 2]; z = 3 x").evaluate(seed=[10, 1]).nudge("x", [1, 1])["z"]
    assert (found.predicted, found.actual) == (33, 33)


def test_what_no_variable_reaches_is_not_predicted():
    assert parse("x = [1, 2]; u = exp((ones(2))); sum(x * u)").evaluate().nudge("u", 1) == {}


@pytest.mark.parametrize(
    ("target", "by"),
    [("q", 1), ("W[2, 0]", 1), ("W", [1, 2, 3]), ("W[0, 0]", [1, 2]), ("W", "much"), ("W", [[1], [1, 2]])],
)
def test_what_does_not_fit_is_refused(target, by):
    with pytest.raises(ValueError, match=r"q is|W is|W\[|tensor"):
        parse(TEXT).evaluate().nudge(target, by)


@settings(max_examples=20, suppress_health_check=list(HealthCheck))
@given(text=programs())
def test_no_step_changes_nothing(text):
    graph = parse(text)
    run = graph.evaluate(dict.fromkeys(set(graph.variables) - set(graph.start), 1.0))
    for name in graph.variables:
        for found in run.nudge(name, 0.0).values():
            assert found.predicted == 0 or np.isnan(found.predicted)
            assert found.actual == 0 or np.isnan(found.actual)


@pytest.mark.parametrize("target", ["W", "z", "p", "x"])
def test_along_the_gradient_the_output_changes_most(target):
    """⟨G, V⟩ of a direction of length 1: along G it is G's length, and no other has more."""
    run = parse(TEXT).evaluate()
    best = run.nudge(target, run.direction(target))["L"].predicted
    gradient = run.gradient.get(target, run.gradients[run.graph.positions[target]])
    assert best == pytest.approx(np.linalg.norm(gradient), rel=1e-14)
    for along, seed in (("ones", 0), ("random", 0), ("random", 7)):
        way = run.direction(target, along, seed)
        assert np.linalg.norm(way) == pytest.approx(1, rel=1e-14)
        assert abs(run.nudge(target, way)["L"].predicted) <= best * (1 + 1e-14)


def test_a_random_direction_is_what_the_language_draws():
    drawn = np.array(parse("W = randn(2, 3, seed=7); sum(W)").evaluate().variables["W"])
    way = parse("W = ones(2, 3); sum(W)").evaluate().direction("W", "random", 7)
    assert way == pytest.approx(drawn / np.linalg.norm(drawn), rel=1e-14)


@pytest.mark.parametrize(
    ("text", "along", "message"),
    [
        ("x = [1, 2]; sum(0 * x)", "gradient", "The gradient is 0"),
        ("x = [1, 0]; sum(1 / x)", "gradient", "not finite"),
        ("x = [1, 2]; sum(x)", "sideways", "one of gradient, ones, random"),
    ],
)
def test_what_has_no_direction_is_refused(text, along, message):
    with pytest.raises(ValueError, match=message):
        parse(text).evaluate().direction("x", along)
