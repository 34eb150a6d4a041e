"""The number that is asked for, and how much a change anywhere in the backward pass changes it."""

from __future__ import annotations

import functools
import operator
from collections.abc import Sequence
from dataclasses import dataclass

from graphviz_backprop.explain.grading.numbers import Numbers
from graphviz_backprop.language.graph import VAR, Graph

KINDS = ("value", "gradient", "partial", "flow", "total")


@dataclass(frozen=True)
class Target:
    """A field of the graph: ``kind`` is its last word, ``at`` the node, ``edge`` the edge's position.

    ``ends`` are the nodes whose gradients it is the sum of.
    """

    field: str
    kind: str
    name: str
    at: int = -1
    arg: int = -1
    edge: int = -1
    ends: tuple[int, ...] = ()

    def read(self, numbers: Numbers) -> float | None:
        """Its number."""
        if self.kind == "value":
            return numbers.values[self.at]
        if self.kind == "partial":
            return numbers.partials[self.edge]
        if self.kind == "flow":
            return numbers.flows[self.edge]
        known = [found for end in self.ends if (found := numbers.gradients[end]) is not None]
        return functools.reduce(operator.add, known) if known else None

    def weights(self, numbers: Numbers) -> list[float]:
        """By how much the number changes with the gradient of each node: the derivative of forward mode."""
        graph = numbers.graph
        weights = [0.0] * len(graph.nodes)
        for end in self.ends:
            weights[end] = 1.0
        if self.kind == "flow":
            weights[self.at] = numbers.partials[self.edge] or 0.0
        for at, node in enumerate(graph.nodes):
            first = graph.first_edges[at]
            for arg, child in enumerate(node.args):
                partial = numbers.partials[first + arg]
                if weights[child] and partial is not None:
                    weights[at] += partial * weights[child]
        return weights


def target(graph: Graph, field: str) -> Target:
    """The target of a field: ``c.gradient``, ``c.0.partial``, ``x.total``. Raises ValueError for no field."""
    name, _, rest = field.rpartition(".") if "." in field else ("", "", "")
    if rest == "total" and name in graph.variables:
        return Target(field, "total", name, ends=tuple(leaves(graph, name)))
    if rest in ("value", "gradient") and name in graph.positions:
        at = graph.positions[name]
        return Target(field, rest, name, at, ends=(at,) if rest == "gradient" else ())
    parent, _, number = name.rpartition(".")
    at = graph.positions.get(parent, -1)
    if (
        rest in ("partial", "flow")
        and at >= 0
        and number.isascii()
        and number.isdecimal()
        and len(number) < 7
    ):
        arg = int(number)
        if arg < len(graph.nodes[at].args):
            return Target(field, rest, parent, at, arg, graph.first_edges[at] + arg)
    raise ValueError(f"{field} is no number of this program, such as {_example(graph)}")


def leaves(graph: Graph, name: str) -> Sequence[int]:
    """The positions of a variable's leaves."""
    return [at for at, node in enumerate(graph.nodes) if node.op == VAR and node.name == name]


def _example(graph: Graph) -> str:
    return f"{graph.variables[0]}.total" if graph.variables else f"{graph.output.id}.value"
