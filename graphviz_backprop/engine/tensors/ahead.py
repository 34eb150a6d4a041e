"""Forward mode on tensors: how far each node moves along a direction, by the rules that bring gradients back.

A rule is linear in the gradient. So what it does to a gradient, turned around, is what the edge does to a
move: the tape's own backward pass through the rule, with the move for a gradient. No row has a second rule.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from typing import NamedTuple, cast

from graphviz_backprop.engine.tensors.tape import Passes, Tape
from graphviz_backprop.language.builder import Builder
from graphviz_backprop.language.cached import once
from graphviz_backprop.language.graph import Graph
from graphviz_backprop.language.shapes import Shape
from graphviz_backprop.language.tensor_ops import Settings

WAY = "∂→"
"""The name of the direction; no program has such a variable."""

_ANY = "∂ of "
"""Begins the names of gradients that stand for any: nothing is computed from them."""


def tape_ahead(graph: Graph, starts: Sequence[int]) -> tuple[Tape, dict[int, int]]:
    """The forward pass, and by the node how it moves: where that stands in the tape.

    The nodes ``starts``, of one shape, move along the variable WAY. Nodes that do not move are not told.
    """
    return once(graph, f"tape ahead of {starts!r}", lambda: _made(graph, starts))


def _made(graph: Graph, starts: Sequence[int]) -> tuple[Tape, dict[int, int]]:
    ahead = _Ahead(graph)
    shape = graph.nodes[starts[0]].shape
    found = dict.fromkeys(starts, ahead.builder.var(WAY, shape=shape))
    for at, node in enumerate(graph.nodes):
        if at in found or not graph.active[at]:
            continue
        parts = [ahead.moved(at, arg, found[child]) for arg, child in enumerate(node.args) if child in found]
        if parts:
            found[at] = functools.reduce(ahead.sum, parts)
    nothing: tuple[None, ...] = ()
    rows = tuple(found.values())
    return Tape(ahead.builder.nodes(), tuple(ahead.values), nothing, nothing, rows), found


class _Ahead:
    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.builder = Builder("graph")
        self.passes = Passes(self.builder)
        self.values = self.passes.forward(graph)

    def sum(self, one: int, other: int) -> int:
        return self.builder.apply("add", (one, other))

    def moved(self, at: int, arg: int, move: int) -> int:
        """How a node moves where one of its arguments does."""
        shape = self.graph.nodes[at].shape
        start = self.builder.var(f"{_ANY}{at}.{arg}", shape=shape)
        _, flow = self.passes.flow(self.graph, self.values, at, arg, start)
        sums = {flow: move}
        made = cast(Graph, _Made(self.builder))
        depending = self._depending(start, flow)
        for place in sorted(depending, reverse=True):
            if place == start or place not in sums:
                continue
            for number, child in enumerate(self.builder.operation(place)[1]):
                if child in depending:
                    _, part = self.passes.flow(made, _ITSELF, place, number, sums[place])
                    sums[child] = self.sum(sums[child], part) if child in sums else part
        return sums[start] if start in sums else self.passes.zeros(shape)

    def _depending(self, start: int, end: int) -> set[int]:
        """The nodes between two that are made of the first."""
        found = {start}
        for place in range(start + 1, end + 1):
            if not found.isdisjoint(self.builder.operation(place)[1]):
                found.add(place)
        return found


_ITSELF = range(10**9)
"""In a tape each node is its own value."""


class _Made:
    """The nodes of a graph in the making, as a graph has them."""

    def __init__(self, builder: Builder) -> None:
        self.builder = builder

    @property
    def nodes(self) -> _Made:
        return self

    def __getitem__(self, at: int) -> _Node:
        op, args, settings = self.builder.operation(at)
        return _Node(op, args, settings, self.builder.shape(at))


class _Node(NamedTuple):
    op: str
    args: tuple[int, ...]
    settings: Settings
    shape: Shape
