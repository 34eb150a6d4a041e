"""Every hint, followed: the text that it leads to means what was meant, and no hint is without its case here.

The hints are read out of the modules that give them, so that a new one fails until it has its case.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from graphviz_backprop.engine import autodiff
from graphviz_backprop.language import hints, ops, syntax
from graphviz_backprop.language.errors import ExpressionError
from graphviz_backprop.language.parser import parse
from graphviz_backprop.language.spelling import INVERSES

POINT = {"x": 0.3, "y": 0.7, "z": 1.1, "a": 0.4, "b": 0.9, "c": 1.3, "n": 2.0}

A = "A = [[1, 2], [3, 4]]"
NO_INVERSE = "1/A is the inverse of each cell; the one of a matrix is not computed here"
WRITTEN = hints._WRITTEN

CASES = [
    # what was typed, the hint, what one writes who follows it, what was meant
    ("log_b x", "write log(x, b)", "log(x, b)", "log(x)/log(b)"),
    ("lg x + 1", "write log10(x)", "log10(x) + 1", "log(x)/log(10) + 1"),
    ("tg x", "write tan(x)", "tan(x)", "sin(x)/cos(x)"),
    ("x + 0x1F", "write 31", "x + 31", "x + 31"),
    ("2(x+1", "add a )", "2(x+1)", "2*(x + 1)"),
    ("|x", "add a |", "|x|", "abs(x)"),
    ("x + 1)", "remove it, or open a ( earlier", "x + 1", "x + 1"),
    ("max(x;y)", "between arguments write a comma, as in max(x, 0)", "max(x, y)", "max(x, y)"),
    ("y x 2", "write x * 2 or x^2", "y x * 2", "y * x * 2"),
    ("y x 2", "write x * 2 or x^2", "y x^2", "y * (x^2)"),
    ("(x+1)2", "write * or ^ between them", "(x+1)*2", "2*(x + 1)"),
    ("(x+1)2", "write * or ^ between them", "(x+1)^2", "(x + 1)*(x + 1)"),
    ("1 if x else 0", "write the expression alone", "1", "1"),
    ("return x**2", "write the expression alone", "x**2", "x*x"),
    ("xⁿ", "for a power write ^n", "x^n", "pow(x, n)"),
    ("2e⁻ˣ", "for a power write ^(-x)", "2e^(-x)", "2*exp(-x)"),
    ("e²ˣ", "for a power write ^(2x)", "e^(2x)", "exp(2*x)"),
    ("√+x", "write √(…)", "√(+x)", "sqrt(x)"),
    ("0 < x < 1", "for 0 < x < 1 write (0 < x) * (x < 1)", "(0 < x) * (x < 1)", "where(x > 0, x < 1, 0)"),
    ("2x = y", "as in y = x^2 or f(x) = x^2", "y = 2x", "2*x"),
    ("2,5x", "for a decimal number write a point", "2.5x", "5*x/2"),
    ("sin^-1(x)", "write asin(x) or 1/sin(x)", "asin(x)", "asin(x)"),
    ("sin^-1(x)", "write asin(x) or 1/sin(x)", "1/sin(x)", "csc(x)"),
    ("ln⁻¹ x", "write 1/ln(x)", "1/ln(x)", "1/log(x)"),
    ("y = x; y = 2x", "give the second another name", "y = x; z = 2x", "2*x"),
    ("z = x; f(z) = 2z", "call f, or give its argument another name", "z = x; f(z) = 2z; f(z)", "2*x"),
    ("z = x; f(z) = 2z", "call f, or give its argument another name", "z = x; f(y) = 2y", "2*y"),
    ("f(t) = t^2; x f", "write f(…)", "f(t) = t^2; x f(x)", "x*x*x"),
    ("max x", "write max(…)", "max(x, y)", "max(x, y)"),
    ("x = x + 1", "use another name here", "x = y + 1", "y + 1"),
    ("y + 1; y = 2x", "move its definition up", "y = 2x; y + 1", "2*x + 1"),
    ("sinx", "write sin(x)", "sin(x)", "sin(x)"),
    ("d/dx x^3", "write the expression alone: its gradient by x stands beside it", "x^3", "x*x*x"),
    ("L = x^2; dL/dx", "write L alone: its gradient by x stands beside it", "L = x^2; L", "x*x"),
    ("lg(x)", "did you mean log10?", "log10(x)", "ln(x)/ln(10)"),
    ("sgm(x)", "did you mean sigmoid?", "sigmoid(x)", "1/(1 + exp(-x))"),
    ("Sin(x)", "did you mean sin?", "sin(x)", "sin(x)"),
    ("Asin(x)", "did you mean asin or, for a product, A sin(…)?", "asin(x)", "asin(x)"),
    ("Asin(x)", "did you mean asin or, for a product, A sin(…)?", "a sin(x)", "a*sin(x)"),
    ("sni(x)", "did you mean sin?", "sin(x)", "sin(x)"),
    ("2ab(a+b)", "for a product write a b(…)", "2a b(a+b)", "2*a*b*(a + b)"),
    ("3xln(y)", "for a product write x ln(…)", "3x ln(y)", "3*x*log(y)"),
    ("rate = x; 3rate(y)", "for a product write rate * (…)", "rate = x; 3rate * (y)", "3*x*y"),
    ("softmax(a, b)", "write softmax([a, b])", "softmax([a, b])[0]", "1/(1 + exp(b - a))"),
    ("log_softmax(a, b)", "write log_softmax([a, b])", "log_softmax([a, b])[0]", "-ln(1 + exp(b - a))"),
    ("exp2(x)", "write 2^x", "2^x", "exp(x*ln(2))"),
    ("exp10(x)", "write 10^x", "10^x", "exp(x*ln(10))"),
    ("sech(x)", "write 1/cosh(x)", "1/cosh(x)", "2/(exp(x) + exp(-x))"),
    ("csch(x)", "write 1/sinh(x)", "1/sinh(x)", "2/(exp(x) - exp(-x))"),
    ("coth(x)", "write 1/tanh(x)", "1/tanh(x)", "(exp(x) + exp(-x))/(exp(x) - exp(-x))"),
    ("if(x, a, b)", "write where(c, a, b)", "where(x, a, b)", "a"),
    ("sum([1 2 3])", "cells of a list have commas, as in [1, 2]", "sum([1, 2, 3])", "6"),
    ("sum([0.5 -1.25])", "cells of a list have commas, as in [1, 2]", "sum([0.5, -1.25])", "-0.75"),
    ("sum([[1, 2]\n [3, 4]])", "rows have commas, as in [[1, 2], [3, 4]]", "sum([[1, 2], [3, 4]])", "10"),
    ("sum([1; x])", "each row has brackets: [[1, 2], [3, 4]]", "sum([[1], [x]])", "1 + x"),
    ("x]", "remove it, or open a [ earlier", "x", "x"),
    ("{x+1}y", "use ( and )", "(x+1)y", "x*y + y"),
    ("x}", "use ( and )", "x", "x"),
    ("5%x", "for a percentage divide by 100", "5/100 x", "0.05*x"),
    ("sin(60°)", "angles are in radians: for 60° write 60 * pi / 180", "sin(60 * pi / 180)", "sqrt(3)/2"),
    ("sin^2(x deg)", "angles are in radians: for x deg write x * pi / 180", "sin^2(x * pi / 180)",
     "sin(x*pi/180)*sin(x*pi/180)"),
    ("cos(2 rad)", "angles are in radians: for 2 rad write 2", "cos(2)", "cos(2)"),
    ("degrees(x)", "write x * 180 / pi", "x * 180 / pi", "x/pi*180"),
    ("rad2deg(x)", "write x * 180 / pi", "x * 180 / pi", "x/pi*180"),
    ("radians(x)", "write x * pi / 180", "x * pi / 180", "x/180*pi"),
    ("deg2rad(x)", "write x * pi / 180", "x * pi / 180", "x/180*pi"),
    ("np.exp(x)", syntax._CHARACTER_HINTS["."], "exp(x)", "exp(x)"),
    ("y := x^2", "a name is given its value by =, as in y = x^2", "y = x^2", "x*x"),
    ("2 @ 3", "write 2 * 3", "2 * 3", "6"),
    ("x times y", "write *", "x * y", "x*y"),
    ("x over 4", "write /", "x / 4", "0.25*x"),
    ("x divided by y", "write /", "x / y", "x*y^-1"),
    ("x mod 3", "write mod(…)", "mod(x, 3)", "x - 3*0"),
    ("x squared + 1", "write ^2", "x^2 + 1", "x*x + 1"),
    (r"\sqrt{x}", "write sqrt(x), a/b, x^2", "sqrt(x)", "sqrt(x)"),
    ("f'(x)", syntax._CHARACTER_HINTS["'"], "f(x) = x; f(x)", "x"),
    ("f′(x)", syntax._CHARACTER_HINTS["′"], "f(x) = x; f(x)", "x"),
    ("∂x", syntax._CHARACTER_HINTS["∂"], "x", "x"),
    ("∇x", syntax._CHARACTER_HINTS["∇"], "x", "x"),
    ("x\0", "remove it", "x", "x"),
    ("_x", "a name is a letter, then letters, digits and _", "x", "x"),
    ("1" * 1_101 + "x", "write it with an e: 1.5e300", "1.5e300 x", "x*1.5e300"),
    ("x" * 201, "choose a shorter one", "x", "x"),
    ("x*y, x=2, y = .5", "write x=2; y = .5; x*y", "x=2; y = .5; x*y", "2 * .5"),
    ("x = 2, y = 3, x*y", "between statements write ; or begin a new line", "x = 2; y = 3; x*y", "2 * 3"),
    ("v = (1, 2, 4); sum(v)", "for a list write [1, 2, 4]", "v = [1, 2, 4]; sum(v)", "7"),
    ("sum(linspace(0, 1, 5))", WRITTEN["linspace"], "sum(arange(5) / 4)", "0 + 0.25 + 0.5 + 0.75 + 1"),
    ("x = [3, 4]; sum(x) / len(x)", WRITTEN["len"], "x = [3, 4]; sum(x) / x.shape[0]", "3.5"),
    (f"{A}; trace(A)", WRITTEN["trace"], 'x = [[1, 2], [3, 4]]; einsum("ii", x)', "1 + 4"),
    (f"{A}; prod(diag(A))", WRITTEN["diag"], f'{A}; prod(einsum("ii->i", A))', "1 * 4"),
    ("v = [1, 2]; sum(diag(v)^2)", WRITTEN["diag"], "v = [1, 2]; sum((v * eye(2))^2)", "1 + 4"),
    (f"{A}; prod(diagonal(A))", WRITTEN["diagonal"], 'x = [[1, 2], [3, 4]]; prod(einsum("ii->i", x))', "4"),
    ("v = [2, 3, 5]; sum(cumprod(v))", WRITTEN["cumprod"], "v = [2, 3, 5]; sum(exp(cumsum(log(v))))",
     "2 + 6 + 30"),
    ("x = [2, 3, 5]; roll(x, 1) @ [1, 10, 100]", WRITTEN["roll"],
     "x = [2, 3, 5]; concat(x[-1:], x[:-1]) @ [1, 10, 100]", "5 + 20 + 300"),
    ("x = [2, 3]; prod(tile(x, 2))", WRITTEN["tile"], "x = [2, 3]; prod(concat(x, x))", "2 * 3 * 2 * 3"),
    ("W = full(2, 3, 1.5); sum(W)", WRITTEN["full"], "W = 1.5 * ones(2, 3); sum(W)", "9"),
    ("x = [2, 5, 3]; topk(x, 2) @ [1, 10]", WRITTEN["topk"],
     "x = [2, 5, 3]; sort(x)[::-1][:2] @ [1, 10]", "5 + 30"),
    ("x = [3, 4]; sum(normalize(x))", WRITTEN["normalize"], "x = [3, 4]; sum(x / norm(x))", "0.6 + 0.8"),
    ("x = [3, 4]; y = [4, 3]; cosine_similarity(x, y)", WRITTEN["cosine_similarity"],
     "x = [3, 4]; y = [4, 3]; (x @ y) / (norm(x) * norm(y))", "24 / 25"),
    (f"{A}; sum(avg_pool(A, 2))", WRITTEN["avg_pool"],
     "x = [[1, 2], [3, 4]]; sum(conv2d(x, ones(2, 2) / 4, stride=2))", "2.5"),
    (f"{A}; sum(avg_pool2d(A, 2))", WRITTEN["avg_pool2d"],
     "x = [[1, 2], [3, 4]]; sum(conv2d(x, ones(2, 2) / 4, stride=2))", "2.5"),
    ("C = [2, 5]; sum(embedding(C, [1, 1]))", WRITTEN["embedding"],
     "C = [2, 5]; ix = ([1, 1]); sum(C[ix])", "10"),
    ("x = [3, 4]; y = [4, 6]; mse(x, y)", WRITTEN["mse"], "x = [3, 4]; y = [4, 6]; mean((x - y)^2)", "5 / 2"),
    ("x = [3, 4]; y = [4, 6]; mse_loss(x, y)", WRITTEN["mse_loss"],
     "x = [3, 4]; y = [4, 6]; mean((x - y)^2)", "5 / 2"),
    ("x = [3, 4]; sum(rms_norm(x))", WRITTEN["rms_norm"],
     "x = [3, 4]; sum(x / sqrt(mean(x^2, axis=-1, keepdim=True) + 1e-5))", "7 / sqrt(12.5 + 1e-5)"),
    ("v = [3, 4]; ‖v‖", syntax._CHARACTER_HINTS["‖"], "v = [3, 4]; norm(v)", "5"),
    (f"{A}; sum(A⊤ @ [1, 2])", syntax._CHARACTER_HINTS["⊤"], f"{A}; sum(A.T @ [1, 2])", "7 + 10"),
    (f"{A}; sum(A^T @ [1, 2])", "the transposed tensor is A.T", f"{A}; sum(A.T @ [1, 2])", "7 + 10"),
    (f"{A}; sum(A^-1)", NO_INVERSE, f"{A}; sum(1/A)", "1 + 1/2 + 1/3 + 1/4"),
    (f"{A}; sum(A⁻¹)", NO_INVERSE, f"{A}; sum(1/A)", "1 + 1/2 + 1/3 + 1/4"),
    (
        f"{A}; sum(A[None, [1, 0]] * [[[1, 2], [3, 4]]])",
        "write unsqueeze(…, 0) with the number of the new axis",
        f"{A}; sum(unsqueeze(A[[1, 0]], 0) * [[[1, 2], [3, 4]]])",
        "3 + 4*2 + 3 + 2*4",
    ),
    ("", "try (4*x+1)^2", "(4*x+1)^2", "(4*x + 1)*(4*x + 1)"),
]  # fmt: skip

ADVICE = [
    ("x +", "the expression is not finished"),
    ("x!", "there is no factorial"),
    ("1 + 2 + … + 10", "write out what it stands for"),
    ("x = [1, 2, ..., 5]", "write out what it stands for"),
    ("∞", "there is no infinity to compute with"),
    ("x $ 2", "it is not part of the language"),
    ("A = [[1, 2], [3, 4]]; det(A)", "there is no such function here"),
    ("floor(x)", "there is no such function here"),
]
"""Hints that lead to no text."""


def hint_of(program: str) -> str:
    with pytest.raises(ExpressionError) as caught:
        parse(program)
    return caught.value.hint


_TEXTS = r"[^:,]*|.*\)\??"
_NO_TEXTS = ("between", "expression alone", "(c, a, b)", "a point", "the product and")
"""Words of hints that say in words what to write."""


def value_of(program: str) -> float:
    graph = parse(program)
    at = {name: POINT[name] for name in graph.variables if name not in graph.start}
    return autodiff.compile(graph)(at).value


@pytest.mark.parametrize(("typed", "hint", "written", "meant"), CASES)
def test_who_follows_a_hint_gets_what_was_meant(typed: str, hint: str, written: str, meant: str) -> None:
    assert hint_of(typed) == hint
    assert value_of(written) == pytest.approx(value_of(meant), rel=1e-12)


@pytest.mark.parametrize(("typed", "hint", "written", "meant"), CASES)
def test_a_text_that_a_hint_proposes_stands_in_what_its_reader_writes(
    typed: str, hint: str, written: str, meant: str
) -> None:
    together = "\n".join(case[2] for case in CASES if case[:2] == (typed, hint))
    found = re.fullmatch(rf"(?:.* )?(?:write|did you mean|try) (?:one of them, as )?({_TEXTS})", hint)
    if found and not any(word in hint for word in _NO_TEXTS):
        for text in re.split(r" or(?:, for a product,)? ", found[1].removesuffix("?")):
            assert text.removesuffix("(…)").lower() in together.lower()


@pytest.mark.parametrize(("typed", "hint"), ADVICE)
def test_advice_that_leads_to_no_text(typed: str, hint: str) -> None:
    assert hint_of(typed) == hint


@pytest.mark.parametrize("name", sorted({*ops.LANGUAGE.names()}))
def test_a_name_in_other_letters_is_the_same_function(name: str) -> None:
    for typed in {name.upper(), name.capitalize()} - {*ops.LANGUAGE.names(), "Σ"}:
        found = re.match(r"did you mean (\w+)", hint_of(f"{typed}(x)"))
        assert found
        assert ops.LANGUAGE.find(found[1], 1) is ops.LANGUAGE.find(name, 1)


@pytest.mark.parametrize(("name", "inverse"), INVERSES.items())
def test_the_inverse_that_is_offered_is_the_inverse(name: str, inverse: str) -> None:
    assert hint_of(f"{name}^-1(x)") == f"write {inverse}(x) or 1/{name}(x)"
    assert value_of(
        f"{inverse}({name}(x))" if name != "cosh" else f"cosh({inverse}(1 + x))-1"
    ) == pytest.approx(0.3)


# That none is missing


def templates() -> Iterator[str]:
    """All hints of the language's modules, as patterns: what is put in is anything."""
    for module in ("tokens", "syntax", "spelling", "parser", "doubts", "hints"):
        tree = ast.parse(Path(str(syntax.__file__)).with_name(f"{module}.py").read_text("utf-8"))
        for node in ast.walk(tree):
            for expression in _hints(node, module):
                yield from _texts(expression)


