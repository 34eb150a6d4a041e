"""Files that hold somebody's gradients: read, and never run.

Of a Python file only assignments of numbers are read: ``dW = [[1, 2], [3, 4]]``, ``db = np.array([0.5])``.
"""

from __future__ import annotations

import ast
import io
import json
import math
import operator
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

MOST_BYTES = 20_000_000
MOST_TEXT = 1_000_000
_DEEPEST = 200
_ARRAYS = frozenset(("array", "asarray", "tensor", "Tensor", "float32", "float64", "float"))
_LIBRARIES = frozenset(("np", "numpy", "torch", "jnp", "jax"))
_NUMBERS = {"nan": math.nan, "inf": math.inf, "pi": math.pi, "e": math.e}
_SIGNS: Mapping[type[ast.unaryop], Callable[[float], float]] = {
    ast.USub: operator.neg,
    ast.UAdd: operator.pos,
}
_OPERATIONS: Mapping[type[ast.operator], Callable[[float, float], float]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Pow: math.pow,
}


class Unreadable(ValueError):
    """A file that can't be read as answers."""


@dataclass
class HandedIn:
    """Numbers and nested lists by name, and what stands in the file beside them."""

    answers: dict[str, Any] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)


def read(data: bytes, ending: str) -> HandedIn:
    """The answers in a file: ``.py``, ``.json`` or ``.npz``. Raises Unreadable."""
    if len(data) > (MOST_BYTES if ending == ".npz" else MOST_TEXT):
        raise Unreadable("this file is too large for answers")
    if ending == ".npz":
        return HandedIn(_arrays(data))
    if ending not in (".py", ".json"):
        raise Unreadable(f"answers are a .py, .json or .npz file, not {ending or 'one without an ending'}")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Unreadable("this file is no text in UTF-8") from None
    return _json(text) if ending == ".json" else python(text)


def _arrays(data: bytes) -> dict[str, Any]:
    import zipfile

    import numpy as np

    try:
        with np.load(io.BytesIO(data), allow_pickle=False) as found:
            if sum(info.file_size for info in found.zip.infolist()) > 10 * MOST_BYTES:
                raise Unreadable("these arrays are too large for answers")
            return {name: np.asarray(found[name], dtype=np.float64) for name in found.files}
    except (ValueError, TypeError, OSError, EOFError, AttributeError, zipfile.BadZipFile) as error:
        if isinstance(error, Unreadable):
            raise
        raise Unreadable("this is no .npz file of numbers, as numpy.savez writes it") from None


def _json(text: str) -> HandedIn:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise Unreadable(f"this is no JSON: {error}") from None
    if not isinstance(found, dict):
        raise Unreadable('answers in JSON are an object: {"W": [[1, 2]], "b": 3}')
    read = HandedIn()
    for name, value in found.items():
        try:
            read.answers[name] = _listed(value)
        except ValueError as error:
            read.notes.append(f"{name} is not read: {error}")
    return read


def _listed(value: Any, depth: int = 0) -> Any:
    if depth > _DEEPEST:
        raise ValueError("its lists are too deep")
    if isinstance(value, list):
        return [_listed(one, depth + 1) for one in value]
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError(f"{value!r:.40} is no number")
    return _float(value)


def _float(value: int | float) -> float:
    try:
        return float(value)
    except OverflowError:
        raise ValueError("a number in it is too large") from None


def python(text: str) -> HandedIn:
    """The assignments of numbers in Python source. Nothing of it is run."""
    try:
        module = ast.parse(text)
    except SyntaxError as error:
        raise Unreadable(f"line {error.lineno or 1} is no Python: {error.msg}") from None
    except (ValueError, RecursionError, MemoryError):
        raise Unreadable("this is no Python that can be read") from None
    read = HandedIn()
    for statement in module.body:
        if isinstance(statement, _SILENT) or _is_text(statement):
            continue
        for name, value in _assigned(statement):
            try:
                read.answers[name] = _value(value, read.answers)
            except (ValueError, ArithmeticError) as error:
                read.answers.pop(name, None)
                read.notes.append(f"line {statement.lineno}: {name} is not read: {error}")
        if not list(_assigned(statement)):
            read.notes.append(f"line {statement.lineno} is not run: only assignments of numbers are read")
    return read


_SILENT = (ast.Import, ast.ImportFrom, ast.Pass)


def _is_text(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)


def _assigned(statement: ast.stmt) -> Iterator[tuple[str, ast.expr]]:
    """Names and what they are given: one name a target."""
    if isinstance(statement, ast.Assign):
        targets, value = statement.targets, statement.value
    elif isinstance(statement, ast.AnnAssign):
        targets, value = [statement.target], statement.value or statement.annotation  # dx: 40
    elif isinstance(statement, ast.Expr):
        targets, value = [], statement.value
    else:
        return
    if isinstance(value, ast.Dict):  # {"W": [[1, 2]]}, whatever it is called
        yield from _of_dictionary(value)
        return
    for target in targets:
        if isinstance(target, ast.Name):
            yield target.id, value
        elif isinstance(target, ast.Attribute) and isinstance(target.value, ast.Name):
            yield f"{target.value.id}.{target.attr}", value  # W.grad = …


def _of_dictionary(found: ast.Dict) -> Iterator[tuple[str, ast.expr]]:
    for key, value in zip(found.keys, found.values, strict=True):
        if isinstance(key, ast.Constant) and isinstance(key.value, str):
            yield key.value, value


def _value(node: ast.expr, known: Mapping[str, Any], depth: int = 0) -> Any:
    """Numbers and lists of them; sums, products and powers of numbers. Raises ValueError for all else."""
    if depth > _DEEPEST:
        raise ValueError("it is nested too deep")
    if isinstance(node, ast.List | ast.Tuple):
        return [_value(one, known, depth + 1) for one in node.elts]
    if isinstance(node, ast.Constant) and type(node.value) in (int, float):
        return _float(node.value)  # type: ignore[arg-type]
    if isinstance(node, ast.UnaryOp) and type(node.op) in _SIGNS:
        return _SIGNS[type(node.op)](_number(_value(node.operand, known, depth + 1)))
    if isinstance(node, ast.BinOp) and type(node.op) in _OPERATIONS:
        sides = [_number(_value(side, known, depth + 1)) for side in (node.left, node.right)]
        return _OPERATIONS[type(node.op)](*sides)
    if isinstance(node, ast.Name) and node.id in known:
        return known[node.id]
    if isinstance(node, ast.Name) and node.id in ("nan", "inf"):
        return _NUMBERS[node.id]
    if isinstance(node, ast.Call) and node.args and _is_array(node.func):
        return _value(node.args[0], known, depth + 1)
    if isinstance(node, ast.Attribute) and _is_library(node.value) and node.attr in _NUMBERS:
        return _NUMBERS[node.attr]
    raise ValueError("it is no number and no list of numbers")


def _number(value: Any) -> float:
    if not isinstance(value, float):
        raise ValueError("only numbers are added, multiplied and raised to powers here")
    return value


def _is_array(function: ast.expr) -> bool:
    if isinstance(function, ast.Attribute):
        return _is_library(function.value) and function.attr in _ARRAYS
    return isinstance(function, ast.Name) and function.id in _ARRAYS


def _is_library(node: ast.expr) -> bool:
    return isinstance(node, ast.Name) and node.id in _LIBRARIES
