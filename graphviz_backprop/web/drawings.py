"""The figures that a page's groups or a network's layers lead to, for a file: nobody draws others in it.

What one press opens or closes comes first, then what the next one does, as far as there is room.
``static/share/drawings.js`` shows them.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

from flask import render_template
from markupsafe import Markup

from graphviz_backprop.figure.network_sketch import blocks, openable
from graphviz_backprop.language.folding import ALL, Fold
from graphviz_backprop.network.layers import Network
from graphviz_backprop.web.asked.program import Program, asked, composites
from graphviz_backprop.web.asked.state import State
from graphviz_backprop.web.shown.drawing import shown_network
from graphviz_backprop.web.shown.scene import scene

MOST = 30
"""Figures of one page, each of which takes as long to make as opening a group."""
_FEW = 8
"""Groups; the figures of more take seconds."""
_LETTERS = 5_000_000
"""Of all of them together, so that a large program's file is made in seconds, too."""
_SECONDS = 4.0
"""After which no other one is begun: on a busy machine a file has fewer of them, and is made."""


@dataclass(frozen=True)
class Drawing:
    """A figure, and what it is asked for by; other ways of asking, ``open|shut|layers``, give the same."""

    state: State
    others: list[str] = field(default_factory=list)

    def told(self) -> dict[str, object]:
        """What the page knows of it."""
        return {**_asking(self.state), "others": self.others}


def _asking(state: State) -> dict[str, str]:
    return {"open": state.open, "shut": state.shut, "layers": state.layers}


def take_long(state: State) -> bool:
    return len(asked(state).groups) > _FEW


def drawings(state: State, number: int, fits: Callable[[Markup], bool]) -> list[Drawing]:
    """The own figure of the file's page of this number, and those that it leads to, if it leads to any."""
    program = asked(state)
    found: list[Drawing] = []
    known: dict[object, Drawing] = {}
    end = time.monotonic() + _SECONDS
    left = _LETTERS if next(_presses(state, program), None) else 0

    def come_to(then: State) -> None:
        nonlocal left
        kind = _kind(program, then)
        if kind in known:
            known[kind].others.append("|".join(_asking(then).values()))
        elif left > 0 and len(found) < MOST and (not found or time.monotonic() < end):
            markup = _markup(then, number)
            left = left - len(markup) if fits(markup) else 0
            if left > 0:
                known[kind] = Drawing(then)
                found.append(known[kind])

    come_to(state)
    for drawing in found:  # grows
        for then in _presses(drawing.state, program):
            come_to(then)
    return found if len(found) > 1 else []


def _presses(state: State, program: Program) -> Iterator[State]:
    """What the buttons of a figure lead to, those next to the output first: as in ``figure/groups.js``."""
    if network := shown_network(program, state):
        yield from _layers(state, network)
        return
    if not program.groups:
        return
    fold = program.fold(state)
    every = [(opening, group) for group in reversed(list(_closed(fold)))]
    every += [(closing, group.id) for group, _ in fold.frames]
    for press, group in every:
        then = press(state, group)
        if then != state and composites(then.open) == composites(state.open):  # else it is another graph
            yield then


def _layers(state: State, network: Network) -> Iterator[State]:
    """The same of a network: as in ``network/derivation.js``. What is too large even then stays a block."""
    opened = _without(state.layers)
    for number in reversed(openable(network, state.opened_layers)):
        yield replace(state, layers=",".join([*opened, str(number)]))
    for number in state.opened_layers:
        if number not in blocks(network, state.opened_layers):
            yield replace(state, layers=",".join(_without(state.layers, str(number))))


def _closed(fold: Fold) -> Iterator[str]:
    """The ids of the boxes that can be opened."""
    for number, box in enumerate(fold.boxes):
        if box.group:
            yield box.group.id
        elif box.bundle or box.layer:
            yield fold.bundle_id(number)


def opening(state: State, group: str) -> State:
    opened = ALL if state.open == ALL else ",".join([*_without(state.open, group), group])
    shut = ALL if state.shut == ALL else ",".join(_without(state.shut, group))
    return replace(state, open=opened, shut=shut)


def closing(state: State, group: str) -> State:
    opened = ALL if state.open == ALL else ",".join(_without(state.open, group, group.split("~")[0]))
    shut = ALL if state.shut == ALL else ",".join([*_without(state.shut, group), group])
    return replace(state, open=opened, shut=shut)


def _without(ids: str, *gone: str) -> list[str]:
    return [one for one in ids.split(",") if one and one not in gone]


def _kind(program: Program, state: State) -> object:
    """What is equal where the figures are."""
    if network := shown_network(program, state):
        return blocks(network, state.opened_layers), state.opened_layers
    fold = program.fold(state)
    return (
        tuple((box.at, box.group, box.bundle, box.layer) for box in fold.boxes),
        tuple(group for group, _ in fold.frames),
    )


def _markup(state: State, number: int) -> Markup:
    """The parts of the page that depend on it, without numbers; steps are there wherever the player is."""
    shown = scene(replace(state, frame=max(state.frame, 0)), [])
    return Markup(render_template("fragments/file_drawing.html", scene=shown, number=number, alone=True))
