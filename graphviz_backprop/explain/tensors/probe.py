"""A tensor, or one of its cells, moved along a direction V: ⟨G, V⟩ against what happens to the output."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from graphviz_backprop.engine.autodiff import Run
from graphviz_backprop.engine.columns import quiet
from graphviz_backprop.engine.tensors.program import Program
from graphviz_backprop.explain.paths import places
from graphviz_backprop.explain.probe import Nudge, miss
from graphviz_backprop.explain.tensors.cells import find
from graphviz_backprop.language.graph import VAR, Graph
from graphviz_backprop.language.shapes import Shape

_MOVED = "•"
"""The name of a node that is given its value; no program has such a variable."""


def nudge(run: Run[Any], target: str, direction: Any) -> dict[str, Nudge]:
    """Moves a variable, a node or a cell of one (``"W[0, 1]"``): what its gradient predicts, what happens.

    ``direction`` is a tensor of the target's shape, or a number, by which each cell moves. By the output's
    id, since the backward pass predicts nothing else; where the output has several cells, or the seed is
    not 1, both are sums over its cells times the seed. Nothing is predicted of what no variable reaches.

    Raises ValueError for an unknown name, and for a direction of another shape or that is no numbers.
    """
    graph = run.graph
    name, step = _read(graph, target, direction)
    leaves = places(graph, name)
    if not graph.active[leaves[0]]:
        return {}
    output = graph.output.id
    with quiet():
        gradients: list[Any] = [run.gradients[at] for at in leaves]
        predicted = float(sum(np.sum(gradient * step) for gradient in gradients))
        actual = float(np.sum(run.seed * (_after(run, name, step) - run.values[-1])))
    return {output: Nudge(predicted, actual, miss(predicted, actual))}


def _read(graph: Graph, target: str, direction: Any) -> tuple[str, npt.NDArray[np.float64]]:
    """The variable or node that moves, and by how much each cell."""
    at = find(graph, target)
    if at is None:
        shape = graph.nodes[places(graph, target)[0]].shape
        return target, np.broadcast_to(_numbers(target, direction, shape), shape)
    node = graph.nodes[at.node]
    step = np.zeros(node.shape)
    step.flat[at.cell] = _numbers(target, direction, ())
    return node.name if node.op == VAR else node.id, step


def _numbers(target: str, direction: Any, shape: Shape) -> npt.NDArray[np.float64]:
    detach = getattr(direction, "detach", None)  # a tensor of PyTorch
    try:
        found = np.asarray(detach().cpu() if detach else direction, dtype=np.float64)
    except (TypeError, ValueError):
        raise ValueError(f"{target} is moved by numbers: this is none") from None
    if found.shape not in ((), shape):
        wanted = f"of the shape {shape}, or by one number" if shape else "by one number"
        raise ValueError(f"{target} is moved {wanted}; {found.shape} was given")
    return found


def _after(run: Run[Any], name: str, step: npt.NDArray[np.float64]) -> Any:
    """The output where it has moved; a node that moves is a variable from there on."""
    graph = run.graph
    if name in graph.variables:
        return _output(graph, {**run.variables, name: run.variables[name] + step})
    at = graph.positions[name]
    nodes = list(graph.nodes)
    nodes[at] = nodes[at]._replace(op=VAR, args=(), name=_MOVED, settings=(), cells=None)
    moved = Graph(graph.text, graph.view, tuple(nodes))
    return _output(moved, {**run.variables, _MOVED: run.values[at] + step})


def _output(graph: Graph, at: dict[str, Any]) -> Any:
    program = Program(graph)
    return program.walk(at, np.ones(graph.output.shape))[program.tape.values[-1]]
