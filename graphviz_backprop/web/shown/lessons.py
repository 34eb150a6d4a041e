"""Lessons: text files in a folder, each step a state of the page, with live numbers in its sentences.

A file begins with ``title:``, ``about:`` and ``topic:``, then come steps, each after a heading ``## …``:

    program: (4*x+1)^2
    state: at.x=1&frame=3
    ?? x.total | What is ∂g/∂x?

A program of several lines has several of these lines; a step without one has that of the step before. The
state is a query as the page's address has it, without the program. A question names a field. The rest is
text: paragraphs, lists (``- ``), `` `code` ``, ``**bold**``, ``*italics*``, links, and numbers:
``{x.total=40}`` is the live number of that field, which at this state is 40.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from urllib.parse import parse_qsl

from markupsafe import Markup, escape

from graphviz_backprop.language.typeset import in_line
from graphviz_backprop.resources import LESSONS
from graphviz_backprop.web.asked.program import program
from graphviz_backprop.web.asked.state import State, read
from graphviz_backprop.web.shown.panels import Fields
from graphviz_backprop.web.shown.scene import Scene

NUMBER = re.compile(r"\{([^{}=]+)=([^{}]*)\}")
"""A live number in a text: its field, and what it is at the step's state."""

_INLINE = re.compile(
    r"`(?P<code>[^`]+)`|\*\*(?P<bold>[^*]+)\*\*|\*(?P<italic>[^*]+)\*"
    r"|\[(?P<link>[^\]]+)\]\((?P<address>[^)]+)\)|\{(?P<field>[^{}=]+)=[^{}]*\}"
)
_COLOURS = {"value": "value", "gradient": "gradient", "flow": "gradient", "total": "gradient"}


_SIZE = re.compile(r'width="([\d.]+)" height="([\d.]+)"')
_ROOM = (700, 600)  # beside the text, on a screen of 1366 by 768
_SMALLEST = 10 / 12  # a figure's smallest text has 12 pixels, but for those in cells, which have 10
_CELLS = re.compile(r'class="[^"]*\bsmall\b')


class Unread(ValueError):
    """A lesson that is not written as lessons are."""


@dataclass(frozen=True)
class Question:
    """What is asked, and the field of the number."""

    field: str
    text: str


@dataclass(frozen=True)
class Step:
    """``source`` is the text as it was written, ``blocks`` as the page shows it."""

    title: str
    state: State
    source: str
    blocks: tuple[Markup, ...]
    question: Question | None = None

    @property
    def query(self) -> str:
        """The page's query that shows it."""
        return self.state.query(program(self.state.expr, self.state.program_view).graph.variables)


@dataclass(frozen=True)
class Lesson:
    """``name`` is that of the file, without the number that it begins with."""

    name: str
    title: str
    about: str
    topic: str
    steps: tuple[Step, ...]


@dataclass(frozen=True)
class Fitted:
    """A figure for a lesson, and whether it is too wide to stand beside the text."""

    markup: Markup | None
    wide: bool


def fitted(figure: Markup | None) -> Fitted:
    """The figure a bit smaller where it needs the room, but never so that its texts are under 10 pixels."""
    found = _SIZE.search(figure or "")
    if figure is None or found is None:
        return Fitted(figure, False)
    width, height = float(found[1]), float(found[2])
    smallest = 1.0 if _CELLS.search(figure) else _SMALLEST
    scale = min(1.0, max(smallest, min(_ROOM[0] / width, _ROOM[1] / height)))
    size = Markup('width="{:.1f}" height="{:.1f}"').format(width * scale, height * scale)
    return Fitted(figure[: found.start()] + size + figure[found.end() :], width * scale > _ROOM[0])


@cache
def lessons() -> tuple[Lesson, ...]:
    """All lessons, in the order of their files."""
    return tuple(lesson(path) for path in sorted(LESSONS.glob("*.md")))


def numbers(shown: Scene) -> Fields:
    """The fields of a step's text and figure, the variables' own values among them."""
    at = {f"{name}.value": x for name, x in shown.run.variables.items()} if shown.run else {}
    return {**at, **shown.played.reached}


