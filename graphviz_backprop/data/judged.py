"""Answers to programs with tensors, judged: a whole tensor, or one cell of it such as ``W[0, 1].total``."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from graphviz_backprop.data.gradients import FOLLOWS, RIGHT, WRONG, Grader, near
from graphviz_backprop.engine import autodiff
from graphviz_backprop.engine.autodiff import Run
from graphviz_backprop.engine.tensors.cells import scalars
from graphviz_backprop.explain.grading.answers import Answer
from graphviz_backprop.explain.grading.judge import judge as judge_number
from graphviz_backprop.language.graph import Graph
from graphviz_backprop.language.shapes import said
from graphviz_backprop.language.tensor import cell

MOST_CELLS = 3_000
"""A program of more numbers has no cell judged by itself."""

_CELL = re.compile(r"(.+)\[([0-9]{1,6}(?:, ?[0-9]{1,6}){0,3})\]\.(value|gradient|total)", re.S)


@dataclass(frozen=True)
class Judged:
    """``text`` says how many cells are wrong and where first, ``mistakes`` are sentences on what gives it."""

    verdict: str
    text: str = ""
    mistakes: tuple[str, ...] = ()
    after: tuple[str, ...] = ()


def judge(run: Run[Any], field: str, answer: Any, earlier: Mapping[str, Any] | None = None) -> Judged:
    """Judges numbers for a field; ``earlier`` are answers before. Raises ValueError for no field of it."""
    found = _CELL.fullmatch(field)
    if found:
        place = tuple(int(at) for at in found[2].split(","))
        if _is_there(run, f"{found[1]}.{found[3]}", place, answer):
            return Judged(RIGHT)
        return _one(run, f"{cell(found[1], place)}.{found[3]}", answer)
    name, kind = _named(run.graph, field)
    if kind not in ("gradient", "total"):
        return _same(run, field, answer)
    grader = Grader(run)
    for other, given in sorted((earlier or {}).items(), key=lambda one: -_height(run.graph, one[0])):
        node, word = _named(run.graph, other)
        if other != field and word in ("gradient", "total"):
            grader.grade(node, given)
    graded = grader.grade(name, answer)
    if graded.verdict != WRONG:
        return Judged(graded.verdict, after=grader.after if graded.verdict == FOLLOWS else ())
    first = graded.cells[0].removeprefix(name) if graded.cells else ""
    return Judged(WRONG, _where(run, field, answer, graded.count, first), graded.mistakes)


def _is_there(run: Run[Any], field: str, place: tuple[int, ...], answer: Any) -> bool:
    """Whether it is the tensor's own number, which numbers may lack: 0 by convention for a norm."""
    whole = np.asarray(run.cells().get(field, np.nan), dtype=np.float64)
    inside = len(place) == whole.ndim and all(map(int.__lt__, place, whole.shape))
    return inside and isinstance(answer, float) and near(np.asarray(answer), whole[place], abs(answer))


def _one(run: Run[Any], field: str, answer: Any) -> Judged:
    """A cell, in the program of numbers that this one is."""
    if not isinstance(answer, float):
        raise ValueError("a cell is one number")
    if sum(int(np.prod(node.shape)) for node in run.graph.nodes) > MOST_CELLS:
        raise ValueError("this program has too many cells: answer with the whole tensor")
    graph = scalars(run.graph, run.variables)
    at = {}
    for name, given in run.variables.items():
        for place, x in np.ndenumerate(np.asarray(given, dtype=np.float64)):
            at[cell(name, place)] = float(x)
    numbers = autodiff.compile(graph)({name: at[name] for name in graph.variables}, float(np.sum(run.seed)))
    verdict = judge_number(numbers, field, Answer(answer, 1e-6 * abs(answer), 6))
    return Judged(verdict.verdict, "", tuple(found.text for found in verdict.diagnoses))


def _same(run: Run[Any], field: str, answer: Any) -> Judged:
    """A value, or what flows along an edge."""
    right = np.asarray(run.cells()[field], dtype=np.float64)
    given = _array(answer)
    size = float(np.max(np.abs(right), initial=0))
    if given is not None and near(given, right, size):
        return Judged(RIGHT)
    off = []
    if given is not None and given.shape == right.shape:
        off = np.argwhere(~np.isclose(given, right, 1e-5)).tolist()
    return Judged(WRONG, _where(run, field, answer, len(off), cell("", off[0]) if off else ""))


def _where(run: Run[Any], field: str, answer: Any, count: int, first: str) -> str:
    """So many cells, and which is the first of them; not by how much: that would tell its number."""
    right, given = run.cells().get(field), _array(answer)
    if given is None:
        return "Its rows are not of one length."
    if right is not None and given.shape != np.shape(right):
        return f"It is {said(given.shape)}, and {said(np.shape(right))} is asked for."
    if given.size == 1:
        return ""
    counted = f"{count} of {given.size} cells {'is' if count == 1 else 'are'} wrong"
    place = f"{'' if count == 1 else 'the first '}at {first}"
    return f"{counted}, {place}." if 0 < count < given.size else f"{counted}."


def _array(answer: Any) -> Any:
    try:
        return np.asarray(answer, dtype=np.float64)
    except (TypeError, ValueError):
        return None


def _named(graph: Graph, field: str) -> tuple[str, str]:
    """The variable or node of a field, and the field's last word. Raises ValueError."""
    name, _, kind = field.rpartition(".")
    known = graph.variables if kind == "total" else graph.positions
    if kind in ("value", "gradient", "total") and name in known:
        return name, kind
    parent, _, arg = name.rpartition(".")
    at = graph.positions.get(parent)
    if (
        kind == "flow"
        and at is not None
        and arg.isdecimal()
        and len(arg) < 7
        and int(arg) < len(graph.nodes[at].args)
    ):
        return name, kind
    raise ValueError(f"{field} is no number of this program")


def _height(graph: Graph, field: str) -> int:
    return graph.positions.get(field.rpartition(".")[0], -1)
