"""The computation graph of a program: an immutable DAG, its nodes in topological order.

Vocabulary: a *node* is one operation or leaf, an *edge* is one argument position of a node, so that
``x*x`` has two edges. Arguments come before the nodes that use them, hence the output is the last node.

What holds of every graph, whoever made it:

* It has a node. The arguments of a node stand before it; of leaves there are none.
* ``op`` of what has arguments is a row of the table of operations, which takes that many.
* Ids are different from one another. A variable has a name, a constant a value.
* A node that the output does not need may be there: it has a value, and if a variable reaches it the
  gradient 0. :class:`~graphviz_backprop.language.builder.Builder` leaves such nodes out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import accumulate
from typing import NamedTuple, TypeVar

from graphviz_backprop.language.cached import cached_property
from graphviz_backprop.language.notes import Note
from graphviz_backprop.language.shapes import Shape
from graphviz_backprop.language.tensor import Tensor
from graphviz_backprop.language.tensor_ops import Settings

CONST = "const"
VAR = "var"

T = TypeVar("T")


class Node(NamedTuple):
    """One operation or leaf.

    ``op`` is ``"const"``, ``"var"`` or the name of a row of the table of operations; ``args`` are
    positions in ``Graph.nodes``; ``span`` is the place in the text, as start and end offsets in
    characters; ``name`` is a variable's name or a constant as it was typed, if it was; ``value`` is a
    constant's; ``named`` says that a statement gave the id; ``start`` is the number that the program gives a
    variable to start at (``x = -2``), if it does.

    Of a tensor, ``shape`` is that of its value, and ``cells`` are a constant's, or those at which a variable
    starts; ``value`` and ``start`` say nothing then. ``settings`` are what is no argument and yet decides
    what the operation gives: an axis, a slice, the letters of a contraction.
    """

    id: str
    op: str
    args: tuple[int, ...]
    span: tuple[int, int]
    name: str = ""
    value: float = 0.0
    named: bool = False
    start: float | None = None
    shape: Shape = ()
    settings: Settings = ()
    cells: Tensor | None = None

    @property
    def begins(self) -> float | Tensor | None:
        """Where the program lets a variable start."""
        return self.start if self.cells is None else self.cells if self.op == VAR else None

    def repeated(self) -> dict[int, list[int]]:
        """The arguments that are there several times, with their numbers: ``x^x`` has x as 0 and 1."""
        if len(set(self.args)) == len(self.args):
            return {}
        places: dict[int, list[int]] = {}
        for arg, child in enumerate(self.args):
            places.setdefault(child, []).append(arg)
        return {child: args for child, args in places.items() if len(args) > 1}


@dataclass(frozen=True)
class Edge:
    """The node at position ``child`` is argument number ``arg`` of the node at position ``parent``."""

    child: int
    parent: int
    arg: int


class Mark(NamedTuple):
    """A piece of the program as it was written: the nodes from ``start`` up to ``end``, before that one.

    ``kind`` is one of :data:`MARKS`, ``title`` its text, ``output`` the position of the node that it
    computes, or -1 for a section, which may compute several. What of it is a group, drawn as one box, is
    found by :mod:`graphviz_backprop.language.groups`.
    """

    kind: str
    title: str
    start: int
    end: int
    output: int


MARKS = ("section", "statement", "call", "composite")


class Pasted(NamedTuple):
    """What a text was read as that is no program of the language: the dialect's name, as programs and as
    people call it, and the program that it says."""

    dialect: str
    title: str
    program: str


@dataclass(frozen=True)
class Graph:
    """A program as a graph. ``text`` is what was typed, ``view`` is ``"tree"`` or ``"graph"``.

    ``notes`` say where the text may be meant otherwise; ``pasted`` what it was read as, if it is no program
    of the language; ``marks`` which nodes a piece of the text has made.
    """

    text: str
    view: str
    nodes: tuple[Node, ...]
    notes: tuple[Note, ...] = ()
    pasted: Pasted | None = None
    marks: tuple[Mark, ...] = ()

    def fold(
        self,
        var: Callable[[Node], T],
        const: Callable[[Node], T],
        apply: Callable[[Node, list[T]], T],
    ) -> list[T]:
        """What each node is made into, arguments first.

        ``var`` makes it of a variable, ``const`` of a constant, ``apply`` of any other node and of what its
        arguments were made into.
        """
        made: list[T] = []
        for node in self.nodes:
            if node.op == VAR:
                made.append(var(node))
            elif node.op == CONST:
                made.append(const(node))
            else:
                made.append(apply(node, [made[arg] for arg in node.args]))
        return made

    @property
    def output(self) -> Node:
        """The node of the last statement."""
        return self.nodes[-1]

    @cached_property
    def variables(self) -> tuple[str, ...]:
        """Names of the variables, in the order in which the output is evaluated."""
        return tuple(dict.fromkeys(node.name for node in self.nodes if node.op == VAR and node.name))

    @cached_property
    def start(self) -> Mapping[str, float | Tensor]:
        """Where the program lets variables start: those that it gives a number or a tensor."""
        return {node.name: start for node in self.nodes if (start := node.begins) is not None}

    @cached_property
    def number_start(self) -> Mapping[str, float]:
        """The same, of variables that are numbers."""
        return {name: start for name, start in self.start.items() if not isinstance(start, Tensor)}

    @cached_property
    def of_numbers(self) -> bool:
        """Whether every node's value is a number."""
        return not any(node.shape or node.settings for node in self.nodes)

    @cached_property
    def shapes(self) -> Mapping[str, Shape]:
        """The shape of each variable, by its name."""
        return {node.name: node.shape for node in self.nodes if node.op == VAR}

    @cached_property
    def active(self) -> tuple[bool, ...]:
        """For each node, whether a variable reaches it: only these have a gradient."""
        active: list[bool] = []
        for node in self.nodes:
            active.append(node.op == VAR or any(active[arg] for arg in node.args))
        return tuple(active)

    @cached_property
    def bare(self) -> frozenset[int]:
        """What can stand in the label of the node that uses it: constants, and a number that is made of some,
        as 1/32. What has a name is no such thing, nor is the output."""
        found: set[int] = set()
        constants: set[int] = set()
        for at, node in enumerate(self.nodes[:-1]):
            if node.op == CONST:
                constants.add(at)
            if not node.named and (
                node.op == CONST or (node.args and not node.shape and constants.issuperset(node.args))
            ):
                found.add(at)
        return frozenset(found)

    @cached_property
    def positions(self) -> Mapping[str, int]:
        """The position of each node by its id."""
        return {node.id: position for position, node in enumerate(self.nodes)}

    @cached_property
    def uses(self) -> tuple[int, ...]:
        """For each node, how many edges leave it for the nodes that use it."""
        uses = [0] * len(self.nodes)
        for node in self.nodes:
            for arg in node.args:
                uses[arg] += 1
        return tuple(uses)

    @cached_property
    def first_edges(self) -> tuple[int, ...]:
        """For each node, how many edges come before its own in the order of :meth:`edges`; then all."""
        return (0, *accumulate(len(node.args) for node in self.nodes))

    def edges(self) -> Iterator[Edge]:
        """All edges, parent by parent in the order of evaluation, arguments from left to right."""
        for parent, node in enumerate(self.nodes):
            for arg, child in enumerate(node.args):
                yield Edge(child, parent, arg)
