"""The graph as a file, values filled in."""

from __future__ import annotations

from flask import Blueprint, Response

from graphviz_backprop.document import document
from graphviz_backprop.figure import dot
from graphviz_backprop.figure.network_sketch import network_sketch
from graphviz_backprop.web.asked.program import asked
from graphviz_backprop.web.asked.request import exact_state
from graphviz_backprop.web.replies import file_reply, json_reply
from graphviz_backprop.web.shown import drawing

blueprint = Blueprint("exports", __name__)


@blueprint.get("/graph.svg")
def as_svg() -> Response:
    state = exact_state()
    found = asked(state)
    figure = drawing.figure(found, state)
    return file_reply(figure.standalone(found.run(state).fields()), "svg")


@blueprint.get("/graph.png")
def as_png() -> Response:
    return file_reply(drawing.layout().png(_printed()), "png")


@blueprint.get("/graph.pdf")
def as_pdf() -> Response:
    return file_reply(drawing.layout().pdf(_printed()), "pdf")


@blueprint.get("/graph.dot")
def as_dot() -> Response:
    state = exact_state()
    found = asked(state)
    fields = found.run(state).fields()
    network = drawing.shown_network(found, state)
    if network is None:
        return file_reply(dot.for_people(found.graph, fields, state.dir), "dot")
    drawn, _ = network_sketch(network, state.opened_layers)
    return file_reply(dot.network_for_people(drawn, fields), "dot")


@blueprint.get("/graph.json")
def as_json() -> Response:
    state = exact_state()
    found = asked(state)
    return json_reply(document(found.graph, found.run(state)))


def _printed() -> str:
    """The figure as the converters want it."""
    state = exact_state()
    found = asked(state)
    return drawing.figure(found, state).printed(found.run(state).fields())
