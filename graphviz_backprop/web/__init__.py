"""The web app: a factory and a blueprint per concern."""

from __future__ import annotations

from threading import Event
from typing import TYPE_CHECKING

from flask import Flask
from flask_compress import Compress

from graphviz_backprop.jobs.layout import Layout
from graphviz_backprop.jobs.processes import Pool
from graphviz_backprop.resources import TEMPLATES
from graphviz_backprop.web import apart, bundle, errors, observed, repeats, security, shares, slots
from graphviz_backprop.web.asked.program import PROGRAMS
from graphviz_backprop.web.asked.request import show_usual_digits
from graphviz_backprop.web.proxies import trust_proxies
from graphviz_backprop.web.shown import kept
from graphviz_backprop.web.views import (
    api,
    assets,
    data,
    descent,
    examples,
    exports,
    formula,
    health,
    lessons,
    network,
    pages,
    practice,
    rules,
    saved,
)

if TYPE_CHECKING:
    from graphviz_backprop.web.counted import Numbers


def create_app(layout: Layout | None = None) -> Flask:
    """The app. A layout service that several apps share can be given; else it starts its own."""
    app = Flask(__name__, template_folder=TEMPLATES, static_folder=None)
    app.config.update(MAX_CONTENT_LENGTH=2_000_000, MAX_FORM_MEMORY_SIZE=2_000_000)
    app.config.update(COMPRESS_ALGORITHM=["br", "gzip"], COMPRESS_BR_LEVEL=6)
    app.url_map.merge_slashes = False  # a redirect to one slash would repeat the Host header
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.extensions["stopping"] = Event()
    app.extensions["bundle"] = bundle.current()
    app.extensions["layout"] = layout or Layout()
    app.extensions["algebra"] = Pool(
        formula.LIMIT, 1, "It", loads="sympy", waiting=2, left=slots.client_has_left
    )
    for module in (
        assets,
        pages,
        api,
        network,
        descent,
        data,
        exports,
        examples,
        saved,
        formula,
        rules,
        lessons,
        practice,
        health,
    ):
        app.register_blueprint(module.blueprint)
    kept.install(app)
    app.before_request(show_usual_digits)
    errors.install(app)
    slots.install(app)
    apart.install(app, slots.client_has_left, errors.refused)
    repeated = repeats.install(app)
    security.install(app)
    Compress(app)
    shares.install(app)
    observed.install(app, lambda numbers: _count(app, repeated, numbers))
    app.extensions["layout"].left = slots.client_has_left
    app.extensions["layout"].tell = app.extensions["numbers"].layouts.observe
    trust_proxies(app)
    return app


def _count(app: Flask, repeated: repeats.Repeats, numbers: Numbers) -> None:
    """Tells what is counted in places that know nothing of numbers for others."""
    layout = app.extensions["layout"]
    remembered = {"answers": repeated.answers, "programs": PROGRAMS} | layout.remembered
    for what, things in remembered.items():
        numbers.remembered.labels(what, "yes").set(things.hits)
        numbers.remembered.labels(what, "no").set(things.misses)
    for pool, restarts in (
        {name: app.extensions[name].restarts for name in ("algebra", *apart.KINDS)} | layout.restarts
    ).items():
        numbers.restarts.labels(pool).set(restarts)
