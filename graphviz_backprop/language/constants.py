"""Numbers as people write them into a field: ``1/3``, ``-2pi``, ``sqrt(2)/2``, ``1e-3``.

It is the language's arithmetic without variables, in few lines, since the browser reads the same fields:
``static/state/constants.js`` is its twin. What is not finite on the way is no number.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping

LONGEST = 100

_NUMBER = r"((?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)"
_TOKEN = re.compile(rf"[ \t]*(?:{_NUMBER}|([A-Za-zπ]+)|(\*\*|[^ \t]))")
_SIGNS = {"−": "-", "·": "*", "×": "*", "**": "^"}
_VALUES: Mapping[str, float] = {"pi": math.pi, "π": math.pi, "e": math.e}
_FUNCTIONS: Mapping[str, Callable[[float], float]] = {
    "sqrt": math.sqrt,
    "exp": math.exp,
    "log": math.log,
    "ln": math.log,
    "sin": math.sin,
    "cos": math.cos,
    "tan": math.tan,
    "abs": abs,
}
_END = ("end", "")


class NoNumber(ValueError):
    """The text is no number."""


def constant(text: str) -> float:
    """The number that a text stands for. Raises NoNumber."""
    if len(text) > LONGEST:
        raise NoNumber
    reader = _Reader(_tokens(text.strip(" \t")))
    try:
        value = reader.sum()
    except (ArithmeticError, ValueError):
        raise NoNumber from None
    if reader.next != _END:
        raise NoNumber
    return value


def _tokens(text: str) -> list[tuple[str, str]]:
    found, at = [], 0
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            raise NoNumber
        number, name, sign = match.groups()
        if number:
            found.append(("number", number))
        elif name:
            found.append(("name", name))
        else:
            found.append((_SIGNS.get(sign, sign), ""))
        at = match.end()
    return [*found, _END]


class _Reader:
    """Recursive descent; a text is short, so it is not deep."""

    def __init__(self, tokens: list[tuple[str, str]]) -> None:
        self.tokens = tokens
        self.at = 0

    @property
    def next(self) -> tuple[str, str]:
        return self.tokens[self.at]

    def takes(self, sign: str) -> bool:
        found = self.next[0] == sign
        self.at += found
        return found

    def sum(self) -> float:
        value = self.product()
        while True:
            if self.takes("+"):
                value = _finite(value + self.product())
            elif self.takes("-"):
                value = _finite(value - self.product())
            else:
                return value

    def product(self) -> float:
        value = self.signed()
        while True:
            if self.takes("*"):
                value = _finite(value * self.signed())
            elif self.takes("/"):
                value = _finite(value / self.signed())
            elif self.next[0] in ("name", "("):  # 2pi
                value = _finite(value * self.power())
            else:
                return value

    def signed(self) -> float:
        if self.takes("-"):
            return -self.signed()
        return self.signed() if self.takes("+") else self.power()

    def power(self) -> float:
        base = self.atom()
        return _finite(math.pow(base, self.signed())) if self.takes("^") else base

    def atom(self) -> float:
        kind, text = self.next
        self.at += kind != "end"
        if kind == "number":
            return _finite(float(text))
        if kind == "(":
            return self.closed()
        if kind == "name" and text in _VALUES:
            return _VALUES[text]
        if kind == "name" and text in _FUNCTIONS and self.takes("("):
            return _finite(_FUNCTIONS[text](self.closed()))
        raise NoNumber

    def closed(self) -> float:
        value = self.sum()
        if not self.takes(")"):
            raise NoNumber
        return value


def _finite(value: float) -> float:
    if not math.isfinite(value):
        raise NoNumber
    return value
