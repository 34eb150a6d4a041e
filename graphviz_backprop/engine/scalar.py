"""Rows of the table of operations as functions of floats, one node at a time: Python's half of ``ops.js``.

Whole graphs are compiled (:mod:`graphviz_backprop.engine.autodiff`); here is what looks at single nodes: a
value computed anew, a condition that a row states.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Mapping, Sequence

from graphviz_backprop.engine.codegen import PYTHON, formulas
from graphviz_backprop.engine.functions import bound, function
from graphviz_backprop.engine.kernels import SCALAR
from graphviz_backprop.language.parser import parse_row

Function = Callable[..., float]


def value(name: str, args: Sequence[float]) -> float:
    """The value of the operation of this name."""
    return function_of(name, len(args))(*args)


@functools.lru_cache(maxsize=512)  # a variadic one for each number of arguments
def function_of(name: str, count: int) -> Function:
    """The value of the operation of this name as a function of so many arguments."""
    args = [f"x{arg}" for arg in range(count)]
    return bound(", ".join(args), formulas(name, PYTHON).value(args), SCALAR)


def formula(text: str, names: Mapping[str, float]) -> float:
    """A formula of a row, where its names stand for these numbers."""
    return _formula(text, tuple(names))(*names.values())


@functools.cache
def _formula(text: str, names: tuple[str, ...]) -> Function:
    return function(text, names, SCALAR)


@functools.cache
def names(text: str) -> frozenset[str]:
    """The names in a formula of a row."""
    return frozenset(parse_row(text).variables)


@functools.cache
def template(text: str) -> str:
    """A form with its names in braces: ``log({x} + 1e-12)``. Functions' names are none."""
    known = names(text)
    return re.sub(r"[^\W\d]\w*", lambda word: f"{{{word[0]}}}" if word[0] in known else word[0], text)


def partial(name: str, args: Sequence[float], f: float, arg: int) -> float:
    """The local partial of the operation of this name by argument number ``arg``, at the result ``f``."""
    return _partial(name, len(args), arg)(*args, f)


@functools.lru_cache(maxsize=1024)
def _partial(name: str, count: int, arg: int) -> Function:
    args = [f"x{number}" for number in range(count)]
    row = formulas(name, PYTHON)
    ties = f"count(f, {', '.join(args)})" if row.counts else "k"
    return bound(", ".join([*args, "f"]), row.partial(arg, args, "f", ties), SCALAR)
