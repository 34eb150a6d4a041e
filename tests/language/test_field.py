"""What people typed in courses, forums and other calculators, and the answers that they expected."""

import math

import pytest

import graphviz_backprop as gb
from graphviz_backprop.language.notes import rewritten

INF, NAN = math.inf, math.nan

ANSWERS: list[tuple[str, dict[str, float], float, dict[str, float]]] = [
    # circuits of lecture notes
    ("q=x+y; f=q*z", {"x": -2, "y": 5, "z": -4}, -12, {"x": -4, "y": -4, "z": 3}),
    ("f(x,y,z) = (x + y) z", {"x": -2, "y": 5, "z": -4}, -12, {"x": -4, "y": -4, "z": 3}),
    ("f(x,y) = x y", {"x": 4, "y": -3}, -12, {"x": -3, "y": 4}),
    ("p=x*y; m=max(z,w); s=p+m; f=s*2", {"x": 3, "y": -4, "z": 2, "w": -1}, -20, {"x": -8, "y": 6, "z": 2}),
    ("c = a + b; e = c * d", {"a": 3, "b": 2, "d": 1}, 5, {"a": 1, "b": 1, "d": 5}),
    ("c = a + b; d = b + 1; e = c * d", {"a": 2, "b": 1}, 6, {"a": 2, "b": 5}),
    ("u = b*c; v = a+u; J = 3v", {"a": 5, "b": 3, "c": 2}, 33, {"a": 3, "b": 6, "c": 9}),
    ("e_ = a*b; d = e_ + c; L = d*f", {"a": 2, "b": -3, "c": 10, "f": -2}, -8, {"a": 6, "b": -4}),
    ("3*x**2 - 4*x + 5", {"x": 3}, 20, {"x": 14}),
    ("a = 2.0\nb = -3.0\nc = 10.0\ne = a*b\nd = e + c\nf = -2.0\nL = d * f", {}, -8, {"a": 6, "b": -4}),
    # where derivatives are hard
    ("sqrt(x^2)", {"x": 0}, 0, {"x": NAN}),
    ("sqrt((x-1)^2)", {"x": 1}, 0, {"x": NAN}),
    ("x^1.5", {"x": 0}, 0, {"x": 0}),
    ("x^0", {"x": 0}, 1, {"x": 0}),
    ("x^1", {"x": 0}, 0, {"x": 1}),
    ("x^0.5", {"x": 0}, 0, {"x": INF}),
    ("x^-1", {"x": 0}, INF, {"x": -INF}),
    ("exp(-(x^2))", {"x": 0}, 1, {"x": 0}),
    ("a^b", {"a": 0, "b": 1}, 0, {"a": 1, "b": 0}),
    ("(-2)^x", {"x": 2}, 4, {"x": NAN}),
    ("max(x,y)", {"x": 1, "y": 1}, 1, {"x": 0.5, "y": 0.5}),
    ("log(exp(x)+1)", {"x": 1000}, INF, {"x": NAN}),
    ("softplus(x)", {"x": 1000}, 1000, {"x": 1}),
    ("softplus(x)", {"x": -1000}, 0, {"x": 0}),
    ("logsumexp(a, b, c) - a", {"a": -431, "b": 279, "c": 427}, 858, {"a": -1, "b": 0, "c": 1}),
    ("acos(x)", {"x": 1}, 0, {"x": -INF}),
    ("atan2(y,x)", {"y": 0, "x": 1}, 0, {"y": 1, "x": 0}),
    ("atan2(a,a)", {"a": 0}, 0, {"a": NAN}),
    ("atan2(a,a)", {"a": -5}, -0.75 * math.pi, {"a": 0}),
    ("0^(x/2)+3^(x/2)", {"x": 4}, 9, {"x": 4.943755299006494}),
    ("x*log(2)", {"x": 0}, 0, {"x": math.log(2)}),
    ("sqrt((x*x)^2)", {"x": 0.1}, 0.01, {"x": 0.2}),
    ("x*y*z", {"x": 0, "y": 2, "z": 3}, 0, {"x": 6, "y": 0, "z": 0}),
    # spelled as people spell
    ("πr²", {"r": 3}, 9 * math.pi, {"r": 6 * math.pi}),
    ("2πr", {"r": 3}, 6 * math.pi, {"r": 2 * math.pi}),
    ("5/2pi", {}, 2.5 * math.pi, {}),
    ("cos(2πx)", {"x": 0.25}, 0, {"x": -2 * math.pi}),
    ("sin 2x", {"x": 0.5}, math.sin(1), {"x": 2 * math.cos(1)}),
    ("sin^2(x)", {"x": 1}, math.sin(1) ** 2, {"x": math.sin(2)}),
    ("(x+2)(x+5)sin x", {"x": 1}, 18 * math.sin(1), {"x": 9 * math.sin(1) + 18 * math.cos(1)}),
    ("|-5|+2", {}, 7, {}),
    ("√(x²+y²)", {"x": 3, "y": 4}, 5, {"x": 0.6, "y": 0.8}),
    ("∛x", {"x": 8}, 2, {"x": 1 / 12}),
    ("(x−y)^2 + 2⋅x⋅1", {"x": 3, "y": 1}, 10, {"x": 6, "y": -4}),
    ("where(x>0,x,0)", {"x": 2}, 2, {"x": 1}),
    ("pow(x,2)", {"x": 3}, 9, {"x": 6}),
    ("mod(x,2)", {"x": 7}, 1, {"x": 1}),
    ("logit(x)", {"x": 0.5}, 0, {"x": 4}),
    ("3sqrt(2)", {}, 3 * math.sqrt(2), {}),
    ("x^+5", {"x": 2}, 32, {"x": 80}),
    ("x(1+x)", {"x": 2}, 6, {"x": 5}),
    ("e^x(2x+2y)", {"x": 1, "y": 1}, 4 * math.e, {"x": 6 * math.e, "y": 2 * math.e}),
    ("a x + b", {"a": 2, "x": 3, "b": 1}, 7, {"a": 3, "x": 2, "b": 1}),
    ("((43)(60)+(21)(80)+(16)(100))/(43+21+16)", {}, 73.25, {}),
    ("7+3(5*3)*sin(60)", {}, 7 + 45 * math.sin(60), {}),
    ("-1^2", {}, -1, {}),
    ("f(x) = 2x", {"x": 3}, 6, {"x": 2}),
    ("μ0*x", {"μ0": 2, "x": 3}, 6, {"μ0": 3, "x": 2}),
]  # fmt: skip

