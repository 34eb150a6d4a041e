"""The variables that are tensors, as grids of fields in which their cells are changed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from graphviz_backprop.language.graph import Graph
from graphviz_backprop.language.grid import Grid, grid
from graphviz_backprop.language.numerals import typed
from graphviz_backprop.language.shapes import Shape, said
from graphviz_backprop.language.tensor import Tensor, place
from graphviz_backprop.web.asked.state import State


@dataclass(frozen=True)
class Input:
    """A variable; its ``rows`` are indices and numbers, none where there are too many for fields."""

    name: str
    shape: Shape
    tensor: Tensor

    @property
    def said(self) -> str:
        return said(self.shape)

    @property
    def rows(self) -> list[list[tuple[str, str]]]:
        found: Grid = grid(self.shape)
        if not found.numbers:
            return []
        cells = {_index(place(at, self.shape)): typed(x) for at, x in enumerate(self.tensor.cells)}
        return [[(name, cells[name]) for name in row if name is not None] for row in found.cells]


def _index(at: tuple[int, ...]) -> str:
    return ",".join(map(str, at))


def inputs(graph: Graph | None, state: State) -> list[Input]:
    return list(_inputs(graph, state)) if graph else []


def _inputs(graph: Graph, state: State) -> Iterator[Input]:
    for name, shape in graph.shapes.items():
        start = state.tensors.get(name, graph.start.get(name))
        if shape and isinstance(start, Tensor):
            yield Input(name, shape, start)
