"""A tensor, or one of its cells, moved along a direction V: ⟨G, V⟩ against what happens to the output."""

from __future__ import annotations

from collections import defaultdict
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from graphviz_backprop.engine.autodiff import Run
from graphviz_backprop.engine.columns import quiet
from graphviz_backprop.engine.tensors.ahead import WAY, tape_ahead
from graphviz_backprop.engine.tensors.program import Program
from graphviz_backprop.explain.paths import places
from graphviz_backprop.explain.probe import Nudge, miss
from graphviz_backprop.explain.tensors.cells import find
from graphviz_backprop.language.graph import VAR, Graph
from graphviz_backprop.language.shapes import Shape
from graphviz_backprop.language.tensor import made

_MOVED = "•"
"""The name of a node that is given its value; no program has such a variable."""

WAYS = ("gradient", "ones", "random")
"""Directions that have a name: along the gradient itself, all cells alike, drawn."""

FLAT = "The gradient is 0: it has no direction."
BROKEN = "The gradient is not finite: it has no direction."


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
        actual = float(np.sum(run.seed * (_values_after(run, name, step)[-1] - run.values[-1])))
    return {output: Nudge(predicted, actual, miss(predicted, actual))}


ROUNDING = 1e-10
"""What is off by less, relative to the larger, is rounding: 0."""

MOST = 30
"""So many nodes on the way to the output, at the most, are told."""


def on_the_way(graph: Graph, target: str) -> list[int]:
    """The nodes that move with a variable or node, up to the output; of many, those with a name."""
    starts = places(graph, target)
    moves, needed = set(starts), {len(graph.nodes) - 1}
    for at, node in enumerate(graph.nodes):
        if graph.active[at] and not moves.isdisjoint(node.args):
            moves.add(at)
    for at in range(len(graph.nodes) - 1, -1, -1):
        if at in needed:
            needed.update(graph.nodes[at].args)
    found = sorted((moves & needed) - set(starts))
    if len(found) > MOST:
        found = [at for at in found if graph.nodes[at].named or at == len(graph.nodes) - 1]
    return found[-MOST:]


def along_the_way(run: Run[Any], target: str, direction: Any) -> dict[str, Nudge]:
    """What each node on the way to the output moves by, as its edges predict it and as it happens.

    Of a tensor both are lengths, and ``miss`` is that of their difference, relative to the larger. What is
    predicted is forward mode: each edge hands on J · V.
    """
    graph = run.graph
    name, step = _read(graph, target, direction)
    moving = on_the_way(graph, name)
    if not moving or not graph.active[places(graph, name)[0]]:
        return {}
    tape, rows = tape_ahead(graph, places(graph, name))
    at = defaultdict(float, {**run.variables, WAY: step})
    walked, values = Program(graph, known=tape).walk(at, 1.0), _values_after(run, name, step)
    found = {}
    for position in moving:
        node = graph.nodes[position]
        predicted = np.broadcast_to(np.asarray(walked[rows[position]], dtype=np.float64), node.shape)
        with quiet():
            actual = np.asarray(values[position] - run.values[position], dtype=np.float64)
            found[node.id] = _told(predicted, actual)
    return found


def _told(predicted: npt.NDArray[np.float64], actual: npt.NDArray[np.float64]) -> Nudge:
    one, other, off = (_length(x) for x in (predicted, actual, predicted - actual))
    finite = np.isfinite(one) and np.isfinite(other)
    apart = (0.0 if off <= ROUNDING * max(one, other) else off / max(one, other)) if finite else np.nan
    return Nudge(float(predicted), float(actual), apart) if not predicted.shape else Nudge(one, other, apart)


def _length(x: npt.NDArray[np.float64]) -> float:
    return float(np.sqrt(np.sum(x * x)))


def direction(run: Run[Any], target: str, along: str = "gradient", seed: int = 0) -> Any:
    """A direction of length 1 in which a variable or node can be moved, an array of its shape.

    ``along`` is one of :data:`WAYS`; a random one has the cells of ``randn(…, seed=seed)``. The gradient is
    that of the output's cells times the seed, as :func:`nudge` has it.

    Raises ValueError for an unknown name, and where the gradient has no direction.
    """
    if along not in WAYS:
        raise ValueError(f"a direction is one of {', '.join(WAYS)}")
    leaves = places(run.graph, target)
    shape = run.graph.nodes[leaves[0]].shape
    if along == "gradient":
        return _unit(_total(run, leaves, shape))
    if along == "random" and shape:
        return _unit(np.reshape(made("randn", shape, {"seed": seed}).cells, shape))
    return _unit(np.ones(shape))


def _total(run: Run[Any], leaves: list[int], shape: Shape) -> npt.NDArray[np.float64]:
    """The gradient, over all places of a variable."""
    if not run.graph.active[leaves[0]]:
        return np.zeros(shape)
    gradients: list[Any] = [run.gradients[at] for at in leaves]
    return np.asarray(sum(gradients[1:], gradients[0]))


def _unit(cells: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    with quiet():
        length = np.sqrt(np.sum(cells * cells))
    if not np.isfinite(length) or length == 0:
        raise ValueError(BROKEN if not np.isfinite(length) else FLAT)
    return np.asarray(cells / length)


class Moving(NamedTuple):
    """A graph, and the variable of it that moves: a node that does is one from there on."""

    graph: Graph
    name: str


def moving(graph: Graph, target: str) -> Moving:
    """The graph in which a variable, or the node of this id, can be given any value. Raises ValueError."""
    if target in graph.variables:
        return Moving(graph, target)
    (at,) = places(graph, target)
    nodes = list(graph.nodes)
    nodes[at] = nodes[at]._replace(op=VAR, args=(), name=_MOVED, settings=(), cells=None)
    return Moving(Graph(graph.text, graph.view, tuple(nodes)), _MOVED)


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


def _values_after(run: Run[Any], name: str, step: npt.NDArray[np.float64]) -> list[Any]:
    """The value of each node where it has moved."""
    moved = moving(run.graph, name)
    stood = run.variables[name] if moved.graph is run.graph else run.values[run.graph.positions[name]]
    program = Program(moved.graph)
    at = {**run.variables, moved.name: stood + step}
    walked = program.walk(at, np.ones(moved.graph.output.shape))
    return [walked[at] for at in program.tape.values]
