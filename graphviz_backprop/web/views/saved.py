"""Pages as files, and as packages for courses: of a state, of a lesson, of exercises."""

from __future__ import annotations

from flask import Blueprint, Response, abort, request

from graphviz_backprop.explain.grading.exercises import LEVELS, exercise
from graphviz_backprop.web import alone, apart, drawings
from graphviz_backprop.web.alone import Document
from graphviz_backprop.web.asked import body
from graphviz_backprop.web.asked.request import THEMES, exact_state
from graphviz_backprop.web.course import package
from graphviz_backprop.web.replies import saved_reply
from graphviz_backprop.web.shown import documents
from graphviz_backprop.web.shown.lessons import lessons
from graphviz_backprop.web.slots import Slots, hold

MOST_EXERCISES = 20
_FEW = 5
"""More of them take a while to be drawn."""

blueprint = Blueprint("saved", __name__)
_many = Slots(1, "Other exercises are being drawn already; try again in a moment.")


@blueprint.get("/graph.<any(html, zip):kind>")
def of_state(kind: str) -> Response:
    """The figure with its sliders and player, as a page that needs no server."""
    state = exact_state()
    if drawings.take_long(state):
        apart.needed()
    return _sent(alone.of_state(state), "graph", kind)


@blueprint.get("/lessons/<name>.<any(html, zip):kind>")
def of_lesson(name: str, kind: str) -> Response:
    found = next((lesson for lesson in lessons() if lesson.name == name), None)
    return _sent(documents.of_lesson(found), name, kind) if found else abort(404)


@blueprint.get("/exercises/<level>.<any(html, zip):kind>")
def of_exercises(level: str, kind: str) -> Response:
    """``count`` exercises of a level, that of ``seed`` and those after it."""
    if level not in LEVELS:
        abort(404)
    count, seed = _whole("count", 5, 1, MOST_EXERCISES), _whole("seed", 0, 0, body.MOST_SEED - MOST_EXERCISES)
    if count > _FEW:
        hold(_many)
    chosen = [exercise(level, seed + more) for more in range(count)]
    return _sent(documents.of_exercises(chosen), level, kind)


def _whole(name: str, default: int, least: int, most: int) -> int:
    """A whole number of the query. Raises Mistake."""
    given = request.args.get(name, "").strip()
    is_number = given.isascii() and given.isdecimal() and len(given) < 17
    members: dict[str, object] = {name: float(given) if is_number else given} if given else {}
    return body.whole(members, name, default, least, most)


def _sent(document: Document, name: str, kind: str) -> Response:
    theme = request.args.get("theme", "")
    page = alone.written(document, theme if theme in THEMES else "")
    return saved_reply(package(document.title, page) if kind == "zip" else page, f"{name}.{kind}")
