"""What the rows that know axes compute on NumPy arrays.

A kernel is made for one node: it knows the shapes of its arguments. Each array may have one axis more, in
front: the samples. So axes are counted from the last one, and what has no samples is used for all of them.

Kernels of rows that move cells take arrays of anything, as :mod:`.cells` needs it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

import numpy as np

from graphviz_backprop.engine.tensors.contraction import contraction
from graphviz_backprop.language.indices import Entry
from graphviz_backprop.language.shapes import Shape
from graphviz_backprop.language.tensor_ops import Site, gathered, windows

Array: TypeAlias = Any
Kernel: TypeAlias = Callable[..., Array]


def samples(x: Array, rank: int) -> Shape:
    """The axes in front of a tensor's own."""
    return np.shape(x)[: np.ndim(x) - rank]


def _broadcast(site: Site) -> Kernel:
    x, shape = site.x, tuple(site["shape"])
    inner = (1,) * (len(shape) - len(x)) + x

    def kernel(a: Array) -> Array:
        lead = samples(a, len(x))
        return np.broadcast_to(np.reshape(a, lead + inner), lead + shape)

    return kernel


def _axes(site: Site) -> tuple[int, ...]:
    return tuple(axis - len(site.x) for axis in site.axes)


def _over(function: Callable[..., Array]) -> Callable[[Site], Kernel]:
    """The kernel of a function of NumPy that takes all cells along some axes together."""

    def made(site: Site) -> Kernel:
        axes, keep = _axes(site), site["keepdim"]
        return lambda a: function(a, axis=axes, keepdims=keep)

    return made


def _others(site: Site) -> Kernel:
    """The products of all cells before and behind each."""
    axes, rank = _axes(site), len(site.x)

    def kernel(a: Array) -> Array:
        last = tuple(range(-len(axes), 0))
        moved = np.moveaxis(a, axes, last)
        flat = moved.reshape((*moved.shape[: moved.ndim - len(axes)], -1))
        ones = np.ones((*flat.shape[:-1], 1))
        before = np.cumprod(np.concatenate([ones, flat[..., :-1]], axis=-1), axis=-1)
        behind = np.cumprod(np.concatenate([ones, flat[..., :0:-1]], axis=-1), axis=-1)[..., ::-1]
        return np.moveaxis((before * behind).reshape(moved.shape), last, axes)

    return kernel if rank else lambda a: np.ones_like(a)


def _along(numpy: Callable[..., Array]) -> Callable[[Site], Kernel]:
    def make(site: Site) -> Kernel:
        axis = site["axis"] - len(site.x)
        return lambda a: numpy(a, axis=axis)

    return make


def _transpose(site: Site) -> Kernel:
    axes, rank = [axis - len(site.x) for axis in site["axes"]], len(site.x)
    if axes == [-1, -2]:
        return lambda a: np.swapaxes(a, -1, -2)
    return lambda a: np.transpose(a, (*range(np.ndim(a) - rank), *(axis + np.ndim(a) for axis in axes)))


def _reshape(site: Site) -> Kernel:
    rank, shape = len(site.x), tuple(site["shape"])
    return lambda a: np.reshape(a, samples(a, rank) + shape)


def picked(at: Sequence[Entry]) -> tuple[Any, ...]:
    """Entries of an index as NumPy takes them; whatever is in front stays."""
    return (
        ...,
        *(
            entry if isinstance(entry, int) else slice(entry[0], None if entry[1] < 0 else entry[1], entry[2])
            for entry in at
        ),
    )


def _slice(site: Site) -> Kernel:
    at = picked(site["at"])
    return lambda a: a[at]


def _pad(site: Site) -> Kernel:
    at, shape, rank = picked(site["at"]), tuple(site["shape"]), len(site.x)

    def kernel(a: Array) -> Array:
        found = np.zeros(samples(a, rank) + shape, dtype=np.asarray(a).dtype)
        found[at] = a
        return found

    return kernel


