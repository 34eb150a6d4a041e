"""The app's layout service, for the views."""

from __future__ import annotations

from typing import cast

from flask import current_app

from graphviz_backprop.figure import Figure
from graphviz_backprop.graph import Graph
from graphviz_backprop.layout import Layout, LayoutError, LayoutTimeout, TooLarge

UNDRAWN = (TooLarge, LayoutTimeout, LayoutError)
"""What a figure can be refused with."""


def layout() -> Layout:
    return cast(Layout, current_app.extensions["layout"])


def figure(graph: Graph, direction: str) -> Figure:
    """The figure, to be filled. Raises one of :data:`UNDRAWN`."""
    return layout().figure(graph, direction)
