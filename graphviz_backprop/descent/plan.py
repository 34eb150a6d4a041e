"""What a descent is asked to do, checked and completed: who iterates over the plan makes its steps."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import numpy as np

from graphviz_backprop.data.bound import gathered
from graphviz_backprop.descent import optimizers, rates
from graphviz_backprop.descent.batches import Rows, batches, rest
from graphviz_backprop.descent.divergence import Watch
from graphviz_backprop.descent.layout import Layout
from graphviz_backprop.descent.loss import Loss, keep_memory, slope_of
from graphviz_backprop.descent.networks import NetworkLoss, network_loss
from graphviz_backprop.descent.optimizers import Optimizer
from graphviz_backprop.descent.parameters import moving
from graphviz_backprop.descent.tensors import TensorLoss
from graphviz_backprop.engine.autodiff import Column, Compiled
from graphviz_backprop.engine.tensors.point import given
from graphviz_backprop.language.cached import cached_property
from graphviz_backprop.language.graph import Graph
from graphviz_backprop.language.numerals import format_number
from graphviz_backprop.language.shapes import Shape, said
from graphviz_backprop.language.tensor import Tensor, cell

Pause = Callable[[], object]


class Step(NamedTuple):
    """What was found after some steps: the loss and its gradient are those of the batch that comes next."""

    point: Column
    loss: float
    gradient: Column
    state: Mapping[str, Any]
    stopped: str
    held: float | None = None
    """The loss of the samples that are held out."""


@dataclass(frozen=True)
class Samples:
    """The data of a descent, and how its steps use them.

    ``columns`` stand for variables. A step uses ``batch`` rows, or all; they are shuffled for each epoch.
    ``held`` are the columns of samples that no step uses: each is tested on them.
    """

    columns: Mapping[str, Any] | None = None
    batch: int | None = None
    shuffle: bool = True
    seed: int = 0
    held: Mapping[str, Any] | None = None

    def batches(self, size: int) -> Iterator[Rows]:
        """The rows of each step, without end."""
        return batches(size, self.batch, self.shuffle, self.seed)


@dataclass(frozen=True, eq=False)
class Plan:
    """A descent that can begin. Iterating makes it anew, from the start to the last step.

    ``given`` are the settings that were asked for: without a rate, it is chosen at the start.
    """

    optimizer: Optimizer
    given: Mapping[str, float]
    steps: int
    samples: Samples
    loss: Loss | NetworkLoss | TensorLoss
    held: Loss | NetworkLoss | TensorLoss | None = None

    @property
    def parameters(self) -> tuple[str, ...]:
        """The names of what moves."""
        return self.loss.names

    @cached_property
    def layout(self) -> Layout:
        """How what moves lies in a row of numbers."""
        return self.loss.layout if isinstance(self.loss, TensorLoss) else Layout.of_numbers(self.loss.names)

    @property
    def whole(self) -> bool:
        """Whether the program names its batch."""
        return isinstance(self.loss, TensorLoss) and self.loss.whole

    @property
    def batches(self) -> int:
        """How many steps make an epoch; 0 without data."""
        rows = self.loss.size
        return -(-rows // (self.samples.batch or rows)) if rows else 0

    def epochs(self, steps: int) -> int:
        """How often these steps go through all rows."""
        return steps // self.batches if self.batches else 0

    def settings(self, pause: Pause = rest) -> dict[str, float]:
        """All settings, the rate among them; ``pause`` is called as :meth:`run` does."""
        complete = self.optimizer.complete(self.given)
        if "rate" in self.given:
            return complete
        return complete | {"rate": self._rate(pause) if self.optimizer.scales else rates.LARGEST}

    def smaller(self, rate: float, pause: Pause = rest) -> float:
        """A rate to try where this one overshoots: a tenth of it, or what would have been chosen."""
        tenth = rates.rounded_down(rate / 10)
        return min(tenth, self._rate(pause)) if self.optimizer.scales else tenth

    def _rate(self, pause: Pause) -> float:
        loss = replace(self.loss, pause=pause)
        return rates.descending(lambda w: loss(w, None)[1], loss.start)

    def __iter__(self) -> Iterator[Step]:
        return self.run(self.settings())

    def run(self, settings: Mapping[str, float], pause: Pause = rest) -> Iterator[Step]:
        """The start and what each step finds, with all settings.

        ``pause`` is called at least at each step, often where there are many rows; what it raises ends the
        descent.
        """
        loss = replace(self.loss, pause=pause)
        held = self.held and replace(self.held, pause=pause)
        w, state = loss.start, self.optimizer.start()
        watch = Watch(self.layout, loss(w, None)[0] if self.samples.batch else None)
        for made, rows in enumerate(self.samples.batches(loss.size)):
            found, gradient = loss(w, rows)
            stopped = watch.see(w, found, gradient)
            yield Step(w, found, gradient, state, stopped, held(w, None)[0] if held else None)
            if stopped or made == self.steps:
                return
            with np.errstate(all="ignore"):
                w, state = self.optimizer.step(w, gradient, state, settings)


def plan(
    compiled: Compiled,
    start: Mapping[str, Any],
    parameters: Sequence[str] | None,
    optimizer: str,
    settings: Mapping[str, float],
    steps: int,
    samples: Samples | None = None,
) -> Plan:
    """Checks what a descent is asked to do; computes nothing yet.

    ``settings`` may have a rate, too. Raises ValueError for what does not fit together.
    """
    row, samples = optimizers.find(optimizer), samples or Samples()
    row.complete(settings)
    steps = whole("steps", steps, 0)
    if samples.batch is not None:
        samples = replace(samples, batch=whole("batch", samples.batch, 1))
    loss = _loss(compiled, start, parameters, samples.columns)
    if samples.batch and not loss.size:
        raise ValueError("a batch is made of samples, and there is no data")
    if isinstance(loss, TensorLoss):
        loss.ready(samples.batch)
    held = None if samples.held is None else _held(compiled, start, loss.names, samples)
    return Plan(row, settings, steps, samples, loss, held)


def _held(
    compiled: Compiled, start: Mapping[str, Any], names: Sequence[str], samples: Samples
) -> Loss | NetworkLoss | TensorLoss | None:
    """The loss of samples that are held out; None where these are none. Raises ValueError."""
    data, given = (
        gathered(dict(columns or {}), compiled.graph.shapes) for columns in (samples.columns, samples.held)
    )
    if data.keys() != given.keys():
        theirs, ours = (", ".join(columns) or "none" for columns in (data, given))
        raise ValueError(f"held out are the columns {ours}, and those of the data are {theirs}")
    try:
        if not any(map(np.size, given.values())):
            return None
        held = _loss(compiled, start, names, given)
        if isinstance(held, TensorLoss):
            held.ready(None)
    except ValueError as error:
        raise ValueError(f"held out: {error}") from None
    return held


def whole(name: str, number: Any, least: int) -> int:
    """A whole number that is not too small. Raises ValueError for any other."""
    try:
        found = operator.index(number)
    except TypeError:
        raise ValueError(f"{name} is {number!r}, and should be a whole number") from None
    if found < least:
        raise ValueError(f"{name} is {found}, and should be {least} or more")
    return found


def _loss(
    compiled: Compiled,
    start: Mapping[str, Any],
    parameters: Sequence[str] | None,
    data: Mapping[str, Any] | None,
) -> Loss | NetworkLoss | TensorLoss:
    graph = compiled.graph
    if graph.output.shape:
        wanted = f"{said(graph.output.shape)}, and a loss is one number: take its sum or its mean"
        raise ValueError(f"the output {graph.output.id} is {wanted}")
    columns = _columns(dict({} if data is None else data), graph.shapes)
    if data is not None and not columns:
        raise ValueError("the data has no columns")
    usual = {name: x for name, x in graph.start.items() if name not in columns}
    point = {name: _start(name, x, graph.shapes, columns) for name, x in {**usual, **start}.items()}
    for name in graph.variables:
        if name not in columns and name not in point:
            raise ValueError(f"{name} has no start")
    names = _parameters(parameters, graph, columns)
    fixed = {name: x for name, x in point.items() if name not in names}
    if not graph.of_numbers:
        layout = Layout(names, tuple(graph.shapes[name] for name in names))
        whole = _whole(columns, graph.shapes)
        keep_memory()
        return TensorLoss(graph, layout, layout.joined(point), fixed, columns, whole)
    given = names, np.array([point[name] for name in names]), fixed, columns
    return network_loss(graph, *given) or Loss(compiled, *given, slope_of(compiled, names, columns))


def _start(name: str, x: Any, shapes: Mapping[str, Shape], columns: Mapping[str, Column]) -> Any:
    _known(name, shapes)
    if name in columns:
        raise ValueError(f"{name} is a column of the data, and so has no start")
    if shapes[name]:
        return _cells(name, x, shapes[name])
    if np.ndim(x) != 0:
        raise ValueError(f"the start of {name} should be one number")
    number = float(x)
    if not math.isfinite(number):
        raise ValueError(f"the start of {name} is {format_number(number)}, and should be finite")
    return number


def _cells(name: str, x: Any, shape: Shape) -> Column:
    """Where a tensor starts; one number is for all of its cells."""
    found = (
        np.full(shape, float(x)) if not isinstance(x, Tensor) and np.ndim(x) == 0 else given(name, x, shape)
    )
    if np.shape(found) != shape:
        raise ValueError(f"{name} starts at {said(np.shape(found))}, and has the shape {shape}")
    odd = np.argwhere(~np.isfinite(found))
    if len(odd):
        where = tuple(odd[0].tolist())
        raise ValueError(
            f"the start of {cell(name, where)} is {format_number(float(found[where]))}, and should be finite"
        )
    return np.asarray(found)


def _known(name: str, variables: Collection[str]) -> None:
    if name not in variables:
        has = f"its variables are {', '.join(variables)}" if variables else "it has none"
        raise ValueError(f"{name} is not a variable of this program; {has}")


def _parameters(asked: Sequence[str] | None, graph: Graph, columns: Mapping[str, Column]) -> tuple[str, ...]:
    """The names of what the steps change."""
    if asked is None:
        asked = moving(graph, columns)
    names = tuple(dict.fromkeys([asked] if isinstance(asked, str) else asked))
    for name in names:
        _known(name, graph.variables)
        if name in columns:
            raise ValueError(f"{name} is a column of the data, and so can't be a parameter")
    if not names:
        raise ValueError("there are no parameters, so nothing can move")
    return names


def _columns(data: Mapping[str, Any], shapes: Mapping[str, Shape]) -> dict[str, Column]:
    """The data of each variable, samples first."""
    data = gathered(data, shapes)
    columns: dict[str, Column] = {}
    for name, cells in data.items():
        if name not in shapes:
            raise ValueError(f"the column {name} is not a variable of this program")
        columns[name] = _column(name, cells, shapes[name])
    lengths = {name: len(xs) for name, xs in columns.items()}
    if len(set(lengths.values())) > 1:
        long = ", ".join(f"{name} {length:,}" for name, length in lengths.items())
        raise ValueError(f"the columns have different numbers of samples: {long}")
    if 0 in lengths.values():
        raise ValueError("the data has no samples")
    return columns


def _column(name: str, cells: Any, shape: Shape) -> Column:
    try:
        column = np.asarray(cells, dtype=np.float64)
    except (TypeError, ValueError, OverflowError):
        raise ValueError(f"the column {name} holds something that is not a number") from None
    if not (is_lifted(column, shape) or is_rows(column, shape)):
        if not shape:
            raise ValueError(f"the column {name} should be a plain sequence of numbers")
        wanted = f"({', '.join(map(str, ('samples', *shape)))}) or {('samples', *shape[1:])}".replace("'", "")
        raise ValueError(f"the data of {name} has the shape {column.shape}, and should have {wanted}")
    odd = np.argwhere(~np.isfinite(column))
    if len(odd):
        where = tuple(odd[0].tolist())
        number = format_number(float(column[where]))
        raise ValueError(f"sample {where[0] + 1} of the column {name} is {number}, and should be finite")
    return np.ascontiguousarray(column)


def is_lifted(column: Column, shape: Shape) -> bool:
    """Whether data is a variable's value at each sample."""
    return column.ndim == len(shape) + 1 and column.shape[1:] == shape


def is_rows(column: Column, shape: Shape) -> bool:
    """Whether data is a variable itself, its rows the samples."""
    return bool(shape) and column.ndim == len(shape) and column.shape[1:] == shape[1:]


def _whole(columns: Mapping[str, Column], shapes: Mapping[str, Shape]) -> bool:
    """Whether the program names its batch. Raises ValueError where it does so for some of its data only."""
    whole = [name for name, xs in columns.items() if is_rows(xs, shapes[name])]
    each = [name for name in columns if name not in whole]
    if whole and each:
        raise ValueError(
            f"{whole[0]} has a row for each sample, and {each[0]} is of one sample: "
            "give both of them the same way"
        )
    return bool(whole)
