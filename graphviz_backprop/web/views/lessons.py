"""Lessons: a list of them, and each step as a page of text with its figure and the way into the tool."""

from __future__ import annotations

from dataclasses import replace
from itertools import groupby
from typing import Any

from flask import Blueprint, Response, abort, make_response, render_template, request, url_for

from graphviz_backprop.engine.autodiff import Run
from graphviz_backprop.explain.grading import answers, pasted
from graphviz_backprop.explain.grading.judge import RIGHT, judge
from graphviz_backprop.figure.fields import fill
from graphviz_backprop.language.numerals import format_number
from graphviz_backprop.web.asked.request import THEMES, theme
from graphviz_backprop.web.security import FRAME_POLICY
from graphviz_backprop.web.shown.lessons import Lesson, Step, fitted, lessons, numbers
from graphviz_backprop.web.shown.scene import Scene, scene

blueprint = Blueprint("lessons", __name__)

_PAGE = "lesson.html"
_TOLD = 2  # mistakes that are named
_SHOWN = 60  # letters of an answer that are repeated


@blueprint.get("/lessons")
def index() -> str:
    topics = [(topic, list(group)) for topic, group in groupby(lessons(), lambda lesson: lesson.topic)]
    return render_template("lessons.html", topics=topics, theme=theme())


@blueprint.get("/lessons/<name>")
@blueprint.get("/lessons/<name>/<int:number>")
def step(name: str, number: int = 1) -> str:
    """A step; with an answer to its question, the verdict as well."""
    return _shown(name, number, _PAGE, theme())


@blueprint.get("/embed/lessons/<name>")
@blueprint.get("/embed/lessons/<name>/<int:number>")
def framed(name: str, number: int = 1) -> Response:
    """The same for a frame in another page, which leads through this lesson alone."""
    asked_for = request.args.get("theme", "")
    colours = asked_for if asked_for in THEMES else theme()
    reply = make_response(_shown(name, number, "lesson_framed.html", colours))
    reply.headers["Content-Security-Policy"] = FRAME_POLICY
    return reply


def _shown(name: str, number: int, template: str, colours: str) -> str:
    every = lessons()
    at = next((at for at, lesson in enumerate(every) if lesson.name == name), None)
    if at is None or not 1 <= number <= len(every[at].steps):
        abort(404)
    lesson = every[at]
    shown, said = _answered(lesson.steps[number - 1])
    in_frame = template != _PAGE
    among, here = ((lesson,), 0) if in_frame else (every, at)
    page = render_template(
        template,
        lesson=lesson,
        number=number,
        step=lesson.steps[number - 1],
        scene=shown,
        figure=fitted(shown.picture.figure),
        said=said,
        given=request.args.get("answer", ""),
        before=_beside(among, here, number, -1),
        after=_beside(among, here, number, 1),
        framed=in_frame,
        steps_at=f"{url_for('pages.page')}{'embed/' if in_frame else ''}lessons",
        theme=colours,
    )
    return fill(page, numbers(shown))


def _beside(every: tuple[Lesson, ...], at: int, number: int, way: int) -> tuple[str, int, str] | None:
    """The step before or behind, in the lesson beside where this one ends: name, number, title."""
    lesson = every[at]
    if 1 <= number + way <= len(lesson.steps):
        return lesson.name, number + way, lesson.steps[number + way - 1].title
    if not 0 <= at + way < len(every):
        return None
    other = every[at + way]
    return other.name, 1 if way > 0 else len(other.steps), other.title


def _answered(step: Step) -> tuple[Scene, list[str]]:
    """The step's scene, and what is said of an answer: what was found is hidden no more."""
    shown = scene(step.state, [])
    text = request.args.get("answer", "")
    if not text.strip() or step.question is None or shown.run is None:
        return shown, []
    try:
        if not shown.run.graph.of_numbers:
            return _answered_by_tensor(step, shown.run, shown, text)
        answer = answers.read(text)
    except ValueError as refusal:
        return shown, [f"That can't be read: {refusal}."]
    verdict = judge(shown.run, step.question.field, answer)
    if verdict.verdict == RIGHT:
        return scene(replace(step.state, hide=""), []), [f"Yes, {format_number(verdict.number or 0.0)}."]
    if verdict.number is not None and answers.coarse(answer, verdict.number):
        more = "give it with three digits, as a fraction, or as a calculation"
        return shown, [f"{text.strip()} is the number rounded: {more}."]
    said = [f"{format_number(answer.value)} is not right."]
    for number, found in enumerate(verdict.diagnoses[:_TOLD]):
        if len(found.mistakes) > 1:
            said.append("These two mistakes together give it:" if number == 0 else "Or these:")
        else:
            said.append("This mistake gives it:" if number == 0 else "Or this one:")
        said += [_sentence(f"{mistake.title}: {mistake.text}") for mistake in found.mistakes]
    return shown, said


def _answered_by_tensor(step: Step, run: Run[Any], shown: Scene, text: str) -> tuple[Scene, list[str]]:
    from graphviz_backprop.data import judged  # and NumPy

    assert step.question is not None
    found = judged.judge(run, step.question.field, pasted.value(text))
    if found.verdict == RIGHT:
        return scene(replace(step.state, hide=""), []), [f"Yes, {text.strip()}."]
    said = [f"{text.strip()[:_SHOWN]} is not right. {found.text}".rstrip()]
    mistakes = found.mistakes[:_TOLD]
    if mistakes:
        said.append("This mistake gives it:" if len(mistakes) == 1 else "One of these mistakes gives it:")
    return shown, [*said, *mistakes]


def _sentence(text: str) -> str:
    """With a capital where it begins; names stay as they are."""
    return text[:1].upper() + text[1:]
