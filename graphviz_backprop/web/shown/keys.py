"""The keys of the page, in one list: what binds them, and the help that shows them, both read it.

``tools/generate.py`` writes it to ``static/page/keytable.js``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True)
class Key:
    """An act and the keys that do it, each as ``KeyboardEvent.key`` has it, after its modifiers.

    ``where``: ``everywhere``, in fields as well; ``page``, wherever no field or control takes the key;
    ``player``, with the focus in its bar; ``figure``, in the figure; ``cells``, with the focus on
    a tensor of it; ``presentation``, while one is given.
    """

    act: str
    keys: tuple[str, ...]
    about: str
    where: str

    @property
    def shown(self) -> tuple[tuple[str, ...], ...]:
        """The keys as they are printed on a keyboard, each with its modifiers before it."""
        return tuple(tuple(_NAMES.get(part, part) for part in _parts(key)) for key in self.keys)


KEYS = (
    Key("undo", ("Control+z",), "Undo", "everywhere"),
    Key("redo", ("Control+Shift+z", "Control+y"), "Redo", "everywhere"),
    Key("play", (" ", "k"), "Play the steps, or pause", "page"),
    Key("next", ("ArrowRight", "l"), "Next step", "page"),
    Key("back", ("ArrowLeft", "j"), "Step back", "page"),
    Key("first", ("Home",), "First step", "page"),
    Key("last", ("End",), "Last step", "page"),
    Key("close", ("Escape",), "Show all numbers again", "page"),
    Key("present", ("p",), "Begin or leave the presentation", "page"),
    Key("full", ("f",), "The whole window for the pane that is used, or all panes again", "page"),
    Key("find", ("/",), "Find a node", "page"),
    Key("help", ("?",), "These keys", "page"),
    Key("next", ("ArrowRight", "PageDown"), "Next step", "presentation"),
    Key("back", ("ArrowLeft", "PageUp"), "Step back", "presentation"),
    Key("leave", ("Escape",), "Leave the presentation", "presentation"),
    Key("next", ("ArrowRight",), "Next step", "player"),
    Key("back", ("ArrowLeft",), "Step back", "player"),
    Key("first", ("Home",), "First step", "player"),
    Key("last", ("End",), "Last step", "player"),
    Key("find", ("Control+f",), "Find a node", "figure"),
    Key("in", ("+", "="), "Zoom in", "figure"),
    Key("out", ("-",), "Zoom out", "figure"),
    Key("fit", ("0",), "Fit the whole graph", "figure"),
    Key("left", ("ArrowLeft",), "Move to the left", "figure"),
    Key("right", ("ArrowRight",), "Move to the right", "figure"),
    Key("up", ("ArrowUp",), "Move up", "figure"),
    Key("down", ("ArrowDown",), "Move down", "figure"),
    Key("enter", ("Enter",), "Go in, to its cells; on a cell, choose it", "cells"),
    Key("left", ("ArrowLeft",), "The cell to the left; outside of cells, the tensor", "cells"),
    Key("right", ("ArrowRight",), "The one to the right", "cells"),
    Key("up", ("ArrowUp",), "The one above", "cells"),
    Key("down", ("ArrowDown",), "The one below", "cells"),
    Key("leave", ("Escape",), "Leave the cells", "cells"),
)

PLACES = {
    "everywhere": "Anywhere",
    "page": "Where no field or button takes the key",
    "presentation": "In a presentation",
    "figure": "In the figure",
    "cells": "On a tensor of the figure, where Tab comes to one",
}
"""What the help says of them, in its order; the player's bar has nothing of its own."""

_NAMES = {
    " ": "Space",
    "Control": "Ctrl",
    "ArrowRight": "→",
    "ArrowLeft": "←",
    "ArrowUp": "↑",
    "ArrowDown": "↓",
    "PageDown": "Page ↓",
    "PageUp": "Page ↑",
    "-": "−",
    "Escape": "Esc",
    **{letter: letter.upper() for letter in "abcdefghijklmnopqrstuvwxyz"},
}


def listed() -> Iterator[tuple[str, list[Key]]]:
    """The help's lists, each after its heading."""
    for where, heading in PLACES.items():
        yield heading, [key for key in KEYS if key.where == where]


def _parts(key: str) -> list[str]:
    """``Control+z`` in its parts; ``+`` is a key as well."""
    *modifiers, last = key.split("+") if len(key) > 1 else [key]
    return [*modifiers, last]
