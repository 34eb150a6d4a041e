"""Where shapes are known while a program is parsed: brackets, indices, calls of functions of tensors.

The parser asks here for what it can't place by its kind alone.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from graphviz_backprop.language import fitting, literals
from graphviz_backprop.language.builder import Builder
from graphviz_backprop.language.doubts import Doubts
from graphviz_backprop.language.errors import ExpressionError
from graphviz_backprop.language.fitting import Fits
from graphviz_backprop.language.shapes import Misfit, size
from graphviz_backprop.language.shaping import Shaping
from graphviz_backprop.language.syntax import Expr
from graphviz_backprop.language.tensor import Tensor
from graphviz_backprop.language.tensor_ops import LANGUAGE, Setting

SHAPED = frozenset(
    (
        "bracket",
        "index",
        "transposed",
        "matmul",
        "shape",
        "size",
        "string",
        "sizes",
        "slice",
        "rest",
        "tensor",
    )
)
"""Kinds of expressions that know of shapes; ``tensor`` is a call of a function of tensors."""

_PRODUCTS = 100
"""How many products the contractions of a program may have, for each cell that it may have."""


class Tensors:
    """Places what knows of shapes in one program; names in settings stand for those that are ``given``."""

    def __init__(
        self,
        builder: Builder,
        text: str,
        doubts: Doubts | None,
        given: Mapping[str, Setting],
        most: int,
        fits: Fits,
    ) -> None:
        self.builder, self.text, self.doubts, self.given, self.most = builder, text, doubts, given, most
        self.fits = fits
        self.shaping = Shaping(builder)
        self.cells = 0
        self.products = 0

    def place(self, expr: Expr, kind: str, args: tuple[int, ...]) -> int:
        """Places what may know of shapes; ``kind`` is the row that a call of numbers would mean.

        Raises ExpressionError where shapes do not fit, and with it what would.
        """
        try:
            position = self._place(expr, kind, args)
        except Misfit as misfit:
            raise ExpressionError(str(misfit), *expr.extent, self._hint(expr, args)) from None
        self._count(position, expr)
        return position

    def _hint(self, expr: Expr, args: tuple[int, ...]) -> str:
        if not self.doubts:
            return ""
        shapes = self.shaping.shapes(args)
        return fitting.lists_first(expr, shapes, self.doubts.unknown) or fitting.hint(
            self.text, expr, shapes, self.fits
        )

    def start(self, expr: Expr, told: Callable[[Expr], Expr]) -> Tensor | None:
        """The tensor at which a variable starts that is given this; None for what is no plain tensor.

        ``told`` puts numbers in the place of sizes.
        """
        found = literals.start(expr, self.text, told)
        if found is not None:
            self.cells += len(found.cells)
            self._check(expr)
        return found

    def _place(self, expr: Expr, kind: str, args: tuple[int, ...]) -> int:
        if kind == "bracket":
            literal = literals.tensor(expr, self.text)
            if literal is None:
                return self.shaping.stacked(args, expr.span)
            return self.builder.const(literal, "", expr.span)
        if kind == "index":
            return self.shaping.index(args[0], literals.entries(expr), args[1:], expr.span)
        if kind == "transposed":
            return self._transposed(expr, args[0])
        if kind == "matmul":
            return self.shaping.product(args, expr.span)
        if kind == "shape":
            raise Misfit("a shape is several numbers, and one of them is meant: x.shape[0] is the first")
        if kind in ("string", "sizes", "slice", "rest"):
            raise Misfit("this can't stand here")
        if kind == "mul" and self.doubts:
            self._refuse_adjacent(expr, args)
        if kind == "pow" and self.doubts and expr.kind == "pow":
            self.doubts.raised(expr, self.shaping.shapes(args))
        if kind != "tensor" and expr.kind != "call":
            position = self.shaping.cells(kind, args, expr.span)
            if self.doubts:
                self.doubts.shapes(expr, self.shaping.shapes(args), self.builder.shape(position))
            return position
        literal = literals.made(expr, self.text, self.given)
        if literal is not None:
            return self.builder.const(literal, "", expr.span)
        return self._apply(expr, args)

    def _apply(self, expr: Expr, args: tuple[int, ...]) -> int:
        """Places a call of a function that is no maker of tensors."""
        sizes = [] if expr.name in LANGUAGE.of_numbers else literals.sizes(expr)
        settings = {setting.name: literals.setting(setting.value, self.given) for setting in expr.settings}
        if len(settings) < len(expr.settings):
            raise Misfit("a setting is given twice")
        if expr.name == "einsum" and expr.args and expr.args[0].kind == "string":
            settings["letters"] = expr.args[0].name
        one = self.builder.shape(args[0]) if len(args) == len(expr.args) == 2 else ()
        if (
            one
            and expr.name in ("sum", "mean", "average", "logsumexp")
            and literals.whole(expr.args[1]) is not None
        ):
            raise Misfit(f"this is {expr.name} of each cell and a number; an axis is named")
        if self.doubts:
            self.doubts.called(expr, self.shaping.shapes(args), settings)
        return self.shaping.call(expr.name, args, sizes, settings, expr.span)

    def _transposed(self, expr: Expr, arg: int) -> int:
        if self.doubts and len(self.builder.shape(arg)) == 1:
            self.doubts.transposed(expr, self.builder.shape(arg))
        return self.shaping.transposed(arg, expr.span)

    def _refuse_adjacent(self, expr: Expr, args: tuple[int, ...]) -> None:
        """Two tensors side by side are no product: it may be one by rows and columns, or cell by cell."""
        left, right = expr.args
        between = self.text[left.extent[1] : right.extent[0]]
        if all(self.shaping.shapes(args)) and not between.strip("() \t（）"):
            raise Misfit("two tensors side by side can mean two products")

    def _count(self, position: int, expr: Expr) -> None:
        shape = self.builder.shape(position)
        self.cells += size(shape) if shape else 0
        self.products += self.shaping.work(position)
        self._check(expr)

    def _check(self, expr: Expr) -> None:
        if self.cells > self.most:
            raise ExpressionError(f"this program has more than {self.most:,} cells", *expr.span)
        if self.products > _PRODUCTS * self.most:
            most = _PRODUCTS * self.most
            raise ExpressionError(f"this program multiplies more than {most:,} numbers", *expr.span)
