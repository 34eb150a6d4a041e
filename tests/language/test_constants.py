"""Numbers as people write them: what the language computes, the same in both languages."""

from __future__ import annotations

import math
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graphviz_backprop.api import parse
from graphviz_backprop.language.constants import NoNumber, constant
from tests.support.node import Node

SCRIPT = """
import { createInterface } from "node:readline";
import { constant } from "STATIC/state/constants.js";

for await (const line of createInterface({ input: process.stdin })) {
  console.log(JSON.stringify(constant(JSON.parse(line)) ?? null));
}
"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Node]:
    with Node(SCRIPT) as node:
        yield node


def read(text: str) -> float | None:
    try:
        return constant(text)
    except NoNumber:
        return None


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("1/3", 1 / 3),
        ("pi", math.pi),
        ("-2π", -2 * math.pi),
        ("sqrt(2)/2", math.sqrt(2) / 2),
        ("-2^2", -4),
        ("2^-1", 0.5),
        ("2^3^2", 512),
        ("1/2pi", math.pi / 2),
        ("2 sqrt(4)(1 + 1)", 8),
        ("1e-3", 0.001),
        ("2e", 2 * math.e),
        ("1 − 2", -1),
        (" .5 ", 0.5),
        ("3**2", 9),
    ],
)
def test_what_people_write(text: str, wanted: float, browser: Node) -> None:
    assert constant(text) == wanted == browser.ask(text)


@pytest.mark.parametrize(
    "text",
    ["", "x", "1/0", "1/(1/0)", "1 2", "2 3pi 4", "(1", "1)", "sqrt", "sqrt 2", "sqrt(-1)", "log(0)", "1e999",
     "0x10", "1_000", "½", "__import__('os')", "2+", "+", "^2", "9^9^9^9", "(" * 50, "1" * 101, "١", "\ud800",
     "a.b", "1;2", "1\n", "constructor(1)", "toString", "NaN", "Infinity"],
)  # fmt: skip
def test_what_is_no_number(text: str, browser: Node) -> None:
    assert read(text) is None
    assert browser.ask(text) is None


ATOMS = st.sampled_from(["1", "2", "0.5", ".25", "3e-2", "pi", "e", "7"])


def grown(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.one_of(
        st.tuples(inner, st.sampled_from("+-*/^"), inner).map("".join),
        inner.map("({})".format),
        inner.map("-{}".format),
        st.tuples(st.sampled_from(["sqrt", "exp", "sin", "cos", "ln"]), inner).map("{0[0]}({0[1]})".format),
    )


@settings(max_examples=300)
@given(st.one_of(st.recursive(ATOMS, grown, max_leaves=6), st.text("0123.e+-*/^() pisqrtx", max_size=12)))
def test_it_is_what_the_language_computes_in_both_languages(browser: Node, text: str) -> None:
    found, told = read(text), browser.ask(text)
    assert (found is None) == (told is None)
    if found is None or told is None:
        return
    assert told == pytest.approx(found, rel=1e-14)
    assert parse(text).evaluate().value == pytest.approx(found, rel=1e-13, abs=1e-300)
