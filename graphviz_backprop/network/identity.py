"""Whether two expressions are one function, as far as numbers tell: compared in 200 digits, far and near.

Equality at a few ordinary points proves nothing: ``log(a + 1e-12)`` agrees with ``log(a)`` there, and so does
what is clipped further out. With 200 digits the first differs everywhere; of the second, each branch of a
max, a min or an absolute value is compared, also one that none of the points takes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from decimal import Context, Decimal, DecimalException, localcontext
from fractions import Fraction
from functools import cache, lru_cache
from random import Random

from graphviz_backprop.language.graph import Graph, Node
from graphviz_backprop.language.ops import OPS
from graphviz_backprop.language.parser import parse_row

Point = Mapping[str, Decimal]
"""A number for each variable."""

Closed = Callable[[Point], Decimal]
"""What an expression is compared with."""

_DIGITS = 200
_CLOSE = Decimal("1e-50")
_DENOMINATOR = 1000  # of a factor such as 2/3; others are decimals, as they were typed
_MOST_WORK = 12_000  # operations, so that a program which is no known function costs seconds at most
SCALES = (0.3, 3.0, 30.0, 150.0)
"""How far from 0 points lie: exp(-150) is 1e-65, of which 200 digits still see what it is added to."""
ROUNDS = 3


class _Unknown(Exception):
    """An operation that has no kernel here: what holds it is not told from others."""


_Place = tuple[str, ...]
_Branch = tuple[_Place, int]
"""A choice that an operation makes: where it stands, and the number of the argument that it takes."""


@dataclass
class _Pass:
    """Evaluations: ``forced`` choices are made for them, ``taken`` are those they made, ``all`` they had."""

    forced: Mapping[_Place, int] = field(default_factory=dict)
    taken: set[_Branch] = field(default_factory=set)
    all: set[_Branch] = field(default_factory=set)

    def value(self, graph: Graph, at: Point, place: _Place = ()) -> Decimal:
        """The output's value. Raises for what has none, or is not known here."""
        return graph.fold(
            lambda node: at[node.name],
            _constant,
            lambda node, args: self._apply(node, args, (*place, node.id)),
        )[-1]

    def _apply(self, node: Node, args: Sequence[Decimal], place: _Place) -> Decimal:
        if node.op in _CHOICES:
            return self._choose(place, args, _CHOICES[node.op])
        if node.op == "abs":
            return self._choose(place, (args[0], -args[0]), 1)
        if node.op in _KERNELS:
            return _KERNELS[node.op](*args)
        op = OPS[node.op]
        if op.primitive:
            raise _Unknown(node.op)
        return self.value(_definition(node.op), op.bind(args), place)

    def _choose(self, place: _Place, args: Sequence[Decimal], sign: int) -> Decimal:
        """The largest argument, or of ``sign`` -1 the smallest."""
        best = self.forced.get(place, max(range(len(args)), key=lambda at: sign * args[at]))
        self.taken.add((place, best))
        self.all.update((place, at) for at in range(len(args)))
        return args[best]


def _constant(node: Node) -> Decimal:
    return _exp(Decimal(1)) if node.name == "e" else Decimal(node.value)


_CHOICES = {"max": 1, "min": -1}


# Softmax of eight outputs asks for the same powers again and again.
@lru_cache(maxsize=2048)
def _exp(x: Decimal) -> Decimal:
    return x.exp()


@lru_cache(maxsize=2048)
def _ln(x: Decimal) -> Decimal:
    return x.ln()


def _tanh(x: Decimal) -> Decimal:
    return 1 - 2 / (_exp(2 * x) + 1)


def _sum(*xs: Decimal) -> Decimal:
    return sum(xs, Decimal(0))


