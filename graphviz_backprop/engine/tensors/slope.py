"""What a descent needs of a program with tensors: its output and some gradients, and no other number."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from graphviz_backprop.engine.columns import quiet
from graphviz_backprop.engine.tensors.program import Program, Step
from graphviz_backprop.engine.tensors.tape import SEED
from graphviz_backprop.language.graph import VAR, Graph


class Slope:
    """The output and its gradients by the variables of these names, where the ``fixed`` ones have values.

    What is the same at each point is computed once. ``given`` are the variables that a call gives values.
    """

    def __init__(self, graph: Graph, names: Sequence[str], fixed: Mapping[str, Any]) -> None:
        program = Program(graph)
        tape = program.tape
        leaves = {name: [at for at, node in enumerate(graph.nodes) if node.name == name and node.op == VAR]
                  for name in names}  # fmt: skip
        self._value = tape.values[-1]
        self._gradients = [[tape.gradients[at] for at in leaves[name]] for name in names]
        self._shapes = [graph.shapes[name] for name in names]
        wanted = [self._value, *(at for each in self._gradients for at in each if at is not None)]
        self._numbers, self._places, self._steps = _prepared(program, wanted, {SEED: 1.0, **fixed})

    def __call__(self, at: Mapping[str, Any]) -> tuple[float, list[Any]]:
        """The output, and a gradient for each name."""
        found = self._numbers.copy()
        for place, name in self._places:
            found[place] = at[name]
        with quiet():
            for place, function, args in self._steps:
                found[place] = function(*[found[arg] for arg in args])
            gradients = [sum(found[place] for place in each if place is not None) for each in self._gradients]
        return float(found[self._value]), gradients


def _prepared(
    program: Program, wanted: Sequence[int], known: Mapping[str, Any]
) -> tuple[list[Any], list[tuple[int, str]], list[Step]]:
    """What is known of the tape's numbers, the variables that are not, and the steps that are left."""
    nodes, needed = program.tape.nodes, set(program.tape.reached(wanted))
    numbers: list[Any] = [None] * len(nodes)
    for place, value in program.constants:
        numbers[place] = value
    open_ones: set[int] = set()
    places: list[tuple[int, str]] = []
    for at, node in enumerate(nodes):
        if node.op == VAR and at in needed:
            if node.name in known:
                numbers[at] = known[node.name]
            else:
                open_ones.add(at)
                places.append((at, node.name))
    left: list[Step] = []
    with quiet():
        for at, function, args in program.steps:
            if at not in needed:
                continue
            if open_ones.isdisjoint(args):
                numbers[at] = function(*[numbers[arg] for arg in args])
            else:
                open_ones.add(at)
                left.append((at, function, args))
    return numbers, places, left
