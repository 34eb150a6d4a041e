"""The JSON API."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, request

from graphviz_backprop.descent.slips import judge_update
from graphviz_backprop.document import document, number
from graphviz_backprop.engine.autodiff import Run
from graphviz_backprop.explain.grading import answers, hints, pasted
from graphviz_backprop.explain.grading.answers import Answer
from graphviz_backprop.explain.grading.judge import Verdict, judge
from graphviz_backprop.explain.tensors.in_numbers import alone, whole
from graphviz_backprop.web import openapi
from graphviz_backprop.web.asked.program import asked
from graphviz_backprop.web.asked.request import exact_state
from graphviz_backprop.web.asked.state import Mistake
from graphviz_backprop.web.replies import json_reply
from graphviz_backprop.web.slots import Slots, hold

blueprint = Blueprint("api", __name__)

_MOST_EARLIER = 200
_TENSORS = Slots(1, "Other tensors are being judged. Try again in a moment.")


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
    if found.veil(state):
        raise Mistake("hide", "Numbers are hidden here, to be found: in numbers the program would tell them.")
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
    found = asked(state)
    field, why = request.args.get("field", ""), request.args.get("why") == "1"
    try:
        if not found.graph.of_numbers:
            return json_reply(_told_of_tensors(found.run(state), field, why))
        answer = answers.read(request.args.get("answer", ""))
        verdict = judge(found.run(state), field, answer, _earlier())
    except ValueError as refusal:
        raise Mistake("answer", f"{refusal}.") from None
    return json_reply(_told(verdict, why))


def _earlier() -> dict[str, Answer]:
    """Answers given before, ``c.gradient:10`` in parameters ``earlier``."""
    return {field: answers.read(given) for field, given in _given_before()}


def _given_before() -> list[tuple[str, str]]:
    """Fields, and what was answered to them."""
    texts = request.args.getlist("earlier")[:_MOST_EARLIER]
    return [(field, given) for field, _, given in (text.rpartition(":") for text in texts)]


def _told_of_tensors(run: Run[Any], field: str, why: bool) -> dict[str, Any]:
    from graphviz_backprop.data import judged  # and NumPy

    hold(_TENSORS)
    earlier = {other: pasted.value(given) for other, given in _given_before()}
    found = judged.judge(run, field, pasted.value(request.args.get("answer", "")), earlier)
    told = [
        [{"kind": "tensor", "title": "", "edge": None, "text": text if why else None}]
        for text in found.mistakes
    ]
    return {"verdict": found.verdict, "after": found.after, "text": found.text, "diagnoses": told}


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


@blueprint.get("/api/judge_update")
def judged_update() -> Response:
    """Whether a parameter after a step is right, and which mistakes in the update give it."""
    given = request.args
    try:
        found = judge_update(
            given.get("optimizer", "gd"),
            _number("w"),
            _number("g"),
            given.get("answer", ""),
            _numbers("state"),
            _numbers("settings"),
        )
    except ValueError as refusal:
        raise Mistake("answer", f"{refusal}.") from None
    return json_reply({"verdict": "right" if found.right else "wrong", "mistakes": list(found.mistakes)})


def _number(name: str) -> float:
    if name not in request.args:
        raise Mistake(name, f"{name} is missing: w is the parameter before the step, g its gradient.")
    return answers.read(request.args[name]).value


def _numbers(name: str) -> dict[str, float]:
    """Numbers by their names, ``beta1:0.8,beta2:0.9``."""
    pairs = (pair.partition(":") for pair in request.args.get(name, "").split(",", _MOST_EARLIER) if pair)
    return {key.strip(): answers.read(text).value for key, _, text in pairs}


@blueprint.get("/api/hint")
def hinted() -> Response:
    """The hint of a stage, from 1 to 3: which rule, the rule in symbols, with numbers."""
    state = exact_state()
    run = asked(state).run(state)
    stage = request.args.get("stage", "1")
    if stage not in ("1", "2", "3"):
        raise Mistake("stage", "stage must be 1, 2 or 3.")
    try:
        return json_reply({"hint": hints.hint(run, request.args.get("field", ""), int(stage))})
    except ValueError as refusal:
        raise Mistake("field", f"{refusal}.") from None
