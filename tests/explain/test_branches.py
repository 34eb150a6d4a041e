"""The best-known NaN: a branch that is not taken. It is told, and the form that is offered has none."""

import math

import pytest

from graphviz_backprop.engine import autodiff
from graphviz_backprop.explain.trouble import findings
from graphviz_backprop.language.parser import parse

OFFERED = [
    ("where(x > 0, log(x), 0)", 0, "where(x > 0, log(where(x > 0, x, 1)), 0)"),
    ("where(x <= 0, 0, log(x))", 0, "where(x <= 0, 0, log(where(x <= 0, 1, x)))"),
    ("where(x > 0, sqrt(x), 0)", 0, "where(x > 0, sqrt(where(x > 0, x, 1)), 0)"),
    ("where(x > 0, x^0.5, 0)", 0, "where(x > 0, where(x > 0, x, 1)^0.5, 0)"),
    ("where(x == 0, 1, sin(x) / x)", 0, None),
    ("where(x != 0, 1 / x, 0)", 0, "where(x != 0, 1 / where(x != 0, x, 1), 0)"),
    ("where(abs(x) < 1, acos(x), 0)", 1, "where(abs(x) < 1, acos(where(abs(x) < 1, x, 0.5)), 0)"),
    ("where(x^2 > 0, sqrt(x^2 + (2x)^2), 0)", 0, None),
    ("where(x > 0, log(sqrt(x)), -1)", 0, None),
    ("where(x > 0, log(x) + sqrt(x), x)", 0, None),
    ("where(x > 0, x * log(x), 0)", 0, "where(x > 0, x * log(where(x > 0, x, 1)), 0)"),
    ("where(x > 0, hypot(x, 2x), 0)", 0, None),
    ("where(x < 0, exp(x), log1p(x))", -1, "where(x < 0, exp(x), log1p(where(x < 0, 1, x)))"),
    ("where(x > 0, log(x), 0)", -1, "where(x > 0, log(where(x > 0, x, 1)), 0)"),
    ("u = log(x); where(x > 0, u, 0)", 0, "where(x > 0, log(where(x > 0, x, 1)), 0)"),
    ("u = log(x)/2; v = x*2; where(v > 0, u, v)", 0, None),
]


def branch(program, x, view="tree"):
    run = autodiff.compile(parse(program, view))({"x": float(x)})
    return [finding for finding in findings(run) if finding.kind == "branch"]


@pytest.mark.parametrize(("program", "x", "offered"), OFFERED)
@pytest.mark.parametrize("view", ["tree", "graph"])
def test_a_double_where_is_offered_that_has_a_gradient_and_computes_the_same(program, x, offered, view):
    plain = autodiff.compile(parse(program, view))
    assert math.isnan(plain({"x": float(x)}).gradient["x"])
    safer = branch(program, x, view)[0].safer
    assert offered in (None, safer)
    double = autodiff.compile(parse(safer, view))
    for point in (x, -2.0, -0.7, -0.1, 0.0, 0.1, 0.3, 0.9, 1.0, 3.0, 40.0):
        one, other = plain({"x": float(point)}), double({"x": float(point)})
        assert other.value == one.value
        assert math.isfinite(other.gradient["x"])
        if not math.isnan(one.gradient["x"]):
            assert other.gradient == one.gradient


def test_in_words():
    (finding,) = branch("where(x > 0, log(x), 0)", 0)
    assert finding.text == (
        "g does not take the branch of e, so 0 flows in: 0 × Infinity = NaN flows on to d,"
        " as in PyTorch and JAX."
    )
    assert finding.edge == ("e", 0)


@pytest.mark.parametrize(
    "program", ["where(x > 0, log(x), 0) + log(x)", "log(x) * 0", "u = log(x); where(x > 0, u, u)"]
)
def test_what_flows_elsewhere_too_is_no_fault_of_a_branch(program):
    assert branch(program, 0, "graph") == []
