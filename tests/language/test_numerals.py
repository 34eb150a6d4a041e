"""Numbers as text. tests/js/numbers.test.js checks the same table in the browser's half."""

import json
import math
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphviz_backprop.language.numerals import FEWEST, MOST, format_number, full_number, shown_with, widest

CASES = json.loads((Path(__file__).parents[1] / "support" / "numerals.json").read_text())


@pytest.mark.parametrize(("x", "text"), CASES)
def test_writes(x: float | str, text: str) -> None:
    assert format_number(float(x)) == text


COUNTS = st.integers(FEWEST, MOST)


@given(st.floats(), COUNTS)
def test_no_text_is_longer_than_the_widest(x: float, count: int) -> None:
    with shown_with(count):
        assert len(format_number(x)) <= len(widest())


@given(st.floats(allow_nan=False, allow_infinity=False), COUNTS)
def test_keeps_as_many_digits_as_are_chosen(x: float, count: int) -> None:
    with shown_with(count):
        shown = Decimal(format_number(x))
    near = abs(shown - Decimal(x)) <= abs(Decimal(x)) * Decimal("0.5000001") / 10 ** (count - 1)
    assert near or (count > 15 and float(shown) == x)
    assert len(shown.as_tuple().digits) <= max(count, 6) or count == MOST


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_seventeen_digits_are_all(x: float) -> None:
    with shown_with(MOST):
        assert float(format_number(x)) == x
    assert float(full_number(x)) == x


@pytest.mark.parametrize("count", [2, 18, 0, -1])
def test_digits_that_can_not_be(count: int) -> None:
    with pytest.raises(ValueError, match="from 3 to 17"), shown_with(count):
        pass


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
