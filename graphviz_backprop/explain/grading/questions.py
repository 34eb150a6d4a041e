"""What is asked of hidden numbers: one question a number, in the order in which they are found."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from graphviz_backprop.explain.grading.hidden import Veil, cell_of, same_number
from graphviz_backprop.explain.grading.targets import leaves
from graphviz_backprop.language.graph import Graph
from graphviz_backprop.language.tensor import cell

MOST = 300
"""So many questions, at the most, are asked at a time."""

# Of a number's names the first of these is the one that is asked for; and what it is in words.
_WORDS = {
    "total": "gradient",
    "gradient": "gradient",
    "value": "value",
    "partial": "local partial",
    "flow": "flow",
}


@dataclass(frozen=True)
class Question:
    """``field`` is the number, ``also`` are other fields that show the same, ``name`` is how it is written,
    ``what`` it is a gradient, a local partial ….

    ``place`` is where it stands in the figure: a node's id, or an edge's such as ``c.0``.
    """

    field: str
    also: tuple[str, ...]
    name: str
    what: str
    place: str


def questions(graph: Graph, veil: Veil, upstream: str = "", ask: Veil | None = None) -> list[Question]:
    """The questions of a graph's hidden numbers; ``upstream`` is L where it is a piece of a larger one.

    ``ask`` covers those of them that are asked for; without it, all are.
    """
    found = _questions(graph, veil, upstream or graph.output.id)
    if ask is not None:
        found = (question for question in found if {question.field, *question.also} & ask.fields)
    return list(islice(found, MOST))


def _questions(graph: Graph, veil: Veil, top: str) -> Iterator[Question]:
    names = _names(graph)
    seen: set[str] = set()
    for whole in _numbers(graph):
        together = sorted(names.get(whole, [whole]), key=_rank)
        parts = [[int(at) for at in place.split(",")] for place in veil.parts.get(whole, ())]
        for place in sorted(parts) if whole not in veil.fields else [[]]:
            known = [one for one in together if (cell_of(one, place) if place else one) in veil.fields]
            fields = [cell_of(one, place) if place else one for one in known]
            if not fields or fields[0] in seen:
                continue
            seen.add(fields[0])
            what = _WORDS[fields[0].rpartition(".")[2]]
            name = cell(_name(graph, known[0], top), place)
            yield Question(fields[0], tuple(fields[1:]), name, what, _place(graph, known[0]))


def _rank(field: str) -> tuple[int, int]:
    """Nodes come before edges that show the same."""
    return list(_WORDS).index(field.rpartition(".")[2]), field.count(".")


def _names(graph: Graph) -> dict[str, list[str]]:
    """All fields that show the same number, by each of them."""
    group: dict[str, set[str]] = {}
    for equal in same_number(graph):
        together = set().union(*(group.get(field, {field}) for field in equal))
        group |= dict.fromkeys(together, together)
    return {field: sorted(together) for field, together in group.items()}


def _numbers(graph: Graph) -> Iterator[str]:
    """Every number that there is to find, in the order of the two passes."""
    for node in graph.nodes:
        if node.args:
            yield f"{node.id}.value"
    for at in range(len(graph.nodes) - 1, -1, -1):
        node = graph.nodes[at]
        if not graph.active[at]:
            continue
        yield f"{node.id}.gradient"
        for arg, child in enumerate(node.args):
            if graph.active[child]:
                if graph.of_numbers:
                    yield f"{node.id}.{arg}.partial"
                yield f"{node.id}.{arg}.flow"
    for name in graph.variables:
        if any(graph.active[at] for at in leaves(graph, name)):
            yield f"{name}.total"


def _name(graph: Graph, field: str, top: str) -> str:
    """As it is written: ``∂g/∂x``, ``∂c/∂b``; a node's value by its name."""
    place, _, kind = field.rpartition(".")
    if kind == "value":
        return place
    if kind in ("gradient", "total"):
        return f"∂{top}/∂{place}"
    parent, _, arg = place.rpartition(".")
    node = graph.nodes[graph.positions[parent]]
    child = node.args[int(arg)]
    which = f" by argument {int(arg) + 1}" if node.args.count(child) > 1 else ""
    if kind == "partial":
        return f"∂{parent}/∂{graph.nodes[child].id}{which}"
    return f"from {parent} to {graph.nodes[child].id}{which.replace('by', 'as')}"


def _place(graph: Graph, field: str) -> str:
    place = field.rpartition(".")[0]
    if field.endswith(".total"):
        ends = leaves(graph, place)
        return graph.nodes[ends[0]].id if len(ends) == 1 else place
    return place
