"""LaTeX is read as it is printed: against the formulas in mpmath, and against our own printer."""

import contextlib
from collections.abc import Callable
from typing import Any

import mpmath
import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import graphviz_backprop as gb
from graphviz_backprop.engine import autodiff
from graphviz_backprop.language import parser, printers
from graphviz_backprop.language.errors import ExpressionError
from graphviz_backprop.language.ops import OPS
from graphviz_backprop.language.pasted.reading import parse
from tests.support.programs import ROWS, points, programs
from tests.support.same import alike, canonical

mp = mpmath.mp.clone()
mp.dps = 30

LEFT_TO_THE_LETTER = [op for op in ROWS if op.name not in ("log_base", "square")]  # printed as others are


@pytest.mark.parametrize(
    ("text", "program", "formula"),
    [
        (r"\frac{1}{1+e^{-x}}", "1 / (1 + e^-x)", lambda x: 1 / (1 + mp.exp(-x))),
        (r"\sqrt[3]{x}", "cbrt(x)", lambda x: mp.cbrt(x)),
        (r"\sqrt[4]{x + 1}", "(x + 1)^(1 / 4)", lambda x: mp.root(x + 1, 4)),
        (r"\left(4x+1\right)^{2}", "(4 * x + 1)^2", lambda x: (4 * x + 1) ** 2),
        (r"\log_2 x", "log2(x)", lambda x: mp.log(x, 2)),
        (r"\operatorname{loss} = x^2 \\ \operatorname{loss} + 1", "loss = x^2\nloss + 1", lambda x: x**2 + 1),
        (r"\log_{10}(x)", "log10(x)", lambda x: mp.log(x, 10)),
        (r"\log_{x+2} x", "log(x, x + 2)", lambda x: mp.log(x) / mp.log(x + 2)),
        (r"\ln x \cdot x", "ln(x) * x", lambda x: x * mp.log(x)),
        (r"\sin 2x \cos x", "sin(2 * x) * cos(x)", lambda x: mp.sin(2 * x) * mp.cos(x)),
        (r"\sin^2 x + \cos^{2}(x)", "sin(x)^2 + cos(x)^2", lambda x: mp.sin(x) ** 2 + mp.cos(x) ** 2),
        (r"$\exp\left(-x^2\right)$", "exp(-x^2)", lambda x: mp.exp(-(x**2))),
        (r"\frac12x^2", "1 / 2 * x^2", lambda x: x**2 / 2),
        (r"x^\frac{1}{2}x", "x^(1 / 2) * x", lambda x: mp.sqrt(x) * x),
        (r"\left|x - 3\right| |x|", "abs(x - 3) * abs(x)", lambda x: abs(x - 3) * abs(x)),
        (r"2 \cdot 10^{-3}\,x", "2e-3 * x", lambda x: 2 * x / 1000),
        (r"5/2 \cdot 10^{3}\,x", "5 / 2 * 10^3 * x", lambda x: 2500 * x),
        (r"\pi x^{2}", "pi * x^2", lambda x: mp.pi * x**2),
        (r"\frac{1}{1+exp(-x)}", "1 / (1 + exp(-x))", lambda x: 1 / (1 + mp.exp(-x))),
        (r"\mathrm{relu}(x) \times \operatorname{Softplus}\left[x\right]", "relu(x) * softplus(x)",
         lambda x: x * mp.log1p(mp.exp(x))),
        (r"\max\left\{0, x\right\} + \min(x, 2)", "max(0, x) + min(x, 2)", lambda x: x + min(x, 2)),
        (r"{x^2}^{3}", "(x^2)^3", lambda x: x**6),
        (r"\begin{align*} u &= x^2 \\ y &= 3u + u^{2} \end{align*}", "u = x^2\ny = 3 * u + u^2",
         lambda x: 3 * x**2 + x**4),
        ("Let $u = x^2$ and then $y = u x$.", "u = x^2\ny = u * x", lambda x: x**3),
        ("u = x^{2}\nv = 3\n  u", "u = x^2\nv = 3 * u", lambda x: 3 * x**2),
        (r"f(t) = t^{2} \\ f(3x)", "f(t) = t^2\nf(3 * x)", lambda x: 9 * x**2),
        (r"\text{Sigmoid}(x) = \frac{1}{1 + \exp(-x)}", "sigmoid(x) = 1 / (1 + exp(-x))",
         lambda x: 1 / (1 + mp.exp(-x))),
    ],
)  # fmt: skip
def test_formulas(text: str, program: str, formula: Callable[[Any], Any]) -> None:
    graph = parse(text)
    assert graph.pasted is not None
    assert graph.pasted.dialect == "latex"
    assert graph.pasted.program == program
    for at in (0.7, 2.3):
        run = autodiff.compile(graph)({"x": at}, 1.0)
        assert run.value == pytest.approx(float(formula(mp.mpf(at))), rel=1e-12)
        assert run.gradient["x"] == pytest.approx(float(mp.diff(formula, mp.mpf(at))), rel=1e-9)


