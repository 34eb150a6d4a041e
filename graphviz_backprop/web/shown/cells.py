"""A cell of a tensor as the inspector shows it: its sums, whose terms lead to the cells they are made of."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

from graphviz_backprop.document import dumps, structure
from graphviz_backprop.engine.autodiff import Run
from graphviz_backprop.explain.cells import Flow, Told, Written, called, find, key_of, number_of
from graphviz_backprop.language.cached import cached_property
from graphviz_backprop.language.graph import Node

_NAME = re.compile(r"⟪([^⟫]*)⟫")
_FIELD = re.compile(r"⟨([^⟩]*)⟩")


class Part(NamedTuple):
    """A piece of a line: text, and the key of what it names or the field of a number that stands there."""

    text: str = ""
    key: str = ""
    field: str = ""


@dataclass(frozen=True)
class Line:
    """A sum written out."""

    written: Written

    @property
    def name(self) -> str:
        return self.written.name

    @property
    def field(self) -> str:
        return self.written.field

    @property
    def names(self) -> list[Part]:
        texts = _NAME.split(self.written.by_names)
        return [
            Part(self.written.called(text), key_of(text)) if number % 2 else Part(text)
            for number, text in enumerate(texts)
        ]

    @property
    def numbers(self) -> list[Part]:
        texts = _FIELD.split(self.written.by_numbers)
        return [Part(field=text) if number % 2 else Part(text) for number, text in enumerate(texts)]

    @property
    def constant(self) -> bool:
        """Whether it is a number that needs no result."""
        return not self.written.refs and not self.written.by_numbers

    @property
    def sign(self) -> str:
        """The field of the last sign."""
        return f"{self.field}.equals"

    @property
    def sum(self) -> str:
        """The sum as a graph of numbers, by which the browser finds the sign; nothing where it is known."""
        if not self.written.whole or not self.written.by_numbers:
            return ""
        return dumps({"field": self.field, **structure(self.written.graph)})


class Back(NamedTuple):
    """What comes back along an edge; without a line it is too long to be written out."""

    flow: Flow
    line: Line | None


@dataclass(frozen=True)
class ShownCell:
    told: Told

    @property
    def key(self) -> str:
        return self.told.key

    @property
    def name(self) -> str:
        return self.told.name

    @property
    def node(self) -> Node:
        return self.told.graph.nodes[self.told.at.node]

    @property
    def top(self) -> str:
        return self.told.top

    @property
    def active(self) -> bool:
        return self.told.graph.active[self.told.at.node]

    @cached_property
    def value(self) -> Line | None:
        return _line(self.told.value)

    @cached_property
    def backs(self) -> list[Back]:
        return [Back(flow, _line(flow.written)) for flow in self.told.flows]

    @property
    def total(self) -> Line | None:
        return _line(self.told.total)

    @property
    def gradient(self) -> str:
        return called(f"{self.key}.gradient", self.top)

    @property
    def fields(self) -> Iterator[str]:
        """All fields that it shows, but for signs."""
        yield from (f"{self.key}.value", f"{self.key}.gradient")
        yield from (flow.field for flow in self.told.flows)
        for written in self.told.statements:
            yield from written.refs


def _line(written: Written | None) -> Line | None:
    return Line(written) if written and written.legible else None


def cell_fields(run: Run[Any], about: str, upstream: str) -> dict[str, float | str | None]:
    """The numbers of a cell that is chosen, and the signs of its sums, by their fields."""
    at = find(run.graph, about)
    if at is None:
        return {}
    shown = ShownCell(Told(run, at, upstream or run.graph.output.id))
    found: dict[str, float | str | None] = {}
    for field in shown.fields:
        try:
            found[field] = number_of(run, field)
        except KeyError:  # no gradient gets there
            found[field] = None
    for written in shown.told.statements:
        if written.legible:
            found[f"{written.field}.equals"] = written.sign(run)
    return found
