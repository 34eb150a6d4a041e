"""A program whose tensors start in other shapes: the same text, with fewer rows of the data."""

from __future__ import annotations

from collections.abc import Mapping

from graphviz_backprop.language.graph import CONST, Graph
from graphviz_backprop.language.parser import Limits, parse
from graphviz_backprop.language.pinned import pinned
from graphviz_backprop.language.shapes import Shape, size
from graphviz_backprop.language.tensor import Tensor

_CELLS = 4_000_000
"""How many cells all of its nodes may have together."""


def resized(graph: Graph, shapes: Mapping[str, Shape]) -> Graph:
    """The graph where these variables have these shapes. Raises ExpressionError where they don't fit."""
    text = graph.pasted.program if graph.pasted else graph.text
    starts = {name: Tensor(shape, (0.0,) * size(shape)) for name, shape in shapes.items()}
    found = parse(text, graph.view, Limits(cells=_CELLS), starts)
    known = {node.id: node for node in graph.nodes if node.op == CONST}
    pins = {name: known[name].value for name in found.variables if name in known}
    return pinned(found, pins) if pins else found