def _places(indices: Sequence[Array], lengths: Sequence[int]) -> tuple[list[Array], Array]:
    """Indices as whole numbers, and where one of them is none, or outside."""
    found, wrong = [], np.False_
    for index, length in zip(indices, lengths, strict=True):
        numbers = np.asarray(index, dtype=np.float64)
        valid = (numbers == np.floor(numbers)) & (numbers >= -length) & (numbers < length)
        wrong = wrong | ~valid
        found.append(np.where(valid, numbers, 0).astype(np.intp) % length)
    return found, wrong


def _lifted(arrays: Sequence[Array], ranks: Sequence[int]) -> tuple[list[Array], Shape]:
    """All arrays with the samples that one of them has."""
    leads = [samples(a, rank) for a, rank in zip(arrays, ranks, strict=True)]
    lead = max(leads, key=len)
    if all(one == lead for one in leads):
        return list(arrays), lead
    return [
        np.broadcast_to(a, lead + np.shape(a)) if own == () and lead else a
        for a, own in zip(arrays, leads, strict=True)
    ], lead


def _each(plain: Kernel, site: Site, shape: Shape) -> Kernel:
    """A kernel for arrays without samples, one sample after the other."""
    ranks = [len(one) for one in site.shapes]

    def kernel(*arrays: Array) -> Array:
        if all(np.ndim(a) == rank for a, rank in zip(arrays, ranks, strict=True)):
            return plain(*arrays)
        moved, (count,) = _lifted(arrays, ranks)
        found = np.empty((count, *shape))
        for at in range(count):
            found[at] = plain(*(a[at] for a in moved))
        return found

    return kernel


def _whereabouts(site: Site, indices: Sequence[Array], shape: Shape) -> tuple[Any, Array]:
    """What is gathered or scattered, as NumPy's index, and where there is no such place."""
    axis = site["axis"]
    places, wrong = _places(indices, shape[axis : axis + len(indices)])
    return (*(slice(None),) * axis, *places), wrong


def _but_wrong(x: Array, wrong: Array, behind: int, instead: float) -> Array:
    """``x`` with a number instead where an index names no place; ``behind`` it are so many axes."""
    if not np.any(wrong):
        return x
    return np.where(np.reshape(wrong, (*np.shape(wrong), *(1,) * behind)), instead, x)


def _gather(site: Site) -> Kernel:
    behind = len(site.x) - site["axis"] - (len(site.shapes) - 1)

    def kernel(x: Array, *indices: Array) -> Array:
        at, wrong = _whereabouts(site, indices, site.x)
        return _but_wrong(np.asarray(x)[at], wrong, behind, np.nan)

    return _each(kernel, site, gathered(site))


def _scatter_add(site: Site) -> Kernel:
    """What has no place goes nowhere: no cell was read where an index named none."""
    shape = tuple(site["shape"])
    behind = len(shape) - site["axis"] - (len(site.shapes) - 1)

    def kernel(x: Array, *indices: Array) -> Array:
        at, wrong = _whereabouts(site, indices, shape)
        found = np.zeros(shape)
        np.add.at(found, at, _but_wrong(x, wrong, behind, 0.0))
        return found

    return _each(kernel, site, shape)


def _joined(join: Callable[..., Array], more: int) -> Callable[[Site], Kernel]:
    def make(site: Site) -> Kernel:
        axis, ranks = site["axis"] - len(site.x) - more, [len(shape) for shape in site.shapes]
        return lambda *parts: join(_lifted(parts, ranks)[0], axis=axis)

    return make


