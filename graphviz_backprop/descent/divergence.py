"""Why a descent ends early, in words."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from graphviz_backprop.descent.layout import length
from graphviz_backprop.engine.autodiff import Column
from graphviz_backprop.language.numerals import format_number

_GROWTH = 1e6  # a loss that has grown by more has left for good
_SMALLER = "try a smaller rate"
_NAMED = 3  # of the numbers at a place
_OVERSHOT = 1e3  # a gradient that has grown by more says why a number stopped being one


def overshot(stopped: str) -> bool:
    """Whether a smaller rate could have helped."""
    return stopped.endswith(_SMALLER)


class Watch:
    """Sees every step of a descent and says when a further one makes no sense.

    ``names`` are those of the numbers that move. ``first`` counts as the loss at the start, where the first
    batch alone says little.
    """

    def __init__(self, names: Sequence[str], first: float | None = None) -> None:
        self._names = names
        self._first = first
        self._steps = -1
        self._losses = (math.nan, math.nan)  # at the start, and the last one
        self._slopes = (math.nan, math.nan)  # lengths of gradients: the last one that is a number

    def see(self, point: Column, loss: float, gradient: Column) -> str:
        """The reason to stop here; "" if there is none."""
        self._remember(loss, length(gradient))
        if loss == -math.inf:
            return "the loss falls without end: it has no minimum in this direction"
        bound = _GROWTH * max(1.0, abs(self._losses[0] if self._first is None else self._first))
        if loss > bound and self._steps:
            return self._overshot()
        if not math.isfinite(loss):
            return self._nowhere(point)
        odd = np.flatnonzero(~np.isfinite(gradient))
        if odd.size:
            name, slope = self._names[odd[0]], float(gradient[odd[0]])
            return f"the gradient by {name} is {format_number(slope)} {self._place(point)}"
        return ""

    def _remember(self, loss: float, slope: float) -> None:
        self._steps += 1
        start = self._steps == 0
        self._losses = (loss if start else self._losses[0], loss)
        self._slopes = (slope if start else self._slopes[0], self._slopes[1] if math.isnan(slope) else slope)

    def _nowhere(self, point: Column) -> str:
        """Why the loss is no number."""
        found = f"the loss is {format_number(self._losses[1])} {self._place(point)}"
        if not self._steps:
            return found
        small, large = self._slopes
        if large > _OVERSHOT * small:
            return self._overshot()
        return f"{found}: the step led out of where the function is defined, {_SMALLER}"

    def _overshot(self) -> str:
        what, (small, large) = "|gradient|", self._slopes
        if not large > small:  # the last one is lost in infinities
            what, (small, large) = "the loss", self._losses
        grew = f"{what} grew from {format_number(small)} to {format_number(large)}"
        return f"the step overshoots: {grew}, {_SMALLER}"

    def _place(self, point: Column) -> str:
        steps = f"after {self._steps} step{'s' if self._steps > 1 else ''}" if self._steps else "at the start"
        few = point[:_NAMED].tolist()
        shown = ", ".join(f"{self._names[at]} = {format_number(x)}" for at, x in enumerate(few))
        return f"{steps}, where {shown}{', …' if len(self._names) > len(few) else ''}"
