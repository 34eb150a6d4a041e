"""Forward mode and the check by central differences."""

import math

import pytest

from graphviz_backprop import autodiff, probe
from graphviz_backprop.parser import parse


def test_tangents_flow_forward_from_one_variable():
    compiled = autodiff.compile(parse("u = x*y; sin(u) + u"))
    tangents = probe.tangents(compiled({"x": 2.0, "y": 3.0}), "x")
    assert tangents["u"] == 3
    assert tangents["d"] == pytest.approx(3 * math.cos(6) + 3)


def test_the_last_tangent_is_the_gradient():
    compiled = autodiff.compile(parse("sigmoid(x*y) / (x + y^2)"))
    run = compiled({"x": 0.7, "y": -1.2})
    for name in ("x", "y"):
        assert list(probe.tangents(run, name).values())[-1] == pytest.approx(run.gradient[name], rel=1e-14)


def test_a_tangent_of_no_variable_is_refused():
    run = autodiff.compile(parse("x"))({"x": 1.0})
    with pytest.raises(ValueError, match="y is not a variable"):
        probe.tangents(run, "y")


def test_the_check_agrees_on_a_right_gradient():
    compiled = autodiff.compile(parse("exp(x) * sin(y) + x^y"))
    for difference in probe.check(compiled({"x": 1.3, "y": 0.4}, 2.0), compiled).values():
        assert difference.error < 1e-8


def test_the_check_finds_a_wrong_gradient():
    assert probe.difference(2.0, 1.0).error == 0.5
    assert math.isnan(probe.difference(math.nan, 1.0).error)


def test_the_counts_say_why_backward_wins():
    assert probe.operations(1000, 1) == {"reverse": 2, "forward": 1001, "differences": 2000}
