"""Our own source as functions: the one place where text becomes something that runs.

What comes here is made of the tables' rows and of names of ours; nothing that a user typed does.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from types import CodeType
from typing import Any

from graphviz_backprop.engine.codegen import PYTHON, expression


def defined(source: str | CodeType, kernels: Mapping[str, Any]) -> Callable[..., Any]:
    """The function ``run`` that a source defines, with these kernels as its only globals."""
    space: dict[str, Any] = {"__builtins__": {}, "inf": math.inf, "nan": math.nan, **kernels}
    exec(source, space)
    return space["run"]  # type: ignore[no-any-return]


def bound(parameters: str, code: str, kernels: Mapping[str, Any]) -> Callable[..., Any]:
    """An expression in Python as a function of these parameters."""
    return defined(f"def run({parameters}): return {code}", kernels)


def function(text: str, names: Sequence[str], kernels: Mapping[str, Any]) -> Callable[..., Any]:
    """A formula of a row as a function of these names."""
    return bound(", ".join(names), expression(text, {name: name for name in names}, PYTHON), kernels)
