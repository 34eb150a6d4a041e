"""Python is read as it would compute, and never run."""

from collections.abc import Callable
from typing import Any

import mpmath
import pytest

import graphviz_backprop as gb
from graphviz_backprop.engine import autodiff
from graphviz_backprop.engine.autodiff import Run
from graphviz_backprop.language.errors import ExpressionError
from graphviz_backprop.language.pasted.reading import parse

mp = mpmath.mp.clone()
mp.dps = 30

# https://github.com/karpathy/micrograd, test/test_engine.py, MIT, as it stands.
MICROGRAD = """\
import torch
from micrograd.engine import Value

def test_sanity_check():

    x = Value(-4.0)
    z = 2 * x + 2 + x
    q = z.relu() + z * x
    h = (z * z).relu()
    y = h + q + q * x
    y.backward()
    xmg, ymg = x, y

    x = torch.Tensor([-4.0]).double()
    x.requires_grad = True
    z = 2 * x + 2 + x
    q = z.relu() + z * x
    h = (z * z).relu()
    y = h + q + q * x
    y.backward()
    xpt, ypt = x, y

    # forward pass went well
    assert ymg.data == ypt.data.item()
    # backward pass went well
    assert xmg.grad == xpt.grad.item()

def test_more_ops():

    a = Value(-4.0)
    b = Value(2.0)
    c = a + b
    d = a * b + b**3
    c += c + 1
    c += 1 + c + (-a)
    d += d * 2 + (b + a).relu()
    d += 3 * d + (b - a).relu()
    e = c - d
    f = e**2
    g = f / 2.0
    g += 10.0 / f
    g.backward()
    amg, bmg, gmg = a, b, g

    a = torch.Tensor([-4.0]).double()
    b = torch.Tensor([2.0]).double()
    a.requires_grad = True
    b.requires_grad = True
    c = a + b
    d = a * b + b**3
    c = c + c + 1
    c = c + 1 + c + (-a)
    d = d + d * 2 + (b + a).relu()
    d = d + 3 * d + (b - a).relu()
    e = c - d
    f = e**2
    g = f / 2.0
    g = g + 10.0 / f
    g.backward()
    apt, bpt, gpt = a, b, g

    tol = 1e-6
    # forward pass went well
    assert abs(gmg.data - gpt.data.item()) < tol
    # backward pass went well
    assert abs(amg.grad - apt.grad.item()) < tol
    assert abs(bmg.grad - bpt.grad.item()) < tol
"""
SANITY, MORE_OPS = MICROGRAD.split("def test_more_ops")
MORE_OPS = "def test_more_ops" + MORE_OPS


def started(text: str) -> Run[float]:
    """The run of a pasted text where it lets its variables start."""
    graph = parse(text)
    assert graph.pasted is not None
    assert graph.pasted.dialect == "python"
    return autodiff.compile(graph)({**dict.fromkeys(graph.variables, 1.0), **graph.start}, 1.0)


def test_micrograd_s_sanity_check_as_it_stands() -> None:
    run = started(SANITY)
    assert run.value == -20.0
    assert dict(run.gradient) == {"x": 46.0}


@pytest.mark.parametrize(
    "text",
    [MICROGRAD, MORE_OPS, MORE_OPS[: MORE_OPS.index("amg")], MORE_OPS[MORE_OPS.index("    a = torch") :]],
    ids=["the file", "the test", "with Value", "with torch"],
)
def test_micrograd_s_more_ops_as_it_stands(text: str) -> None:
    run = started(text)
    assert run.value == pytest.approx(24.70408163265306, rel=1e-15)
    assert run.gradient == pytest.approx({"a": 138.83381924198252, "b": 645.5772594752186}, rel=1e-15)


def test_micrograd_s_example_with_its_prints() -> None:
    body = MORE_OPS[MORE_OPS.index("    a = Value") : MORE_OPS.index("    amg")]
    lines = [line.strip() for line in body.splitlines()]
    run = started("\n".join([*lines, "print(f'{g.data:.4f}') # prints 24.7041", "print(f'{a.grad:.4f}')"]))
    assert dict(run.gradient) == pytest.approx({"a": 138.8338, "b": 645.5773}, abs=5e-5)