def lesson(path: Path) -> Lesson:
    """The lesson in a file. Raises Unread."""
    head, *parts = re.split(r"^## +", path.read_text("utf-8"), flags=re.M)
    known = dict(line.split(": ", 1) for line in head.splitlines() if ": " in line)
    if not {"title", "about", "topic"} <= set(known) or not parts:
        raise Unread(f"{path.name}: it begins with title:, about: and topic:, and has steps after ##")
    steps: list[Step] = []
    for part in parts:
        steps.append(_step(path.name, part, steps[-1].state.expr if steps else ""))
    name = re.sub(r"^\d+-", "", path.stem)
    return Lesson(name, known["title"], known["about"], known["topic"], tuple(steps))


def _step(file: str, part: str, before: str) -> Step:
    title, *lines = part.strip().splitlines()
    own: dict[str, list[str]] = {"program": [], "state": [], "??": []}
    text: list[str] = []
    for line in lines:
        word, _, rest = line.partition(" ")
        own.get(word.removesuffix(":"), text).append(rest if word.removesuffix(":") in own else line)
    pairs = parse_qsl("&".join(own["state"]), keep_blank_values=True)
    state, mistakes = read([*pairs, ("expr", "\n".join(own["program"]) or before)])
    if mistakes:
        raise Unread(f"{file}: {title}: {mistakes[0].message}")
    state = state.begun(program(state.expr, state.program_view).graph.number_start)
    source = "\n".join(text).strip()
    question = _question(file, own["??"])
    asking = _asking(state, question) if question else state
    return Step(title, asking, source, tuple(_blocks(source)), question)


def _asking(state: State, question: Question) -> State:
    """The state with the question's number hidden: also where the lesson's own ``hide`` leaves it out."""
    if program(state.expr, state.program_view).veil(state).covers(question.field):
        return state
    return replace(state, hide=",".join(filter(None, (state.hide, question.field))))


def _question(file: str, lines: Sequence[str]) -> Question | None:
    if not lines:
        return None
    field, bar, text = lines[0].partition("|")
    if not bar:
        raise Unread(f"{file}: a question is written ?? x.total | What is it?")
    return Question(field.strip(), in_line(text.strip()))


def _blocks(source: str) -> Iterator[Markup]:
    """Paragraphs and lists."""
    for block in re.split(r"\n\s*\n", source):
        lines = block.strip().splitlines()
        if lines and all(line.startswith("- ") or line.startswith("  ") for line in lines):
            items = re.split(r"^- ", "\n".join(lines), flags=re.M)[1:]
            yield Markup("<ul>{}</ul>").format(
                Markup("").join(Markup("<li>{}</li>").format(inline(item.strip())) for item in items)
            )
        elif lines:
            yield Markup("<p>{}</p>").format(inline(" ".join(lines)))


def inline(text: str) -> Markup:
    """A line of text as markup, names set as in figures: whatever is not one of ours is escaped."""
    made, end = Markup(""), 0
    for match in _INLINE.finditer(text):
        made += escape(in_line(text[end : match.start()])) + _piece(match)
        end = match.end()
    return made + escape(in_line(text[end:]))


def _piece(match: re.Match[str]) -> Markup:
    if match["code"]:
        return Markup("<code>{}</code>").format(match["code"])
    if match["bold"]:
        return Markup("<b>{}</b>").format(in_line(match["bold"]))
    if match["italic"]:
        return Markup("<i>{}</i>").format(in_line(match["italic"]))
    if match["link"]:
        return Markup('<a href="{}">{}</a>').format(_address(match["address"]), match["link"])
    colour = _COLOURS.get(match["field"].strip("()").rpartition(".")[2], "")
    return Markup('<span class="live {}" data-field="{}"></span>').format(colour, match["field"])


def _address(text: str) -> str:
    """Of ours alone: relative to the lesson's step."""
    if not re.fullmatch(r"[\w./#-]+", text) or text.startswith("//"):
        raise Unread(f"{text} is no address of ours")
    return text
