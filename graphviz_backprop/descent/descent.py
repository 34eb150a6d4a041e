"""Gradient descent: the gradients of the backward pass used to make the output, the loss, smaller.

With data, columns stand for variables; the loss is the average over the rows, and so is each gradient.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from graphviz_backprop.descent.plan import Plan, Samples, Step, plan
from graphviz_backprop.engine.autodiff import Column, Compiled
from graphviz_backprop.language.numerals import format_number


@dataclass(frozen=True, eq=False)
class Descent:
    """What the steps of an optimizer found. Position k of each column is what was found after k steps.

    ``losses`` and ``gradients`` are those of the batch that the next step uses; ``states`` is the
    optimizer's memory, by its name and the parameter's. ``settings`` has the rate, also where it was chosen.
    ``stopped`` says why it ended early, if it did. ``held`` has the losses of the samples that were held out.
    """

    optimizer: str
    settings: Mapping[str, float]
    points: Mapping[str, Column]
    losses: Column
    gradients: Mapping[str, Column]
    states: Mapping[str, Mapping[str, Column]]
    stopped: str
    epochs: int
    held: Column | None = None

    @property
    def steps(self) -> int:
        """How many steps were made."""
        return len(self.losses) - 1

    def __repr__(self) -> str:
        point = ", ".join(f"{name}{_equal(xs[-1])}" for name, xs in self.points.items())
        losses = f"loss {_ends(self.losses)}"
        if self.held is not None:
            losses += f", held out {_ends(self.held)},"
        end = f"; stopped: {self.stopped}" if self.stopped else ""
        return f"<Descent by {self.optimizer}: {self.steps} steps, {losses} at {point}{end}>"


def _ends(losses: Column) -> str:
    return f"{format_number(losses[0])} → {format_number(losses[-1])}"


def _equal(x: Any) -> str:
    return f"={told(x)}" if np.ndim(x) == 0 else f" {told(x)}"


def told(x: Any) -> str:
    """A number; a tensor in a few letters."""
    return format_number(float(x)) if np.ndim(x) == 0 else f"mean {format_number(float(np.mean(x)))}"


class HasCompiled(Protocol):
    """A graph that is ready to run."""

    @property
    def compiled(self) -> Compiled:
        """What evaluates it."""


def descend(
    graph: HasCompiled,
    start: Mapping[str, Any],
    parameters: Sequence[str] | None = None,
    optimizer: str = "gd",
    rate: float | None = None,
    steps: int = 100,
    data: Mapping[str, Any] | None = None,
    batch: int | None = None,
    shuffle: bool = True,
    seed: int = 0,
    progress: Callable[[int], object] | None = None,
    held: Mapping[str, Any] | None = None,
    **settings: float,
) -> Descent:
    """Gradient descent: steps that make the output, the loss, smaller.

    ``start`` has a number for each variable; the ``parameters`` move, the others stay. Without a choice the
    parameters of a fit move, else those that are named w, W, θ or β (and b beside them), where there are any,
    else all; no column ever does.
    ``optimizer`` is gd, momentum, nesterov, rmsprop, adam, adamw or adagrad, ``settings`` are its own
    (``momentum``, ``beta1``, …), with PyTorch's defaults. Without a ``rate`` one is chosen that descends: see
    :mod:`graphviz_backprop.descent.rates`. ``data`` has columns for variables; the loss is then the average
    over its rows, or over ``batch`` rows at each step, ``shuffle``d for each epoch from ``seed``.
    ``held`` has samples that are held out, as ``gb.hold_out`` gives them: nothing is learned from them, and
    their loss is found at each step.
    ``progress`` is called with the number of steps made. Raises ValueError for what does not fit together.

    With ``data``, the process keeps some memory: see :func:`graphviz_backprop.descent.loss.keep_memory`.
    """
    given = settings if rate is None else {"rate": rate, **settings}
    samples = Samples(data, batch, shuffle, seed, held)
    asked = plan(graph.compiled, start, parameters, optimizer, given, steps, samples)
    complete = asked.settings()
    found: list[Step] = []
    for made, step in enumerate(asked.run(complete)):
        found.append(step)
        if progress and made:
            progress(made)
    return _descent(asked, complete, found)


def _descent(asked: Plan, settings: Mapping[str, float], found: Sequence[Step]) -> Descent:
    layout = asked.layout
    return Descent(
        asked.optimizer.name,
        settings,
        layout.columns([step.point for step in found]),
        np.array([step.loss for step in found]),
        layout.columns([step.gradient for step in found]),
        {name: layout.columns(memory(found, name, len(layout))) for name in asked.optimizer.state},
        found[-1].stopped,
        asked.epochs(len(found) - 1),
        np.array([step.held for step in found]) if asked.held else None,
    )


def memory(found: Sequence[Step], name: str, parameters: int) -> Column:
    """A name of the optimizer's state: a row for each step, in it a number for each parameter."""
    rows = np.empty((len(found), parameters))
    for at, step in enumerate(found):
        rows[at] = step.state[name]  # one number stands for all of them
    return rows
