"""Pages as files for who serves none: the Python API and the command line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from graphviz_backprop.document import cells, dumps
from graphviz_backprop.jobs.layout import Layout
from graphviz_backprop.language.numerals import shown_with
from graphviz_backprop.web import alone, create_app
from graphviz_backprop.web.asked.kinds import plain
from graphviz_backprop.web.asked.state import PARAMETERS, State, read


def of_run(asked: Mapping[str, Any], at: Mapping[str, Any]) -> str:
    """The file of a program at a point. Raises ValueError for what can't be shown."""
    state = _state(asked, at)
    with own_app(), shown_with(int(state.digits)):
        return alone.of_state(state)


@contextmanager
def own_app() -> Iterator[None]:
    """An app that answers nobody: within it files are made."""
    with Layout() as layout, create_app(layout).test_request_context():
        yield


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
