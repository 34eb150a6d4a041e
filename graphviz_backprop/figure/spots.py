"""A tensor in a box of one line: small pictures of its value and its gradient, without numbers.

A large figure has these in place of the grids of :mod:`.cells`. Sizes follow from the shape alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from itertools import pairwise

from graphviz_backprop.language.graph import Node
from graphviz_backprop.language.grid import Grid, grid

MOST = 8
"""So many rows and columns are drawn: of more the first and the last ones."""

_HIGH, _WIDE = 24, 32  # of a picture, but for the gap where it is cut
_LARGEST, _GAP = 12, 3  # pixels
_BETWEEN = 8  # pictures
_SIGN = 10  # a picture has room for a sign that one can read


@dataclass(frozen=True)
class Spots:
    """``roles`` are ``value``, and ``gradient`` where there is one."""

    id: str
    grid: Grid
    roles: tuple[str, ...]

    @property
    def _down(self) -> list[tuple[int, int]]:
        return _places([row[0] or row[-1] for row in self.grid.cells], _HIGH)

    @property
    def _across(self) -> list[tuple[int, int]]:
        return _places(self.grid.cells[0], _WIDE)

    @property
    def _each(self) -> int:
        return max(_SIGN, sum(self._across[-1]))

    @property
    def width(self) -> int:
        return len(self.roles) * (self._each + _BETWEEN) - _BETWEEN

    @property
    def height(self) -> int:
        return max(_SIGN, sum(self._down[-1]))

    def draw(self, left: float, middle: float) -> Iterator[str]:
        """Its elements, from the left; they stand around a line."""
        for number, role in enumerate(self.roles):
            x = left + number * (self._each + _BETWEEN)
            name = f"{escape(self.id)}.{role}"
            yield '<g class="spots">'
            yield from self._picture(role, x, middle - sum(self._down[-1]) / 2)
            place = f'x="{_n(x + sum(self._across[-1]) / 2)}" y="{_n(middle + 3.5)}"'
            yield f'<text class="spot-sign" {place} data-field="{name}.mark"></text></g>'

    def _picture(self, role: str, left: float, top: float) -> Iterator[str]:
        rows = [row for row in self.grid.cells if any(row)]
        for y, high in _runs(self._down):
            for x, wide in _runs(self._across):
                yield f'<rect class="cell" {_at(left + x, top + y)} width="{wide}" height="{high}"/>'
        for row, (y, high) in zip(rows, self._down, strict=True):
            for name, (x, wide) in zip(filter(None, row), self._across, strict=True):
                cell = f"{escape(self.id)}[{name}]"
                yield (
                    f'<rect class="shade-{role}" {_at(left + x, top + y)} width="{wide}" height="{high}"'
                    f' data-shade="{cell}.{role}.shade" fill-opacity="0" data-cell="{cell}"/>'
                )


def spots_of(node: Node, active: bool) -> Spots | None:
    """The pictures of a node; none of a number."""
    if not node.shape:
        return None
    return Spots(node.id, grid(node.shape, MOST), ("value", "gradient") if active else ("value",))


def _places(line: Sequence[str | None], room: int) -> list[tuple[int, int]]:
    """Where each cell of a line begins, and how long it is; there is a gap where some are left out."""
    count = sum(name is not None for name in line)
    each, at = max(3, min(_LARGEST, room // count)), 0
    found = []
    for name in line:
        if name is not None:
            found.append((at, each))
        at += _GAP if name is None else each
    return found


def _runs(places: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Cells that touch one another, as one piece each: where it begins, and how long it is."""
    start = places[0][0]
    for (at, each), (following, _) in pairwise([*places, (-1, 0)]):
        if at + each != following:
            yield start, at + each - start
            start = following


def _at(x: float, y: float) -> str:
    return f'x="{_n(x)}" y="{_n(y)}"'


def _n(number: float) -> str:
    return f"{number:.1f}".removesuffix(".0")
