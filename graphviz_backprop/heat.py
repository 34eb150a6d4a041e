"""The heat map of a graph: how large each gradient and each flow is beside the largest gradient.

A bucket from -5 to 5 by sign and size: 5 is more than a tenth of the largest, each step down a tenth of
that, 1 all that is smaller than a ten-thousandth, 0 only what is exactly 0.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

from graphviz_backprop.graph import Graph

_BOUNDS = (1e-4, 1e-3, 1e-2, 1e-1)


def heat(x: float, largest: float) -> int | None:
    """The bucket of a number; None for what is none. An infinite one is in the last."""
    if math.isnan(x):
        return None
    size = 5 if math.isinf(x) else 1 + sum(abs(x) > bound * largest for bound in _BOUNDS)
    return 0 if x == 0 else size if x > 0 else -size


def heats(graph: Graph, fields: Mapping[str, float | None]) -> dict[str, int | None]:
    """The fields ``c.heat`` of each node's gradient and ``c.0.heat`` of each edge's flow."""
    gradients = [fields[f"{node.id}.gradient"] for node in graph.nodes]
    largest = max((abs(x) for x in gradients if x is not None and math.isfinite(x)), default=0.0)
    found: dict[str, int | None] = {}
    for node, gradient in zip(graph.nodes, gradients, strict=True):
        found[f"{node.id}.heat"] = None if gradient is None else heat(gradient, largest)
        for arg in range(len(node.args)):
            flow = fields[f"{node.id}.{arg}.flow"]
            found[f"{node.id}.{arg}.heat"] = None if flow is None else heat(flow, largest)
    return found
