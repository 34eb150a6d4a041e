"""Closed forms, against numbers and against known derivatives."""

import math

import pytest
import sympy

from graphviz_backprop.engine import autodiff
from graphviz_backprop.explain.symbolic import derivative, expression, plain
from graphviz_backprop.language.ops import FUNCTIONS, OPERATORS
from graphviz_backprop.language.parser import parse

x = sympy.Symbol("x", real=True)


def test_known_derivatives():
    assert derivative(parse("sin(x^2 + 1)"), "x", simplify=True) == 2 * x * sympy.cos(x**2 + 1)
    assert derivative(parse("(4x+1)^2"), "x", simplify=True) == 32 * x + 8


def test_the_raw_form_is_the_chain_rule_as_the_rules_have_it():
    assert str(derivative(parse("(4x+1)^2"), "x")) == "(2*(4*x + 1)**(-1 + 2))*4"


def test_constants_are_exact():
    assert expression(parse("0.1 x + 1e-3 + e + pi")) == x / 10 + sympy.Rational(1, 1000) + sympy.E + sympy.pi


@pytest.mark.parametrize("op", [*OPERATORS, *FUNCTIONS], ids=lambda op: op.name)
def test_every_operation_has_a_closed_form_with_the_gradient_of_the_graph(op):
    names = ("x", "y", "z")[: 3 if op.variadic else len(op.arguments)]
    if op.symbol:
        text = f"{op.symbol}x" if len(names) == 1 else f"x {op.symbol} y"
    else:
        text = f"{op.names[0]}({', '.join(names)})"
    graph = parse(text)
    at = dict(zip(names, (1.37 if op.name == "acosh" else 0.37, 0.81, 0.59), strict=False))
    gradient = autodiff.compile(graph)(at).gradient
    for name in names:
        closed = derivative(graph, name).subs({sympy.Symbol(n, real=True): v for n, v in at.items()})
        assert math.isclose(float(closed), gradient[name], rel_tol=1e-12, abs_tol=1e-300)


CHOICES = [
    "where(x > 0, x^2, -x)", "where((x > 0) (x < 2), x, 3x)", "where((x > 0) (x < 2) (y > 0), x, 3x)",
    "where(1 - (x > 0), x, x^2)", "where((x > 0) == 0, x, x^2)", "where(x y, x, x^2)",
    "where(max(x, y), x, x^2)", "where(x < y, x, y)", "(x > 1) x^2 + (x <= 1) x",
    "abs(where((x > 0) (x < 2), x, 3x))",
    "max(x, x^2)", "min(x^2, x)", "max(x, -x)", "min(max(x, -1), 1)", "max(x, y) min(y, x)",
    "relu(x) - relu(x - 1) y", "clamp(x, -1, y)", "where(abs(x) < 1, x^2 / 2, abs(x) - 1 / 2)",
]  # fmt: skip


@pytest.mark.parametrize("text", CHOICES)
def test_a_choice_has_a_closed_form_that_holds_where_its_pieces_meet_too(text):
    """SymPy's simplify makes ~(0 < x & x < 2) x < 0 or x >= 2: at 0 it had no piece."""
    graph = parse(text, "graph")
    for simplify in (False, True):
        closed = derivative(graph, "x", simplify)
        assert plain(closed).free_symbols <= {sympy.Symbol("x"), sympy.Symbol("y")}
        for at in (-1.5, -1, 0, 0.5, 1, 1.75, 2):
            point = {name: value for name, value in {"x": at, "y": 0.5}.items() if name in graph.variables}
            given = {sympy.Symbol(name, real=True): sympy.Rational(value) for name, value in point.items()}
            found = closed.subs(given).doit()
            assert math.isclose(float(found), autodiff.compile(graph)(point).gradient["x"], abs_tol=1e-12)


def test_what_is_too_large_or_unknown_is_refused():
    with pytest.raises(ValueError, match="y is not a variable"):
        derivative(parse("x"), "y")
    with pytest.raises(ValueError, match="made of up to"):
        expression(parse("+".join(["x"] * 300)))
