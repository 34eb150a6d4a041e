"""Gradient descent: the gradients of the backward pass used to make the output, the loss, smaller.

With data, columns stand for variables; the loss is the average over the rows, and so is each gradient.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from graphviz_backprop import optimizers
from graphviz_backprop.autodiff import Column, Compiled
from graphviz_backprop.numbers import format_number

Rows = npt.NDArray[np.intp] | None
"""Positions of the rows of a batch; None stands for all."""

_GROWTH = 1e6  # a loss that has grown by more has left for good
_OVERSHOT = 1e3  # a gradient that has grown by more says why a number stopped being one
_CHUNK = 4096  # rows at a time: their numbers stay in the processor's cache


@dataclass(frozen=True, eq=False)
class Descent:
    """A way downhill. Position k of each column is what was found after k steps.

    ``losses`` and ``gradients`` are those of the batch that the next step uses; ``states`` is the
    optimizer's memory, by its name and the parameter's. ``stopped`` says why it ended early, if it did.
    """

    optimizer: str
    settings: Mapping[str, float]
    points: Mapping[str, Column]
    losses: Column
    gradients: Mapping[str, Column]
    states: Mapping[str, Mapping[str, Column]]
    stopped: str
    epochs: int

    @property
    def steps(self) -> int:
        """How many steps were made."""
        return len(self.losses) - 1

    def __repr__(self) -> str:
        point = ", ".join(f"{name}={format_number(xs[-1])}" for name, xs in self.points.items())
        losses = f"loss {format_number(self.losses[0])} → {format_number(self.losses[-1])}"
        end = f"; stopped: {self.stopped}" if self.stopped else ""
        return f"<Descent by {self.optimizer}: {self.steps} steps, {losses} at {point}{end}>"


def descend(
    compiled: Compiled,
    start: Mapping[str, float],
    parameters: Sequence[str] | None = None,
    optimizer: str = "gd",
    rate: float = 0.1,
    steps: int = 100,
    data: Mapping[str, Any] | None = None,
    batch: int | None = None,
    shuffle: bool = True,
    seed: int = 0,
    progress: Callable[[int], object] | None = None,
    **settings: float,
) -> Descent:
    """Steps downhill from a start; see :func:`graphviz_backprop.api.descend`."""
    row = optimizers.find(optimizer)
    complete = row.complete({"rate": rate, **settings})
    steps, batch = _whole("steps", steps, 0), _whole("batch", batch, 1)
    loss = _loss(compiled, start, parameters, data)
    if batch and not loss.size:
        raise ValueError("a batch is made of rows of data, and there is no data")
    trail, stopped = _Trail(), ""
    w, state = loss.start, row.start()
    with np.errstate(all="ignore"):
        first = loss(w, None)[0] if batch else None
        for rows in _batches(loss.size, batch, shuffle, seed):
            trail.add(w, *loss(w, rows), state)
            stopped = trail.trouble(loss.names, first)
            if stopped or trail.steps == steps:
                break
            w, state = row.step(w, trail.gradients[-1], state, complete)
            if progress:
                progress(trail.steps + 1)
    columns = np.array(trail.gradients), np.array(trail.points)
    gradients, points = (dict(zip(loss.names, column.T, strict=True)) for column in columns)
    return Descent(
        row.name,
        complete,
        points,
        np.array(trail.losses),
        gradients,
        {name: trail.state(name, loss.names) for name in row.state},
        stopped,
        trail.steps // -(-loss.size // (batch or loss.size)) if loss.size else 0,
    )


@dataclass(frozen=True)
class _Loss:
    """The output, averaged over rows, as a function of the parameters, with its gradient."""

    compiled: Compiled
    names: tuple[str, ...]
    start: Column
    fixed: Mapping[str, float]
    columns: Mapping[str, Column]

    @property
    def size(self) -> int:
        """How many rows there are; 0 without data."""
        return min(map(len, self.columns.values()), default=0)

    def __call__(self, w: Column, rows: Rows) -> tuple[float, Column]:
        at = {**self.fixed, **dict(zip(self.names, w.tolist(), strict=True))}
        if not self.columns:
            return self._sums(at)
        columns = {name: xs if rows is None else xs[rows] for name, xs in self.columns.items()}
        count = self.size if rows is None else len(rows)
        total, gradient = 0.0, np.zeros(len(self.names))
        for first in range(0, count, _CHUNK):
            part = {name: xs[first : first + _CHUNK] for name, xs in columns.items()}
            more, slope = self._sums({**at, **part})
            total, gradient = total + more, gradient + slope
        return total / count, gradient / count

    def _sums(self, at: Mapping[str, Any]) -> tuple[float, Column]:
        run = self.compiled(at)
        gradient = run.gradient
        return float(np.sum(run.value)), np.array([np.sum(gradient[name]) for name in self.names])


@dataclass(frozen=True)
class _Trail:
    """What was found so far, a place in each list for the start and one for each step."""

    points: list[Column] = field(default_factory=list)
    losses: list[float] = field(default_factory=list)
    gradients: list[Column] = field(default_factory=list)
    states: list[Mapping[str, Any]] = field(default_factory=list)

    @property
    def steps(self) -> int:
        return len(self.losses) - 1

    def add(self, point: Column, loss: float, gradient: Column, state: Mapping[str, Any]) -> None:
        self.points.append(point)
        self.losses.append(loss)
        self.gradients.append(gradient)
        self.states.append(state)

    def state(self, name: str, parameters: Sequence[str]) -> dict[str, Column]:
        """A name of the optimizer's state as a column for each parameter."""
        shape = (len(self.states), len(parameters))
        columns = np.empty(shape)
        for at, state in enumerate(self.states):
            columns[at] = state[name]
        return dict(zip(parameters, columns.T, strict=True))

    def trouble(self, names: Sequence[str], first: float | None) -> str:
        """Why no further step makes sense; "" if one does. ``first`` counts as the loss at the start."""
        loss, gradient = self.losses[-1], self.gradients[-1]
        if loss == -math.inf:
            return "the loss falls without end: it has no minimum in this direction"
        bound = _GROWTH * max(1.0, abs(self.losses[0] if first is None else first))
        if loss > bound and self.steps:
            return self._overshot()
        if not math.isfinite(loss):
            return self._nowhere(names)
        for name, slope in zip(names, gradient.tolist(), strict=True):
            if not math.isfinite(slope):
                return f"the gradient by {name} is {format_number(slope)} {self._place(names)}"
        return ""

    def _nowhere(self, names: Sequence[str]) -> str:
        """Why the loss is no number."""
        found = f"the loss is {format_number(self.losses[-1])} {self._place(names)}"
        if not self.steps:
            return found
        small, large = self._slopes()
        if large > _OVERSHOT * small:
            return self._overshot()
        return f"{found}: the step led out of where the function is defined, try a smaller rate"

    def _overshot(self) -> str:
        what, small, large = "|gradient|", *self._slopes()
        if not large > small:  # the last one is lost in infinities
            what, small, large = "the loss", self.losses[0], self.losses[-1]
        grew = f"{what} grew from {format_number(small)} to {format_number(large)}"
        return f"the step overshoots: {grew}, try a smaller rate"

    def _slopes(self) -> tuple[float, float]:
        """The length of the gradient at the start, and the last one that is a number."""
        lengths = (math.hypot(*gradient) for gradient in reversed(self.gradients))
        known = (length for length in lengths if not math.isnan(length))
        return math.hypot(*self.gradients[0]), next(known, math.nan)

    def _place(self, names: Sequence[str]) -> str:
        where = (
            "after 1 step"
            if self.steps == 1
            else f"after {self.steps} steps"
            if self.steps
            else "at the start"
        )
        few = list(zip(names, self.points[-1].tolist(), strict=True))[:3]
        point = ", ".join(f"{name} = {format_number(x)}" for name, x in few)
        return f"{where}, where {point}{', …' if len(names) > len(few) else ''}"


