"""A graph with tensors, ready to be evaluated: a list of steps on NumPy arrays, made once."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from graphviz_backprop.engine.codegen import PYTHON, formulas
from graphviz_backprop.engine.columns import ARRAY, quiet
from graphviz_backprop.engine.functions import bound
from graphviz_backprop.engine.interpreter import Numbers
from graphviz_backprop.engine.tensors.kernels import kernel
from graphviz_backprop.engine.tensors.point import array, samples
from graphviz_backprop.engine.tensors.tape import SEED, Tape, tape
from graphviz_backprop.language.cached import cached_property
from graphviz_backprop.language.graph import CONST, VAR, Graph, Node
from graphviz_backprop.language.ops import OPS
from graphviz_backprop.language.shapes import Shape
from graphviz_backprop.language.tensor_ops import TENSORS, Site

Step = tuple[int, Callable[..., Any], tuple[int, ...]]
"""A position, and what computes it of the values at others."""


@functools.cache
def _cell_by_cell(op: str) -> Callable[..., Any]:
    """A row of numbers on arrays."""
    row = formulas(op, PYTHON)
    args = ["*xs"] if row.op.variadic else list(row.op.arguments)
    return ARRAY.get(op) or bound(", ".join(args), row.value(args), ARRAY)


def _shaped(function: Callable[..., Any], shape: Shape) -> Callable[..., Any]:
    """The same, where a result that is the same for all cells may come as a number."""

    def full(*args: Any) -> Any:
        found = function(*args)
        return np.broadcast_to(found, shape) if np.ndim(found) < len(shape) else found

    return full if shape else function


def cells_of(node: Node) -> Callable[..., Any]:
    """What computes a row of numbers, cell by cell, at a node."""
    return _shaped(_cell_by_cell(OPS[node.op].name), node.shape)


class Program:
    """Both passes of a graph; a tape that is ``known`` may have more in it."""

    def __init__(self, graph: Graph, output: int | None = None, known: Tape | None = None) -> None:
        self.graph = graph
        self.output = output
        self.known = known

    @cached_property
    def tape(self) -> Tape:
        return self.known or tape(self.graph, self.output)

    @cached_property
    def steps(self) -> list[Step]:
        """What is computed, one after the other."""
        nodes = self.tape.nodes
        return [
            (at, self._function(node), node.args)
            for at, node in enumerate(nodes)
            if node.args and self.tape.needed[at]
        ]

    def _function(self, node: Node) -> Callable[..., Any]:
        if node.op in TENSORS:
            shapes = tuple(self.tape.nodes[arg].shape for arg in node.args)
            return kernel(node.op, Site(shapes, dict(node.settings)))
        return cells_of(node)

    @cached_property
    def constants(self) -> list[tuple[int, Any]]:
        return [
            (at, node.value if node.cells is None else array(node.cells))
            for at, node in enumerate(self.tape.nodes)
            if node.op == CONST
        ]

    def walk(self, at: Mapping[str, Any], seed: Any) -> list[Any]:
        """The value of each node of the tape."""
        found: list[Any] = [None] * len(self.tape.nodes)
        for position, value in self.constants:
            found[position] = value
        for position, node in enumerate(self.tape.nodes):
            if node.op == VAR:
                found[position] = seed if node.name == SEED else at[node.name]
        with quiet():
            for position, function, args in self.steps:
                found[position] = function(*[found[arg] for arg in args])
        return found

    def numbers(self, at: Mapping[str, Any], seed: Any) -> Numbers:
        """Values and gradients by node, partials and flows edge by edge: floats of numbers, else arrays."""
        found, graph = self.walk(at, seed), self.graph
        end = graph.nodes[-1 if self.output is None else self.output]
        lead = samples(seed, end.shape)

        def taken(positions: Sequence[int | None]) -> tuple[Any, ...]:
            shapes = [() if at is None else self.tape.nodes[at].shape for at in positions]
            both = zip(positions, shapes, strict=True)
            return tuple(None if at is None else _number(found[at], shape, lead) for at, shape in both)

        values = tuple(
            _number(found[at], node.shape, lead if active else ())
            for at, node, active in zip(self.tape.values, graph.nodes, graph.active, strict=True)
        )
        edges = taken(self.tape.gradients), taken(self.tape.partials), taken(self.tape.flows)
        return values, *edges


def _number(x: Any, shape: Shape, lead: Shape) -> Any:
    """A number as a float, a tensor as an array; with the samples that all have."""
    if np.shape(x) != lead + shape:
        x = np.broadcast_to(x, lead + shape)
    return float(x) if lead + shape == () else np.asarray(x)
