"""Both passes of a graph node by node, by the rows' functions: nothing is compiled for the graph.

It computes what :mod:`graphviz_backprop.engine.straight` writes out, in the same order, to the last bit.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from graphviz_backprop.engine.codegen import PYTHON, formulas
from graphviz_backprop.engine.functions import bound
from graphviz_backprop.engine.kernels import Kernel
from graphviz_backprop.language.graph import VAR, Graph
from graphviz_backprop.language.ops import OPS, Op

Numbers = tuple[Sequence[Any], Sequence[Any], Sequence[Any], Sequence[Any]]
"""Values and gradients by node; partials and flows edge by edge, in the order of ``Graph.edges``."""

_ONE = 1.0  # the partial that leaves a gradient what it is


class _Row:
    """A row as functions with these kernels."""

    def __init__(self, op: Op, kernels: Mapping[str, Kernel]) -> None:
        row = formulas(op.name, PYTHON)
        args = ["*xs"] if op.variadic else list(op.arguments)
        self.value = kernels.get(op.name) or bound(", ".join(args), row.value(args), kernels)
        self.variadic = op.variadic
        self.count = kernels["count"] if row.counts else None
        names = [*op.arguments, "f", *(["n", "k"] if op.variadic else [])]
        self._partials = [_partial(text, names, kernels) for text in row.partials]

    def given(self, args: list[Any], f: Any) -> tuple[Any, ...]:
        """What the partials are functions of, but for a variadic row's own argument."""
        if not self.variadic:
            return (*args, f)
        return f, float(len(args)), self.count(f, *args) if self.count else None

    def partial(self, arg: int, args: list[Any], given: tuple[Any, ...]) -> Any:
        """The local partial by argument number ``arg``."""
        found = self._partials[0 if self.variadic else arg]
        if not callable(found):
            return found
        return found(args[arg], *given) if self.variadic else found(*given)


def _partial(text: str, names: list[str], kernels: Mapping[str, Kernel]) -> Callable[..., Any] | float:
    """A partial's template as a function of these names; one that is a number as that."""
    if text == "1.0":
        return _ONE
    try:
        return float(text)
    except ValueError:
        return bound(", ".join(names), text.format(**{name: name for name in names}), kernels)


class Interpreter:
    """Both passes with these kernels."""

    def __init__(self, kernels: Mapping[str, Kernel]) -> None:
        self._row = functools.cache(lambda name: _Row(OPS[name], kernels))

    def __call__(self, graph: Graph, at: Mapping[str, Any], seed: Any) -> Numbers:
        """The numbers at these values of the variables."""
        row = self._row
        values: list[Any] = []
        for node in graph.nodes:
            if node.args:
                values.append(row(node.op).value(*[values[arg] for arg in node.args]))
            else:
                values.append(at[node.name] if node.op == VAR else node.value)
        return self._backward(graph, values, seed)

    def _backward(self, graph: Graph, values: list[Any], seed: Any) -> Numbers:
        gradients: list[Any] = [None] * len(graph.nodes)
        partials: list[Any] = [None] * graph.first_edges[-1]
        flows: list[Any] = [None] * len(partials)
        active, first = graph.active, graph.first_edges
        gradients[-1] = seed if active[-1] else None
        for at in range(len(graph.nodes) - 1, -1, -1):
            node = graph.nodes[at]
            if not active[at]:
                continue
            needed = gradients[at] is not None  # what the output does not need has the gradient 0
            gradient = gradients[at] = gradients[at] if needed else 0.0
            if not node.args:
                continue
            row = self._row(node.op)
            args = [values[arg] for arg in node.args]
            given = row.given(args, values[at])
            for arg, child in enumerate(node.args):
                if not active[child]:
                    continue
                partial = row.partial(arg, args, given)
                flow = gradient * partial if needed and partial is not _ONE else gradient
                edge = first[at] + arg
                partials[edge], flows[edge] = partial, flow
                if needed:
                    known = gradients[child]
                    gradients[child] = flow if known is None else known + flow
        return tuple(values), tuple(gradients), tuple(partials), tuple(flows)
