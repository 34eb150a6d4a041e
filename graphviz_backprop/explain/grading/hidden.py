"""Numbers that are hidden, to be found: which ones a text such as ``"gradients,from:7"`` means.

This is the one place that decides it. What shows numbers asks :meth:`Veil.covers`, whether it is the figure,
a table, a file or a text for screen readers.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from graphviz_backprop.explain import steps
from graphviz_backprop.explain.grading.targets import target
from graphviz_backprop.explain.paths import places
from graphviz_backprop.language.cached import cached_property
from graphviz_backprop.language.graph import VAR, Graph
from graphviz_backprop.language.ops import OPS
from graphviz_backprop.language.shapes import Shape

T = TypeVar("T")

GROUPS = ("gradients", "partials", "values", "update")
"""What one word hides; ``path:x`` hides the paths to x, ``from:7`` what the player's steps from 7 on show."""

MOST = 200
"""So many items, at the most, are read."""

_GRAPH = ("value", "gradient", "partial", "flow", "total", "together")
_SIGNS = ("equals", "gives", "adds", "sums")
_KINDS = {
    "gradients": {"total", "gradient", "flow"},
    "values": {"value"},
}


@dataclass(frozen=True)
class Veil:
    """The hidden fields, of tensors whole ones or cells, ``W[0,1].gradient``.

    Once there are some, what is computed from the graph's numbers is hidden as well.
    ``update``: so are the numbers of a descent's update. ``names`` are those of nodes and variables.
    """

    fields: frozenset[str] = frozenset()
    update: bool = False
    names: frozenset[str] = frozenset()

    def __bool__(self) -> bool:
        return bool(self.fields) or self.update

    def covers(self, field: str) -> bool:
        """Whether the number of this name is hidden."""
        if not self:
            return False
        cell = _CELL.fullmatch(field)
        if cell:
            return self._covers_cell(cell)
        head, _, word = field.rpartition(".")
        if word in _SIGNS and head:
            return False
        if word in _GRAPH and head.partition(".")[0] in self.names:
            return field in self.fields or field in self.parts
        if field.startswith(("update.", "descent.now.update")):
            return self.update or any(name.endswith(".total") for name in self.fields)
        return bool(self.fields)  # paths, tangents, nudges, notes, lengths: each tells what is hidden

    @cached_property
    def parts(self) -> dict[str, frozenset[str]]:
        """The fields of tensors of which cells are hidden, and which ones: ``0,1``."""
        found: dict[str, set[str]] = {}
        for field in self.fields:
            cell = _CELL.fullmatch(field)
            if cell:
                found.setdefault(f"{cell[1]}{cell[3]}", set()).add(cell[2])
        return {field: frozenset(places) for field, places in found.items()}

    def _covers_cell(self, cell: re.Match[str]) -> bool:
        """A cell is hidden with its tensor; how cells are shaded tells the greatest of all."""
        name, place, word, look = cell.groups()
        whole = f"{name}{word}"
        if name not in self.names:
            return bool(self.fields)
        hidden = self.parts.get(whole, frozenset())
        return whole in self.fields or place in hidden or (look == ".shade" and bool(hidden))

    def kinds(self) -> tuple[str, ...]:
        """The words that hide at least the same of the graph of the cells, whose nodes are others.

        There local partials are numbers, and of a product they are values.
        """
        words = {field.rpartition(".")[2] for field in self.fields}
        found = [kind for kind, own in _KINDS.items() if words & own]
        return (*found, "partials") if found else ()

    def document(self, asked: Iterable[Any] = ()) -> dict[str, Any] | None:
        """For the browser, which hides the same: ``static/page/hidden.js``; with what is ``asked`` of it."""
        if not self:
            return None
        return {
            "fields": sorted(self.fields),
            "update": self.update,
            "own": list(_GRAPH),
            "signs": list(_SIGNS),
            "asked": list(asked),
        }

    def over(self, fields: Mapping[str, T | None]) -> dict[str, T | None]:
        """The fields with nothing where they are hidden."""
        if not self:
            return dict(fields)
        return {
            name: self._left(name, number) if self.covers(name) else number for name, number in fields.items()
        }

    def _left(self, name: str, number: Any) -> Any:
        """What is left to see of a tensor: nothing stands in place of its hidden cells."""
        if name in self.fields or name not in self.parts or not getattr(number, "shape", ()):
            return None
        seen = number.astype(object)
        for place in self.parts[name]:
            seen[tuple(map(int, place.split(",")))] = None
        return seen


NOTHING = Veil()

_CELL = re.compile(
    r"([^.\[\]]+)\[([0-9,]{1,40})\]((?:\.[0-9]{1,6})?\.(?:value|gradient|flow|total))(\.shade|\.sign)?"
)


def veil(graph: Graph, text: str) -> Veil:
    """What a text hides in a graph; what it does not know is passed over."""
    return veil_of(graph, items(text))


def veil_of(graph: Graph, named: Collection[str]) -> Veil:
    """What these items hide."""
    found = {field for item in named for field in _fields(graph, item)}
    names = frozenset((*graph.positions, *graph.variables))
    return Veil(frozenset(_with_equals(graph, found) | _cells(graph, named)), "update" in named, names)


def items(text: str) -> list[str]:
    """What stands in a text, no more of it than is read."""
    found = (item.strip().replace(", ", ",") for item in _COMMA.split(text, MOST)[:MOST])
    return [item for item in found if item]