@pytest.mark.parametrize(
    ("text", "program"),
    [
        (r"\sigma(w x + b)", "sigmoid(w * x + b)"),
        (r"\sigma^2 + \mu", "sigma^2 + mu"),
        (r"w_{12} x_1 + \theta_0", "w_12 * x_1 + theta_0"),
        (r"w_{1,2} + y_{\text{true}}", "w_1_2 + y_true"),
        (r"w_{13}^{(2)} a^{(1)}", "w2_13 * a1"),
        (r"w_{13}^{[2]} a^{[1]} + b^{[2]}", "w2_13 * a1 + b2"),
        (r"\hat{y} - \mathbf{x}", "y_hat - x"),
        (r"\lambda \alpha", "λ * alpha"),
        (r"x \ge y", "x >= y"),
        (r"-\frac{1}{2}(y-\hat y)^2", "-(1 / 2) * (y - y_hat)^2"),
        (r"a(x+1)^{2} + n(n-1)/2", "a * (x + 1)^2 + n * (n - 1) / 2"),
        (r"1/2 m v^2 + 1/2(x+1) + x/(2y)z", "1 / 2 * m * v^2 + 1 / 2 * (x + 1) + x / (2 * y) * z"),
        (r"x^{1/2}y + (x/2)y + x/2 \cdot y", "x^(1 / 2) * y + x / 2 * y + x / 2 * y"),
        (r"(1+r)^T + \gamma^{T}", "(1 + r)^T + gamma^T"),
        (r"e^{(2)} x + e^{(-x)}", "e^2 * x + e^-x"),
        (r"e^{(2)} = y - a \\ e^{(2)} x", "e2 = y - a\ne2 * x"),
        (r"p(x) = x^2 \\ p(x) p(t)", "p(x) = x^2\np(x) * p(t)"),
        (r"a_{i}, ", "a_i"),
    ],
)
def test_names(text: str, program: str) -> None:
    graph = parse(text, dialect="latex")
    assert graph.pasted is not None
    assert graph.pasted.program == program


UNEVEN = r"\begin{pmatrix} 1 & 2 \\ 3 \end{pmatrix}"
X = r"x = \begin{pmatrix} 1 \\ 2 \end{pmatrix} \\ "


