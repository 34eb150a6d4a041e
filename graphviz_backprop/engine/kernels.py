"""What the primitives compute on floats: IEEE 754 results, never an exception.

Python's ``math`` raises where the standard asks for an infinity or a NaN. These kernels take its fast path
and fall back on NumPy's answer only where it raises: until then NumPy isn't loaded. Those for arrays are
in :mod:`graphviz_backprop.engine.columns`, those for the browser in ``static/engine/kernels.js``;
``tests/support/vectors.json`` holds them together.

A table maps a primitive's name to a function of its arguments.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Callable
from typing import Any

Kernel = Callable[..., Any]

STANDARD = """exp expm1 log log1p log2 log10 sqrt cbrt sin cos tan asin acos atan atan2
sinh cosh tanh asinh acosh atanh hypot pow""".split()
"""Primitives that ``math`` and NumPy know by the same name."""

REFUSALS = (ValueError, ArithmeticError)
"""What Python raises where IEEE 754 has a result: outside a domain, at poles, beyond the largest float."""


def _ieee(fast: Kernel, exact: str) -> Kernel:
    """``fast``, and where it raises the IEEE result, which NumPy's function of the name ``exact`` knows."""

    @functools.wraps(fast)
    def kernel(*args: float) -> float:
        try:
            return fast(*args)  # type: ignore[no-any-return]
        except REFUSALS:
            import numpy as np

            with np.errstate(all="ignore"):
                return float(getattr(np, exact)(*args))

    return kernel


def _div(x: float, y: float) -> float:
    return x / y


def _mod(x: float, y: float) -> float:
    return x % y


def _sign(x: float) -> float:
    return 1.0 if x > 0 else -1.0 if x < 0 else x  # keeps ±0 and NaN


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


def erfinv(x: float) -> float:
    """Where erf is x: Winitzki's approximation, then Halley's method, on erfc in the tails to keep digits."""
    y = abs(x)
    if not y < 1:
        return math.copysign(math.inf, x) if y == 1 else math.nan
    log = math.log((1 - y) * (1 + y))
    middle = 2 / (math.pi * 0.147) + log / 2
    at = math.sqrt(math.sqrt(middle * middle - log / 0.147) - middle)
    for _ in range(3):
        excess = math.erf(at) - y if y < 0.5 else (1 - y) - math.erfc(at)
        step = excess * (math.sqrt(math.pi) / 2 * math.exp(at * at))
        at -= step / (1 + at * step)
    return math.copysign(at, x)


def total(*xs: Any) -> Any:
    return functools.reduce(lambda total, x: total + x, xs)  # left to right, as in the browser


def mean(*xs: Any) -> Any:
    return total(*xs) / len(xs)


def count(f: Any, *xs: Any) -> Any:
    """How many of ``xs`` equal ``f``: the number ``k`` of a variadic row."""
    return functools.reduce(lambda total, x: total + 1.0 * (x == f), xs, 0.0)


SCALAR: dict[str, Kernel] = {
    **{name: _ieee(getattr(math, name), name) for name in STANDARD},
    "div": _ieee(_div, "divide"),
    "mod": _ieee(_mod, "mod"),
    "abs": abs,
    "sign": _sign,
    "step": _step,
    "max": _max,
    "min": _min,
    "sum": total,
    "mean": mean,
    "count": count,
    "erf": math.erf,
    "erfc": math.erfc,
    "erfinv": erfinv,
    "where": lambda c, x, y: x if c else y,
    "equal": lambda x, y: 1.0 if x == y else 0.0,
    "less": lambda x, y: 1.0 if x < y else 0.0,
}

FAST: dict[str, Kernel] = {
    **SCALAR,
    **{name: getattr(math, name) for name in STANDARD},
    "div": _div,
    "mod": _mod,
}
"""The same, but raising one of :data:`REFUSALS` where ``math`` does: whoever calls them asks again then."""
