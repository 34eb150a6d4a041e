"""A program with tensors in numbers: each cell is a node of a graph that knows no tensors.

A contraction is a sum of products, a row of numbers is itself, cell by cell. A cell that was moved *is* the
cell that it came from: kernels that move cells do so with the positions of nodes, too. What a number chooses
(the rows of a gather, the places of an argsort) stays as it is at one point.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from graphviz_backprop.engine.tensors.made import Cell, Factor, Made, maker
from graphviz_backprop.engine.tensors.point import point
from graphviz_backprop.engine.tensors.program import Program
from graphviz_backprop.language.builder import Builder
from graphviz_backprop.language.definitions import cornered, definition
from graphviz_backprop.language.graph import Graph, Node
from graphviz_backprop.language.shapes import Shape, size
from graphviz_backprop.language.tensor import cell, place
from graphviz_backprop.language.tensor_ops import TENSORS, Site

MOST = 100_000
"""How many nodes a program in numbers may have."""

Cells: TypeAlias = "npt.NDArray[np.intp]"
"""The positions of nodes, in a tensor's shape."""


def scalars(graph: Graph, at: Mapping[str, Any] | None = None, most: int = MOST) -> Graph:
    """The program in numbers; ``at`` is where choices are made, else where the program starts, or 1.

    Ids and names are cells: ``W[0, 1]``. An output of several cells becomes their sum. Raises ValueError for
    a program that would have too many nodes.
    """
    given: dict[str, Any] = {**dict.fromkeys(graph.variables, 1.0), **graph.start, **(at or {})}
    program = Program(graph)
    values, seed = point(graph, given, 1.0)
    if np.ndim(seed) > len(graph.output.shape):
        raise ValueError("numbers are of one sample: give each variable one value")
    writer = _Writer(Builder(graph.view), program.numbers(values, seed)[0], most)
    found = writer.whole(graph)
    output = int(found[-1]) if not graph.output.shape else writer.apply("sum", list(found[-1].ravel()))
    return writer.builder.graph(graph.text, output, graph.positions, graph.notes)


class _Writer:
    """Writes cells as nodes; ``values`` are the numbers of the graph's nodes, for what is chosen by them."""

    def __init__(self, builder: Builder, values: Sequence[Any], most: int) -> None:
        self.builder = builder
        self.values = values
        self.most = most
        self.span = (0, 0)

    def whole(self, graph: Graph) -> list[Cells]:
        found: list[Cells] = []
        for node in graph.nodes:
            self.span = node.span
            made = self._node(
                node, [found[arg] for arg in node.args], [self.values[arg] for arg in node.args]
            )
            for number, one in enumerate(made.ravel()):
                named = node.named or (not node.args and graph.view == "graph")
                self.builder.call(int(one), cell(node.id, place(number, node.shape)), named)
            found.append(made)
            if len(self.builder) > self.most:
                raise ValueError(f"in numbers this program has more than {self.most:,} nodes")
        return found

    def apply(self, op: str, args: Sequence[Any]) -> int:
        """A row of numbers; one of any number of arguments is its argument where there is one only."""
        if len(args) == 1 and op in ("sum", "max", "min", "mul", "add"):
            return int(args[0])
        return self.builder.apply(op, tuple(int(arg) for arg in args), self.span)

    def _node(self, node: Node, args: Sequence[Cells], values: Sequence[Any]) -> Cells:
        if node.op == "var":
            return self._leaf(node)
        if node.op == "const":
            cells = [node.value] if node.cells is None else node.cells.cells
            text = node.name if node.cells is None else ""
            return _array([self.builder.const(x, text, self.span) for x in cells], node.shape)
        return self._applied(node, args, values)

    def _leaf(self, node: Node) -> Cells:
        if not node.shape:
            return _array([self.builder.var(node.name, self.span, node.start)], ())
        starts = node.cells.cells if node.cells else (None,) * size(node.shape)
        names = (cell(node.name, place(at, node.shape)) for at in range(size(node.shape)))
        leaves = [self.builder.var(name, self.span, x) for name, x in zip(names, starts, strict=True)]
        return _array(leaves, node.shape)

    def _applied(self, node: Node, args: Sequence[Cells], values: Sequence[Any]) -> Cells:
        site = Site(tuple(one.shape for one in args), dict(node.settings))
        op = TENSORS.get(node.op)
        if op is not None and not op.primitive:
            inner = definition(op, site)
            known = _numbers(inner, values)
            if op.cornered and not np.all(known[-1]):
                inner = cornered(op, site)
                known = _numbers(inner, values)
            return self._defined(inner, args, known)
        if node.op == "cumsum":
            return self._running(site, args[0])
        make = maker(node.op, site, values)
        flat = [one.ravel() for one in args]
        return _array([self._made(make(at), flat) for at in range(size(node.shape))], node.shape)

    def _made(self, made: Made, args: Sequence[Cells]) -> int:
        if len(self.builder) > self.most:
            raise ValueError(f"in numbers this program has more than {self.most:,} nodes")
        terms = [self.chain("mul", [self._factor(one, args) for one in term]) for term in made.terms]
        if made.op == "same":
            return terms[0]
        return self.chain("mul", terms) if made.op == "mul" else self.apply(made.op, terms)

    def _factor(self, factor: Factor, args: Sequence[Cells]) -> int:
        if isinstance(factor, Cell):
            return int(args[factor.arg][factor.at])
        return self.builder.const(factor, "", self.span)

    def _defined(self, inner: Graph, args: Sequence[Cells], known: Sequence[Any]) -> Cells:
        """The cells of a definition; ``known`` are its values, for what it chooses."""
        found: list[Cells] = []
        for node in inner.nodes:
            if node.op == "var":
                found.append(args[int(node.name[1:])])
            else:
                inputs = [found[arg] for arg in node.args], [known[arg] for arg in node.args]
                found.append(self._node(node, *inputs))
        return found[-1]

    def chain(self, op: str, cells: Sequence[Any]) -> int:
        """Cells by a row of any number of arguments, or by one of two from left to right."""
        if op != "mul":
            return self.apply(op, cells)
        found = int(cells[0])
        for one in cells[1:]:
            found = self.apply("mul", (found, one))
        return found

    def _running(self, site: Site, x: Cells) -> Cells:
        """Each is the sum before it and one more: sums of all that came before would be many."""
        found = np.moveaxis(x, site["axis"], 0).copy()
        for row in range(1, len(found)):
            pairs = zip(found[row - 1].ravel(), found[row].ravel(), strict=True)
            found[row] = _array([self.apply("add", pair) for pair in pairs], found[row].shape)
        return np.moveaxis(found, 0, site["axis"])


def _numbers(inner: Graph, values: Sequence[Any]) -> Sequence[Any]:
    """The values of a definition's nodes."""
    at = {f"_{number}": value for number, value in enumerate(values)}
    given = {name: at[name] for name in inner.variables}
    return Program(inner).numbers(given, _ones(inner.output.shape))[0]


def _array(positions: Sequence[int], shape: Shape) -> Cells:
    return np.array(positions, dtype=np.intp).reshape(shape)


def _ones(shape: Shape) -> Any:
    return np.ones(shape) if shape else 1.0
