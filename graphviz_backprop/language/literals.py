"""What is plain in a program: numbers, tensors of them, and the settings of calls."""

from __future__ import annotations

import itertools
import math
import operator
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import replace
from types import EllipsisType

from graphviz_backprop.language.errors import ExpressionError
from graphviz_backprop.language.indices import Typed
from graphviz_backprop.language.shapes import RANK, Misfit, Shape, said
from graphviz_backprop.language.shaping import tensors_taken
from graphviz_backprop.language.syntax import Expr
from graphviz_backprop.language.tensor import MAKERS, Tensor, stacked
from graphviz_backprop.language.tensor import made as maker
from graphviz_backprop.language.tensor_ops import Setting

FRACTIONS = frozenset("½⅓⅔¼¾⅕⅖⅗⅘⅙⅚⅐⅛⅜⅝⅞⅑⅒")
_WORDS: Mapping[str, Setting] = {"True": True, "False": False, "true": True, "false": False, "None": None}
_LISTED = ("concat", "concatenate", "cat", "stack")
"""Functions that take their tensors in a bracket, too, as NumPy's and PyTorch's do."""

# Numbers


def number_of(digits: str) -> float:
    """The double that digits, or a fraction such as ½, stand for."""
    return unicodedata.numeric(digits) if digits in FRACTIONS else float(digits)


def _signed(expr: Expr) -> bool:
    """Whether it is +2, whose sign is no node."""
    return expr.extent[1] == expr.span[1]


def plain_number(expr: Expr) -> float | None:
    """The number that an expression is: digits, with a sign or without, and no parentheses around it."""
    if expr.span != expr.extent and not _signed(expr):
        return None
    if expr.kind == "neg" and expr.args[0].kind == "number":
        number = -number_of(expr.args[0].name)
    elif expr.kind == "number":
        number = number_of(expr.name)
    else:
        return None
    return number if math.isfinite(number) else None


_OPERATIONS: Mapping[str, Callable[[float, float], float]] = {
    "add": operator.add,
    "sub": operator.sub,
    "mul": operator.mul,
    "div": operator.truediv,
}
_COMPUTED = {**_OPERATIONS, "pow": math.pow}
STARTING = frozenset((*MAKERS, "sqrt"))
"""Functions that may stand in what a variable starts at."""


def computed(expr: Expr, depth: int = 20) -> float | None:
    """The number that numbers alone make: ``5/3``, ``(10 * 3)^0.5``, ``sqrt(30)``. None for what is none."""
    if expr.kind == "number":
        return plain_number(replace(expr, extent=expr.span))
    root = expr.kind == "call" and expr.name == "sqrt"
    if depth == 0 or not (root or expr.kind == "neg" or expr.kind in _COMPUTED):
        return None
    parts = [computed(part, depth - 1) for part in expr.args]
    numbers = [part for part in parts if part is not None]
    if len(numbers) < len(parts):
        return None
    try:
        found = _applied(expr, numbers)
    except (ArithmeticError, ValueError):
        return None
    return found if math.isfinite(found) else None


def _applied(expr: Expr, numbers: list[float]) -> float:
    if expr.kind == "neg":
        return -numbers[0]
    return math.sqrt(*numbers) if expr.kind == "call" else _COMPUTED[expr.kind](*numbers)


def whole(expr: Expr) -> int | None:
    """The whole number that an expression is, as typed: digits and a sign alone."""
    digits = expr.args[0] if expr.kind == "neg" else expr
    if digits.kind != "number" or not digits.name.isdecimal() or len(digits.name) > 15:
        return None
    return -int(digits.name) if expr.kind == "neg" else int(digits.name)


# Tensors


def tensor(expr: Expr, text: str, depth: int = 1) -> Tensor | None:
    """The tensor that a bracket of plain numbers is; None for what has other expressions in it.

    Raises ExpressionError for rows of different lengths, and brackets too deep.
    """
    if depth > RANK:
        raise ExpressionError(f"this has more than {RANK} axes", *expr.extent, f"a tensor has {RANK} at most")
    rows: list[Tensor | float] = []
    for part in expr.args:
        row = tensor(part, text, depth + 1) if part.kind == "bracket" else plain_number(part)
        if row is None:
            return None
        rows.append(row)
    try:
        return stacked(rows)
    except Misfit as misfit:
        raise ExpressionError(str(misfit), *_odd(expr, rows).extent, _even(expr, rows)) from None


def _odd(expr: Expr, rows: list[Tensor | float]) -> Expr:
    """The row that differs from the first one."""
    shapes = [row.shape if isinstance(row, Tensor) else () for row in rows]
    return next((part for part, shape in zip(expr.args, shapes, strict=True) if shape != shapes[0]), expr)


def _even(expr: Expr, rows: list[Tensor | float]) -> str:
    first = rows[0] if rows else 0.0
    if not rows:
        return "as in [1, 2]"
    return f"rows are alike: each is {said(first.shape) if isinstance(first, Tensor) else 'a number'}"


def made(expr: Expr, text: str, given: Mapping[str, Setting] | None = None) -> Tensor | None:
    """The tensor that a call such as ``zeros(2, 3)`` is; None for another call. Raises Misfit."""
    if expr.kind != "call" or expr.name not in MAKERS:
        return None
    settings = {part.name: setting(part.value, given or {}) for part in expr.settings}
    found: list[int] = []
    for arg in expr.args:
        size = setting(arg, given or {})
        found += size if isinstance(size, tuple) else [size]
    for number in (*found, *settings.values()):
        if not isinstance(number, int) or isinstance(number, bool):
            raise Misfit(f"{expr.name} takes plain whole numbers: {expr.name}(2, 3)")
    return maker(expr.name, found, settings)._replace(text=_call(expr, text, found, settings))


