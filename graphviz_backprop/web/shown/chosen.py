"""What is chosen, a node, a variable or an edge, and what the inspector shows of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from graphviz_backprop.engine.autodiff import Run
from graphviz_backprop.explain import backward
from graphviz_backprop.explain import steps as stepping
from graphviz_backprop.explain.paths import inner_paths, places
from graphviz_backprop.explain.steps import Step
from graphviz_backprop.explain.tensors import cells
from graphviz_backprop.explain.tensors.block import Block, block, whole
from graphviz_backprop.explain.tensors.in_numbers import CELLS
from graphviz_backprop.explain.tensors.sentences import three
from graphviz_backprop.language import printers
from graphviz_backprop.language.cached import cached_property
from graphviz_backprop.language.folding import Fold, Line, Shown, entries
from graphviz_backprop.language.graph import CONST, VAR, Edge, Graph, Node
from graphviz_backprop.language.groups import Group, title_of
from graphviz_backprop.language.numerals import digits
from graphviz_backprop.language.shapes import size
from graphviz_backprop.language.tensor_ops import ROWS
from graphviz_backprop.web.shown.cells import ShownCell, ShownThree, Table, fields_of
from graphviz_backprop.web.shown.panels import edge_of
from graphviz_backprop.web.shown.steps import Written, written

_TERMS = 3  # of a sum that are written out, each by the chain rule
MOST = 12
"""So many arguments, and so many nodes that use it, are listed; a sum can have hundreds."""
LONGEST = 64
"""And so many edges of a line between layers."""


@dataclass(frozen=True)
class Way:
    """An edge as the inspector lists it, seen from one end: the node at the other, and its rule."""

    key: str
    node: str
    label: str
    active: bool
    rule: str
    which: str
    equations: tuple[Written, ...] = ()


@dataclass(frozen=True)
class Chosen:
    """``key`` is a node's id, a variable's name, an edge's such as ``c.0``, or a cell's such as ``W[0,1]``;
    another one chooses nothing.

    In a figure that is folded an edge may lead into a closed group, ``c~0.1``, or come from a box of several
    variables, ``x1~all.c``. ``upstream`` is L where the graph is a piece of a larger network.
    ``run`` says what values choose.
    """

    graph: Graph
    key: str
    upstream: str
    fold: Fold | None = None
    run: Run[Any] | None = None

    @cached_property
    def entrance(self) -> Entrance | None:
        """The edge into a closed group that is chosen."""
        found = self.fold.whole.entrance(self.key) if self.fold else None
        return Entrance(self.graph, *found) if found else None

    @cached_property
    def line(self) -> Line | None:
        """The line for several edges that is chosen."""
        return self.fold.line(self.key) if self.fold else None

    @cached_property
    def edge(self) -> Edge | None:
        return edge_of(self.graph, self.key)

    @cached_property
    def leaves(self) -> list[int]:
        """The leaves of the variable that is chosen by its name."""
        return places(self.graph, self.key) if self.key in self.graph.variables else []

    @property
    def at(self) -> int | None:
        """The position of the node that is chosen; a variable of one leaf is that leaf."""
        if self.key in self.graph.positions:
            return self.graph.positions[self.key]
        return self.leaves[0] if len(self.leaves) == 1 else None

    @cached_property
    def cell(self) -> ShownCell | None:
        """The cell that is chosen."""
        at = cells.find(self.graph, self.key) if self.run else None
        return ShownCell(cells.Told(self.run, at, self.top)) if self.run and at else None

    def three(self, key: str) -> ShownThree | None:
        """What an edge of tensors does to a gradient on its way back, in three sentences."""
        return self._threes.get(key)

    @cached_property
    def _threes(self) -> dict[str, ShownThree]:
        if self.of_numbers or self.run is None or self.kind not in ("edge", "node"):
            return {}
        edges = [self.edge] if self.edge else self._arguments
        told = {self._key(edge): edge for edge in edges if self.graph.active[edge.child]}
        return {key: ShownThree(three(self.run, edge, self.top)) for key, edge in told.items()}

    @cached_property
    def block(self) -> Block | None:
        """The Jacobian of the edge that is chosen, between tensors, where it is small enough to be drawn."""
        if self.of_numbers or self.run is None or self.edge is None or not self.active:
            return None
        tensors = self.node.shape or self.child.shape
        return block(self.run, self.edge) if tensors else None

    @cached_property
    def whole(self) -> Block | None:
        """The Jacobian of an output of several cells by what is chosen."""
        output = self.graph.output
        if self.of_numbers or self.run is None or not output.shape or self.kind not in ("node", "variable"):
            return None
        name = self.total.rpartition(".")[0]
        return whole(self.run, name) if self.active and name != output.id else None

    def _key(self, edge: Edge) -> str:
        return f"{self.graph.nodes[edge.parent].id}.{edge.arg}"

    @property
    def opens_in_numbers(self) -> bool:
        """Whether the node can be shown alone, each cell a node."""
        small = not self.of_numbers and self.kind == "node" and size(self.node.shape) <= CELLS
        return small and bool(self.node.args)

    @property
    def table(self) -> Table | None:
        """The cells of the node that is chosen; a number has none."""
        return Table(self.node.shape, self.node.id) if self.kind == "node" and self.node.shape else None

    @property
    def goes_up(self) -> Table | None:
        """The cells that go up the edge that is chosen; a number has none."""
        return Table(self.child.shape, self.child.id) if self.edge and self.child.shape else None

    @property
    def comes_down(self) -> Table | None:
        """And those that come down."""
        if self.edge is None or not self.child.shape or not self.active:
            return None
        return Table(self.child.shape, self.node.id, f".{self.edge.arg}")

    @property
    def fields(self) -> dict[str, float | str | None]:
        """The numbers of cells that it shows, and the signs of sums."""
        if self.run is None:
            return {}
        if self.cell is not None:
            return fields_of(self.run, self.cell.fields, self.cell.told.statements)
        rows = self.comes_down.rows if self.comes_down else ()
        flows = (f"{key}.flow" for row in rows for key in row.cells)
        return fields_of(self.run, flows, (one.told.cell for one in self._threes.values() if one.told.cell))

    @property
    def kind(self) -> str:
        if self.cell is not None:
            return "cell"
        if self.edge is not None:
            return "edge"
        if self.entrance or self.line:
            return "through" if self.entrance else "line"
        return "node" if self.at is not None else "variable" if self.leaves else ""

    @property
    def node(self) -> Node:
        """The node that is chosen, or that the edge leads to."""
        at = self.edge.parent if self.edge else self.at
        assert at is not None
        return self.graph.nodes[at]

    @property
    def child(self) -> Node:
        """The node that the chosen edge comes from."""
        if self.entrance:
            return self.graph.nodes[self.entrance.child]
        assert self.edge is not None
        return self.graph.nodes[self.edge.child]

    @property
    def shown(self) -> str:
        """The node that stands for it in the figure: of a variable its first leaf."""
        at = self.leaves[0] if self.kind == "variable" else self.at
        assert at is not None
        return self.graph.nodes[at].id

    @property
    def top(self) -> str:
        """What all gradients are gradients of."""
        return self.upstream or self.graph.output.id

    @property
    def active(self) -> bool:
        """Whether a gradient gets there."""
        at = self.edge.child if self.edge else self.entrance.child if self.entrance else self.at
        return at is None or self.graph.active[at]

    @property
    def title(self) -> str:
        return self.label(self.graph.positions[self.node.id]) if self.kind == "node" else self.key

    def label(self, at: int) -> str:
        return printers.label(self.graph, at)

    @property
    def total(self) -> str:
        """The field of the gradient."""
        if self.kind == "variable" or (self.kind == "node" and self._is_whole_variable):
            return f"{self.node.name if self.kind == 'node' else self.key}.total"
        return f"{self.child.id if self.edge else self.node.id}.gradient"

    @property
    def _is_whole_variable(self) -> bool:
        return self.node.op == VAR and len(places(self.graph, self.node.name)) == 1

    @property
    def what(self) -> str:
        """What kind of node it is: the name of its rule, of an edge that by its argument."""
        names = {VAR: "variable", CONST: "constant"}
        op = self.node.op
        return names.get(op) or ROWS[op].rule(self.edge.arg if self.edge else 0)

    @property
    def op(self) -> str:
        """The operation, for its place in the rule book; a leaf has none."""
        return self.node.op if self.node.op in ROWS else ""

    @property
    def of_numbers(self) -> bool:
        """Whether equations with numbers explain it; between tensors there are rules."""
        return self.graph.of_numbers

    @property
    def rule(self) -> str:
        """What is done to the gradient on its way back along the chosen edge."""
        return backward.rule(self.graph, self.edge) if self.edge and self.active else ""

    @property
    def value(self) -> tuple[Written, ...]:
        """How its value comes about."""
        return self._equations(lambda step: step.phase == "forward" and step.node == self.node.id)

    @property
    def gradient(self) -> tuple[Written, ...]:
        """The chain rule at each edge; how flows, or the gradients of several leaves, add up."""
        if self.kind == "variable":
            return self._equations(lambda step: step.node == self.key and step.edge is None)
        if self.kind != "node":
            return ()
        found = [step.equations[1:] for step in self._backward(self.node.id) if step.edge]
        terms = [equations[0] for equations in found[:_TERMS]] + [sum_ for _, *rest in found for sum_ in rest]
        return tuple(written(self.graph, equation) for equation in terms)

    @property
    def start(self) -> tuple[Written, ...]:
        """Where the backward pass begins."""
        output = self.graph.output.id
        if self.kind != "node" or self.node.id != output:
            return ()
        return self._equations(
            lambda step: step.phase == "backward" and step.edge is None and step.node == output
        )

    @property
    def chain(self) -> tuple[Written, ...]:
        """The local partial of the chosen edge, and what it carries back."""
        return tuple(equation for way in self._given([self.edge] if self.edge else []) for equation in way)

    @property
    def arguments(self) -> list[Way]:
        """The edges that lead into the node."""
        return [self._way(edge, edge.child) for edge in self._arguments]

    @property
    def _arguments(self) -> list[Edge]:
        at = self.graph.positions[self.node.id]
        return [Edge(child, at, arg) for arg, child in enumerate(self.node.args)][:MOST]

    @property
    def uses(self) -> list[Way]:
        """The edges that lead to the nodes which use it: the gradient comes from there."""
        at = self.graph.positions[self.node.id]
        edges = [edge for edge in self.graph.edges() if edge.child == at]
        return [self._way(edge, edge.parent) for edge in edges[:MOST]]

    # Closed groups, and boxes of variables

    @cached_property
    def group(self) -> Group | None:
        """The closed group that is the box of the chosen node."""
        closed = self.fold.whole.closed if self.fold and self.kind == "node" else ()
        return next((group for group in closed if group.output == self.at), None)

    @property
    def group_title(self) -> str:
        group = self.entrance.group if self.entrance else self.group
        return title_of(self.graph, group) if group else ""

    @property
    def entrances(self) -> list[Way]:
        """The edges that lead into the group."""
        if self.group is None:
            return []
        listed = list(enumerate(entries(self.graph, self.group)))[:MOST]
        return [self._entering(f"{self.group.id}.{arg}", child) for arg, child in listed]

    @property
    def line_edges(self) -> list[Way]:
        """The edges that a line stands for, not more of them than one reads."""
        edges = self.line.edges[:LONGEST] if self.line else ()
        return [self._entering(key, child) for key, child in edges]

    @property
    def line_ends(self) -> tuple[str, str]:
        """What stands at the ends of a line, in words."""
        assert self.line is not None
        return self._said(self.line.child), self._said(self.line.parent)

    @property
    def line_groups(self) -> list[str]:
        """The ids by which the boxes at its ends are opened."""
        assert self.line is not None
        assert self.fold is not None
        every = enumerate(self.fold.boxes)
        ends = (number for number, box in every if box in (self.line.child, self.line.parent))
        return [self.fold.bundle_id(end) for end in ends if len(self.fold.boxes[end].members) > 1]

    def _said(self, box: Shown) -> str:
        if box.bundle:
            return f"{len(box.bundle)} variables"
        return box.called if box.layer else self.graph.nodes[box.at].id

    def _entering(self, key: str, child: int) -> Way:
        node = self.graph.nodes[child].id
        return Way(key, node, self.label(child), self.graph.active[child], "through the group", "")

    @property
    def through(self) -> tuple[Written, ...]:
        """The partial through the group, and what flows back."""
        assert self.entrance is not None
        assert self.fold is not None
        name, _, arg = self.key.rpartition(".")
        for step in _told(self.fold.whole, self.upstream, digits()):
            if step.edge == (name, int(arg)):
                return tuple(written(self.graph, equation) for equation in step.equations[:2])
        return ()

    @property
    def siblings(self) -> int:
        """How many edges come from where the chosen one does."""
        if self.entrance and self.fold:
            every = (entry for box in self.fold.whole.boxes for entry in box.inputs)
            return sum(entry.child == self.entrance.child for entry in every)
        return sum(edge.child == self.edge.child for edge in self.graph.edges()) if self.edge else 0

    @property
    def more_uses(self) -> int:
        at = self.graph.positions[self.node.id]
        return max(0, sum(edge.child == at for edge in self.graph.edges()) - MOST)

    @property
    def more_arguments(self) -> int:
        return max(0, len(self.node.args) - MOST)

    def _way(self, edge: Edge, end: int) -> Way:
        parent = self.graph.nodes[edge.parent]
        several = parent.args.count(edge.child) > 1
        return Way(
            key=f"{parent.id}.{edge.arg}",
            node=self.graph.nodes[end].id,
            label=self.label(end),
            active=self.graph.active[edge.child],
            rule=backward.rule(self.graph, edge),
            which=f"argument {edge.arg + 1}" if several else "",
        )

    def _given(self, edges: Sequence[Edge]) -> Iterator[tuple[Written, ...]]:
        keys = {(self.graph.nodes[edge.parent].id, edge.arg) for edge in edges}
        for step in _told(self.graph, self.upstream, digits()):
            if step.edge in keys:
                yield tuple(written(self.graph, equation) for equation in step.equations[:2])

    def _backward(self, node: str) -> Iterator[Step]:
        return (
            step
            for step in _told(self.graph, self.upstream, digits())
            if step.phase == "backward" and step.node == node
        )

    def _equations(self, wanted: Callable[[Step], bool]) -> tuple[Written, ...]:
        found = (step for step in _told(self.graph, self.upstream, digits()) if wanted(step))
        return tuple(written(self.graph, equation) for step in found for equation in step.equations)


@dataclass(frozen=True)
class Entrance:
    """What goes into a closed group: a node's value, on one or more edges."""

    graph: Graph
    group: Group
    child: int

    @property
    def edges(self) -> int:
        return len(entries(self.graph, self.group)[self.child])

    @property
    def paths(self) -> int:
        """How many lead through the group."""
        return inner_paths(self.graph, self.group, self.child)


@lru_cache(maxsize=16)
def _told(graph: Graph | Fold, upstream: str, shown: int) -> tuple[Step, ...]:
    return tuple(stepping.steps(graph, upstream))
