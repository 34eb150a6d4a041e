"""The JSON API."""

from __future__ import annotations

from flask import Blueprint, Response

from graphviz_backprop.document import document
from graphviz_backprop.web.asked.program import asked
from graphviz_backprop.web.asked.request import exact_state
from graphviz_backprop.web.replies import json_reply

blueprint = Blueprint("api", __name__)


@blueprint.route("/api/graph", methods=["GET", "POST"])
def graph() -> Response:
    state = exact_state()
    found = asked(state)
    return json_reply(document(found.graph, found.run(state)))