_COMMA = re.compile(r",(?![^\[\],]*(?:,[^\[\],]*){0,3}\])")
"""One that stands between items: others are inside a cell's brackets."""


def _cells(graph: Graph, items: Iterable[str]) -> set[str]:
    """The fields of cells, ``W[0,1].gradient``, and those that are always the same number."""
    found = set()
    for item in items:
        cell = _CELL.fullmatch(item)
        if not cell or cell[4] or graph.of_numbers:
            continue
        place = tuple(int(index) for index in cell[2].split(",") if index)
        for field in _with_equals(graph, set(_fields(graph, f"{cell[1]}{cell[3]}"))):
            if _has(_shape(graph, field), place):
                found.add(cell_of(field, place))
    return found


def cell_of(field: str, place: Iterable[int]) -> str:
    """The field of a cell: ``z[0,1].0.flow`` of ``z.0.flow``."""
    name, dot, rest = field.partition(".")
    return f"{name}[{','.join(map(str, place))}]{dot}{rest}"


def _has(shape: Shape, place: Shape) -> bool:
    return len(place) == len(shape) and all(0 <= at < size for at, size in zip(place, shape, strict=True))


def _shape(graph: Graph, field: str) -> Shape:
    name, arg, *word = field.split(".")
    if arg == "total":
        return graph.shapes[name]
    node = graph.nodes[graph.positions[name]]
    return graph.nodes[node.args[int(arg)]].shape if word else node.shape


def _fields(graph: Graph, item: str) -> Iterator[str]:
    head, _, rest = item.partition(":")
    if head == "path":
        yield from _path(graph, rest)
    elif head == "from" and rest.isascii() and rest.isdecimal() and len(rest) < 7:
        for step in _steps(graph)[int(rest) :]:
            yield from (field for field in step.shows if not _given(graph, field))
    elif item == "values":
        yield from (f"{node.id}.value" for node in graph.nodes if node.args)
    elif item == "partials":
        yield from (f"{place}.partial" for place in _edges(graph))
    elif item == "gradients":
        yield from (f"{node.id}.gradient" for node in graph.nodes[:-1])
        yield from (f"{place}.flow" for place in _edges(graph))
        yield from (f"{name}.total" for name in graph.variables)
    else:
        try:
            yield target(graph, item).field
        except ValueError:
            return


def _steps(graph: Graph) -> list[steps.Step]:
    if graph.of_numbers:
        return steps.steps(graph)
    from graphviz_backprop.explain.tensors.steps import tensor_steps  # and NumPy

    return tensor_steps(graph)


def _given(graph: Graph, field: str) -> bool:
    """Whether nobody has to find the number: a leaf's value, or on an edge one that was found before."""
    name, _, word = field.rpartition(".")
    return word == "value" and (name not in graph.positions or not graph.nodes[graph.positions[name]].args)


def _edges(graph: Graph) -> Iterator[str]:
    for node in graph.nodes:
        yield from (f"{node.id}.{arg}" for arg in range(len(node.args)))


def _path(graph: Graph, name: str) -> Iterator[str]:
    """What lies on a path from the output to a variable or node."""
    try:
        reached = set(places(graph, name))
    except ValueError:
        return
    if name in graph.variables:
        yield f"{name}.total"
    for at, node in enumerate(graph.nodes):
        for arg, child in enumerate(node.args):
            if child in reached:
                reached.add(at)
                yield from (f"{node.id}.{arg}.partial", f"{node.id}.{arg}.flow")
    yield from (f"{graph.nodes[at].id}.gradient" for at in reached if at != len(graph.nodes) - 1)


def _with_equals(graph: Graph, found: set[str]) -> set[str]:
    """With the fields that are always the same number under another name, or that number with a minus."""
    if not found:
        return found
    group: dict[str, set[str]] = {}
    for equal in _equals(graph):
        together = set().union(*(group.get(field, {field}) for field in equal))
        group |= dict.fromkeys(together, together)
    return found.union(*(group.get(field, {field}) for field in found))


def _equals(graph: Graph) -> Iterator[set[str]]:
    """Sets of fields of which one tells the others."""
    yield from same_number(graph)
    for at, node in enumerate(graph.nodes):
        for args in node.repeated().values():
            yield {f"{node.id}.{args[-1]}.together", *(f"{node.id}.{arg}.partial" for arg in args)}
        for arg in range(len(node.args)) if at < len(graph.nodes) - 1 and node.op in OPS else ():
            if OPS[node.op].partial(arg) in ("1", "-1"):
                yield {f"{node.id}.gradient", f"{node.id}.{arg}.flow"}


def same_number(graph: Graph) -> Iterator[set[str]]:
    """Sets of fields that are one number under several names, whatever the operations are."""
    uses: list[list[str]] = [[] for _ in graph.nodes]
    for node in graph.nodes:
        for arg, child in enumerate(node.args):
            uses[child].append(f"{node.id}.{arg}")
    for at, node in enumerate(graph.nodes):
        yield {f"{node.id}.value", *(f"{use}.value" for use in uses[at])}
        if len(uses[at]) == 1:
            yield {f"{node.id}.gradient", f"{uses[at][0]}.flow"}
    leaves: dict[str, list[str]] = {}
    for node in graph.nodes:
        if node.op == VAR:
            leaves.setdefault(node.name, []).append(node.id)
    for name, ends in leaves.items():
        if len(ends) == 1:
            yield {f"{name}.total", f"{ends[0]}.gradient"}