def _batches(size: int, batch: int | None, shuffle: bool, seed: int) -> Iterator[Rows]:
    """The rows of each step, without end; an epoch goes through all of them once."""
    random = np.random.default_rng(seed)
    while True:
        if batch is None or batch >= size:
            yield None
            continue
        order = random.permutation(size) if shuffle else np.arange(size)
        for first in range(0, size, batch):
            yield order[first : first + batch]


# What was asked for, looked through


def _whole(name: str, number: Any, least: int) -> Any:
    if number is None and name == "batch":
        return None
    try:
        found = operator.index(number)
    except TypeError:
        raise ValueError(f"{name} is {number!r}, and should be a whole number") from None
    if found < least:
        raise ValueError(f"{name} is {found}, and should be {least} or more")
    return found


def _loss(
    compiled: Compiled,
    start: Mapping[str, float],
    parameters: Sequence[str] | None,
    data: Mapping[str, Any] | None,
) -> _Loss:
    variables = compiled.graph.variables
    columns = _columns(dict(data or {}), variables)
    if data is not None and not columns:
        raise ValueError("the data has no columns")
    point = {name: _start(name, x, variables, columns) for name, x in start.items()}
    for name in variables:
        if name not in columns and name not in point:
            raise ValueError(f"{name} has no start")
    names = _parameters(parameters, variables, columns)
    fixed = {name: x for name, x in point.items() if name not in names}
    return _Loss(compiled, names, np.array([point[name] for name in names]), fixed, columns)


