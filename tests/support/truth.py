"""The mathematics of the operations, independent of the rows: what the tests compare with.

Functions of mpmath numbers, by the row's name, NaN outside of the domain.
"""

import math
import sys
from collections.abc import Callable, Mapping, Sequence
from functools import reduce
from typing import Any

import mpmath

from graphviz_backprop.language.graph import Graph

mp = mpmath.mp.clone()
mp.dps = 50

Number = Any
SELU = mp.mpf(1.0507009873554805), mp.mpf(1.6732632423543772)
"""Scale and α, as the doubles that every library has."""

LARGEST = sys.float_info.max * (1 + mp.mpf(2) ** -54)
"""From here on numbers round to infinity."""

NOTHING = mp.mpf(10) ** -320
"""No double has digits there."""

NAN = mp.nan


def real(function: Callable[..., Number]) -> Callable[..., Number]:
    """A function whose complex values and poles count as outside of the domain."""

    def wrapped(*args: Number) -> Number:
        try:
            value = function(*map(mp.mpf, args))
        except (ValueError, ZeroDivisionError):
            return NAN
        return NAN if isinstance(value, mp.mpc) else value

    return wrapped


def power(x: Number, y: Number) -> Number:
    if x == 0:
        return mp.mpf(0) if y > 0 else mp.mpf(1) if y == 0 else NAN
    if x < 0:
        return NAN if y != mp.floor(y) else (-1 if y % 2 else 1) * power(-x, y)
    # the digits of so high a power are those of its logarithm, and multiplying takes longer by far
    return mp.power(x, y) if abs(y) < 1e6 else mp.exp(y * mp.log(x))


def fading(x: Number) -> Number:
    """exp(-x); beyond 10,000 no number of digits here shows it."""
    return mp.exp(-x) if x < 1e4 else mp.mpf(0)


def cube_root(x: Number) -> Number:
    return mp.sign(x) * mp.cbrt(abs(x))


def log(x: Number) -> Number:
    return mp.log(x) if x > 0 else -mp.inf if x == 0 else NAN


def mean(*xs: Number) -> Number:
    """The sum, divided: where the sum is no double any more, nor is the mean, as in every library."""
    total = mp.fsum(xs)
    return total / len(xs) if abs(total) < LARGEST else mp.sign(total) * mp.inf


def erfc(x: Number) -> Number:
    # beyond, mpmath's series counts past the largest float
    return mp.erfc(x) if abs(x) < 1e9 else mp.mpf(0 if x > 0 else 2)


def angle(y: Number, x: Number) -> Number:
    """atan2 of floats, whose zeros have signs: on the negative x axis that of y = ±0 is the angle's."""
    if y == 0 and math.copysign(1, x) < 0:
        return math.copysign(1, y) * mp.pi
    return mp.atan2(mp.mpf(y), mp.mpf(x))


def remainder(x: Number, y: Number) -> Number:
    """With the digits that the largest quotient of two doubles has."""
    with mp.workdps(max(700, mp.dps)):
        return x - y * mp.floor(x / y)


