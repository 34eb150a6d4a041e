"""Numbers as people read them: the same text for the same double here and in ``static/engine/numerals.js``.

Four significant digits, or as many as are chosen, never fewer than all the integer digits, and powers of ten
where a number is very large or very small. Exact ties round away from zero, as JavaScript does it.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from decimal import ROUND_HALF_UP, Context, Decimal

FEWEST, USUAL, MOST = 3, 4, 17

_DIGITS = ContextVar("digits", default=USUAL)


def digits() -> int:
    """How many significant digits are shown."""
    return _DIGITS.get()


@contextmanager
def shown_with(count: int | None) -> Iterator[None]:
    """Shows so many digits inside; None, and it is as outside. Raises ValueError for what can't be."""
    if count is None:
        yield
        return
    if not FEWEST <= count <= MOST:
        raise ValueError(f"digits are {count}, and should be from {FEWEST} to {MOST}")
    token = _DIGITS.set(count)
    try:
        yield
    finally:
        _DIGITS.reset(token)


def show(count: int) -> None:
    """Shows so many digits from here on, in this thread or task."""
    _DIGITS.set(count)


def widest() -> str:
    """No number's text is longer than this one: boxes are measured on it."""
    return f"-1.{'234567890123456789'[: digits() - 1]}e-100"


def typed(x: float) -> str:
    """A double as one would type it, with every digit: ``2``, ``-0.5``, ``1e+20``."""
    return repr(float(x)).removesuffix(".0")


def format_number(x: float, count: int | None = None) -> str:
    """A number as text: ``0.3333``, ``12346``, ``-1.5e-7``, ``NaN``, ``-Infinity``.

    It has as many digits as are chosen, or ``count``.
    """
    if math.isnan(x):
        return "NaN"
    size = abs(x)
    sign = "-" if x < 0 else ""
    if math.isinf(x):
        return f"{sign}Infinity"
    if size == 0:
        return "0"
    count = count or digits()
    large = max(6, count)  # from this power of ten on, powers are written
    if 10.0 ** (count - 1) <= size < 10.0**large - 0.5:
        return sign + f"{Decimal(size).quantize(_ONE, ROUND_HALF_UP)}"
    return sign + _written(Decimal(_rounded(size, count)), large)


_ONE = Decimal(1)


def _written(exact: Decimal, large: int) -> str:
    power = exact.adjusted()
    if -4 <= power < large:
        return _stripped(f"{exact:f}")
    first, *others = map(str, exact.normalize().as_tuple().digits)
    return f"{first}{'.' if others else ''}{''.join(others)}e{power}"


def _rounded(size: float, count: int) -> str:
    """Scientific notation with so many digits; all of them, where so few read back as the same double."""
    if count > 15 and len(Decimal(repr(size)).normalize().as_tuple().digits) <= count:
        return repr(size)
    # Only what ends in a 5 at the next digit can be a tie, which Python would round to even.
    if f"{size:.{count}e}".split("e")[0].endswith("5"):
        ties_away = Context(prec=count, rounding=ROUND_HALF_UP)
        return f"{ties_away.create_decimal(Decimal(size)):.{count - 1}e}"
    return f"{size:.{count - 1}e}"


def _stripped(text: str) -> str:
    """Without the zeros that follow the last digit of a fraction."""
    return text.rstrip("0").rstrip(".") if "." in text else text


def full_number(x: float) -> str:
    """All digits, as short as they read back as the same double: ``0.1``, ``1.23456e-9``, ``-0``."""
    if not math.isfinite(x):
        return format_number(x)
    exact = Decimal(repr(abs(x)))
    sign = "-" if math.copysign(1.0, x) < 0 else ""
    if x == 0 or -7 <= exact.adjusted() < 21:
        return sign + _stripped(f"{exact:f}")
    digits = "".join(map(str, exact.normalize().as_tuple().digits))
    return f"{sign}{digits[0]}{'.' if digits[1:] else ''}{digits[1:]}e{exact.adjusted()}"
