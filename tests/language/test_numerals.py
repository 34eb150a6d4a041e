"""Numbers as text. tests/js/numbers.test.js checks the same table in the browser's half."""

import json
import math
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphviz_backprop.language.numerals import WIDEST, format_number

CASES = json.loads((Path(__file__).parents[1] / "support" / "numerals.json").read_text())


@pytest.mark.parametrize(("x", "text"), CASES)
def test_writes(x: float | str, text: str) -> None:
    assert format_number(float(x)) == text


@given(st.floats())
def test_no_text_is_longer_than_the_widest(x: float) -> None:
    assert len(format_number(x)) <= len(WIDEST)


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_keeps_four_digits(x: float) -> None:
    shown = Decimal(format_number(x))
    assert abs(shown - Decimal(x)) <= abs(Decimal(x)) * Decimal("0.0005000001")


@given(st.floats(allow_nan=False))
def test_a_negative_number_is_its_opposite_with_a_sign(x: float) -> None:
    assert format_number(-abs(x)).removeprefix("-") == format_number(abs(x))


@given(st.integers(-999_999, 999_999))
def test_whole_numbers_keep_all_their_digits(n: int) -> None:
    assert format_number(float(n)) == str(n)


@given(st.floats(1e-4, 999_999, exclude_max=True))
def test_no_powers_of_ten_for_usual_numbers(x: float) -> None:
    text = format_number(x)
    assert "e" not in text
    assert not ("." in text and text.endswith("0"))
    assert math.isclose(float(text), x, rel_tol=0.00050001)
