"""Rows as graphs of one operation, and the points at which they are tried."""

import itertools
import math
import sys
from collections.abc import Sequence

import numpy as np

from graphviz_backprop.engine import autodiff
from graphviz_backprop.engine.autodiff import Run
from graphviz_backprop.language.graph import VAR, Graph, Node
from graphviz_backprop.language.ops import FUNCTIONS, OPERATORS, OPS, Op

ROWS = (*OPERATORS, *FUNCTIONS)
NAMES = [op.name for op in ROWS]

TINY = 1e-307
"""Below this, numbers lose their digits: results may differ by so much."""

_MAGNITUDES = [
    *(0.0, math.inf, sys.float_info.max, sys.float_info.min, 5e-324),
    *(1e-200, 1e-20, 1e-8, 0.1, 1 / 3, 0.49, 0.5, 0.51, 1.0, math.pi / 2, 2.0, 3.0),
    *(20.0, 27.0, 40.0, 710.0, 745.0, 1e16, 1e200),
]
SPECIALS = [math.nan, *_MAGNITUDES, *(-x for x in _MAGNITUDES)]


def count(op: Op) -> int:
    """With how many arguments a row is tried."""
    return 2 if op.variadic else len(op.arguments)


_FEW = [0.0, sys.float_info.max, sys.float_info.min, 1e-200, 1e-8, 0.5, 1.0, 3.0, 40.0, 710.0, 1e16, 1e200]
FEW = [*_FEW, *(-x for x in _FEW)]


UNIT = [0.03, 0.2, 0.25, 0.4, 0.62, 0.75, 0.86, 0.97]
"""Where probabilities are."""


def combined(numbers: Sequence[float], arguments: int) -> list[tuple[float, ...]]:
    """All numbers at one argument, all pairs at two; of more arguments, each pair at every two of them, with
    some at the third."""
    every = itertools.product(enumerate(numbers), repeat=arguments)
    some = 1 if arguments < 3 else 7
    return [tuple(x for _, x in places) for places in every if sum(at for at, _ in places) % some == 0]


def finite_points(op: Op) -> list[tuple[float, ...]]:
    """Where a row is compared with mathematics, whoever wrote it: special numbers and ordinary ones."""
    single = [x for x in (*SPECIALS, *UNIT) if math.isfinite(x)]
    numbers = single if count(op) == 1 else FEW
    return [*combined(numbers, count(op)), *ordinary_points(op, 20)]


def special_points(op: Op) -> list[tuple[float, ...]]:
    """Combinations of special numbers."""
    return combined(SPECIALS, count(op))


def ordinary_points(op: Op, size: int = 400) -> list[tuple[float, ...]]:
    """Numbers of the sizes that occur, the same in every run."""
    random = np.random.default_rng(len(op.name))
    shape = (size, count(op))
    near = random.uniform(-5, 5, shape)
    wide = random.choice([-1.0, 1.0], shape) * 10 ** random.uniform(-6, 3, shape)
    return [tuple(map(float, row)) for row in np.concatenate([near, wide])]


def row_graph(op: Op, arguments: int | None = None) -> Graph:
    """The graph of one operation of variables x0, x1, …"""
    n = arguments or count(op)
    leaves = [Node(f"a{arg}", VAR, (), (0, 0), f"x{arg}") for arg in range(n)]
    return Graph("", "graph", (*leaves, Node("f", op.name, tuple(range(n)), (0, 0))))


def evaluated(op: Op, points: Sequence[Sequence[float]]) -> list[list[float]]:
    """At each point the row's value and its partials, on floats."""
    compiled = autodiff.compile(row_graph(op, len(points[0])))
    runs = (compiled({f"x{arg}": x for arg, x in enumerate(point)}) for point in points)
    return [[run.value, *run.partials[-1]] for run in runs]  # type: ignore[list-item]


def differ(a: float, b: float, relative: float) -> bool:
    """Whether two results are not the same number: NaN, infinities and the sign of zero count."""
    if math.isnan(a) or math.isnan(b):
        return math.isnan(a) != math.isnan(b)
    if a == b:
        return math.copysign(1, a) != math.copysign(1, b)
    return not math.isclose(a, b, rel_tol=relative, abs_tol=TINY)


def differences(
    op: Op,
    points: Sequence[Sequence[float]],
    found: Sequence[Sequence[float]],
    wanted: Sequence[Sequence[float]],
    relative: float,
) -> list[str]:
    """Where two lists of results differ, in words."""
    words = ["value", *(f"partial {arg}" for arg in range(count(op)))]
    return [
        f"{op.name}{tuple(point)}: {word} {a!r}, not {b!r}"
        for point, row, other in zip(points, found, wanted, strict=True)
        for at, (word, a, b) in enumerate(zip(words, row, other, strict=True))
        if differ(a, b, relative) and not abs(a - b) <= last_digits(op, point, at)
    ]


def last_digits(op: Op, point: Sequence[float], at: int) -> float:
    """By how much a value or partial changes where the last digits of an argument do: beside a zero of a
    partial this is all that is left of it."""
    here, *near = evaluated(op, [[x * factor for x in point] for factor in (1, 1 - 1e-15, 1 + 1e-15)])
    return max(abs(other[at] - here[at]) for other in near)


_SENSITIVE = {
    op.name for op in OPS.values() if op.kink or op.domain or op.flat == "level" or "where" in op.value
}


def digits_suffice(run: Run[float]) -> bool:
    """Whether the last digit, in which two machines may differ, does not decide over a number."""
    for node, value in zip(run.graph.nodes, run.values, strict=True):
        if math.isfinite(value) and abs(value) > 1e6 and node.args:
            return False
        if node.op in _SENSITIVE and any(0 < abs(run.values[arg]) < 1e-6 for arg in node.args):
            return False
    return True
