"""Formulas that wrap: browsers break no line inside a ``<math>``, but between two of them they do."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from html import unescape

# A formula of no more signs than this, and of letters, fits into the narrowest column as one.
_SHORT, _LETTERS = 10, 24
_NUMBER = 6  # letters, of one that is put in later
_WHOLE = re.compile(r"<math[^>]*>")
_TAG = re.compile(r"<(/?)(\w+)[^>]*?(/?)>")
_LEAF = re.compile(r"<m[ino][ >]")
_COMMA, _OPENS = "<mo>&#x0002C;</mo>", "&#x00028;</mo>"
_CALL = re.compile(r"<m[io]>[a-z]{2}|<mo />")  # before a name of several words is an empty sign
_FIRST, _LAST = 'form="prefix"', 'form="postfix"'
# A line may begin with =, ≈, + or −, with × between numbers, or with a sign that a field gives.
_SIGNS = "|".join(f"&#x{sign};" for sign in ("0003D", "02248", "0002B", "02212", "000D7"))
_BREAKS = re.compile(f'<mo(?: data-field="[^"]*")?>(?:{_SIGNS})?</mo>')
_TIMES = re.compile("<mo>&#x000B7;</mo>")  # and one with this, where it is a long product's


def wrapped(math: str) -> str:
    """A formula in MathML as several, where it is long: one for each side, each term at its top, each factor
    of a long one, and each argument of a long call."""
    start = _WHOLE.match(math)
    if start is None or _is_short(math):
        return math
    (row,) = _inside(math)
    pieces = (cut for piece in _pieces(_opened(_inside(row)), _BREAKS) for cut in _factors(piece))
    return "".join(f"{start[0]}<mrow>{''.join(piece)}</mrow></math>" for piece in pieces)


def _is_short(markup: str) -> bool:
    letters = len(unescape(_TAG.sub("", markup))) + _NUMBER * markup.count("<mn data-field")
    return letters <= _LETTERS and len(_LEAF.findall(markup)) <= _SHORT


def _inside(element: str) -> list[str]:
    """The elements in another one."""
    found, depth, begin = [], -1, 0
    for tag in _TAG.finditer(element):
        depth += -1 if tag[1] else 0 if tag[3] else 1
        if depth == 0 and begin:
            found.append(element[begin : tag.end()])
        if depth == 0:
            begin = tag.end()
    return found


def _opened(parts: Iterable[str]) -> Iterator[str]:
    """The same, long parentheses opened: their power is one of the last parenthesis."""
    for part in parts:
        base, power = _inside(part) if part.startswith("<msup>") else (part, "")
        fenced = _inside(base) if base.startswith("<mrow>") else []
        if _is_short(part) or len(fenced) < 3 or _FIRST not in fenced[0] or _LAST not in fenced[-1]:
            yield part
            continue
        first, *inner, last = fenced
        yield _small(first)
        yield from _opened(inner)
        yield f"<msup>{_small(last)}{power}</msup>" if power else _small(last)


def _small(parenthesis: str) -> str:
    return parenthesis.replace('stretchy="true"', 'stretchy="false"')


def _factors(piece: list[str]) -> Iterable[list[str]]:
    return [piece] if _is_short("".join(piece)) else _pieces(piece, _TIMES)


def _pieces(parts: Iterable[str], breaks: re.Pattern[str]) -> Iterator[list[str]]:
    """The parts, in pieces; all but the first begin with an operator between two things, behind a comma or
    with a call in a call."""
    piece: list[str] = []
    for part in parts:
        after_sign = piece and piece[-1].startswith("<mo") and _LAST not in piece[-1]
        if piece and breaks.fullmatch(part) and not after_sign:
            yield piece
            piece = [part.replace("<mo", '<mo form="infix"', 1)]
        elif piece and (piece[-1] == _COMMA or (piece[-1].endswith(_OPENS) and _CALL.match(part))):
            yield piece
            piece = [part]
        else:
            piece.append(part)
    yield piece
