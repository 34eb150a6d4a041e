"""Numbers as people read them: the same text for the same double here and in ``static/engine/numerals.js``.

Four significant digits, never fewer than all the integer digits, and powers of ten where a number is
very large or very small. Exact ties round away from zero, as JavaScript does it.
"""

from __future__ import annotations

import math
from decimal import ROUND_HALF_UP, Context, Decimal

WIDEST = "-1.234e-100"
"""No number's text is longer than this one: boxes are measured on it."""

_TIES_AWAY = Context(prec=4, rounding=ROUND_HALF_UP)


def typed(x: float) -> str:
    """A double as one would type it, with every digit: ``2``, ``-0.5``, ``1e+20``."""
    return repr(float(x)).removesuffix(".0")


def format_number(x: float) -> str:
    """A number as text: ``0.3333``, ``12346``, ``-1.5e-7``, ``NaN``, ``-Infinity``."""
    if math.isnan(x):
        return "NaN"
    size = abs(x)
    sign = "-" if x < 0 else ""
    if math.isinf(x):
        return f"{sign}Infinity"
    if size == 0:
        return "0"
    if 1000 <= size < 999999.5:
        return f"{sign}{math.floor(size + 0.5)}"
    return sign + _four_digits(size)


def _four_digits(size: float) -> str:
    mantissa, exponent = _rounded(size).split("e")
    power = int(exponent)
    if -4 <= power <= 3:  # 999.96 has been rounded to 1.000e+03
        return _stripped(f"{float(f'{mantissa}e{power}'):.{3 - power}f}")
    return f"{_stripped(mantissa)}e{power}"


def _rounded(size: float) -> str:
    """Scientific notation with four digits."""
    # Only what ends in a 5 at the next digit can be a tie, which Python would round to even.
    if f"{size:.4e}".split("e")[0].endswith("5"):
        return f"{_TIES_AWAY.create_decimal(Decimal(size)):.3e}"
    return f"{size:.3e}"


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
