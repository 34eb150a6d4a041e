"""The loss of a network in numbers over samples: that of its program in tensors, by the numbers' names."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from graphviz_backprop.descent.batches import Rows, rest
from graphviz_backprop.descent.layout import Layout
from graphviz_backprop.descent.tensors import TensorLoss
from graphviz_backprop.engine.autodiff import Column
from graphviz_backprop.language.cached import cached_property
from graphviz_backprop.language.graph import Graph
from graphviz_backprop.network.layers import Network
from graphviz_backprop.network.recogniser import network_of
from graphviz_backprop.network.trained import INPUT, in_tensors


@dataclass(frozen=True, eq=False)
class NetworkLoss:
    """The loss averaged over samples, as a function of some weights and biases, with its gradient.

    ``all`` is the loss as a function of all cells of the program in tensors, ``start`` of which has those
    that do not move; ``places`` are those of what does.
    It is used like :class:`graphviz_backprop.descent.loss.Loss`; not by two threads at once.
    """

    names: tuple[str, ...]
    start: Column
    all: TensorLoss
    places: npt.NDArray[np.intp]
    pause: Callable[[], object] = rest

    @property
    def columns(self) -> Mapping[str, Column]:
        """The samples."""
        return self.all.columns

    @property
    def size(self) -> int:
        """How many samples there are."""
        return self.all.size

    def __call__(self, w: Column, rows: Rows) -> tuple[float, Column]:
        self._point[self.places] = w
        loss, gradient = self._loss(self._point, rows)
        return loss, gradient[self.places]

    @cached_property
    def _point(self) -> Column:
        return self.all.start.copy()

    @cached_property
    def _loss(self) -> TensorLoss:
        return replace(self.all, pause=self.pause)


def network_loss(
    graph: Graph,
    names: tuple[str, ...],
    start: Column,
    fixed: Mapping[str, float],
    columns: Mapping[str, Column],
) -> NetworkLoss | None:
    """The loss by tensors, where the graph is a network and only weights and biases move."""
    network = network_of(graph) if columns else None
    if network is None or not set(names) <= network.parameters.keys():
        return None
    if set(columns) & network.parameters.keys():
        return None
    trained = in_tensors(network)
    known = {name: shape for name, shape in trained.graph.shapes.items() if name.endswith("~")}
    del known[INPUT]
    layout = Layout(tuple(known), tuple(known.values()))
    first = dict(zip(layout.names, layout.ends, strict=False))
    place = {name: first[own] + at for name, (own, at) in trained.cells.items()}
    point = np.zeros(len(layout))  # a bias that is not there is 0
    for name, at in place.items():
        point[at] = fixed.get(name, 0.0)
    samples, stays = _samples(network, fixed, columns)
    loss = TensorLoss(trained.graph, layout, point, stays, samples)
    return NetworkLoss(names, start, loss, np.array([place[name] for name in names], dtype=np.intp))


def _samples(
    network: Network, fixed: Mapping[str, float], columns: Mapping[str, Column]
) -> tuple[dict[str, Column], dict[str, Any]]:
    """The data of the program in tensors, and what is the same in each sample."""
    count = min(map(len, columns.values()))
    inputs = np.empty((count, len(network.inputs)))
    for at, name in enumerate(network.inputs):
        inputs[:, at] = columns[name] if name in columns else fixed[name]
    targets = {name: columns[name] for name in network.targets if name in columns}
    return {INPUT: inputs, **targets}, {name: fixed[name] for name in network.targets if name not in columns}