@pytest.mark.parametrize(
    ("text", "program", "formula"),
    [
        ("np.exp(-x**2)", "exp(-x^2)", lambda x: mp.exp(-(x**2))),
        ("1 / (1 + math.exp(-x))", "1 / (1 + exp(-x))", lambda x: 1 / (1 + mp.exp(-x))),
        ("torch.nn.functional.softplus(x).tanh()", "tanh(softplus(x))",
         lambda x: mp.tanh(mp.log1p(mp.exp(x)))),
        ("x**2 if x > 0 else 0", "where(x > 0, x^2, 0)", lambda x: x**2),
        ("def f(x): return x**2 + 1\nf(f(x))", "f(x) = x^2 + 1\nf(f(x))", lambda x: (x**2 + 1) ** 2 + 1),
        ("f = lambda t: t**2\nf(3*x)", "f(t) = t^2\nf(3 * x)", lambda x: 9 * x**2),
        ("def f(a):\n  b = a*a\n  return b + a\nf(f(x))", "b_1 = x * x\na = b_1 + x\nb = a * a\nb + a",
         lambda x: (x**2 + x) ** 2 + x**2 + x),
        ("def f(a, n=3):\n  return a**n\nf(x) + f(x, n=2)", "x^3 + x^2", lambda x: x**3 + x**2),
        ("y = x\nfor i in range(3):\n    y = y * x + i\n", "y_1 = x\ny_2 = y_1 * x + 0\ny_3 = y_2 * x + 1\n"
         "y = y_3 * x + 2", lambda x: ((x * x) * x + 1) * x + 2),
        ("def loss(x):\n    y = np.sin(x)\n    return y * x", "y = sin(x)\ny * x", lambda x: x * mp.sin(x)),
        ("(0 < x < 5 and not x > 4) * x", "(0 < x) * (x < 5) * ((x > 4) == 0) * x", lambda x: x),
        ("from math import *\nexp(x) * e", "exp(x) * exp(1)", lambda x: mp.exp(x + 1)),
        ("e = x + 1\ne * math.e", "e = x + 1\ne * exp(1)", lambda x: (x + 1) * mp.e),
        ("np.where(x > 0, np.power(x, 3), np.pi)", "where(x > 0, pow(x, 3), pi)", lambda x: x**3),
        ("torch.clamp(x, min=0, max=9)", "clamp(x, 0, 9)", lambda x: x),
        ("np.max([x, 1]) + sum([x, x])", "max(x, 1) + sum(x, x)", lambda x: max(x, 1) + 2 * x),
        ("torch.add(x, 2).mul(3)", "(x + 2) * 3", lambda x: 3 * (x + 2)),
        (">>> y = x**3\n>>> y.sin()\n0.1", "y = x^3\nsin(y)", lambda x: mp.sin(x**3)),
        ("y = x**2\ny.backward()\nprint(x.grad)", "y = x^2", lambda x: x**2),
        ("y = x**2\nz = y.log()\ny.backward()", "y = x^2", lambda x: x**2),
        ("x.exp() - x - 1  # the rest", "exp(x) - x - 1", lambda x: mp.exp(x) - x - 1),
        ("x.exp() - (x - 1) ** -1", "exp(x) - (x - 1)^-1", lambda x: mp.exp(x) - 1 / (x - 1)),
        ("-x.exp() % 2", "mod(-exp(x), 2)", lambda x: -mp.exp(x) - 2 * mp.floor(-mp.exp(x) / 2)),
    ],
)  # fmt: skip
def test_formulas(text: str, program: str, formula: Callable[[Any], Any]) -> None:
    graph = parse(text)
    assert graph.pasted is not None
    assert graph.pasted.program == program
    for at in (0.7, 2.3):
        run = autodiff.compile(graph)({"x": at}, 1.0)
        assert run.value == pytest.approx(float(formula(mp.mpf(at))), rel=1e-12)
        assert run.gradient["x"] == pytest.approx(float(mp.diff(formula, mp.mpf(at))), rel=1e-9, abs=1e-12)


