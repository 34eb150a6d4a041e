"""By how much rounding may have changed the numbers of a run: a bound for each value and each gradient.

A running error analysis to first order (Higham 2002, section 3.3): what comes in through the local
partials, and what the operation itself rounds away. For + - and * that is known exactly, so that a sum of
exact numbers is exact; of other operations it is the last digit, unless arguments and result are short
enough to be exact.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Sequence

from graphviz_backprop.engine.autodiff import Run
from graphviz_backprop.language.graph import CONST, Node
from graphviz_backprop.language.ops import OPS

_EPSILON = sys.float_info.epsilon
_SHORT = 2.0**20  # a multiple of its inverse is short: as good as typed
_SPLIT = 2.0**27 + 1  # halves the digits of a double (Dekker 1971)
_STEEP = 1e-3  # of a flatter operation, a short result may have been rounded to it: tanh(20) = 1

SUMS = frozenset(("add", "sub", "sum"))


def value_bounds(run: Run[float]) -> list[float]:
    """For each node; infinite or NaN where numbers are."""
    bounds: list[float] = []
    for at, node in enumerate(run.graph.nodes):
        value = run.values[at]
        if node.op == CONST:
            bounds.append(0.0 if _short(value) else _EPSILON / 2 * abs(value))
            continue
        inherited = 0.0
        for arg, child in enumerate(node.args):
            if bounds[child]:
                inherited += bounds[child] * _passes(run, at, arg)
        bounds.append(inherited + (_rounded(run, at, node) if node.args else 0.0))
    return bounds


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


def _passes(run: Run[float], at: int, arg: int) -> float:
    """What an error of an argument is multiplied by; no partial is known of what no variable reaches."""
    partial = run.partials[at][arg]
    if partial is not None:
        return abs(partial)
    node = run.graph.nodes[at]
    child = run.values[node.args[arg]]
    return 1.0 if node.op in SUMS or not child else abs(run.values[at] / child)


def _rounded(run: Run[float], at: int, node: Node) -> float:
    """What an operation itself may have rounded away."""
    value, args = run.values[at], [run.values[arg] for arg in node.args]
    if node.op in SUMS:
        return sum_bound(args if node.op != "sub" else [args[0], -args[1]])
    if node.op == "mul":
        return abs(product_error(*args))
    if node.op in ("neg", "abs") or OPS[node.op].flat in ("dead", "level"):
        return 0.0  # it chooses or turns a sign
    steep = all(partial is None or abs(partial) >= _STEEP for partial in run.partials[at])
    exact = _short(value) and all(map(_short, args)) and (steep or not any(args))
    return 0.0 if exact else _EPSILON * abs(value)


def sum_bound(terms: Sequence[float]) -> float:
    """What adding them from left to right rounds away."""
    total, bound = terms[0], 0.0
    for term in terms[1:]:
        bound += abs(sum_error(total, term))
        total += term
    return bound


def _partial_bound(run: Run[float], values: Sequence[float], at: int, arg: int) -> float:
    """What rounding may have changed a local partial by."""
    node, partial = run.graph.nodes[at], run.partials[at][arg] or 0.0
    if node.op == "mul":
        return values[node.args[1 - arg]]
    numbers = [partial, *(run.values[one] for one in node.args)]
    choice = OPS[node.op].flat in ("dead", "level") or node.op in (*SUMS, "neg", "abs")
    return 0.0 if choice or all(map(_short, numbers)) else 2 * _EPSILON * abs(partial)


def _short(x: float) -> bool:
    return abs(x) < _SHORT and (x * _SHORT).is_integer()
