"""A page as a file of its own, which asks no server: its figure, the engine and its numbers travel in it.

The scripts and the style come from what ``tools/bundle.py`` has made. A file may hold several pages, as those
of a lesson, which come one after the other. Its script is compressed, and so are long figures; a small script
at its end unpacks them (``static/share/unpack.js``).
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

from graphviz_backprop.document import dumps
from graphviz_backprop.explain.grading import hints
from graphviz_backprop.figure.fields import fill
from graphviz_backprop.resources import FILE_SCRIPTS, FILE_START, VERSION
from graphviz_backprop.web import bundle
from graphviz_backprop.web.asked.sets import made_set
from graphviz_backprop.web.asked.state import Mistake, State
from graphviz_backprop.web.drawings import drawings
from graphviz_backprop.web.packing import Packing, packed
from graphviz_backprop.web.replies import table_document
from graphviz_backprop.web.shown import drawing
from graphviz_backprop.web.shown.scene import Scene, scene

OWN = "own"
"""The samples of a table that somebody brought: the page reads it."""


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


def written(document: Document, theme: str = "") -> str:
    """The file. Raises Unbuilt, ExpressionError, and what a figure can be refused with."""
    needed = {side for part in document.parts for side in _sides(part.state)}
    name = next(name for name, sides in FILE_SCRIPTS.items() if needed.issubset(sides))
    files = _files(bundle.made(), name)
    parts = [_shown(part) for part in document.parts]
    readable = Markup(render_template("fragments/file_pages.html", parts=parts))
    long = Packing()
    if len(readable) > _READABLE:
        files = replace(files, style=packed("markup", files.style))
        long.add(readable)
        readable = Markup("")

    def page() -> str:
        main = readable + (long.packed("markup") if long else "")
        return render_template(
            "file.html", title=document.title, main=main, theme=theme, version=VERSION, files=files
        )

    whole = page()
    room = MOST - len(whole.encode()) + len(files.font)
    return page() if _add_drawings(document, long, room) else whole


MOST = 395_000
"""Bytes that a file is filled up to, without its font, with the figures that its groups lead to."""


def _add_drawings(document: Document, long: Packing, room: int) -> bool:
    """Whether there are any."""
    some = False

    def fits(markup: Markup) -> bool:
        nonlocal room
        takes = long.add(markup, room)
        room -= min(takes, room)
        return room > 0

    for number, part in enumerate(document.parts):
        if found := drawings(part.state, number, fits):
            some = True
            long.add(_json("data-drawings", str(number), [drawing.told() for drawing in found]))
    return some


_READABLE = 60_000
"""Characters of figures that stay as they are, for who opens the file where no script runs."""


def of_state(state: State) -> Document:
    """The document of one page."""
    program = "; ".join(state.expr.splitlines())
    short = program if len(program) <= _TITLE else f"{program[: _TITLE - 1]}…"
    return Document(short, [Part(short, state)])


_TITLE = 70  # characters


@dataclass(frozen=True)
class _Files:
    """The font and the style, a packed script and the one that unpacks it, and what a file of them may do."""

    font: Markup
    style: Markup
    script: Markup
    start: Markup
    policy: str


@cache
def _files(folder: Path | None, name: str) -> _Files:
    """Those of that name."""
    if folder is None:
        raise Unbuilt(
            "a page as a file is made of the joined scripts, and these are not built of what is here now: "
            "`make bundle` makes them, as `make run` does"
        )
    font, style, script, start = (
        (folder / "file" / file).read_text("utf-8").strip()
        for file in ("font.css", f"{name}.css", f"{name}.js", Path(FILE_START).name)
    )
    return _Files(
        Markup(f"<style>{font}</style>"),
        Markup(f"<style>{style}</style>"),
        packed("script", script),
        Markup(f'<script type="module">{start}</script>'),
        _policy([start, script], [font, style]),
    )


def _policy(scripts: Sequence[str], styles: Sequence[str]) -> str:
    """What the file may do: run these scripts, with these styles."""
    return (
        f"default-src 'none'; script-src {_hashes(scripts)}; style-src {_hashes(styles)}; "
        "img-src data:; font-src data:; worker-src blob:; base-uri 'none'; form-action 'none'"
    )


def _hashes(texts: Sequence[str]) -> str:
    return " ".join(map(_hash, texts))


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
    return _Shown(part.title, part.blocks, Markup(fill(markup, now.played.reached)) + _answers(now))


def _answers(shown: Scene) -> Markup:
    """What the page may ask for: by the path of the address, the answer."""
    found = [*_samples(shown.state), *_hints(shown)]
    return Markup().join(_json("data-answer", path, document) for path, document in found)


def _json(kind: str, name: str, document: object) -> Markup:
    text = Markup(dumps(document).replace("<", "\\u003c"))
    return Markup('<script type="application/json" {}="{}">{}</script>').format(kind, name, text)


_Answers = Iterator[tuple[str, dict[str, object]]]


def _hints(shown: Scene) -> _Answers:
    """Those for all that is asked for, of every stage; the page puts its numbers into them."""
    asked = (shown.picture.hidden or {}).get("asked", ())
    if shown.program is not None and shown.state.practise == "on" and asked:
        upstream = "" if shown.state.seed == 1 else "L"
        fields = [question["field"] for question in asked]
        yield "api/hint", {"hints": hints.templates(shown.program.graph, upstream, fields)}


def _samples(state: State) -> _Answers:
    if state.data in ("", OWN):
        return
    try:
        yield "api/data", _table(state.data)
    except (Mistake, ValueError):
        return  # the page says that there are none


def _table(data: str) -> dict[str, object]:
    name, *numbers = data.split(",")
    asked: dict[str, object] = {
        "name": name,
        **dict(zip(("n", "seed", "noise"), map(float, numbers), strict=False)),
    }
    return table_document(made_set(asked, "name"))
