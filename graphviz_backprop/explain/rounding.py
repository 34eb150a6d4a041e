"""By how much rounding may have changed the numbers of a run: a bound for each value and each gradient.

A running error analysis to first order (Higham 2002, section 3.3): what comes in through the local
partials, and what the operation itself rounds away. For + - and * that is known exactly, so that a sum of
exact numbers is exact; of other operations it is the last digit, unless arguments and result are short
enough to be exact. Where a local partial does not say what an error does, at a jump, a corner or where it
is 0, the operation itself is asked at the ends of what its arguments may be.
"""

from __future__ import annotations

import itertools
import math
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence

from graphviz_backprop.engine import scalar
from graphviz_backprop.engine.autodiff import Run
from graphviz_backprop.explain.branches import untaken
from graphviz_backprop.language.graph import CONST, Node
from graphviz_backprop.language.ops import OPS, Op

_EPSILON = sys.float_info.epsilon
_SHORT = 2.0**20  # a multiple of its inverse is short: as good as typed
_SPLIT = 2.0**27 + 1  # halves the digits of a double (Dekker 1971)
_STEEP = 1e-3  # of a flatter operation, a short result may have been rounded to it: tanh(20) = 1
_MANY = 3  # arguments: of more, their ends are not put together in every way

_CHOICES: Mapping[str, Callable[..., int]] = {"max": max, "min": min}
SUMS = frozenset(("add", "sub", "sum"))


def value_bounds(run: Run[float]) -> list[float]:
    """For each node; infinite or NaN where numbers are."""
    bounds: list[float] = []
    for at, node in enumerate(run.graph.nodes):
        value = run.values[at]
        if node.op == CONST:
            bounds.append(0.0 if _short(value) else _EPSILON / 2 * abs(value))
            continue
        if node.op == "sub" and len({_chosen(run, bounds, child) for child in node.args}) == 1:
            bounds.append(0.0)  # a number less itself
            continue
        errors = [bounds[child] for child in node.args]
        inherited = _inherited(run, at, errors) if any(errors) else 0.0
        bounds.append(inherited + (_rounded(run, at, node, any(errors)) if node.args else 0.0))
    return bounds


def _chosen(run: Run[float], bounds: Sequence[float], at: int) -> int:
    """The node that a maximum or minimum is, whatever rounding did; any other node is itself."""
    node, values = run.graph.nodes[at], run.values
    while node.op in _CHOICES:
        best = _CHOICES[node.op](node.args, key=lambda arg: values[arg])
        others = [arg for arg in node.args if arg != best]
        if not all(abs(values[best] - values[arg]) > bounds[best] + bounds[arg] for arg in others):
            return at
        at, node = best, run.graph.nodes[best]
    return at


def gradient_bounds(run: Run[float], values: Sequence[float]) -> list[float]:
    """The same for gradients; ``values`` are the bounds of the values."""
    nodes = run.graph.nodes
    bounds = [0.0] * len(nodes)
    sums = [0.0] * len(nodes)
    for at in range(len(nodes) - 1, -1, -1):
        gradient = run.gradients[at]
        if gradient is None:
            continue
        for arg, child in enumerate(nodes[at].args):
            partial, flow = run.partials[at][arg], run.flows[at][arg]
            if partial is None or flow is None:
                continue
            bounds[child] += bounds[at] * abs(partial) + abs(product_error(gradient, partial))
            bounds[child] += abs(gradient) * _partial_bound(run, values, at, arg)
            bounds[child] += abs(sum_error(sums[child], flow))
            sums[child] += flow
    return bounds


def sum_error(x: float, y: float) -> float:
    """What x + y rounds away, exactly (Knuth)."""
    total = x + y
    rest = total - x
    return (x - (total - rest)) + (y - rest)


def product_error(x: float, y: float) -> float:
    """What x · y rounds away (Dekker); a bound where numbers are too large for that."""
    product = x * y
    large = _SPLIT * x - (_SPLIT * x - x), _SPLIT * y - (_SPLIT * y - y)
    small = x - large[0], y - large[1]
    error = ((large[0] * large[1] - product) + large[0] * small[1] + small[0] * large[1]) + small[0] * small[
        1
    ]
    return error if math.isfinite(error) else _EPSILON * product


def _inherited(run: Run[float], at: int, errors: Sequence[float]) -> float:
    """What the errors of the arguments may do to the result."""
    op, args = OPS[run.graph.nodes[at].op], run.graph.nodes[at].args
    if op.name == "where" and not errors[0]:
        return errors[3 - untaken(run, at)]
    if not all(map(math.isfinite, errors)):
        return math.inf
    passed = [_passes(run, at, arg) for arg in range(len(args))]
    first = sum(error * slope for error, slope in zip(errors, passed, strict=True) if error)
    smooth = not _chooses(op) and (op.kink is None or op.kink.kind not in ("corner", "jump"))
    return first if smooth and all(passed) else max(first, _swing(run, at, errors))


