"""All that moves as one row of numbers, as optimizers take it: tensors lie in it cell by cell."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, overload

import numpy as np

from graphviz_backprop.engine.autodiff import Column
from graphviz_backprop.language.cached import cached_property
from graphviz_backprop.language.shapes import Shape, size
from graphviz_backprop.language.tensor import cell, place

_FEW = 64  # numbers whose length is taken to the last digit


def length(numbers: Column) -> float:
    """The length of a vector, also where its squares are too large or too small for a float."""
    if len(numbers) <= _FEW:
        return math.hypot(*numbers)
    largest = float(np.max(np.abs(numbers)))
    if not 0 < largest < math.inf:  # NaN, too
        return largest
    scaled = numbers / largest
    return largest * math.sqrt(float(scaled @ scaled))


@dataclass(frozen=True)
class Layout(Sequence[str]):
    """The parameters and their shapes. As a sequence, it has the names of the numbers: ``b``, ``W[0, 1]``."""

    names: tuple[str, ...]
    shapes: tuple[Shape, ...]

    @classmethod
    def of_numbers(cls, names: Sequence[str]) -> Layout:
        """Parameters that are numbers."""
        return cls(tuple(names), ((),) * len(names))

    @cached_property
    def ends(self) -> tuple[int, ...]:
        """Where the numbers of each parameter end, and where the first one's begin."""
        return (0, *np.cumsum([size(shape) for shape in self.shapes]).tolist())

    def __len__(self) -> int:
        return self.ends[-1]

    @overload
    def __getitem__(self, at: int) -> str: ...
    @overload
    def __getitem__(self, at: slice) -> list[str]: ...
    def __getitem__(self, at: int | slice) -> str | list[str]:
        if isinstance(at, slice):
            return [self[one] for one in range(*at.indices(len(self)))]
        if not 0 <= at < len(self):
            raise IndexError(at)
        which = int(np.searchsorted(self.ends, at, "right")) - 1
        shape = self.shapes[which]
        return cell(self.names[which], place(at - self.ends[which], shape))

    def split(self, row: Column) -> dict[str, Any]:
        """A float or an array of each parameter."""
        return {
            name: row[first:end].reshape(shape) if shape else float(row[first])
            for name, shape, first, end in zip(
                self.names, self.shapes, self.ends, self.ends[1:], strict=False
            )
        }

    def columns(self, rows: Any) -> dict[str, Column]:
        """Of many rows, those of each parameter: an axis of rows, then its own."""
        table = np.asarray(rows, dtype=np.float64).reshape(-1, len(self))
        return {
            name: np.ascontiguousarray(table[:, first:end]).reshape((-1, *shape))
            for name, shape, first, end in zip(
                self.names, self.shapes, self.ends, self.ends[1:], strict=False
            )
        }

    def joined(self, values: Mapping[str, Any]) -> Column:
        """The row of all numbers."""
        return np.concatenate([np.ravel(np.asarray(values[name], dtype=np.float64)) for name in self.names])
