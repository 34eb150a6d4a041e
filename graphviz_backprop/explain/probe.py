"""Gradients looked at from other sides: by forward mode, by nudging, by counting.

All serve to check and to explain the backward pass: tangents carry ∂node/∂x from one variable up to the
output; a small nudge h of a node changes the nodes above it by about tangent × h; one backward pass
costs as much as the tangents of a single variable.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from graphviz_backprop.engine import scalar
from graphviz_backprop.engine.autodiff import Run
from graphviz_backprop.explain.paths import places
from graphviz_backprop.language.graph import VAR, Graph

# Forward mode


def tangents(run: Run[float], start: str) -> list[float | None]:
    """∂node/∂start of each node, for a variable or the node of this id; None where ``start`` does not
    reach: there is nothing to multiply, not even by an infinite partial.

    Raises ValueError where there is no such variable or node.
    """
    starts = frozenset(places(run.graph, start))
    found: list[float | None] = []
    for at, node in enumerate(run.graph.nodes):
        if at in starts:
            found.append(1.0)
            continue
        tangent: float | None = None
        for arg in range(len(node.args)):
            part = carried(run, found, at, arg)
            if part is not None:
                tangent = part if tangent is None else tangent + part
        found.append(tangent)
    return found


def carried(run: Run[float], tangents: Sequence[float | None], at: int, arg: int) -> float | None:
    """What an edge carries up: its local partial × the tangent of its argument; None, and nothing."""
    partial, tangent = run.partials[at][arg], tangents[run.graph.nodes[at].args[arg]]
    return None if partial is None or tangent is None else float(partial) * tangent


def tangents_by_id(run: Run[float], variable: str) -> dict[str, float]:
    """Forward mode: ∂node/∂variable for each node, by its id, arguments first; 0 where it does not reach.

    Raises ValueError for a name that is no variable.
    """
    if variable not in run.graph.variables:
        raise ValueError(f"{variable} is not a variable of this program")
    found = tangents(run, variable)
    return {node.id: tangent or 0.0 for node, tangent in zip(run.graph.nodes, found, strict=True)}


# Nudging


@dataclass(frozen=True)
class Nudge:
    """The change of a node's value, predicted and actual, and their difference relative to the larger."""

    predicted: float
    actual: float
    miss: float


def nudge(run: Run[float], target: str, h: float) -> dict[str, Nudge]:
    """Moves a variable, or the node of this id, by h: what forward mode predicts and what happens.

    By id, for every node on the way to the output. Raises ValueError for an unknown name.
    """
    graph = run.graph
    start = frozenset(places(graph, target))
    found: dict[str, Nudge] = {}
    values = list(run.values)
    for at, tangent in enumerate(tangents(run, target)):
        if tangent is None or not graph.active[at]:  # a constant has no gradient to predict with
            continue
        node = graph.nodes[at]
        if at in start:
            values[at] += h
        else:
            values[at] = scalar.value(node.op, [values[arg] for arg in node.args])
        predicted, actual = tangent * h, values[at] - run.values[at]
        found[node.id] = Nudge(predicted, actual, miss(predicted, actual))
    return found


def miss(predicted: float, actual: float, least: float = 0.0) -> float:
    """The difference of two numbers, relative to the larger, or to ``least`` if that is larger still."""
    if predicted == actual:
        return 0.0
    if math.isnan(predicted) or math.isnan(actual):
        return math.nan  # which max() below would not see
    return abs(predicted - actual) / max(abs(predicted), abs(actual), least)


# Counting


@dataclass(frozen=True)
class Operations:
    """How many arithmetic operations give all partials of the outputs by the variables, in three ways."""

    reverse: int
    forward: int
    differences: int


def operations(graph: Graph, variables: int | None = None, outputs: int = 1) -> Operations:
    """Counts what backward pass, forward mode and central differences cost on this graph.

    One operation is: the value of a node, the local partial of an edge, a multiplication of a sweep (one
    for each edge that a variable reaches) or an addition of a sweep (one less than what meets at a node).
    The backward pass sweeps once for each output, forward mode once for each variable; differences
    evaluate all nodes twice for each variable, subtract and divide. ``variables`` and ``outputs`` other
    than the graph's own stand for a graph of this size that has so many.

    After Griewank & Walther 2008, sections 3.2 and 3.3, where bounds are derived.
    """
    n = len(graph.variables) if variables is None else variables
    nodes = sum(1 for node in graph.nodes if node.args)
    edges = sum(1 for edge in graph.edges() if graph.active[edge.child])
    leaves = sum(1 for node in graph.nodes if node.op == VAR)
    inner = sum(graph.active) - leaves
    # Down: at all nodes but the output, then over the leaves of each variable. Up: at the inner nodes.
    down = edges + edges - inner + 1 - len(graph.variables) if edges else 0
    up = edges + edges - inner
    once = nodes + edges
    return Operations(once + outputs * down, once + n * up, n * (2 * nodes + 2 * outputs))
