"""Composite operations opened into what they are made of: sigmoid becomes 1 / (1 + exp(-x)).

The definitions are those of the table of operations, as they are shown.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from itertools import chain

from graphviz_backprop.language.builder import Builder
from graphviz_backprop.language.definitions import argument, definition
from graphviz_backprop.language.graph import Graph, Node
from graphviz_backprop.language.parser import parse_row
from graphviz_backprop.language.printers import label
from graphviz_backprop.language.tensor_ops import ROWS, Site, TensorOp


def composite(node: Node) -> bool:
    """Whether the node's operation is defined by others."""
    return node.op in ROWS and not ROWS[node.op].primitive


def expand(graph: Graph, ids: Collection[str] | None = None) -> Graph:
    """The graph with the composite nodes of these ids opened by one level, or all of them entirely.

    An opened node keeps its id as the last of its definition; the new nodes get free letters.
    """
    if ids is not None:
        return _opened(graph, ids)
    while chosen := [node.id for node in graph.nodes if composite(node)]:
        graph = _opened(graph, chosen)
    return graph


def _opened(graph: Graph, ids: Collection[str]) -> Graph:
    builder = Builder(graph.view)
    moved: list[int] = []
    lengths = [0]
    for at, node in enumerate(graph.nodes):
        args = tuple(moved[arg] for arg in node.args)
        opened = node.id in ids and composite(node)
        moved.append(_defined(builder, node, args) if opened else builder.add(node, args))
        builder.call(moved[-1], node.id, node.named)
        if opened:
            builder.mark("composite", label(graph, at), lengths[-1], moved[-1])
        lengths.append(len(builder))
    builder.take(graph.marks, moved, lengths)
    taken = chain.from_iterable((node.id, node.name) for node in graph.nodes)
    return replace(builder.graph(graph.text, moved[-1], taken, graph.notes), pasted=graph.pasted)


def _defined(builder: Builder, node: Node, args: tuple[int, ...]) -> int:
    """Adds the definition of a node's operation, applied to ``args``."""
    op = ROWS[node.op]
    if isinstance(op, TensorOp):
        site = Site(tuple(builder.shape(arg) for arg in args), dict(node.settings))
        made = definition(op, site, stable=False, view=builder.view)
        names = {argument(number): arg for number, arg in enumerate(args)}
    else:
        made, names = parse_row(op.value, builder.view), op.bind(args)
    return made.fold(
        lambda part: names[part.name],
        lambda part: builder.const(part.value if part.cells is None else part.cells, part.name, node.span),
        lambda part, inner: builder.apply(part.op, tuple(inner), node.span, part.settings),
    )[-1]
