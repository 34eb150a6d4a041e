"""Calls and operators applied to tensors: which row is meant, and the broadcasts that make shapes fit.

What the shapes of the arguments decide is decided here, while a graph is made: ``sum`` of numbers is one row,
``sum`` of a tensor another. Where shapes don't fit, :class:`~.shapes.Misfit` says why.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import EllipsisType
from typing import Any

from graphviz_backprop.language import indices, letters
from graphviz_backprop.language.builder import Builder, Span
from graphviz_backprop.language.ops import COMPARISONS, FOLDED
from graphviz_backprop.language.shapes import Misfit, Shape, axis_of, said, size, together
from graphviz_backprop.language.tensor_ops import (
    BY_SHAPE,
    LANGUAGE,
    TENSORS,
    Setting,
    Site,
    TensorOp,
    settled,
)

Given = Mapping[str, Setting]

_OTHER_NAMES = {
    **{"dim": "axis", "dims": "axes", "keepdims": "keepdim", "ddof": "correction", "unbiased": "correction"},
    **{"kernel_size": "window", "is_causal": "causal", "num_classes": "classes"},
}
"""Settings as NumPy and PyTorch call them."""

TENSORS_TAKEN = {
    **dict.fromkeys(("transpose", "swapaxes", "flatten", "unsqueeze", "squeeze"), 1),
    **dict.fromkeys(("matmul", "mm", "bmm", "dot", "outer"), 2),
}
"""How many tensors the spellings take that have no row of their own."""


def called(name: str, given: Mapping[str, Setting]) -> dict[str, Setting]:
    """Settings by the names that they have here."""
    found: dict[str, Setting] = {}
    for other, value in given.items():
        known = _OTHER_NAMES.get(other, other)
        if known in found:
            raise Misfit(f"{known} is given twice")
        found[known] = int(value) if other == "unbiased" else value
    return found


def tensors_taken(name: str) -> int | None:
    """How many arguments come before the plain numbers in a call of a function of tensors; None: all are."""
    if name in TENSORS_TAKEN:
        return TENSORS_TAKEN[name]
    rows = [op for op in TENSORS.values() if name in op.names and op.sizes]
    return len(rows[0].arguments) if rows else None


class Shaping:
    """Adds nodes to a graph in the making."""

    def __init__(self, builder: Builder) -> None:
        self.builder = builder

    def shapes(self, args: Sequence[int]) -> tuple[Shape, ...]:
        return tuple(self.builder.shape(arg) for arg in args)

    def work(self, at: int) -> int:
        """How many products a node has."""
        op, args, settings = self.builder.operation(at)
        row = TENSORS.get(op)
        return row.work(Site(self.shapes(args), dict(settings))) if row else 0

    def cells(self, op: str, args: tuple[int, ...], span: Span) -> int:
        """An operation cell by cell; what is smaller is copied."""
        shapes = self.shapes(args)
        if any(shapes):
            shape = together(shapes)
            args = tuple(self.copied(arg, shape) for arg in args)
        return self.builder.apply(op, args, span)

    def copied(self, at: int, shape: Shape) -> int:
        """A node copied to a shape, unless it has it or is a number that nothing flows back to."""
        if self.builder.shape(at) == shape or self.builder.is_number(at):
            return at
        return self.builder.apply("broadcast", (at,), self.builder.span(at), (("shape", shape),))

    def row(self, name: str, args: tuple[int, ...], span: Span, **settings: Setting) -> int:
        """A row that knows axes, with the settings as they were typed."""
        op = TENSORS[name]
        return self.builder.apply(name, args, span, settled(op, self.shapes(args), settings))

    def call(
        self, name: str, args: tuple[int, ...], sizes: Sequence[Setting], given: Given, span: Span
    ) -> int:
        """A function by its name: of tensors, the plain numbers behind them, and settings."""
        settings = called(name, given)
        if name in TENSORS_TAKEN:
            return self._spelled(name, args, _flat(sizes), settings, span)
        op = self._meant(name, args, settings)
        if not isinstance(op, TensorOp):
            return self._of_numbers(name, op, args, span)
        for key, value in _sized(op, sizes).items():
            if key in settings:
                raise Misfit(f"{key} is given twice")
            settings[key] = value
        return self.row(op.name, args, span, **settings)

    def _meant(self, name: str, args: tuple[int, ...], settings: Given) -> Any:
        """The row that a name means for these arguments."""
        shapes = self.shapes(args)
        if name in BY_SHAPE and len(args) == 1:
            if shapes[0]:
                return TENSORS[BY_SHAPE[name]]
            if settings:
                raise Misfit(f"{name} of a number has no {min(settings)}: a number has no axes")
        elif settings and name in LANGUAGE.of_numbers:
            along = " along an axis takes one tensor" if name in BY_SHAPE else " has no settings"
            raise Misfit(f"{name}{along}")
        if name in FOLDED:
            return None
        op = LANGUAGE.of_numbers.find(name, len(args)) or LANGUAGE.find(name, len(args))
        if op is None or (op.name in BY_SHAPE.values() and not shapes[0]):
            raise Misfit(f"{name} takes {LANGUAGE.takes(name)}, {len(args)} given")
        return op

    def _of_numbers(self, name: str, op: Any, args: tuple[int, ...], span: Span) -> int:
        if op is not None:
            return self.cells(op.name, args, span)
        position, *rest = args
        for arg in rest:
            position = self.cells(FOLDED[name], (position, arg), span)
        return position

    def _spelled(self, name: str, args: tuple[int, ...], sizes: list[int], given: Given, span: Span) -> int:
        wanted = TENSORS_TAKEN[name]
        if len(args) != wanted:
            raise Misfit(f"{name} takes {wanted} tensor{'s' if wanted > 1 else ''}, {len(args)} given")
        if given and (name not in ("unsqueeze", "squeeze") or set(given) != {"axis"}):
            raise Misfit(f"{name} has no setting {min(given)}")
        sizes += _flat([given["axis"]]) if given else []
        if name in ("matmul", "mm", "bmm", "dot"):
            return self.product(args, span)
        shape = self.builder.shape(args[0])
        if name == "outer":
            if [len(one) for one in self.shapes(args)] != [1, 1]:
                found = " and ".join(map(said, self.shapes(args)))
                raise Misfit(f"outer takes two vectors: these are {found}")
            return self.row("einsum", args, span, letters="i,j->ij")
        if name in ("transpose", "swapaxes"):
            return self._swapped(name, args[0], sizes, span)
        fewer = _reshaped(name, shape, sizes)
        return self.row("reshape", args, span, shape=fewer) if fewer else self._alone(args[0], span)

    def _alone(self, at: int, span: Span) -> int:
        """The one cell of a tensor, as a number."""
        shape = self.builder.shape(at)
        return self.row("slice", (at,), span, at=[0] * len(shape)) if shape else at

    def _swapped(self, name: str, at: int, sizes: list[int], span: Span) -> int:
        rank = len(self.builder.shape(at))
        if not sizes and name == "transpose":
            return self.transposed(at, span)
        if len(sizes) != 2:
            raise Misfit(f"{name} takes two axes; permute(x, …) all of them")
        one, other = (axis_of(axis, self.builder.shape(at)) for axis in sizes)
        axes = list(range(rank))
        axes[one], axes[other] = other, one
        return self.row("transpose", (at,), span, axes=tuple(axes))

    def product(self, args: tuple[int, ...], span: Span) -> int:
        """``x @ y``."""
        found = letters.multiplied(*self.shapes(args))
        return self.row("einsum", args, span, letters=str(found))

    def transposed(self, at: int, span: Span) -> int:
        """``x.T``: the axes in reverse order; of a vector, the vector."""
        rank = len(self.builder.shape(at))
        return at if rank < 2 else self.row("transpose", (at,), span, axes=tuple(range(rank))[::-1])

    def stacked(self, args: tuple[int, ...], span: Span) -> int:
        """``[x, y]``."""
        return self.row("stack", args, span, axis=0)

    def index(
        self,
        at: int,
        entries: Sequence[indices.Typed | EllipsisType | None],
        picks: tuple[int, ...],
        span: Span,
    ) -> int:
        """``x[…]``: an entry for each index, None where it is one of the nodes ``picks``."""
        shape = self.builder.shape(at)
        if not shape:
            raise Misfit("a number has no cells to choose from")
        entries = indices.spread(entries, shape)
        if not picks:
            typed = [entry for entry in entries if entry is not None]
            return self.row("slice", (at,), span, at=typed)
        if any(map(self._is_mask, picks)):
            raise Misfit(
                "a comparison would choose cells, and how many depends on their values: here all stay, and"
                " those that are not meant are 0"
            )
        places = [axis for axis, entry in enumerate(entries) if entry is None]
        if places != list(range(places[0], places[0] + len(places))):
            raise Misfit("tensors of indices stand beside one another")
        if any(isinstance(entry, int) for entry in entries[: places[0]]) and places[0] > 1:
            raise Misfit("a number before a slice and a tensor of indices can mean two things")
        rest = [(None, None, None) if entry is None else entry for entry in entries]
        if any(entry != (None, None, None) for entry in rest):
            at = self.row("slice", (at,), span, at=rest)
        axis = sum(not isinstance(entry, int) for entry in rest[: places[0]])
        return self.row("gather", (at, *picks), span, axis=axis)

    def _is_mask(self, at: int) -> bool:
        """Whether it is 1 or 0 for each cell: by a comparison, or several."""
        op, args, _ = self.builder.operation(at)
        return op in COMPARISONS or (
            op == "mul" and all(self.builder.operation(arg)[0] in COMPARISONS for arg in args)
        )


def _flat(sizes: Sequence[Setting]) -> list[int]:
    """Sizes, whether they stand one by one or in parentheses."""
    return [one for each in sizes for one in (each if isinstance(each, tuple) else (each,))]


def _sized(op: TensorOp, sizes: Sequence[Setting]) -> dict[str, Setting]:
    """The settings that plain numbers behind the arguments are."""
    if not sizes:
        return {}
    if op.sizes and op.sizes[0].startswith("*"):
        return {op.sizes[0][1:]: tuple(_flat(sizes))}
    if len(sizes) > len(op.sizes):
        raise Misfit(f"{op.names[0]} takes {len(op.sizes) or 'no'} plain numbers there, {len(sizes)} given")
    return dict(zip(op.sizes, sizes, strict=False))


def _reshaped(name: str, shape: Shape, sizes: list[int]) -> Shape:
    """The shape after flatten, unsqueeze or squeeze."""
    if name == "flatten":
        if sizes:
            raise Misfit("flatten takes a tensor alone; reshape(x, …) any shape")
        return (size(shape),)
    if name == "unsqueeze":
        if len(sizes) != 1:
            raise Misfit("unsqueeze takes the axis that comes in")
        axis = axis_of(sizes[0], shape, more=1)
        return (*shape[:axis], 1, *shape[axis:])
    gone = [axis_of(axis, shape) for axis in sizes] or [at for at, length in enumerate(shape) if length == 1]
    if any(shape[axis] != 1 for axis in gone):
        raise Misfit(f"squeeze takes out axes of size 1: {said(shape)} has another there")
    return tuple(length for axis, length in enumerate(shape) if axis not in gone)
