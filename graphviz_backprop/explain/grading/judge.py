"""A number that somebody answers: right, right given an answer before, or wrong and why."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass

from graphviz_backprop.engine.autodiff import Run
from graphviz_backprop.explain.grading import answers
from graphviz_backprop.explain.grading.answers import Answer
from graphviz_backprop.explain.grading.diagnosis import Case, Diagnosis, diagnose, single
from graphviz_backprop.explain.grading.numbers import Numbers, carried, right
from graphviz_backprop.explain.grading.targets import Target, target

RIGHT, FOLLOWS, WRONG = "right", "follows", "wrong"


@dataclass(frozen=True)
class Verdict:
    """``verdict`` is "right", "follows" (right, given the wrong answers ``after`` which it comes) or "wrong".

    ``number`` is the right one; None where there is none to give: no variable reaches the place.
    """

    verdict: str
    answer: float
    number: float | None
    after: tuple[str, ...] = ()
    diagnoses: tuple[Diagnosis, ...] = ()


def judge(
    run: Run[float],
    field: str,
    answer: Answer,
    earlier: Mapping[str, float | Answer] | None = None,
    before: Run[float] | None = None,
) -> Verdict:
    """Judges the answer for a field; ``earlier`` are answers for others, ``before`` a run at a point before.

    Raises ValueError for what is no field of this graph.
    """
    asked = target(run.graph, field)
    exact = right(run)
    number, old = asked.read(exact), asked.read(right(before)) if before else None
    if number is None:
        return Verdict(WRONG, answer.value, None)
    size = _size(exact)
    if _is(answer, number, size):
        return Verdict(RIGHT, answer.value, number)
    wrong = _wrong(run, exact, asked, earlier or {})
    theirs = carried(run, wrong) if wrong else exact
    following = asked.read(theirs)
    if wrong and following is not None and _is(answer, following, size):
        return Verdict(FOLLOWS, answer.value, number, tuple(wrong))
    found = _explained(Case(exact, asked, old), answer, size)
    if wrong and not found:
        found = _explained(Case(theirs, asked, old), answer, size)
        return Verdict(WRONG, answer.value, number, tuple(wrong) if found else (), tuple(found))
    return Verdict(WRONG, answer.value, number, (), tuple(found))


def _is(answer: Answer, number: float, size: float) -> bool:
    return answers.right(answer, number, size) or answers.near(answer, number)


def _explained(case: Case, answer: Answer, size: float) -> list[Diagnosis]:
    """By what gives the answer itself; else by one mistake that does with numbers rounded on the way."""
    found = diagnose(case, functools.partial(answers.gives, answer, size=size))
    return found or (single(case, functools.partial(answers.near, answer)) if answer.margin else [])


def _wrong(
    run: Run[float], exact: Numbers, asked: Target, earlier: Mapping[str, float | Answer]
) -> dict[str, float]:
    """The answers before that are wrong, but for the one that is asked now."""
    found = {}
    for field, given in earlier.items():
        answer = given if isinstance(given, Answer) else Answer(given)
        known = target(run.graph, field)
        number = known.read(exact)
        if field != asked.field and number is not None and not _is(answer, number, _size(exact)):
            found[field] = answer.value
    return found


def _size(numbers: Numbers) -> float:
    """How large the numbers are that flow: what is far smaller may be rounding alone."""
    return max((abs(flow) for flow in numbers.flows if flow is not None and abs(flow) < 1e300), default=0.0)
