"""The path ledger of a tensor: its gradient as a sum over paths, each of which brings a tensor of its shape.

A path is a chain of edges from the output to a node. The gradient is handed on along it from rule to rule,
and since each rule is linear in it, what arrives along all paths adds up to the node's own gradient. There
can be very many paths, so they are told apart from the node on upwards, as far as a list allows: a row stands
for all paths that end alike, and what it brings is exact.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from graphviz_backprop.engine.tensors.tape import Hop
from graphviz_backprop.explain import backward
from graphviz_backprop.explain.paths import Listed, places
from graphviz_backprop.language.folding import Fold, entries
from graphviz_backprop.language.graph import Edge, Graph
from graphviz_backprop.language.groups import Group, title_of


@dataclass(frozen=True)
class Route:
    """The end of ``count`` paths: the ``hops`` from where they come together down to the node at ``end``.

    From the node ``first`` of these on (0 is the top one) no other path leads there: its gradient is what
    these paths bring.
    """

    hops: tuple[Hop, ...]
    end: int
    count: int
    first: int

    @property
    def nodes(self) -> tuple[int, ...]:
        """From the top down."""
        return (*(hop.parent for hop in self.hops), self.end)


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
    """The paths, those with the largest share first, how many there are, and their sum: the gradient."""

    paths: tuple[TensorPath, ...]
    count: int
    total: Any


class Boxes:
    """A graph, box by box: with a fold, closed groups are one each."""

    def __init__(self, graph: Graph, fold: Fold | None = None) -> None:
        self.graph = graph
        self.groups: dict[int, Group] = {}
        boxes = fold.whole.boxes if fold else ()
        for box in boxes:
            if box.group:
                self.groups[box.at] = box.group
        self.seen = {at for box in boxes for at in box.members} if fold else set(range(len(graph.nodes)))
        self.hops = {at: tuple(self._hops(at)) for at in sorted(self.seen, reverse=True)}

    def _hops(self, at: int) -> Iterator[Hop]:
        group = self.groups.get(at)
        if group is None:
            for arg, child in enumerate(self.graph.nodes[at].args):
                yield Hop(child, at, arg)
            return
        for arg, child in enumerate(entries(self.graph, group)):
            yield Hop(child, at, arg, group.nodes)

    def counted(self) -> tuple[list[int], list[list[Hop]]]:
        """How many paths lead from the output to each node, and by which hops."""
        counts = [0] * len(self.graph.nodes)
        counts[-1] = 1
        uses: list[list[Hop]] = [[] for _ in self.graph.nodes]
        for at, hops in self.hops.items():
            for hop in hops if counts[at] else ():
                if self.graph.active[hop.child]:
                    counts[hop.child] += counts[at]
                    uses[hop.child].insert(0, hop)
        return counts, uses

    def name(self, at: int) -> str:
        """By what a path through it is told; nothing where nobody named it."""
        group, node = self.groups.get(at), self.graph.nodes[at]
        if group and group.kind in _TITLED:
            return group.title
        return node.id if node.named else ""

    def edge(self, hop: Hop) -> tuple[str, int]:
        """The id of its parent, a node or a group, and the number of the argument."""
        group = self.groups.get(hop.parent)
        return (group.id if group else self.graph.nodes[hop.parent].id, hop.arg)

    def rule(self, hop: Hop) -> str:
        group = self.groups.get(hop.parent)
        if group:
            return f"through {title_of(self.graph, group)}"
        return backward.rule(self.graph, Edge(hop.child, hop.parent, hop.arg))


_TITLED = ("section", "layer", "neuron")


def boxes_of(graph: Graph, target: str, fold: Fold | None = None) -> Boxes:
    """The boxes of a fold, where the target is to be seen in it, else all nodes. Raises ValueError."""
    found = Boxes(graph, fold)
    return found if found.seen.issuperset(places(graph, target)) else Boxes(graph)


def routes(boxes: Boxes, target: str, most: int) -> list[Route]:
    """The ends of all paths to a variable (over all its leaves) or to the node of this id.

    At most ``most``, or one for each leaf where these are more. Edges that join the same two nodes, as in
    ``x * x``, are told apart where nothing else is. Raises ValueError for an unknown name.
    """
    graph = boxes.graph
    counts, uses = boxes.counted()
    waiting = deque(_Open((), at) for at in places(graph, target) if graph.active[at] and counts[at])
    size = len(waiting)
    found: list[_Open] = []
    while waiting:
        one = waiting.popleft()
        ways = uses[one.top]
        alike = len({hop.parent for hop in ways}) == 1 and len(ways) > 1
        if not ways or size - 1 + len(ways) > most or (alike and size > 1):
            found.append(one)
            continue
        size += len(ways) - 1
        waiting.extend(_Open((hop, *one.hops), one.end) for hop in ways)
    found.sort(key=lambda one: [(hop.parent, hop.arg) for hop in reversed(one.hops)])
    return [_route(one, counts) for one in found]


class _Open(NamedTuple):
    """A route in the making."""

    hops: tuple[Hop, ...]
    end: int

    @property
    def top(self) -> int:
        return self.hops[0].parent if self.hops else self.end


def _route(one: _Open, counts: Sequence[int]) -> Route:
    count = counts[one.top]
    nodes = (*(hop.parent for hop in one.hops), one.end)
    first = max(number for number, at in enumerate(nodes) if counts[at] == count)
    return Route(one.hops, one.end, count, first)


def through(boxes: Boxes, found: Sequence[Route]) -> list[tuple[str, ...]]:
    """For each route the named nodes and groups that no other one has, else those that not all have."""
    on = Counter(at for route in found for at in route.nodes)
    named = [[at for at in reversed(route.nodes) if boxes.name(at)] for route in found]
    told = ([at for at in own if on[at] == 1] or [at for at in own if on[at] < len(found)] for own in named)
    return [tuple(boxes.name(at) for at in own) if len(found) > 1 else () for own in told]
