"""Gradients that are handed in as formulas: ``dlogits = (softmax(logits) - one_hot(Yb, 27)) / 32``.

A formula is a program of the language, or pasted Python, whose names are nodes of the program that is graded,
their gradients, ``dlogits`` for that of ``logits``, and what was given a value above it. What changes such a
value, ``dlogits[range(32), Yb] -= 1`` and ``dlogits /= 32``, is read as well.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from graphviz_backprop.engine import autodiff
from graphviz_backprop.engine.autodiff import Run
from graphviz_backprop.explain.grading.handed_in import HandedIn
from graphviz_backprop.language.errors import ExpressionError
from graphviz_backprop.language.graph import Graph, Node
from graphviz_backprop.language.parser import Limits
from graphviz_backprop.language.pasted import python, reading

_LINE = re.compile(
    r"(?:^|;)[ \t]*(?P<name>[^\W\d]\w*(?:\.grad)?)(?P<change>(?:\[[^\n;=]*\])?[ \t]*(?:\*\*|[-+*/])?)=(?!=)"
    r"[ \t]*(?P<formula>[^#\n;]*[^#\s;])",
    re.M,
)
_NAME = re.compile(r"(?<![\w.])[^\W\d]\w*")
_LIMITS = Limits(characters=10_000, nodes=2_000, cells=1_000_000)
_MOST = 100
"""So many formulas are read."""
_WHOLE = 10**6
"""A larger number decides no shape."""


def added(handed: HandedIn, text: str, graph: Graph, known: Mapping[str, Any]) -> HandedIn:
    """What was handed in, with the values of the formulas among it; ``known`` is what these may name."""
    reader = _Reader(dict(known), handed.answers, dict(handed.answers), list(handed.notes))
    for line in itertools.islice(_LINE.finditer(text), _MOST):
        change = line["change"].strip()
        if change:
            reader.change(line["name"], change, line["formula"], text.count("\n", 0, line.start("name")) + 1)
        else:
            reader.assign(line["name"], line["formula"])
    graded = {node.id for node in graph.nodes} | {*graph.variables}
    found = {
        name: value
        for name, value in reader.found.items()
        if name not in reader.used or name.removeprefix("d") in graded - {name}
    }
    return HandedIn(found, reader.notes)


def values(run: Run[Any]) -> dict[str, Any]:
    """What a formula may say of a program: its variables and nodes."""
    known: dict[str, Any] = dict(run.variables)
    if run.graph.pasted and run.graph.pasted.dialect == "python":
        known = {**python.wholes(run.graph.text), **known}
    return {**{node.id: value for node, value in _named(run, run.values)}, **known}


def gradients(run: Run[Any]) -> dict[str, Any]:
    """The gradients of nodes as formulas call them, ``dlogits``: where they are not what is to be found."""
    return {f"d{node.id}": gradient for node, gradient in _named(run, run.gradients) if gradient is not None}


def _named(run: Run[Any], numbers: Sequence[Any]) -> Iterator[tuple[Node, Any]]:
    """Nodes and their numbers; a letter of ours may be a name of the text that was pasted."""
    for node, number in zip(run.graph.nodes, numbers, strict=True):
        if node.named or not run.graph.pasted:
            yield node, number


@dataclass
class _Reader:
    """Goes through the lines; ``found`` is what names are by now, ``used`` are those that others stand on."""

    known: dict[str, Any]
    given: Mapping[str, Any]
    found: dict[str, Any]
    notes: list[str]
    used: set[str] = field(default_factory=set)

    def assign(self, name: str, formula: str) -> None:
        names = _NAME.findall(formula)
        if name in self.given:
            self.found[name] = self.known[name] = self.given[name]
        elif not self.known.keys().isdisjoint(names):  # else numbers: their faults are told
            unread = f"{name} is not read: "
            try:
                self.found[name] = self.known[name] = _value(formula, self.known)
            except (ExpressionError, ValueError) as fault:
                self.notes = [_with(note, unread, fault) for note in self.notes]
            else:
                self.used.update(names)
                self.notes = [note for note in self.notes if not _tells(note, unread)]

    def change(self, name: str, change: str, formula: str, number: int) -> None:
        """``dW[0] = 4`` and ``dW /= 2``, in the line of this number."""
        passed = next((note for note in self.notes if note.startswith(f"line {number} is not run")), None)
        self.notes = [note for note in self.notes if note is not passed]
        if name not in self.found:
            self.notes.append(f"line {number} is not read: {name} has no value above it")
            return
        try:
            self.found[name] = self.known[name] = _changed(name, f"{name}{change}= {formula}", self.known)
            self.used.update({*_NAME.findall(f"{change} {formula}")} - {name})
        except (ExpressionError, ValueError) as fault:
            del self.found[name]
            self.notes.append(f"{name} is not read: {fault}")


def _tells(note: str, unread: str) -> bool:
    return note.startswith(unread) or f": {unread}" in note


def _with(note: str, unread: str, fault: Exception) -> str:
    """A note on what is not read, with the fault of its formula."""
    return f"{note.partition(unread)[0]}{unread}{fault}" if _tells(note, unread) else note


def _value(formula: str, known: Mapping[str, Any]) -> Any:
    """Raises ExpressionError, and ValueError for a name that has no value."""
    return _evaluated([formula], {name: known[name] for name in _NAME.findall(formula) if name in known})


def _changed(name: str, statement: str, known: Mapping[str, Any]) -> Any:
    """What a name is after a statement that changes it."""
    others = {one: known[one] for one in _NAME.findall(statement) if one in known and one != name}
    before = f"{name}_before"
    lines = [f"{name} = {before} + 0", statement, name]
    return _evaluated(lines, {**others, before: known[name]})


def _evaluated(lines: list[str], given: Mapping[str, Any]) -> Any:
    import numpy as np

    named = {name: np.asarray(value) for name, value in given.items()}
    head = [f"{name} = {_start(value)}" for name, value in named.items()]
    graph = reading.parse("\n".join([*head, *lines]), "graph", _LIMITS)
    if missing := [name for name in graph.variables if name not in named]:
        raise ValueError(f"{missing[0]} has no value")
    at = {name: named[name] if named[name].shape else float(named[name]) for name in graph.variables}
    return np.asarray(autodiff.compile(graph)(at).value).tolist()


def _start(value: Any) -> str:
    """Where a name starts: a whole number as it is, which may decide a shape, as n in ``range(n)``."""
    if value.shape:
        return f"zeros({', '.join(map(str, value.shape))})"
    return str(int(value)) if float(value).is_integer() and abs(value) < _WHOLE else "1"
