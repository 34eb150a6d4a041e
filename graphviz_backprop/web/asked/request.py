"""The state that a request asks for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from urllib.parse import parse_qsl

from flask import request

from graphviz_backprop.language.numerals import USUAL, show
from graphviz_backprop.web.asked import packed
from graphviz_backprop.web.asked.body import json_object
from graphviz_backprop.web.asked.copies import Copy, read_copy
from graphviz_backprop.web.asked.kinds import plain
from graphviz_backprop.web.asked.state import Mistake, State, read

THEMES = ("light", "dark")
"""The colours that can be chosen; else they are as the browser prefers."""


def tolerant_state() -> tuple[State, list[Mistake]]:
    """For the page: what can't be read is left at its default and told. Numbers get the digits asked for."""
    pairs, mistakes = _pairs()
    state, more = read(pairs)
    show(int(state.digits))
    return state, [*mistakes, *more]


def exact_state() -> State:
    """For programs that ask: raises the first Mistake."""
    state, mistakes = tolerant_state()
    if mistakes:
        raise mistakes[0]
    return state


def asked_copy(frame: int) -> Copy:
    """How the figure is to go into another document. Raises the first Mistake."""
    return read_copy(_pairs()[0], frame)


def is_packed() -> bool:
    """Whether the state, or a part of it, came as a short link has it."""
    return any(name == packed.NAME for name, _ in _given())


def show_usual_digits() -> None:
    """Before each request, so that nothing stays of the last: what asks for digits says so in its state."""
    show(USUAL)


def only() -> str:
    """Which of the page's parts are asked for, where not all are."""
    return dict(_pairs()[0]).get("only", "")


def theme() -> str:
    """The colours that the user chose, if any: known here already, so that no page flashes."""
    chosen = request.cookies.get("theme", "")
    return chosen if chosen in THEMES else ""


def _pairs() -> tuple[list[tuple[str, str]], list[Mistake]]:
    """Names and values; what is packed comes first, so that what stands beside it holds."""
    given = list(_given())
    found: list[tuple[str, str]] = []
    mistakes = []
    for name, value in given:
        if name == packed.NAME and value.strip():
            try:
                found += packed.unpacked(value)
            except ValueError as fault:
                mistakes.append(Mistake(name, f"{name} {fault}."))
    return [*found, *(pair for pair in given if pair[0] != packed.NAME)], mistakes


def _given() -> Iterator[tuple[str, str]]:
    """Names and values from the query, a form and a JSON object alike; the later ones hold."""
    # Not request.args, which stumbles over bytes that are no UTF-8.
    yield from parse_qsl(request.query_string.decode(errors="replace"), keep_blank_values=True)
    yield from request.form.items(multi=True)
    if request.is_json:
        yield from _members(json_object('{"expr": "x*x", "at.x": 3}'))


def _members(body: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    for name, value in body.items():
        if isinstance(value, bool) or not isinstance(value, (str, int, float)):
            raise Mistake(name, f"{name} must be a text or a number.")
        yield name, _whole(value) if isinstance(value, str) else _written(value)


def _whole(text: str) -> str:
    """JSON can spell half a surrogate pair, which is no text."""
    return text.encode(errors="replace").decode()


def _written(number: int | float) -> str:
    try:
        return plain(float(number))
    except OverflowError:
        return "Infinity" if number > 0 else "-Infinity"
