"""What somebody answers: a number, a fraction, an expression without names; and when that is right."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

from graphviz_backprop.engine import autodiff
from graphviz_backprop.language.errors import ExpressionError
from graphviz_backprop.language.numerals import format_number, full_number
from graphviz_backprop.language.parser import Limits, parse

MOST = Limits(characters=200, nodes=100, variables=1)
"""No answer is longer."""

EXACT = 1e-9
"""So near, relative to their size, are numbers that are the same but for rounding."""

DIGITS = 3
"""A decimal number with so many digits is right where it is the rounded one."""

_SHOWN = 4
"""So many digits of a number stand on the page."""

_NAMED = re.compile(r"(?:[^=≈<>!\n]*[=≈])+(?![=≈])")
_COMMA = re.compile(r"([-−+]?\d+),(\d+)")
_IN_CALCULATION = re.compile(r"\d+\.\d*|\.\d+")
_DECIMAL = re.compile(r"\s*[+\-]?(\d*\.?\d*)(?:[eE]([+\-]?\d+))?\s*")
_IN_ASCII = str.maketrans({**dict.fromkeys("−–‐‑－", "-"), "＋": "+"})


class Unread(ValueError):
    """An answer that is no number."""


@dataclass(frozen=True)
class Answer:
    """A number, and half a unit of its last digit where it was typed as a decimal number; else 0.

    ``margin`` is half a unit of its third digit where decimal numbers of so many digits stand in it: what
    it was computed from may have been rounded.
    """

    value: float
    slack: float = 0.0
    digits: int = 0
    margin: float = 0.0


def read(text: str) -> Answer:
    """The answer that a text is, ``40`` or ``∂g/∂x = 40``. Raises Unread, with what is wrong in words."""
    if named := _NAMED.match(text):
        text = text[named.end() :]
    if not text.strip():
        raise Unread("there is no answer")
    if comma := _COMMA.fullmatch(text.strip()):
        raise Unread(f"a point goes before decimals: {comma[1]}.{comma[2]}")
    text = text.translate(_IN_ASCII)  # the page writes 1e−3: to the language that is e − 3
    try:
        graph = parse(text, limits=MOST)
    except ExpressionError as error:
        raise Unread(error.message) from None
    if graph.variables:
        raise Unread(
            f"{graph.variables[0]} is a name, and an answer is a number such as 40, 1/3 or 2*5^(2-1)"
        )
    if graph.nodes[-1].shape:
        raise Unread("it is a list: an answer is a number, such as 40, 1/3 or 2*5^(2-1)")
    value = autodiff.compile(graph)({}).value
    if not math.isfinite(value):
        raise Unread("it is no number")
    slack, digits = _rounding(text)
    longest = max(map(_digits, _IN_CALCULATION.findall(text)), default=0)
    return Answer(value, slack, digits, margin(value) if longest >= DIGITS else 0.0)


def margin(value: float) -> float:
    """Half a unit of the third digit of a number."""
    if not value or not math.isfinite(value):
        return 0.0
    return 0.5 * 10.0 ** (int(f"{value:e}".partition("e")[2]) + 1 - DIGITS)


def _digits(decimal: str) -> int:
    return len(decimal.replace(".", "").lstrip("0"))


def _rounding(text: str) -> tuple[float, int]:
    """Half a unit of a decimal number's last digit, and how many digits it has, leading zeros not counted."""
    match = _DECIMAL.fullmatch(text)
    if not match or not match[1].strip("."):
        return 0.0, 0
    _, _, fraction = match[1].partition(".")
    power = int(match[2]) if match[2] and len(match[2]) < 5 else 0
    return 0.5 * 10.0 ** (power - len(fraction)), _digits(match[1])


def same(a: float, b: float, size: float = 0.0) -> bool:
    """Whether two numbers are the same but for rounding; ``size`` is that of what they were computed from."""
    if not (math.isfinite(a) and math.isfinite(b)):
        return a == b  # infinity is as near to itself as to nothing else
    return abs(a - b) <= EXACT * max(abs(a), abs(b)) + 1e-14 * size


def right(answer: Answer, number: float, size: float = 0.0) -> bool:
    """Whether the answer is this number, exactly or rounded to three digits or more."""
    if same(answer.value, number, size):
        return True
    rounded = answer.digits >= DIGITS and math.isfinite(answer.value)
    return rounded and abs(answer.value - number) <= answer.slack * (1 + EXACT)


def near(answer: Answer, number: float) -> bool:
    """Whether the answer is this number to three digits, computed from rounded ones.

    Never where the number has so few digits that nobody rounds it.
    """
    short = same(float(f"{number:.{_SHOWN - 1}e}"), number)
    return not short and abs(answer.value - number) <= answer.margin * (1 + EXACT)


def gives(answer: Answer, number: float, size: float = 0.0) -> bool:
    """Whether a mistake that gives this number explains the answer: whole numbers are taken at their word."""
    if same(answer.value, number, size):
        return True
    rounded = 0 < answer.slack < 0.5 and answer.digits >= 2
    return rounded and abs(answer.value - number) <= answer.slack * (1 + EXACT)


def coarse(answer: Answer, number: float) -> bool:
    """Whether the answer is this number, rounded too far."""
    few = 0 < answer.digits < DIGITS and answer.slack < 0.5
    return few and abs(answer.value - number) <= answer.slack * (1 + EXACT)


def compared(given: float, right: float) -> str:
    """Both in words, with four digits; with all of them where four do not tell."""
    write = format_number if format_number(given) != format_number(right) else full_number
    return f"{write(given)} where {write(right)} is right"
