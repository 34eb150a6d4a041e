"""Formulas of spreadsheets: a leading =, functions in capitals, -A1^2 as the square of -A1.

Operators bind as spreadsheets have it: the sign first, then %, then ^ from left to right. Between arguments
stands a comma, or a semicolon where numbers have a decimal comma.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

from graphviz_backprop.language.errors import ExpressionError
from graphviz_backprop.language.ops import LANGUAGE
from graphviz_backprop.language.pasted.converted import Converted, Piece, Rope, Span, flat

_FUNCTIONS: Mapping[str, str] = {
    **{name: name for name in LANGUAGE.names() if name.isascii() and "_" not in name and name != "log"},
    **{"power": "pow", "average": "mean", "if": "where", "logistic": "sigmoid"},
}
_CALLED = re.compile(r"\b[A-Z][A-Z0-9]*(?=\()")
_CELL = re.compile(r"\$?([A-Za-z]{1,3})\$?(\d{1,7})")
_TOKEN = r"""(?x)\s*(?:
    (?P<name>\$?[^\W\d][\w.$]*)
    | (?P<number>(?:\d+(?:POINT\d*)?|POINT\d+)(?:[eE][-+]?\d+)?)
    | (?P<sign><=|>=|<>|[-+*/^=<>%(),;−])
    | (?P<other>\S))"""
_WITH_POINTS = re.compile(_TOKEN.replace("POINT", r"\."))
_WITH_COMMAS = re.compile(_TOKEN.replace("POINT", "[.,]"))
_BINARY = {  # how tightly they bind, and how the language writes them
    **{
        "=": (1, " == "),
        "<>": (1, " != "),
        "<": (1, " < "),
        ">": (1, " > "),
        "<=": (1, " <= "),
        ">=": (1, " >= "),
    },
    **{"+": (2, " + "), "-": (2, " - "), "*": (3, " * "), "/": (3, " / "), "^": (4, "^")},
}
_UNARY = 5
_OTHERS = {
    ":": "write out the cells of a range, each of them",
    "!": "write the cell without its sheet",
    '"': "texts are not computed with",
    "&": "texts are not computed with",
}


class _Open(NamedTuple):
    """What waits for its operand: an operator, or a parenthesis, of a function if it has a name."""

    sign: str
    binds: int
    span: Span
    name: str = ""
    commas: int = 0


def recognise(text: str) -> bool:
    """Whether the text, which is no program of the language, is a formula: by its = or its capitals."""
    if re.search(r"[\\{}]", text):
        return False
    if re.match(r"\s*=[^=]", text):
        return True
    calls = _CALLED.findall(text)
    known = calls and all(name.lower() in _FUNCTIONS or name in ("LOG", "PI") for name in calls)
    return bool(known)


def convert(text: str) -> Converted:
    """The program that the formula computes. Raises ExpressionError at what can't be read."""
    return Converted(flat(_Formula(text).read()))