@pytest.mark.parametrize(
    ("text", "gradient"),
    [
        ("x = torch.tensor(2.0, requires_grad=True)\ny = x**2\ny.backward()\nprint(x.grad)", {"x": 4.0}),
        ("x1 = Value(2.0, label='x1'); w1 = Value(-3.0, label='w1')\nn = x1*w1; n.label = 'n'\no = n.tanh()\n"
         "o.grad = 1.0\no._backward()\no.backward()", {"x1": pytest.approx(-7.4e-5, rel=0.01),
                                                        "w1": pytest.approx(4.9e-5, rel=0.01)}),
        ("x = tf.Variable(3.0)\nx * x + np.array([1.0])", {"x": 6.0}),
        ("x: float = 3.0\ny = z = x * x\nnp.sum([y, z])", {"x": 12.0}),
        ("a, b = 2.0, 3.0\na, b = b, a\nc = a.tanh() * 0 + a", {"b": 1.0}),
    ],
)  # fmt: skip
def test_where_its_numbers_start(text: str, gradient: dict[str, float]) -> None:
    found = started(text).gradient
    assert {name: found.get(name, 0.0) for name in gradient} == gradient


CUBE = "x = torch.tensor(2.0, requires_grad=True)\ny = x**3\n"
TWICE = "x = torch.tensor([1., 2., 3.], requires_grad=True)\ny = x * 2\n"


@pytest.mark.parametrize(
    ("text", "gradient"),
    [
        (CUBE + "y.backward(torch.tensor(2.0))", 24),
        (CUBE + "y.backward(torch.tensor(1.0))", 12),
        (CUBE + "y.backward()\nx.grad.zero_()\nz = x**2\nz.backward()", 4),
        (CUBE + "y.backward()\nx.grad = None\nz = x**2\nz.backward()", 4),
        (CUBE + "y.backward()\nfor p in [x]: p.grad = None\n(x**2).backward()", 4),
        (CUBE + "y.backward()\nw = torch.tensor(5.0, requires_grad=True)\nz = w**2\nz.backward()", 0),
        (TWICE + "y.backward(torch.tensor([1.0, 0.1, 0.01]))", [2, 0.2, 0.02]),
        (TWICE + "v = torch.tensor([1.0, 0.1, 0.01])\ny.backward(gradient=v)", [2, 0.2, 0.02]),
        (TWICE + "y.backward(torch.ones_like(y))", [2, 2, 2]),
    ],
)
def test_the_gradient_that_backward_is_given_counts(text: str, gradient: float | list[float]) -> None:
    found = parse(text).pasted
    assert found is not None
    run = gb.parse(found.program).evaluate()
    assert run.gradient.get("x", 0.0) == pytest.approx(gradient, rel=1e-12)


@pytest.mark.parametrize(
    "text",
    [
        CUBE + "y.backward(retain_graph=True)\ny.backward()",
        CUBE + "y.backward()\nz = x**2\nz.backward()",
        "w = Value(1.0)\nfor k in range(2):\n    loss = (w*2 - 1)**2\n    loss.backward()",
        "y = x**2\ny.backward()\nz = x**3\nz.backward()",
    ],
)
def test_gradients_that_add_up_are_refused(text: str) -> None:
    with pytest.raises(ExpressionError, match="backward is called twice, and its gradients add up"):
        parse(text, dialect="python")


def test_a_tape_gives_each_gradient_alone() -> None:
    text = (
        "x = tf.constant(3.0)\nwith tf.GradientTape(persistent=True) as t:\n    t.watch(x)\n"
        "    y = x * x\n    z = y * y\ndz_dx = t.gradient(z, x)\ndy_dx = t.gradient(y, x)"
    )
    assert started(text).gradient == {"x": 6.0}


