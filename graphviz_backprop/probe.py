"""Gradients looked at from other sides: by nudging, and by forward mode.

Both serve to check and to explain the backward pass: a small nudge h of a node changes the output by
about gradient x h; tangents carry ∂node/∂x from one variable up to the output.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from graphviz_backprop.autodiff import Compiled, Run
from graphviz_backprop.graph import VAR

_STEP = sys.float_info.epsilon ** (1 / 3)  # balances rounding against curvature in a central difference


def tangents(run: Run[float], variable: str) -> dict[str, float]:
    """Forward mode: ∂node/∂variable for each node, by its id, arguments first.

    Raises ValueError for a name that is no variable.
    """
    graph = run.graph
    if variable not in graph.variables:
        raise ValueError(f"{variable} is not a variable of this program")
    found: list[float] = []
    for at, node in enumerate(graph.nodes):
        if node.op == VAR:
            found.append(1.0 if node.name == variable else 0.0)
            continue
        tangent = 0.0
        for arg, child in enumerate(node.args):
            partial = run.partials[at][arg]
            if partial is not None and found[child] != 0:  # 0 x inf would be no number
                tangent += float(partial) * found[child]
        found.append(tangent)
    return {node.id: tangent for node, tangent in zip(graph.nodes, found, strict=True)}


@dataclass(frozen=True)
class Difference:
    """A gradient beside its central difference (f(x + h) - f(x - h)) / 2h, and their relative error."""

    gradient: float
    difference: float
    error: float


def check(run: Run[float], evaluate: Compiled) -> dict[str, Difference]:
    """Each variable's gradient against its central difference, step cbrt(eps) x max(1, |x|)."""
    at = {name: float(x) for name, x in run.variables.items()}
    gradient = run.gradient
    found = {}
    for name, x in at.items():
        h = _STEP * max(1.0, abs(x))
        above, below = x + h, x - h

        def output(x: float, name: str = name) -> float:
            return float(evaluate({**at, name: x}).value)

        found[name] = difference(float(gradient[name]), float(run.seed) * _slope(output, below, above))
    return found


def _slope(output: Callable[[float], float], below: float, above: float) -> float:
    return (output(above) - output(below)) / (above - below)


def difference(gradient: float, numeric: float) -> Difference:
    """Compares two numbers: relative to the larger, but not below 1e-6, where differences are noise."""
    scale = max(abs(gradient), abs(numeric), 1e-6)
    error = 0.0 if gradient == numeric else abs(gradient - numeric) / scale
    return Difference(gradient, numeric, math.nan if math.isnan(error) else error)


def operations(variables: int, outputs: int) -> Mapping[str, int]:
    """How many evaluations of the graph all partials of m outputs by n variables cost, to a constant.

    Reverse mode takes one backward pass per output, forward mode one tangent pass per variable, central
    differences two evaluations per variable (Griewank & Walther 2008, sections 3.2 and 3.3).
    """
    return {"reverse": 1 + outputs, "forward": 1 + variables, "differences": 2 * variables}
