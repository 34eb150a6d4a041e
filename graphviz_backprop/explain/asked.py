"""What is asked of a label, ``y == 0``, ``y == 1``, …: which of several numbers it is. No slope is missed."""

from __future__ import annotations

from collections.abc import Sequence

from graphviz_backprop.language.graph import Graph


def asked(graph: Graph, keys: Sequence[int]) -> set[int]:
    """The nodes that compare something with one of several others; equal nodes have the same key."""
    by_label: dict[int, list[int]] = {}
    for at, node in enumerate(graph.nodes):
        if node.op == "equal":
            by_label.setdefault(keys[node.args[0]], []).append(at)
    several = (places for places in by_label.values() if len({keys[at] for at in places}) > 1)
    return set().union(*several)