_KERNELS: Mapping[str, Callable[..., Decimal]] = {
    "add": lambda x, y: x + y,
    "sub": lambda x, y: x - y,
    "mul": lambda x, y: x * y,
    "div": lambda x, y: x / y,
    "neg": lambda x: -x,
    "pow": lambda x, y: x**y,
    "exp": _exp,
    "expm1": lambda x: _exp(x) - 1,
    "log": _ln,
    "log1p": lambda x: _ln(1 + x),
    "sqrt": lambda x: x.sqrt(),
    "tanh": _tanh,
    "sinh": lambda x: (_exp(x) - _exp(-x)) / 2,
    "cosh": lambda x: (_exp(x) + _exp(-x)) / 2,
    "sum": _sum,
    "mean": lambda *xs: _sum(*xs) / len(xs),
    "logsumexp": lambda *xs: _ln(_sum(*map(_exp, xs))),
}


@cache
def _definition(name: str) -> Graph:
    return parse_row(OPS[name].value)


def _precise() -> AbstractContextManager[object]:
    return localcontext(Context(prec=_DIGITS, Emin=-(10**9), Emax=10**9))


def points(draw: Callable[[Random, float], Point]) -> list[Point]:
    """Points near and far: ``draw`` makes one from random numbers of a size."""
    random = Random(2)
    with _precise():
        return [draw(random, scale) for scale in SCALES for _ in range(ROUNDS)]


def spread(random: Random, scale: float) -> Decimal:
    """A random number between -scale and scale."""
    return Decimal(random.uniform(-scale, scale))


def multiple(graph: Graph, closed: Closed, at: Sequence[Point]) -> Fraction | None:
    """The factor c > 0 with graph = c · closed wherever they were compared, or None where there is none."""
    with _precise():
        try:
            return _multiple(graph, closed, at)
        except (_Unknown, DecimalException, OverflowError):
            return None


def _multiple(graph: Graph, closed: Closed, at: Sequence[Point]) -> Fraction | None:
    work = len(graph.nodes) * len(at)
    if work > _MOST_WORK:
        return None
    exact = [closed(point) for point in at]
    run = _Pass()
    values = [run.value(graph, point) for point in at]
    factor = values[0] / exact[0]
    if not factor > 0 or not _agree(values, exact, factor):
        return None
    # A branch that no point takes may be taken elsewhere: it has to be the same function.
    left = sorted(run.all - run.taken)
    if work * len(left) > _MOST_WORK:
        return None
    for place, branch in left:
        other = _Pass({place: branch})
        if not _agree([other.value(graph, point) for point in at], exact, factor):
            return None
    return _typed(float(factor))


def _typed(number: float) -> Fraction:
    """The fraction that a float stands for: 1/3, not the nearest one with a power of two below it."""
    ratio = Fraction(number).limit_denominator(_DENOMINATOR)
    return ratio if float(ratio) == number else Fraction(repr(number))


def _agree(values: Sequence[Decimal], exact: Sequence[Decimal], factor: Decimal) -> bool:
    return all(
        abs(value - factor * other) <= _CLOSE * abs(value) for value, other in zip(values, exact, strict=True)
    )


def equal(graph: Graph, closed: Closed, at: Sequence[Point]) -> bool:
    """Whether both are one function."""
    return multiple(graph, closed, at) == 1


def is_operation(graph: Graph, name: str) -> bool:
    """Whether a graph of one variable computes what the operation of one argument with this name does."""
    (variable,) = graph.variables
    op = OPS[name]

    def closed(point: Point) -> Decimal:
        return _Pass().value(_applied(name), op.bind([point[variable]]))

    return equal(graph, closed, points(lambda random, scale: {variable: spread(random, scale)}))


@cache
def _applied(name: str) -> Graph:
    """The operation on its own argument."""
    return parse_row(f"{OPS[name].names[0]}({OPS[name].arguments[0]})")


def sigmoid(x: Decimal) -> Decimal:
    """1 / (1 + e⁻ˣ)."""
    return 1 / (1 + _exp(-x))


def log_sum_exp(xs: Sequence[Decimal]) -> Decimal:
    """ln Σ eˣ."""
    return _KERNELS["logsumexp"](*xs)


def softmax(xs: Sequence[Decimal]) -> list[Decimal]:
    """eˣ over the sum of all."""
    powers = [_exp(number) for number in xs]
    whole = _sum(*powers)
    return [power / whole for power in powers]