@pytest.mark.parametrize(
    ("text", "place", "message"),
    [
        ("np.floor(x)", "np.floor", "floor is not a function here"),
        ("f(x).tanh()", "f", "f is not a function here"),
        ("(2^x).tanh()", "2^x", "this operator can't be read here"),
        (
            "torch.arange(3) / x.shape",
            "x.shape",
            "a shape is several numbers, and one of them is meant: x.shape[0] is the first",
        ),
        ("x = 2\ny = x.grad.tanh()", "x.grad", ".grad can't be read here"),
        ("np.exp(e)", "e", "e has no value here"),
        ("import math\nif x > 0:\n    y = 1", "if x > 0:\n    y = 1", "this if can't be read here"),
        ("def f(x):\n  return f(x)\nf(2)", "f(x)", "functions call each other too deeply here"),
        ("def f(x): return x\nf(x, x)", "f(x, x)", "f takes 1 argument"),
        ("é = np.foo(x)", "np.foo", "foo is not a function here"),
        (
            "for i in range(10**9): x += 1",
            "for i in range(10**9): x += 1",
            "only loops over a range are read",
        ),
        ("for i in range(999999): x += 1", "range(999999)", "a loop of more than 1,000 rounds"),
        ("x = np.exp(", "(", "this is not Python: '(' was never closed"),
        ("jax.nn.gelu(x)", "jax.nn.gelu(x)", "JAX's gelu is an approximation"),
        ("def relu(x): return 2*x\ntorch.relu(x)", "torch.relu", "relu means two things here"),
        ("__import__('os').system('true')", "'os'", "this is no number"),
        ("x.tanh() and y", "x.tanh()", "and, or, not stand between comparisons here"),
    ],
)
def test_what_it_cannot_be_is_said_at_its_place(text: str, place: str, message: str) -> None:
    with pytest.raises(ExpressionError) as refusal:
        parse(text)
    error = refusal.value
    assert error.message.startswith(message)
    assert text[error.start : error.end] == place


@pytest.mark.parametrize(
    "text",
    [
        "np.exp(" + "(" * 20_000 + "x" + ")" * 20_000 + ")",
        "np.x" + " + 1" * 20_000,
        "np.exp(" + "-" * 20_000 + "x)",
        "x" + ".relu()" * 5_000,
        "x.tanh()" + " if x else x" * 3_000,
        "not " * 20_000 + "x",
        "x**" * 5_000 + "x.tanh()",
        "np.exp(" + "9" * 5_000 + ")",
        "\n".join(
            ["def f0(x, k=1): return x + x"]
            + [f"def f{n}(x, k=1): return f{n - 1}(x) + f{n - 1}(x)" for n in range(1, 19)]
            + ["f18(x)"]
        ),
        "for i in range(1000):\n  for j in range(1000):\n    x += 1",
        "np.exp(x)\x00",
        "x = '\ud800'; np.exp(x)",
    ],
    ids=range(12),
)
def test_what_is_too_much_is_refused(text: str) -> None:
    with pytest.raises(ExpressionError) as refusal:
        parse(text)
    assert 0 <= refusal.value.start <= refusal.value.end <= len(text)


def test_a_long_sum_is_no_nest() -> None:
    assert autodiff.compile(parse("np.exp(x)" + " + x" * 500))({"x": 0.0}, 1.0).gradient["x"] == 501.0


@pytest.mark.parametrize(
    ("text", "program", "gradient"),
    [
        ("x = 2; x = x*3; x += 1", "x_1 = 2\nx_2 = x_1 * 3\nx = x_2 + 1", {"x_1": 3}),
        ("x = 2\nx = x*3\nx = x + 1", "x_1 = 2\nx_2 = x_1 * 3\nx = x_2 + 1", {"x_1": 3}),
        ("x = 2; x *= 3", "x_1 = 2\nx = x_1 * 3", {"x_1": 3}),
        ("w = 1; w = w - 0.1*w", "w_1 = 1\nw = w_1 - 0.1 * w_1", {"w_1": 0.9}),
        (
            "x = 2; x -= 1; x /= 4; x **= 2",
            "x_1 = 2\nx_2 = x_1 - 1\nx_3 = x_2 / 4\nx = x_3^2",
            {"x_1": 0.125},
        ),
        ("c = 3; c += c + 1", "c_1 = 3\nc = c_1 + (c_1 + 1)", {"c_1": 2}),
    ],
)
def test_reassignments_alone_are_python(text, program, gradient):
    graph = gb.parse(text)
    assert (graph.pasted.dialect, graph.pasted.program) == ("python", program)
    assert graph.evaluate().gradient == pytest.approx(gradient)


@pytest.mark.parametrize("text", ["x = 2; x = 3", "x = x*3", "x = 2; y = x; y = 2x"])
def test_a_slip_is_no_reassignment(text):
    with pytest.raises(gb.ExpressionError, match="defined"):
        gb.parse(text)
