"""Whether the app can do its work."""

from __future__ import annotations

from flask import Blueprint, Response, current_app

from graphviz_backprop.jobs.layout import LayoutError, LayoutTimeout
from graphviz_backprop.web.replies import json_reply
from graphviz_backprop.web.shown import drawing

_PATIENCE = 3.0  # seconds: whoever asks gives up soon after

blueprint = Blueprint("health", __name__)


@blueprint.get("/healthz")
def healthz() -> Response:
    """200 where a figure has just been drawn, else 503 and the reason. Nothing that is remembered counts."""
    try:
        drawing.layout().warm(_PATIENCE)
    except (LayoutTimeout, LayoutError) as refusal:
        return json_reply({"status": f"nothing can be drawn: {refusal}"}, 503)
    return json_reply({"status": "ok"})


@blueprint.get("/readyz")
def readyz() -> Response:
    """200 where requests may be sent here: not once it is being stopped, though it still answers."""
    if current_app.extensions["stopping"].is_set():
        return json_reply({"status": "it is being stopped"}, 503)
    return healthz()