def _swing(run: Run[float], at: int, errors: Sequence[float]) -> float:
    """By how much the result differs at the ends of what the arguments may be, where they may be 0, and
    where two may be one number. Infinite where one of these is."""
    node, value = run.graph.nodes[at], run.values[at]
    args = [run.values[arg] for arg in node.args]
    found = (abs(scalar.value(node.op, point) - value) for point in _corners(args, errors))
    return max((math.inf if math.isnan(change) else change for change in found), default=0.0)


def _corners(args: Sequence[float], errors: Sequence[float]) -> Iterator[Sequence[float]]:
    if len(args) > _MANY:  # those rise with each argument
        for way in (-1, 1):
            yield [x + way * error for x, error in zip(args, errors, strict=True)]
        return
    yield from itertools.product(*map(_ends, args, errors))
    if len(args) == 2:
        least = max(x - error for x, error in zip(args, errors, strict=True))
        if least <= min(x + error for x, error in zip(args, errors, strict=True)):
            yield [least, least]


def _ends(x: float, error: float) -> Sequence[float]:
    ends = (x - error, x + error)
    return (x,) if not error else (*ends, 0.0) if ends[0] < 0 < ends[1] else ends


def _chooses(op: Op) -> bool:
    """Whether it chooses one of its arguments or turns a sign."""
    return op.name in ("neg", "abs") or op.flat in ("dead", "level")


def _passes(run: Run[float], at: int, arg: int) -> float:
    """What an error of an argument is multiplied by; a run has no partial of what no variable reaches."""
    partial = run.partials[at][arg]
    if partial is None:
        node = run.graph.nodes[at]
        partial = _partial(node.op, arg, [run.values[child] for child in node.args], run.values[at])
    return abs(partial)


def _rounded(run: Run[float], at: int, node: Node, inexact: bool) -> float:
    """What an operation itself may have rounded away, of arguments that are ``inexact`` already or not."""
    value, args = run.values[at], [run.values[arg] for arg in node.args]
    if node.op in SUMS:
        return sum_bound(args if node.op != "sub" else [args[0], -args[1]])
    if node.op == "mul":
        return abs(product_error(*args))
    if _chooses(OPS[node.op]):
        return 0.0
    inside = (
        0.0 if OPS[node.op].primitive else sum(abs(x) * _passes(run, at, arg) for arg, x in enumerate(args))
    )
    # an exponent is no way to hide digits: 1^2 is 1, and flat by its exponent
    steep = all(_passes(run, at, arg) >= _STEEP for arg in range(1 if node.op == "pow" else len(args)))
    exact = _short(value) and all(map(_short, args)) and (steep or not any(args)) and not inexact
    return 0.0 if exact else _EPSILON * (abs(value) + inside)


def sum_bound(terms: Sequence[float]) -> float:
    """What adding them from left to right rounds away."""
    total, bound = terms[0], 0.0
    for term in terms[1:]:
        bound += abs(sum_error(total, term))
        total += term
    return bound


def _partial_bound(run: Run[float], values: Sequence[float], at: int, arg: int) -> float:
    """What rounding may have changed a local partial by: its own, and that of what it is made of."""
    node, partial = run.graph.nodes[at], run.partials[at][arg] or 0.0
    if node.op == "mul":
        return values[node.args[1 - arg]]
    if node.op in SUMS:
        return 0.0
    args = [run.values[one] for one in node.args]
    own = 0.0 if _chooses(OPS[node.op]) or all(map(_short, [partial, *args])) else 2 * _EPSILON * abs(partial)
    errors = [values[one] for one in node.args]
    if not any(errors):
        return own
    if not all(map(math.isfinite, errors)):
        return math.inf
    changes = (abs(_partial(node.op, arg, point) - partial) for point in _corners(args, errors))
    return own + max((math.inf if math.isnan(change) else change for change in changes), default=0.0)


def _partial(name: str, arg: int, args: Sequence[float], f: float | None = None) -> float:
    """An operation's local partial at any arguments; ``f`` is its result, where it is known."""
    op, f = OPS[name], scalar.value(name, args) if f is None else f
    more = {"f": f, "n": float(len(args)), "k": float(list(args).count(f))}
    return scalar.formula(op.evaluated_partial(arg), {**op.bind(list(args), arg), **more})


def _short(x: float) -> bool:
    return abs(x) < _SHORT and (x * _SHORT).is_integer()
