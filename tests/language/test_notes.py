"""What a reader may take for something else is told, with a text for it; what can not be meant is refused."""

import pytest

import graphviz_backprop as gb
from graphviz_backprop.document import document
from graphviz_backprop.language.expand import expand
from graphviz_backprop.language.graph import Graph
from graphviz_backprop.language.notes import rewritten
from graphviz_backprop.language.parser import parse
from graphviz_backprop.language.printers import source


def applied(graph: Graph) -> str:
    """The text with the note's replacement put in."""
    (note,) = graph.notes
    return rewritten(graph.text, note)


@pytest.mark.parametrize(
    ("program", "message", "meant"),
    [
        ("xy", "xy is one variable; for a product write x y", "x * y"),
        ("2xy + xy", "xy is one variable; for a product write x y", "2 * x * y + x * y"),
        ("xyz", "xyz is one variable; for a product write x y z", "x * y * z"),
        ("xe^x", "xe is one variable; for a product write x e", "x * e^x"),
        ("wx+b", "wx is one variable; for a product write w x", "w * x + b"),
        ("w₁x₁+b", "w1x1 is one variable; for a product write w1 x1", "w1 * x1 + b"),
        ("θ₀+θ₁x", "θ1x is one variable; for a product write θ1 x", "θ0 + θ1 * x"),
        ("y - λx", "λx is one variable; for a product write λ x", "y - λ * x"),
        ("αβx^2", "αβx is one variable; for a product write α β x", "α * β * x^2"),
        ("x_1y", "x_1y is one variable; for a product write x_1 y", "x_1 * y"),
        ("3(a+bc)", "bc is one variable; for a product write b c", "3 * (a + b * c)"),
        ("1/xy", "xy is one variable; for a product write x y", "1 / (x * y)"),
        ("e^xy", "xy is one variable; for a product write x y", "e^(x * y)"),
        ("pi2", "pi2 is one variable; for a product write pi * 2", "pi * 2"),
        ("2pir", "pir is one variable; for a product write pi * r", "2 * pi * r"),
        ("E^x", "E is a variable; the constant is e", "e^x"),
        ("2PI", "PI is a variable; the constant is pi", "2 * pi"),
        ("3x2+2x+1", "x2 is one variable; for a power write x^2", "3 * x^2 + 2 * x + 1"),
        ("πr2", "r2 is one variable; for a power write r^2", "π * r^2"),
        ("√x²", "√x² is the power of a root; for the root of the power write √(x²)", "sqrt(x^2)"),
        ("sin x/2", "this is sin(x/2); for sin of x alone write sin(x)", "sin(x) / 2"),
        ("sin 2x*y", "this is sin(2x*y); for sin of 2x alone write sin(2x)", "sin(2 * x) * y"),
        ("log(0,5)", "0,5 are two numbers; for one write 0.5", "log(0.5)"),
        ("1/2x", "1/2x is 1/2 times x; for 2x below the line write 1/(2x)", "1 / (2 * x)"),
        ("a/b c", "a/b c is a/b times c; for b c below the line write a/(b c)", "a / (b * c)"),
        ("x/2y z", "x/2y z is x/2 times y z; for 2y z below the line write x/(2y z)", "x / (2 * y * z)"),
        (
            "exp(-x^2/2σ²)",
            "-x^2/2σ² is -x^2/2 times σ²; for 2σ² below the line write -x^2/(2σ²)",
            "exp(-x^2 / (2 * σ^2))",
        ),
        ("x^1/2", "x^1/2 is x^1 over 2; for the root write x^(1/2)", "x^(1 / 2)"),
        (
            "3(x+1)^-1/2",
            "(x+1)^-1/2 is (x+1)^-1 over 2; for the root write (x+1)^(-1/2)",
            "3 * (x + 1)^(-1 / 2)",
        ),
        ("e^2x", "e^2x is e^2 times x; for the other write e^(2x)", "e^(2 * x)"),
        ("3*e^-2t", "e^-2t is e^-2 times t; for the other write e^(-2t)", "3 * e^(-2 * t)"),
        ("e^-k t", "e^-k t is e^-k times t; for the other write e^(-k t)", "e^(-k * t)"),
        ("e^-kt", "kt is one variable; for a product write k t", "e^-(k * t)"),
        ("w^T x", "T is a variable here, and w^T a power; a number needs no ᵀ: write w", "w * x"),
        ("w^Tx + b", "Tx is a variable here, and w^Tx a power; a number needs no ᵀ: write w x", "w * x + b"),
        ("x <- 2; y = x^2", "x <- 2 is a comparison, 1 or 0; for a value write x = 2", "x = 2\ny = x^2"),
        ("2x10^3 y", "x10 is one variable; for times 10 write * 10", "2 * 10^3 * y"),
        ("x/ln2", "ln2 is one variable; for the function write ln(2)", "x / log(2)"),
    ],
)
def test_the_other_reading(program: str, message: str, meant: str) -> None:
    graph = parse(program)
    assert [note.message for note in graph.notes] == [message]
    assert source(parse(applied(graph))) == meant
    assert not parse(applied(graph)).notes


A, B = "A = [[1, 2], [3, 4]]", "B = [[0, 1], [2, 5]]"
U, V = "u = [1, 2, 3]", "v = [4, 5, 6]"


