"""Exercises, bug hunts, and gradients that were computed elsewhere."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Response, request

from graphviz_backprop.engine.autodiff import Run
from graphviz_backprop.explain.grading import formulas, pasted
from graphviz_backprop.explain.grading import grade as grading
from graphviz_backprop.explain.grading.bugs import bug_hunt
from graphviz_backprop.explain.grading.exercises import LEVELS, Exercise, exercise
from graphviz_backprop.explain.grading.grade import Grade, Line
from graphviz_backprop.explain.grading.handed_in import Unreadable
from graphviz_backprop.jobs.sheet import sheet
from graphviz_backprop.language.numerals import format_number
from graphviz_backprop.web.asked.limits import LIMITS
from graphviz_backprop.web.asked.program import asked
from graphviz_backprop.web.asked.request import exact_state
from graphviz_backprop.web.asked.state import Mistake, State
from graphviz_backprop.web.replies import file_reply, json_reply
from graphviz_backprop.web.shown import drawing
from graphviz_backprop.web.slots import Slots, hold

_ONE_AT_A_TIME = Slots(1, "Other gradients are being graded. Try again in a moment.")
_SHEETS = Slots(1, "Another sheet is being printed. Try again in a moment.")
_SEEDS = 1_000_000

blueprint = Blueprint("practice", __name__)


@blueprint.get("/api/exercise")
def one() -> Response:
    """The exercise of a level and a seed, and the page's query that opens it."""
    found = _exercise()
    task = f"exercise:{found.level}:{found.seed}"
    return json_reply(
        {
            "level": found.level,
            "title": LEVELS[found.level].title,
            "about": LEVELS[found.level].about,
            "seed": found.seed,
            "question": found.question,
            "query": _query(found, task, "on", "gradients"),
        }
    )


@blueprint.get("/exercises.pdf")
def printed() -> Response:
    """A sheet of exercises, seeds counted from the one that is asked for; with ``answers=1`` filled in."""
    first = _exercise()
    count = _whole("count", 4, 1, LIMITS.sheet)
    chosen = [first, *(exercise(first.level, first.seed + more) for more in range(1, count))]
    hold(_SHEETS)
    return file_reply(sheet(drawing.layout(), chosen, request.args.get("answers") == "1"), "pdf")


@blueprint.get("/api/hunt")
def hunted() -> Response:
    """A bug hunt. With ``wrong=x,y&bug=0`` whether that is so, with ``solution=1`` what is."""
    level, seed = _level("shared"), _whole("seed", 0, 0, _SEEDS)
    try:
        found = bug_hunt(level, seed)
    except ValueError as refusal:
        raise Mistake("level", f"{refusal}.") from None
    reply: dict[str, Any] = {
        "level": level,
        "seed": seed,
        "question": f"{found.exercise.program} at {found.exercise.point}",
        "query": _query(found.exercise, f"hunt:{level}:{seed}"),
        "gradients": [
            {"name": name, "called": found.exercise.called(f"{name}.total"), "number": str(number)}
            for name, number in found.gradients.items()
        ],
        "choices": [bug.text for bug in found.choices],
    }
    bug = found.choices.index(found.bug)
    if "wrong" in request.args:
        given = {name for name in request.args["wrong"].split(",") if name}
        reply["verdict"] = {
            "wrong": given == set(found.wrong),
            "bug": request.args.get("bug", "") == str(bug),
            "known": [name for name in found.gradients if (name in given) == (name in found.wrong)],
        }
    if request.args.get("solution") == "1":
        reply["solution"] = {"wrong": found.wrong, "bug": bug}
    return json_reply(reply)


@blueprint.post("/api/grade")
def graded() -> Response:
    """Gradients that somebody computed, as text in ``answers``: a line a name, right, or wrong and why."""
    state = exact_state()
    text = _answers()
    found = asked(state)
    hold(_ONE_AT_A_TIME)
    try:
        run = found.run(state)
        known = {**formulas.gradients(run), **formulas.values(run)}
        handed = formulas.added(pasted.read(text), text, run.graph, known)
        done = _graded(run, handed.answers)
    except (Unreadable, ValueError) as refusal:
        raise Mistake("answers", f"{refusal}.".replace("..", ".")) from None
    return json_reply(
        {
            "right": done.right,
            "counted": done.credited,
            "lines": [_line(line) for line in done.lines],
            "notes": [*handed.notes, *done.notes()],
        }
    )


def _graded(run: Run[Any], answers: Mapping[str, Any]) -> Grade:
    if not answers:
        raise ValueError("no number was found: write a line a name, dW = [[1, 2], [3, 4]]")
    if run.graph.of_numbers:
        return grading.grade(run, answers)
    from graphviz_backprop.data import gradients  # and NumPy

    return gradients.grade(run, answers)


def _line(line: Line) -> dict[str, Any]:
    return {
        "name": line.name,
        "verdict": line.verdict,
        "text": line.text,
        "error": format_number(line.error),
        "cells": list(line.cells),
    }


def _answers() -> str:
    given = request.get_json(silent=True) if request.is_json else request.form
    text = given.get("answers", "") if isinstance(given, Mapping) else ""
    if not isinstance(text, str) or not text.strip():
        raise Mistake("answers", "answers must be the text of gradients, such as dx = 40.")
    return text


def _exercise() -> Exercise:
    return exercise(_level("rule"), _whole("seed", 0, 0, _SEEDS))


def _level(usual: str) -> str:
    level = request.args.get("level", usual)
    if level not in LEVELS:
        raise Mistake("level", f"level can be {', '.join(LEVELS)}.")
    return level


def _whole(name: str, usual: int, least: int, most: int) -> int:
    text = request.args.get(name, str(usual))
    if not (text.isascii() and text.isdecimal() and len(text) < 9 and least <= int(text) <= most):
        raise Mistake(name, f"{name} must be a whole number from {least} to {most:,}.")
    return int(text)


def _query(found: Exercise, task: str, practise: str = "off", ask: str = "") -> str:
    """The page's query: nothing that is to be found is shown, partials neither."""
    program = "\n".join(part.strip() for part in found.program.split(";"))
    at = {name: float(x) for name, x in found.at.items()}
    hide = "gradients,partials"
    state = State(
        expr=program,
        at=at,
        hide=hide,
        panes="graph,practice",
        tab="pane",
        task=task,
        practise=practise,
        ask=ask,
        view=found.view,
    )
    return state.query(found.graph.variables)