def _window_places(site: Site, picture: Shape) -> tuple[Array, Array, Array]:
    """For each place in each window its row and column, and whether that is in the picture."""
    (high, wide), (down, across), (top, left) = site["window"], site["stride"], site["padding"]
    rows, columns = windows(site, picture)
    row = np.arange(high)[:, None, None, None] + down * np.arange(rows)[None, None, :, None] - top
    column = np.arange(wide)[None, :, None, None] + across * np.arange(columns)[None, None, None, :] - left
    row, column = (x.reshape(high * wide, rows * columns) for x in np.broadcast_arrays(row, column))
    inside = (row >= 0) & (row < picture[-2]) & (column >= 0) & (column < picture[-1])
    return np.where(inside, row, 0), np.where(inside, column, 0), inside


def _unfold(site: Site) -> Kernel:
    row, column, inside = _window_places(site, site.x)
    whole, rank = bool(np.all(inside)), len(site.x)

    def kernel(a: Array) -> Array:
        found = a[..., row, column]
        if not whole:
            found = np.where(inside, found, np.zeros((), dtype=np.asarray(a).dtype))
        if rank == 2:
            return found
        return found.reshape((*found.shape[:-3], found.shape[-3] * found.shape[-2], found.shape[-1]))

    return kernel


def _fold(site: Site) -> Kernel:
    shape = tuple(site["shape"])
    row, column, inside = _window_places(site, shape)
    rank = len(site.x)

    def kernel(a: Array) -> Array:
        lead = samples(a, rank)
        found = np.zeros(lead + shape)
        parts = a if len(shape) == 2 else a.reshape((*lead, *shape[:-2], *row.shape))
        at: Any = (..., row, column)
        np.add.at(found, at, np.where(inside, parts, 0.0))
        return found

    return kernel


def _argmax(numpy: Callable[..., Array]) -> Callable[[Site], Kernel]:
    def make(site: Site) -> Kernel:
        rank, axis = len(site.x), site["axis"]
        if axis is None:
            return lambda a: 1.0 * numpy(np.reshape(a, (*samples(a, rank), -1)), axis=-1)
        return lambda a: 1.0 * numpy(a, axis=axis - rank)

    return make


def _one_hot(site: Site) -> Kernel:
    classes = np.arange(site["classes"], dtype=np.float64)

    def kernel(y: Array) -> Array:
        numbers = np.asarray(y, dtype=np.float64)[..., None]
        found = 1.0 * (numbers == classes)
        return np.where(np.any(found, axis=-1, keepdims=True), found, np.nan)

    return kernel


def _triangle(numpy: Callable[..., Array]) -> Callable[[Site], Kernel]:
    def make(site: Site) -> Kernel:
        inside = numpy(np.ones(site.x[-2:], dtype=bool), site["k"])
        return lambda a: np.where(inside, a, np.zeros((), dtype=np.asarray(a).dtype))

    return make


MOVES = {
    "broadcast": _broadcast,
    "flip": _along(np.flip),
    "transpose": _transpose,
    "reshape": _reshape,
    "slice": _slice,
    "pad": _pad,
    "gather": _gather,
    "concat": _joined(np.concatenate, 0),
    "stack": _joined(np.stack, 1),
    "unfold": _unfold,
    "tril": _triangle(np.tril),
    "triu": _triangle(np.triu),
}
"""Rows whose cells are cells of their arguments, or 0."""

_MAKERS: dict[str, Callable[[Site], Kernel]] = {
    **MOVES,
    "sum_over": _over(np.sum),
    "prod_over": _over(np.prod),
    "others": _others,
    "max_over": _over(np.max),
    "min_over": _over(np.min),
    "cumsum": _along(np.cumsum),
    "scatter_add": _scatter_add,
    "fold": _fold,
    "argmax": _argmax(np.argmax),
    "argmin": _argmax(np.argmin),
    "argsort": _along(lambda a, axis: 1.0 * np.argsort(a, axis=axis, kind="stable")),
    "one_hot": _one_hot,
    "einsum": lambda site: contraction(site["letters"], site.shapes),
}


def kernel(op: str, site: Site) -> Kernel:
    """What computes a row that knows axes, at a node."""
    return _MAKERS[op](site)
