"""What the inspector says of a node, an edge or a cell, as lines of text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from graphviz_backprop.engine.autodiff import Run
from graphviz_backprop.explain import steps
from graphviz_backprop.explain.tensors.cells import Told, Written, find
from graphviz_backprop.explain.tensors.sentences import three
from graphviz_backprop.language.graph import Edge, Graph

_EDGE = re.compile(r"(.*)\.(\d{1,6})", re.DOTALL)


def explain(run: Run[Any], key: str) -> str:
    """Of a node, an edge such as ``z.0``, or a cell such as ``W[0, 1]``. Raises ValueError for others."""
    top = run.upstream or run.graph.output.id
    if run.graph.of_numbers:
        return "\n".join(_of_numbers(run, key))
    at = find(run.graph, key)
    if at is not None:
        return "\n".join(_lines(run, Told(run, at, top).statements))
    told = [three(run, edge, top).read(run) for edge in _edges(run.graph, key)]
    return "\n\n".join("\n".join(lines) for lines in told)


def _lines(run: Run[Any], statements: Iterable[Written]) -> Iterator[str]:
    """Each sum in a line, the terms of a long one below it."""
    for statement in statements:
        yield statement.read(run)
        yield from (f"  {term}" for term in statement.read_terms(run))


def _edges(graph: Graph, key: str) -> list[Edge]:
    """The edge of a key, or those into a node, as far as something flows back along them."""
    found = _EDGE.fullmatch(key)
    node = key if key in graph.positions else found[1] if found else ""
    if node not in graph.positions:
        raise ValueError(f"{key} is neither a node, nor an edge, nor a cell of this program")
    at = graph.positions[node]
    edges = [Edge(child, at, arg) for arg, child in enumerate(graph.nodes[at].args)]
    if node != key and found:
        if int(found[2]) >= len(edges):
            raise ValueError(f"{node} has {len(edges)} arguments: there is no {key}")
        edges = [edges[int(found[2])]]
    return [edge for edge in edges if graph.active[edge.child]]


def _of_numbers(run: Run[Any], key: str) -> list[str]:
    """The steps of a node, or of an edge."""
    fields = steps.read_fields(run)
    known = steps.steps(run.graph, run.upstream)
    wanted = [
        step for step in known if key == step.node or (step.edge and key == f"{step.edge[0]}.{step.edge[1]}")
    ]
    if not wanted and key not in run.graph.positions:
        raise ValueError(f"{key} is neither a node nor an edge of this program")
    return [steps.read(step, fields).text for step in wanted]
