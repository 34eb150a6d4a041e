"""Graph -> text: what is printed parses to the same graph, and is well-formed in every notation."""

import xml.etree.ElementTree as ET
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import graphviz_backprop as gb
from graphviz_backprop.engine import autodiff
from graphviz_backprop.language.graph import CONST
from graphviz_backprop.language.ops import OPS
from graphviz_backprop.language.parser import parse
from graphviz_backprop.language.printers import label, mathml, source, tex, tex_name, text
from tests.support.grids import ROWS, row_graph
from tests.support.programs import points, programs
from tests.support.same import canonical

VIEWS = ("tree", "graph")
MATH = "{http://www.w3.org/1998/Math/MathML}"


@settings(max_examples=150)
@given(st.data(), programs(), st.sampled_from(VIEWS))
def test_the_source_parses_to_the_same_graph(data: st.DataObject, program: str, view: str) -> None:
    graph = parse(program, view)
    again = parse(source(graph), view)
    assert canonical(again) == canonical(graph)
    assert again.output.id == graph.output.id or not graph.output.named
    assert again.start == graph.start
    at = data.draw(points(graph))
    assert repr(autodiff.compile(again)(at).value) == repr(autodiff.compile(graph)(at).value)


@pytest.mark.parametrize(
    ("program", "printed"),
    [
        ("(4*x+1)^2", "(4 * x + 1)^2"),
        ("x - (y - z)", "x - (y - z)"),
        ("(x - y) - z", "x - y - z"),
        ("x/(y*z)", "x / (y * z)"),
        ("x*(y/z)", "x * (y / z)"),
        ("(-x)^2", "(-x)^2"),
        ("-x^2", "-x^2"),
        ("2^3^x", "2^3^x"),
        ("(2^3)^x", "(2^3)^x"),
        ("x^-y", "x^-y"),
        ("x^(-y z)", "x^(-y * z)"),
        ("x⁻¹", "x^-1"),
        ("-(x+y)", "-(x + y)"),
        ("-(x*y)", "-(x * y)"),
        ("x*-y", "x * -y"),
        ("x - -y", "x - -y"),
        ("√x + ln(x) + log(x, 2)", "sqrt(x) + log(x) + log(x, 2)"),
        ("leaky_relu(x, .1)", "leaky_relu(x, .1)"),
        ("u = x^2; y = 3u + u*u; y", "u = x^2\ny = 3 * u + u * u"),
        ("f(t) = t t; f(x+1)", "c = x + 1\nc * c"),
        ("f(t) = t t; f(x)", "a = x\na * a"),
        ("f(t) = t t; f(0)", "a = (0)\na * a"),
        ("f(t) = t t; f(-1.5e-3)", "b = (-1.5e-3)\nb * b"),
        ("f(t) = t t; f(e)", "a = e\na * a"),
        ("c = (1); x c", "c = (1)\nx * c"),
        ("c = 1; x c", "c = 1\nx * c"),
        ("c = -1.5e-3; x c", "c = -0.0015\nx * c"),
        ("c = (2)", "c = (2)"),
        ("c = ½; c x", "c = 0.5\nc * x"),
        ("c = (½); c x", "c = (½)\nc * x"),
        ("e = 3; e^2", "e = 3\ne^2"),
        ("e^x", "e^x"),
        ("x", "x"),
        ("٣ + 1e5", "3 + 1e5"),
    ],
)
def test_source(program: str, printed: str) -> None:
    assert source(parse(program)) == printed


def test_the_graph_view_names_only_what_is_shared() -> None:
    assert source(parse("x*x + (x+1)*(x+1)", "graph")) == "d = x + 1\nx * x + d * d"


def test_long_programs_are_printed_in_statements() -> None:
    for program in ("+".join(["x"] * 5_000), "sin(" * 2_000 + "x" + ")" * 2_000):
        graph = parse(program)
        printed = source(graph)
        assert max(map(len, printed.split("\n"))) < 1_100
        assert len(printed) < 2 * len(program) + 10_000
        assert canonical(parse(printed)) == canonical(graph)
    assert all(ET.fromstring(equation) is not None for equation in mathml(graph)[:3])


