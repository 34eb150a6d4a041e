"""Formulas that wrap: browsers break no line inside a ``<math>``, but between two of them they do."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from html import unescape

# A formula of no more signs than this, and of letters, fits into the narrowest column as one.
_SHORT, _LETTERS = 10, 24
_ROOM = 20  # letters, of a fraction there
_SCRIPT = 0.7  # of a letter, one in an index or an exponent
_NUMBER = 6  # letters, of one that is put in later
_WHOLE = re.compile(r"<math[^>]*>")
_TAG = re.compile(r"<(/?)(\w+)[^>]*?(/?)>")
_LEAF = re.compile(r"<m[ino][ >]")
_COMMA, _OPENS = "<mo>&#x0002C;</mo>", "&#x00028;</mo>"
_CALL = re.compile(r"<m[io]>[a-z]{2}|<mo />")  # before a name of several words is an empty sign
_FIRST, _LAST = 'form="prefix"', 'form="postfix"'
# A line may begin with =, ≈, + or −, with × between numbers, or with a sign that a field gives.
_SUMS = "|".join(f"&#x{sign};" for sign in ("0003D", "02248", "0002B", "02212"))
_SUM = re.compile(f'<mo(?: data-field="[^"]*")?>(?:{_SUMS})?</mo>')
_MINUS = "<mo>&#x02212;</mo>"
_TIMES = re.compile("<mo>&#x000B7;</mo>")  # and one with this, where it is a long product's
_OVER = '<mo lspace="0" rspace="0">&#x0002F;</mo>'  # and with this, of a fraction that is too wide
_BREAKS = re.compile(f"{_SUM.pattern}|<mo>&#x000D7;</mo>|{_OVER}")


def wrapped(math: str) -> str:
    """A formula in MathML as several, where it is long: one for each side, each term at its top, each factor
    of a long one, and each argument of a long call. A fraction that is too wide is written in one line."""
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
    """The same, wide fractions in a line and long parentheses opened: their power is one of the last one."""
    row = list(parts)
    for at, part in enumerate(row):
        base, power = _inside(part) if part.startswith("<msup>") else (part, "")
        fenced = _inside(base) if base.startswith("<mrow>") else []
        if part.startswith("<mfrac") and any(_width(one) > _ROOM for one in _inside(part)):
            yield from _in_a_line(part, row[:at], row[at + 1 :])
        elif _is_short(part) or not _is_fenced(fenced):
            yield part
        else:
            first, *inner, last = fenced
            yield _small(first)
            yield from _opened(inner)
            yield f"<msup>{_small(last)}{power}</msup>" if power else _small(last)


def _is_fenced(parts: list[str]) -> bool:
    return len(parts) >= 3 and _FIRST in parts[0] and _LAST in parts[-1]


def _in_a_line(fraction: str, before: list[str], after: list[str]) -> Iterator[str]:
    """A fraction as a quotient: in parentheses, where it does not stand between signs that bind less."""
    above, below = (_inside(one) for one in _inside(fraction))
    quotient = [*_one(above), _OVER, *_one(below)]
    is_term = all(map(_parts, [*before[-1:], *after[:1]]))
    is_taken_from_nothing = before[-1:] == [_MINUS] and all(map(_parts, before[-2:-1]))
    yield from quotient if is_term and not is_taken_from_nothing else _in_parentheses(quotient)


def _parts(sign: str) -> bool:
    """Whether it binds less than a product does."""
    return bool(_SUM.fullmatch(sign)) or sign == _COMMA


def _one(parts: list[str]) -> Iterable[str]:
    """What is divided, or divides: in parentheses where it is more than one thing."""
    inner = _inside(parts[0])
    is_thing = not parts[0].startswith(("<mfrac", "<mrow")) or _is_fenced(inner)
    is_name = all(one.startswith("<mi") for one in inner)
    return _opened(parts) if len(parts) == 1 and (is_thing or is_name) else _in_parentheses(_opened(parts))


def _in_parentheses(parts: Iterable[str]) -> Iterator[str]:
    yield _PARENTHESIS.format(_FIRST, "&#x00028;")
    yield from parts
    yield _PARENTHESIS.format(_LAST, "&#x00029;")


_PARENTHESIS = '<mo stretchy="false" fence="true" {}>{}</mo>'


def _width(part: str) -> float:
    """About how wide it is, in letters."""
    inner = [_width(one) for one in _inside(part)]
    match part[1:].split(">")[0].split(" ")[0]:
        case "mfrac" | "mtable":
            return max(inner)
        case "msub" | "msup":
            return inner[0] + _SCRIPT * inner[1]
        case "msubsup":
            return inner[0] + _SCRIPT * max(inner[1:])
        case "mn" if "data-field" in part:
            return _NUMBER
    letters = len(unescape(_TAG.sub("", part)))
    return sum(inner) if inner else letters + bool(_BREAKS.fullmatch(part) or _TIMES.fullmatch(part))


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
