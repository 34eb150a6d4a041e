"""The figure as a file, values filled in."""

from __future__ import annotations

from flask import Blueprint, Response

from graphviz_backprop.web.document import document
from graphviz_backprop.web.program import program
from graphviz_backprop.web.replies import json_reply
from graphviz_backprop.web.requested import exact_state

blueprint = Blueprint("exports", __name__)


@blueprint.get("/graph.json")
def as_json() -> Response:
    state = exact_state()
    found = program(state.expr, state.view)
    return json_reply(document(state, found.graph, found.run(state)))