@pytest.mark.parametrize(
    ("program", "equation"),
    [
        ("(4x+1)^2", r"g = \left(4  x + 1\right)^{2}"),
        ("x/(y+1)", r"e = \frac{x}{y + 1}"),
        ("(x/y)^2", r"e = \left(\frac{x}{y}\right)^{2}"),
        ("sqrt(x) + abs(y)", r"e = \sqrt{x} + \left|y\right|"),
        ("alpha * w_12 * w1 * speed", r"g = \alpha  \cdot w_{12} \cdot w_{1} \cdot \mathrm{speed}"),
        ("log(x, 2)", r"c = \log_{2}\left(x\right)"),
        ("leaky_relu(x)", r"b = \operatorname{leaky\_relu}\left(x\right)"),
        ("2e3", r"a = 2 \cdot 10^{3}"),
        ("2e3^x", r"c = \left(2 \cdot 10^{3}\right)^{x}"),
        ("x^2e-3", r"c = x^{2 \cdot 10^{-3}}"),
        ("2pi", r"c = 2 \pi "),
        ("3*4", r"c = 3 \cdot 4"),
        ("x - (y - z)", r"e = x - \left(y - z\right)"),
        ("-x^2", "d = -x^{2}"),
        ("(-x)^2", r"d = \left(-x\right)^{2}"),
        ("square(x)²", r"d = \left(x^{2}\right)^{2}"),
    ],
)
def test_tex(program: str, equation: str) -> None:
    (found,) = tex(parse(program))
    assert " ".join(found.split()) == " ".join(equation.split())


@pytest.mark.parametrize("written", ["x.T.T", "(x.T)^2", "x.T^2", "((x^2).T)^2", "(x.T + 1).T^2"])
def test_what_is_transposed_is_raised_in_parentheses(written: str) -> None:
    """LaTeX takes one exponent a base: the page had no answer to ``x.T.T``."""
    graph = parse(f"x = [[1, 2], [3, 4]]; {written}")
    assert r"^{T}\right)^{" in tex(graph)[-1] or r"\right)^{T}\right)^{2}" in tex(graph)[-1]
    assert ET.fromstring(mathml(graph)[-1]) is not None
    assert canonical(parse(source(graph))) == canonical(graph)


@pytest.mark.parametrize(
    ("program", "equations"),
    [
        (
            "x = [1, 2]; 2x * (x+1)",
            [r"x = \begin{bmatrix} 1 \\ 2 \end{bmatrix}", r"e = 2  x \odot \left(x + 1\right)"],
        ),
        (
            "W = [[1, 2], [3, 4]]; W @ [5, 6]",
            [
                r"W = \begin{bmatrix} 1 & 2 \\ 3 & 4 \end{bmatrix}",
                r"b = W \, \begin{bmatrix} 5 \\ 6 \end{bmatrix}",
            ],
        ),
        (
            "[1, 2, 3, 4, 5]^2",
            [r"c = \begin{bmatrix} 1 \\ 2 \\ 3 \\ 4 \\ 5 \end{bmatrix}^{2}"],
        ),
        (
            "W = [[1, 2]]; softmax(3W)",
            [r"W = \begin{bmatrix} 1 & 2 \end{bmatrix}", r"c = \operatorname{softmax}\left(3  W\right)"],
        ),
        (
            "W = [[1, 2]]; softmax(W, axis=0)",
            [
                r"W = \begin{bmatrix} 1 & 2 \end{bmatrix}",
                r"a = \operatorname{softmax}\left(W, \text{axis=0}\right)",
            ],
        ),
    ],
)
def test_tex_of_tensors(program: str, equations: list[str]) -> None:
    assert tex(parse(program)) == equations