@pytest.mark.parametrize(
    ("program", "message", "value"),
    [
        (f"{U}; {V}; u·v", "· multiplies cell by cell here, as * does; for the dot product write u @ v", 32),
        (
            f"{U}; {V}; 2 × (u · v)",
            "· multiplies cell by cell here, as * does; for the dot product write u @ v",
            64,
        ),
        (
            f"{A}; {B}; sum(A · B)",
            "· multiplies cell by cell here, as * does; for the product of rows and columns write A @ B",
            4 + 11 + 8 + 23,
        ),
        ("x = [3, 4]; |x|", "|x| is the absolute value of each cell; for the length write norm(x)", 5),
        ("x = [3, 4]; ||x||^2", "||x|| is the absolute value of each cell; for the length write norm(x)", 25),
        (f"{A}; b = [5, 6]; sum(Ab + 1)", "Ab is one variable, a number; for the product write A @ b", 58),
        (
            "x = [3, 4]; 2x_2",
            "x_2 is a variable of its own, a number; for the cell of x write x[1], counted from 0",
            8,
        ),
        (
            f"{A}; A21 + 1",
            "A21 is a variable of its own, a number; for the cell of A write A[1, 0], counted from 0",
            4,
        ),
    ],
)
def test_tensors_as_they_are_written_on_paper(program: str, message: str, value: float) -> None:
    (note,) = parse(program).notes
    assert note.message == message
    meant = gb.parse(rewritten(program, note))
    assert meant.notes == ()
    assert float(meant.evaluate().value) == pytest.approx(value, rel=1e-12)


@pytest.mark.parametrize(
    "program",
    [
        f"{U}; {V}; u * v",
        f"{U}; 2 · u",
        f"{A}; {U}; |A[0, 0]| + u[0]",
        f"{A}; x1 = 2; x1 A",
        "x = [1, 2]; x_3",
    ],
)
def test_tensors_that_are_plain_have_no_note(program: str) -> None:
    assert parse(program).notes == ()


def test_a_product_that_looks_like_a_call() -> None:
    (note,) = parse("f(x+1)").notes
    assert note.message.startswith("f is no function here, so f(x+1) is a product")
    assert source(parse(applied(parse("f(x+1)")))) == "f * (x + 1)"
    assert not parse("f(x) = x^2; f(x + 1)").notes
    assert not parse("f = 2; f(x + 1)").notes
    assert not parse("a(x+1)").notes
    for call in ("p(x)", "Φ(x + 1)", "h_θ(x)", "x(t)"):
        (note,) = parse(call).notes
        name = call.partition("(")[0]
        assert note.message.startswith(f"{name} is no function here, so {call} is a product; define {name}(")
        defined = note.message.partition("define ")[2].partition("…")[0] + "2"
        assert not parse(f"{defined}; {call}").notes


@pytest.mark.parametrize(
    "program",
    [
        "(4*x+1)^2",
        "(sigmoid(w*x + b) - y)^2",
        "x1w1 = x1*w1; x2w2 = x2*w2; n = x1w1 + x2w2",
        "loss = (w1*x1 + w2*x2 - y)^2",
        "alpha*mu + lr*out - eps*err + raw",
        "z2_1 = w2_11*x1 + b2_1; (z2_1 - y1)^2",
        "sin 2x + sin(x)/2 + sin x cos y",
        "√(x²) + √(x)²",
        "xy = x*y; xy + 1",
        "dx^2 + x2 + x1",
        "δx + δy*η + σ_x",
        "1/2 (y - a)^2 + 1/2 m v^2 + 1/2*x + (x/2)y + x/(2y)",
        "e^x y + e^x sin x + e^(2)x + x⁻¹/2 + x^2/2 + x^(1/2)",
        "(1 + r)^T + x/T + e^T",
        "x < -2",
    ],
)
def test_what_is_plain_has_no_note(program: str) -> None:
    assert parse(program).notes == ()


@pytest.mark.parametrize(
    ("program", "hint", "place"),
    [
        ("1 + sinx", "write sin(x)", (4, 8)),
        ("lnx", "write ln(x)", (0, 3)),
        ("sin2x", "write sin(2x)", (0, 5)),
        ("sinhx", "write sinh(x)", (0, 5)),
        ("log2x", "write log2(x)", (0, 5)),
        ("d/dx x^3", "write the expression alone: its gradient by x stands beside it", (0, 4)),
        ("L = x^2; dL/dx", "write L alone: its gradient by x stands beside it", (9, 14)),
        ("return x**2", "write the expression alone", (0, 6)),
        ("import math", "write the expression alone", (0, 6)),
        ("x^2 for x", "write the expression alone", (4, 7)),
        ("True + x", "write the expression alone", (0, 4)),
        ("derivative of x^2", "write the expression alone", (11, 13)),
        ("log_10 x", "write log10(x)", (0, 6)),
        ("log_b x", "write log(x, b)", (0, 5)),
        ("2 + 0x10", "write 16", (5, 8)),
    ],
)
def test_what_can_not_be_meant_is_refused(program: str, hint: str, place: tuple[int, int]) -> None:
    with pytest.raises(gb.ExpressionError) as caught:
        parse(program)
    assert (caught.value.hint, (caught.value.start, caught.value.end)) == (hint, place)


def test_a_program_may_name_its_own() -> None:
    assert parse("sinx = sin(x); d = x; dx = 2; d/dx + sinx + tanh1").notes == ()


def test_what_is_given_a_value_is_meant_so() -> None:
    assert parse("T = 2; e = 3; w^T x").notes == ()
    assert parse("lg = log(x); lg y").notes == ()


def test_notes_are_in_the_api_and_stay_when_nodes_are_opened() -> None:
    graph = expand(gb.parse("sigmoid(xy)"))
    (note,) = graph.notes
    assert note.places == ((8, 10),)
    listed = document(graph, gb.parse("sigmoid(xy)").expand().evaluate(xy=1))["notes"]
    assert listed == [
        {
            "message": "xy is one variable; for a product write x y",
            "start": 8,
            "end": 10,
            "replacement": "x y",
            "places": [[8, 10]],
        }
    ]
