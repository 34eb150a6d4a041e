"""The app's layout service, for the views."""

from __future__ import annotations

from typing import cast

from flask import current_app

from graphviz_backprop.graph import Graph
from graphviz_backprop.layout import Layout


def layout() -> Layout:
    return cast(Layout, current_app.extensions["layout"])


def template(graph: Graph, direction: str) -> str:
    """The figure as SVG to be filled. Raises TooLarge and LayoutTimeout."""
    return layout().template(graph, direction)
