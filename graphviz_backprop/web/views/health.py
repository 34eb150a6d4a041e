"""Whether the app can do its work."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify

from graphviz_backprop.web.asked.program import program
from graphviz_backprop.web.asked.state import State
from graphviz_backprop.web.shown import drawing

blueprint = Blueprint("health", __name__)


@blueprint.get("/healthz")
def healthz() -> Response:
    """200 once a figure can be drawn; what stands in the way raises, and that is a 500."""
    drawing.figure(program("x*x", "tree"), State())
    return jsonify(status="ok")