FUNCTIONS: Mapping[str, Callable[..., Number]] = {
    name: real(function)
    for name, function in {
        "add": lambda x, y: x + y,
        "sub": lambda x, y: x - y,
        "mul": lambda x, y: x * y,
        "div": lambda x, y: x / y,
        "pow": power,
        "neg": lambda x: -x,
        "exp": mp.exp,
        "expm1": mp.expm1,
        "log": log,
        "log_base": lambda x, b: log(x) / log(b),  # of base 0: the limit
        "log1p": lambda x: mp.log1p(x) if x > -1 else NAN,
        "log2": lambda x: log(x) / mp.log(2),
        "log10": lambda x: log(x) / mp.log(10),
        "sqrt": lambda x: mp.sqrt(x) if x >= 0 else NAN,
        "cbrt": cube_root,
        "sin": mp.sin,
        "cos": mp.cos,
        "tan": mp.tan,
        "asin": mp.asin,
        "acos": mp.acos,
        "atan": mp.atan,
        "sinh": mp.sinh,
        "cosh": mp.cosh,
        "tanh": mp.tanh,
        "abs": abs,
        "sign": mp.sign,
        "step": lambda x: mp.mpf(x > 0),
        "max": max,
        "min": min,
        "sum": lambda *xs: mp.fsum(xs),
        "mean": mean,
        "hypot": mp.hypot,
        "erf": mp.erf,
        "erfc": erfc,
        "erfinv": lambda x: NAN if abs(x) > 1 else mp.sign(x) * mp.inf if abs(x) == 1 else mp.erfinv(x),
        "relu": lambda x: x if x > 0 else mp.mpf(0),
        "leaky_relu": lambda x: x if x > 0 else x * mp.mpf(0.01),  # the double 0.01
        "leaky_relu_slope": lambda x, a: x if x > 0 else x * a,
        "elu": lambda x: x if x > 0 else mp.expm1(x),
        "softplus": lambda x: mp.log1p(mp.exp(x)),
        "sigmoid": lambda x: mp.exp(x) / (1 + mp.exp(x)),
        "silu": lambda x: x * mp.exp(x) / (1 + mp.exp(x)),
        "mish": lambda x: x * mp.tanh(mp.log1p(mp.exp(x))),
        "logaddexp": lambda x, y: max(x, y) + mp.log1p(fading(abs(x - y))),  # quicker by far
        "gelu": lambda x: x * erfc(-x / mp.sqrt(2)) / 2,
        "where": lambda c, x, y: x if c else y,
        "equal": lambda x, y: mp.mpf(x == y),
        "less": lambda x, y: mp.mpf(x < y),
        "not_equal": lambda x, y: mp.mpf(x != y),
        "less_equal": lambda x, y: mp.mpf(x <= y),
        "greater": lambda x, y: mp.mpf(x > y),
        "greater_equal": lambda x, y: mp.mpf(x >= y),
        "asinh": lambda x: mp.sign(x) * mp.asinh(abs(x)),
        "acosh": mp.acosh,
        "atanh": lambda x: mp.sign(x) * mp.inf if abs(x) == 1 else mp.atanh(x),
        "sec": mp.sec,
        "csc": lambda x: 1 / mp.sin(x),
        "cot": lambda x: mp.cos(x) / mp.sin(x),
        "square": lambda x: x * x,
        "rsqrt": lambda x: 1 / mp.sqrt(x) if x > 0 else NAN,
        "mod": remainder,
        "clamp": lambda x, lo, hi: min(max(x, lo), hi),
        "relu6": lambda x: min(max(x, 0), 6),
        "hardtanh": lambda x: min(max(x, -1), 1),
        "selu": lambda x: SELU[0] * (x if x > 0 else SELU[1] * mp.expm1(x)),
        "softsign": lambda x: x / (1 + abs(x)),
        "smooth_l1": lambda x: x * x / 2 if abs(x) < 1 else abs(x) - mp.mpf(1) / 2,
        "log_sigmoid": lambda x: -mp.log1p(mp.exp(-x)),
        "logit": lambda x: mp.log(x / (1 - x)) if 0 < x < 1 else NAN,
    }.items()
} | {"atan2": angle}


def values(graph: Graph, at: Mapping[str, Number], exact: bool = False) -> list[Number]:
    """The value of each node; with ``exact``, ``e`` and ``pi`` are the numbers and not the doubles.

    NaN stands for what is larger than 2^100,000: the sine of such a number takes as many digits, and hours.
    """
    constants = {"e": mp.e, "pi": mp.pi} if exact else {}
    return graph.fold(
        lambda node: mp.mpf(at[node.name]),
        lambda node: mp.mpf(constants.get(node.name, node.value)),
        lambda node, args: within_reach(FUNCTIONS[node.op](*args)),
    )


def within_reach(x: Number) -> Number:
    return NAN if mp.isfinite(x) and mp.mag(x) > 100_000 else x


def derivative(function: Callable[..., Number], args: Sequence[float], arg: int, digits: int = 50) -> Number:
    """∂function/∂args[arg], by differences at so many digits."""
    with mp.workdps(digits):
        point = [mp.mpf(x) for x in args]
        scale = point[arg] or mp.mpf(1)  # steps in proportion to the argument

        def along(step: Number) -> Number:
            return function(*point[:arg], point[arg] + step * scale, *point[arg + 1 :])

        return mp.diff(along, 0) / scale


def slope(function: Callable[..., Number], args: Sequence[float], arg: int) -> Number:
    """∂function/∂args[arg], by differences at hundreds of digits; NaN where there is none.

    There is one where both sides and both steps agree: not at a kink, a jump, an edge or a vertical tangent.
    """
    sizes = [abs(x) for x in args if x]
    digits = 180 if all(1e-20 <= size <= 12 for size in sizes) else 1000
    with mp.workdps(digits):
        here, size = function(*args), abs(mp.mpf(args[arg])) or 1

        def along(step: Number) -> Number:
            return (function(*args[:arg], args[arg] + step, *args[arg + 1 :]) - here) / step

        # no multiple of an argument, for mod; a power of ten would take longer than all the rest
        small = mp.ldexp(size / 3, -mp.prec // 3)
        found, *others = (along(step) for step in (small, -small, mp.ldexp(small, -66)))
        agree = all(abs(found - other) <= mp.ldexp(abs(found), -100) + NOTHING for other in others)
        return found if agree else NAN


def gradient(graph: Graph, at: Mapping[str, float]) -> dict[str, Number]:
    """∂output/∂x of each variable, by differences at 50 digits."""
    names = graph.variables

    def output(*point: Number) -> Number:
        return values(graph, dict(zip(names, point, strict=True)))[-1]

    return {name: derivative(output, [at[x] for x in names], arg) for arg, name in enumerate(names)}


KERNELS: Mapping[str, Callable[..., Number]] = {
    **FUNCTIONS,
    "count": lambda f, *xs: reduce(lambda total, x: total + (x == f), xs, 0),
}
"""The mathematical functions in the place of the kernels of a compiled graph."""
