"""What a descent needs of a program with tensors: its output and some gradients, and no other number."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from graphviz_backprop.engine.tensors.program import cells_of
from graphviz_backprop.engine.tensors.simpler import simpler
from graphviz_backprop.engine.tensors.standing import Standing
from graphviz_backprop.engine.tensors.tape import SEED, tape
from graphviz_backprop.language.graph import VAR, Graph


class Slope:
    """The output and its gradients by the variables of these names, where the ``fixed`` ones have values.

    What is the same at each point is computed once. Gradients hold until the next call, which writes to the
    same arrays: it is not for two threads at once.
    """

    def __init__(self, graph: Graph, names: Sequence[str], fixed: Mapping[str, Any]) -> None:
        both = tape(graph)
        leaves = [
            (which, both.gradients[at])
            for which, name in enumerate(names)
            for at, node in enumerate(graph.nodes)
            if node.op == VAR and node.name == name
        ]
        given = [(which, at) for which, at in leaves if at is not None]
        nodes, (self._value, *places) = simpler(both.nodes, [both.values[-1], *(at for _, at in given)])
        self._gradients: list[list[int]] = [[] for _ in names]
        for (which, _), at in zip(given, places, strict=True):
            self._gradients[which].append(at)
        self._standing = Standing(nodes, {self._value, *places}, {SEED: 1.0, **fixed}, cells_of)

    def __call__(self, at: Mapping[str, Any]) -> tuple[float, list[Any]]:
        """The output, and a gradient for each name."""
        standing = self._standing
        for name in standing.leaves:
            standing.set(name, at[name])
        standing.run()
        cells = standing.cells
        gradients = [
            sum((cells[one] for one in each[1:]), cells[each[0]]) if each else 0.0 for each in self._gradients
        ]
        return float(cells[self._value]), gradients
