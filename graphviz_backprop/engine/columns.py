"""Columns: what the primitives compute on NumPy arrays, and what counts as a column.

``[()]`` turns an array without axes, which some of NumPy's functions make of numbers, into a number again.
NumPy's warnings are the caller's to silence (``numpy.errstate``). NumPy is loaded with this module and not
before: whoever computes with floats alone does without.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Mapping
from contextlib import AbstractContextManager
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from graphviz_backprop.engine.kernels import STANDARD, Kernel, count, erfinv, mean, total

Column: TypeAlias = npt.NDArray[np.float64]


def _sign_array(x: Any) -> Any:
    return np.where(x == 0, x, np.sign(x))[()]  # NumPy's own forgets -0


def _pow_array(x: Any, y: Any) -> Any:
    power = np.power(x, y)
    half = np.equal(y, 0.5)  # there NumPy may take the square root, which differs at -0 and -inf
    if np.any(half):
        return np.where(half & (np.equal(x, 0) | np.equal(x, -math.inf)), np.abs(x), power)[()]
    return power


def _max_array(*xs: Any) -> Any:
    def larger(best: Any, x: Any) -> Any:
        return np.where(best >= x, best, np.where(x > best, x, math.nan))[()]

    return functools.reduce(larger, xs)


def _min_array(*xs: Any) -> Any:
    def smaller(best: Any, x: Any) -> Any:
        return np.where(best <= x, best, np.where(x < best, x, math.nan))[()]

    return functools.reduce(smaller, xs)


_ERF = np.vectorize(math.erf, otypes=[float])
_ERFC = np.vectorize(math.erfc, otypes=[float])
_ERFINV = np.vectorize(erfinv, otypes=[float])


def _where_array(c: Any, x: Any, y: Any) -> Any:
    if np.ndim(c) == 0:
        return x if c else y
    chosen: Any = np.where(c, x, y)
    return chosen[()]  # of floats, a float


ARRAY: dict[str, Kernel] = {
    **{name: getattr(np, name) for name in STANDARD},
    "pow": _pow_array,
    "div": np.divide,
    "mod": np.mod,
    "abs": np.abs,
    "sign": _sign_array,
    "step": lambda x: np.heaviside(x, 0.0),
    "max": _max_array,
    "min": _min_array,
    "sum": total,
    "mean": mean,
    "count": count,
    "erf": lambda x: _ERF(x)[()],
    "erfc": lambda x: _ERFC(x)[()],
    "erfinv": lambda x: _ERFINV(x)[()],
    "where": _where_array,
    "equal": lambda x, y: 1.0 * np.equal(x, y),
    "less": lambda x, y: 1.0 * np.less(x, y),
}


def quiet() -> AbstractContextManager[object]:
    """Where NumPy does not warn of what is not finite."""
    return np.errstate(all="ignore")


def point(at: Mapping[str, Any], seed: Any) -> tuple[dict[str, Any], Any]:
    """Values and seed as floats or, if one of them is a column, all as columns: copies, not to be written to.

    Raises ValueError for columns of different shapes or with masked rows, and for texts.
    """
    given = {name: _column_or_float(name, x) for name, x in at.items()}
    upstream = _column_or_float("the seed", seed)
    shape = np.broadcast_shapes(*map(np.shape, (*given.values(), upstream)))
    if shape == ():
        return given, upstream
    return {name: np.broadcast_to(x, shape) for name, x in given.items()}, np.broadcast_to(upstream, shape)


def _column_or_float(name: str, x: Any) -> float | Column:
    if np.ma.is_masked(x):
        raise ValueError(f"{name} has masked rows: fill them or leave them out")
    given = np.asarray(x)
    if given.dtype.kind in "USO" and any(isinstance(one, str | bytes) for one in given.flat):
        raise ValueError(f"{name}: could not convert text to a number")
    try:
        return float(given) if given.ndim == 0 else np.array(given, dtype=np.float64)
    except TypeError:
        raise ValueError(f"{name} is no number") from None


def same(one: Any, other: Any) -> bool:
    """Whether two columns, or floats, have the same numbers: NaN is NaN, and 0 is not -0."""
    signs = np.array_equal(np.signbit(one), np.signbit(other))
    return signs and np.array_equal(one, other, equal_nan=True)
