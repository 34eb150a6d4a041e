"""Whether the app can do its work."""

from __future__ import annotations

from flask import Blueprint, Response

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
