"""The path ledger of a tensor: its gradient as a sum over paths, each of which brings a tensor of its shape.

A path is a chain of edges from the output to a node. The gradient is handed on along it from rule to rule,
and since each rule is linear in it, what arrives along all paths adds up to the node's own gradient. There
can be very many paths, so they are told apart from the node on upwards, as far as a list allows: a row stands
for all paths that end alike, and what it brings is exact.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from graphviz_backprop.explain import backward
from graphviz_backprop.explain.paths import Listed, places
from graphviz_backprop.language.graph import Edge, Graph


@dataclass(frozen=True)
class Route:
    """The end of ``count`` paths: the ``edges`` from where they come together down to the node at ``end``.

    From the node ``first`` of these on (0 is the top one) no other path leads there: its gradient is what
    these paths bring.
    """

    edges: tuple[Edge, ...]
    end: int
    count: int
    first: int

    @property
    def nodes(self) -> tuple[int, ...]:
        """From the top down."""
        return (*(edge.parent for edge in self.edges), self.end)


@dataclass(frozen=True)
class TensorPath:
    """One path, or ``count`` of them that end alike.

    ``nodes`` are ids from the output on, or from where the paths come together; ``edges`` (id of the parent,
    number of the argument) and the ``rules`` by which the gradient is handed on. ``through`` names the nodes
    that tell it from the others. ``gradient`` is the tensor C that it brings, ``share`` how far that goes
    along the sum G: ⟨C, G⟩ / ⟨G, G⟩, NaN where G is 0. All shares add up to 1.
    """

    nodes: tuple[str, ...]
    edges: tuple[tuple[str, int], ...]
    rules: tuple[str, ...]
    through: tuple[str, ...]
    count: int
    gradient: Any
    share: float


@dataclass(frozen=True)
class TensorLedger(Listed[TensorPath]):
    """The paths, how many there are in all, and their sum: the gradient."""

    paths: tuple[TensorPath, ...]
    count: int
    total: Any


def routes(graph: Graph, target: str, most: int) -> list[Route]:
    """The ends of all paths to a variable (over all its leaves) or to the node of this id.

    At most ``most``, or one for each leaf where these are more. Edges that join the same two nodes, as in
    ``x * x``, are told apart where nothing else is. Raises ValueError for an unknown name.
    """
    counts, uses = _counted(graph)
    waiting = deque(_Open((), at) for at in places(graph, target) if graph.active[at] and counts[at])
    size = len(waiting)
    found: list[_Open] = []
    while waiting:
        one = waiting.popleft()
        ways = uses[one.top]
        alike = len({edge.parent for edge in ways}) == 1 and len(ways) > 1
        if not ways or size - 1 + len(ways) > most or (alike and size > 1):
            found.append(one)
            continue
        size += len(ways) - 1
        waiting.extend(_Open((edge, *one.edges), one.end) for edge in ways)
    found.sort(key=lambda one: [(edge.parent, edge.arg) for edge in reversed(one.edges)])
    return [_route(one, counts) for one in found]


class _Open(NamedTuple):
    """A route in the making."""

    edges: tuple[Edge, ...]
    end: int

    @property
    def top(self) -> int:
        return self.edges[0].parent if self.edges else self.end


def _counted(graph: Graph) -> tuple[list[int], list[list[Edge]]]:
    """How many paths lead from the output to each node, and by which edges."""
    counts = [0] * len(graph.nodes)
    counts[-1] = 1
    uses: list[list[Edge]] = [[] for _ in graph.nodes]
    for at in range(len(graph.nodes) - 1, -1, -1):
        for arg, child in enumerate(graph.nodes[at].args if counts[at] else ()):
            if graph.active[child]:
                counts[child] += counts[at]
                uses[child].insert(0, Edge(child, at, arg))
    return counts, uses


def _route(one: _Open, counts: Sequence[int]) -> Route:
    count = counts[one.top]
    nodes = (*(edge.parent for edge in one.edges), one.end)
    first = max(number for number, at in enumerate(nodes) if counts[at] == count)
    return Route(one.edges, one.end, count, first)


def through(graph: Graph, found: Sequence[Route]) -> list[tuple[str, ...]]:
    """For each route the named nodes that no other one has, else those that not all have."""
    on = Counter(at for route in found for at in route.nodes)
    named = [[at for at in reversed(route.nodes) if graph.nodes[at].named] for route in found]
    told = ([at for at in own if on[at] == 1] or [at for at in own if on[at] < len(found)] for own in named)
    return [tuple(graph.nodes[at].id for at in own) if len(found) > 1 else () for own in told]


def edges_of(graph: Graph, route: Route) -> tuple[tuple[str, int], ...]:
    return tuple((graph.nodes[edge.parent].id, edge.arg) for edge in route.edges)


def rules_of(graph: Graph, route: Route) -> tuple[str, ...]:
    return tuple(backward.rule(graph, edge) for edge in route.edges)
