"""A page as a file of its own, which asks no server: its figure, the engine and its numbers travel in it.

The scripts and the style come from what ``tools/bundle.py`` has made. A file may hold several pages, as those
of a lesson, which come one after the other.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from flask import render_template
from markupsafe import Markup

from graphviz_backprop.data.mistakes import DataError
from graphviz_backprop.data.tables import read_table
from graphviz_backprop.document import dumps
from graphviz_backprop.figure.fields import fill
from graphviz_backprop.resources import FILE_SCRIPTS, VERSION
from graphviz_backprop.web import bundle
from graphviz_backprop.web.asked import tables
from graphviz_backprop.web.asked.sets import made_set
from graphviz_backprop.web.asked.state import Mistake, State
from graphviz_backprop.web.replies import table_document
from graphviz_backprop.web.shown import drawing
from graphviz_backprop.web.shown.scene import scene

OWN = "own"
"""The samples of a table that somebody brought."""


class Unbuilt(RuntimeError):
    """The scripts that such a file is made of are not there."""


@dataclass(frozen=True)
class Part:
    """One of the file's pages: what it shows, under a heading; a lesson's has a text as well."""

    title: str
    state: State
    blocks: Sequence[Markup] = ()


@dataclass(frozen=True)
class Document:
    """What a file has: its title and its pages."""

    title: str
    parts: Sequence[Part]


@dataclass(frozen=True)
class _Shown:
    title: str
    blocks: Sequence[Markup]
    markup: Markup
    answer: tuple[str, Markup] | None


def written(document: Document, theme: str = "") -> str:
    """The file. Raises Unbuilt, ExpressionError, and what a figure can be refused with."""
    needed = {side for part in document.parts for side in _sides(part.state)}
    name = next(name for name, sides in FILE_SCRIPTS.items() if needed.issubset(sides))
    style, script = _files(bundle.made(), name)
    return render_template(
        "file.html",
        title=document.title,
        parts=[_shown(part) for part in document.parts],
        theme=theme,
        version=VERSION,
        policy=_policy(script, style),
        script=Markup(script),
        style=Markup(style),
    )


def of_state(state: State) -> Document:
    """The document of one page."""
    program = "; ".join(state.expr.splitlines())
    short = program if len(program) <= _TITLE else f"{program[: _TITLE - 1]}…"
    return Document(short, [Part(short, state)])


_TITLE = 70  # characters


@cache
def _files(folder: Path | None, name: str) -> tuple[str, str]:
    """The style, and the script of that name."""
    if folder is None:
        raise Unbuilt(
            "a page as a file is made of the joined scripts, and these are not built of what is here now: "
            "`make bundle` makes them, as `make run` does"
        )
    font, style, script = (
        (folder / "file" / file).read_text("utf-8").strip()
        for file in ("font.css", f"{name}.css", f"{name}.js")
    )
    return font + style, script


def _policy(script: str, style: str) -> str:
    """What the file may do: run this script, with this style."""
    return (
        f"default-src 'none'; script-src {_hash(script)}; style-src {_hash(style)}; "
        "img-src data:; font-src data:; worker-src blob:; base-uri 'none'; form-action 'none'"
    )


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def _sides(state: State) -> Iterator[str]:
    """The sides of the page that a state has use for, as ``static/workbench.js`` says it."""
    if state.practise == "on" or state.shows("practice"):
        yield "practice"
    if state.data or state.shows("data"):
        yield "data"
    if state.shows("plot"):
        yield "plot"
    if state.k >= 0 or state.shows("plot", "training"):
        yield "descent"
    if state.shows("network", "training"):
        yield "network"


def _shown(part: Part) -> _Shown:
    """The steps of the player are there from the start, wherever it stands: nobody can be asked for them."""
    now = scene(part.state, [])
    if now.problem is not None:
        raise now.problem
    if now.program is not None:
        drawing.figure(now.program, now.state)  # else it would say in place of the figure why there is none
    stepped = scene(replace(part.state, frame=max(part.state.frame, 0)), [])
    markup = render_template("fragments/framed.html", scene=stepped, alone=True, query=now.whole_query)
    return _Shown(part.title, part.blocks, Markup(fill(markup, now.played.reached)), _answer(part.state))


def _answer(state: State) -> tuple[str, Markup] | None:
    """What the page asks for at once: its samples. The path of the address, and the answer."""
    if not state.data:
        return None
    try:
        path, document = _samples(state)
    except (DataError, Mistake, ValueError):
        return None  # the page says that there are none
    return path, Markup(dumps(document).replace("<", "\\u003c"))


def _samples(state: State) -> tuple[str, dict[str, object]]:
    if state.data == OWN:
        found = read_table(state.table, **tables.options(state.read))
        more = {"classes": found.classes, "left_out": found.left_out, "dropped": found.dropped}
        return "api/table", table_document(found, **more)
    name, *numbers = state.data.split(",")
    asked: dict[str, object] = {
        "name": name,
        **dict(zip(("n", "seed", "noise"), map(float, numbers), strict=False)),
    }
    return "api/data", table_document(made_set(asked, "name"))
