"""One cell of a node, or of what flows back from it, written in numbers: a small graph of its own.

Definitions and backward rules are texts in the language. Here the one cell that is asked for is followed
through them, down to cells of the arguments, of the result and of its gradient. What is written is the form
that is good to read, not the stable one. Nothing else of the tensors is touched, however large they are.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple, TypeAlias

import numpy as np

from graphviz_backprop.engine.tensors.made import CHOICES, Factor, maker
from graphviz_backprop.engine.tensors.program import Program
from graphviz_backprop.language.builder import Builder
from graphviz_backprop.language.cached import cached_property
from graphviz_backprop.language.definitions import argument, definition, written
from graphviz_backprop.language.graph import CONST, VAR, Graph
from graphviz_backprop.language.ops import OPS, Op
from graphviz_backprop.language.parser import parse_row
from graphviz_backprop.language.shapes import Shape
from graphviz_backprop.language.tensor_ops import TENSORS, Settings, Site, TensorOp

MOST = 4_000
"""So many nodes one cell may be made of; with more, nobody reads it."""

Leaf: TypeAlias = Callable[[int], int]
"""Of a cell, by its number, the node that stands for it."""


def chooses(op: str, site: Site) -> bool:
    """Whether values say which cells a row's are made of."""
    row = TENSORS.get(op)
    if row is None or row.primitive:
        return op in CHOICES
    inner = definition(row, site)
    return any(
        chooses(node.op, Site(tuple(inner.nodes[arg].shape for arg in node.args), dict(node.settings)))
        for node in inner.nodes
        if node.args
    )


class TooLong(ValueError):
    """A cell is made of too much to be written out."""


class Around(NamedTuple):
    """A node and what stands around it: the cells of its arguments, of its result and of its gradient, and
    their values, arguments first, for what is chosen by them."""

    op: str
    settings: Settings
    shapes: tuple[Shape, ...]
    shape: Shape
    args: Sequence[Leaf]
    result: Leaf
    gradient: Leaf
    values: Sequence[Callable[[], Any]]

    @property
    def site(self) -> Site:
        return Site(self.shapes, dict(self.settings))


class Writer:
    """Adds what cells are made of to a graph in the making."""

    def __init__(self) -> None:
        self.builder = Builder("graph")

    def value(self, node: Around) -> Leaf:
        """What writes a cell of the node's value."""
        op = TENSORS.get(node.op)
        if op is not None and not op.primitive:
            inner = _Inside(self, definition(op, node.site, stable=False), node.args, node.values)
            return inner.cells(len(inner.graph.nodes) - 1)
        choosing = [value() for value in node.values[: len(node.args)]] if node.op in CHOICES else ()
        make = maker(node.op, node.site, choosing)

        def write(at: int) -> int:
            made = make(at)
            terms = [self.product([self._factor(one, node.args) for one in term]) for term in made.terms]
            return self.apply(made.op, terms)

        return write

    def flow(self, node: Around, arg: int) -> Leaf:
        """What writes a cell of what flows back to an argument: its backward rule, at that cell."""
        op = TENSORS.get(node.op)
        if op is None:
            return self._by_partial(OPS[node.op], node, arg)
        text = op.written_rule(node.site, arg)
        return self._by_rule(op, text, node) if text else self._through(op, node, arg)

    def _by_rule(self, op: TensorOp, text: str, node: Around) -> Leaf:
        names = (*op.names_at(len(node.args)), "f", "G")
        shapes = (*node.shapes, node.shape, node.shape)
        rule = written(text, tuple(zip(names, shapes, strict=True)), node.settings)
        inner = _Inside(self, rule, (*node.args, node.result, node.gradient), node.values)
        found = inner.cells(len(rule.nodes) - 1)
        return found if rule.output.shape else lambda at: found(0)  # a number that is the same for all cells

    def _through(self, op: TensorOp, node: Around, arg: int) -> Leaf:
        """The chain rule inside its definition."""
        inner = _Inside(self, definition(op, node.site, stable=False), node.args, node.values)
        inner.ends_in(node.result)
        back = _Back(inner, node.gradient)
        for at, leaf in enumerate(inner.graph.nodes):
            if leaf.op == VAR and leaf.name == argument(arg):
                return back.cells(at)
        return lambda at: self.number(0.0)

    def _by_partial(self, op: Op, node: Around, arg: int) -> Leaf:
        """Cell by cell, the gradient times the partial."""
        row = parse_row(op.partial(arg))

        def write(at: int) -> int:
            found = [one(0 if shape == () else at) for one, shape in zip(node.args, node.shapes, strict=True)]
            gradient = node.gradient(at)
            if op.partial(arg) in ("1", "-1"):
                return gradient if op.partial(arg) == "1" else self.apply("neg", [gradient])
            names = {**op.bind(found, arg), "f": node.result(at)}
            if op.variadic:
                names["n"] = self.number(float(len(found)))
                names["k"] = self.apply("sum", [self.apply("equal", [x, names["f"]]) for x in found])
            return self.product([gradient, self.row(row, names)])

        return write

    def row(self, row: Graph, names: Mapping[str, int]) -> int:
        """A row's text in numbers."""
        return row.fold(
            lambda node: names[node.name],
            lambda node: self.builder.const(node.value, node.name),
            lambda node, args: self.apply(node.op, args),
        )[-1]

    def _factor(self, factor: Factor, args: Sequence[Leaf]) -> int:
        return self.number(factor) if isinstance(factor, float) else args[factor.arg](factor.at)

    def number(self, value: float) -> int:
        return self.builder.const(value)

    def product(self, factors: Sequence[int]) -> int:
        """Factors from left to right, without those that are 1."""
        found = [one for one in factors if self.builder.constant(one) != 1.0] or [self.number(1.0)]
        product = found[0]
        for one in found[1:]:
            product = self._add("mul", (product, one))
        return product

    def apply(self, op: str, args: Sequence[int]) -> int:
        """An operation as one writes it: no sum of one term, of sums or zeros, no choice that is known."""
        if op in ("sum", "add"):
            terms = [part for arg in args for part in self._terms(arg) if self.builder.constant(part) != 0.0]
            return self._add("sum", tuple(terms)) if len(terms) > 1 else (*terms, self.number(0.0))[0]
        if op == "mul":
            return self.product(args)
        if op == "where" and (known := self.builder.constant(args[0])) is not None:
            return args[1] if known else args[2]
        if op == "same" or (op in ("max", "min") and len(args) == 1):
            return args[0]
        return self._add(op, tuple(args))

    def _terms(self, at: int) -> tuple[int, ...]:
        op, args, _ = self.builder.operation(at)
        return args if op == "sum" else (at,)

    def _add(self, op: str, args: tuple[int, ...]) -> int:
        if len(self.builder) > MOST:
            raise TooLong(f"this cell is made of more than {MOST:,} numbers")
        return self.builder.apply(op, args)


