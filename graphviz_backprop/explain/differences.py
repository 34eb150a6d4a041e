"""The gradient check: each gradient beside the central difference that tells most.

One step does not fit all: ``sin(x)`` at 1e8 wants a step that is tiny beside x, ``1 + x`` at 1e-9 one
that is huge. So steps are tried from the usual one on, each with what the difference may be off by (what it
changes with the step, and what rounding may do to it), until one is sure (after Ridders 1982). Where none
is, at a kink or where all digits cancel, the answer is that no difference can tell.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from graphviz_backprop.engine.autodiff import Compiled, Run
from graphviz_backprop.explain.paths import places
from graphviz_backprop.explain.probe import miss

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


def check(run: Run[float], evaluate: Compiled) -> dict[str, Difference]:
    """Each variable's gradient against its central difference."""
    at = {name: float(x) for name, x in run.variables.items()}
    gradient = run.gradient
    found = {}
    for name, x in at.items():

        def output(x: float, name: str = name) -> float:
            return float(run.seed) * float(evaluate({**at, name: x}).value)

        found[name] = compared(float(gradient[name]), measured(output, x, noise(run, name)))
    return found


def compared(gradient: float, measured: Measured) -> Difference:
    """The error is relative to the larger, but not below 1e-6."""
    slope, doubt = measured.slope, measured.doubt
    size = max(abs(slope), abs(gradient) if math.isfinite(gradient) else 0.0, _LEAST)
    if not doubt <= _TELLS * size:
        return Difference(gradient, math.nan, math.nan)
    return Difference(gradient, slope, miss(gradient, slope, _LEAST))


def noise(run: Run[float], name: str) -> float:
    """By about how much rounding may change the output, times the seed, when this variable moves."""
    moves = [False] * len(run.graph.nodes)
    for at in places(run.graph, name):
        moves[at] = True
    total = 0.0
    for at, node in enumerate(run.graph.nodes):
        if not any(moves[arg] for arg in node.args):
            continue
        moves[at] = True
        part = abs(run.values[at] * (run.gradients[at] or 0.0))
        total += part if math.isfinite(part) else 0.0
    return _EPSILON * total


def measured(output: Callable[[float], float], x: float, noise: float) -> Measured:
    """The slope of a function at x by the central difference that is most sure."""
    best = Measured(math.nan, math.inf)
    for h in _steps(x):
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
    if abs(bend) > 8 * noise / h and abs(bend_wide - bend) < 0.1 * abs(bend):
        return Measured(math.nan, math.inf)  # left and right differ however small the step: a kink
    slope = near + (near - wide) / (_FACTOR**2 - 1)
    return Measured(slope, abs(near - wide) + noise / h)


def _difference(output: Callable[[float], float], x: float, h: float) -> tuple[float, float]:
    """The slope between x - h and x + h, and by how much the right half is steeper than the left one."""
    above, below = x + h, x - h
    left, middle, right = output(below), output(x), output(above)
    return (right - left) / (above - below), (right - middle) / (above - x) - (middle - left) / (x - below)
