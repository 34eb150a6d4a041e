"""A fit keeps its data where nobody chose; what only looks like one moves all its variables."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

import graphviz_backprop as gb
from graphviz_backprop.descent.fits import fitted
from tests.support.programs import programs

FITS = [
    ("(a*x + b - y)^2", "a b"),
    ("(y - a*x - b)^2", "a b"),
    ("(y - (a*x + b))^2", "a b"),
    ("(a*x - y + b)^2", "a b"),
    ("(m*x + c - y)^2", "m c"),
    ("(w*x + c - y)^2", "w c"),
    ("(x*k - y)^2", "k"),
    ("(a*x^2 + b*x + c - y)^2", "a b c"),
    ("(a*x1 + b*x2 + c - y)^2", "a b c"),
    ("(a*x + b*y + c - z)^2", "a b c"),
    ("(a*x + b*z + c - y)^2", "a b c"),
    ("(a*exp(-k*t) - y)^2", "a k"),
    ("(a*sin(b*x + c) - y)^2", "a b c"),
    ("(sigmoid(a*x + b) - t)^2", "a b"),
    ("abs(a*x + b - y)", "a b"),
    ("|a*x + b - y|", "a b"),
    ("huber(a*x + b - y)", "a b"),
    ("square(a*x + b - y)", "a b"),
    ("½(a*x + b - y)²", "a b"),
    ("(a*x + b - y)^2/2", "a b"),
    ("r = a*x + b - y; r*r", "a b"),
    ("r = a*x + b - y; L = r^2", "a b"),
    ("f(x) = a*x + b\n(f(x) - y)^2", "a b"),
    ("mean((a*x1 + b - y1)^2, (a*x2 + b - y2)^2)", "a b"),
    ("(a*x1 + b - y1)^2 + (a*x2 + b - y2)^2 + (a*x3 + b - y3)^2", "a b"),
    ("(a*x + b - y)^2 + 0.1*a^2", "a b"),
    ("(a*x + b - y)^2 + λ*a^2", "a b"),
    ("p = sigmoid(a*x + c); -(y*log(p) + (1 - y)*log(1 - p))", "a c"),
    ("-y*ln(sigmoid(a*x + c)) - (1 - y)*ln(1 - sigmoid(a*x + c))", "a c"),
]

NO_FITS = [
    "(a - x)^2 + b*(y - x^2)^2",  # Rosenbrock
    "(1 - x)^2 + 100*(y - x^2)^2",
    "(x^2 + y - 11)^2 + (x + y^2 - 7)^2",  # Himmelblau
    "(y - b*x^2 + c*x - r)^2 + s*(1 - t)*cos(x) + s",  # Branin
    "(1.5 - x + x*y)^2 + (2.25 - x + x*y^2)^2",  # Beale
    "sin(x + y) + (x - y)^2 - 1.5*x + 2.5*y + 1",  # McCormick
    "(x + 2y - 7)^2 + (2x + y - 5)^2",  # Booth
    "(x*y - z)^2",
    "(2x - y)^2",
    "(a*x + b + y)^2",
    "(a*x + b - y)^2 + y^2",
    "(a*x + b - y)^2 + x",
    "(a*x*y + b - y)^2",
    "(a*x + b - y)^3",
    "(a*x + b - y)^2 * c",
    "a*x + b - y",
    "x^2 + y^2",
    "y",
    "3",
]


@pytest.mark.parametrize("view", ["tree", "graph"])
@pytest.mark.parametrize(("program", "moves"), FITS)
def test_the_model_moves(program: str, moves: str, view: str) -> None:
    assert sorted(fitted(gb.parse(program, view))) == sorted(moves.split())


@pytest.mark.parametrize("view", ["tree", "graph"])
@pytest.mark.parametrize("program", NO_FITS)
def test_what_is_no_fit(program: str, view: str) -> None:
    assert fitted(gb.parse(program, view)) == ()


def test_shared_terms_are_seen_once() -> None:
    doubled = [f"s{k} = s{k - 1} + s{k - 1}" for k in range(1, 60)]
    program = "; ".join(["s0 = a*x + b - y", *doubled, "(s59 - y1)^2 + s59"])
    assert fitted(gb.parse(program, "graph")) == ()


def test_a_line_keeps_its_point() -> None:
    found = gb.descend(gb.parse("(a*x + b - y)^2"), {"a": 1, "x": 2, "b": 0, "y": 5}, steps=200)
    assert list(found.points) == ["a", "b"]
    assert found.losses[-1] < 1e-6


@st.composite
def fits(draw: st.DrawFn) -> tuple[str, set[str]]:
    """A loss of a model that is a sum of products of inputs and parameters."""
    inputs = draw(st.lists(st.sampled_from(["x", "x1", "x_2", "X"]), min_size=1, max_size=3, unique=True))
    names = draw(st.permutations(["a", "b", "c", "d", "k", "m", "p", "α"]))
    terms = [draw(st.sampled_from([f"{p}*{x}", f"{x}*{p}", f"{p}*{x}^2", f"{p}*tanh({x})", f"{p}*({x} + 1)"]))
             for p, x in zip(names, inputs, strict=False)]  # fmt: skip
    used = set(names[: len(terms)])
    if draw(st.booleans()):
        terms, used = [*terms, names[-1]], used | {names[-1]}
    model = " + ".join(draw(st.permutations(terms)))
    model = draw(st.sampled_from(["{}", "sigmoid({})", "2*({})", "({})/3"])).format(model)
    target = draw(st.sampled_from(["y", "y1", "t", "target", "Y"]))
    residual = draw(st.sampled_from([f"{model} - {target}", f"{target} - ({model})", f"-{target} + {model}"]))
    loss = draw(st.sampled_from(["({})^2", "abs({})", "huber({})", "0.5*({})^2", "({})^2/2", "3*square({})"]))
    return loss.format(residual), used


@given(fits(), st.sampled_from(["tree", "graph"]))
def test_random_fits(fit: tuple[str, set[str]], view: str) -> None:
    program, moves = fit
    assert set(fitted(gb.parse(program, view))) == moves, program


@given(programs())
def test_both_views_say_the_same(program: str) -> None:
    tree, graph = gb.parse(program, "tree"), gb.parse(program, "graph")
    assert set(fitted(tree)) == set(fitted(graph))
    assert set(fitted(tree)) <= set(tree.variables)
