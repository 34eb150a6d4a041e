"""The graph as a file, values filled in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import Blueprint, Response

from graphviz_backprop.document import document
from graphviz_backprop.explain.steps import Step, steps
from graphviz_backprop.figure import dot
from graphviz_backprop.figure.copies import Look, at_step, copy, density
from graphviz_backprop.figure.network_sketch import network_sketch
from graphviz_backprop.figure.svg import Figure
from graphviz_backprop.language.folding import Fold
from graphviz_backprop.network.passes import layer_steps
from graphviz_backprop.web.asked.copies import Copy
from graphviz_backprop.web.asked.program import Program, asked, shown_fields
from graphviz_backprop.web.asked.request import asked_copy, exact_state
from graphviz_backprop.web.asked.state import Mistake, State
from graphviz_backprop.web.replies import file_reply, json_reply
from graphviz_backprop.web.shown import drawing

blueprint = Blueprint("exports", __name__)


@blueprint.get("/graph.svg")
def as_svg() -> Response:
    found, figure, asked_for = _drawn()
    return file_reply(found.copied(figure, asked_for.look), "svg")


@blueprint.get("/graph.png")
def as_png() -> Response:
    found, figure, asked_for = _drawn()
    look = asked_for.look
    try:
        scale = density(figure, look, asked_for.dpi)
    except ValueError as fault:
        raise Mistake("dpi", f"{fault}.") from None
    clear = look.background == "transparent"
    return file_reply(drawing.layout().png(found.copied(figure, look, plain=True), scale, clear=clear), "png")


@blueprint.get("/graph.pdf")
def as_pdf() -> Response:
    found, figure, asked_for = _drawn()
    return file_reply(drawing.layout().pdf(found.copied(figure, asked_for.look, plain=True)), "pdf")


@blueprint.get("/graph.dot")
def as_dot() -> Response:
    state = exact_state()
    found = asked(state)
    fold = found.fold(state)
    fields = shown_fields(found, state)
    told = _told(found, state)
    if state.frame >= 0 and told:
        _, fields = at_step(told, fields, min(state.frame, len(told) - 1))
    network = drawing.shown_network(found, state)
    if network is None:
        return file_reply(dot.for_people(fold, fields, state.dir), "dot")
    sketched = network_sketch(network, state.opened_layers)
    return file_reply(dot.network_for_people(sketched, fields), "dot")


@blueprint.get("/graph.json")
def as_json() -> Response:
    state = exact_state()
    found = asked(state)
    return json_reply(document(found.graph, found.run(state), found.veil(state), found.groups))


@dataclass(frozen=True)
class _Found:
    """A program, its numbers, and the graph that they are of."""

    fold: Fold
    fields: Mapping[str, float | None]
    told: Sequence[Step]

    def copied(self, figure: Figure, look: Look, *, plain: bool = False) -> str:
        return copy(figure, self.fields, self.fold, look, plain=plain, told=self.told)


def _told(found: Program, state: State) -> Sequence[Step]:
    """The steps of what is drawn, where one of them is asked for."""
    if state.frame < 0:
        return ()
    network = drawing.shown_network(found, state)
    return steps(found.fold(state)) if network is None else layer_steps(network)


def _drawn() -> tuple[_Found, Figure, Copy]:
    """What is asked for; as on the page, a step behind the last one is the last one."""
    state = exact_state()
    found = asked(state)
    fold = found.fold(state)
    told = _told(found, state)
    asked_for = asked_copy(min(state.frame, len(told) - 1))
    figure = drawing.figure(found, state)
    if asked_for.look.numbers:
        figure = drawing.with_surfaces(figure, found, state)
    return _Found(fold, shown_fields(found, state), told), figure, asked_for
