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
    boxes_of,
    routes,
    through,
)
from graphviz_backprop.language.folding import Fold
from graphviz_backprop.language.graph import Graph

Cells = npt.NDArray[np.float64]


def handed(graph: Graph, found: Sequence[Route]) -> tuple[Tape, tuple[int, ...]]:
    """The tape of both passes with what each route brings, and where that stands in it."""
    return tape_along(graph, [(route.nodes[route.first], route.hops[route.first :]) for route in found])


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


def rank(part: Cells, whole: Cells) -> float:
    """What paths are sorted by: the size of the share, or of the part where there is none; NaN first."""
    size = abs(share(part, whole))
    with quiet():
        known = size if np.isfinite(size) else float(np.sqrt(np.sum(part * part)))
    return np.inf if np.isnan(known) else float(known)


def tensor_paths(run: Run[Any], target: str, most: int = 20, fold: Fold | None = None) -> TensorLedger:
    """The paths to a variable or node of a program with tensors, those with the largest share first.

    With a ``fold`` they lead through its closed groups as through one node each, where the target is to be
    seen in it. Raises ValueError for an unknown name.
    """
    graph = run.graph
    boxes = boxes_of(graph, target, fold)
    found = routes(boxes, target, most)
    parts = brought(run, found)
    whole = total(run, target)
    told = sorted(zip(found, parts, through(boxes, found), strict=True), key=lambda one: -rank(one[1], whole))
    return TensorLedger(
        tuple(
            TensorPath(
                tuple(graph.nodes[at].id for at in route.nodes),
                tuple(map(boxes.edge, route.hops)),
                tuple(map(boxes.rule, route.hops)),
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
