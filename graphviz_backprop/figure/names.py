"""Names in the texts of a figure, set as :mod:`graphviz_backprop.language.typeset` reads them.

What is copied is what was typed, ``data-typed``.
"""

from __future__ import annotations

import math
from functools import lru_cache
from unicodedata import east_asian_width
from xml.sax.saxutils import escape as _escape

from graphviz_backprop.language.typeset import Letters, letters, pieces

SCRIPT, SMALL_SCRIPT = 11, 10
"""Sizes of indices in pixels: in a graph, and in a network's circles."""

_DIGIT, _COMMA, _BRACKET = 0.58, 0.3, 0.34  # widths of indices, in their size
_DOWN, _UP = 4, 6


def escape(text: str) -> str:
    """Text for an element or an attribute: quotes too, as :mod:`graphviz_backprop.figure.fields` asks."""
    return _escape(text, {'"': "&quot;"})


def set_text(text: str) -> str:
    """A text's markup. What follows a name is back on its line."""
    parts: list[str] = []
    along, down = 0.0, 0
    for typed, found in pieces(text):
        if found is None:
            back = f' dx="{along:.1f}" dy="{down}"' if along or down else ""
            parts.append(f"<tspan{back}>{escape(typed)}</tspan>" if back else escape(typed))
            along, down = 0.0, 0
            continue
        name = escape(found.shown) + _scripts(found, SCRIPT)
        parts.append(f'<tspan data-typed="{escape(typed)}">{name}</tspan>')
        along, down = _behind(found), back_from(found)
    return "".join(parts)


def is_set(text: str) -> bool:
    """Whether a name in it does not stand as it was typed."""
    return any(found for _, found in pieces(text))


def set_name(name: str) -> str:
    """The markup of a name that stands alone, its stem slanted if it is a letter."""
    found = letters(name)
    stem = f'<tspan class="{"word" if found.upright else "stem"}">{escape(found.shown)}</tspan>'
    return stem + _scripts(found, SMALL_SCRIPT)


def back_from(found: Letters) -> int:
    """From the end of a name that is set, down to its line."""
    return _UP if found.above else -_DOWN if found.below else 0


def _scripts(found: Letters, size: int) -> str:
    """First what stands below, then, going back, what stands above it."""
    if not found.below:
        return ""
    below = f'<tspan dy="{_DOWN}" class="script">{escape(found.below)}</tspan>'
    if not found.above:
        return below
    back = f"{-_narrow(found.below) * size:.1f}".removesuffix(".0")
    return f'{below}<tspan dx="{back}" dy="{-_DOWN - _UP}" class="script">{escape(found.raised)}</tspan>'


def _behind(found: Letters) -> float:
    """From the end of what stands above to the end of what stands below, where that is longer."""
    return max(0.0, _narrow(found.below) - _narrow(found.raised)) * SCRIPT if found.above else 0.0


def _narrow(script: str) -> float:
    return sum({",": _COMMA, "(": _BRACKET, ")": _BRACKET}.get(sign, _DIGIT) for sign in script)


# Widths


def width(text: str, size: int) -> int:
    """Pixels that a text needs as typed, in any of the usual fonts, bold and fixed-pitch ones included."""
    return math.ceil(size * _ems(text))


def set_width(text: str, size: int) -> int:
    """The same of a text whose names are set: never more."""
    return math.ceil(sum(_wide(typed, found, size) for typed, found in pieces(text)))


def _wide(typed: str, found: Letters | None, size: int) -> float:
    if found is None:
        return size * _ems(typed)
    return size * _ems(found.shown) + min(SCRIPT, size) * max(_ems(found.below), _ems(found.raised))


def _ems(text: str) -> float:
    return sum(map(_em, text))


@lru_cache(maxsize=4096)
def _em(letter: str) -> float:
    if letter in "mwMW@%…→←" or east_asian_width(letter) in "WF":
        return 1.05
    return 0.85 if letter.isupper() or letter in "+−=×<>" else 0.65
