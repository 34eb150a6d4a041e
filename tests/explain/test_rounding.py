"""What rounding may have done: told where it is all that is left, and never of a sum that is fine."""

import math

import mpmath
import pytest
from hypothesis import assume, given

from graphviz_backprop.engine import autodiff
from graphviz_backprop.explain.rounding import value_bounds
from graphviz_backprop.explain.trouble import findings
from graphviz_backprop.language.parser import parse
from tests.support.programs import ordinary, runs, special
from tests.support.truth import mp, values


def told(program, view="tree", **at):
    run = autodiff.compile(parse(program, view))({name: float(x) for name, x in at.items()})
    return [finding.kind for finding in findings(run) if finding.kind in ("cancelled", "cancels")]


REST = [
    ("(1 - cos(x))/x^2", 1e-9, "cancelled"),
    ("x - sqrt(x^2 - 1)", 1e9, "cancelled"),
    ("sqrt(x^2 + 1) - x", 1e9, "cancelled"),
    ("(1 + x)^2 - x^2 - 2x", 1e17, "cancelled"),
    ("0.1 + 0.2 - 0.3 + x", 0, "cancelled"),
    ("1 - tanh(x)", 20, "cancelled"),
    ("(1 + x)^2 - x^2 - 2x", 1e17, "cancels"),
    ("sin(x)*0.1 - sin(x)/10", 0.7, "cancels"),
    ("z = 0.1x + 0.2; m = max(z, 0.3x); z - m", 1, "cancelled"),  # which one it is, rounding decides
    ("(sqrt(1 + x) - 1)/x", 1e-12, "cancels"),  # its partials are made of what has cancelled
    ("(exp(x) - 1 - x)/x^2", 1e-9, "cancels"),
]


@pytest.mark.parametrize(("program", "x", "kind"), REST)
@pytest.mark.parametrize("view", ["tree", "graph"])
def test_where_only_rounding_is_left_that_is_told(program, x, kind, view):
    assert kind in told(program, view, x=x)


FINE = [
    *(("1 - x^2", 1), ("x^2 - 2x + 1", 1), ("1 - x^4", 1), ("x^2 + x", -1), ("4 - 2^x", 2)),
    *(("x - x", 3), ("x - x", 0.1), ("x^2 - 9", 3), ("sqrt(x) - 3", 9), ("hypot(x, 4) - 5", 3)),
    *(("x - 1", 1.00001), ("1/x - 0.25", 4), ("(x - 3)^2 + x - 3", 3), ("1 - max(x, 1)", 0.3)),
    *(("sigmoid(x) - 0.5", 0), ("log(x)", 1), ("x + 1000", 0.4), ("2x - x - x", 0.1), ("x*x - x*x", 1.5)),
    *(("1 - cos(x)", 0), ("exp(0.1x)/x - x/3", 3), ("exp(x) - 1", 0), ("exp(x) - 1", 1e-9), ("0.1 - x", 0.3)),
    ("z = 0.1x + 0.7; m = max(z, 0.3x, -1.1); exp(z - m) + exp(0.3x - m)", 0.123),  # a softmax's own largest
    ("z = 0.1x + 0.7; m = min(0.3x + 9, max(z, 0.3x)); z - m", 0.123),
]


@pytest.mark.parametrize(("program", "x"), FINE)
@pytest.mark.parametrize("view", ["tree", "graph"])
def test_a_sum_that_is_fine_is_left_alone(program, x, view):
    assert told(program, view, x=x) == []


@pytest.mark.parametrize(
    ("program", "x", "bound"),
    [
        ("step(x*0.1 + 0.2 - 0.3)", 1, 1),
        ("sign(0.1 + 0.2 - 0.3 + 0 x)", 1, 2),  # it is above 0 by no more than its error
        ("(0.1 + 0.2) x == 0.3", 1, 1),
        ("0.1 + 0.2 <= 0.3 x", 1, 1),
        ("where(0.1 + 0.2 > 0.3 x, 5, 3)", 1, 2),
        ("mod(0.1*3 x, 0.3)", 1, 0.3),
        ("relu(0.1*3 - 0.3 x)", 1, 1e-17),
        ("where(x > 0, 2, 3)", 0.1, 0),  # nothing is rounded there
        ("step(x - 1)", 1, 0),
    ],
)
def test_a_jump_within_reach_of_rounding_counts_as_a_whole(program, x, bound):
    run = autodiff.compile(parse(program))({"x": float(x)})
    assert 0.99 * bound <= value_bounds(run)[-1] <= 1.01 * bound + 3e-16 * (bound > 0)


@given(runs(numbers=ordinary | special))
def test_the_truth_is_within_the_bounds(run):
    """They are bounds to first order: twice as much is allowed, and nothing asked where no digit is left, nor
    beyond the smallest number there is, nor of the sign of 0, which decides over an angle."""
    with mpmath.workdps(60), mp.workdps(60):
        true = values(run.graph, run.variables)
    assume(not any(0 < abs(x) < 1e-300 for x in true if mp.isfinite(x)))
    for at, bound in enumerate(value_bounds(run)):
        value, node = run.values[at], run.graph.nodes[at]
        assume(node.op != "atan2" or run.values[node.args[0]] != 0)
        if math.isfinite(bound) and bound < 1e-6 * (abs(value) + 1e-300) and mp.isfinite(true[at]):
            off = abs(mp.mpf(value) - true[at])
            assert off <= 2 * bound + 1e-300, (node, value, true[at], bound)
