"""The closed form of a derivative: computed in a process that can be ended, and only when it is looked at."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import cast

from flask import Blueprint, Response, current_app, make_response, render_template, request
from latex2mathml.converter import convert
from markupsafe import Markup

from graphviz_backprop.jobs.processes import JobBusy, JobError, JobMissing, JobTimeout, Pool
from graphviz_backprop.jobs.remembered import Remembered
from graphviz_backprop.web.asked.program import asked
from graphviz_backprop.web.asked.request import exact_state, theme
from graphviz_backprop.web.asked.state import State
from graphviz_backprop.web.shown import panels

LIMIT = 5.0
"""Seconds until the page says that there is no closed form in time."""

blueprint = Blueprint("formula", __name__)


@dataclass(frozen=True)
class Forms:
    """Equations as MathML."""

    value: list[Markup]
    composition: list[Markup]
    raw: list[Markup]
    simplified: list[Markup]


@blueprint.post("/formula")
def part() -> Response:
    """The part of the page that shows the closed form, or says why there is none."""
    return _shown("formula.html", _found(exact_state()))


@blueprint.get("/formula")
def whole() -> Response:
    """The same on a page of its own, which has room for it."""
    state = exact_state()
    query = request.query_string.decode(errors="replace")
    return _shown("closed.html", _found(state), state=state, theme=theme(), query=query)


def _shown(template: str, found: dict[str, object], **more: object) -> Response:
    """503 where others have their turn first."""
    reply = make_response(render_template(template, **more, **found))
    if found["busy"]:
        reply.status_code = 503
        reply.headers["Retry-After"] = "2"
    return reply


def _found(state: State) -> dict[str, object]:
    """The closed form of the gradient of ``about``, which is a part of ``output``; or the ``problem``."""
    program = asked(state)
    graph = program.graph
    about = panels.about(program, state)
    shown: dict[str, object] = {
        "output": graph.output.id,
        "about": about,
        "found": None,
        "problem": "",
        "busy": False,
    }
    if program.veil(state):
        return shown | {"problem": "Numbers are hidden here, to be found: so is the closed form."}
    if not graph.variables:
        return shown | {"problem": "This program has no variables, and so no derivatives."}
    if not graph.of_numbers:
        return shown | {"problem": "A program with tensors has no closed form: its rules are in the graph."}
    if about not in graph.variables:
        return shown | {
            "problem": f"{about} is a node; a closed form needs a variable. Choose one to explain."
        }
    try:
        text = graph.pasted.program if graph.pasted else state.expr
        return shown | {"found": _forms(_pool(), text, state.program_view, about)}
    except (JobTimeout, JobError) as refusal:
        return shown | {"problem": _said(refusal), "busy": isinstance(refusal, JobBusy)}


def _pool() -> Pool:
    return cast(Pool, current_app.extensions["algebra"])


_FORMS: Remembered[Forms] = Remembered(
    8_000_000, lambda found: sum(map(len, found.value + found.composition + found.raw + found.simplified))
)


def _forms(pool: Pool, text: str, view: str, about: str) -> Forms:
    return _FORMS.get((text, view, about), lambda: _derived(pool, text, view, about))


def _derived(pool: Pool, text: str, view: str, about: str) -> Forms:
    # Opened or not, a function is the same.
    found = json.loads(pool.run("derive", text, view, [], about))
    return Forms(**{name: [Markup(convert(equation)) for equation in lines] for name, lines in found.items()})


def _said(refusal: Exception) -> str:
    """A refusal in words: of an error in the process, its message."""
    kind, _, message = str(refusal).partition(": ")
    if kind == "ValueError":
        return f"There is no closed form: {message}."
    if isinstance(refusal, (JobBusy, JobMissing)):
        return str(refusal)
    if isinstance(refusal, JobTimeout):
        return f"There is no closed form within {_pool().limit:g} seconds."
    return "The closed form could not be found."
