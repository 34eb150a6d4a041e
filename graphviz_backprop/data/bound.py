"""Columns of a table as the variables of a program: a column as a number, several as a tensor.

A table binds to a variable in one of two ways. *Sample by sample*: the program is about one sample, x is a
number or has a number for each of its columns. *Whole*: the program names its batch, and X has a row for each
sample.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from graphviz_backprop.language.shapes import Shape, said, size
from graphviz_backprop.language.words import few

Array = npt.NDArray[np.float64]


def choices(shapes: Mapping[str, Shape], columns: Sequence[str]) -> dict[str, list[str]]:
    """The columns that stand for each variable where nobody chose.

    A column stands for the variable of its name. A tensor that has no column of its own takes those that are
    numbered after it, as many as it has room for: X or x of two columns takes x1 and x2, Y of one takes y.
    """
    found = {name: [name] for name in columns if name in shapes}
    for name, shape in shapes.items():
        if shape and name not in found:
            own = _numbered(name, shape, [column for column in columns if column not in found])
            if own:
                found[name] = own
    return found


def _numbered(name: str, shape: Shape, columns: Sequence[str]) -> list[str]:
    for stem in dict.fromkeys((name, name.lower(), name.upper())):
        pattern = re.compile(rf"{re.escape(stem)}_?(\d+)")
        numbered = {int(hit[1]): column for column in columns if (hit := pattern.fullmatch(column))}
        first = min(numbered, default=0)
        run = [numbered[at] for at in range(first, first + len(numbered)) if at in numbered]
        if first <= 1 and run and _fits(len(run), shape):
            return run
        if stem in columns and _fits(1, shape):
            return [stem]
    return []


def _fits(count: int, shape: Shape) -> bool:
    return is_whole(count, shape) or is_each(count, shape)


def is_whole(count: int, shape: Shape) -> bool:
    """Whether so many columns can be a variable of this shape, a row for each sample."""
    return (len(shape) == 1 and count == 1) or (len(shape) == 2 and count == shape[1])


def is_each(count: int, shape: Shape) -> bool:
    """Whether so many columns can be a variable of this shape at each sample."""
    return count == size(shape)


def joined(
    shapes: Mapping[str, Shape], columns: Mapping[str, Any], chosen: Mapping[str, Sequence[str]]
) -> dict[str, Array]:
    """The data of each variable, samples first. Raises ValueError where one has no room for its columns."""
    counts = {name: len(own) for name, own in chosen.items()}
    for name, count in counts.items():
        if not _fits(count, shapes[name]):
            wanted = "one column" if not shapes[name] else f"{_room(shapes[name])} columns"
            raise ValueError(
                f"{name} is {said(shapes[name])} and takes {wanted}; {count} are bound to it: "
                f"{few(chosen[name], 5)}"
            )
    whole = _whole(shapes, counts)
    found = {}
    for name, own in chosen.items():
        shape = shapes[name]
        table = [np.asarray(columns[column]) for column in own]
        if len(shape) == 0 or (name in whole and len(shape) == 1):
            found[name] = table[0]
        else:
            stacked = np.stack(table, axis=-1)
            found[name] = stacked if name in whole else stacked.reshape((len(stacked), *shape))
    return found


def _whole(shapes: Mapping[str, Shape], counts: Mapping[str, int]) -> set[str]:
    """The variables that have a row for each sample. Where one has, all have that can."""
    can = {name for name, count in counts.items() if is_whole(count, shapes[name])}
    must = {name for name, count in counts.items() if not is_each(count, shapes[name])}
    matrix = any(len(shapes[name]) == 2 for name in can)
    return can if must or (matrix and len(can) == len(counts)) else set()


def bound(
    shapes: Mapping[str, Shape], columns: Mapping[str, Any], chosen: Mapping[str, Sequence[str]]
) -> dict[str, Any]:
    """The same of columns that may be anything: one that stands for a variable alone stays as it is."""
    plain = all(own == [name] or (len(own) == 1 and not shapes[name]) for name, own in chosen.items())
    if plain:
        return {name: columns[own[0]] for name, own in chosen.items()}
    numbers = {}
    for column in (column for own in chosen.values() for column in own):
        try:
            numbers[column] = np.asarray(columns[column], dtype=np.float64)
        except (TypeError, ValueError, OverflowError):
            raise ValueError(f"the column {column} holds something that is not a number") from None
        if numbers[column].ndim != 1:
            raise ValueError(f"the column {column} should be a plain sequence of numbers")
    if len({len(xs) for xs in numbers.values()}) > 1:
        long = ", ".join(f"{name} {len(xs):,}" for name, xs in numbers.items())
        raise ValueError(f"the columns have different numbers of samples: {long}")
    return joined(shapes, numbers, chosen)


def gathered(data: Mapping[str, Any], shapes: Mapping[str, Shape]) -> Mapping[str, Any]:
    """Numbered columns that stand for a tensor, as x1 and x2 do for x, put together."""
    plain = {name: xs for name, xs in data.items() if _is_plain(xs)}
    chosen = {name: own for name, own in choices(shapes, list(plain)).items() if own != [name]}
    if not chosen:
        return data
    own = {name: [name] for name in plain if name in shapes}
    taken = {column for columns in chosen.values() for column in columns}
    return {name: xs for name, xs in data.items() if name not in taken} | bound(shapes, plain, own | chosen)


def _is_plain(xs: Any) -> bool:
    """Whether a column holds single numbers."""
    if isinstance(xs, np.ndarray):
        return xs.ndim == 1
    return isinstance(xs, Sequence) and not any(isinstance(x, Sequence | np.ndarray) for x in xs)


def _room(shape: Shape) -> str:
    rooms = dict.fromkeys(([1] if len(shape) == 1 else [shape[1]] if len(shape) == 2 else []) + [size(shape)])
    return " or ".join(map(str, rooms))