NOTED: list[tuple[str, dict[str, float], float]] = [
    ("J = 3(a+bc)", {"a": 5, "b": 3, "c": 2}, 33),
    ("xe^x", {"x": 1}, math.e),
    ("3x2+2x+1", {"x": 2}, 17),
    ("log(0,5)", {}, math.log(0.5)),
    ("θ₀+θ₁x", {"θ0": 1, "θ1": 2, "x": 3}, 7),
    ("2xy", {"x": 2, "y": 3}, 12),
    ("xyz", {"x": 2, "y": 3, "z": 4}, 24),
    ("2ab", {"a": 2, "b": 3}, 12),
    ("x**2 + 2xy + y**2", {"x": 2, "y": 3}, 25),
    ("x_1y", {"x_1": 2, "y": 3}, 6),
]
"""What has another reading: the value of the one that its author had in mind."""

REFUSED = [
    ("sinx", "write sin(x)"),
    ("xln(2)", "for a product write x ln(…)"),
    ("2ab(a+b)", "for a product write a b(…)"),
    ("d/dx x^3", "write the expression alone: its gradient by x stands beside it"),
    ("lg(100)", "did you mean log10?"),
    ("sin^-1(x)", "write asin(x) or 1/sin(x)"),
    ("e⁻ˣ", "for a power write ^(-x)"),
    ("max(x;0)", "between arguments write a comma, as in max(x, 0)"),
    ("4(5+6)2", "write * or ^ between them"),
    ("-2 2", "write 2 * 2 or 2^2"),
    ("x!", "there is no factorial"),
    ("10+2,3", "for a decimal number write a point"),
    ("tan(45°)", "angles are in radians: for 60° write 60 * pi / 180"),
    ("y := x^2", "a name is given its value by =, as in y = x^2"),
    ("x^2 + y^2 = 1", "as in y = x^2 or f(x) = x^2"),
]


@pytest.mark.parametrize(("program", "at", "value", "gradient"), ANSWERS)
def test_what_was_expected(
    program: str, at: dict[str, float], value: float, gradient: dict[str, float]
) -> None:
    run = gb.parse(program).evaluate(at)
    assert run.value == pytest.approx(value, rel=1e-12, abs=1e-15, nan_ok=True)
    found = {name: run.gradient[name] for name in gradient}
    assert found == pytest.approx(gradient, rel=1e-12, abs=1e-15, nan_ok=True)


@pytest.mark.parametrize(("program", "at", "value"), NOTED)
def test_what_was_meant_is_a_click_away(program: str, at: dict[str, float], value: float) -> None:
    (note,) = gb.parse(program).notes
    assert gb.parse(rewritten(program, note)).evaluate(at).value == pytest.approx(value)


@pytest.mark.parametrize(("program", "hint"), REFUSED)
def test_what_can_be_meant_in_two_ways_or_none_is_refused(program: str, hint: str) -> None:
    with pytest.raises(gb.ExpressionError) as caught:
        gb.parse(program)
    assert caught.value.hint == hint
