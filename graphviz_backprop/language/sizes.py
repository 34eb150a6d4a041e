"""Sizes that a program takes from its own tensors: ``x.shape[0]``, ``x.size``, sums and products of such.

Shapes are known while the graph is made, so a size is a plain number there, and may stand wherever one may.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from dataclasses import replace

from graphviz_backprop.language.builder import Builder
from graphviz_backprop.language.errors import ExpressionError
from graphviz_backprop.language.literals import whole
from graphviz_backprop.language.shapes import Shape, said, size
from graphviz_backprop.language.shaping import tensors_taken
from graphviz_backprop.language.syntax import Expr, Setting
from graphviz_backprop.language.tensor import MAKERS

Find = Callable[[Expr], int | None]
"""The node that a name stands for; None for one that the program has not given a value."""

_COMPUTED: Mapping[str, Callable[[int, int], int]] = {
    "add": operator.add,
    "sub": operator.sub,
    "mul": operator.mul,
}
_SHAPES = frozenset((*MAKERS, "reshape", "view", "broadcast"))
"""What is given shapes."""
_MOST = 10**12


class Sizes:
    """Puts plain numbers in the place of sizes."""

    def __init__(self, builder: Builder) -> None:
        self.builder = builder

    def told(self, expr: Expr, find: Find) -> Expr:
        """The same expression, with the sizes in it as the numbers that they are. Raises ExpressionError."""
        if expr.kind == "call":
            return self._call(expr, find)
        if expr.kind == "index" and expr.args[0].kind != "shape":
            return _with(expr, [expr.args[0], *(self._slice(entry, find) for entry in expr.args[1:])])
        number = self._size(expr, find)
        return expr if number is None else _number(number, expr)

    def _call(self, expr: Expr, find: Find) -> Expr:
        taken = 0 if expr.name in MAKERS else tensors_taken(expr.name)
        args = [*expr.args]
        if taken is not None:
            args[taken:] = [self._plain(arg, find) for arg in args[taken:]]
            if expr.name in _SHAPES:
                self._refuse_variables(args[taken:], find)
        settings = [Setting(one.name, self._plain(one.value, find), one.span) for one in expr.settings]
        changed = any(one.value is not old.value for one, old in zip(settings, expr.settings, strict=True))
        found = _with(expr, args)
        return replace(found, settings=tuple(settings)) if changed else found

    def _refuse_variables(self, args: list[Expr], find: Find) -> None:
        for arg in args:
            at = find(arg) if arg.kind == "name" else None
            if at is not None and self.builder.starts(at):
                raise ExpressionError(
                    f"{arg.name} is a variable, and what decides a shape is a plain number",
                    *arg.extent,
                    f"in parentheses a number is a constant: {arg.name} = (3)",
                )

    def _slice(self, entry: Expr, find: Find) -> Expr:
        if entry.kind != "slice":
            return entry
        return _with(entry, [self._plain(end, find) for end in entry.args])

    def _plain(self, expr: Expr, find: Find) -> Expr:
        """What decides a shape, in plain numbers where it is one."""
        if expr.kind == "shape":
            shape = self._shape(expr, find)
            return Expr("sizes", tuple(_number(one, expr) for one in shape), expr.span, expr.extent)
        if expr.kind in ("sizes", "bracket"):
            return _with(expr, [self._plain(part, find) for part in expr.args])
        if whole(expr) is not None:
            return expr
        number = self._size(expr, find)
        return expr if number is None else _number(number, expr)

    def _size(self, expr: Expr, find: Find, depth: int = 20) -> int | None:
        """The whole number that an expression is; None for what is none, or is nested too deep."""
        if (number := whole(expr)) is not None or depth == 0:
            return number
        if expr.kind == "index" and expr.args[0].kind == "shape":
            return self._length(expr, find)
        if expr.kind == "size":
            return size(self._shape(expr, find))
        if expr.kind == "name":
            return self._constant(expr, find)
        if expr.kind in (*_COMPUTED, "div", "neg"):
            parts = [self._size(part, find, depth - 1) for part in expr.args]
            return _computed(expr, [part for part in parts if part is not None])
        return None

    def _constant(self, expr: Expr, find: Find) -> int | None:
        """The whole number that a name is given in parentheses: ``n = (32)``."""
        at = find(expr)
        value = None if at is None else self.builder.constant(at)
        return int(value) if value is not None and abs(value) < _MOST and value == int(value) else None

    def _length(self, expr: Expr, find: Find) -> int:
        """``x.shape[0]``."""
        shape = self._shape(expr.args[0], find)
        axis = whole(expr.args[1]) if len(expr.args) == 2 else None
        name = expr.args[0].args[0].name
        if axis is None:
            raise ExpressionError("the number of an axis is a plain whole number", *expr.extent, "x.shape[0]")
        if not -len(shape) <= axis < len(shape):
            raise ExpressionError(f"{name} is {said(shape)}: it has no axis {axis}", *expr.extent)
        return shape[axis]

    def _shape(self, expr: Expr, find: Find) -> Shape:
        """The shape of what stands before ``.shape`` or ``.size``."""
        of = expr.args[0]
        if of.kind != "name":
            raise ExpressionError(
                f".{expr.kind} stands behind a name", *expr.extent, f"y = … above, then y.{expr.kind}"
            )
        at = find(of)
        return () if at is None else self.builder.shape(at)


def _computed(expr: Expr, parts: list[int]) -> int | None:
    """A sum, a product, or a quotient without rest."""
    if len(parts) < len(expr.args) or max(map(abs, parts)) > _MOST:
        return None
    if expr.kind == "neg":
        return -parts[0]
    one, other = parts
    if expr.kind == "div":
        return one // other if other and one % other == 0 else None
    return _COMPUTED[expr.kind](one, other)


def _number(number: int, place: Expr) -> Expr:
    digits = Expr("number", (), place.span, place.extent, str(abs(number)))
    return digits if number >= 0 else Expr("neg", (digits,), place.span, place.extent)


def _with(expr: Expr, args: list[Expr]) -> Expr:
    """The expression of other parts; itself where they are its own."""
    same = all(one is other for one, other in zip(args, expr.args, strict=True))
    return expr if same else replace(expr, args=tuple(args))
