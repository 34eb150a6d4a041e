"""Focus: the part of a graph that one looks at, between what one chose and the output, or below it.

It is said in words of the address: ``x`` is what lies between x and the output, ``to:c`` what c depends on,
``x,to:c`` what lies between x and c. Names are those of variables and of nodes.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import NamedTuple

from graphviz_backprop.language.graph import VAR, Graph

_TO = "to:"


class Focus(NamedTuple):
    """Positions of the nodes that are kept, and what they are: "Between x and g"."""

    kept: frozenset[int]
    said: str


def focus(graph: Graph, parts: Collection[str]) -> Focus:
    """The part of the graph that these words mean. Raises ValueError for an unknown name or no nodes."""
    starts = [part for part in parts if part and not part.startswith(_TO)]
    ends = [part.removeprefix(_TO) for part in parts if part.startswith(_TO)]
    kept = frozenset(range(len(graph.nodes)))
    if starts:
        kept &= _above(graph, _places(graph, starts))
    if ends:
        kept &= _below(graph, _places(graph, ends))
    if not kept:
        raise ValueError(f"nothing lies between {', '.join(starts)} and {', '.join(ends)}")
    return Focus(kept, _said(graph, starts, ends))


def _said(graph: Graph, starts: Sequence[str], ends: Sequence[str]) -> str:
    if not starts:
        return f"What {', '.join(ends)} depend{'s' if len(ends) == 1 else ''} on"
    return f"Between {', '.join(starts)} and {', '.join(ends or [graph.output.id])}"


def _places(graph: Graph, names: Iterable[str]) -> Iterator[int]:
    for name in names:
        leaves = [at for at, node in enumerate(graph.nodes) if node.op == VAR and node.name == name]
        if not leaves and name not in graph.positions:
            raise ValueError(f"{name} is neither a variable nor a node of this program")
        yield from leaves or [graph.positions[name]]


def _above(graph: Graph, starts: Iterable[int]) -> frozenset[int]:
    """These nodes, and all that use them: in a graph each node is used until the output."""
    found = set(starts)
    for at, node in enumerate(graph.nodes):
        if not found.isdisjoint(node.args):
            found.add(at)
    return frozenset(found)


def _below(graph: Graph, ends: Iterable[int]) -> frozenset[int]:
    """These nodes, and all that they are made of."""
    found = set(ends)
    for at in range(len(graph.nodes) - 1, -1, -1):
        if at in found:
            found.update(graph.nodes[at].args)
    return frozenset(found)
