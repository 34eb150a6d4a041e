"""Lessons and exercises as documents of several pages, for a file or a course."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from markupsafe import Markup

from graphviz_backprop.explain.grading.exercises import LEVELS, Exercise
from graphviz_backprop.figure.fields import fill
from graphviz_backprop.web.alone import Document, Part
from graphviz_backprop.web.asked.state import State
from graphviz_backprop.web.shown.lessons import Lesson, Step, numbers
from graphviz_backprop.web.shown.scene import scene

_LINK = re.compile(r"</?a\b[^>]*>")


def of_lesson(lesson: Lesson) -> Document:
    """A page a step. Its links lead to other lessons, which are not there: their words stay."""
    return Document(lesson.title, [_step(step) for step in lesson.steps])


def _step(step: Step) -> Part:
    shown = numbers(scene(step.state, []))
    blocks = [Markup(fill(_LINK.sub("", block), shown)) for block in step.blocks]
    if step.question is None:
        return Part(step.title, step.state, blocks)
    asked = Markup("<p><b>{}</b></p>").format(step.question.text)
    state = replace(step.state, practise="on", ask=step.question.field)
    return Part(step.title, state, [*blocks, asked])


def of_exercises(exercises: Sequence[Exercise]) -> Document:
    """A page an exercise, of one level: the gradients are asked for, as in the app."""
    level = LEVELS[exercises[0].level]
    return Document(level.title, list(_exercises(level.about, exercises)))


def _exercises(about: str, exercises: Sequence[Exercise]) -> Iterator[Part]:
    for number, exercise in enumerate(exercises, start=1):
        at = {name: float(x) for name, x in exercise.at.items()}
        expr = "\n".join(part.strip() for part in exercise.program.split(";"))
        state = State(expr, at=at, hide="gradients,partials", practise="on", ask="gradients")
        yield Part(f"Exercise {number}", state, [Markup("<p>{}</p>").format(about)] if number == 1 else [])
