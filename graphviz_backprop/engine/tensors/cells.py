"""A program with tensors in numbers: each cell is a node of a graph that knows no tensors.

A contraction is a sum of products, a row of numbers is itself, cell by cell. A cell that was moved *is* the
cell that it came from: kernels that move cells do so with the positions of nodes, too. What a number chooses
(the rows of a gather, the places of an argsort) stays as it is at one point.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import product
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from graphviz_backprop.engine.tensors.kernels import MOVES, kernel
from graphviz_backprop.engine.tensors.point import point
from graphviz_backprop.engine.tensors.program import Program
from graphviz_backprop.language import letters
from graphviz_backprop.language.builder import Builder
from graphviz_backprop.language.definitions import definition
from graphviz_backprop.language.graph import Graph, Node
from graphviz_backprop.language.shapes import Shape, size
from graphviz_backprop.language.tensor import cell, place
from graphviz_backprop.language.tensor_ops import TENSORS, Site

MOST = 100_000
"""How many nodes a program in numbers may have."""

Cells: TypeAlias = "npt.NDArray[np.intp]"
"""The positions of nodes, in a tensor's shape."""


def scalars(graph: Graph, at: Mapping[str, Any] | None = None) -> Graph:
    """The program in numbers; ``at`` is where choices are made, else where the program starts, or 1.

    Ids and names are cells: ``W[0, 1]``. An output of several cells becomes their sum. Raises ValueError for
    a program that would have too many nodes.
    """
    given: dict[str, Any] = {**dict.fromkeys(graph.variables, 1.0), **graph.start, **(at or {})}
    program = Program(graph)
    values, seed = point(graph, given, 1.0)
    if np.ndim(seed) > len(graph.output.shape):
        raise ValueError("numbers are of one sample: give each variable one value")
    writer = _Writer(Builder(graph.view), program.numbers(values, seed)[0])
    found = writer.whole(graph)
    output = int(found[-1]) if not graph.output.shape else writer.apply("sum", list(found[-1].ravel()))
    return writer.builder.graph(graph.text, output, graph.positions, graph.notes)


