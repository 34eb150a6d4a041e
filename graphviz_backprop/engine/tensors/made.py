"""What a cell is made of: for each primitive row, which cells of its arguments, and how.

A cell that was moved is made of the one that it came from; kernels that move cells say which, since they move
numbers of cells, too. A contraction is a sum of products. What a number chooses (the rows of a gather, the
places of an argsort) is chosen at the values that are given.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt

from graphviz_backprop.engine.tensors.kernels import MOVES, kernel
from graphviz_backprop.language import letters
from graphviz_backprop.language.shapes import Shape, size
from graphviz_backprop.language.tensor_ops import TENSORS, Site


class Cell(NamedTuple):
    """A cell of an argument, by its number, row by row."""

    arg: int
    at: int


Factor: TypeAlias = Cell | float


class Made(NamedTuple):
    """Terms, each a product of factors, put together by a row of numbers; with "same" there is one alone."""

    op: str
    terms: tuple[tuple[Factor, ...], ...]


Maker: TypeAlias = Callable[[int], Made]
"""Gives what a cell of the result is made of, by its number."""

CHOICES = frozenset(("gather", "scatter_add", "argmax", "argmin", "argsort", "one_hot"))
"""Rows in which values choose cells."""


def maker(op: str, site: Site, values: Sequence[Any] = ()) -> Maker:
    """Of a primitive row at a node; ``values`` are the arguments', where they choose (:data:`CHOICES`)."""
    if op not in TENSORS:
        return _cell_by_cell(op, site)
    if op in MOVES:
        return _moved(op, site, values)
    return _ROWS[op](op, site, values)


def _cell_by_cell(op: str, site: Site) -> Maker:
    alone = [size(shape) == 1 for shape in site.shapes]  # a number beside tensors

    def make(at: int) -> Made:
        return Made(op, tuple((Cell(arg, 0 if one else at),) for arg, one in enumerate(alone)))

    return make


def _same(factor: Factor) -> Made:
    return Made("same", ((factor,),))


def places(op: str, site: Site, values: Sequence[Any] = ()) -> npt.NDArray[np.intp]:
    """For each cell of a row that moves cells the one that it came from, in a count that goes on from
    argument to argument; -1 where none did. Raises ValueError for an index that is outside."""
    moved: list[Any] = []
    count = 1
    for shape in site.shapes:
        moved.append(np.arange(count, count + size(shape)).reshape(shape))
        count += size(shape)
    if op == "gather":
        moved[1:] = [np.asarray(value) for value in values[1:]]
    found = np.asarray(kernel(op, site)(*moved))
    if op == "gather" and np.isnan(found).any():
        raise ValueError("an index is outside: there is no such cell")
    return found.astype(np.intp) - 1


def _moved(op: str, site: Site, values: Sequence[Any]) -> Maker:
    found = places(op, site, values).ravel()
    ends = np.cumsum([size(shape) for shape in site.shapes])

    def make(at: int) -> Made:
        place = int(found[at])
        if place < 0:
            return _same(0.0)
        arg = int(np.searchsorted(ends, place, side="right"))
        return _same(Cell(arg, place - int(ends[arg - 1] if arg else 0)))

    return make


def _joined(op: str, rows: Any) -> Maker:
    """One term for each number of a row."""
    return lambda at: Made(op, tuple((Cell(0, int(one)),) for one in rows[at]))


def _numbers(shape: Shape) -> npt.NDArray[np.intp]:
    return np.arange(size(shape)).reshape(shape)


def _along(site: Site) -> npt.NDArray[np.intp]:
    """The numbers of cells, a row for each cell of the result."""
    axes = site.axes
    kept = [axis for axis in range(len(site.x)) if axis not in axes]
    return np.transpose(_numbers(site.x), (*kept, *axes)).reshape(-1, site.count)


_ALONG = {"sum_over": "sum", "prod_over": "mul", "max_over": "max", "min_over": "min"}


