"""The figure's style sheet for files, from ``static/figure/figure.css``, which the page uses as it is.

Viewers and converters of SVG files know classes, but hardly any know custom properties or ``light-dark()``:
in a file the colours stand in the rules.
"""

from __future__ import annotations

import re
from functools import cache

from graphviz_backprop.resources import STATIC

_SHEET = STATIC / "figure" / "figure.css"
_COLOUR = re.compile(r"--([\w-]+): light-dark\((#\w+), (#\w+)\);")
_COMMENT = re.compile(r"/\*.*?\*/", re.S)
_PALETTE = re.compile(r"^\.diagram \{.*?^\}", re.S | re.M)


@cache
def sheet() -> str:
    """The style sheet as it was written."""
    return _SHEET.read_text(encoding="utf-8")


@cache
def palettes() -> tuple[dict[str, str], dict[str, str]]:
    """The colours by name, light and dark."""
    found = _COLOUR.findall(sheet())
    return {name: light for name, light, _ in found}, {name: dark for name, _, dark in found}


@cache
def flat(dark: bool = False) -> str:
    """The rules with the colours of one theme in them."""
    colours = palettes()[dark]
    rules = _PALETTE.sub("", _COMMENT.sub("", sheet())).strip()
    return re.sub(r"var\(--([\w-]+)\)", lambda use: colours[use[1]], rules)


@cache
def themed() -> str:
    """The rules in light colours, and in dark ones for who prefers these."""
    return f"{flat()}\n@media (prefers-color-scheme: dark) {{\n{flat(dark=True)}\n}}"
