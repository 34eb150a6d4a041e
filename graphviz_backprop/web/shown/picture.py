"""The graph as it is shown: drawn, in a table of its nodes, and as the browser computes with it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from itertools import islice
from typing import Any

from markupsafe import Markup

from graphviz_backprop.document import closed_groups, dumps, structure, tensors
from graphviz_backprop.explain.backward import rule
from graphviz_backprop.explain.grading.questions import questions
from graphviz_backprop.jobs.processes import JobBusy
from graphviz_backprop.language import printers
from graphviz_backprop.language.cached import cached_property
from graphviz_backprop.language.expand import composite
from graphviz_backprop.language.focus import Focus
from graphviz_backprop.language.graph import Edge, Graph
from graphviz_backprop.language.groups import Group, title_of
from graphviz_backprop.web.asked.program import Program
from graphviz_backprop.web.asked.state import State
from graphviz_backprop.web.shown import drawing

# A table longer than this is of no use to a reader, and slow in a browser.
ROWS = 1_000
# A sum of a hundred terms has a hundred partials: its row shows the first.
ROW_EDGES = 6


@dataclass(frozen=True)
class Row:
    """A line of the table of nodes: ``c = a · b``, its place in the program, whether it has a gradient.

    ``edges`` are those that a gradient flows through: the name of the local partial, of the edge, and of the
    field; between tensors the backward rule, without a field. Where several join the same two nodes, the name
    says which argument it is; what they are together follows.
    """

    id: str
    formula: str
    span: tuple[int, int]
    active: bool
    edges: tuple[tuple[str, str, str], ...]
    composite: bool


@dataclass(frozen=True)
class Picture:
    state: State
    program: Program | None

    @property
    def figure(self) -> Markup | None:
        """The figure, or None where :attr:`undrawn` says why there is none."""
        return self._drawn[0]

    @property
    def undrawn(self) -> str:
        return str(self._drawn[1] or "")

    @property
    def beside(self) -> Markup:
        """The network, where it stands beside the graph."""
        if self.program is None:
            return Markup("")
        try:
            network = drawing.beside(self.program, self.state)
        except drawing.UNDRAWN:
            return Markup("")  # the figure says that there is a rush
        return Markup(network.live) if network else Markup("")

    @property
    def is_for_the_rush(self) -> bool:
        """Whether others were drawn first."""
        return isinstance(self._drawn[1], JobBusy)

    @cached_property
    def _drawn(self) -> tuple[Markup | None, Exception | None]:
        if self.program is None:
            return None, None
        try:
            return Markup(drawing.figure(self.program, self.state).live), None
        except drawing.UNDRAWN as refusal:
            return None, refusal

    @cached_property
    def rows(self) -> list[Row]:
        if self.program is None:
            return []
        graph = self.program.graph
        return [_row(graph, position) for position in range(min(ROWS, len(graph.nodes)))]

    @property
    def boxes(self) -> list[tuple[str, str]]:
        """What has a gradient, box by box as the figure has them: ids, and what they compute."""
        if self.program is None:
            return []
        graph = self.program.graph
        if not self.groups:
            return [(row.id, row.formula) for row in self.rows if row.active]
        shown = self.program.fold(self.state).whole.boxes
        # Variables in one box have no number in common: they are listed one by one.
        every = ((at, box.group) for box in shown for at in box.bundle or (box.at,) if graph.active[at])
        return [
            (graph.nodes[at].id, title_of(graph, group) if group else printers.label(graph, at))
            for at, group in islice(every, ROWS)
        ]

    @property
    def subjects(self) -> list[tuple[str, str]]:
        """The nodes that can be explained: those with a gradient, but no variables."""
        return [(row.id, row.formula) for row in self.rows if row.active and row.edges]

    @property
    def groups(self) -> tuple[Group, ...]:
        """The groups that can be opened or closed: those of the graph, unless a network is drawn."""
        return self.program.groups if self.program and not self._is_network else ()

    @property
    def _is_network(self) -> bool:
        """Whether a network is drawn."""
        return self.program is not None and drawing.shown_network(self.program, self.state) is not None

    @property
    def closed(self) -> Markup:
        """The groups that are closed, for the browser."""
        if self.program is None:
            return Markup("[]")
        closed = closed_groups(self.program.graph, self._closed)
        return Markup(dumps(closed).replace("<", "\\u003c"))

    @property
    def focus(self) -> Focus | None:
        """The part of the graph that alone is shown."""
        return self.program.fold(self.state).focus if self.program and not self._is_network else None

    @property
    def some_closed(self) -> bool:
        """Whether a group is one box."""
        if self.program is None or not self.groups:
            return False
        return any(box.group or box.layer for box in self.program.fold(self.state).boxes)

    @property
    def some_open(self) -> bool:
        """Whether a group that could be one box is open."""
        tops = {group.id for group in self.groups if not group.parent}
        framed = self.program is not None and bool(self.groups) and self.program.fold(self.state).frames
        return bool(framed) or not tops.issubset(group.id for group in self._closed)

    @property
    def _closed(self) -> tuple[Group, ...]:
        """The groups that are closed, out of focus as well: sums at a node have terms from there."""
        return self.program.fold(self.state).whole.closed if self.program and self.groups else ()

    @property
    def tensors(self) -> Markup:
        """The graph of a program with tensors for the browser, with the tape of both passes."""
        if self.program is None or self.program.graph.of_numbers:
            return Markup("null")
        found = tensors(self.program.graph) | {"hidden": self.hidden}
        return Markup(dumps(found).replace("<", "\\u003c"))

    @property
    def structure(self) -> Markup:
        """The graph for the browser, safe inside a script element."""
        if self.program is None or not self.program.graph.of_numbers:
            return Markup("null")  # see tensors
        found = structure(self.program.graph) | {"hidden": self.hidden}
        if self.program.tensors:
            found["tensors"] = True  # a network that is written in them
        return Markup(dumps(found).replace("<", "\\u003c"))

    @property
    def hidden(self) -> dict[str, Any] | None:
        """What of its numbers is hidden, and what is asked of them."""
        if self.program is None:
            return None
        veil = self.program.veil(self.state)
        upstream = "" if self.state.seed == 1 else "L"
        asks = self.program.asks(self.state)
        asked = questions(self.program.graph, veil, upstream, asks) if veil else ()
        return veil.document(map(asdict, asked))


def _row(graph: Graph, position: int) -> Row:
    node = graph.nodes[position]
    edges = tuple(_edges(graph, position))
    formula = printers.label(graph, position)
    return Row(node.id, formula, node.span, graph.active[position], edges[:ROW_EDGES], composite(node))


def _edges(graph: Graph, position: int) -> Iterator[tuple[str, str, str]]:
    node = graph.nodes[position]
    repeated = node.repeated()
    for arg, child in enumerate(node.args):
        if not graph.active[child]:
            continue
        name, edge = f"∂{node.id}/∂{graph.nodes[child].id}", f"{node.id}.{arg}"
        if node.shape or graph.nodes[child].shape:
            yield f"back to {graph.nodes[child].id}: {rule(graph, Edge(child, position, arg))}", edge, ""
            continue
        which = f" by argument {arg + 1}" if child in repeated else ""
        yield name + which, edge, f"{edge}.partial"
        if which and arg == repeated[child][-1]:
            yield f"{name} by all", edge, f"{edge}.together"