class _Inside:
    """The cells of a text's graph, whose variables are the arguments by their number."""

    def __init__(
        self, writer: Writer, graph: Graph, leaves: Sequence[Leaf], values: Sequence[Callable[[], Any]]
    ) -> None:
        self.writer = writer
        self.graph = graph
        self._leaves = leaves
        self._values = values
        self._known: dict[int, Leaf] = {}

    def ends_in(self, result: Leaf) -> None:
        """The cells of the last node are not written out: they are known by a name."""
        self._known[len(self.graph.nodes) - 1] = result

    def cells(self, at: int) -> Leaf:
        """What writes the cells of a node."""
        if at not in self._known:
            self._known[at] = _once(self._cells(at))
        return self._known[at]

    def _cells(self, at: int) -> Leaf:
        node = self.graph.nodes[at]
        if node.op == VAR:
            return self._leaves[int(node.name[1:])]
        if node.op == CONST:
            cells = (node.value,) if node.cells is None else node.cells.cells
            return lambda cell: self.writer.builder.const(cells[cell], node.name if not node.shape else "")
        return self.writer.value(self.around(at, _no_gradient))

    def around(self, at: int, gradient: Leaf) -> Around:
        node = self.graph.nodes[at]
        args = [self.graph.nodes[arg] for arg in node.args]
        return Around(
            node.op,
            node.settings,
            tuple(arg.shape for arg in args),
            node.shape,
            [self.cells(arg) for arg in node.args],
            lambda cell: self.cells(at)(cell),
            gradient,
            [lambda arg=arg: self._numbers[arg] for arg in (*node.args, at, at)],  # type: ignore[misc]
        )

    @cached_property
    def _numbers(self) -> Sequence[Any]:
        """The values of all nodes: of rules, the last ones are not asked for."""
        places = {f"_{number}": number for number in range(len(self._leaves))}
        given = {name: self._values[places[name]]() for name in self.graph.variables}
        shape = self.graph.output.shape
        return Program(self.graph).numbers(given, np.ones(shape) if shape else 1.0)[0]


class _Back:
    """The gradients of cells inside a definition: what flows back along all edges, added up."""

    def __init__(self, inside: _Inside, gradient: Leaf) -> None:
        self._inside = inside
        self._gradient = gradient
        self._known: dict[int, Leaf] = {}

    def cells(self, at: int) -> Leaf:
        if at not in self._known:
            self._known[at] = _once(self._cells(at))
        return self._known[at]

    def _cells(self, at: int) -> Leaf:
        graph, writer = self._inside.graph, self._inside.writer
        if at == len(graph.nodes) - 1:
            return self._gradient
        flows = [
            writer.flow(self._inside.around(edge.parent, self.cells(edge.parent)), edge.arg)
            for edge in graph.edges()
            if edge.child == at
        ]
        return lambda cell: writer.apply("sum", [flow(cell) for flow in flows])


def _once(leaf: Leaf) -> Leaf:
    """The same, remembering what it has written."""
    known: dict[int, int] = {}

    def write(at: int) -> int:
        if at not in known:
            known[at] = leaf(at)
        return known[at]

    return write


def _no_gradient(at: int) -> int:
    raise AssertionError("values need no gradient")
