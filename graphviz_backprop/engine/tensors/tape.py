"""Both passes of a graph with tensors as one list of nodes, each made of nodes before it.

The backward pass is a program in the language: each row's rule is a text over its arguments, its result and
G, put together here by the parser's own means, shapes, broadcasts and all. So forward and backward are one
graph, in which equal nodes are one node, and evaluating it is a single walk.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from graphviz_backprop.language.builder import Builder
from graphviz_backprop.language.cached import cached_property, once
from graphviz_backprop.language.definitions import argument, definition, written
from graphviz_backprop.language.graph import VAR, Graph, Node
from graphviz_backprop.language.ops import OPS, Op
from graphviz_backprop.language.parser import assemble
from graphviz_backprop.language.shapes import Shape
from graphviz_backprop.language.tensor import Tensor
from graphviz_backprop.language.tensor_ops import TENSORS, Settings, Site, TensorOp

SEED = "∂"
"""The name of the gradient at the output; no program has such a variable."""


@dataclass(frozen=True)
class Tape:
    """``nodes`` are those of both passes. The others are positions in it: of each node's value and gradient,
    of each edge's partial (between numbers only) and flow, None where nothing flows."""

    nodes: tuple[Node, ...]
    values: tuple[int, ...]
    gradients: tuple[int | None, ...]
    partials: tuple[int | None, ...]
    flows: tuple[int | None, ...]

    @cached_property
    def needed(self) -> tuple[bool, ...]:
        """Which nodes the numbers of the graph are made of."""
        wanted = (*self.values, *self.gradients, *self.partials, *self.flows)
        kept = set(self.reached(at for at in wanted if at is not None))
        return tuple(at in kept for at in range(len(self.nodes)))

    def reached(self, wanted: Iterable[int]) -> list[int]:
        """These nodes and those that they are made of, in order."""
        needed = [False] * len(self.nodes)
        for at in wanted:
            needed[at] = True
        for at in range(len(self.nodes) - 1, -1, -1):
            if needed[at]:
                for arg in self.nodes[at].args:
                    needed[arg] = True
        return [at for at, one in enumerate(needed) if one]


def tape(graph: Graph, output: int | None = None) -> Tape:
    """Both passes, made once for a graph; ``output`` is the node whose gradient is the seed."""
    end = len(graph.nodes) - 1 if output is None else output
    return once(graph, f"tape of {end}", lambda: _made(graph, end))


def _made(graph: Graph, end: int) -> Tape:
    passes = Passes(Builder("graph"))
    values = passes.forward(graph)
    gradients, partials, flows = passes.backward(graph, values, end)
    return Tape(passes.builder.nodes(), tuple(values), tuple(gradients), tuple(partials), tuple(flows))


class Hop(NamedTuple):
    """A piece of a path: an edge, or through a closed group, its nodes ``inside``, to what goes in."""

    child: int
    parent: int
    arg: int
    inside: tuple[int, ...] = ()


Along = tuple[Tape, tuple[int, ...]]


def tape_along(graph: Graph, walks: Sequence[tuple[int, Sequence[Hop]]]) -> Along:
    """Both passes, and what comes back from a node along some hops, one after the other: where it stands.

    That is handed on by the rules alone, so nothing is added that comes along other edges. It is among the
    tape's flows, behind those of the graph's own edges. Made once for the same hops.
    """
    return once(graph, f"tape along {walks!r}", lambda: _made_along(graph, walks))


def _made_along(graph: Graph, walks: Sequence[tuple[int, Sequence[Hop]]]) -> Along:
    passes = Passes(Builder("graph"))
    values = passes.forward(graph)
    gradients, partials, flows = passes.backward(graph, values, len(graph.nodes) - 1)
    found = []
    for start, hops in walks:
        at = gradients[start]
        assert at is not None
        for hop in hops:
            at = passes.hop(graph, values, hop, at)
        found.append(at)
    both = (*flows, *found)
    return Tape(passes.builder.nodes(), tuple(values), tuple(gradients), tuple(partials), both), tuple(found)


