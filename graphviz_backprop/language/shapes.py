"""Shapes of tensors: how they broadcast, what does not fit, how large they may be.

A number is a tensor of shape ``()``.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import prod
from typing import TypeAlias

Shape: TypeAlias = tuple[int, ...]

RANK = 4
"""How many axes a tensor may have."""
CELLS = 1_000_000
"""How many numbers a tensor may hold."""
DRAWN = 4_096
"""How many cells of a tensor are shown."""


class Misfit(ValueError):
    """Shapes, or a setting, that do not fit an operation. The message is a sentence about them."""


def size(shape: Shape) -> int:
    """How many cells a tensor of this shape has."""
    return prod(shape)


def said(shape: Shape) -> str:
    """A shape in words: ``2×3``, ``a vector of 3``, ``a number``."""
    if len(shape) == 1:
        return f"a vector of {shape[0]}"
    return "×".join(map(str, shape)) or "a number"


def listed(shape: Shape) -> str:
    """A shape as arguments of a function: ``2, 3``."""
    return ", ".join(map(str, shape))


def checked(shape: Shape) -> Shape:
    """The shape, if a tensor may have it."""
    if len(shape) > RANK:
        raise Misfit(f"this has {len(shape)} axes; a tensor has {RANK} at most")
    if size(shape) > CELLS:
        raise Misfit(f"this has {size(shape):,} cells ({said(shape)}); a tensor has {CELLS:,} at most")
    return shape


def together(shapes: Sequence[Shape]) -> Shape:
    """The shape that tensors of these shapes have cell by cell, by the rule of NumPy and PyTorch.

    Axes are counted from the last one; where a tensor has none, or one of size 1, it is copied.
    """
    rank = max(map(len, shapes))
    found: list[int] = []
    for axis in range(-rank, 0):
        sizes = {shape[axis] for shape in shapes if len(shape) >= -axis} - {1}
        if len(sizes) > 1:
            one, other = [shape for shape in shapes if len(shape) >= -axis and shape[axis] != 1][:2]
            if one[axis] == other[axis]:
                other = next(x for x in shapes if len(x) >= -axis and x[axis] not in (1, one[axis]))
            raise Misfit(
                f"{said(one)} and {said(other)} do not fit cell by cell: along {_axis(axis, rank)} the sizes "
                f"are {one[axis]} and {other[axis]}"
            )
        found.append(next(iter(sizes), 1))
    return checked(tuple(found))


def _axis(axis: int, rank: int) -> str:
    return "the last axis" if axis == -1 else f"axis {axis + rank}"


def axis_of(axis: int, shape: Shape, more: int = 0) -> int:
    """An axis counted from 0, of one that may be counted from the last (-1); ``more`` axes will come."""
    rank = len(shape) + more
    if not -rank <= axis < rank:
        names = f"0 to {rank - 1}" if rank > 1 else "0" if rank else ""
        raise Misfit(
            f"there is no axis {axis} of {said(shape)}" + (f": its axes are {names}" if names else "")
        )
    return axis % rank


def without(shape: Shape, axes: Sequence[int], keepdim: bool = False) -> Shape:
    """The shape after these axes were summed up; with ``keepdim`` they stay, of size 1."""
    if keepdim:
        return tuple(1 if axis in axes else size for axis, size in enumerate(shape))
    return tuple(size for axis, size in enumerate(shape) if axis not in axes)
