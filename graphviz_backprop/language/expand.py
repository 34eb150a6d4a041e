"""Composite operations opened into what they are made of: sigmoid becomes 1 / (1 + exp(-x)).

The definitions are those of the table of operations, as they are shown.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace

from graphviz_backprop.language.graph import CONST, VAR, Graph, Node
from graphviz_backprop.language.ops import OPS
from graphviz_backprop.language.parser import letters, parse_row


def composite(node: Node) -> bool:
    """Whether the node's operation is defined by others."""
    return node.op in OPS and not OPS[node.op].primitive


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
    nodes: list[Node] = []
    moved: list[int] = []
    free = _free_ids(graph)
    for node in graph.nodes:
        args = tuple(moved[arg] for arg in node.args)
        if node.id in ids and composite(node):
            _splice(nodes, node, args, graph.view, free)
        else:
            nodes.append(replace(node, args=args))
        moved.append(len(nodes) - 1)
    return replace(graph, nodes=tuple(nodes))


def _splice(nodes: list[Node], node: Node, args: tuple[int, ...], view: str, free: Iterator[str]) -> None:
    """Appends the definition of a node's operation, applied to ``args``."""
    op = OPS[node.op]
    places: list[int] = []
    *inner, last = parse_row(op.value, view).nodes
    for part in inner:
        if part.op == VAR:
            places.append(args[op.arguments.index(part.name or "")])
            continue
        nodes.append(
            replace(part, id=next(free), args=tuple(places[arg] for arg in part.args), span=node.span)
        )
        places.append(len(nodes) - 1)
    nodes.append(replace(node, op=last.op, args=tuple(places[arg] for arg in last.args)))


def _free_ids(graph: Graph) -> Iterator[str]:
    taken = {node.id for node in graph.nodes}
    taken |= {node.name for node in graph.nodes if node.op in (VAR, CONST) and node.name}
    return (name for name in letters() if name not in taken)
