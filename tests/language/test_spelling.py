"""What everybody writes: bars, fractions, functions without parentheses, comparisons, where."""

import math

import pytest

import graphviz_backprop as gb
from graphviz_backprop.language.parser import parse
from graphviz_backprop.language.printers import source

SAME = [
    ("πr²", "π * r^2"),
    ("2πr", "2 * π * r"),
    ("cos(2πx)", "cos(2 * π * x)"),
    ("2𝜋x", "2 * π * x"),
    ("xπ", "x * π"),
    ("|x|", "abs(x)"),
    ("|-5|+2x", "abs(-5) + 2 * x"),
    ("||x| - |y||", "abs(abs(x) - abs(y))"),
    ("2|x|y", "2 * abs(x) * y"),
    ("|x||y|", "abs(x) * abs(y)"),
    ("|x + (|y|)|^2", "abs(x + abs(y))^2"),
    ("√|x|", "sqrt(abs(x))"),
    ("sin x", "sin(x)"),
    ("ln x", "log(x)"),
    ("sin 2x", "sin(2 * x)"),
    ("sin 2πx + 1", "sin(2 * π * x) + 1"),
    ("sin 2x cos y", "sin(2 * x) * cos(y)"),
    ("sin x * cos y", "sin(x) * cos(y)"),
    ("sin x / cos x", "sin(x) / cos(x)"),
    ("sin x/2", "sin(x / 2)"),
    ("sin x^2", "sin(x^2)"),
    ("ln sin x", "log(sin(x))"),
    ("exp -x^2", "exp(-x^2)"),
    ("cos x - sin y", "cos(x) - sin(y)"),
    ("(x+2)(x+5)sin x", "(x + 2) * (x + 5) * sin(x)"),
    ("max(sin x, cos y)", "max(sin(x), cos(y))"),
    ("|sin x|", "abs(sin(x))"),
    ("ln |x| + 1", "log(abs(x)) + 1"),
    ("sin 2(x + 1)", "sin(2 * (x + 1))"),
    ("sin (x + 1) y", "sin(x + 1) * y"),
    ("log2 x", "log2(x)"),
    ("sin²(x)", "sin(x)^2"),
    ("sin^2(x)", "sin(x)^2"),
    ("sin^2 x", "sin(x)^2"),
    ("sin²x + cos²x", "sin(x)^2 + cos(x)^2"),
    ("sin²(x) y", "sin(x)^2 * y"),
    ("sin²(x)^3", "(sin(x)^2)^3"),
    ("tanh**2(x)", "tanh(x)^2"),
    ("½x", "½ * x"),
    ("x^½", "x^½"),
    ("½(x + 1)", "½ * (x + 1)"),
    ("⅓ x", "⅓ * x"),
    ("√x²", "sqrt(x)^2"),
    ("where(x>0, x, 0)", "where(x > 0, x, 0)"),
    ("x ≤ y", "x <= y"),
    ("(x != 1) + (x == 2)", "(x != 1) + (x == 2)"),
    ("x + 1 ≥ 2y", "x + 1 >= 2 * y"),
    ("y = x < 1; 2 y", "y = x < 1\n2 * y"),
    ("pow(x, 2)", "x^2"),
    ("clip(x, 0, 1)", "clamp(x, 0, 1)"),
    ("maximum(x, y)", "max(x, y)"),
    ("step = 2; step x", "step = 2\nstep * x"),
    ("f(log) = 2log log; f(x)", "a = x\n2 * a * a"),
    ("σ x", "σ * x"),
]


@pytest.mark.parametrize(("text", "wanted"), SAME)
@pytest.mark.parametrize("view", ["tree", "graph"])
def test_it_is_what_it_looks_like(text: str, wanted: str, view: str) -> None:
    graph = parse(text, view)
    again = parse(source(graph), view)
    if view == "tree":
        assert source(graph) == wanted
    assert source(again) == source(graph)


@pytest.mark.parametrize(
    ("text", "at", "value", "gradient"),
    [
        ("2πr", {"r": 3}, 6 * math.pi, {"r": 2 * math.pi}),
        ("|x|", {"x": -2}, 2, {"x": -1}),
        ("sin x", {"x": 0}, 0, {"x": 1}),
        ("sin 2x", {"x": 0}, 0, {"x": 2}),
        ("sin²(x)", {"x": 1}, math.sin(1) ** 2, {"x": math.sin(2)}),
        ("½x", {"x": 4}, 2, {"x": 0.5}),
        ("x^½", {"x": 4}, 2, {"x": 0.25}),
        ("√x²", {"x": 9}, 9, {"x": 1}),
        ("where(x > 0, x^2, -x)", {"x": 3}, 9, {"x": 6}),
        ("where(x > 0, x^2, -x)", {"x": -3}, 3, {"x": -1}),
        ("where(x > 0, log(where(x > 0, x, 1)), 0)", {"x": 0}, 0, {"x": 0}),
        ("where(x > 0, log(x), 0)", {"x": 0}, 0, {"x": math.nan}),
        ("where(-2, x, y)", {"x": 3, "y": 4}, 3, {"x": 1, "y": 0}),
        ("(x < 1) * x", {"x": 0.5}, 0.5, {"x": 1}),
        ("x >= 2", {"x": 2}, 1, {"x": 0}),
        ("clamp(x, 0, 1)", {"x": 0.5}, 0.5, {"x": 1}),
        ("mod(x, 3)", {"x": -1}, 2, {"x": 1}),
    ],
)
def test_values_and_gradients(
    text: str, at: dict[str, float], value: float, gradient: dict[str, float]
) -> None:
    run = gb.parse(text).evaluate(at)
    assert run.value == pytest.approx(value, rel=1e-12, abs=1e-15)
    assert run.gradient == pytest.approx(gradient, rel=1e-12, abs=1e-15, nan_ok=True)


def test_spans_of_what_has_no_parentheses() -> None:
    text = "1 + sin²(x) y"
    spans = {node.op: text[slice(*node.span)] for node in parse(text).nodes if node.args}
    assert spans == {"sin": "sin²(x)", "pow": "sin²(x)", "mul": "sin²(x) y", "add": text}
