"""The output of a program with tensors as a loss: a function of all numbers that move, with its gradient.

Data comes in one of two ways. *Sample by sample*, the loss is the average of the program's output over the
samples, computed for many at once by the lifted program. *Whole*, the program names its batch and says itself
how samples come together: it is evaluated at the rows of a batch.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from graphviz_backprop.descent.batches import Rows, rest
from graphviz_backprop.descent.layout import Layout
from graphviz_backprop.engine.autodiff import Column
from graphviz_backprop.engine.tensors.lifted import lifted
from graphviz_backprop.engine.tensors.program import Program
from graphviz_backprop.engine.tensors.slope import Slope
from graphviz_backprop.language.cached import cached_property
from graphviz_backprop.language.errors import ExpressionError
from graphviz_backprop.language.graph import Graph
from graphviz_backprop.language.resized import resized
from graphviz_backprop.language.shapes import Misfit, Shape, said, size
from graphviz_backprop.language.words import few

Sums = Callable[[Mapping[str, Any]], tuple[float, list[Any]]]
"""The loss and its gradients, added up over samples or of a whole batch."""

_CELLS = 200_000  # of the largest tensor at a time: it should stay in the processor's cache


@dataclass(frozen=True, eq=False)
class TensorLoss:
    """The loss of a graph with tensors. ``columns`` have the samples in front.

    ``whole`` says that the program names its batch.
    It is used like :class:`graphviz_backprop.descent.loss.Loss`; not by two threads at once.
    """

    graph: Graph
    layout: Layout
    start: Column
    fixed: Mapping[str, Any]
    columns: Mapping[str, Column]
    whole: bool = False
    pause: Callable[[], object] = rest
    slopes: dict[int, Sums] = field(default_factory=dict, repr=False)

    @property
    def names(self) -> tuple[str, ...]:
        """The names of what moves."""
        return self.layout.names

    @property
    def size(self) -> int:
        """How many samples there are; 0 without data."""
        return min(map(len, self.columns.values()), default=0)

    def ready(self, batch: int | None) -> None:
        """Makes what the steps will need. Raises ValueError where the program does not take so many rows."""
        if self.whole:
            counts = {self.size, batch, self.size % batch} if batch and batch < self.size else {self.size}
            for count in counts - {0, None}:
                self._whole(int(count or 0))

    def __call__(self, w: Column, rows: Rows) -> tuple[float, Column]:
        at = self.layout.split(w)
        if not self.columns or self.whole:
            self.pause()
            value, gradients = self._at(at, rows)
            return value, self._row(gradients)
        count = self.size if rows is None else len(rows)
        total, gradient, chunk = 0.0, np.zeros(len(self.layout)), self._chunk
        for first in range(0, count, chunk):
            self.pause()
            chosen = slice(first, first + chunk) if rows is None else rows[first : first + chunk]
            part = {name: xs[chosen] for name, xs in self.columns.items()}
            value, slopes = self._lifted(min(chunk, count - first))({**at, **part})
            with np.errstate(all="ignore"):
                total, gradient = total + value, gradient + self._row(slopes)
        return total / count, gradient / count

    def _row(self, gradients: list[Any]) -> Column:
        both = zip(gradients, self.layout.shapes, strict=True)
        full = (one if np.shape(one) == shape else np.broadcast_to(one, shape) for one, shape in both)
        return np.concatenate([np.ravel(one) for one in full])

    def _at(self, at: Mapping[str, Any], rows: Rows) -> tuple[float, list[Any]]:
        """The program itself, with the rows of a batch or all of them."""
        if rows is None:
            return self._whole(self.size)(at)
        part = {name: xs[rows] for name, xs in self.columns.items()}
        return self._whole(len(rows))({**at, **part})

    def _whole(self, count: int) -> Sums:
        if count not in self.slopes:
            shapes = {name: (count, *xs.shape[1:]) for name, xs in self.columns.items()}
            fixed = {**self.fixed, **self.columns} if count == self.size else self.fixed
            self.slopes[count] = Slope(at_rows(self.graph, shapes), self.names, fixed)
        return self.slopes[count]

    def _lifted(self, count: int) -> Sums:
        if count not in self.slopes:
            self.slopes[count] = _lift(self.graph, self.names, self.fixed, self.columns, count)
        return self.slopes[count]

    @cached_property
    def _chunk(self) -> int:
        """Samples at a time."""
        most = max(size(node.shape) for node in self.graph.nodes)
        return max(_CELLS // most, 1)


def at_rows(graph: Graph, shapes: Mapping[str, Shape]) -> Graph:
    """The program with so many rows of data. Raises ValueError where it does not take them."""
    if all(graph.shapes[name] == shape for name, shape in shapes.items()):
        return graph
    try:
        return resized(graph, shapes)
    except ExpressionError as error:
        wanted = few([f"{name} {said(shape)}" for name, shape in shapes.items()], 4)
        raise ValueError(f"with {wanted}, the program does not fit: {error.message}") from None


def _lift(
    graph: Graph, names: tuple[str, ...], fixed: Mapping[str, Any], columns: Mapping[str, Column], count: int
) -> Sums:
    """What adds up the output over so many samples, and its gradients."""
    try:
        return Slope(lifted(graph, columns, count), names, fixed)
    except (Misfit, ExpressionError):  # a row takes no further axis, or there would be five
        return Each(graph, names, fixed)


class Each:
    """The same for programs that can't be lifted: each number of both passes at each sample, then sums."""

    def __init__(self, graph: Graph, names: tuple[str, ...], fixed: Mapping[str, Any]) -> None:
        self._program = Program(graph)
        self._names, self._fixed = names, fixed
        self._leaves = {
            name: [at for at, node in enumerate(graph.nodes) if node.op == "var" and node.name == name]
            for name in names
        }

    def __call__(self, at: Mapping[str, Any]) -> tuple[float, list[Any]]:
        graph = self._program.graph
        known = {**self._fixed, **at}
        leads = [np.shape(x)[:1] for name, x in known.items() if np.ndim(x) > len(graph.shapes[name])]
        (count,) = leads[0]
        point = {
            name: np.broadcast_to(x, (count, *graph.shapes[name]))
            if graph.shapes[name]
            else np.broadcast_to(x, count)
            for name, x in known.items()
        }
        numbers = self._program.numbers(point, np.ones(count))
        gradients = [
            sum(
                np.sum(numbers[1][leaf], axis=0)
                for leaf in self._leaves[name]
                if numbers[1][leaf] is not None
            )
            for name in self._names
        ]
        return float(np.sum(numbers[0][-1])), gradients
