"""Gradient descent, sent step by step while it is computed: a line of JSON about every 50 ms."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import numpy as np
from flask import Blueprint, Response, current_app, request

from graphviz_backprop import document
from graphviz_backprop.data.limits import MOST_COLUMNS
from graphviz_backprop.descent.descent import memory
from graphviz_backprop.descent.divergence import overshot
from graphviz_backprop.descent.plan import Plan, Step
from graphviz_backprop.document import dumps, numbers
from graphviz_backprop.engine.tensors.right import right
from graphviz_backprop.engine.tensors.sampled import sampled
from graphviz_backprop.network.layers import Network
from graphviz_backprop.network.trained import INPUT, in_tensors
from graphviz_backprop.web.asked import body
from graphviz_backprop.web.asked.bound import bound
from graphviz_backprop.web.asked.descent import asked
from graphviz_backprop.web.asked.program import asked as program
from graphviz_backprop.web.asked.request import exact_state
from graphviz_backprop.web.asked.state import Mistake
from graphviz_backprop.web.replies import json_reply
from graphviz_backprop.web.slots import Slots

MOST_RUNS = 2
DEADLINE = 60.0
"""Seconds that a run may take."""

_LINE = 0.05  # seconds of work that a line tells
_FIRST = 5  # steps that the first line tells, so that something is there at once

blueprint = Blueprint("descent", __name__)
_runs = Slots(MOST_RUNS, f"{MOST_RUNS} descents are being computed already; try again in a moment.")


class _Late(Exception):
    """Why a run ends before it is done."""


@blueprint.post("/api/descend")
def descend() -> Response:
    body.take_a_table()
    with ExitStack() as place:
        place.callback(_runs.take())  # before the body is read: many long ones at once need much memory
        stopping = current_app.extensions["stopping"].is_set
        lines = _lines(asked(), stopping, current_app.logger.exception)
        end = place.pop_all().close
        response = Response(_then(lines, end), mimetype="application/x-ndjson")
        response.headers["Cache-Control"] = "no-store"
        response.headers["X-Accel-Buffering"] = "no"  # proxies that know it pass each line on
        response.call_on_close(end)  # where the client has gone before the first line
    return response


@blueprint.post("/samples")
def samples() -> Response:
    """For the page: how a program with tensors takes samples, and both passes for any number of them.

    The form holds the state, and names of columns as ``column``.
    """
    found = program(exact_state())
    graph = found.graph
    if graph.of_numbers:
        raise Mistake("expr", "This program has no tensors: a column stands for a variable.")
    given = bound(graph, request.form.getlist("column")[:MOST_COLUMNS], exact_state().bind)
    slope = sampled(graph, list(given.chosen), given.whole, document.slope) if given.chosen else None
    if given.whole and slope is None:
        raise Mistake("bind", "The program names its batch, and does not take another number of samples.")
    columns = list(given.chosen)
    counted = sampled(graph, columns, given.whole, document.slope, right) if given.chosen else None
    return json_reply({"chosen": given.chosen, "whole": given.whole, "slope": slope, "right": counted})


@blueprint.post("/trained")
def trained() -> Response:
    """For the page: the program in tensors as which a network in numbers learns, for any number of samples.

    The form holds the state, and as ``column`` the variables that are columns. ``slope`` is null where the
    program is no network, or a weight is a column.
    """
    network = program(exact_state()).recognised
    columns = request.form.getlist("column")[:MOST_COLUMNS]
    if not isinstance(network, Network) or network.parameters.keys() & set(columns):
        return json_reply({"slope": None})
    found = in_tensors(network)
    shapes = {name: shape for name, shape in found.graph.shapes.items() if shape and name != INPUT}
    lifted = [INPUT, *(name for name in network.targets if name in columns)]
    slope = sampled(found.graph, lifted, False, document.slope)
    inputs = {"name": INPUT, "of": network.inputs}
    return json_reply({"slope": slope, "cells": found.cells, "shapes": shapes, "inputs": inputs})


def _then(lines: Iterator[str], end: Callable[[], object]) -> Iterator[str]:
    try:
        yield from lines
    finally:
        end()


def _lines(plan: Plan, stopping: Callable[[], bool], log: Callable[[str], object]) -> Iterator[str]:
    """The lines of the answer."""
    end = time.monotonic() + DEADLINE
    pause = lambda: _in_time(end, stopping)  # noqa: E731
    made, stopped, smaller = 0, "", None
    try:
        settings = plan.settings(pause)
        yield _line(_head(plan, settings))
        for steps in _pieces(plan.run(settings, pause)):
            yield _line(_piece(plan, made, steps))
            made, stopped = made + len(steps), steps[-1].stopped
        if overshot(stopped):
            smaller = plan.smaller(settings["rate"], pause)
    except _Late as reason:
        stopped = stopped or str(reason)
    except Exception:
        log("a descent")
        yield _line({"error": {"message": "Something went wrong in the middle of the descent."}})
        return
    made = max(made - 1, 0)
    yield _line(
        {"done": True, "steps": made, "epochs": plan.epochs(made), "stopped": stopped, "smaller": smaller}
    )


def _in_time(end: float, stopping: Callable[[], bool]) -> None:
    if stopping():
        raise _Late("the server is being stopped")
    if time.monotonic() > end:
        raise _Late(f"it took longer than {DEADLINE:.0f} seconds")


def _pieces(steps: Iterator[Step]) -> Iterator[list[Step]]:
    """The steps in pieces of so much work; a piece that is begun is given before what ends it."""
    piece: list[Step] = []
    most: float = _FIRST
    begun = time.monotonic()
    try:
        for step in steps:
            piece.append(step)
            if len(piece) >= most or time.monotonic() - begun > _LINE:
                yield piece
                piece, most, begun = [], float("inf"), time.monotonic()
    except _Late:
        if piece:
            yield piece
        raise
    if piece:
        yield piece


def _head(plan: Plan, settings: dict[str, float]) -> dict[str, Any]:
    return {
        "optimizer": plan.optimizer.name,
        "settings": settings,
        "parameters": plan.parameters,
        "state": plan.optimizer.state,
        "rows": plan.loss.size,
        "batches": plan.batches,
        "steps": plan.steps,
    }


def _piece(plan: Plan, first: int, steps: list[Step]) -> dict[str, Any]:
    layout = plan.layout

    def rows(found: Any) -> Any:
        """A number for each parameter in each row, or the tensor as lists in lists."""
        if not any(layout.shapes):
            return numbers(found)
        return list(zip(*map(numbers, layout.columns(found).values()), strict=True))

    return {
        "from": first,
        "losses": numbers([step.loss for step in steps]),
        **({"held": numbers(np.array([step.held for step in steps], dtype=float))} if plan.held else {}),
        "points": rows([step.point for step in steps]),
        "gradients": rows([step.gradient for step in steps]),
        "states": {name: rows(memory(steps, name, len(layout))) for name in plan.optimizer.state},
    }


def _line(document: Any) -> str:
    return dumps(document) + "\n"
