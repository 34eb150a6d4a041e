"""One-sided derivatives: what the slope is to the left and to the right of a kink.

A directional derivative, by forward mode: each variable in turn moves to the right, then to the left.
Where a node is at a kink, its row says what the tangents of its arguments become; elsewhere partials
do. Infinite slopes are told (a jump, the edge of a root). Where first derivatives can't tell (sqrt(x^2) at 0
is an infinite slope times 0), differences to that side are taken, if they settle or grow without end, were it
as slowly as the logarithm does; where there is nothing on that side, the answer is NaN.

A ``where`` whose condition changes to one side takes the other branch there: its slope, or an infinite one if
its value is another.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from itertools import pairwise

from graphviz_backprop.engine import autodiff, scalar
from graphviz_backprop.engine.autodiff import Run
from graphviz_backprop.explain.branches import untaken
from graphviz_backprop.explain.paths import places
from graphviz_backprop.explain.patterns import equal_keys
from graphviz_backprop.language.graph import Graph
from graphviz_backprop.language.ops import OPS, Kink, Op

_STEPS = range(2, 20)  # of a difference to one side, as powers of 1/4 of x
_NEAR = (2.0**-20, 2.0**-40)  # of x: so near a condition is asked
_GROWS = (
    1.1  # by so much, or more, each of the differences is larger than the last where the slope is infinite
)
_EVENLY = slice(6, 14)  # of the differences: smooth parts have died down, and rounding has not begun
_SETTLED = 1e-7  # three differences in a row are that near to a straight line


@dataclass(frozen=True)
class Sides:
    """The derivative to the left and to the right."""

    left: float
    right: float


def sides(run: Run[float]) -> dict[str, Sides]:
    """∂output/∂x, times the seed, on both sides of each variable; away from kinks both are the gradient."""
    kinks = _kinks(run)
    doubtful = _doubtful(run, kinks)
    return {
        name: Sides(*(_side(run, kinks, doubtful, name, way) for way in (-1.0, 1.0))) for name in run.gradient
    }


def switches(run: Run[float]) -> dict[int, str]:
    """Each ``where`` whose condition changes at this point, and what it is there: at a "corner" or a "jump".

    Not those whose branches meet there with one slope.
    """
    found: dict[int, str] = {}
    kinks = _kinks(run)
    doubtful = _doubtful(run, kinks)
    for name in run.gradient if doubtful else ():
        leaves = frozenset(places(run.graph, name))
        sides = {way: _switched(run, doubtful, name, way) for way in (-1.0, 1.0)}
        slopes = {way: _directional(run, kinks, sides[way], leaves, way)[0] for way in (-1.0, 1.0)}
        for at in sides[-1.0] | sides[1.0]:
            if math.isnan(run.values[run.graph.nodes[at].args[untaken(run, at)]]):
                continue  # sin(x)/x at 0: where it leads, the point itself does not say
            left, right = slopes[-1.0][at] or 0.0, slopes[1.0][at] or 0.0
            jumps = not _meets(run, at)
            if jumps or (-left != right and not (math.isnan(left) or math.isnan(right))):
                found[at] = "jump" if jumps else "corner"
    return found


def _kinks(run: Run[float]) -> dict[int, Kink]:
    keys = equal_keys(run.graph)
    nodes = range(len(run.graph.nodes))
    return {at: kink for at in nodes if (kink := kink_at(run.graph, keys, run.values, at))}


def _doubtful(run: Run[float], kinks: Collection[int]) -> set[int]:
    """Each ``where`` whose condition may change here: it is 0 but moves, or something in it breaks."""
    broken: list[bool] = []
    for at, node in enumerate(run.graph.nodes):
        broken.append(at in kinks or any(broken[arg] for arg in node.args))
    conditions = ((at, node.args[0]) for at, node in enumerate(run.graph.nodes) if node.op == "where")
    return {at for at, c in conditions if run.graph.active[c] and (broken[c] or _is_smooth_zero(run, c))}


def _is_smooth_zero(run: Run[float], c: int) -> bool:
    """Whether a condition is 0 without being at a jump of its own, as x, or x - 1, is."""
    node = run.graph.nodes[c]
    return run.values[c] == 0 and not (node.args and OPS[node.op].kink)


def _switched(run: Run[float], doubtful: set[int], name: str, way: float) -> set[int]:
    """Those that take the other branch as soon as the variable moves that way."""
    if not doubtful:
        return set()
    evaluate, x = autodiff.compile(run.graph), run.variables[name]
    moved = [evaluate({**run.variables, name: x + way * near * (abs(x) or 1.0)}).values for near in _NEAR]
    nodes = run.graph.nodes
    return {
        at
        for at in doubtful
        if all(bool(values[nodes[at].args[0]]) != bool(run.values[nodes[at].args[0]]) for values in moved)
    }


def _meets(run: Run[float], at: int) -> bool:
    """Whether the branches of a ``where`` are one number here."""
    _, x, y = run.graph.nodes[at].args
    return run.values[x] == run.values[y]


def _side(run: Run[float], kinks: dict[int, Kink], doubtful: set[int], name: str, way: float) -> float:
    if not kinks and not doubtful:
        return run.gradient[name]
    switched = _switched(run, doubtful, name, way)
    slopes, met = _directional(run, kinks, switched, frozenset(places(run.graph, name)), way)
    slope = slopes[-1]
    # a gradient may be NaN by a branch that is not taken, which a direction leaves out
    if slope is None or (not met and not math.isnan(run.gradient[name])):
        return run.gradient[name]
    if met and math.isnan(slope):
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


def _directional(
    run: Run[float], kinks: dict[int, Kink], switched: Collection[int], leaves: frozenset[int], way: float
) -> tuple[list[float | None], bool]:
    """The change of each node for an infinitely small step, relative to it, and whether it meets a kink."""
    met = False
    found: list[float | None] = []
    for at, node in enumerate(run.graph.nodes):
        tangents = [found[arg] for arg in node.args]
        if at in leaves:
            found.append(way)
        elif at in switched:
            met = True
            found.append(_over(run, at, tangents))
        elif at in kinks and _concerned(OPS[node.op], kinks[at], tangents):
            met = True
            moves = [tangent or 0.0 for tangent in tangents]  # what does not move has the tangent 0
            found.append(_slope(run.graph, run.values, at, kinks[at], moves))
        else:
            found.append(_smooth(run.partials[at], tangents, node.op == "where"))
    return found, met


def _over(run: Run[float], at: int, tangents: Sequence[float | None]) -> float:
    """The tangent of a ``where`` that takes the other branch there."""
    other = untaken(run, at)
    here, there = run.values[at], run.values[run.graph.nodes[at].args[other]]
    if not math.isfinite(there):
        return math.nan  # of which sign it is there, the point itself does not say
    return (tangents[other] or 0.0) if here == there else math.copysign(math.inf, there - here)


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


def _smooth(partials: Sequence[float | None], tangents: Sequence[float | None], chosen: bool) -> float | None:
    """By the chain rule; of a node that chooses, what it does not take has no part, were it NaN."""
    found: float | None = None
    for partial, tangent in zip(partials, tangents, strict=True):
        if partial is not None and tangent is not None:
            part = 0.0 if chosen and partial == 0 else partial * tangent
            found = part if found is None else found + part
    return found


def _output(run: Run[float], name: str) -> Callable[[float], float]:
    evaluate = autodiff.compile(run.graph)
    return lambda x: float(evaluate({**run.variables, name: x}).value)


def _settled(output: Callable[[float], float], x: float, way: float) -> float:
    """The limit of the differences to one side, from the largest step on; NaN where they do not settle and do
    not grow all the time.

    Small steps are no better: where digits cancel, their differences settle on something else.
    """
    here = output(x)
    quotients: list[float] = []
    grows = True
    for power in _STEPS:
        h = way * (abs(x) or 1.0) * 0.25**power
        if not abs(x + h - x) > 0:
            break  # x is infinite, or the smallest number there is
        quotient = (output(x + h) - here) / ((x + h) - x) * way
        grows = grows and not (quotients and not _ratio(quotient, quotients[-1]) >= _GROWS)
        quotients.append(quotient)
        if len(quotients) >= 3 and all(map(math.isfinite, quotients[-3:])):
            first, second, third = quotients[-3:]
            before, limit = second + (second - first) / 3, third + (third - second) / 3
            doubt = abs(limit - before)
            if doubt <= _SETTLED * max(1.0, abs(limit)):
                return 0.0 if abs(limit) <= doubt else limit
    if grows and len(quotients) > 2:
        return math.copysign(math.inf, quotients[-1])
    return _by_even_steps(quotients[_EVENLY])


def _by_even_steps(quotients: Sequence[float]) -> float:
    """Where they go that grow by as much each time, as log(h) does while h shrinks; NaN where they do not."""
    steps = [later - one for one, later in pairwise(quotients)]
    even = len(steps) > 4 and all(_ratio(later, one) > 0.999 for one, later in pairwise(steps))
    return math.copysign(math.inf, steps[-1]) if even else math.nan


def _ratio(x: float, y: float) -> float:
    return x / y if y else math.nan
