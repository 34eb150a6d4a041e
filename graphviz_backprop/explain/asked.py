"""What is asked of a label, ``y == 0``, ``y == 1``, …: which of several numbers it is. No slope is missed."""

from __future__ import annotations

from collections.abc import Sequence

from graphviz_backprop.language.graph import CONST, VAR, Graph


def asked(graph: Graph, keys: Sequence[int]) -> set[int]:
    """The nodes that compare a variable with one of several constants; equal nodes have the same key."""
    by_label: dict[int, set[int]] = {}
    for at, node in enumerate(graph.nodes):
        if node.op == "equal" and [graph.nodes[arg].op for arg in node.args] == [VAR, CONST]:
            by_label.setdefault(keys[node.args[0]], set()).add(at)
    several = (places for places in by_label.values() if len({keys[at] for at in places}) > 1)
    return set().union(*several)
