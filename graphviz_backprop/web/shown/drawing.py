"""The app's layout service, for the views."""

from __future__ import annotations

from typing import cast

from flask import current_app, g

from graphviz_backprop.figure.bands import SURFACE
from graphviz_backprop.figure.network_svg import NetworkFigure
from graphviz_backprop.figure.svg import Figure
from graphviz_backprop.jobs.layout import Layout, LayoutError, LayoutTimeout
from graphviz_backprop.network.layers import Network
from graphviz_backprop.network.surfaces import extent, surfaces
from graphviz_backprop.web.asked.program import Program
from graphviz_backprop.web.asked.samples import samples
from graphviz_backprop.web.asked.state import State

UNDRAWN = (LayoutTimeout, LayoutError)
"""What a figure can be refused with."""


def layout() -> Layout:
    return cast(Layout, current_app.extensions["layout"])


def figure(found: Program, state: State) -> Figure:
    """The figure in the view that is asked for, to be filled. Raises one of :data:`UNDRAWN`.

    A program that is no network is drawn as the graph that it is. ``g.passing`` says that it may be drawn
    otherwise the next time.
    """
    network = shown_network(found, state)
    if network is not None:
        return layout().network(network, state.opened_layers)
    try:
        figure = layout().figure(found.fold(state), state.dir)
    except UNDRAWN:
        g.passing = True
        raise
    g.passing = layout().is_hurried(figure)
    return figure


def shown_network(found: Program, state: State) -> Network | None:
    """The network that the figure is of, if that is asked for and the program is one."""
    return _network(found) if state.figure == "network" else None


def with_surfaces(figure: Figure, found: Program, state: State) -> Figure:
    """The figure with what its neurons say over the plane of two inputs, as the page draws it."""
    if not isinstance(figure, NetworkFigure) or not figure.centres:
        return figure
    network = _network(found)
    assert network is not None
    graph = found.graph
    known = samples(state, graph.variables)
    plane = {name: extent(known.get(name), SURFACE.reach, SURFACE.room) for name in network.inputs}
    at = state.begun(graph.number_start).values(graph.variables)
    return figure.holding(surfaces(found.compiled, at, plane, list(figure.centres), SURFACE.grid))


def beside(found: Program, state: State) -> Figure | None:
    """The network beside its graph, if both are asked for. Raises one of :data:`UNDRAWN`."""
    network = _network(found) if state.has_both else None
    return layout().network(network, state.opened_layers) if network else None


def _network(found: Program) -> Network | None:
    return found.recognised if isinstance(found.recognised, Network) else None
