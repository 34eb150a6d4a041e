"""The variables that are tensors, as grids of fields in which their cells are changed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from graphviz_backprop.language.graph import Graph
from graphviz_backprop.language.numerals import typed
from graphviz_backprop.language.shapes import Shape, said
from graphviz_backprop.language.tensor import Tensor, place
from graphviz_backprop.web.asked.state import State

FIELDS = 64
"""Of more cells there are no fields."""
_MANY = 24  # fields are closed at first
_LINE = 3  # longer rows go on in another line, so that they need a name


class Row(NamedTuple):
    """The cells along the last axis: indices and numbers. ``said`` names a long row among others."""

    said: str
    cells: list[tuple[str, str]]


@dataclass(frozen=True)
class Input:
    """A variable with its cells; there are no ``rows`` where there are too many for fields."""

    name: str
    shape: Shape
    tensor: Tensor

    @property
    def said(self) -> str:
        return said(self.shape)

    @property
    def size(self) -> int:
        return len(self.tensor.cells)

    @property
    def many(self) -> bool:
        return self.size > _MANY

    @property
    def rows(self) -> list[Row]:
        if self.size > FIELDS:
            return []
        long = self.shape[-1]
        cells = [(place(at, self.shape), typed(x)) for at, x in enumerate(self.tensor.cells)]
        return [self._row(cells[first : first + long]) for first in range(0, self.size, long)]

    def _row(self, cells: list[tuple[tuple[int, ...], str]]) -> Row:
        outer = cells[0][0][:-1]
        named = outer and len(cells) > _LINE
        name = f"{self.name}[{', '.join(map(str, outer))}, :]" if named else ""
        return Row(name, [(_index(at), number) for at, number in cells])


def _index(at: tuple[int, ...]) -> str:
    return ",".join(map(str, at))


def inputs(graph: Graph | None, state: State) -> list[Input]:
    return list(_inputs(graph, state)) if graph else []


def _inputs(graph: Graph, state: State) -> Iterator[Input]:
    for name, shape in graph.shapes.items():
        start = state.tensors.get(name, graph.start.get(name))
        if shape and isinstance(start, Tensor):
            yield Input(name, shape, start)
