"""The path ledger: a gradient as the sum over all paths from the output.

A path is a chain of edges from the output to a node; the product of its partials, times the seed, is
its share of the gradient (Bauer's formula; Griewank & Walther 2008, section 2.1). There can be 2^40 of
them, so they are counted exactly by dynamic programming and only the largest are listed.
"""

from __future__ import annotations

import functools
import heapq
import math
import operator
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple, overload

from graphviz_backprop.engine.autodiff import Run
from graphviz_backprop.language.graph import VAR, Edge, Graph


@dataclass(frozen=True)
class Path:
    """One path: its nodes' ids from the output on, each edge's partial, their product with the seed.

    ``edges`` are (id of the parent, number of the argument).
    """

    nodes: tuple[str, ...]
    edges: tuple[tuple[str, int], ...]
    partials: tuple[float, ...]
    product: float


@dataclass(frozen=True)
class Ledger:
    """The largest paths by size, how many there are in all, and the sums: of all, and of those not listed.

    It can be used like the tuple of the listed ``paths``; ``count`` counts the others, too.
    """

    paths: tuple[Path, ...]
    count: int
    total: float
    rest: float

    def __len__(self) -> int:
        return len(self.paths)

    def __iter__(self) -> Iterator[Path]:
        return iter(self.paths)

    @overload
    def __getitem__(self, at: int) -> Path: ...
    @overload
    def __getitem__(self, at: slice) -> tuple[Path, ...]: ...
    def __getitem__(self, at: int | slice) -> Path | tuple[Path, ...]:
        return self.paths[at]


class _Trail(NamedTuple):
    """A path from the output to a node, as a linked list: the last edge and the trail before it."""

    product: float
    edge: Edge | None
    before: _Trail | None


def _size(trail: _Trail) -> float:
    """By what the largest is found; NaN counts as largest, since it spoils every sum."""
    return math.inf if math.isnan(trail.product) else abs(trail.product)


def paths(run: Run[float], target: str, most: int = 20) -> Ledger:
    """All paths to a variable (over all its leaves) or to the node of this id, the ``most`` largest listed.

    Raises ValueError where there is no such variable or node. Time and memory grow with the number of
    edges times ``most``, never with the number of paths.
    """
    graph = run.graph
    ends = places(graph, target)
    counts, trails = _walk(run, most)
    found = _largest((trail for end in ends for trail in trails[end]), most)
    count = sum(counts[end] for end in ends)
    listed = tuple(_path(run, trail) for trail in found)
    total = _added(float(run.gradients[end] or 0.0) for end in ends)
    rest = total - _added(path.product for path in listed) if count > len(listed) else 0.0
    return Ledger(listed, count, total, rest)


def places(graph: Graph, target: str) -> list[int]:
    """The positions of a variable's leaves, or of the node of this id.

    Raises ValueError where there is no such variable or node.
    """
    leaves = [at for at, node in enumerate(graph.nodes) if node.op == VAR and node.name == target]
    if leaves:
        return leaves
    if target in graph.positions:
        return [graph.positions[target]]
    raise ValueError(f"{target} is neither a variable nor a node of this program")


def _added(numbers: Iterable[float]) -> float:
    """From left to right, as the backward pass adds: ``sum`` rounds otherwise since Python 3.12."""
    return functools.reduce(operator.add, numbers, 0.0)


def _walk(run: Run[float], most: int) -> tuple[list[int], list[list[_Trail]]]:
    """For each node the number of paths to it and the largest of them, from the output down."""
    graph = run.graph
    last = len(graph.nodes) - 1
    counts = [0] * len(graph.nodes)
    candidates: list[list[_Trail]] = [[] for _ in graph.nodes]
    counts[last] = 1
    candidates[last] = [_Trail(float(run.seed), None, None)]
    for at in range(last, -1, -1):
        candidates[at] = _largest(candidates[at], most)
        for arg, child in enumerate(graph.nodes[at].args):
            partial = run.partials[at][arg]
            if partial is None:
                continue
            counts[child] += counts[at]
            edge = Edge(child, at, arg)
            candidates[child] += [
                _Trail(trail.product * float(partial), edge, trail) for trail in candidates[at]
            ]
            if len(candidates[child]) > 4 * most:
                candidates[child] = _largest(candidates[child], most)
    return counts, candidates


def _largest(trails: Iterable[_Trail], most: int) -> list[_Trail]:
    return heapq.nlargest(most, trails, key=_size)


def _path(run: Run[float], trail: _Trail) -> Path:
    graph = run.graph
    edges: list[Edge] = []
    step: _Trail | None = trail
    while step is not None and step.edge is not None:
        edges.append(step.edge)
        step = step.before
    edges.reverse()
    return Path(
        nodes=(graph.output.id, *(graph.nodes[edge.child].id for edge in edges)),
        edges=tuple((graph.nodes[edge.parent].id, edge.arg) for edge in edges),
        partials=tuple(float(run.partials[edge.parent][edge.arg] or 0.0) for edge in edges),
        product=trail.product,
    )
