"""Tensors as the inspector shows them: cells with their sums, whose terms lead to the cells they are made
of, tables of cells, and the three sentences of an edge."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

from graphviz_backprop.document import dumps, structure
from graphviz_backprop.engine.autodiff import Run
from graphviz_backprop.explain.tensors.cells import Flow, Term, Told, Written, called, key_of, number_of
from graphviz_backprop.explain.tensors.sentences import Three
from graphviz_backprop.language.cached import cached_property
from graphviz_backprop.language.graph import VAR, Node
from graphviz_backprop.language.grid import grid
from graphviz_backprop.language.shapes import Shape
from graphviz_backprop.web.asked.state import MAX, MIN, Slider

_NOTCH = 0.01
_NAME = re.compile(r"⟪([^⟫]*)⟫")
_FIELD = re.compile(r"⟨([^⟩]*)⟩")


class Part(NamedTuple):
    """A piece of a line: text, and the key of what it names or the field of a number that stands there."""

    text: str = ""
    key: str = ""
    field: str = ""


class LongSum(NamedTuple):
    """How many terms it has, and those that are listed: with names, and with fields of numbers."""

    sign: str
    size: int
    terms: list[tuple[list[Part], list[Part]]]

    @property
    def more(self) -> int:
        return self.size - len(self.terms)


def _fielded(text: str) -> list[Part]:
    texts = _FIELD.split(text)
    return [Part(field=part) if number % 2 else Part(part) for number, part in enumerate(texts)]


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
        return self._linked(self.written.by_names)

    @property
    def numbers(self) -> list[Part]:
        return _fielded(self.written.by_numbers)

    @property
    def sums(self) -> list[LongSum]:
        """Its long sums, whose terms are opened on demand."""
        return [LongSum(one.sign, one.size, list(map(self._term, one.listed))) for one in self.written.sums]

    def _term(self, term: Term) -> tuple[list[Part], list[Part]]:
        return self._linked(term.by_names), _fielded(term.by_numbers)

    def _linked(self, text: str) -> list[Part]:
        """Names lead to their cells."""
        texts = _NAME.split(text)
        return [
            Part(self.written.called(part), key_of(part)) if number % 2 else Part(part)
            for number, part in enumerate(texts)
        ]

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
        if not self.written.checked:
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
    def index(self) -> str:
        """Its indices, ``0,1``."""
        return self.key.rpartition("[")[2].rstrip("]")

    @property
    def slider(self) -> Slider | None:
        """What moves the cell of a variable."""
        if self.node.op != VAR or not self.node.shape:
            return None
        value = number_of(self.told.run, f"{self.key}.value")
        return Slider(self.key, value, min(MIN, value), max(MAX, value), _NOTCH)

    @property
    def total(self) -> Line | None:
        return _line(self.told.total)

    @property
    def gradient(self) -> str:
        return called(f"{self.key}.gradient", self.top)

    @property
    def fields(self) -> Iterator[str]:
        """All fields that it shows, but for those in its sums."""
        yield from (f"{self.key}.value", f"{self.key}.gradient")
        yield from (flow.field for flow in self.told.flows)


def _line(written: Written | None) -> Line | None:
    return Line(written) if written and written.legible else None


@dataclass(frozen=True)
class ShownThree:
    """Three sentences of an edge."""

    told: Three

    @property
    def line(self) -> Line | None:
        return _line(self.told.cell)


class Row(NamedTuple):
    """A line of a table of cells: its indices, and the keys of its cells."""

    name: str
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Table:
    """A tensor's cells as a table; there are no rows where there are too many for numbers."""

    shape: Shape
    id: str
    arg: str = ""
    """Of an edge, as in ``z[0,1].0``."""

    @property
    def columns(self) -> list[int]:
        return list(range(self.shape[-1])) if len(self.shape) > 1 else []

    @property
    def rows(self) -> list[Row]:
        found = grid(self.shape)
        return [self._row(names) for names in found.cells] if found.numbers else []

    def _row(self, names: tuple[str | None, ...]) -> Row:
        first = names[0] or ""
        name = first if len(self.shape) == 1 else first.rpartition(",")[0].replace(",", ", ")
        return Row(name, tuple(f"{self.id}[{one}]{self.arg}" for one in names))


def fields_of(run: Run[Any], fields: Iterable[str], sums: Iterable[Written]) -> dict[str, float | str | None]:
    """The numbers of cells by their fields, and the signs of sums that are written out."""
    found: dict[str, float | str | None] = {}
    written = [one for one in sums if one.legible]
    for field in (*fields, *(ref for one in written for ref in (*one.refs, one.field))):
        try:
            found[field] = number_of(run, field)
        except KeyError:  # no gradient gets there
            found[field] = None
    return found | {f"{one.field}.equals": one.sign(run) for one in written}
