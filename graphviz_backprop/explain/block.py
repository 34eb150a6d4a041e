"""The Jacobian of a node by one of its arguments: the block that backpropagation never builds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from graphviz_backprop.engine.autodiff import Run
from graphviz_backprop.engine.tensors.jacobian import jacobian
from graphviz_backprop.language.builder import Builder
from graphviz_backprop.language.graph import Edge
from graphviz_backprop.language.shapes import size

MOST = 1_024
"""A larger block is not drawn."""


@dataclass(frozen=True)
class Block:
    """``numbers`` has a row for each cell of the node, a column for each of the argument."""

    numbers: npt.NDArray[np.float64]

    @property
    def count(self) -> int:
        return int(np.count_nonzero(self.numbers))

    @property
    def diagonal(self) -> bool:
        """Whether it has numbers on its diagonal alone."""
        rows, columns = self.numbers.shape
        return rows == columns and rows > 1 and not np.any(self.numbers[~np.eye(rows, dtype=bool)])

    def shade(self, row: int, column: int) -> float:
        """How dark a number is beside the others, from 0 to 1."""
        finite = np.abs(self.numbers[np.isfinite(self.numbers)])
        most = float(np.max(finite, initial=0.0))
        found = abs(float(self.numbers[row, column]))
        return found / most if most and np.isfinite(found) else 1.0


def block(run: Run[Any], edge: Edge) -> Block | None:
    """That of an edge at the run's values; None where it is too large to be drawn."""
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
    return Block(np.asarray(found, dtype=np.float64).reshape(rows, columns))
