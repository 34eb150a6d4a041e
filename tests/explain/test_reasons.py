"""The reasons that notes give, as statements: checked by what they say, not by the conditions of the rows."""

import itertools
import math
import re

import pytest
from hypothesis import given

from graphviz_backprop.engine import autodiff
from graphviz_backprop.explain.trouble import REASONS, findings
from graphviz_backprop.language.ops import OPS
from graphviz_backprop.language.parser import parse
from tests.support.grids import ROWS, count, row_graph
from tests.support.programs import ordinary, runs, special
from tests.support.truth import FUNCTIONS, mp, slope

INF = math.inf
MOST = 1.7976931348623157e308


def _opposite(terms):
    return INF in terms and -INF in terms


def _differs(op, xs, _f):
    """Terms of both infinities, or two equal ones of which the rule takes the difference."""
    if op == "sub":
        xs = [xs[0], -xs[1]]
    return _opposite(xs) or (op == "logaddexp" and math.isinf(xs[0]) and xs[0] == xs[1])


def _product(op, xs, _f):
    return (0 in xs and any(map(math.isinf, xs))) if op == "mul" else xs == [-INF]


def _ratio(op, xs, _f):
    tops = {"div": xs, "log_base": [_log(x) for x in xs], "softsign": xs}[op]
    return all(map(math.isinf, tops))


def _log(x):
    return math.log(x) if 0 < x < INF else INF if x else -INF


def _denominator(op, xs, _f):
    return xs[-1] == 0


CLAIMS = {
    "∞ − ∞ is not a number": _differs,
    "0 × ∞ is not a number": _product,
    "0 / 0 is not a number": lambda op, xs, f: xs == [0, 0],
    "division by zero": _denominator,
    "∞ / ∞ is not a number": _ratio,
    "a power that is not whole is defined for bases ≥ 0": lambda op, xs, f: xs[0] < 0 and xs[1] % 1 != 0,
    "0 to a negative power is a division by zero": lambda op, xs, f: xs[0] == 0 > xs[1],
    "the exponential rule has the base's logarithm, which is defined for numbers > 0": lambda op, xs, f: (
        xs[0] < 0
    ),
    "the exponential rule has the base's logarithm, and the logarithm of 0 is -∞": lambda op, xs, f: (
        xs[0] == 0 and f > 0
    ),
    "the logarithm is defined for numbers > 0": lambda op, xs, f: xs[0] < 0,
    "the logarithm of 0 is -∞": lambda op, xs, f: xs[0] == 0,
    "the base of a logarithm is positive": lambda op, xs, f: not xs[1] > 0,
    "there is no logarithm to base 1": lambda op, xs, f: xs[1] == 1,
    "log1p is defined for numbers > -1": lambda op, xs, f: xs[0] < -1,
    "1 + (-1) is 0, and the logarithm of 0 is -∞": lambda op, xs, f: 1 + xs[0] == 0,
    "the square root is defined for numbers ≥ 0": lambda op, xs, f: xs[0] < 0,
    "it has no limit at infinity": lambda op, xs, f: math.isinf(xs[0]),
    "asin is defined for numbers from -1 to 1": lambda op, xs, f: not -1 <= xs[0] <= 1,
    "acos is defined for numbers from -1 to 1": lambda op, xs, f: not -1 <= xs[0] <= 1,
    "acosh is defined for numbers ≥ 1": lambda op, xs, f: xs[0] < 1,
    "atanh is defined for numbers between -1 and 1": lambda op, xs, f: not -1 < xs[0] < 1,
    "tanh reaches 1 and -1 at infinity only": lambda op, xs, f: abs(xs[0]) == 1,
    "sin(0) is 0, a division by zero": lambda op, xs, f: math.sin(xs[0]) == 0,
    "tan(0) is 0, a division by zero": lambda op, xs, f: math.tan(xs[0]) == 0,
    "erfinv is defined for numbers between -1 and 1": lambda op, xs, f: not -1 < xs[0] < 1,
    "erf reaches 1 and -1 at infinity only": lambda op, xs, f: abs(xs[0]) == 1,
    "a sum on the way is larger than 1.798e308, the largest number there is": (
        lambda op, xs, f: any(abs(part) > MOST for part in itertools.accumulate(map(mp.mpf, xs)))
    ),
    "there is no remainder of a division by zero": _denominator,
    "∞ has no remainder": lambda op, xs, f: math.isinf(xs[0]),
    "logit is defined for numbers between 0 and 1": lambda op, xs, f: not 0 < xs[0] < 1,
    "a probability of 0 or 1 has infinite odds": lambda op, xs, f: xs[0] in (0, 1),
    REASONS["overflow"]: lambda op, xs, f: _huge(FUNCTIONS[op](*map(mp.mpf, xs))),
}
"""By the reason: whether it holds of an operation, its arguments and its result."""


