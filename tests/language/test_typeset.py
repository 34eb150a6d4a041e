"""Names as mathematics sets them: one reading of a name, three ways to write it."""

from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphviz_backprop.language.typeset import Letters, letters


@pytest.mark.parametrize(
    ("name", "set_"),
    [
        ("x", Letters("x")),
        ("w12", Letters("w", "12")),
        ("w_12", Letters("w", "12")),
        ("w_1_2", Letters("w", "1,2")),
        ("w2_13", Letters("w", "13", "2")),
        ("w2_1_13", Letters("w", "1,13", "2")),
        ("b2_1", Letters("b", "1", "2")),
        ("C0", Letters("C", "0")),
        ("loss", Letters("loss")),
        ("x_", Letters("x")),
        ("_x", Letters("_x")),
    ],
)
def test_a_name_is_read(name: str, set_: Letters) -> None:
    assert letters(name) == set_


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
