"""Targets that are one number, the label of a class: of it the loss takes 1 for that class, 0 for others."""

from __future__ import annotations

from graphviz_backprop.engine import autodiff
from graphviz_backprop.language.graph import CONST, VAR, Graph
from graphviz_backprop.network.layers import cut_graph

_MOST = 4  # nodes that say the same of one class


def labelled(head: Graph, label: str, count: int) -> tuple[tuple[str, ...], ...]:
    """For each of so many classes, from 0, the ids of the nodes that are 1 where ``label`` is it and 0 at the
    others; none where the label does anything else."""
    ends = _ends(head, label)
    if not ends or len(ends) > _MOST * count:
        return ()
    found: list[list[str]] = [[] for _ in range(count)]
    for at in ends:
        says = autodiff.compile(cut_graph(head, at, {}))
        ones = [number for number in range(count) if says({label: float(number)}).value != 0]
        if len(ones) != 1 or says({label: float(ones[0])}).value != 1:
            return ()
        found[ones[0]].append(head.nodes[at].id)
    return tuple(map(tuple, found)) if all(found) else ()


def _ends(head: Graph, label: str) -> list[int]:
    """The nodes that nothing but the label reaches, where what is used of them is reached by others, too."""
    alone: list[bool] = []
    ends: set[int] = set()
    for node in head.nodes:
        reached = [arg for arg in node.args if head.nodes[arg].op != CONST]
        own = node.name == label if node.op == VAR else bool(reached) and all(alone[arg] for arg in reached)
        alone.append(own)
        if not own:
            ends.update(arg for arg in node.args if alone[arg])
    return [] if alone[-1] else sorted(ends)
