"""Gradients that somebody computed, graded: a line a name."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from graphviz_backprop.engine.autodiff import Run
from graphviz_backprop.explain.grading.answers import Answer, compared
from graphviz_backprop.explain.grading.judge import FOLLOWS, RIGHT, WRONG, judge
from graphviz_backprop.language.graph import Graph

MISSING = "missing"

TOLERANCE = 1e-5
"""The relative error that computing with 32 bits may leave."""


_TOLD = 3  # mistakes in a line; `Line.mistakes` has them all


@dataclass(frozen=True)
class Line:
    """What is said of one name: ``verdict`` is "right", "follows", "wrong" or "missing".

    ``error`` is the largest relative error, ``mistakes`` the sentences of the mistakes that explain it,
    ``cells`` some of those that are wrong. What ``counts`` not was not asked for.
    """

    name: str
    verdict: str
    text: str
    error: float = 0.0
    mistakes: tuple[str, ...] = ()
    cells: tuple[str, ...] = ()
    counts: bool = True

    @property
    def credited(self) -> bool:
        """Whether it counts: right, or right given a wrong number before."""
        return self.verdict in (RIGHT, FOLLOWS)


@dataclass(frozen=True)
class Grade:
    """All lines, the names that are none of the program's, those that mean what another one is graded for,
    and what could not be read.
    """

    lines: tuple[Line, ...]
    unknown: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()

    @property
    def asked(self) -> tuple[Line, ...]:
        """The lines that count."""
        return tuple(line for line in self.lines if line.counts)

    @property
    def right(self) -> bool:
        """Whether all that was asked for is credited, and it is something."""
        return bool(self.asked) and all(line.credited for line in self.asked)

    @property
    def credited(self) -> int:
        """How many lines of those that count are credited."""
        return sum(line.credited for line in self.asked)

    @property
    def score(self) -> float:
        """The share of what was asked for that is credited."""
        return self.credited / len(self.asked) if self.asked else 0.0

    def __str__(self) -> str:
        return "\n".join([*self.told(), *self.notes()])

    def told(self) -> list[str]:
        """The lines as they are printed."""
        wide = max((len(line.name) for line in self.lines), default=0)
        more = {True: "", False: " (does not count)"}
        return [f"{line.name:{wide}}  {line.text}{more[line.counts]}" for line in self.lines]

    def notes(self) -> Iterator[str]:
        """What was given and is not graded."""
        yield from self.unread
        if self.unknown:
            yield f"not graded, as the program has no such names: {', '.join(self.unknown)}"
        if self.others:
            yield f"not graded, as another name has that gradient: {', '.join(self.others)}"

    def gradescope(self, points: float = 1.0) -> dict[str, Any]:
        """As Gradescope and Otter take results: a test a name, so many points each if it was asked for."""
        tests = [
            {
                "name": f"gradient of {line.name}",
                "score": points if line.credited and line.counts else 0,
                "max_score": points if line.counts else 0,
                "status": "passed" if line.credited else "failed",
                "output": line.text,
            }
            for line in self.lines
        ]
        told = {"output": "\n".join(self.notes())} if [*self.notes()] else {}
        return {"score": points * self.credited, "tests": tests, **told}


def grade(run: Run[float], answers: Mapping[str, Any], wanted: Collection[str] | None = None) -> Grade:
    """Grades gradients by their names: those of variables, and of nodes. ``wanted`` names must be there.

    ``dx``, ``dL_dx``, ``x_grad`` mean x where the program has no such name itself. What is given above in the
    backward pass comes first, so that what follows from a wrong number is known.
    """
    earlier: dict[str, float] = {}

    def line(name: str, node: str) -> Line:
        field = f"{node}.{'total' if node in run.graph.variables else 'gradient'}"
        return _line(run, name, field, answers[name], earlier)

    return graded(run.graph, answers, wanted, line)


def graded(
    graph: Graph,
    answers: Mapping[str, Any],
    wanted: Collection[str] | None,
    line: Callable[[str, str], Line],
) -> Grade:
    """A line for each name that is the graph's, made from the output down; and for what is missing.

    Where several names mean one gradient, as x and dx do, the first that says so is graded: x is its value.
    """
    known = {name: node for name in answers if (node := named(graph, name)) is not None}
    chosen = {node: name for name, node in [*known.items()][::-1]}
    chosen |= {node: name for name, node in [*known.items()][::-1] if name != node}
    found = {name: node for name, node in known.items() if chosen[node] == name}
    asked = sorted(found.items(), key=lambda one: -_height(graph, one[1]))
    lines = {name: line(name, node) for name, node in asked}
    lines = {name: replace(lines[name], counts=not wanted or node in wanted) for name, node in found.items()}
    missing = [Line(name, MISSING, "no answer") for name in wanted or () if name not in found.values()]
    unknown = tuple(name for name in answers if name not in known)
    return Grade((*lines.values(), *missing), unknown, tuple(name for name in known if name not in found))


def named(graph: Graph, name: str) -> str | None:
    """The variable or node whose gradient a name means, if there is one."""
    names = {*graph.variables, *graph.positions}
    if name in names:
        return name
    fits = [known for known in names if _is_gradient(name, re.escape(known))]
    return max(fits, key=len, default=None)


def _is_gradient(name: str, known: str) -> bool:
    """Whether it is dx, dL_dx, ∂L/∂x, grad_x or x.grad for the x that is known."""
    before = r"[d∂]\w*[_/][d∂]|[d∂]\w?[d∂]|[d∂]_?|grad_?|g_"
    return re.fullmatch(rf"(?:{before}){known}|{known}[_.]?grad(?:ient)?", name) is not None


def _height(graph: Graph, node: str) -> int:
    return graph.positions.get(node, -1) if node not in graph.variables else -1


def _line(run: Run[float], name: str, field: str, given: Any, earlier: dict[str, float]) -> Line:
    if given is None:
        return Line(name, WRONG, "wrong: None is no gradient: the backward pass did not reach it", math.inf)
    try:
        number = float(given)
    except (TypeError, ValueError):
        return Line(name, WRONG, f"wrong: a number is needed, not {_kind(given)}", math.inf)
    answer = Answer(number, slack=TOLERANCE * abs(number), digits=6)
    verdict = judge(run, field, answer, earlier)
    earlier[field] = number
    if verdict.number is None:
        return Line(name, WRONG, "wrong: no variable reaches it, so it has no gradient", math.inf)
    if verdict.verdict == RIGHT:
        return Line(name, RIGHT, "right")
    error = abs(number - verdict.number) / max(abs(verdict.number), 1e-300)
    said = compared(number, verdict.number)
    if verdict.verdict == FOLLOWS:
        after = ", ".join(field.rpartition(".")[0] for field in verdict.after)
        return Line(name, FOLLOWS, f"right given the wrong {after}: {said}", error)
    mistakes = tuple(found.text for found in verdict.diagnoses)
    return Line(name, WRONG, f"wrong: {said}. {' Or: '.join(mistakes[:_TOLD])}".rstrip(), error, mistakes)


def _kind(given: object) -> str:
    shape = getattr(given, "shape", None)
    return f"an array of shape {tuple(shape)}" if shape else f"a {type(given).__name__}"