class _Writer:
    """Writes cells as nodes; ``values`` are the numbers of the graph's nodes, for what is chosen by them."""

    def __init__(self, builder: Builder, values: Sequence[Any]) -> None:
        self.builder = builder
        self.values = values
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
            if len(self.builder) > MOST:
                raise ValueError(f"in numbers this program has more than {MOST:,} nodes")
        return found

    def apply(self, op: str, args: Sequence[Any]) -> int:
        """A row of numbers; one of any number of arguments is its argument where there is one only."""
        if len(args) == 1 and op in ("sum", "max", "min", "mul", "add"):
            return int(args[0])
        return self.builder.apply(op, tuple(int(arg) for arg in args), self.span)

    def _zero(self) -> int:
        return self.builder.const(0.0, "0", self.span)

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
        if node.op not in TENSORS:
            wide = np.broadcast_arrays(*args)
            cells = zip(*(one.ravel() for one in wide), strict=True)
            made = [self.builder.apply(node.op, tuple(map(int, each)), self.span) for each in cells]
            return _array(made, node.shape)
        site = Site(tuple(one.shape for one in args), dict(node.settings))
        op = TENSORS[node.op]
        if not op.primitive:
            return self._defined(definition(op, site), args, values)
        if node.op in MOVES:
            return self._moved(node.op, site, args, values)
        return _ROWS[node.op](self, site, args, values)

    def _defined(self, inner: Graph, args: Sequence[Cells], values: Sequence[Any]) -> Cells:
        """The cells of a definition; its values are computed once more, for what it chooses."""
        at = {f"_{number}": value for number, value in enumerate(values)}
        given = {name: at[name] for name in inner.variables}
        known = Program(inner).numbers(given, _ones(inner.output.shape))[0]
        found: list[Cells] = []
        for node in inner.nodes:
            if node.op == "var":
                found.append(args[int(node.name[1:])])
            else:
                inputs = [found[arg] for arg in node.args], [known[arg] for arg in node.args]
                found.append(self._node(node, *inputs))
        return found[-1]

    def _moved(self, op: str, site: Site, args: Sequence[Cells], values: Sequence[Any]) -> Cells:
        """Positions are moved as cells are; 0 is where none comes to be."""
        moves = [one + 1 for one in args]
        if op == "gather":
            moves[1:] = [np.asarray(value) for value in values[1:]]
        found = np.asarray(kernel(op, site)(*moves))
        if op == "gather" and np.isnan(found).any():
            raise ValueError("an index is outside: there is no such cell")
        found = found.astype(np.intp) - 1
        if (found < 0).any():
            found = np.where(found < 0, self._zero(), found)
        return found

    def together(self, op: str, site: Site, args: Sequence[Cells]) -> Cells:
        """Along axes, all cells by one row."""
        axes, x = site.axes, args[0]
        kept = [axis for axis in range(x.ndim) if axis not in axes]
        rows = np.transpose(x, (*kept, *axes)).reshape(-1, size(tuple(x.shape[axis] for axis in axes)))
        shape = TENSORS["sum_over"].shape(site)
        return _array([self.chain(op, list(row)) for row in rows], shape)

    def chain(self, op: str, cells: Sequence[Any]) -> int:
        """Cells by a row of any number of arguments, or by one of two from left to right."""
        if op != "mul":
            return self.apply(op, cells)
        found = int(cells[0])
        for one in cells[1:]:
            found = self.apply("mul", (found, one))
        return found

    def contracted(self, site: Site, args: Sequence[Cells]) -> Cells:
        found = letters.read(site["letters"])
        sizes = found.sizes(site.shapes)
        cells = []
        for outside in product(*(range(sizes[x]) for x in found.result)):
            at = dict(zip(found.result, outside, strict=True))
            terms = []
            for inside in product(*(range(sizes[x]) for x in found.summed)):
                at |= dict(zip(found.summed, inside, strict=True))
                factors = [x[tuple(at[y] for y in own)] for x, own in zip(args, found.args, strict=True)]
                terms.append(self.chain("mul", factors))
            cells.append(self.apply("sum", terms))
            if len(self.builder) > MOST:
                raise ValueError(f"in numbers this program has more than {MOST:,} nodes")
        return _array(cells, found.shape(site.shapes))

    def running(self, site: Site, args: Sequence[Cells]) -> Cells:
        found = np.moveaxis(args[0], site["axis"], 0).copy()
        for row in range(1, len(found)):
            pairs = zip(found[row - 1].ravel(), found[row].ravel(), strict=True)
            found[row] = _array([self.apply("add", pair) for pair in pairs], found[row].shape)
        return np.moveaxis(found, 0, site["axis"])

    def added(self, shape: Shape, cells: Cells, places: Any) -> Cells:
        """Cells added into zeros, each at its place (a number, row by row)."""
        sums: list[list[int]] = [[] for _ in range(size(shape))]
        for one, where in zip(cells.ravel(), np.ravel(places), strict=True):
            if where >= 0:
                sums[where].append(int(one))
        return _array([self.apply("sum", each) if each else self._zero() for each in sums], shape)

    def scattered(self, site: Site, args: Sequence[Cells], values: Sequence[Any]) -> Cells:
        shape = tuple(site["shape"])
        numbers = np.arange(size(shape)).reshape(shape)
        inverse = Site((shape, *site.shapes[1:]), {"axis": site["axis"]})
        places = kernel("gather", inverse)(numbers, *(np.asarray(value) for value in values[1:]))
        return self.added(shape, args[0], np.asarray(places, dtype=np.intp))

    def folded(self, site: Site, args: Sequence[Cells]) -> Cells:
        shape = tuple(site["shape"])
        numbers = np.arange(size(shape)).reshape(shape) + 1
        places = kernel("unfold", Site((shape,), site.settings))(numbers) - 1
        return self.added(shape, args[0], places)

    def chosen(self, op: str, site: Site, values: Sequence[Any]) -> Cells:
        found = np.asarray(kernel(op, site)(np.asarray(values[0])))
        return _array([self.builder.const(float(x), "", self.span) for x in found.ravel()], found.shape)

    def hot(self, site: Site, args: Sequence[Cells]) -> Cells:
        classes = [self.builder.const(float(at), "", self.span) for at in range(site["classes"])]
        cells = [self.apply("equal", (one, other)) for one in args[0].ravel() for other in classes]
        return _array(cells, (*args[0].shape, len(classes)))


def _array(positions: Sequence[int], shape: Shape) -> Cells:
    return np.array(positions, dtype=np.intp).reshape(shape)


def _ones(shape: Shape) -> Any:
    return np.ones(shape) if shape else 1.0


_Row: TypeAlias = Callable[[_Writer, Site, Sequence[Cells], Sequence[Any]], Cells]

_ROWS: Mapping[str, _Row] = {
    "sum_over": lambda writer, site, args, _: writer.together("sum", site, args),
    "prod_over": lambda writer, site, args, _: writer.together("mul", site, args),
    "max_over": lambda writer, site, args, _: writer.together("max", site, args),
    "min_over": lambda writer, site, args, _: writer.together("min", site, args),
    "einsum": lambda writer, site, args, _: writer.contracted(site, args),
    "cumsum": lambda writer, site, args, _: writer.running(site, args),
    "scatter_add": lambda writer, site, args, values: writer.scattered(site, args, values),
    "fold": lambda writer, site, args, _: writer.folded(site, args),
    "argmax": lambda writer, site, _, values: writer.chosen("argmax", site, values),
    "argmin": lambda writer, site, _, values: writer.chosen("argmin", site, values),
    "argsort": lambda writer, site, _, values: writer.chosen("argsort", site, values),
    "others": lambda writer, site, _, values: writer.chosen("others", site, values),
    "one_hot": lambda writer, site, args, _: writer.hot(site, args),
}
