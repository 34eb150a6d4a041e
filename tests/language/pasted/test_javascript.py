"""JavaScript is read as it would compute, and never run."""

import math

import pytest

from graphviz_backprop.engine import autodiff
from graphviz_backprop.language.errors import ExpressionError
from graphviz_backprop.language.pasted.reading import parse

# https://karpathy.github.io/neuralnets, as it stands.
CIRCUIT = """\
var forwardMultiplyGate = function(a, b) {
  return a * b;
};
var forwardAddGate = function(a, b) {
  return a + b;
};
var forwardCircuit = function(x,y,z) {
  var q = forwardAddGate(x, y);
  var f = forwardMultiplyGate(q, z);
  return f;
};
"""


@pytest.mark.parametrize(
    ("text", "program", "value", "gradient"),
    [
        ("Math.exp(-x**2)", "exp(-x^2)", math.exp(-4), -4 * math.exp(-4)),
        (
            "let z = 3*x; // before\nlet y = Math.sin(z);",
            "z = 3 * x\ny = sin(z)",
            math.sin(6),
            3 * math.cos(6),
        ),
        ("const f = (t) => t ** 2 + 1; f(3*x)", "f(t) = t^2 + 1\nf(3 * x)", 37.0, 36.0),
        ("function f(t) {\n  return Math.pow(t, 3);\n}\nf(x)", "f(t) = pow(t, 3)\nf(x)", 8.0, 12.0),
        ("const f = t => { const y = t*t; return y + t; };\nf(x)", "y = x * x\ny + x", 6.0, 5.0),
        ("x > 0 ? x**2 : -x", "where(x > 0, x^2, -x)", 4.0, 4.0),
        ("x > 3 ? 1 : x > 1 ? 5*x : 0", "where(x > 3, 1, where(x > 1, 5 * x, 0))", 10.0, 5.0),
        ("x > 1 ? x > 3 ? 1 : 2*x : 3*x", "where(x > 1, where(x > 3, 1, 2 * x), 3 * x)", 4.0, 2.0),
        ("Math.max(0, x > 1 ? x : 1) + x", "max(0, where(x > 1, x, 1)) + x", 4.0, 2.0),
        ("let c = x; c *= 3; c += 1;\nc * c", "c_1 = x\nc_2 = c_1 * 3\nc = c_2 + 1\nc * c", 49.0, 42.0),
        ("Math.PI * x /* area */ ** 2", "pi * x^2", math.pi * 4, math.pi * 4),
        ("const y = x *\n  x\n  + x;\ny === 6 ? y : 0", "y = x * x + x\nwhere(y == 6, y, 0)", 6.0, 5.0),
        ("const f = function(t) { return t ** 2 + 1; };\nf(3*x)", "f(t) = t^2 + 1\nf(3 * x)", 37.0, 36.0),
        (
            "var a = 3*x, b = Math.max(a, 1); var c = a * b;",
            "a = 3 * x\nb = max(a, 1)\nc = a * b",
            36.0,
            36.0,
        ),
        (
            "const f = t => { const y = t*t, z = y + t; return z * z; };\nf(x)",
            "y = x * x\nz = y + x\nz * z",
            36.0,
            60.0,
        ),
        (
            CIRCUIT + "var f = forwardCircuit(x, 5, -4);",
            "forwardMultiplyGate(a, b) = a * b\n"
            "forwardAddGate(a, b) = a + b\nz = (-4)\nq = forwardAddGate(x, 5)\n"
            "f_1 = forwardMultiplyGate(q, z)\nf = f_1",
            -28.0,
            -4.0,
        ),
        ("console.log(Math.log(x))", "log(x)", math.log(2), 0.5),
    ],
)
def test_programs(text: str, program: str, value: float, gradient: float) -> None:
    graph = parse(text)
    assert graph.pasted is not None
    assert graph.pasted.dialect == "javascript"
    assert graph.pasted.program == program
    run = autodiff.compile(graph)({"x": 2.0}, 1.0)
    assert run.value == pytest.approx(value, rel=1e-14)
    assert run.gradient["x"] == pytest.approx(gradient, rel=1e-14)


@pytest.mark.parametrize(
    ("text", "place", "message"),
    [
        ("x === 1 ? x ^ 2 : 1", "^", "^ can't be read here"),
        ("x % 2 === 0 ? 1 : 2", "%", "% can't be read here"),
        ("Math.floor(x)", "Math.floor", "floor is not a function here"),
        ("for (let i = 0; i < 3; i++) { x += 1 }", "for", "for can't be read here"),
        ("const a = Math.exp(x", "const a = Math.exp(x", "a bracket is never closed"),
        ("Math.exp(x))", ")", "this ) closes nothing"),
        ("map(x => x)", "=>", "=> can't be read here"),
        ("Math.min(x, Infinity)", "Infinity", "Infinity can't be read here"),
        ("x === 0 ? undefined : 1", "undefined", "undefined can't be read here"),
    ],
)
def test_what_it_cannot_be_is_said_at_its_place(text: str, place: str, message: str) -> None:
    with pytest.raises(ExpressionError) as refusal:
        parse(text)
    assert refusal.value.message.startswith(message)
    assert text[refusal.value.start : refusal.value.end] == place


@pytest.mark.parametrize(
    "text", ["Math.exp(" + "(" * 20_000, "Math.E" + "?1:2" * 20_000, "}" * 20_000 + "=>"]
)
def test_what_is_too_deep_is_refused(text: str) -> None:
    with pytest.raises(ExpressionError):
        parse(text)
