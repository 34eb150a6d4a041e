"""The page, and the fragments of it that follow the program."""

from __future__ import annotations

from dataclasses import replace

from flask import Blueprint, Response, make_response, render_template, request, url_for

from graphviz_backprop.descent.parameters import preferred
from graphviz_backprop.figure.fields import fill
from graphviz_backprop.web.asked.kinds import plain
from graphviz_backprop.web.asked.limits import LIMITS
from graphviz_backprop.web.asked.request import THEMES, is_packed, only, theme, tolerant_state
from graphviz_backprop.web.asked.state import PANES
from graphviz_backprop.web.security import FRAME_POLICY
from graphviz_backprop.web.shown import keys, samples, updates
from graphviz_backprop.web.shown.examples import GROUPS, Group
from graphviz_backprop.web.shown.scene import Scene, scene

DOWNLOADS = (
    ("svg", "the figure, for documents and the web"),
    ("png", "the figure as an image"),
    ("pdf", "the figure, for print"),
    ("html", "the figure with its sliders and player: a page that needs no server"),
    ("zip", "the same for a course: SCORM 1.2, its score is what was found"),
    ("dot", "the graph in Graphviz's language"),
    ("json", "every node, edge and number"),
)

PANE_TITLES = tuple((name, name.capitalize()) for name in PANES)

_PICTURE = "picture.html"

blueprint = Blueprint("pages", __name__)
blueprint.add_app_template_filter(plain)
blueprint.record(lambda state: state.app.jinja_env.globals.update(limits=LIMITS, pane_titles=PANE_TITLES))
blueprint.add_app_template_global(updates.optimizers)
blueprint.add_app_template_global(updates.settings)
blueprint.add_app_template_global(preferred)
blueprint.add_app_template_global(keys.listed, "listed_keys")
blueprint.add_app_template_global(samples.sample_sets)
blueprint.add_app_template_global(samples.training_sets)


@blueprint.app_template_global()
def example_groups() -> tuple[Group, ...]:
    return GROUPS


@blueprint.app_template_global()
def home() -> str:
    """The app's own address, which all others begin with: "/", or the prefix that it is served under."""
    return url_for("pages.page")


@blueprint.get("/")
def page() -> str:
    return _filled("page.html", _scene(), theme=theme(), downloads=DOWNLOADS, packed=is_packed())


@blueprint.get("/embed")
def embed() -> Response:
    """The figure, its player and the sliders, for a frame in another page; ``theme`` chooses its colours."""
    asked_for = request.args.get("theme", "")
    colours = asked_for if asked_for in THEMES else theme()
    reply = make_response(_filled("embed.html", _scene(), theme=colours))
    reply.headers["Content-Security-Policy"] = FRAME_POLICY
    return reply


@blueprint.route("/fragments", methods=["GET", "POST"])
def fragments() -> Response:
    """The parts that follow the program, or only those that follow what is chosen.

    Where the program has a mistake, only the part that tells it.
    """
    if only() == "chosen":  # no figure is drawn for it
        return make_response(_filled("fragments_chosen.html", _scene()))
    return _drawn("fragments.html")


@blueprint.route("/picture", methods=["GET", "POST"])
def picture() -> Response:
    """The figure and what belongs to it alone: for another choice of what is open in it."""
    return _drawn(_PICTURE)


def _drawn(template: str) -> Response:
    """Parts with a figure: 503 where others are drawn first, and the page asks again."""
    shown = _scene()
    reply = make_response(_filled(template, shown))
    if shown.picture.is_for_the_rush:
        reply.status_code = 503
        reply.headers["Retry-After"] = "1"
    return reply


def _filled(template: str, scene: Scene, **more: object) -> str:
    """A template with the scene's numbers: they come last, those of the figure as well, as in the browser."""
    fields = scene.played.pictured if template == _PICTURE else scene.played.reached
    return fill(render_template(template, scene=scene, **more), fields)


def _scene() -> Scene:
    """Forms send lines that end with CR LF where the browser's own text has LF: offsets count the latter."""
    state, mistakes = tolerant_state()
    return scene(replace(state, expr=state.expr.replace("\r\n", "\n")), mistakes)