def _huge(x):
    return abs(x) > MOST * (1 - 1e-9)


def test_every_reason_of_a_row_is_checked_here():
    assert {trap.why for op in OPS.values() for trap in op.traps} <= CLAIMS.keys()


def test_a_reason_has_none_of_the_rows_own_names():
    """``log(1 - x)`` at 2 was told that the logarithm is defined for x > 0, and x is."""
    for op in OPS.values():
        names = {*op.arguments, "f"}
        for trap in op.traps:
            assert not names & set(re.findall(r"\w+", trap.why)), (op.name, trap.why)


def test_a_sum_that_overflows_on_the_way_is_not_said_to_be_too_large():
    """1e308 + 1e308 - 1e308 is 1e308: a sum before it is too large, the result is not."""
    for function in ("sum", "mean"):
        run = autodiff.compile(parse(f"{function}(x, y, z)"))({"x": 1e308, "y": 1e308, "z": -1e308})
        assert _values(run) == 1


def _reason(finding):
    return finding.text.rsplit(": ", 1)[1].removesuffix(".")


GRID = [0.0, -0.0, 1.0, -1.0, 2.0, -0.5, 1e200, -1e200, 1e308, 1e-320, INF, -INF]


@pytest.mark.parametrize("op", [op for op in ROWS if op.traps], ids=lambda op: op.name)
def test_the_reasons_of_a_row_hold(op):
    compiled = autodiff.compile(row_graph(op))
    told = 0
    for point in itertools.product(GRID, repeat=count(op)):
        run = compiled(dict(zip(compiled.graph.variables, point, strict=True)))
        told += _values(run)
    assert told


@given(runs(numbers=ordinary | special, seeds=ordinary))
def test_the_reason_of_a_value_holds(run):
    _values(run)


def _values(run):
    told = 0
    for finding in findings(run):
        at = run.graph.positions[finding.node]
        node = run.graph.nodes[at]
        if finding.kind == "value":
            xs = [run.values[arg] for arg in node.args]
            told += 1
            assert CLAIMS[_reason(finding)](node.op, xs, run.values[at]), (finding, xs)
    return told


@given(runs(numbers=ordinary | special, seeds=ordinary))
def test_the_reason_of_a_slope_holds(run):
    for finding in findings(run):
        at = run.graph.positions[finding.node]
        node = run.graph.nodes[at]
        if finding.kind == "slope":
            reason, xs = _reason(finding), [run.values[arg] for arg in node.args]
            if reason == REASONS["overflow"]:
                assert _huge(slope(FUNCTIONS[node.op], xs, finding.edge[1])), finding
            elif reason in CLAIMS:
                assert CLAIMS[reason](node.op, xs, run.values[at]), finding
            else:  # there is no derivative: both sides differ, or the slope is infinite
                assert not abs(slope(FUNCTIONS[node.op], xs, finding.edge[1])) < MOST, finding


@given(runs(numbers=ordinary | special, seeds=ordinary))
def test_the_reason_of_a_flow_holds(run):
    for finding in findings(run):
        at = run.graph.positions[finding.node]
        if finding.kind in ("flow", "branch"):
            gradient, partial = run.gradients[at], run.partials[at][finding.edge[1]]
            if finding.kind == "branch":
                assert gradient == 0 and not math.isfinite(partial), finding
            elif _reason(finding) == REASONS["product"]:
                assert 0 in (gradient, partial) and math.isinf(gradient + partial), finding
            else:
                assert abs(mp.mpf(gradient) * partial) > MOST, finding


@pytest.mark.parametrize("why", [REASONS["overflow"], REASONS["difference"]])
@given(run=runs(numbers=ordinary | special, seeds=ordinary))
def test_the_reason_of_a_sum_holds(why, run):
    for finding in findings(run):
        if finding.kind == "sum" and _reason(finding) == why:
            at = run.graph.positions[finding.node]
            flows = [run.flows[edge.parent][edge.arg] for edge in run.graph.edges() if edge.child == at]
            known = [flow for flow in flows if flow is not None]
            assert _opposite(known) if why == REASONS["difference"] else abs(mp.fsum(known)) > MOST, finding
