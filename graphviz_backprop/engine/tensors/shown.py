"""The numbers of the cells that a figure draws, by the names of their fields.

``c[0,1].value``, ``.value.shade`` for how much colour it has, ``.value.sign`` where there is no more room;
``c.value.mark`` where there is none in any cell.
``static/engine/tensors/run.js`` has the same.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from graphviz_backprop.language.graph import Graph
from graphviz_backprop.language.grid import grid

TOLD: Mapping[str, Any] = {
    "mean": np.mean,
    "norm": lambda x: np.sqrt(np.sum(np.square(x))),
    "least": np.min,
    "greatest": np.max,
}
"""What is told of a picture that has no numbers."""


def cells(graph: Graph, fields: Mapping[str, Any]) -> dict[str, Any]:
    """Those of all tensors; where a node has no gradient, nothing."""
    return dict(_cells(graph, fields))


def _cells(graph: Graph, fields: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for node in graph.nodes:
        if not node.shape:
            continue
        drawn = grid(node.shape)
        for role in ("value", "gradient"):
            x = fields[f"{node.id}.{role}"]
            if x is None or np.shape(x) != node.shape:
                continue
            sizes = np.abs(x[np.isfinite(x)])
            most = float(np.max(sizes, initial=0.0))
            for name in drawn.names:
                one = float(x[tuple(map(int, name.split(",")))])
                place = f"{node.id}[{name}].{role}"
                yield place, one
                yield f"{place}.shade", abs(one) / most if most and math.isfinite(one) else 0.0
                yield f"{place}.sign", sign(one)
            yield f"{node.id}.{role}.mark", mark(x)
            if not drawn.numbers:
                with np.errstate(all="ignore"):
                    yield from ((f"{node.id}.{role}.{word}", float(of(x))) for word, of in TOLD.items())


def mark(x: Any) -> str:
    """What marks a picture without signs in its cells: whether there is something that is no number."""
    return "×" if np.isnan(x).any() else "∞" if np.isinf(x).any() else ""


def sign(x: float) -> str:
    """What marks a cell that has no room for its number."""
    if math.isnan(x):
        return "×"
    if math.isinf(x):
        return "∞" if x > 0 else "-∞"
    return "−" if x < 0 else ""