def _call(expr: Expr, text: str, sizes: list[int], settings: Mapping[str, Setting]) -> str:
    """A call as it was typed; with plain numbers where its sizes are those of other tensors."""
    numbers = [part for arg in expr.args for part in (arg, *arg.args) if part.kind == "number"]
    if all(text[slice(*part.span)] == part.name for part in numbers):
        return text[slice(*expr.span)]
    given = [*map(str, sizes), *(f"{name}={value}" for name, value in settings.items())]
    return f"{expr.name}({', '.join(given)})"


def start(expr: Expr, text: str, told: Callable[[Expr], Expr]) -> Tensor | None:
    """The tensor at which a variable starts that is given this; None for what is no plain tensor.

    What a maker gives may be scaled and shifted by numbers: ``randn(2, 3, seed=7) * (5/3) / sqrt(3)``.
    ``told`` puts plain numbers in the place of sizes.
    """
    try:
        return tensor(expr, text) if expr.kind == "bracket" else _scaled(expr, text, told)
    except Misfit as misfit:
        raise ExpressionError(str(misfit), *expr.extent) from None


def _scaled(root: Expr, text: str, told: Callable[[Expr], Expr]) -> Tensor | None:
    steps: list[tuple[str, float, bool]] = []
    expr = root
    while expr.kind in _OPERATIONS:
        left, right = expr.args
        for inner, other, first in ((left, right, True), (right, left, False)):
            number = computed(other)
            if number is not None and (first or expr.kind != "div"):
                steps.append((expr.kind, number, first))
                expr = inner
                break
        else:
            return None
    found = made(told(expr) if expr.kind == "call" else expr, text)
    if found is None or ("div", 0) in ((kind, number) for kind, number, _ in steps):
        return None
    cells, then = found.cells, tuple(reversed(steps))
    for kind, number, first in then:
        operate = _OPERATIONS[kind]
        cells = tuple(operate(cell, number) if first else operate(number, cell) for cell in cells)
    written = text[root.span[0] : expr.span[0]] + found.text + text[expr.span[1] : root.span[1]]
    return found._replace(cells=cells, text=written, making=found.making and found.making._replace(then=then))


# Parts of expressions


def counted(shape: Shape) -> str:
    """A list of this shape, of 1, 2, 3 …, as it is written."""
    numbers = itertools.count(1)

    def write(sizes: Shape) -> str:
        if not sizes:
            return str(next(numbers))
        return f"[{', '.join(write(sizes[1:]) for _ in range(sizes[0]))}]"

    return write(shape)


def parts(expr: Expr) -> tuple[Expr, ...]:
    """The arguments of an expression: what is in it, less what is plain and decides its shape."""
    if expr.kind == "bracket":
        return () if tensor(expr, "") is not None else expr.args
    if expr.kind == "index":
        return (expr.args[0], *(entry for entry in expr.args[1:] if _typed(entry) is None))
    if expr.kind == "call":
        return _tensors(expr)
    return expr.args


def _tensors(expr: Expr) -> tuple[Expr, ...]:
    if expr.name in MAKERS:
        return ()
    if expr.name == "einsum":
        return expr.args[1:] if expr.args and expr.args[0].kind == "string" else expr.args
    if expr.name in _LISTED and len(expr.args) == 1 and expr.args[0].kind == "bracket":
        return expr.args[0].args
    count = len(sizes(expr))
    return expr.args[:-count] if count else expr.args


def sizes(expr: Expr) -> list[Setting]:
    """The plain numbers behind the tensors of a call."""
    taken = tensors_taken(expr.name)
    if taken is None:
        return []
    found: list[Setting] = []
    for arg in expr.args[taken:]:
        known = whole(arg)
        if known is None and arg.kind in ("sizes", "bracket"):
            known = _tuple(arg)
        if known is None:
            return []
        found.append(known)
    return found


def _tuple(expr: Expr) -> Setting:
    found = tuple(whole(part) for part in expr.args)
    return None if None in found else found


def setting(expr: Expr, given: Mapping[str, Setting]) -> Setting:
    """The value of ``axis=…``; a name stands for a setting that is ``given``. Raises Misfit."""
    if expr.kind == "string":
        return expr.name
    if expr.kind == "name" and expr.name in given:
        return given[expr.name]
    if expr.kind == "name" and expr.name in _WORDS:
        return _WORDS[expr.name]
    if expr.kind in ("sizes", "bracket"):
        return tuple(setting(part, given) for part in expr.args)
    number = whole(expr)
    if number is None:
        number = plain_number(expr)  # type: ignore[assignment]
    if number is None:
        raise Misfit("a setting is a plain number here: what decides a shape has no gradient")
    return number


def entries(expr: Expr) -> list[Typed | EllipsisType | None]:
    """What stands between the brackets of an index; None for what is an argument. Raises Misfit."""
    return [_typed(entry) for entry in expr.args[1:]]


def _typed(entry: Expr) -> Typed | EllipsisType | None:
    if entry.kind == "rest":
        return ...
    if entry.kind != "slice":
        return whole(entry)
    ends: list[int | None] = []
    given = iter(entry.args)
    for sign in entry.name.split(":"):
        end = whole(next(given)) if sign else None
        if sign and end is None:
            message = "the ends of a slice are plain whole numbers"
            raise ExpressionError(message, *entry.extent, "as in x[1:3]")
        ends.append(end)
    start, stop, step = [*ends, None][:3]
    return start, stop, step