def _others(op: str, site: Site, values: Sequence[Any]) -> Maker:
    rows = _along(site)
    where = {int(one): row for row, line in enumerate(rows) for one in line}
    one = ((1.0,),)

    def make(at: int) -> Made:
        terms = tuple((Cell(0, int(other)),) for other in rows[where[at]] if other != at)
        return Made("mul", terms or one)

    return make


def _running(op: str, site: Site, values: Sequence[Any]) -> Maker:
    numbers = np.moveaxis(_numbers(site.x), site["axis"], -1)
    line = {int(one): row for row in numbers.reshape(-1, numbers.shape[-1]) for one in row}

    def make(at: int) -> Made:
        row = line[at].tolist()
        return Made("sum", tuple((Cell(0, one),) for one in row[: row.index(at) + 1]))

    return make


def _contracted(op: str, site: Site, values: Sequence[Any]) -> Maker:
    """Outside are the letters of the result, inside those that are summed."""
    found = letters.read(site["letters"])
    sizes = found.sizes(site.shapes)
    outside, inside = list(found.result), list(found.summed)
    parts = [_steps(own, shape) for own, shape in zip(found.args, site.shapes, strict=True)]
    shape = tuple(sizes[letter] for letter in outside)
    lengths = tuple(sizes[letter] for letter in inside)
    within = np.indices(lengths).reshape(len(inside), size(lengths))
    inner = [np.array([steps.get(x, 0) for x in inside], dtype=np.intp) @ within for steps in parts]

    def make(at: int) -> Made:
        place = np.unravel_index(at, shape) if shape else ()
        starts = [
            sum(steps.get(x, 0) * int(index) for x, index in zip(outside, place, strict=True))
            for steps in parts
        ]
        terms = zip(
            *((start + along).tolist() for start, along in zip(starts, inner, strict=True)), strict=True
        )
        return Made("sum", tuple(tuple(Cell(arg, one) for arg, one in enumerate(term)) for term in terms))

    return make


def _steps(own: str, shape: Shape) -> dict[str, int]:
    """How far one step of each letter is in an argument; one that is there twice goes along a diagonal."""
    found: dict[str, int] = {}
    for axis, letter in enumerate(own):
        found[letter] = found.get(letter, 0) + size(shape[axis + 1 :])
    return found


def _gathered(there: Shape, targets: npt.NDArray[np.intp]) -> Maker:
    """Cells added into zeros, each at its target, -1 for none."""
    flat = targets.ravel()
    order = np.argsort(flat, kind="stable")
    rows = np.split(order, np.searchsorted(flat[order], np.arange(size(there) + 1)))[1:-1]
    add = _joined("sum", rows)
    return lambda at: add(at) if len(rows[at]) else _same(0.0)


def _scattered(op: str, site: Site, values: Sequence[Any]) -> Maker:
    shape = tuple(site["shape"])
    inverse = Site((shape, *site.shapes[1:]), {"axis": site["axis"]})
    return _gathered(shape, places("gather", inverse, [None, *values[1:]]))


def _folded(op: str, site: Site, values: Sequence[Any]) -> Maker:
    shape = tuple(site["shape"])
    return _gathered(shape, places("unfold", Site((shape,), site.settings)))


def _chosen(op: str, site: Site, values: Sequence[Any]) -> Maker:
    found = np.ravel(kernel(op, site)(np.asarray(values[0])))
    return lambda at: _same(float(found[at]))


def _hot(op: str, site: Site, values: Sequence[Any]) -> Maker:
    found = np.ravel(kernel(op, site)(np.asarray(values[0])))

    def make(at: int) -> Made:
        row, of = divmod(at, site["classes"])
        if np.isnan(found[at]):
            return _same(float(found[at]))  # there is no such class
        return Made("equal", ((Cell(0, row),), (float(of),)))

    return make


_ROWS: Mapping[str, Callable[[str, Site, Sequence[Any]], Maker]] = {
    **dict.fromkeys(_ALONG, lambda op, site, _: _joined(_ALONG[op], _along(site))),
    **{"others": _others, "cumsum": _running, "einsum": _contracted, "one_hot": _hot},
    **{"scatter_add": _scattered, "fold": _folded},
    **dict.fromkeys(("argmax", "argmin", "argsort"), _chosen),
}
