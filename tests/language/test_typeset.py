"""Names as mathematics sets them: one reading of a name, four ways to write it."""

import json
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphviz_backprop.figure import names
from graphviz_backprop.language import typeset
from graphviz_backprop.language.typeset import letters
from graphviz_backprop.network import derivation

NAMES = json.loads((Path(__file__).parents[1] / "support" / "letters.json").read_text("utf-8"))
"""Read by the browser's half, too: tests/network/letters.test.js."""


@pytest.mark.parametrize("set_", NAMES, ids=lambda set_: set_["name"])
def test_a_name_is_read(set_: dict[str, str]) -> None:
    found = letters(set_["name"])
    assert (found.shown, found.below, found.raised) == (set_["stem"], set_["below"], set_["above"])
    assert (found.line or set_["name"]) == set_["line"]


def test_greek_letters_are_letters_and_words_are_upright() -> None:
    assert [letters(name).shown for name in ("alpha", "lambda_1", "α", "rate")] == ["α", "λ", "α", "rate"]
    assert [letters(name).upright for name in ("alpha", "x1", "rate")] == [False, False, True]


def test_the_same_in_latex_and_mathml() -> None:
    assert letters("w2_13").tex == "w_{13}^{(2)}"
    assert letters("w2_13").mathml == (
        "<msubsup><mi>w</mi><mrow><mn>13</mn></mrow><mrow><mo>(</mo><mn>2</mn><mo>)</mo></mrow></msubsup>"
    )
    assert letters("x_i1").mathml == "<msub><mi>x</mi><mrow><mi>i</mi><mn>1</mn></mrow></msub>"
    assert (letters("_x").tex, letters("_x").mathml) == (r"\mathrm{\_x}", "<mi>_x</mi>")


@given(st.from_regex(r"[a-zA-Zα-ω_]\w{0,8}", fullmatch=True))
def test_nothing_of_a_name_is_lost(name: str) -> None:
    """Underscores are signs between indices; all else is on the page."""
    found = letters(name)
    ElementTree.fromstring(found.mathml)
    assert (found.stem + found.above + found.below).replace(",", "").replace("_", "") == name.replace("_", "")


@pytest.mark.parametrize("remembering", [typeset.letters, typeset.pieces, names._em, derivation._slope_tex])
def test_what_is_remembered_of_what_people_write_has_a_bound(remembering: Any) -> None:
    """Else whoever sends other names each time fills the server's memory."""
    assert remembering.cache_info().maxsize is not None
