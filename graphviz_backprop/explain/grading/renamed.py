"""Hidden numbers in the other view of a program, whose nodes have other letters."""

from __future__ import annotations

import re
from collections.abc import Hashable, Mapping, Sequence

from graphviz_backprop.explain.grading.hidden import GROUPS, items, veil
from graphviz_backprop.language.graph import CONST, VAR, Graph, Node

_HEAD = re.compile(r"([^.\[\]]+)(.*)")


def renamed(text: str, old: Graph, new: Graph) -> list[str]:
    """What a text hides in one view, as items for the other: of each node all that mean the same."""
    kinds = [item for item in items(text) if item in GROUPS]
    others = ",".join(item for item in items(text) if item not in GROUPS)
    twins = _twins(old, new)
    fields = {field for one in veil(old, others).fields for field in _moved(one, twins)}
    return [*kinds, *sorted(fields)]


def _moved(field: str, twins: Mapping[str, Sequence[str]]) -> Sequence[str]:
    head = _HEAD.fullmatch(field)
    if head is None or field.endswith(".total"):
        return [field]
    return [f"{twin}{head[2]}" for twin in twins[head[1]]]


def _twins(old: Graph, new: Graph) -> dict[str, list[str]]:
    """By the id of a node those of the other graph that mean the same."""
    numbers: dict[Hashable, int] = {}
    there: dict[int, list[str]] = {}
    for id_, meaning in _meanings(new, numbers):
        there.setdefault(meaning, []).append(id_)
    return {id_: there.get(meaning, []) for id_, meaning in _meanings(old, numbers)}


def _meanings(graph: Graph, numbers: dict[Hashable, int]) -> list[tuple[str, int]]:
    """Each node's id, with a number that all nodes of the same meaning have."""
    found: list[tuple[str, int]] = []
    for node in graph.nodes:
        meaning = _meaning(node, tuple(found[arg][1] for arg in node.args))
        found.append((node.id, numbers.setdefault(meaning, len(numbers))))
    return found


def _meaning(node: Node, args: tuple[int, ...]) -> Hashable:
    if node.op == CONST:
        cells = None if node.cells is None else node.cells.cells
        return node.op, node.shape, repr(node.value), cells
    return node.op, node.name if node.op == VAR else args, node.settings
