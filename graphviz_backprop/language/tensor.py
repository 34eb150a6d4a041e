"""Tensors of plain numbers: literals, and the functions that make them. NumPy is not needed here."""

from __future__ import annotations

import math
import random
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, NamedTuple

from graphviz_backprop.language.numerals import typed
from graphviz_backprop.language.shapes import RANK, Misfit, Shape, checked, said, size


class Making(NamedTuple):
    """How the cells of a tensor are made: a maker's name with a seed, or a start and a step, then one number
    after the other that each cell is added to, multiplied with …: ``("mul", 0.1, True)`` has the cell first.
    """

    name: str
    numbers: tuple[int, ...] = ()
    then: tuple[tuple[str, float, bool], ...] = ()


class Tensor(NamedTuple):
    """Numbers in a shape: ``cells`` has them row by row. ``text`` is how they were typed, if they were,
    and ``making`` how they were made, if by a function.
    """

    shape: Shape
    cells: tuple[float, ...]
    text: str = ""
    making: Making | None = None

    def nested(self) -> Any:
        """Lists in lists; of a number, the number."""
        return nested(self.cells, self.shape)

    def written(self, most: int | None = None) -> str:
        """As one types it: ``[[1, 2], [3, 4]]``; with more cells than ``most`` it is cut in the middle."""
        if self.text:
            return self.text
        if most is not None and len(self.cells) > most:
            return f"[{typed(self.cells[0])}, …, {typed(self.cells[-1])}]"
        return _listed(self.nested())