def _start(name: str, x: Any, variables: Sequence[str], columns: Mapping[str, Column]) -> float:
    _known(name, variables)
    if name in columns:
        raise ValueError(f"{name} is a column of the data, and so has no start")
    if np.ndim(x) != 0:
        raise ValueError(f"the start of {name} should be one number")
    number = float(x)
    if not math.isfinite(number):
        raise ValueError(f"the start of {name} is {format_number(number)}, and should be finite")
    return number


def _known(name: str, variables: Sequence[str]) -> None:
    if name not in variables:
        has = f"its variables are {', '.join(variables)}" if variables else "it has none"
        raise ValueError(f"{name} is not a variable of this program; {has}")


def _parameters(
    asked: Sequence[str] | None, variables: Sequence[str], columns: Mapping[str, Column]
) -> tuple[str, ...]:
    """The names of what the steps change: without a choice, all that is no column."""
    if asked is None:
        asked = [name for name in variables if name not in columns]
    names = tuple(dict.fromkeys([asked] if isinstance(asked, str) else asked))
    for name in names:
        _known(name, variables)
        if name in columns:
            raise ValueError(f"{name} is a column of the data, and so can't be a parameter")
    if not names:
        raise ValueError("there are no parameters, so nothing can move")
    return names


def _columns(data: Mapping[str, Any], variables: Sequence[str]) -> dict[str, Column]:
    columns: dict[str, Column] = {}
    for name, cells in data.items():
        if name not in variables:
            raise ValueError(f"the column {name} is not a variable of this program")
        columns[name] = _column(name, cells)
    lengths = {name: len(xs) for name, xs in columns.items()}
    if len(set(lengths.values())) > 1:
        long = ", ".join(f"{name} {length:,}" for name, length in lengths.items())
        raise ValueError(f"the columns have different numbers of rows: {long}")
    if 0 in lengths.values():
        raise ValueError("the data has no rows")
    return columns


def _column(name: str, cells: Any) -> Column:
    try:
        column = np.ascontiguousarray(cells, dtype=np.float64)
    except (TypeError, ValueError):
        raise ValueError(f"the column {name} holds something that is not a number") from None
    if np.ndim(cells) != 1:
        raise ValueError(f"the column {name} should be a plain sequence of numbers")
    odd = np.flatnonzero(~np.isfinite(column))
    if odd.size:
        number = format_number(float(column[odd[0]]))
        raise ValueError(f"row {odd[0] + 1} of the column {name} is {number}, and should be finite")
    return column
