"""The output as a loss: averaged over the samples, a function of the parameters, with its gradient."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from graphviz_backprop.descent.batches import Rows, rest
from graphviz_backprop.engine.autodiff import Column, Compiled
from graphviz_backprop.engine.slope import Slope

_NUMBERS = 400_000  # nodes times rows at a time


@dataclass(frozen=True)
class Loss:
    """The output, averaged over rows, as a function of the parameters, with its gradient."""

    compiled: Compiled
    names: tuple[str, ...]
    start: Column
    fixed: Mapping[str, float]
    columns: Mapping[str, Column]
    slope: Slope | None  # without data, none
    pause: Callable[[], object] = rest

    @property
    def size(self) -> int:
        """How many rows there are; 0 without data."""
        return min(map(len, self.columns.values()), default=0)

    def __call__(self, w: Column, rows: Rows) -> tuple[float, Column]:
        at = {**self.fixed, **dict(zip(self.names, w.tolist(), strict=True))}
        if self.slope is None:
            self.pause()
            return self._at(at)
        columns = {name: xs if rows is None else xs[rows] for name, xs in self.columns.items()}
        count = self.size if rows is None else len(rows)
        total, gradient = 0.0, np.zeros(len(self.names))
        size = self._chunk
        for first in range(0, count, size):
            self.pause()
            part = {name: xs[first : first + size] for name, xs in columns.items()}
            more, slope = self.slope({**at, **part}, min(size, count - first))
            with np.errstate(all="ignore"):
                total, gradient = total + more, gradient + slope
        return total / count, gradient / count

    def _at(self, at: Mapping[str, float]) -> tuple[float, Column]:
        run = self.compiled.gradient(at)
        gradient = run.gradient
        return float(run.value), np.array([gradient[name] for name in self.names])

    @property
    def _chunk(self) -> int:
        """Rows at a time: their numbers should stay in the processor's cache, and fill it."""
        return min(max(_NUMBERS // len(self.compiled.graph.nodes), 1024), 8192)


def slope_of(compiled: Compiled, names: tuple[str, ...], columns: Mapping[str, Column]) -> Slope | None:
    """What gives loss and gradient of many rows at once; None without data."""
    if not columns:
        return None
    keep_memory()
    return Slope(compiled.graph, names)


@functools.cache
def keep_memory() -> None:
    """Has glibc keep what is freed, from now on and in the whole process.

    At each free it gives back what is beyond a bound, which grows with the largest block that was freed.
    Without this, each chunk of rows would be given new pages, which takes longer than computing with them.
    The process keeps 62 MB at most that it would have given back; elsewhere than with glibc nothing changes.
    """
    np.empty(31_000_000, np.byte)
