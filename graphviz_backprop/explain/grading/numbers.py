"""Every number of both passes, as somebody has it who made mistakes earlier on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from graphviz_backprop.engine import scalar
from graphviz_backprop.engine.autodiff import Run
from graphviz_backprop.language.graph import CONST, VAR, Graph


@dataclass(frozen=True)
class Numbers:
    """By the nodes' positions, of edges by those in ``Graph.edges``; None where no variable reaches."""

    graph: Graph
    values: Sequence[float]
    partials: Sequence[float | None]
    gradients: Sequence[float | None]
    flows: Sequence[float | None]
    seed: float


def right(run: Run[float]) -> Numbers:
    """The numbers as they are."""
    flat = [partial for node in run.partials for partial in node]
    flows = [flow for node in run.flows for flow in node]
    return Numbers(run.graph, run.values, flat, run.gradients, flows, run.seed)


def carried(run: Run[float], given: Mapping[str, float]) -> Numbers:
    """The numbers that follow where these fields have these numbers: ``{"c.0.partial": 3}``.

    A variable's total is the end of a pass, and nothing follows from it.
    """
    graph = run.graph
    values: list[float] = []
    for at, node in enumerate(graph.nodes):
        if node.op in (VAR, CONST):
            value = run.values[at]
        else:
            value = scalar.value(node.op, [values[arg] for arg in node.args])
        values.append(given.get(f"{node.id}.value", value))
    partials: list[float | None] = []
    for at, node in enumerate(graph.nodes):
        args = [values[child] for child in node.args]
        for arg, child in enumerate(node.args):
            known = given.get(f"{node.id}.{arg}.partial")
            if known is None and graph.active[child]:
                known = scalar.partial(node.op, args, values[at], arg)
            partials.append(known)
    gradients, flows = backward(graph, partials, run.seed, given)
    return Numbers(graph, values, partials, gradients, flows, run.seed)


def backward(
    graph: Graph, partials: Sequence[float | None], seed: float, given: Mapping[str, float]
) -> tuple[list[float | None], list[float | None]]:
    """Gradients and flows by these partials, where no other number is given."""
    gradients: list[float | None] = [0.0 if active else None for active in graph.active]
    flows: list[float | None] = [None] * len(partials)
    if graph.active[-1]:
        gradients[-1] = seed
    for at in range(len(graph.nodes) - 1, -1, -1):
        node = graph.nodes[at]
        if not graph.active[at]:
            continue
        gradient = gradients[at] = given.get(f"{node.id}.gradient", gradients[at] or 0.0)
        for arg, child in enumerate(node.args):
            partial = partials[graph.first_edges[at] + arg]
            if partial is None or not graph.active[child]:
                continue
            flow = given.get(f"{node.id}.{arg}.flow", gradient * partial)
            flows[graph.first_edges[at] + arg] = flow
            gradients[child] = (gradients[child] or 0.0) + flow
    return gradients, flows
