"""The examples by topic, each with its figure, and those of them in which something is found."""

from __future__ import annotations

from flask import Blueprint, render_template, request

from graphviz_backprop.web.asked.request import theme
from graphviz_backprop.web.shown.examples import found

blueprint = Blueprint("examples", __name__)

_LONGEST = 200  # characters


@blueprint.get("/examples")
def examples() -> str:
    wanted = request.args.get("q", "").strip()[:_LONGEST]
    return render_template("examples.html", groups=found(wanted), wanted=wanted, theme=theme())
