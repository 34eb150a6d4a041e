"""Hints mean what was meant: each is followed here."""

import math
import re

import pytest

from graphviz_backprop.engine import autodiff
from graphviz_backprop.language import parser
from graphviz_backprop.language.errors import ExpressionError
from graphviz_backprop.language.hints import _ABSENT, _MEANT, did_you_mean
from graphviz_backprop.language.ops import LANGUAGE
from graphviz_backprop.language.parser import parse


def hint_of(program: str) -> str:
    with pytest.raises(ExpressionError) as caught:
        parse(program)
    return caught.value.hint


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("lg(x)", math.log10),
        ("ld(x)", math.log2),
        ("sigma(x)", lambda x: 1 / (1 + math.exp(-x))),
        ("tg(x)", math.tan),
        ("sqr(x)", lambda x: x * x),
        ("root(x)", math.sqrt),
        ("cosine(x)", math.cos),
        ("sine(x)", math.sin),
        ("sni(x)", math.sin),
        ("Sigmoid(x)", lambda x: 1 / (1 + math.exp(-x))),
        ("xln(2)", lambda x: x * math.log(2)),
        ("2xsin(2)", lambda x: 2 * x * math.sin(2)),
        ("sinx", math.sin),
        ("ReLu(x)", lambda x: x),
        ("logsumexo(x)", lambda x: x),
    ],
)
def test_a_hint_that_is_followed_gives_what_was_meant(typed: str, value: object) -> None:
    hint = hint_of(typed)
    found = re.fullmatch(r"(?:did you mean (?P<name>\w+)\?|.*?write (?P<text>.+))", hint)
    assert found
    name = re.search(r"[A-Za-z]+(?=\()", typed)
    if found["name"]:
        fixed = typed.replace(name[0] if name else "", found["name"])
    elif found["text"].endswith("(…)"):
        fixed = typed.replace(name[0] if name else "", found["text"].removesuffix("(…)"))
    else:
        fixed = found["text"]
    for x in (0.3, 2.0):
        assert autodiff.compile(parse(fixed))({"x": x}).value == pytest.approx(value(x))  # type: ignore[operator]


@pytest.mark.parametrize("name", sorted(_ABSENT))
def test_what_is_not_here_has_no_neighbour_that_means_something_else(name: str) -> None:
    assert "did you mean" not in did_you_mean(name, LANGUAGE.names())
    assert name not in LANGUAGE


def test_other_names_are_of_functions_that_are_here() -> None:
    assert all(name in LANGUAGE for name in _MEANT.values())
    assert not any(name in LANGUAGE for name in _MEANT)


@pytest.mark.parametrize(
    ("program", "hint"),
    [
        ("softmax(a, b)", "write softmax([a, b])"),
        ("W @ x", "give W and x lists first: W = [[1, 2], [3, 4]]; x = [1, 2]"),
        ("x $ 2", "it is not part of the language"),
        ("y := x^2", "a name is given its value by =, as in y = x^2"),
        ("floor(x)", "there is no such function here"),
    ],
)
def test_what_can_not_be_written_so(program: str, hint: str) -> None:
    assert hint_of(program) == hint


def test_one_of_a_softmax_as_the_hint_has_it() -> None:
    run = autodiff.compile(parse("exp(a - logsumexp(a, b, c))"))({"a": 1000.0, "b": 1000.0, "c": -1000.0})
    assert run.value == pytest.approx(0.5)
    assert run.gradient == pytest.approx({"a": 0.25, "b": -0.25, "c": 0})


def test_logsumexp_of_one_and_many() -> None:
    assert autodiff.compile(parse("logsumexp(x)"))({"x": 3.0}).value == 3
    run = autodiff.compile(parse("logsumexp(a, b)"))({"a": 1000.0, "b": 1000.0})
    assert run.value == pytest.approx(1000 + math.log(2), rel=1e-15)
    assert run.gradient == {"a": 0.5, "b": 0.5}
    assert hint_of("logsumexp()") == ""


@pytest.mark.parametrize(("size", "times", "tried"), [("1", 5, 1), ("7", 100, 20), ("7", 5_000, 0)])
def test_few_edits_are_tried(size: str, times: int, tried: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each is read anew: the edits of a call of five hundred sizes took ten seconds."""
    fits, asked = parser._fits, []
    monkeypatch.setattr(parser, "_fits", lambda text, shapes: asked.append(text) or fits(text, shapes))
    hint = hint_of(f"x = ones(1); sum(reshape(x, {', '.join([size] * times)}))")
    assert len(asked) == tried
    assert hint == ("write reshape(x, 1, -1)" if size == "1" else "")
