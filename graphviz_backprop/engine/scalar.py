"""Rows of the table of operations as functions of floats, one node at a time: Python's half of ``ops.js``.

Whole graphs are compiled (:mod:`graphviz_backprop.engine.autodiff`); here is what looks at single nodes: a
value computed anew, a condition that a row states.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Sequence
from typing import Any

from graphviz_backprop.engine.codegen import PYTHON, expression, formulas
from graphviz_backprop.engine.kernels import SCALAR
from graphviz_backprop.language.ops import OPS
from graphviz_backprop.language.parser import parse_row

Function = Callable[..., float]


def value(name: str, args: Sequence[float]) -> float:
    """The value of the operation of this name."""
    return _value(name)(*args)


@functools.cache
def _value(name: str) -> Function:
    op = OPS[name]
    if op.variadic:
        return _function("*xs", formulas(name, PYTHON).value.format(args="*xs"))
    slots = {slot: slot for slot in op.arguments}
    return _function(", ".join(op.arguments), formulas(name, PYTHON).value.format(**slots))


@functools.cache
def function(text: str, names: tuple[str, ...]) -> Function:
    """A formula of a row as a function of these names."""
    return _function(", ".join(names), expression(text, {name: name for name in names}, PYTHON))


def _function(names: str, code: str) -> Function:
    space: dict[str, Any] = {"__builtins__": {}, "inf": float("inf"), "nan": float("nan"), **SCALAR}
    return eval(f"lambda {names}: {code}", space)  # type: ignore[no-any-return]  # our own rows only


@functools.cache
def names(text: str) -> frozenset[str]:
    """The names in a formula of a row."""
    return frozenset(parse_row(text).variables)


@functools.cache
def template(text: str) -> str:
    """A form with its names in braces: ``log({x} + 1e-12)``. Functions' names are none."""
    known = names(text)
    return re.sub(r"[^\W\d]\w*", lambda word: f"{{{word[0]}}}" if word[0] in known else word[0], text)
