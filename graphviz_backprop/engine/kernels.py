"""What the primitives compute: IEEE 754 results, never an exception, on floats and on arrays alike.

Python's ``math`` raises where the standard asks for an infinity or a NaN. The scalar kernels take its
fast path and fall back on NumPy's answer only where it raises. A third set, for the browser, stands in
``static/engine/kernels.js``; ``tests/support/vectors.json`` holds them together.

Both tables map a primitive's name to a function of its arguments. For arrays, ``[()]`` turns an array
without axes, which some of NumPy's functions make of numbers, into a number again. NumPy's warnings are
the caller's to silence (``numpy.errstate``).
"""

from __future__ import annotations

import functools
import math
from collections.abc import Callable
from typing import Any

import numpy as np

Kernel = Callable[..., Any]

_STANDARD = """exp expm1 log log1p log2 log10 sqrt cbrt sin cos tan asin acos atan atan2
sinh cosh tanh hypot pow""".split()
"""Primitives that ``math`` and NumPy know by the same name."""


def _ieee(fast: Kernel, exact: Kernel) -> Kernel:
    """``fast``, and where it raises the IEEE result, which ``exact`` (NumPy's function) knows."""

    @functools.wraps(fast)
    def kernel(*args: float) -> float:
        try:
            return fast(*args)  # type: ignore[no-any-return]
        except (ValueError, OverflowError, ZeroDivisionError):
            with np.errstate(all="ignore"):
                return float(exact(*args))

    return kernel


def _div(x: float, y: float) -> float:
    return x / y


def _sign(x: float) -> float:
    return 1.0 if x > 0 else -1.0 if x < 0 else x  # keeps ±0 and NaN


def _sign_array(x: Any) -> Any:
    return np.where(x == 0, x, np.sign(x))[()]  # NumPy's own forgets -0


def _step(x: float) -> float:
    return 1.0 if x > 0 else 0.0 if x <= 0 else math.nan


def _max(x: float, y: float, *more: float) -> float:
    best = x if x >= y else y if y > x else math.nan
    for x in more:
        best = best if best >= x else x if x > best else math.nan
    return best


def _min(x: float, y: float, *more: float) -> float:
    best = x if x <= y else y if y < x else math.nan
    for x in more:
        best = best if best <= x else x if x < best else math.nan
    return best


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


def _sum(*xs: Any) -> Any:
    return functools.reduce(lambda total, x: total + x, xs)  # left to right, as in the browser


def _mean(*xs: Any) -> Any:
    return _sum(*xs) / len(xs)


def _count(f: Any, *xs: Any) -> Any:
    """How many of ``xs`` equal ``f``: the number ``k`` of a variadic row."""
    return functools.reduce(lambda total, x: total + 1.0 * (x == f), xs, 0.0)


_ERF = np.vectorize(math.erf, otypes=[float])
_ERFC = np.vectorize(math.erfc, otypes=[float])


def _where_array(c: Any, x: Any, y: Any) -> Any:
    if np.ndim(c) == 0:
        return x if c else y
    chosen: Any = np.where(c, x, y)
    return chosen[()]  # of floats, a float


SCALAR: dict[str, Kernel] = {
    **{name: _ieee(getattr(math, name), getattr(np, name)) for name in _STANDARD},
    "div": _ieee(_div, np.divide),
    "abs": abs,
    "sign": _sign,
    "step": _step,
    "max": _max,
    "min": _min,
    "sum": _sum,
    "mean": _mean,
    "count": _count,
    "erf": math.erf,
    "erfc": math.erfc,
    "where": lambda c, x, y: x if c else y,
    "equal": lambda x, y: 1.0 if x == y else 0.0,
    "less": lambda x, y: 1.0 if x < y else 0.0,
}

ARRAY: dict[str, Kernel] = {
    **{name: getattr(np, name) for name in _STANDARD},
    "pow": _pow_array,
    "div": np.divide,
    "abs": np.abs,
    "sign": _sign_array,
    "step": lambda x: np.heaviside(x, 0.0),
    "max": _max_array,
    "min": _min_array,
    "sum": _sum,
    "mean": _mean,
    "count": _count,
    "erf": lambda x: _ERF(x)[()],
    "erfc": lambda x: _ERFC(x)[()],
    "where": _where_array,
    "equal": lambda x, y: 1.0 * np.equal(x, y),
    "less": lambda x, y: 1.0 * np.less(x, y),
}
