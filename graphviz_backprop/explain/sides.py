"""One-sided derivatives: what the slope is to the left and to the right of a kink.

A directional derivative, by forward mode: each variable in turn moves to the right, then to the left.
Where a node is at a kink, its row says what the tangents of its arguments become; elsewhere partials
do. Infinite slopes are told (a jump, the edge of a root). Where first derivatives can't tell (sqrt(x^2) at 0
is an infinite slope times 0), differences to that side are taken, if they settle; where there is nothing on
that side, the answer is NaN.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from graphviz_backprop.engine import autodiff, scalar
from graphviz_backprop.engine.autodiff import Run
from graphviz_backprop.explain.paths import places
from graphviz_backprop.explain.patterns import equal_keys
from graphviz_backprop.language.graph import Graph
from graphviz_backprop.language.ops import OPS, Kink, Op

_STEPS = range(2, 20)  # of a difference to one side, as powers of 1/4 of x
_SETTLED = 1e-7  # three differences in a row are that near to a straight line


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
    return {name: Sides(*(_side(run, kinks, name, way) for way in (-1.0, 1.0))) for name in run.gradient}


def _side(run: Run[float], kinks: dict[int, Kink], name: str, way: float) -> float:
    slope = _directional(run, kinks, frozenset(places(run.graph, name)), way) if kinks else None
    if slope is None:
        return run.gradient[name]
    if math.isnan(slope):
        slope = _settled(_output(run, name), run.variables[name], way)
    return run.seed * way * slope + 0.0  # 0, not -0


def kink_at(graph: Graph, keys: Sequence[int], values: Sequence[float], at: int) -> Kink | None:
    """The row's kink where this node is at it and a variable reaches it; ``keys`` as of ``equal_keys``.

    None where it is one for constants alone: x^0 is flat at 0, where 0^x jumps.
    """
    node = graph.nodes[at]
    kink = OPS[node.op].kink if node.args and graph.active[at] else None
    if kink is None:
        return None
    # An argument that is mentioned twice ties with itself without harm.
    ties = {keys[arg] for arg in node.args if values[arg] == values[at]}
    names = {**OPS[node.op].bind([values[arg] for arg in node.args]), "f": values[at], "k": float(len(ties))}
    if not scalar.formula(kink.at, names):
        return None
    moving = {keys[arg] for arg in node.args if graph.active[arg]}
    same = [[float(keys[arg] == key) for arg in node.args] for key in moving]
    if len(moving) > 1:
        same.append([float(graph.active[arg]) for arg in node.args])  # all at once: x^x at 0
    return None if all(_passes(graph, values, at, kink, moves) for moves in same) else kink


def _passes(graph: Graph, values: Sequence[float], at: int, kink: Kink, moves: Sequence[float]) -> bool:
    """Whether the slopes on both sides are one number."""
    right = _slope(graph, values, at, kink, moves)
    left = _slope(graph, values, at, kink, [-move for move in moves])
    return math.isfinite(right) and right == -left


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
            moves = [tangent or 0.0 for tangent in tangents]  # what does not move has the tangent 0
            found.append(_slope(run.graph, run.values, at, kinks[at], moves))
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


def _slope(graph: Graph, values: Sequence[float], at: int, kink: Kink, moves: Sequence[float]) -> float:
    """By the rule of the kink: the tangent of the node, by those of its arguments."""
    node = graph.nodes[at]
    op = OPS[node.op]
    if any(map(math.isnan, moves)):
        return math.nan
    if kink.slope:
        names = {**op.bind([values[arg] for arg in node.args]), "f": values[at]}
        return scalar.formula(kink.slope, {**names, **{f"d{name}": x for name, x in op.bind(moves).items()}})
    if not op.variadic:
        return scalar.value(node.op, moves)
    ties = [move for move, arg in zip(moves, node.args, strict=True) if values[arg] == values[at]]
    return scalar.value(node.op, ties)


def _smooth(partials: Sequence[float | None], tangents: Sequence[float | None]) -> float | None:
    found: float | None = None
    for partial, tangent in zip(partials, tangents, strict=True):
        if partial is not None and tangent is not None:
            part = partial * tangent
            found = part if found is None else found + part
    return found


def _output(run: Run[float], name: str) -> Callable[[float], float]:
    evaluate = autodiff.compile(run.graph)
    return lambda x: float(evaluate({**run.variables, name: x}).value)


def _settled(output: Callable[[float], float], x: float, way: float) -> float:
    """The limit of the differences to one side, from the largest step on; NaN where they do not settle.

    Small steps are no better: where digits cancel, their differences settle on something else.
    """
    here = output(x)
    quotients: list[float] = []
    for power in _STEPS:
        h = way * (abs(x) or 1.0) * 0.25**power
        if not abs(x + h - x) > 0:
            break  # x is infinite, or the smallest number there is
        quotients = [*quotients[-2:], (output(x + h) - here) / ((x + h) - x) * way]
        if len(quotients) == 3 and all(map(math.isfinite, quotients)):
            first, second, third = quotients
            before, limit = second + (second - first) / 3, third + (third - second) / 3
            doubt = abs(limit - before)
            if doubt <= _SETTLED * max(1.0, abs(limit)):
                return 0.0 if abs(limit) <= doubt else limit
    return math.nan
