"""Gradient descent: the gradients of the backward pass used to make the output, the loss, smaller.

With data, columns stand for variables; the loss is the average over the rows, and so is each gradient.
"""

from __future__ import annotations

import functools
import math
import operator
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import numpy as np

from graphviz_backprop.descent import optimizers
from graphviz_backprop.descent.divergence import Watch
from graphviz_backprop.descent.optimizers import Optimizer
from graphviz_backprop.engine.autodiff import Column, Compiled, Slope
from graphviz_backprop.language.numerals import format_number
from graphviz_backprop.network.matrices import MatrixLoss, Rows, matrix_loss, rest

_NUMBERS = 400_000  # nodes times rows at a time


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
        run = self.compiled(at)
        gradient = run.gradient
        return float(run.value), np.array([gradient[name] for name in self.names])

    @property
    def _chunk(self) -> int:
        """Rows at a time: their numbers should stay in the processor's cache, and fill it."""
        return min(max(_NUMBERS // len(self.compiled.graph.nodes), 1024), 8192)


@functools.cache
def _keep_memory() -> None:
    """Has glibc keep what is freed. At each free it gives back what is beyond a bound, which grows with the
    largest block that was freed; without this, each chunk would be given new pages: most of its time.
    """
    np.empty(31_000_000, np.byte)


class Step(NamedTuple):
    """What was found after some steps: the loss and its gradient are those of the batch that comes next."""

    point: Column
    loss: float
    gradient: Column
    state: Mapping[str, Any]
    stopped: str


@dataclass(frozen=True, eq=False)
class Walk:
    """A way downhill that is ready to be gone: what was asked for, looked through and completed.

    Iterating goes it anew, from the start to the last step, and gives a :class:`Step` at each place.
    """

    optimizer: Optimizer
    settings: Mapping[str, float]
    steps: int
    batch: int | None
    shuffle: bool
    seed: int
    loss: Loss | MatrixLoss

    @property
    def parameters(self) -> tuple[str, ...]:
        """The names of what moves."""
        return self.loss.names

    @property
    def batches(self) -> int:
        """How many steps make an epoch; 0 without data."""
        rows = self.loss.size
        return -(-rows // (self.batch or rows)) if rows else 0

    def epochs(self, steps: int) -> int:
        """How often these steps go through all rows."""
        return steps // self.batches if self.batches else 0

    def __iter__(self) -> Iterator[Step]:
        return self.go()

    def go(self, pause: Callable[[], object] = rest) -> Iterator[Step]:
        """Goes the way. ``pause`` is called at least at each step, often where there are many rows; what it
        raises ends the way."""
        loss = replace(self.loss, pause=pause)
        w, state = loss.start, self.optimizer.start()
        watch = Watch(loss.names, loss(w, None)[0] if self.batch else None)
        batches = _batches(loss.size, self.batch, self.shuffle, self.seed)
        for made, rows in enumerate(batches):
            found, gradient = loss(w, rows)
            stopped = watch.see(w, found, gradient)
            yield Step(w, found, gradient, state, stopped)
            if stopped or made == self.steps:
                return
            with np.errstate(all="ignore"):
                w, state = self.optimizer.step(w, gradient, state, self.settings)


def walk(
    compiled: Compiled,
    start: Mapping[str, float],
    parameters: Sequence[str] | None,
    optimizer: str,
    settings: Mapping[str, float],
    steps: int,
    data: Mapping[str, Any] | None = None,
    batch: int | None = None,
    shuffle: bool = True,
    seed: int = 0,
) -> Walk:
    """Looks through what :func:`graphviz_backprop.api.descend` is asked for; goes nowhere yet.

    ``settings`` has the rate, too. Raises ValueError for what does not fit together.
    """
    row = optimizers.find(optimizer)
    complete = row.complete(settings)
    steps, batch = _whole("steps", steps, 0), _whole("batch", batch, 1)
    loss = _loss(compiled, start, parameters, data)
    if batch and not loss.size:
        raise ValueError("a batch is made of rows of data, and there is no data")
    return Walk(row, complete, steps, batch, shuffle, seed, loss)


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
    settings = {"rate": rate, **settings}
    way = walk(compiled, start, parameters, optimizer, settings, steps, data, batch, shuffle, seed)
    trail: list[Step] = []
    for made, step in enumerate(way):
        trail.append(step)
        if progress and made:
            progress(made)
    return Descent(
        way.optimizer.name,
        way.settings,
        _by_name(way.parameters, [step.point for step in trail]),
        np.array([step.loss for step in trail]),
        _by_name(way.parameters, [step.gradient for step in trail]),
        {
            name: _by_name(way.parameters, state_rows(trail, name, len(way.parameters)))
            for name in way.optimizer.state
        },
        trail[-1].stopped,
        way.epochs(len(trail) - 1),
    )


def state_rows(trail: Sequence[Step], name: str, parameters: int) -> Column:
    """A name of the optimizer's state: a row for each step, in it a number for each parameter."""
    rows = np.empty((len(trail), parameters))
    for at, step in enumerate(trail):
        rows[at] = step.state[name]  # one number stands for all of them
    return rows


def _by_name(names: Sequence[str], rows: Any) -> dict[str, Column]:
    return dict(zip(names, np.array(rows).T, strict=True))


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
) -> Loss | MatrixLoss:
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
    given = names, np.array([point[name] for name in names]), fixed, columns
    return matrix_loss(compiled.graph, *given) or Loss(compiled, *given, _slope(compiled, names, columns))


def _slope(compiled: Compiled, names: Sequence[str], columns: Mapping[str, Column]) -> Slope | None:
    if not columns:
        return None
    _keep_memory()
    return Slope(compiled.graph, names)


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
        column = np.asarray(cells, dtype=np.float64)
    except (TypeError, ValueError, OverflowError):
        raise ValueError(f"the column {name} holds something that is not a number") from None
    if column.ndim != 1:
        raise ValueError(f"the column {name} should be a plain sequence of numbers")
    odd = np.flatnonzero(~np.isfinite(column))
    if odd.size:
        number = format_number(float(column[odd[0]]))
        raise ValueError(f"row {odd[0] + 1} of the column {name} is {number}, and should be finite")
    return np.ascontiguousarray(column)
