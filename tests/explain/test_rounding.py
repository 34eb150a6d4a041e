"""What rounding may have done: told where it is all that is left, and never of a sum that is fine."""

import math

import mpmath
import pytest
from hypothesis import assume, given

from graphviz_backprop.engine import autodiff
from graphviz_backprop.explain.rounding import value_bounds
from graphviz_backprop.explain.trouble import findings
from graphviz_backprop.language.ops import COMPARISONS
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
]


@pytest.mark.parametrize(("program", "x", "kind"), REST)
@pytest.mark.parametrize("view", ["tree", "graph"])
def test_where_only_rounding_is_left_that_is_told(program, x, kind, view):
    assert kind in told(program, view, x=x)


FINE = [
    *(("x - x", 3), ("x - x", 0.1), ("x^2 - 9", 3), ("sqrt(x) - 3", 9), ("hypot(x, 4) - 5", 3)),
    *(("x - 1", 1.00001), ("1/x - 0.25", 4), ("(x - 3)^2 + x - 3", 3), ("1 - max(x, 1)", 0.3)),
    *(("sigmoid(x) - 0.5", 0), ("log(x)", 1), ("x + 1000", 0.4), ("2x - x - x", 0.1), ("x*x - x*x", 1.5)),
    *(("1 - cos(x)", 0), ("exp(x) - 1", 0), ("exp(x) - 1", 1e-9), ("0.1 - x", 0.3)),
]


@pytest.mark.parametrize(("program", "x"), FINE)
@pytest.mark.parametrize("view", ["tree", "graph"])
def test_a_sum_that_is_fine_is_left_alone(program, x, view):
    assert told(program, view, x=x) == []


JUMPS = {*COMPARISONS, "step", "sign", "mod"}


@given(runs(numbers=ordinary | special))
def test_the_truth_is_within_the_bounds(run):
    """They are bounds to first order: twice as much is allowed, and nothing asked where no digit is left."""
    with mpmath.workdps(60), mp.workdps(60):
        true = values(run.graph, run.variables)
    for at, node in enumerate(run.graph.nodes):  # where the last digit decides over a jump, no order helps
        if node.op in JUMPS and mp.isfinite(true[at]):
            assume(abs(run.values[at] - true[at]) < 0.5)
    for at, bound in enumerate(value_bounds(run)):
        value = run.values[at]
        if math.isfinite(bound) and bound < 1e-6 * (abs(value) + 1e-300) and mp.isfinite(true[at]):
            off = abs(mp.mpf(value) - true[at])
            assert off <= 2 * bound + 1e-300, (run.graph.nodes[at], value, true[at], bound)
