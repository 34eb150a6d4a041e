"""The JSON API."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, request

from graphviz_backprop.document import document, number
from graphviz_backprop.engine.autodiff import Run
from graphviz_backprop.explain.grading import answers, hints
from graphviz_backprop.explain.grading.judge import Verdict, judge
from graphviz_backprop.explain.in_numbers import alone, whole
from graphviz_backprop.web import openapi
from graphviz_backprop.web.asked.program import asked
from graphviz_backprop.web.asked.request import exact_state
from graphviz_backprop.web.asked.state import Mistake, State
from graphviz_backprop.web.replies import json_reply

blueprint = Blueprint("api", __name__)

_MOST_EARLIER = 200


@blueprint.route("/api/graph", methods=["GET", "POST"])
def graph() -> Response:
    state = exact_state()
    found = asked(state)
    return json_reply(document(found.graph, found.run(state), found.veil(state), found.groups))


@blueprint.route("/api/scalars", methods=["GET", "POST"])
def in_numbers() -> Response:
    """A program with tensors, or one ``node`` of it alone, as a program of numbers."""
    state = exact_state()
    found = asked(state)
    if found.graph.of_numbers:
        return json_reply({"expr": state.expr})
    node = request.values.get("node", "")
    try:
        run = found.run(state)
        return json_reply({"expr": alone(run, node) if node else whole(run)})
    except ValueError as refusal:
        raise Mistake("node", f"{refusal}.") from None


@blueprint.get("/api/openapi.json")
def described() -> Response:
    """All of this, in OpenAPI's words."""
    return json_reply(openapi.document())


@blueprint.get("/api/judge")
def judged() -> Response:
    """Whether an answer is right, and which mistakes give it: with ``why=1`` in sentences, with numbers."""
    state = exact_state()
    run = _of_numbers(state)
    try:
        answer = answers.read(request.args.get("answer", ""))
        verdict = judge(run, request.args.get("field", ""), answer, _earlier())
    except ValueError as refusal:
        raise Mistake("answer", f"{refusal}.") from None
    return json_reply(_told(verdict, request.args.get("why") == "1"))


def _of_numbers(state: State) -> Run[float]:
    found = asked(state)
    if not found.graph.of_numbers:
        raise Mistake("expr", "Answers are judged for programs of numbers; this one has tensors.")
    return found.run(state)


def _earlier() -> dict[str, float]:
    """Answers given before, ``c.gradient:10`` in parameters ``earlier``."""
    found = {}
    for text in request.args.getlist("earlier")[:_MOST_EARLIER]:
        field, _, given = text.rpartition(":")
        found[field] = answers.read(given).value
    return found


def _told(verdict: Verdict, why: bool) -> dict[str, Any]:
    return {
        "verdict": verdict.verdict,
        "answer": number(verdict.answer),
        "after": list(verdict.after),
        "diagnoses": [
            [
                {"kind": one.kind, "title": one.title, "edge": one.edge, "text": one.text if why else None}
                for one in found.mistakes
            ]
            for found in verdict.diagnoses
        ],
    }


@blueprint.get("/api/hint")
def hinted() -> Response:
    """The hint of a stage, from 1 to 3: which rule, the rule in symbols, with numbers."""
    state = exact_state()
    run = _of_numbers(state)
    stage = request.args.get("stage", "1")
    if stage not in ("1", "2", "3"):
        raise Mistake("stage", "stage must be 1, 2 or 3.")
    try:
        return json_reply({"hint": hints.hint(run, request.args.get("field", ""), int(stage))})
    except ValueError as refusal:
        raise Mistake("field", f"{refusal}.") from None
