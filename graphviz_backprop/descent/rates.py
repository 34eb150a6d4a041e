"""A rate that descends, where none is given.

Gradient descent overshoots where its rate is above 2/λ, λ the largest curvature of the loss. The rate that is
chosen is 1/λ at the start, rounded down to 1, 2 or 5 times a power of ten, and 0.1 at most.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from graphviz_backprop.descent.layout import length
from graphviz_backprop.engine.autodiff import Column

LARGEST = 0.1
"""The rate where the loss is hardly curved, and where steps do not grow with the gradient."""

_ROUNDS = 12  # of power iteration, a gradient each
_NUDGE = 1e-5  # of the point's length: two gradients so far apart differ by the curvature
_SETTLED = 0.01  # a curvature that changes by less is known well enough


def descending(gradient: Callable[[Column], Column], start: Column) -> float:
    """The rate for gradient descent from ``start``."""
    with np.errstate(all="ignore"):
        curvature = _curvature(gradient, start)
    if not 1 / LARGEST < curvature < math.inf:  # NaN, too
        return LARGEST
    return rounded_down(1 / curvature)


def _curvature(gradient: Callable[[Column], Column], start: Column) -> float:
    """The largest second derivative along a line through ``start``, without its sign: power iteration."""
    slope = gradient(start)
    direction, nudge, found = slope, _NUDGE * max(1.0, length(start)), math.nan
    for _ in range(_ROUNDS):
        far = length(direction)
        if not 0 < far < math.inf:
            break
        direction = direction / far
        direction = (gradient(start + nudge * direction) - slope) / nudge
        before, found = found, length(direction)
        if abs(found - before) <= _SETTLED * found:
            break
    return found


def rounded_down(number: float) -> float:
    """The largest 1, 2 or 5 times a power of ten up to a positive number, of which four digits count."""
    digits, _, exponent = f"{number:.3e}".partition("e")
    first = max(step for step in (1, 2, 5) if step <= float(digits))
    return float(f"{first}e{exponent}")
