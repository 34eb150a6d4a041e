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

_DECIMAL = re.compile(r"\s*[+\-]?(\d*\.?\d*)(?:[eE]([+\-]?\d+))?\s*")
_IN_ASCII = str.maketrans({**dict.fromkeys("−–‐‑－", "-"), "＋": "+"})


class Unread(ValueError):
    """An answer that is no number."""


@dataclass(frozen=True)
class Answer:
    """A number, and half a unit of its last digit where it was typed as a decimal number; else 0."""

    value: float
    slack: float = 0.0
    digits: int = 0


def read(text: str) -> Answer:
    """The answer that a text is. Raises Unread, with what is wrong in words."""
    if not text.strip():
        raise Unread("there is no answer")
    text = text.translate(_IN_ASCII)  # the page writes 1e−3: to the language that is e − 3
    try:
        graph = parse(text, limits=MOST)
    except ExpressionError as error:
        raise Unread(error.message) from None
    if graph.variables:
        raise Unread(f"{graph.variables[0]} is a name: an answer is a number, such as 40, 1/3 or 2*5^(2-1)")
    if graph.nodes[-1].shape:
        raise Unread("that is a list: an answer is a number, such as 40, 1/3 or 2*5^(2-1)")
    value = autodiff.compile(graph)({}).value
    if not math.isfinite(value):
        raise Unread("that is no number")
    slack, digits = _rounding(text)
    return Answer(value, slack, digits)


def _rounding(text: str) -> tuple[float, int]:
    """Half a unit of a decimal number's last digit, and how many digits it has, leading zeros not counted."""
    match = _DECIMAL.fullmatch(text)
    if not match or not match[1].strip("."):
        return 0.0, 0
    _, _, fraction = match[1].partition(".")
    power = int(match[2]) if match[2] and len(match[2]) < 5 else 0
    digits = len(match[1].replace(".", "").lstrip("0"))
    return 0.5 * 10.0 ** (power - len(fraction)), digits


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


def gives(answer: Answer, number: float, size: float = 0.0) -> bool:
    """Whether a mistake that gives this number explains the answer: whole numbers are taken at their word."""
    if same(answer.value, number, size):
        return True
    rounded = 0 < answer.slack < 0.5 and answer.digits >= 2
    return rounded and abs(answer.value - number) <= answer.slack * (1 + EXACT)


def compared(given: float, right: float) -> str:
    """Both in words, with four digits; with all of them where four do not tell."""
    write = format_number if format_number(given) != format_number(right) else full_number
    return f"{write(given)} where {write(right)} is right"
