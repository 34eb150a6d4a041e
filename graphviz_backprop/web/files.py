"""Pages as files for who serves none: the Python API and the command line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from graphviz_backprop.document import cells, dumps
from graphviz_backprop.explain.grading.exercises import Exercise
from graphviz_backprop.jobs.layout import Layout
from graphviz_backprop.language.numerals import shown_with
from graphviz_backprop.web import alone, create_app
from graphviz_backprop.web.alone import Document
from graphviz_backprop.web.asked.kinds import plain
from graphviz_backprop.web.asked.state import PARAMETERS, State, read
from graphviz_backprop.web.course import package
from graphviz_backprop.web.shown import documents


def of_run(asked: Mapping[str, Any], at: Mapping[str, Any], *, course: bool = False) -> bytes:
    """A program at a point, as a page or a package for courses. Raises ValueError for what can't be shown."""
    state = _state(asked, at)
    with shown_with(int(state.digits)):
        return _made(alone.of_state(state), course)


def of_exercises(exercises: Sequence[Exercise], *, course: bool = False) -> bytes:
    """Exercises of one level, a page each; as a file or as a package for courses."""
    return _made(documents.of_exercises(exercises), course)


def _made(document: Document, course: bool) -> bytes:
    """Made by an app that answers nobody."""
    with Layout() as layout, create_app(layout).test_request_context():
        page = alone.written(document)
        return package(document.title, page) if course else page.encode()


def _state(asked: Mapping[str, Any], at: Mapping[str, Any]) -> State:
    known = {row.name for row in PARAMETERS if not row.family}
    if unknown := asked.keys() - known:
        raise ValueError(f"a page has no {min(unknown)}: what it has is {', '.join(sorted(known))}")
    values = {f"at.{name}": dumps(cells(value)).strip('"') for name, value in at.items()}
    state, mistakes = read((name, _written(value)) for name, value in {**asked, **values}.items())
    if mistakes:
        raise mistakes[0]
    return state


def _written(value: Any) -> str:
    """As the page's address has it."""
    return value if isinstance(value, str) else plain(float(value))