@pytest.mark.parametrize(
    ("text", "place", "message"),
    [
        (r"\frac{d}{dx} x^2", r"\frac{d}{dx}", "this is a derivative"),
        (r"1 + \frac{\partial L}{\partial w_1}", r"\frac{\partial L}{\partial w_1}", "this is a derivative"),
        (r"\sum_i x_i", r"\sum", r"\sum can't be read here"),
        (r"\sin^{-1} x", r"\sin^{-1", "sin^-1 can mean two things"),
        (r"x^{2}3", "3", "there is no operator before 3"),
        (r"\cdot x^23", "23", "only the first digit is raised here"),
        (r"x^{2}^{3}", "^", "one power stands behind another"),
        (r"e^-x^{2}", "^", "one power stands behind another"),
        (r"\left(x", "(", "this is never closed"),
        (r"x^{", "{", "this is never closed"),
        (r"\frac{1}", r"\frac", "something is missing behind this"),
        (r"\loss", r"\loss", r"\loss is not understood"),
        (r"loss^{2}", "loss", "loss is a product of letters in LaTeX"),
        (r"sinx^{2}", "sinx", "sinx is a product of letters in LaTeX"),
        (r"y &= x^{2} \\ &= 3", "=", "this line has no name before its ="),
        (r"\begin{vmatrix} 1 \end{vmatrix}", r"\begin", "this environment can't be read here"),
        (UNEVEN, UNEVEN, "rows of 2 and 1 cells make no matrix"),
        (r"\begin{pmatrix} 1 & \\ 3 & 4 \end{pmatrix}", r"\\", "a cell is empty"),
        (r"\begin{pmatrix} 1 & 2", r"\begin", "this is never closed"),
        (r"1 \end{pmatrix}", r"\end", "end stands in no matrix"),
        (X + r"x x^T", "x^T", "a column times a row is an outer product"),
        (X + r"x \times x", r"\times", "between tensors this is a cross"),
        (X + r"z = 2x \\ z z", "z z", "two tensors side by side"),
        (X + r"z = 2x \\ z \cdot z", r"z \cdot z", "two tensors side"),
        (r"\|x\|^2", r"\|", "this is the length of a tensor"),
        (X + r"\|x\|_1", r"\|", "only the norm 2"),
        (r"90^\circ", r"\circ", r"\circ can't be read here"),
        (r"1 + \operatorname{floor}(x)", r"\operatorname{floor}", "floor is not a function"),
        (X + r"x[1]", "[", "an index is not read in LaTeX"),
        (r"A = \begin{pmatrix} 1 & 2 \\ 3 & 4 \end{pmatrix} \\ 2 A[0, 1]", "[", "an index is not read"),
        (r"2 \operatorname{sech} x", r"\operatorname{sech}", "sech is not a function"),
        (r"e^{-x^2/2\sigma^2}", r"\sigma", "this factor may stand below the line or behind it"),
        ("1/2x^{2}", "x", "this factor may stand below"),
        ("x^{2}/y z", "z", "this factor may stand below"),
        (r"2 f(x+1)", "f", "f is no function here"),
        (r"p(x) \log 2", "p", "p is no function here"),
        (r"(h_\theta(x) - y)^2", r"h_\theta", "h_theta is no function here"),
        (r"\Phi\left(\frac{x}{2}\right)", r"\Phi", "Phi is no function here"),
        (r"w^T x + b", "w^", "a number has no transpose"),
        (r"w^{T}x", "w^", "a number has no transpose"),
        (r"3\frac{1}{2}x", r"\frac", "a number before a fraction can mean two things"),
        (r"3\frac12", r"\frac", "a number before a fraction can mean two things"),
        (r"\operatorname{sinc} \frac{x}{2}", r"\operatorname{sinc}", "sinc is not a function"),
    ],
)  # fmt: skip
def test_what_it_cannot_be_is_said_at_its_place(text: str, place: str, message: str) -> None:
    with pytest.raises(ExpressionError) as refusal:
        parse(text, dialect="latex")
    error = refusal.value
    assert error.message.startswith(message)
    assert text[error.start : error.end] == place


@settings(max_examples=50)
@given(st.data())
def test_what_we_print_is_read_as_the_same_graph(data: st.DataObject) -> None:
    program = data.draw(programs(functions=False, rows=LEFT_TO_THE_LETTER))
    assume("10" not in program)  # 2 · 10² is the number 200
    graph = parser.parse(program)
    again = parse(r" \\ ".join(printers.tex(graph)), dialect="latex")
    assert canonical(again) == canonical(graph)


@settings(max_examples=50)
@given(st.data())
def test_what_we_print_gives_the_same_numbers(data: st.DataObject) -> None:
    graph = parser.parse(data.draw(programs()), data.draw(st.sampled_from(["tree", "graph"])))
    at = data.draw(points(graph))
    again = parse(r" \\ ".join(printers.tex(graph)), graph.view, dialect="latex")
    begun = {**again.start, **at}  # a constant that is used twice is printed as a statement
    assert alike(autodiff.compile(graph)(at, 1.0), autodiff.compile(again)(begun, 1.0))


def test_rows_are_printed_as_they_are_read() -> None:
    for op in OPS.values():
        names = [f"({name} + 1)" for name in ("x", "y", "z")[: len(op.arguments) if not op.variadic else 3]]
        call = f"{op.names[0]}({', '.join(names)})" if op.names else ""
        if not call:
            continue
        graph = parser.parse(call)
        at = {"x": 0.3, "y": 0.4, "z": 0.6}
        at = {name: at[name] for name in graph.variables}
        again = parse(printers.tex(graph)[-1], dialect="latex")
        assert alike(autodiff.compile(graph)(at, 1.0), autodiff.compile(again)(at, 1.0)), call


