"""Jacobians: the block that backpropagation never builds. Its rows are backward passes, all made at once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from graphviz_backprop.engine.tensors.program import Program
from graphviz_backprop.language.graph import VAR, Graph
from graphviz_backprop.language.shapes import size

MOST = 1_000_000
"""How many numbers a Jacobian may have."""


def jacobian(graph: Graph, at: Mapping[str, Any], target: str, source: str) -> npt.NDArray[np.float64]:
    """∂target/∂source, of the shape of the one followed by that of the other.

    Both are ids of nodes, or names of variables. Raises ValueError for what is neither, and one too large.
    """
    end = _place(graph, target)
    leaves = [place for place, node in enumerate(graph.nodes) if node.op == VAR and node.name == source]
    places = leaves or [_place(graph, source)]
    rows, shape = graph.nodes[end].shape, graph.nodes[places[0]].shape
    if size(rows) * size(shape) > MOST:
        raise ValueError(
            f"∂{target}/∂{source} has {size(rows) * size(shape):,} numbers; {MOST:,} are computed"
        )
    program = Program(graph, end)
    seeds = np.eye(size(rows)).reshape((size(rows), *rows))
    found = np.zeros((size(rows), *shape))
    numbers = program.walk(at, seeds)
    for place in places:
        gradient = program.tape.gradients[place]
        if gradient is not None:
            found += numbers[gradient]
    return found.reshape((*rows, *shape))


def _place(graph: Graph, name: str) -> int:
    if name in graph.positions:
        return graph.positions[name]
    for place, node in enumerate(graph.nodes):
        if node.op == VAR and node.name == name:
            return place
    raise ValueError(f"{name} is neither a node nor a variable of this program")