def nested(cells: Sequence[Any], shape: Shape) -> Any:
    """Cells, row by row, as lists in lists of this shape."""
    if not shape:
        return cells[0]
    rows: list[Any] = list(cells)
    for length in reversed(shape[1:]):
        found = iter(rows)
        rows = [list(islice(found, length)) for _ in range(len(rows) // length if length else 0)]
    return rows


def _listed(rows: Any) -> str:
    return f"[{', '.join(map(_listed, rows))}]" if isinstance(rows, list) else typed(rows)


def stacked(rows: Sequence[Tensor | float]) -> Tensor:
    """Tensors of one shape as one with an axis more. Raises Misfit where the shapes differ."""
    if not rows:
        raise Misfit("a list has at least one number")
    parts = [row if isinstance(row, Tensor) else Tensor((), (float(row),)) for row in rows]
    for at, part in enumerate(parts):
        if part.shape != parts[0].shape:
            raise Misfit(f"row 0 is {said(parts[0].shape)} and row {at} is {said(part.shape)}")
    shape = checked((len(parts), *parts[0].shape))
    return Tensor(shape, tuple(cell for part in parts for cell in part.cells))


_TOKENS = re.compile(r"\s*([\[\],]|[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)\s*")


def read(text: str) -> Tensor:
    """The tensor that a list of plain numbers is: ``[[1, 2], [3, 4]]``. Raises Misfit."""
    open_ones: list[list[Tensor | float]] = [[]]
    at, wants = 0, True  # whether a value may come
    while at < len(text):
        found = _TOKENS.match(text, at)
        if found is None:
            raise Misfit(f"“{text[at : at + 10]}” is no number")
        token, at = found[1], found.end()
        if token == "[" and wants and len(open_ones) <= RANK:
            open_ones.append([])
        elif token == "]" and len(open_ones) > 1 and not wants:
            row = stacked(open_ones.pop())
            open_ones[-1].append(row)
        elif token == "," and not wants and len(open_ones) > 1:
            wants = True
        elif token not in "[]," and wants and len(open_ones) > 1:
            open_ones[-1].append(_finite(token))
            wants = False
        else:
            raise Misfit("a list of numbers is written as in [[1, 2], [3, 4]]")
    if len(open_ones) > 1 or len(open_ones[0]) != 1 or not isinstance(open_ones[0][0], Tensor):
        raise Misfit("a list of numbers is written as in [[1, 2], [3, 4]]")
    return open_ones[0][0]


def _finite(digits: str) -> float:
    number = float(digits)
    if not math.isfinite(number):
        raise Misfit(f"{digits} is too large")
    return number


def place(at: int, shape: Shape) -> tuple[int, ...]:
    """The indices of a cell by its number, row by row."""
    found = []
    for length in reversed(shape):
        at, index = divmod(at, length)
        found.append(index)
    return tuple(reversed(found))


def cell(name: str, indices: Sequence[int]) -> str:
    """A cell as the language names it: ``W[0, 1]``."""
    return f"{name}[{', '.join(map(str, indices))}]" if indices else name


def cells(name: str, shape: Shape) -> list[str]:
    """The names of all cells, row by row."""
    return [cell(name, place(at, shape)) for at in range(size(shape))]


# What makes tensors


def _uniform(seed: int) -> Iterator[float]:
    """Numbers between 0 and 1. Python promises that a seed gives the same ones for ever."""
    source = random.Random(seed).random
    while True:
        yield source()


def _normal(seed: int) -> Iterator[float]:
    """Standard normal numbers, by Box and Muller's method."""
    uniform = _uniform(seed)
    while True:
        radius, angle = math.sqrt(-2 * math.log(1 - next(uniform))), 2 * math.pi * next(uniform)
        yield radius * math.cos(angle)
        yield radius * math.sin(angle)


def _filled(name: str, value: float) -> Callable[[Shape], Tensor]:
    return lambda shape: Tensor(shape, (value,) * size(shape), making=Making(name))


def _drawn(name: str, numbers: Callable[[int], Iterator[float]]) -> Callable[[Shape, int], Tensor]:
    def draw(shape: Shape, seed: int = 0) -> Tensor:
        return Tensor(shape, tuple(islice(numbers(seed), size(shape))), making=Making(name, (seed,)))

    return draw


def _eye(shape: Shape) -> Tensor:
    rows, columns = shape if len(shape) == 2 else (*shape, *shape)
    ones = (float(row == column) for row in range(rows) for column in range(columns))
    return Tensor((rows, columns), tuple(ones), making=Making("eye"))


MAKERS: Mapping[str, Callable[..., Tensor]] = {
    "zeros": _filled("zeros", 0.0),
    "ones": _filled("ones", 1.0),
    "randn": _drawn("randn", _normal),
    "rand": _drawn("rand", _uniform),
    "eye": _eye,
    "arange": lambda ends, step=1: _range(*ends, step=step),
}
"""Functions of sizes that give a tensor, by name."""

_MOST_SIZES = {"eye": 2, "arange": 3}


def _range(*ends: int, step: int = 1) -> Tensor:
    numbers = range(*ends) if len(ends) > 1 else range(0, ends[0], step)
    making = Making("arange", (numbers.start, numbers.step))
    return Tensor((len(numbers),), tuple(map(float, numbers)), making=making)


def made(name: str, sizes: Sequence[int], settings: Mapping[str, Any]) -> Tensor:
    """The tensor that a call of one of :data:`MAKERS` gives. Raises Misfit."""
    if not sizes:
        raise Misfit(f"{name} takes the size of each axis")
    if len(sizes) > _MOST_SIZES.get(name, len(sizes)):
        raise Misfit(f"{name} takes {_MOST_SIZES[name]} numbers at most, {len(sizes)} given")
    if known := set(settings) - ({"seed"} if name.startswith("rand") else set()):
        raise Misfit(f"{name} has no setting {min(known)}")
    if name == "arange":
        if len(sizes) == 3 and sizes[2] == 0:
            raise Misfit("arange takes a step that is not 0")
        checked((len(range(*sizes)),))
    else:
        if any(length < 1 for length in sizes):
            raise Misfit("an axis has at least one cell")
        checked(tuple(sizes) if name != "eye" or len(sizes) == 2 else (sizes[0], sizes[0]))
    found = MAKERS[name](tuple(sizes), **settings)
    if not found.cells:
        raise Misfit("an axis has at least one cell")
    return found
