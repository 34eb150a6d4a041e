"""The gradient check: each gradient beside the central difference that tells most.

One step does not fit all: ``sin(x)`` at 1e8 wants a step that is tiny beside x, ``1 + x`` at 1e-9 one
that is huge. So steps are tried from the usual one on, each with what the difference may be off by (what it
changes with the step, and what rounding may do to it), until one is sure (after Ridders 1982). Where none
is, at a kink or where all digits cancel, the answer is that no difference can tell.
"""

from __future__ import annotations

import functools
import math
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from graphviz_backprop.engine import scalar
from graphviz_backprop.engine.autodiff import Run
from graphviz_backprop.explain.probe import miss
from graphviz_backprop.language.graph import VAR, Graph

_EPSILON = sys.float_info.epsilon
_STEP = _EPSILON ** (1 / 3)  # balances rounding against curvature in a central difference
_FACTOR = 4.0
_SMALLER, _LARGER = 16, 7  # steps that are tried on both sides of the usual one
_LEAST = 1e-6  # below this, differences are noise
_SURE = 1e-6  # no other step is tried
_TELLS = 1e-3  # a difference that may be off by more tells nothing


@dataclass(frozen=True)
class Difference:
    """A gradient beside its central difference (f(x + h) - f(x - h)) / 2h, and their relative error.

    Both are NaN where no difference can tell.
    """

    gradient: float
    difference: float
    error: float


@dataclass(frozen=True)
class Measured:
    """A slope by differences, and what it may be off by: infinity, and it is no slope."""

    slope: float
    doubt: float


def check(run: Run[float]) -> dict[str, Difference]:
    """Each variable's gradient against its central difference."""
    users = _users(run.graph)
    return {
        name: compared(float(gradient), _of(run, leaves, _above(users, leaves)))
        for leaves, (name, gradient) in zip(_leaves(run.graph), run.gradient.items(), strict=True)
    }


def _of(run: Run[float], leaves: Sequence[int], changed: Sequence[int]) -> Measured:
    """The slope by a variable: of the nodes, those are computed anew that change with it."""
    values = list(run.values)
    nodes = [(at, run.graph.nodes[at]) for at in changed]
    steps = [(at, scalar.function_of(node.op, len(node.args)), node.args) for at, node in nodes]

    @functools.cache  # each step is the wide one of another, and all have one middle
    def output(x: float) -> float:
        for at in leaves:
            values[at] = x
        for at, function, args in steps:
            values[at] = function(*[values[arg] for arg in args])
        return float(run.seed) * values[-1]

    return measured(output, float(values[leaves[0]]), _noise(run, changed))


def _leaves(graph: Graph) -> Iterator[Sequence[int]]:
    """Where each variable stands, in their order."""
    found: dict[str, list[int]] = {name: [] for name in graph.variables}
    for at, node in enumerate(graph.nodes):
        if node.op == VAR:
            found[node.name or ""].append(at)
    yield from found.values()


def _users(graph: Graph) -> Sequence[Sequence[int]]:
    """By node, those that have it as an argument."""
    found: list[list[int]] = [[] for _ in graph.nodes]
    for at, node in enumerate(graph.nodes):
        for arg in node.args:
            found[arg].append(at)
    return found


def _above(users: Sequence[Sequence[int]], starts: Sequence[int]) -> Sequence[int]:
    """The nodes that change with these, from below."""
    found: set[int] = set()
    rest = list(starts)
    while rest:
        new = [user for user in users[rest.pop()] if user not in found]
        found.update(new)
        rest.extend(new)
    return sorted(found)


def compared(gradient: float, measured: Measured) -> Difference:
    """The error is relative to the larger, but not below 1e-6.

    A difference tells only what is sure beside itself: beside a pole of tan all of it is the step.
    """
    slope, doubt = measured.slope, measured.doubt
    if not doubt <= _TELLS * max(abs(slope), _LEAST):
        return Difference(gradient, math.nan, math.nan)
    return Difference(gradient, slope, miss(gradient, slope, _LEAST))


def _noise(run: Run[float], changed: Sequence[int]) -> float:
    """By about how much rounding may change the output, times the seed, when these nodes move."""
    values, gradients = run.values, run.gradients
    parts = (abs(values[at] * (gradients[at] or 0.0)) for at in changed)
    return _EPSILON * sum(part for part in parts if math.isfinite(part))


def measured(output: Callable[[float], float], x: float, noise: float) -> Measured:
    """The slope of a function at x by the central difference that is most sure."""
    best = Measured(math.nan, math.inf)
    for h in _steps(x):
        if noise / h >= best.doubt:
            continue  # rounding alone makes it less sure
        found = _central(output, x, h, noise)
        if found.doubt < best.doubt:
            best = found
        if best.doubt <= _SURE * max(abs(best.slope), _LEAST):
            break
    return best


def _steps(x: float) -> Iterator[float]:
    """The usual step relative to x, then others around it; then, for a small x, around that for 1."""
    sizes = [abs(x), 1.0] if abs(x) < 1 else [abs(x)]
    for size in sizes:
        for n in range(max(_SMALLER, _LARGER) + 1):
            for power in (-n, n) if n else (0,):
                h = _STEP * size * _FACTOR**power
                if -_SMALLER <= power <= _LARGER and x - h < x < x + h:
                    yield h


def _central(output: Callable[[float], float], x: float, h: float, noise: float) -> Measured:
    """With two steps, h and 4 h: the difference of their slopes is about what the wide one is off by."""
    near, bend = _difference(output, x, h)
    wide, bend_wide = _difference(output, x, _FACTOR * h)
    if abs(bend) > 8 * noise / h and abs(bend) > 0.9 * abs(bend_wide):
        return Measured(math.nan, math.inf)  # left and right differ however small the step: a kink, or a jump
    slope = near + (near - wide) / (_FACTOR**2 - 1)
    return Measured(slope, abs(near - wide) + noise / h)


def _difference(output: Callable[[float], float], x: float, h: float) -> tuple[float, float]:
    """The slope between x - h and x + h, and by how much the right half is steeper than the left one."""
    above, below = x + h, x - h
    left, middle, right = output(below), output(x), output(above)
    return (right - left) / (above - below), (right - middle) / (above - x) - (middle - left) / (x - below)