@pytest.mark.parametrize(
    "program",
    [
        "u = [1, 2]\nv = [3, 4]\nu * v",
        "W = [[1, 2], [3, 4]]\nx = [5, 6]\ntanh(W @ x) * x",
        "x = [1, 2, 3, 4, 5, 6]\nexp(2 * x) / x - x^2",
    ],
)
def test_tensors_in_latex_are_read_back(program: str) -> None:
    """A vector stands as a column: as a row it would be a matrix, and u · v one number."""
    read = gb.parse(r" \\ ".join(tex(parse(program))), dialect="latex")
    wanted = gb.parse(program)
    assert read.evaluate().gradient.keys() == wanted.evaluate().gradient.keys()
    for name, gradient in wanted.evaluate().gradient.items():
        assert np.array_equal(read.evaluate().gradient[name], gradient)


def test_products_of_tensors_in_labels() -> None:
    graph = parse("x = [1, 2]; y = [3, 4]; 2 * x ⊙ y")
    assert [label(graph, at) for at in range(5)][3:] == ["b = a · x  [2]", "c = b ⊙ y  [2]"]
    assert label(parse("x ⊙ y"), 2) == "c = a · b"


def test_tex_of_names() -> None:
    assert [tex_name(name) for name in ("x", "w_1_2", "theta_0", "α", "ab3")] == [
        *("x", "w_{1,2}", r"\theta _{0}", "α", r"\mathrm{ab}_{3}")
    ]


@settings(max_examples=40)
@given(programs(), st.sampled_from(VIEWS))
@example("2e3^x", "tree")
@example("√√x^y^-1", "tree")
@example("square(exp(x))²", "tree")
def test_mathml_is_well_formed(program: str, view: str) -> None:
    graph = parse(program, view)
    for equation, markup in zip(tex(graph), mathml(graph), strict=True):
        assert equation.count("{") == equation.count("}")
        root = ET.fromstring(markup)
        assert root.tag == f"{MATH}math"
        assert root.get("display") == "block"
        assert not list(root.iter(f"{MATH}merror"))


@pytest.mark.parametrize("op", ROWS, ids=lambda op: op.name)
def test_every_row_in_every_notation(op: Any) -> None:
    graph = row_graph(op, 6 if op.variadic else None)
    at = len(graph.nodes) - 1
    assert all(f"a{arg}" in text(graph, at) for arg in range(at))
    assert canonical(parse(source(graph))) == canonical(graph)
    assert "a0" in label(graph, at)
    assert "{x}" not in tex(graph)[-1]
    assert ET.fromstring(mathml(graph)[-1]) is not None


def test_a_call_is_written_whole_unless_it_goes_on_for_lines() -> None:
    names = [f"x{number}" for number in range(13)]
    graph = parse(f"max({', '.join(names[:12])})")
    assert label(graph, len(graph.nodes) - 1) == "m = max(a, b, c, d, e, f, g, h, i, j, k, l)"
    graph = parse(f"max({', '.join(names)})")
    assert label(graph, len(graph.nodes) - 1) == "n = max(a, b, … 10 more, m)"


def test_text_and_label() -> None:
    graph = parse("(4*x+1)^2 - max(x, y, 1, 2, x) / -y")
    written = {node.op: (text(graph, at), label(graph, at)) for at, node in enumerate(graph.nodes)}
    assert written[CONST][0] == "2"
    assert written["mul"] == ("a * b", "c = a · b")
    assert written["add"] == ("c + d", "e = c + d")
    assert written["pow"] == ("e^f", "g = e ^ f")
    assert written["max"] == ("max(h, i, j, k, l)", "m = max(h, i, j, k, l)")
    assert written["neg"] == ("-n", "o = −n")
    assert written["div"] == ("m / o", "p = m / o")
    assert written["sub"] == ("g - p", "q = g − p")
    assert label(graph, 0) == "a = 4"


def test_text_has_no_row_names_that_the_language_lacks() -> None:
    for op in ROWS:
        graph = row_graph(op)
        assert OPS[parse(source(graph)).output.op] is op
