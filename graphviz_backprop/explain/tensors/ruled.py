"""The examples of rows that know axes, evaluated: what comes out, and what the rule brings back.

An example is a small program in the row. Where its result has several cells, each is given a gradient
of its own by a weighted sum, so that one sees where it goes.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count, islice
from typing import Any, NamedTuple

from graphviz_backprop.engine.autodiff import Run, compile
from graphviz_backprop.explain import backward
from graphviz_backprop.explain.tensors.sentences import Three, three
from graphviz_backprop.language.cached import cached_property
from graphviz_backprop.language.graph import Edge, Graph, Node
from graphviz_backprop.language.numerals import format_number
from graphviz_backprop.language.parser import parse
from graphviz_backprop.language.shapes import Shape, size
from graphviz_backprop.language.tensor import Tensor
from graphviz_backprop.language.tensor_ops import TENSORS, Site, TensorOp


class Number(NamedTuple):
    """A number or the cells of a tensor, and whether the text has all of their digits."""

    text: str
    exact: bool

    @property
    def sign(self) -> str:
        return "=" if self.exact else "≈"


class Back(NamedTuple):
    """What comes back to an argument.

    ``rule`` is the text that is evaluated, empty where the chain rule goes through the definition.
    ``said`` is what an edge says.
    """

    name: str
    rule: str
    said: str
    number: Number
    told: Three


@dataclass(frozen=True)
class Example:
    """A row's example as a program."""

    op: TensorOp
    text: str

    @cached_property
    def program(self) -> str:
        """With a weight for each cell of its result."""
        lines = self.text.replace("; f = ", "\nf = ")
        shape = parse(lines).output.shape
        return f"{lines}\nL = sum(f * ({_weights(shape)}))" if shape else lines

    @cached_property
    def graph(self) -> Graph:
        return parse(self.program, "graph")

    @cached_property
    def run(self) -> Run[Any]:
        return compile(self.graph)(self.graph.start)

    @property
    def at(self) -> int:
        """Where the row's node is."""
        return next(at for at, node in enumerate(self.graph.nodes) if node.op == self.op.name)

    @property
    def node(self) -> Node:
        return self.graph.nodes[self.at]

    @property
    def value(self) -> Number:
        return _number(self.run.values[self.at])

    @property
    def gradient(self) -> Number:
        return _number(self.run.gradients[self.at])

    @cached_property
    def edges(self) -> list[Edge]:
        """Those that a gradient comes back along."""
        every = (Edge(child, self.at, arg) for arg, child in enumerate(self.node.args))
        return [edge for edge in every if self.graph.active[edge.child]]

    @cached_property
    def backs(self) -> list[Back]:
        return [self._back(edge) for edge in self.edges]

    def _back(self, edge: Edge) -> Back:
        return Back(
            self.graph.nodes[edge.child].id,
            backward.formula(self.graph, edge),
            backward.rule(self.graph, edge),
            _number(self.run.flows[self.at][edge.arg]),
            three(self.run, edge, self.graph.output.id),
        )

    def definition(self, stable: bool = False) -> str:
        """What the row is made of here, over its own names; a primitive is made of nothing."""
        if self.op.primitive:
            return ""
        site = Site(tuple(self.graph.nodes[arg].shape for arg in self.node.args), dict(self.node.settings))
        return backward.settled(self.op.definition(site, stable), site.settings)


def examples(op: TensorOp) -> list[Example]:
    return [Example(op, text) for text in op.examples]


RULED = tuple(op for op in TENSORS.values() if op.examples)
"""The rows that stand in the rule book: all that can be written."""


def _weights(shape: Shape) -> str:
    """1, -1, 2, -2, … as a literal."""

    def alternating() -> Iterator[float]:
        for one in count(1):
            yield from (one, -one)

    return Tensor(shape, tuple(islice(alternating(), size(shape)))).written()


def _number(x: Any) -> Number:
    rows = x if isinstance(x, float) else x.tolist()
    exact = all(float(format_number(one)) == one for one in _cells(rows))
    return Number(_listed(rows), exact)


def _cells(rows: Any) -> Iterator[float]:
    if not isinstance(rows, list):
        yield rows
        return
    for row in rows:
        yield from _cells(row)


def _listed(rows: Any) -> str:
    return f"[{', '.join(map(_listed, rows))}]" if isinstance(rows, list) else format_number(rows)
