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
from dataclasses import dataclass, replace
from typing import Generic, NamedTuple, TypeVar, overload

from graphviz_backprop.engine import through
from graphviz_backprop.engine.autodiff import Run
from graphviz_backprop.language.folding import Fold, Input, Shown, unfolded
from graphviz_backprop.language.graph import VAR, Graph
from graphviz_backprop.language.groups import Group


@dataclass(frozen=True)
class Path:
    """One path: its nodes' ids from the output on, each edge's partial, their product with the seed.

    ``edges`` are (id of the parent, number of the argument).
    """

    nodes: tuple[str, ...]
    edges: tuple[tuple[str, int], ...]
    partials: tuple[float, ...]
    product: float


_Listed = TypeVar("_Listed")


class Listed(Generic[_Listed]):
    """What can be used like the tuple of its ``paths``."""

    paths: tuple[_Listed, ...]

    def __len__(self) -> int:
        return len(self.paths)

    def __iter__(self) -> Iterator[_Listed]:
        return iter(self.paths)

    @overload
    def __getitem__(self, at: int) -> _Listed: ...
    @overload
    def __getitem__(self, at: slice) -> tuple[_Listed, ...]: ...
    def __getitem__(self, at: int | slice) -> _Listed | tuple[_Listed, ...]:
        return self.paths[at]


@dataclass(frozen=True)
class Ledger(Listed[Path]):
    """The largest paths by size, how many there are in all, and the sums: of all, and of those not listed.

    It can be used like the tuple of the listed ``paths``; ``count`` counts the others, too.
    """

    paths: tuple[Path, ...]
    count: int
    total: float
    rest: float


class _Step(NamedTuple):
    """One step down: from a box by one of its ways."""

    parent: int
    way: _Way


class _Trail(NamedTuple):
    """A path from the output to a box, as a linked list: the last step and the trail before it."""

    product: float
    step: _Step | None
    before: _Trail | None


def _size(trail: _Trail) -> float:
    """By what the largest is found; NaN counts as largest, since it spoils every sum."""
    return math.inf if math.isnan(trail.product) else abs(trail.product)


class _Way(NamedTuple):
    """What enters a box: the box that it comes from, and its partial."""

    child: int
    arg: int
    partial: float


class _Boxes:
    """A run, box by box."""

    def __init__(self, run: Run[float], fold: Fold) -> None:
        self.run, self.fold = run, fold
        numbers = through.fields(run, fold)
        self.ways: list[list[_Way]] = []
        for number, box in enumerate(fold.boxes):
            found = []
            for entry in box.inputs:
                if box.group:
                    partial = numbers[f"{fold.key(number, entry.arg)}.partial"]
                else:
                    partial = run.partials[box.at][entry.arg]
                if partial is not None:
                    found.append(_Way(entry.box, entry.arg, float(partial)))
            self.ways.append(found)

    def id(self, box: int) -> str:
        return self.run.graph.nodes[self.fold.boxes[box].at].id

    def name(self, box: int) -> str:
        """As its edges have it."""
        group = self.fold.boxes[box].group
        return group.id if group else self.id(box)


def paths(run: Run[float], target: str, most: int = 20, fold: Fold | None = None) -> Ledger:
    """All paths to a variable (over all its leaves) or to the node of this id, the ``most`` largest listed.

    With a ``fold`` they lead through its closed groups as through one node each, where the target is to be
    seen in it. Raises ValueError where there is no such variable or node. Time and memory grow with the
    number of edges times ``most``, never with the number of paths.
    """
    ends = places(run.graph, target)
    fold = fold.whole if fold else None
    if fold and any(box.bundle for box in fold.boxes):
        fold = replace(fold, boxes=tuple(_unbundled(fold)))
    known = {box.at: number for number, box in enumerate(fold.boxes)} if fold else {}
    if fold is None or not all(end in known for end in ends):
        fold = unfolded(run.graph)
        known = {at: at for at in ends}
    boxes = _Boxes(run, fold)
    counts, trails = _walk(boxes, most)
    found = _largest((trail for end in ends for trail in trails[known[end]]), most)
    count = sum(counts[known[end]] for end in ends)
    listed = tuple(_path(boxes, trail) for trail in found)
    total = _added(float(run.gradients[end] or 0.0) for end in ends)
    rest = total - _added(path.product for path in listed) if count > len(listed) else 0.0
    return Ledger(listed, count, total, rest)


def inner_paths(graph: Graph, group: Group, child: int) -> int:
    """How many paths lead from the output of a group to what goes into it, of those that carry a gradient."""
    counts = dict.fromkeys(group.nodes, 0) | {group.output: 1, child: 0}
    for at in reversed(group.nodes):
        for arg in graph.nodes[at].args:
            if graph.active[arg]:
                counts[arg] = counts.get(arg, 0) + counts[at]
    return counts[child]


def _unbundled(fold: Fold) -> Iterator[Shown]:
    """The boxes with one for each variable."""
    starts: list[int] = []
    count = 0
    for box in fold.boxes:
        starts.append(count)
        count += len(box.bundle) or 1

    def place(entry: Input) -> Input:
        bundle = fold.boxes[entry.box].bundle
        return entry._replace(box=starts[entry.box] + (bundle.index(entry.child) if bundle else 0))

    for box in fold.boxes:
        if box.bundle:
            yield from (Shown(at, None, ()) for at in box.bundle)
        else:
            yield box._replace(inputs=tuple(place(entry) for entry in box.inputs))


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


def _walk(boxes: _Boxes, most: int) -> tuple[list[int], list[list[_Trail]]]:
    """For each box the number of paths to it and the largest of them, from the output down."""
    last = len(boxes.ways) - 1
    counts = [0] * len(boxes.ways)
    candidates: list[list[_Trail]] = [[] for _ in boxes.ways]
    counts[last] = 1
    candidates[last] = [_Trail(float(boxes.run.seed), None, None)]
    for at in range(last, -1, -1):
        candidates[at] = _largest(candidates[at], most)
        for way in boxes.ways[at]:
            counts[way.child] += counts[at]
            step = _Step(at, way)
            candidates[way.child] += [
                _Trail(trail.product * way.partial, step, trail) for trail in candidates[at]
            ]
            if len(candidates[way.child]) > 4 * most:
                candidates[way.child] = _largest(candidates[way.child], most)
    return counts, candidates


def _largest(trails: Iterable[_Trail], most: int) -> list[_Trail]:
    return heapq.nlargest(most, trails, key=_size)


def _path(boxes: _Boxes, trail: _Trail) -> Path:
    steps: list[_Step] = []
    before: _Trail | None = trail
    while before is not None and before.step is not None:
        steps.append(before.step)
        before = before.before
    steps.reverse()
    return Path(
        nodes=(boxes.run.graph.output.id, *(boxes.id(way.child) for _, way in steps)),
        edges=tuple((boxes.name(parent), way.arg) for parent, way in steps),
        partials=tuple(way.partial for _, way in steps),
        product=trail.product,
    )
