"""Parts of a page that depend on little: each is rendered once for what it depends on."""

from __future__ import annotations

from collections.abc import Hashable
from typing import cast

from flask import Flask, current_app, url_for
from jinja2 import StrictUndefined
from markupsafe import Markup

from graphviz_backprop.jobs.remembered import Remembered

_ROOM = 4_000_000  # characters


def install(app: Flask) -> None:
    app.extensions["parts"] = Remembered[Markup](_ROOM, len)
    # Nothing of the page is seen by such a part but what it is given: it cannot depend on more.
    strict = app.jinja_env.overlay(undefined=StrictUndefined)

    def kept(template: str, **given: Hashable) -> Markup:
        """The part, rendered or remembered."""
        home = url_for("pages.page")  # addresses begin with it
        parts = cast(Remembered[Markup], current_app.extensions["parts"])
        return parts.get(
            (template, home, *given.items()), lambda: Markup(strict.get_template(template).render(given))
        )

    app.jinja_env.globals["kept"] = kept
