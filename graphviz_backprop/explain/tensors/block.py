"""The Jacobian of a node by one of its arguments: the block that backpropagation never builds."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from graphviz_backprop.engine.autodiff import Run
from graphviz_backprop.language.builder import Builder
from graphviz_backprop.language.graph import Edge
from graphviz_backprop.language.shapes import size

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

MOST = 1_024
"""A larger block is not drawn."""


@dataclass(frozen=True)
class Block:
    """``numbers`` has a row for each cell of the node, a column for each of the argument."""

    numbers: npt.NDArray[np.float64]

    @property
    def count(self) -> int:
        return int((self.numbers != 0).sum())

    @property
    def diagonal(self) -> bool:
        """Whether it has numbers on its diagonal alone."""
        rows, columns = self.numbers.shape
        return rows == columns and rows > 1 and self.count == int((self.numbers.diagonal() != 0).sum())

    def shade(self, row: int, column: int) -> float:
        """How dark a number is beside the others, from 0 to 1."""
        finite = [abs(x) for x in self.numbers.ravel().tolist() if math.isfinite(x)]
        most, found = max(finite, default=0.0), abs(float(self.numbers[row, column]))
        return found / most if most and math.isfinite(found) else 1.0


def block(run: Run[Any], edge: Edge) -> Block | None:
    """That of an edge at the run's values; None where it is too large to be drawn."""
    from graphviz_backprop.engine.tensors.jacobian import jacobian

    graph = run.graph
    node, child = graph.nodes[edge.parent], graph.nodes[edge.child]
    rows, columns = size(node.shape), size(child.shape)
    if rows * columns > MOST:
        return None
    builder = Builder("graph")
    args = tuple(builder.var(f"_{at}", shape=graph.nodes[arg].shape) for at, arg in enumerate(node.args))
    alone = builder.graph("", builder.apply(node.op, args, settings=node.settings))
    values = {f"_{at}": run.values[arg] for at, arg in enumerate(node.args)}
    found = jacobian(alone, values, alone.output.id, f"_{edge.arg}")
    return Block(found.reshape(rows, columns))


def whole(run: Run[Any], source: str) -> Block | None:
    """That of the output, a tensor, by a variable or a node, along all paths; None where it is too large."""
    from graphviz_backprop.engine.tensors.jacobian import jacobian

    graph = run.graph
    shape = graph.shapes[source] if source in graph.shapes else graph.nodes[graph.positions[source]].shape
    rows, columns = size(graph.output.shape), size(shape)
    if rows * columns > MOST:
        return None
    return Block(jacobian(graph, run.variables, graph.output.id, source).reshape(rows, columns))