class Passes:
    def __init__(self, builder: Builder) -> None:
        self.builder = builder

    def forward(self, graph: Graph) -> list[int]:
        """The nodes of the graph, composite ones as what they are made of."""
        return graph.fold(
            lambda node: self.builder.add(node, ()),
            lambda node: self.builder.add(node, ()),
            self._applied,
        )

    def _applied(self, node: Node, args: list[int]) -> int:
        op = TENSORS.get(node.op)
        if op is None or op.primitive:
            return self.builder.add(node, args)
        return self._defined(op, self._site(node, args), args)

    def _site(self, node: Node, args: Sequence[int]) -> Site:
        return Site(tuple(self.builder.shape(arg) for arg in args), dict(node.settings))

    def _defined(self, op: TensorOp, site: Site, args: Sequence[int]) -> int:
        """The definition of a composite, composites in it as theirs."""
        return self.inlined(definition(op, site), args)

    def inlined(self, inner: Graph, args: Sequence[int]) -> int:
        """The nodes of a definition, in which variables are the arguments by their number."""
        return graph_of(self, inner, args)[-1]

    def backward(
        self, graph: Graph, values: Sequence[int], end: int
    ) -> tuple[list[int | None], list[int | None], list[int | None]]:
        shape = graph.nodes[end].shape
        seed = self.builder.var(SEED, shape=shape)
        gradients: list[int | None] = [None] * len(graph.nodes)
        partials: list[int | None] = [None] * graph.first_edges[-1]
        flows: list[int | None] = [None] * len(partials)
        if graph.active[end]:
            gradients[end] = seed
        for at in range(len(graph.nodes) - 1, -1, -1):
            node = graph.nodes[at]
            if not graph.active[at]:
                continue
            gradient = gradients[at]
            if gradient is None:  # what the output does not need
                gradients[at] = self.zeros(node.shape)
                continue
            for arg, child in enumerate(node.args):
                if not graph.active[child]:
                    continue
                edge = graph.first_edges[at] + arg
                partials[edge], flow = self.flow(graph, values, at, arg, gradient)
                flows[edge] = flow
                known = gradients[child]
                gradients[child] = flow if known is None else self.builder.apply("add", (known, flow))
        return gradients, partials, flows

    def zeros(self, shape: Shape) -> int:
        size = functools.reduce(lambda one, other: one * other, shape, 1)
        return self.builder.const(Tensor(shape, (0.0,) * size) if shape else 0.0)

    def hop(self, graph: Graph, values: Sequence[int], hop: Hop, gradient: int) -> int:
        """What comes back along an edge; through a group along all edges inside it."""
        if not hop.inside:
            return self.flow(graph, values, hop.parent, hop.arg, gradient)[1]
        sums = {hop.parent: gradient}
        among = {*hop.inside, hop.child}
        for at in sorted(hop.inside, reverse=True):
            for arg, child in enumerate(graph.nodes[at].args if at in sums else ()):
                if child in among and graph.active[child]:
                    _, flow = self.flow(graph, values, at, arg, sums[at])
                    known = sums.get(child)
                    sums[child] = flow if known is None else self.builder.apply("add", (known, flow))
        found = sums.get(hop.child)
        return self.zeros(graph.nodes[hop.child].shape) if found is None else found

    def flow(
        self, graph: Graph, values: Sequence[int], at: int, arg: int, gradient: int
    ) -> tuple[int | None, int]:
        """What flows back along an edge, and the local partial where it joins two numbers."""
        node = graph.nodes[at]
        args = [values[child] for child in node.args]
        op = TENSORS.get(node.op)
        if op is not None:
            return None, self._by_rule(op, node, args, values[at], arg, gradient)
        partial, flow = self._by_partial(OPS[node.op], args, values[at], arg, gradient)
        numbers = not node.shape and not graph.nodes[node.args[arg]].shape
        return (partial if numbers else None), flow

    def _by_partial(
        self, op: Op, args: Sequence[int], value: int, arg: int, gradient: int
    ) -> tuple[int, int]:
        """Cell by cell, the gradient times the partial."""
        names = {**op.bind(args, arg), "f": value}
        text = op.evaluated_partial(arg)
        if op.variadic:
            names["n"] = self.builder.const(float(len(args)))
            names["k"] = self._ties(args, value)
        partial = assemble(self.builder, text, names)
        if text == "1":
            return partial, gradient
        if text == "-1":
            return partial, self.builder.apply("neg", (gradient,))
        return partial, assemble(self.builder, "G * p", {"G": gradient, "p": partial})

    def _ties(self, args: Sequence[int], value: int) -> int:
        """How many arguments equal the result."""
        equal = [assemble(self.builder, "x == f", {"x": x, "f": value}) for x in args]
        return functools.reduce(self._sum, equal)

    def _sum(self, one: int, other: int) -> int:
        return assemble(self.builder, "x + y", {"x": one, "y": other})

    def _by_rule(
        self, op: TensorOp, node: Node, args: Sequence[int], value: int, arg: int, gradient: int
    ) -> int:
        site = self._site(node, args)
        text = op.written_rule(site, arg)
        if not text:
            return self._through(definition(op, site), args, arg, gradient)
        names = dict(zip(op.names_at(len(args)), args, strict=True))
        names = {**names, "f": value, "G": gradient}
        return self._ruled(text, names, node.settings, site.shapes[arg])

    def _ruled(self, text: str, names: Mapping[str, int], settings: Settings, shape: Shape) -> int:
        """A rule's text, and in it composites as what they are made of."""
        shapes = tuple((name, self.builder.shape(at)) for name, at in names.items())
        rule = written(text, shapes, settings)
        found = graph_of(self, rule, [names[name] for name in names])[-1]
        if self.builder.shape(found) != shape:  # a number that is the same for all cells
            found = self.builder.apply("broadcast", (found,), (0, 0), (("shape", shape),))
        return found

    def _through(self, inner: Graph, args: Sequence[int], arg: int, gradient: int) -> int:
        """What flows back to an argument through a definition: the chain rule inside."""
        values = graph_of(self, inner, args)
        sums: dict[int, int] = {len(inner.nodes) - 1: gradient}
        for at in range(len(inner.nodes) - 1, -1, -1):
            if at not in sums:
                continue
            for number, child in enumerate(inner.nodes[at].args):
                if inner.active[child]:
                    _, flow = self.flow(inner, values, at, number, sums[at])
                    known = sums.get(child)
                    sums[child] = flow if known is None else self.builder.apply("add", (known, flow))
        for at, leaf in enumerate(inner.nodes):
            if leaf.op == VAR and leaf.name == argument(arg) and at in sums:
                return sums[at]
        return self.zeros(self.builder.shape(args[arg]))


def graph_of(passes: Passes, inner: Graph, args: Sequence[int]) -> list[int]:
    """The nodes of a text's graph in a graph in the making, its variables the arguments by their number."""
    return inner.fold(
        lambda leaf: args[int(leaf.name[1:])],
        lambda leaf: passes.builder.add(leaf, ()),
        passes._applied,
    )