def _hints(node: ast.AST, module: str) -> Iterator[ast.expr]:
    """The expressions that a node makes hints of."""
    match node:
        case ast.Call(func=ast.Name(id="ExpressionError"), args=args):
            place = next((at for at, arg in enumerate(args) if isinstance(arg, ast.Starred)), 2)
            yield from args[place + 1 :]
        case ast.Call(func=ast.Name(id="_at"), args=[_, _, hint]):
            yield hint
        case ast.Assign(targets=[ast.Name(id="hint")], value=value):
            yield value
        case ast.Assign(targets=[ast.Name(id="_CHARACTER_HINTS" | "_WRITTEN")], value=value):
            yield from _values(value)
        case ast.Return(value=value) if module == "hints" and value is not None:
            yield value


def _values(table: ast.expr) -> list[ast.expr]:
    assert isinstance(table, ast.Dict)
    return table.values


def _texts(expression: ast.expr) -> Iterator[str]:
    match expression:
        case ast.Constant(value=str(text)) if text:
            yield re.escape(text)
        case ast.JoinedStr(values=parts):
            yield "".join(re.escape(str(x.value)) if isinstance(x, ast.Constant) else ".*" for x in parts)
        case ast.IfExp(body=body, orelse=orelse):
            yield from (*_texts(body), *_texts(orelse))


def test_every_hint_has_its_case() -> None:
    known = [case[1] for case in (*CASES, *ADVICE)]
    found = list(templates())
    assert len(found) > 50
    assert [text for text in found if not any(re.fullmatch(text, hint) for hint in known)] == []
