"""Whether two graphs, or their numbers, are the same."""

import math
from typing import Any

from graphviz_backprop.engine.autodiff import Run
from graphviz_backprop.language.graph import VAR, Graph


def canonical(graph: Graph) -> list[Any]:
    """The graph's nodes in an order that depends on its structure only: depth first from the output."""
    order: dict[int, int] = {}
    found: list[Any] = []
    todo = [len(graph.nodes) - 1]
    while todo:
        at = todo[-1]
        node = graph.nodes[at]
        missing = [arg for arg in node.args if arg not in order]
        if at in order or missing:
            todo.extend(reversed(missing)) if at not in order else todo.pop()
            continue
        todo.pop()
        order[at] = len(found)
        leaf = node.name if node.op == VAR else node.value
        found.append((node.op, leaf, [order[arg] for arg in node.args]))
    return found


def alike(one: Run[float], other: Run[float], digits: float = 1e-9) -> bool:
    """Whether two runs have the same value and the same gradient by the first one's variables, but for
    rounding."""
    pairs = [(one.value, other.value), *((one.gradient[name], other.gradient[name]) for name in one.gradient)]
    scale = max((abs(number) for pair in pairs for number in pair if math.isfinite(number)), default=0.0)
    return all(
        (math.isnan(a) and math.isnan(b)) or a == b or abs(a - b) <= digits * max(1.0, scale)
        for a, b in pairs
    )
