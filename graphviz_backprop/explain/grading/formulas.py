"""Gradients that are handed in as formulas: ``dlogits = (softmax(logits) - one_hot(Yb, 27)) / 32``.

A formula is a program of the language, or pasted Python, whose names are nodes of the program that is graded,
their gradients, ``dlogits`` for that of ``logits``, and what was given a value above it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from graphviz_backprop.engine import autodiff
from graphviz_backprop.engine.autodiff import Run
from graphviz_backprop.explain.grading.handed_in import HandedIn
from graphviz_backprop.language.errors import ExpressionError
from graphviz_backprop.language.parser import Limits
from graphviz_backprop.language.pasted import reading

_LINE = re.compile(r"^[ \t]*([^\W\d]\w*(?:\.grad)?)[ \t]*=(?!=)[ \t]*([^#\n]*[^#\s])", re.M)
_NAME = re.compile(r"(?<![\w.])[^\W\d]\w*")
_LIMITS = Limits(characters=10_000, nodes=2_000, cells=1_000_000)
_MOST = 100
"""So many formulas are read."""


def added(handed: HandedIn, text: str, run: Run[Any]) -> HandedIn:
    """What was handed in, with the values of the formulas among it."""
    known = _known(run)
    gradients = {node.id for node in run.graph.nodes} | {*run.variables}
    found = dict(handed.answers)
    notes = list(handed.notes)
    used: set[str] = set()
    for name, formula in _LINE.findall(text)[:_MOST]:
        unread = f"{name} is not read: "
        if name in handed.answers:
            known[name] = handed.answers[name]
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
    for node, value, gradient in zip(run.graph.nodes, run.values, run.gradients, strict=True):
        if run.graph.pasted and not node.named:
            continue  # its letter may be a name of the text that was pasted
        known.setdefault(node.id, value)
        if gradient is not None:
            known.setdefault(f"d{node.id}", gradient)
    return known


def _value(formula: str, known: Mapping[str, Any]) -> Any:
    """Raises ExpressionError, and ValueError for a name that has no value."""
    import numpy as np

    named = {name: np.asarray(known[name]) for name in dict.fromkeys(_NAME.findall(formula)) if name in known}
    head = [f"{name} = {_start(value.shape)}" for name, value in named.items()]
    graph = reading.parse("\n".join([*head, formula]), "graph", _LIMITS)
    if missing := [name for name in graph.variables if name not in named]:
        raise ValueError(f"{missing[0]} has no value")
    at = {name: named[name] if named[name].shape else float(named[name]) for name in graph.variables}
    return np.asarray(autodiff.compile(graph)(at).value).tolist()


def _start(shape: tuple[int, ...]) -> str:
    return f"zeros({', '.join(map(str, shape))})" if shape else "1"