class _Formula:
    def __init__(self, text: str) -> None:
        self.text = text
        self.marked = re.match(r"\s*=", text)  # else it may be meant as people write, too
        self.token = _WITH_COMMAS if ";" in text else _WITH_POINTS
        self.operands: list[Rope] = []
        self.open: list[_Open] = []
        self.names: dict[str, str] = {}

    def read(self) -> Rope:
        at = self.marked.end() if self.marked else 0
        end = len(self.text.rstrip())
        ended = False
        while at < end:
            found = self.token.match(self.text, at)
            assert found is not None  # what is nothing else is the last group
            kind = found.lastgroup or ""
            at = found.end()
            ended = self._take(kind, found[kind], found.span(kind), ended, at)
        if not ended:
            raise ExpressionError("the formula is not finished", max(end - 1, 0), end)
        self._reduce(0)
        if self.open:
            raise ExpressionError("this ( is never closed", *self.open[-1].span, "add a )")
        return self.operands[0]

    def _take(self, kind: str, text: str, span: Span, ended: bool, after: int) -> bool:
        """Takes in a token; whether a value has ended with it."""
        if kind == "other":
            raise ExpressionError(f"{text} can't be read here", *span, _OTHERS.get(text, ""))
        if kind in ("name", "number"):
            if ended:
                raise ExpressionError(f"there is no operator before {text}", *span, "write * for a product")
            if kind == "name" and re.compile(r"\s*\(").match(self.text, after):
                self.open.append(_Open("", 0, span, text))
                return False
            self.operands.append(
                Piece(text.replace(",", ".") if kind == "number" else self._name(text, span), span)
            )
            return True
        return self._sign(text.replace("−", "-"), span, ended)

    def _sign(self, sign: str, span: Span, ended: bool) -> bool:
        if sign == "(":
            if ended:
                raise ExpressionError("there is no operator before (", *span, "write * for a product")
            waits = bool(self.open) and self.open[-1].sign == "" and self.open[-1].name != ""
            name, start = (self.open[-1].name, self.open.pop().span[0]) if waits else ("", span[0])
            self.open.append(_Open("(", 0, (start, span[1]), name))
            return False
        if sign == ")":
            self._close(span, ended)
            return True
        if sign in (",", ";"):
            self._comma(sign, span, ended)
            return False
        if not ended:
            if sign not in "+-":
                raise ExpressionError(f"{sign} needs a value on its left", *span)
            self.open.append(_Open(f"sign{sign}", _UNARY, span))
            return False
        if sign == "%":
            value = self.operands.pop()
            self.operands.append([Piece("(", span), value, Piece(" / 100)", span)])
            return True
        binds, _ = _BINARY[sign]
        if sign == "^" and not self.marked and self.open and self.open[-1].sign == "sign-":
            raise ExpressionError("-x^2 can mean two things", *self.open[-1].span, "write -(x^2) or (-x)^2")
        self._reduce(binds)
        self.open.append(_Open(sign, binds, span))
        return False

    def _reduce(self, binds: int) -> None:
        """Applies the operators that bind as tightly or more."""
        while self.open and self.open[-1].binds >= max(binds, 1):
            sign, _, span, _, _ = self.open.pop()
            right = self.operands.pop()
            if sign == "sign-":
                self.operands.append([Piece("(-", span), right, Piece(")", span)])
            elif sign == "sign+":
                self.operands.append(right)
            else:
                left = self.operands.pop()
                self.operands.append(
                    [Piece("(", span), left, Piece(_BINARY[sign][1], span), right, Piece(")", span)]
                )

    def _complete(self, sign: str, span: Span, ended: bool) -> None:
        """An operator before it has its value."""
        if not ended and self.open and self.open[-1].binds:
            raise ExpressionError(f"a value is missing before {sign}", *span)

    def _comma(self, sign: str, span: Span, ended: bool) -> None:
        self._complete(sign, span, ended)
        self._reduce(0)
        if not ended or not self.open or not self.open[-1].name:
            raise ExpressionError(f"{sign} only stands between the arguments of a function", *span)
        self.open[-1] = self.open[-1]._replace(commas=self.open[-1].commas + 1)

    def _close(self, span: Span, ended: bool) -> None:
        self._complete(")", span, ended)
        self._reduce(0)
        if not self.open:
            raise ExpressionError("this ) has no ( before it", *span, "remove it")
        opened = self.open.pop()
        whole = opened.span[0], span[1]
        if opened.name:
            count = opened.commas + 1 if ended else 0
            if opened.commas and not ended:
                raise ExpressionError("a value is missing before )", *span)
            args = self.operands[len(self.operands) - count :]
            del self.operands[len(self.operands) - count :]
            self.operands.append(self._call(opened.name, args, whole))
        elif not ended:
            raise ExpressionError("a value is missing before )", *span)

    # Names and numbers

    def _name(self, text: str, span: Span) -> str:
        if text.lower() in ("true", "false"):
            return str(int(text.lower() == "true"))
        if text.lower() in ("e", "pi"):
            hint = "write PI()" if text.lower() == "pi" else "write EXP(1)"
            raise ExpressionError(f"{text} is no constant in a spreadsheet", *span, hint)
        cell = _CELL.fullmatch(text)
        name = (cell[1] + cell[2]).upper() if cell and ("$" in text or text.isupper()) else text
        if "$" in name or "." in name:
            raise ExpressionError(f"{text} is no name", *span)
        return self.names.setdefault(name.lower(), name)  # capitals or not, it is the same

    def _call(self, name: str, args: list[Rope], span: Span) -> Rope:
        plain = name.lower()
        count = len(args)
        if plain == "pi" and not count:
            return Piece("pi", span)
        if plain == "log" and count == 1 and not (self.marked or name.isupper()):
            raise ExpressionError("log has base 10 in a spreadsheet", *span, "write LN(x) or LOG10(x)")
        if plain == "log" and count in (1, 2):
            plain = "log10" if count == 1 else "log"
        elif plain == "atan2" and count == 2:
            args = args[::-1]  # there it is ATAN2(x, y)
        elif plain in ("and", "or") and count:
            truths: list[Rope] = [[Piece("(", span), arg, Piece(" != 0)", span)] for arg in args]
            return self._joined(
                "(" if plain == "and" else "max(", truths, " * " if plain == "and" else ", ", span
            )
        elif plain in ("not", "radians", "degrees") and count == 1:
            tail = {"not": " == 0)", "radians": " * pi / 180)", "degrees": " * 180 / pi)"}[plain]
            return [Piece("(", span), args[0], Piece(tail, span)]
        elif plain not in _FUNCTIONS:
            raise ExpressionError(f"{name} is not a function here", *span)
        else:
            plain = _FUNCTIONS[plain]
        if plain == "where" and count != 3:
            raise ExpressionError("IF takes 3 arguments here", *span, "IF(A1 > 0, A1, 0)")
        return self._joined(f"{plain}(", args, ", ", span)

    def _joined(self, head: str, args: list[Rope], comma: str, span: Span) -> Rope:
        found: list[Rope] = [Piece(head, span)]
        for at, arg in enumerate(args):
            found += [Piece(comma, span), arg] if at else [arg]
        return [*found, Piece(")", span)]
