"""Gradients that are handed in as formulas: ``dlogits = (softmax(logits) - one_hot(Yb, 27)) / 32``.

A formula is a program of the language, or pasted Python, whose names are nodes of the program that is graded,
their gradients, ``dlogits`` for that of ``logits``, and what was given a value above it. What changes such a
value, ``dlogits[range(32), Yb] -= 1`` and ``dlogits /= 32``, is read as well.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Mapping
from typing import Any

from graphviz_backprop.engine import autodiff
from graphviz_backprop.engine.autodiff import Run
from graphviz_backprop.explain.grading.handed_in import HandedIn
from graphviz_backprop.language.errors import ExpressionError
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


def added(handed: HandedIn, text: str, run: Run[Any]) -> HandedIn:
    """What was handed in, with the values of the formulas among it."""
    known = _known(run)
    gradients = {node.id for node in run.graph.nodes} | {*run.variables}
    found = dict(handed.answers)
    notes = list(handed.notes)
    used: set[str] = set()
    for line in itertools.islice(_LINE.finditer(text), _MOST):
        name, change, formula = line["name"], line["change"].strip(), line["formula"]
        unread = f"{name} is not read: "
        if change:
            number = text.count("\n", 0, line.start("name")) + 1
            passed = next((note for note in notes if note.startswith(f"line {number} is not run")), None)
            notes = [note for note in notes if note is not passed]
            if name not in found:
                notes.append(f"line {number} is not read: {name} has no value above it")
                continue
            try:
                found[name] = known[name] = _changed(name, f"{name}{change}= {formula}", known)
                used.update({*_NAME.findall(f"{change} {formula}")} - {name})
            except (ExpressionError, ValueError) as fault:
                del found[name]
                notes.append(f"{unread}{fault}")
            continue
        if name in handed.answers:
            found[name] = known[name] = handed.answers[name]
            continue
        if known.keys().isdisjoint(_NAME.findall(formula)):
            continue  # numbers, and what was wrong with them is told
        try:
            found[name] = known[name] = _value(formula, known)
            used.update(_NAME.findall(formula))
            notes = [note for note in notes if not _tells(note, unread)]
        except (ExpressionError, ValueError) as fault:
            notes = [
                f"{note.partition(unread)[0]}{unread}{fault}" if _tells(note, unread) else note
                for note in notes
            ]
    helpers = {name for name in used if name in found and name.removeprefix("d") not in gradients - {name}}
    return HandedIn({name: value for name, value in found.items() if name not in helpers}, notes)


def _tells(note: str, unread: str) -> bool:
    return note.startswith(unread) or f": {unread}" in note


def _known(run: Run[Any]) -> dict[str, Any]:
    known: dict[str, Any] = dict(run.variables)
    if run.graph.pasted and run.graph.pasted.dialect == "python":
        known = {**python.wholes(run.graph.text), **known}
    for node, value, gradient in zip(run.graph.nodes, run.values, run.gradients, strict=True):
        if run.graph.pasted and not node.named:
            continue  # its letter may be a name of the text that was pasted
        known.setdefault(node.id, value)
        if gradient is not None:
            known.setdefault(f"d{node.id}", gradient)
    return known


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
