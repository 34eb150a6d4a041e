"""One-sided derivatives: what the slope is to the left and to the right of a kink.

A directional derivative, by forward mode: each variable in turn moves to the right, then to the left.
Where a node is at a kink, its row says what the tangents of its arguments become; elsewhere partials
do. Infinite slopes are told (a jump, the edge of a root); where first derivatives can't tell, as for
sqrt(x^2) at 0, the answer is NaN.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from graphviz_backprop.engine import scalar
from graphviz_backprop.engine.autodiff import Run
from graphviz_backprop.explain.paths import places
from graphviz_backprop.explain.patterns import equal_keys
from graphviz_backprop.language.graph import Graph, Node
from graphviz_backprop.language.ops import OPS, Kink, Op


@dataclass(frozen=True)
class Sides:
    """The derivative to the left and to the right."""

    left: float
    right: float


def sides(run: Run[float]) -> dict[str, Sides]:
    """∂output/∂x, times the seed, on both sides of each variable; away from kinks both are the gradient."""
    keys = equal_keys(run.graph)
    nodes = range(len(run.graph.nodes))
    kinks = {at: kink for at in nodes if (kink := kink_at(run.graph, keys, run.values, at))}
    found: dict[str, Sides] = {}
    for name, gradient in run.gradient.items():
        leaves = frozenset(places(run.graph, name))
        right = _directional(run, kinks, leaves, 1.0) if kinks else None
        left = _directional(run, kinks, leaves, -1.0) if kinks else None
        found[name] = Sides(
            gradient if left is None else run.seed * -left,
            gradient if right is None else run.seed * right,
        )
    return found


def kink_at(graph: Graph, keys: Sequence[int], values: Sequence[float], at: int) -> Kink | None:
    """The row's kink where this node is at it and a variable reaches it; ``keys`` as of ``equal_keys``."""
    node = graph.nodes[at]
    kink = OPS[node.op].kink if node.args and graph.active[at] else None
    if kink is None:
        return None
    # An argument that is mentioned twice ties with itself without harm.
    ties = {keys[arg] for arg in node.args if values[arg] == values[at]}
    names = {**OPS[node.op].bind([values[arg] for arg in node.args]), "f": values[at], "k": float(len(ties))}
    return kink if scalar.formula(kink.at, names) else None


def _directional(run: Run[float], kinks: dict[int, Kink], leaves: frozenset[int], way: float) -> float | None:
    """The change of the output for an infinitely small step, relative to it; None if it meets no kink."""
    met = False
    found: list[float | None] = []
    for at, node in enumerate(run.graph.nodes):
        tangents = [found[arg] for arg in node.args]
        if at in leaves:
            found.append(way)
        elif at in kinks and _concerned(OPS[node.op], kinks[at], tangents):
            met = True
            found.append(_slope(run, at, node, kinks[at], tangents))
        else:
            found.append(_smooth(run.partials[at], tangents))
    return found[-1] if met else None


def _concerned(op: Op, kink: Kink, tangents: Sequence[float | None]) -> bool:
    """Whether an argument of which the kink speaks moves."""
    names = [f"d{name}" for name in op.arguments]
    return any(
        tangent is not None and (not kink.slope or names[arg] in scalar.names(kink.slope))
        for arg, tangent in enumerate(tangents)
    )


def _slope(run: Run[float], at: int, node: Node, kink: Kink, tangents: Sequence[float | None]) -> float:
    """By the rule of the kink; an argument that does not move has the tangent 0."""
    op = OPS[node.op]
    moves = [tangent or 0.0 for tangent in tangents]
    if kink.slope:
        names = {**op.bind([run.values[arg] for arg in node.args]), "f": run.values[at]}
        return scalar.formula(kink.slope, {**names, **{f"d{name}": x for name, x in op.bind(moves).items()}})
    ties = [move for move, arg in zip(moves, node.args, strict=True) if run.values[arg] == run.values[at]]
    return scalar.value(node.op, ties)


def _smooth(partials: Sequence[float | None], tangents: Sequence[float | None]) -> float | None:
    found: float | None = None
    for partial, tangent in zip(partials, tangents, strict=True):
        if partial is not None and tangent is not None:
            part = partial * tangent
            found = part if found is None else found + part
    return found
