"""A safer form is one: it computes the same wherever the form has a value, never worse, somewhere better."""

import itertools
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphviz_backprop.engine import autodiff
from graphviz_backprop.explain.patterns import PATTERNS, matches
from graphviz_backprop.explain.trouble import findings
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


# Sums of exponentials of any length


SUMS = ["({0}) + ({1})", "sum({0}, {1})"]


@st.composite
def exponentials(draw, names):
    """Their sum, in any order and association."""
    terms = [f"exp({name})" for name in draw(st.permutations(names))]
    while len(terms) > 1:
        at = draw(st.integers(0, len(terms) - 2))
        terms[at : at + 2] = [draw(st.sampled_from(SUMS)).format(terms[at], terms[at + 1])]
    return terms[0]


@st.composite
def long_forms(draw):
    names = list("abcdgh")[: draw(st.integers(3, 6))]
    whole = draw(exponentials(names))
    form = draw(st.sampled_from(["exp(a)/({0})", "log({0})", "log(exp(a)/({0}))", "-ln(exp(a)/({0}))"]))
    at = {name: draw(st.sampled_from(POINTS[2])) for name in names}
    return form.format(whole), at


def _offers(program, view):
    """The forms that stand for the program's last operation but a sign."""
    graph = parse(program, view)
    last = len(graph.nodes) - (2 if graph.output.op == "neg" else 1)
    run = autodiff.compile(graph)(dict.fromkeys(graph.variables, 800.0))
    assert last in [match.covered[0] for match in matches(graph)]
    return {found.safer for found in findings(run) if found.safer}, graph.output.op == "neg"


@given(long_forms(), st.sampled_from(["tree", "graph"]))
def test_sums_of_exponentials_of_any_length_and_order(form, view):
    program, at = form
    offered, negative = _offers(program, view)
    assert _offers(program.replace("exp(b)", "e^b"), view) == (offered, negative)
    assert len(offered) == 1, program
    safer = f"-({offered.pop()})" if negative else offered.pop()
    with mp.workdps(750):
        found = _errors(program, safer, at)
    if found:
        plain, better = found
        assert better <= max(1e-13, plain), (program, safer)


DOUBLED = [f"s{k} = s{k - 1} + s{k - 1}" for k in range(1, 60)]
"""Each the double of the last: written out, there are more terms than can be counted."""


@pytest.mark.parametrize(
    "program",
    [
        "log(exp(a) + exp(b) - exp(c))",
        "log(exp(a) + exp(b) + c)",
        "exp(d)/(exp(a) + exp(b) + exp(c))",
        "exp(a)/(exp(a)*exp(b) + exp(c) + exp(d))",
        "log(mean(exp(a), exp(b), exp(c)))",
        "; ".join(["s0 = exp(x) + exp(y)", *DOUBLED, "log(s59)"]),
    ],
)
def test_what_is_no_such_sum(program):
    found = [match.pattern.form for match in matches(parse(program, "graph"))]
    assert not any("sum" in form for form in found)
