"""Forward mode, nudges, and what all that costs."""

import math

import pytest
from hypothesis import given

from graphviz_backprop.api import parse as parse_own
from graphviz_backprop.engine import autodiff
from graphviz_backprop.explain import probe
from graphviz_backprop.language.parser import parse
from tests.support.programs import ordinary, runs, special


def test_tangents_flow_forward_from_one_variable():
    compiled = autodiff.compile(parse("u = x*y; sin(u) + u"))
    tangents = probe.tangents_by_id(compiled({"x": 2.0, "y": 3.0}), "x")
    assert tangents["u"] == 3
    assert tangents["d"] == pytest.approx(3 * math.cos(6) + 3)


def test_the_last_tangent_is_the_gradient():
    compiled = autodiff.compile(parse("sigmoid(x*y) / (x + y^2)"))
    run = compiled({"x": 0.7, "y": -1.2})
    for name in ("x", "y"):
        assert list(probe.tangents_by_id(run, name).values())[-1] == pytest.approx(
            run.gradient[name], rel=1e-14
        )


def test_a_tangent_of_no_variable_is_refused():
    run = autodiff.compile(parse("x"))({"x": 1.0})
    with pytest.raises(ValueError, match="y is not a variable"):
        probe.tangents_by_id(run, "y")


def test_the_counts_say_why_backward_wins():
    graph = parse("x*x", "graph")  # 1 value, 2 partials, and a sweep of 2 products and their sum
    assert probe.operations(graph) == probe.Operations(reverse=6, forward=6, differences=4)
    assert probe.operations(graph, variables=1000) == probe.Operations(6, 3003, 4000)
    assert probe.operations(graph, outputs=1000) == probe.Operations(3003, 6, 2002)


def test_what_has_no_variable_costs_its_values():
    assert probe.operations(parse("2 + 3")) == probe.Operations(1, 1, 0)


def test_tangents_of_nodes_and_edges():
    run = autodiff.compile(parse("(4*x+1)^2"))({"x": 1.0})
    found = probe.tangents(run, "x")
    at = run.graph.positions
    assert [found[at[id]] for id in "bcg"] == [1, 4, 40]
    assert [probe.carried(run, found, at["c"], 1), probe.carried(run, found, at["g"], 0)] == [4, 40]
    assert (found[at["a"]], probe.carried(run, found, at["c"], 0)) == (None, None)


def test_a_tangent_that_happens_to_be_0_meets_an_infinite_slope():
    run = autodiff.compile(parse("sqrt(x^2) + sqrt(y)"))({"x": 0.0, "y": 0.0})
    last = run.graph.output.id
    assert math.isnan(probe.tangents_by_id(run, "x")[last])
    assert probe.tangents_by_id(run, "y")[last] == math.inf


def test_a_nudge_is_predicted_and_happens_on_the_way_up():
    run = autodiff.compile(parse("(4*x+1)^2"))({"x": 1.0})
    found = probe.nudge(run, "x", 0.5)
    assert [found[id].predicted for id in "bceg"] == [0.5, 2, 2, 20]
    assert [found[id].actual for id in "bceg"] == [0.5, 2, 2, 24]
    assert found["g"].miss == pytest.approx(1 / 6)
    assert list(found) == [*"bceg"]  # nothing else moves


def test_an_inner_node_is_nudged_alone():
    run = autodiff.compile(parse("u = x^2; u * x"))({"x": 3.0})
    found = probe.nudge(run, "u", 1.0)
    assert (found["u"].actual, found["d"].predicted, found["d"].actual) == (1, 3, 3)
    assert "b" not in found


def test_all_leaves_of_a_variable_are_nudged():
    run = autodiff.compile(parse("x*x"))({"x": 3.0})
    assert probe.nudge(run, "x", 1.0)["c"].actual == 7
    assert probe.nudge(run, "a", 1.0)["c"].actual == 3


def test_a_constant_is_not_nudged():
    run = autodiff.compile(parse("4*x"))({"x": 3.0})
    assert probe.nudge(run, "a", 1.0) == {}


def test_an_unknown_name_is_not_nudged():
    run = autodiff.compile(parse("4*x"))({"x": 3.0})
    with pytest.raises(ValueError, match="q is neither"):
        probe.nudge(run, "q", 1.0)


@given(runs(numbers=ordinary | special))
def test_the_last_tangent_is_the_gradient_of_random_programs(run):
    for name, gradient in run.gradient.items():
        tangent = probe.tangents_by_id(run, name)[run.graph.output.id]
        assert tangent == pytest.approx(gradient, rel=1e-9, abs=1e-12, nan_ok=True)


def test_a_run_knows_all_of_it():
    run = parse_own("abs(x)").evaluate(x=0)
    assert run.nudge("x", 0.5)["b"].actual == 0.5
    assert (run.sides()["x"].left, run.sides()["x"].right) == (-1, 1)
    assert [finding.kind for finding in run.findings()] == ["corner"]


def test_a_change_to_no_number_is_off_by_no_number():
    assert math.isnan(probe.miss(0.0, math.nan))
