"""Closed forms as the page shows them, and compositions."""

import json

import pytest
import sympy

from graphviz_backprop.engine import autodiff
from graphviz_backprop.explain.closed import closed_form
from graphviz_backprop.explain.symbolic import composition, derivative
from graphviz_backprop.jobs.processes import JobTimeout, Pool
from graphviz_backprop.language.parser import parse

x = sympy.Symbol("x", real=True)


def links(program, variable="x", view="tree"):
    return [
        (link.id, link.inner, str(link.value), str(link.slope))
        for link in composition(parse(program, view), variable)
    ]


def test_a_function_of_a_function_is_taken_apart():
    assert links("sin(x^2 + 1)") == [("f", "e", "sin(e)", "cos(e)"), ("e", "x", "x**2 + 1", "2*x")]


def test_each_function_is_a_link():
    assert [value for _, _, value, _ in links("exp(sin((4x+1)^2))")] == [
        "exp(h)",
        "sin(g)",
        "e**2",
        "4*x + 1",
    ]


def test_what_two_paths_reach_is_not_cut_between_them():
    assert len(links("sin(x) * cos(x)")) == 1

    assert [link[0] for link in links("u = x^2; exp(sin(u) + u)")] == ["e", "d", "u"]


def test_other_variables_stay():
    assert links("(w*x + b)^2", "w") == [("h", "f", "f**2", "2*f"), ("f", "w", "b + w*x", "x")]


def test_the_equations():
    found = closed_form("sin(x^2 + 1)", "tree", [], "x")
    assert found["composition"][-1].endswith(
        r"= \cos{\left(e \right)} \cdot 2 x = 2 x \cos{\left(x^{2} + 1 \right)}"
    )
    assert found["simplified"] == [r"\frac{\partial f}{\partial x} = 2 x \cos{\left(x^{2} + 1 \right)}"]


@pytest.mark.parametrize("program", ["max(log(x), 0)", "max(1/x, 1)", "max(log(x), x)", "min(log(x), x, 1)"])
def test_what_has_a_pole_has_a_closed_form(program):
    """SymPy compares the pole of a piece with the others, and raises."""
    found = closed_form(program, "tree", [], "x")
    assert all(found[kind] for kind in ("value", "raw", "simplified"))
    slope = derivative(parse(program), "x", simplify=True)
    for at in (0.25, 3.5):
        run = autodiff.compile(parse(program))({"x": at})
        assert float(slope.subs({x: at}).doit()) == pytest.approx(run.gradient["x"])


def test_the_maximum_of_two_is_told_by_comparing_them():
    """By its result, Eq(x, Max(x, x**2)), it took SymPy ten seconds, and the page had none."""
    found = derivative(parse("max(x, x^2)"), "x", simplify=True)
    assert not found.has(sympy.Max)
    assert found.subs({x: sympy.Rational(1, 2)}) == 1
    assert [found.subs({x: value}) for value in (-1, 0, 1, 3)] == [
        -2,
        sympy.Rational(1, 2),
        sympy.Rational(3, 2),
        6,
    ]


def test_a_killable_process_does_it():
    pool = Pool(30.0, 1, "It")
    try:
        found = json.loads(pool.run("derive", "(4x+1)^2", "tree", [], "x"))
        assert found["simplified"] == [r"\frac{\partial g}{\partial x} = 32 x + 8"]
        hard = "*".join(f"sin(x + {n})^{n} exp(cos(x^{n}))" for n in range(2, 12))
        with pytest.raises(JobTimeout):
            pool.run("derive", hard, "tree", [], "x", limit=1.0)
        assert pool.run("derive", "x", "tree", [], "x")
    finally:
        pool.close()
