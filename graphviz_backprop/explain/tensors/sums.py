"""What the paths to a tensor bring: the gradient of where they come together, handed on by the rules."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from graphviz_backprop.engine.autodiff import Run
from graphviz_backprop.engine.columns import quiet
from graphviz_backprop.engine.tensors.program import Program
from graphviz_backprop.engine.tensors.tape import Tape, tape_along
from graphviz_backprop.explain.paths import places
from graphviz_backprop.explain.tensors.ledger import (
    Route,
    TensorLedger,
    TensorPath,
    edges_of,
    routes,
    rules_of,
    through,
)
from graphviz_backprop.language.graph import Graph

Cells = npt.NDArray[np.float64]


def handed(graph: Graph, found: Sequence[Route]) -> tuple[Tape, tuple[int, ...]]:
    """The tape of both passes with what each route brings, and where that stands in it."""
    return tape_along(graph, [(route.nodes[route.first], route.edges[route.first :]) for route in found])


def brought(run: Run[Any], found: Sequence[Route]) -> list[Cells]:
    """What each route brings."""
    graph = run.graph
    tape, at = handed(graph, found)
    seed = np.broadcast_to(run.seed, graph.output.shape)
    walked = Program(graph, known=tape).walk(run.variables, seed)
    return [
        np.broadcast_to(np.asarray(walked[place], dtype=np.float64), graph.nodes[route.end].shape)
        for route, place in zip(found, at, strict=True)
    ]


def share(part: Cells, whole: Cells) -> float:
    """How far a part goes along the whole: ⟨C, G⟩ / ⟨G, G⟩; NaN where that is 0 or not finite."""
    with quiet():
        return float(np.sum(part * whole) / np.sum(whole * whole))


def total(run: Run[Any], target: str) -> Cells:
    """The gradient, over all places of a variable."""
    ends = places(run.graph, target)
    shape = run.graph.nodes[ends[0]].shape
    parts: list[Any] = [run.gradients[at] for at in ends if run.gradients[at] is not None]
    return np.asarray(sum(parts[1:], parts[0]) if parts else np.zeros(shape), dtype=np.float64)


def tensor_paths(run: Run[Any], target: str, most: int = 20) -> TensorLedger:
    """The paths to a variable or node of a program with tensors. Raises ValueError for an unknown name."""
    graph = run.graph
    found = routes(graph, target, most)
    parts = brought(run, found)
    whole = total(run, target)
    told = zip(found, parts, through(graph, found), strict=True)
    return TensorLedger(
        tuple(
            TensorPath(
                tuple(graph.nodes[at].id for at in route.nodes),
                edges_of(graph, route),
                rules_of(graph, route),
                names,
                route.count,
                part,
                share(part, whole),
            )
            for route, part, names in told
        ),
        sum(route.count for route in found),
        whole,
    )
