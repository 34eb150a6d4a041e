"""The builder: choices become a program, and the address at which the page opens it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, redirect, request, url_for
from markupsafe import Markup

from graphviz_backprop.language.typeset import in_line as typeset_text
from graphviz_backprop.language.typeset import letters
from graphviz_backprop.network.builder import (
    ACTIVATIONS,
    INITS,
    LIMITS,
    LOSSES,
    PRESETS,
    Architecture,
    Preset,
    architecture,
    initial,
)
from graphviz_backprop.network.builder import program as written
from graphviz_backprop.network.layers import SOFTMAX
from graphviz_backprop.network.tensors import numbers_of
from graphviz_backprop.network.tensors import program as in_tensors
from graphviz_backprop.web.asked.program import program
from graphviz_backprop.web.asked.request import tolerant_state
from graphviz_backprop.web.asked.state import Mistake, State
from graphviz_backprop.web.replies import json_reply
from graphviz_backprop.web.shown.presets import rounded

LOSS_TITLES = {
    "squared": "squared error, summed",
    "mean_squared": "mean squared error",
    "binary_cross_entropy": "binary cross-entropy",
    "categorical_cross_entropy": "categorical cross-entropy",
}
INIT_TITLES = {
    "zeros": "all 0",
    "constant": "all 0.5",
    "uniform": "uniform, −0.5 to 0.5",
    "xavier": "Xavier (Glorot) uniform",
    "he": "He normal",
}

blueprint = Blueprint("building", __name__)


@blueprint.route("/api/network", methods=["GET", "POST"])
def build() -> Response:
    """A network's program, its parameters to start from, and the page's query that shows it.

    ``form=tensors`` writes it in tensors. What stands there as ``at.…`` is kept: of a change, the numbers
    that both networks have.
    """
    choice = request.values
    shape, at = _asked(choice)
    samples = {f"x{k + 1}" for k in range(shape.sizes[0])} | {f"y{j + 1}" for j in range(shape.sizes[-1])}
    at |= {name: number for name, number in _standing().items() if name in at or name in samples}
    text, start = _written(choice, shape, at)
    return json_reply({"expr": text, "initial": at, "query": shown(text, start)})


def _written(
    choice: Mapping[str, str], shape: Architecture, at: Mapping[str, float]
) -> tuple[str, Mapping[str, float]]:
    """The program, and where it starts as far as its text does not say so."""
    if choice.get("form", "numbers") == "tensors":
        return in_tensors(shape, at), {}
    return written(shape), at


def _standing() -> dict[str, float]:
    """The numbers of the network that is there, whichever way it is written."""
    state, _ = tolerant_state()
    return dict(state.at) | numbers_of(state.tensors)


@blueprint.get("/network")
def open_page() -> Any:
    """The page with the network that is asked for."""
    shape, at = _asked(request.args)
    return redirect(f"{url_for('pages.page')}?{shown(*_written(request.args, shape, at))}", 303)


@blueprint.app_template_filter()
def typeset(name: str) -> Markup:
    """A program's name as mathematics sets it."""
    return Markup(f"<math>{letters(name).mathml}</math>")


@blueprint.app_template_filter()
def in_line(name: str) -> str:
    """The same in plain text, for what takes no markup; the name as it is where that can't be."""
    return letters(name).line or name


@blueprint.app_template_filter()
def set_names(text: str) -> str:
    """A text with all names in it set so."""
    return typeset_text(text)


@blueprint.app_template_global()
@cache
def builder_choices() -> dict[str, Any]:
    """What the builder offers."""
    return {
        "activations": ACTIVATIONS,
        "outputs": (*ACTIVATIONS, SOFTMAX),
        "losses": [(name, LOSS_TITLES[name]) for name in LOSSES],
        "inits": [(name, INIT_TITLES[name]) for name in INITS],
        "presets": [{"title": preset.title, "query": _query(preset)} for preset in PRESETS.values()],
        "limits": LIMITS,
    }


def shown(text: str, at: Mapping[str, float]) -> str:
    """The query of the page that shows a network. Raises ExpressionError where it is too large for a page."""
    graph = program(text, "graph").graph
    return State(text, view="graph", panes="network,training", at=at).query(graph.variables)


def _query(preset: Preset) -> str:
    """A preset as the builder's own choices."""
    shape = preset.architecture
    asked = {
        "sizes": "-".join(map(str, shape.sizes)),
        "activation": ",".join(shape.activations[:-1]),
        "output": shape.activations[-1],
        "loss": shape.loss,
        "bias": "yes" if shape.bias else "no",
        "init": preset.init,
        "seed": preset.seed,
    }
    return urlencode(asked)


def _asked(choice: Mapping[str, str]) -> tuple[Architecture, dict[str, float]]:
    """The network that is asked for, and the numbers that it starts from."""
    try:
        hidden = [name for name in choice.get("activation", "").split(",") if name]
        shape = architecture(
            [_count("sizes", size) for size in choice.get("sizes", "2-2-1").split("-")],
            hidden if len(hidden) > 1 else (hidden or ["sigmoid"])[0],
            choice.get("output", "sigmoid"),
            choice.get("loss", "squared"),
            choice.get("bias", "yes") != "no",
        )
        drawn = initial(shape, choice.get("init", "xavier"), _count("seed", choice.get("seed", "0")))
    except ValueError as fault:
        raise Mistake("network", f"This network can't be built: {fault}.") from None
    named = next((preset for preset in PRESETS.values() if preset.architecture == shape), None)
    return shape, rounded(drawn) | dict(named.at if named else {})


def _count(name: str, raw: str) -> int:
    if not (raw.isascii() and raw.isdigit() and len(raw) < 10):
        raise ValueError(f"{name} has {raw[:20]!r}, which is no whole number")
    return int(raw)
