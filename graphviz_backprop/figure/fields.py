"""The one binding on the server: whatever shows a live number carries ``data-field``, the number's name.

``static/page/fields.js`` fills the same elements in the browser.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import escape

from graphviz_backprop.figure.cells import shaded
from graphviz_backprop.language.numerals import format_number

SHORT = 3
"""Digits in the cells of a grid."""

# An element's start tag from the attribute on, and the text after it. Our markup escapes quotes in texts,
# so that nothing a user writes looks like the attribute.
_PLACE = re.compile(r'data-field="([^"]*)"([^<>]*)>[^<]*')


def fill(markup: str, fields: Mapping[str, float | str | None]) -> str:
    """The markup with each field's number as the text of the elements that carry its name.

    A number that does not exist (None) leaves its element empty. A field that is not among ``fields``
    keeps the text it has, so that several can fill one page. ``(c.value)`` is the number of ``c.value``,
    in parentheses where it is negative; ``~c[0,1].value`` is a number in a tensor's grid, with few digits.
    """
    texts: dict[str, str] = {}

    def put(place: re.Match[str]) -> str:
        field, rest = place.groups()
        text = texts.get(field)
        if text is None:
            name = field.strip("()~")
            if name not in fields:
                return place[0]
            text = texts[field] = _shown(fields[name], field[0])
        return f'data-field="{field}"{rest}>{text}'

    return shaded(_PLACE.sub(put, markup), fields)


def _shown(number: float | str | None, mark: str) -> str:
    """A number's text; as a factor or a base, a negative one in parentheses. A text is escaped."""
    if isinstance(number, str):
        return escape(number)
    text = "" if number is None else format_number(number, SHORT if mark == "~" else None)
    return f"({text})" if mark == "(" and text.startswith("-") else text
