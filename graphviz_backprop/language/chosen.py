"""Numbers that choose: a class, an index. Between two whole numbers there is nothing that they could name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from graphviz_backprop.language.graph import VAR, Graph, Node


def choices(graph: Graph) -> Mapping[str, int]:
    """How many classes or cells each variable chooses among that is a number and does nothing else."""
    nodes = graph.nodes
    found: dict[str, set[int]] = {}
    for node in nodes:
        among = dict(_among(graph, node))
        for arg, child in enumerate(node.args):
            if nodes[child].op == VAR and not nodes[child].shape:
                found.setdefault(nodes[child].name, set()).add(among.get(arg, 0))
    return {name: min(counts) for name, counts in found.items() if min(counts) > 0}


def _among(graph: Graph, node: Node) -> Iterator[tuple[int, int]]:
    """The arguments of a node that choose, and among how many."""
    if node.op == "one_hot":
        yield 0, node.shape[-1]
    elif node.op == "cross_entropy":
        yield 1, graph.nodes[node.args[0]].shape[-1]
    elif node.op == "gather":
        shape, axis = graph.nodes[node.args[0]].shape, int(str(dict(node.settings)["axis"]))
        yield from ((arg, shape[axis + arg - 1]) for arg in range(1, len(node.args)))
