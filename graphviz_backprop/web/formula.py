"""The closed form of a derivative: computed in a process that can be ended, and only when it is looked at."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from typing import cast

from flask import Blueprint, current_app, render_template
from latex2mathml.converter import convert
from markupsafe import Markup

from graphviz_backprop.processes import JobError, JobTimeout, Pool
from graphviz_backprop.web.panels import subject
from graphviz_backprop.web.program import program
from graphviz_backprop.web.requested import exact_state
from graphviz_backprop.web.state import State

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


@blueprint.route("/formula", methods=["GET", "POST"])
def formula() -> str:
    """The part of the page that shows the closed form, or says why there is none."""
    state = exact_state()
    try:
        found = _forms(
            _pool(),
            state.expr,
            state.view,
            subject(program(state.expr, state.view, state.open).graph, state.about),
        )
    except (JobTimeout, JobError) as refusal:
        return render_template("formula.html", found=None, problem=_said(refusal))
    return render_template("formula.html", found=found, problem="")


def key(state: State, about: str) -> str:
    """What a closed form depends on."""
    return "\n".join((state.view, about, state.expr))


def _pool() -> Pool:
    return cast(Pool, current_app.extensions["algebra"])


@lru_cache(maxsize=256)
def _forms(pool: Pool, text: str, view: str, about: str) -> Forms:
    found = json.loads(pool.run("derive", text, view, [], about))
    return Forms(**{name: [Markup(convert(equation)) for equation in lines] for name, lines in found.items()})


def _said(refusal: Exception) -> str:
    """A refusal in words: of an error in the process, its message."""
    kind, _, message = str(refusal).partition(": ")
    if kind == "ValueError":
        return f"There is no closed form: {message}."
    if isinstance(refusal, JobTimeout):
        return f"There is no closed form within {LIMIT:g} seconds."
    return "The closed form could not be found."
