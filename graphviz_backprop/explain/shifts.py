"""The maximum that a stable softmax takes off before it exponentiates: a shift, not felt by the output.

``m = max(u, v); log(exp(u - m) + exp(v - m)) + m`` is the same whatever m is. So neither its corner nor what
is left of the flows into it says anything of the output. The browser's half is ``static/explain/shifts.js``.
"""

from __future__ import annotations

from collections.abc import Sequence

from graphviz_backprop.language.graph import CONST, Graph

Way = tuple[float, float]
"""What becomes of a node where the shift is t more: a·t is added to it, or it is multiplied by exp(b·t)."""

_SAME: Way = (0.0, 0.0)


def is_shift(graph: Graph, keys: Sequence[int], at: int) -> bool:
    """Whether a node is a maximum that cancels out of the output, together with all that are equal to it."""
    nodes = graph.nodes
    if nodes[at].op != "max":
        return False
    ways: dict[int, Way] = {}
    for one, node in enumerate(nodes):
        if keys[one] == keys[at]:
            ways[one] = (1.0, 0.0)
        elif any(arg in ways for arg in node.args):
            args = [ways.get(arg, _SAME) for arg in node.args]
            way = _way(node.op, args, _number(graph, node.args[-1]))
            if way is None:
                return False
            if way != _SAME:
                ways[one] = way
    return len(nodes) - 1 not in ways


def _number(graph: Graph, at: int) -> float | None:
    """The number that a node is as it is written, ``2`` or ``-1``."""
    node = graph.nodes[at]
    if node.op == "neg":
        inner = _number(graph, node.args[0])
        return None if inner is None else -inner
    return node.value if node.op == CONST else None


def _way(op: str, args: Sequence[Way], exponent: float | None) -> Way | None:
    """What becomes of a result, of arguments that change in these ways; None where it is neither."""
    added, scaled = [way[0] for way in args], [way[1] for way in args]
    signs = [1, -1] if op in ("sub", "div") else [1] * len(args)
    if op in ("add", "sub", "sum"):
        if not any(scaled):
            return sum(sign * way for sign, way in zip(signs, added, strict=True)), 0.0
        return (0.0, scaled[0]) if not any(added) and len({*scaled}) == 1 else None
    if op == "neg":
        return -added[0], scaled[0]
    if op == "exp":
        return None if scaled[0] else (0.0, added[0])
    if any(added):
        return None
    if op in ("mul", "div"):
        return 0.0, sum(sign * way for sign, way in zip(signs, scaled, strict=True))
    if op == "log" and len(args) == 1:
        return scaled[0], 0.0
    if op == "pow" and exponent is not None:
        return 0.0, scaled[0] * exponent
    return None