@pytest.mark.parametrize(
    "text",
    [
        r"\sqrt{" * 20_000 + "x" + "}" * 20_000,
        r"\frac" * 20_000 + "x",
        r"\sin" * 20_000 + " x",
        "{" * 20_000 + "x" + "}" * 20_000,
        "x^" * 20_000 + "x",
        r"\left(" * 20_000,
    ],
)
def test_nesting_has_no_depth_that_breaks_it(text: str) -> None:
    with contextlib.suppress(ExpressionError):
        assert parse(text, dialect="latex").variables == ("x",)


W = r"W = \begin{bmatrix}1&2\\3&4\end{bmatrix} \\ x = \begin{bmatrix}5\\6\end{bmatrix} \\ "


@pytest.mark.parametrize(
    ("text", "last", "value"),
    [
        (W + r"z = W x", "z = W @ x", [17, 39]),
        (W + r"\mathbf{x}^\top \mathbf{W} \mathbf{x}", "x @ W @ x", 319),
        (W + r"x^{T}W^Tx", "x @ W.T @ x", 319),
        (W + r"\frac{1}{2} x \cdot x", "1 / 2 * x @ x", 30.5),
        (W + r"W \odot W + 1", "W * W + 1", [[2, 5], [10, 17]]),
        (W + r"\| W x \|_2^2", "norm(W @ x)^2", 1810),
        (
            W + r"2 \left\| W x - 1 \right\|^2 + \lVert x \rVert",
            "2 * norm(W @ x - 1)^2 + norm(x)",
            3400 + 61**0.5,
        ),
        (W + r"\operatorname{sum}(2 x (1 + 1))", "sum(2 * x * (1 + 1))", 44),
        (W + r"z = W x \\ b = \begin{pmatrix} 1 & -1 \end{pmatrix}^T \\ z + b", "z + b", [18, 38]),
        (
            r"A = \left(\begin{array}{cc} 1 & 2 \\ 3 & 4 \end{array}\right) \\ A^T A",
            "A.T @ A",
            [[10, 14], [14, 20]],
        ),
        (
            r"\begin{bmatrix} \frac{1}{2} & 2^2 \\ -\sqrt{9} & 1 \end{bmatrix}",
            "[[1 / 2, 2^2], [-sqrt(9), 1]]",
            [[0.5, 4], [-3, 1]],
        ),
        (
            r"\begin{align} W &= \begin{bmatrix}1&2\\3&4\end{bmatrix} \\ "
            r"y &= W\begin{bmatrix}1\\2\end{bmatrix} \end{align}",
            "y = W @ [1, 2]",
            [5, 11],
        ),
        (r"x = 3 \\ T = 2 \\ x^T", "x^T", 9),
    ],
)
def test_matrices(text: str, last: str, value: object) -> None:
    graph = gb.parse(text)
    assert graph.pasted is not None
    assert graph.pasted.program.splitlines()[-1] == last
    np.testing.assert_allclose(graph.evaluate().value, value, rtol=1e-12)


@pytest.mark.parametrize(
    "text",
    [
        r"\operatorname{ones}(2, 2) \operatorname{ones}(2, 2)",
        r"\operatorname{sum}(\operatorname{broadcast}(x, (2, 2)) \operatorname{broadcast}(y, (2, 2)))",
        r"A = \operatorname{ones}(2, 2) \\ A A",
        W + r"\operatorname{relu}(W) \cdot \operatorname{relu}(W)",
        W + r"W \cdot \operatorname{ones}(2, 2)",
    ],
)
def test_of_tensors_that_functions_make_the_product_is_asked_for(text: str) -> None:
    """Side by side, or with a dot, rows times columns are meant on paper; it was cell by cell."""
    with pytest.raises(gb.ExpressionError, match="two tensors side by side can mean two products"):
        gb.parse(text)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        (r"2 \operatorname{ones}(2) \cdot 3", [6, 6]),
        (r"\operatorname{norm}(\operatorname{ones}(9)) \cdot \operatorname{norm}(\operatorname{ones}(4))", 6),
        (r"\operatorname{ones}(2, 2) \odot \operatorname{ones}(2, 2)", [[1, 1], [1, 1]]),
        (W + r"\operatorname{relu}(W) \cdot x", [17, 39]),
    ],
)
def test_beside_functions_of_tensors_numbers_multiply(text: str, value: object) -> None:
    np.testing.assert_allclose(gb.parse(text).evaluate().value, value, rtol=1e-12)
