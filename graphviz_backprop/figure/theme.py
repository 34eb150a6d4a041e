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
_MIXED = re.compile(r"color-mix\(in srgb, (#\w+) (\d+)%, (#\w+)\)")
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
    rules = re.sub(r"var\(--([\w-]+)\)", lambda use: colours[use[1]], rules)
    return _MIXED.sub(lambda mix: mixed(mix[1], mix[3], int(mix[2]) / 100), rules)


def mixed(one: str, other: str, share: float) -> str:
    """A share of one colour and the rest of another."""
    pairs = ((int(one[at : at + 2], 16), int(other[at : at + 2], 16)) for at in (1, 3, 5))
    return "#" + "".join(f"{round(share * a + (1 - share) * b):02x}" for a, b in pairs)


@cache
def themed() -> str:
    """The rules in light colours, and in dark ones for who prefers these."""
    return f"{flat()}\n@media (prefers-color-scheme: dark) {{\n{flat(dark=True)}\n}}"
