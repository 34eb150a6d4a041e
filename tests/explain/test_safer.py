"""A safer form is one: it computes the same wherever the form has a value, never worse, somewhere better."""

import itertools
import math

import pytest

from graphviz_backprop.engine import autodiff
from graphviz_backprop.explain.patterns import PATTERNS
from graphviz_backprop.language.ops import FUNCTIONS, OPERATORS, Op
from graphviz_backprop.language.parser import parse
from tests.support.truth import mp, values

WIDE = [0.0, 1e-12, 1e-9, 1e-4, 0.3, 1.0, 3.5, 20.0, 40.0, 710.0, 800.0, 1e200]
POINTS = {
    1: [*WIDE, *(-x for x in WIDE)],
    2: [0.0, 1e-9, 0.3, 20.0, 800.0, 1e200, -1.0, -40.0, -710.0, -800.0],
    3: [0.0, 0.3, 20.0, 800.0, -1.0, -800.0],
}
"""By the number of variables."""


def _form(op: Op) -> str:
    args = list(op.arguments)
    if op.symbol:
        return f"{args[0]} {op.symbol} {args[1]}" if len(args) > 1 else f"{op.symbol}{args[0]}"
    return f"{op.names[0]}({', '.join(args)})"


def _offered():
    for pattern in PATTERNS:
        yield pattern.form, pattern.safer, "1"
    for op in (*OPERATORS, *FUNCTIONS):
        for when, safer in [(trap.when, trap.safer) for trap in op.traps] + (
            [(op.kink.at, op.kink.safer)] if op.kink else []
        ):
            if safer:
                yield _form(op), safer, when


OFFERED = list(_offered())
NAMES = [f"{form} {when}" for form, _, when in OFFERED]


def _points(form):
    names = parse(form).variables
    points = itertools.product(POINTS[len(names)], repeat=len(names))
    return [dict(zip(names, point, strict=True)) for point in points]


def _errors(form, safer, at):
    """How far both are off; None where the form has no value."""
    if form == "x ^ y":
        at = {**at, "y": 1 / 3}
    true = values(parse(form), at)[-1]
    if not mp.isfinite(true):
        return None
    assert mp.almosteq(values(parse(safer), at)[-1], true, 1e-9, 1e-300), at
    graphs = (autodiff.compile(parse(text)) for text in (form, safer))
    found = [graph({name: at[name] for name in graph.graph.variables}) for graph in graphs]
    return [_off(run, true) for run in found]


def _off(run, true):
    """How far the value is off, relative to the truth; infinitely where a gradient is lost."""
    if not all(map(math.isfinite, [run.value, *run.gradient.values()])):
        return math.inf
    return float(abs(run.value - true) / max(abs(true), mp.mpf(1e-290)))


@pytest.mark.parametrize(("form", "safer", "when"), OFFERED, ids=NAMES)
def test_a_safer_form_is_equal_on_the_domain_and_better_there(form, safer, when):
    with mp.workdps(750):
        compared = [found for at in _points(form) if (found := _errors(form, safer, at))]
    assert compared
    for plain, better in compared:
        assert better <= max(1e-13, plain)
    if form != "x ^ y":  # x^(1/3) has no value where cbrt(x) has one: that is what is better
        assert any(better < 1e-13 and plain > 1e3 * better for plain, better in compared)
