"""Which cells of a tensor are drawn, and where: rows and columns that follow from its shape alone.

The last axis goes across, all others down, one block under the other; a vector stands upright. Up to 8×8
there is room for numbers. Of more, the cells are a picture, cut in the middle where it is long.
"""

from __future__ import annotations

from itertools import product
from typing import NamedTuple

from graphviz_backprop.language.shapes import Shape, size

MOST = 8
"""So many rows and columns have numbers."""
LONG = 16
"""So many rows and columns a picture has."""


class Grid(NamedTuple):
    """``cells`` are rows of indices, ``0,1``; None stands where some are left out."""

    cells: tuple[tuple[str | None, ...], ...]
    numbers: bool

    @property
    def names(self) -> tuple[str, ...]:
        """The indices of all cells that are drawn."""
        return tuple(name for row in self.cells for name in row if name is not None)


def grid(shape: Shape, long: int = LONG) -> Grid:
    """The cells of a tensor as they are drawn, at most ``long`` rows and columns of a picture."""
    across = shape[-1] if len(shape) > 1 else 1
    down = size(shape) // across
    numbers = across <= MOST and down <= MOST
    outer = list(product(*(range(length) for length in (shape[:-1] if len(shape) > 1 else shape))))
    rows = [None if at is None else outer[at] for at in _ends(down, long)]
    columns = _ends(across, long)
    return Grid(tuple(tuple(_name(row, at, shape) for at in columns) for row in rows), numbers)


def _ends(count: int, long: int) -> list[int | None]:
    """All of them, or the first and the last ones."""
    if count <= long:
        return list(range(count))
    half = long // 2
    return [*range(half), None, *range(count - half, count)]


def _name(row: tuple[int, ...] | None, column: int | None, shape: Shape) -> str | None:
    if row is None or column is None:
        return None
    return ",".join(map(str, (*row, column) if len(shape) > 1 else row))
