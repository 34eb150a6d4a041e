"""A tensor's box: its value and its gradient as two grids, the same cells in the same places.

They stand side by side; wide ones, which would be wider than a figure between the panes, one above the other.
Sizes follow from the shape alone. Colours are filled in like numbers: ``data-shade`` names a cell, whose
paper is the less white the larger it is beside the others of its grid.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from graphviz_backprop.language.graph import Node
from graphviz_backprop.language.grid import Grid, grid

NUMBER = 10
"""Pixels of the numbers in cells."""

_WIDE = math.ceil(0.61 * len("-1.23e-100") * NUMBER)  # hardly any font has wider digits
_HIGH = 18
_SPOT = 14  # a cell of a picture
_BETWEEN = 14  # grids
_WIDEST = 400  # for two grids side by side: beyond, a box hides its own name in most figures
_HEAD = 16
_TOLD = ("mean", "norm", "least", "greatest")
_TOLD_LINE = 14
_TOLD_WIDE = 130
_UNDER = 6
DEEPEST = 0.5
"""The most colour that a cell has: its number is read on it."""


@dataclass(frozen=True)
class Cells:
    """``roles`` are ``value``, and ``gradient`` where there is one."""

    id: str
    grid: Grid
    roles: tuple[str, ...]

    @property
    def _cell(self) -> tuple[int, int]:
        return (_WIDE, _HIGH) if self.grid.numbers else (_SPOT, _SPOT)

    @property
    def each(self) -> int:
        """The width of a grid."""
        wide = len(self.grid.cells[0]) * self._cell[0]
        return wide if self.grid.numbers else max(wide, _TOLD_WIDE)

    @property
    def _deep(self) -> int:
        return len(self.grid.cells) * self._cell[1]

    @property
    def _high(self) -> int:
        """The height of a grid, with its caption and what is told under it."""
        told = 0 if self.grid.numbers else len(_TOLD) * _TOLD_LINE + 2
        return _HEAD + self._deep + told + _UNDER

    @property
    def _beside(self) -> int:
        return len(self.roles) * (self.each + _BETWEEN) - _BETWEEN

    @property
    def _step(self) -> tuple[int, int]:
        """From one grid to the next: to the right, or down."""
        if self._beside > _WIDEST and self.each > self._high:
            return 0, self._high
        return self.each + _BETWEEN, 0

    @property
    def width(self) -> int:
        return self._beside if self._step[0] else self.each

    @property
    def height(self) -> int:
        return self._high if self._step[0] else len(self.roles) * self._high

    def draw(self, left: float, top: float) -> Iterator[str]:
        """Its elements, from the corner on the left at the top."""
        right, down = self._step
        for number, role in enumerate(self.roles):
            x, y = left + number * right, top + number * down
            caption = "value" if role == "value" else "grad"
            yield f'<text class="caption" x="{_n(x)}" y="{_n(y + 11)}">{caption}</text>'
            yield from self._grid(role, x, y + _HEAD)
            if not self.grid.numbers:
                yield from self._told(role, x, y + _HEAD + self._deep + 2)

    def _grid(self, role: str, left: float, top: float) -> Iterator[str]:
        wide, high = self._cell
        inside = 'class="number small"' if self.grid.numbers else 'class="spot-sign"'
        for down, row in enumerate(self.grid.cells):
            y = top + down * high
            for across, name in enumerate(row):
                x = left + across * wide
                if name is None:
                    place = f'x="{_n(x + wide / 2)}" y="{_n(y + high / 2 + 3)}"'
                    yield f'<text class="caption note" {place}>…</text>'
                    continue
                field = f"{_escape(self.id)}[{name}].{role}"
                yield (
                    f'<g data-cell="{_escape(self.id)}[{name}]"><rect class="cell" x="{_n(x)}" y="{_n(y)}"'
                    f' width="{wide}" height="{high}"/><rect class="shade-{role}" x="{_n(x)}" y="{_n(y)}"'
                    f' width="{wide}" height="{high}" data-shade="{field}.shade" fill-opacity="0"/>'
                )
                if self.grid.numbers:
                    place = f'x="{_n(x + wide - 4)}" y="{_n(y + 13)}" data-field="~{field}"'
                else:
                    place = f'x="{_n(x + wide / 2)}" y="{_n(y + 11)}" data-field="{field}.sign"'
                yield f"<text {inside} {place}></text></g>"

    def _told(self, role: str, left: float, top: float) -> Iterator[str]:
        for row, word in enumerate(_TOLD, start=1):
            y = _n(top + row * _TOLD_LINE - 2)
            yield f'<text class="caption small" x="{_n(left)}" y="{y}">{word}</text>'
            place = f'x="{_n(left + self.each)}" y="{y}" data-field="~{_escape(self.id)}.{role}.{word}"'
            yield f'<text class="number small" {place}></text>'


def cells_of(node: Node, active: bool) -> Cells | None:
    """The grids of a node; none of a number."""
    if not node.shape:
        return None
    return Cells(node.id, grid(node.shape), ("value", "gradient") if active else ("value",))


_SHADE = re.compile(r'data-shade="([^"]*)" fill-opacity="[^"]*"')


def shaded(markup: str, fields: Mapping[str, Any]) -> str:
    """The markup with each cell's colour; a cell whose number is not there has none."""

    def put(place: re.Match[str]) -> str:
        number = fields.get(place[1])
        opacity = DEEPEST * number if isinstance(number, float) else 0.0
        return f'data-shade="{place[1]}" fill-opacity="{opacity:.3f}"'

    return _SHADE.sub(put, markup)


def _escape(text: str) -> str:
    return text.replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;")


def _n(number: float) -> str:
    return f"{number:.1f}".removesuffix(".0")
