"""A network layer by layer in matrices, n samples at once: the same numbers as the graph's, much faster.

A layer's weights and biases are one matrix ``[W b]``, neuron by neuron as in the program, and its input
has a last row of ones: Z = [W b] · [A; 1]. Backward, δ = ∂C/∂Z: ∂C/∂[W b] = δ · [A; 1]ᵀ, and
∂C/∂A = Wᵀ · δ. What g and g' are comes from the rows of the table of operations, what C and δ of the last
layer are from the graph's own code behind the last z.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import pairwise
from typing import Any, cast

import numpy as np
import numpy.typing as npt

from graphviz_backprop.engine import autodiff
from graphviz_backprop.engine.autodiff import Column
from graphviz_backprop.engine.codegen import PYTHON, formulas
from graphviz_backprop.engine.columns import ARRAY
from graphviz_backprop.engine.functions import bound
from graphviz_backprop.language.cached import cached_property
from graphviz_backprop.language.graph import Graph
from graphviz_backprop.network.layers import LINEAR, SOFTMAX, Layer, Network
from graphviz_backprop.network.recogniser import network_of

Matrix = npt.NDArray[np.float64]
Rows = npt.NDArray[np.intp] | None
"""Positions of the rows of a batch; None stands for all."""

_CHUNK = 4096  # samples at a time: their numbers stay in the processor's cache


# Activations, as their rows have them


@dataclass(frozen=True)
class Activation:
    """g of a layer's sums, a row for each neuron, and its backward rule: δ = ∂C/∂z from z, g(z) and ∂C/∂a.

    ``backward`` overwrites ∂C/∂a, its last argument, with δ.
    """

    value: Callable[[Matrix], Matrix]
    backward: Callable[[Matrix, Matrix, Matrix], None]


def activation(layer: Layer) -> Activation | None:
    """What a layer does with its sums, or None where it gives them as they are."""
    if layer.activation == LINEAR:
        return None
    if layer.activation == SOFTMAX:
        return Activation(_softmax, _softmax_backward)
    return _operation(layer.activation) if layer.function is None else _written(layer.function)


@cache
def _operation(name: str) -> Activation:
    """The operation of one argument with this name, on arrays."""
    found = formulas(name, PYTHON)
    slope = bound("z, a", found.partial(0, ["z"], "a"), ARRAY)

    def backward(z: Matrix, a: Matrix, slopes: Matrix) -> None:
        slopes *= slope(z, a)

    return Activation(bound("z", found.value(["z"]), ARRAY), backward)


def _written(function: Graph) -> Activation:
    """A function of z that the program has written out, by the graph's own code."""
    compiled = autodiff.compile(function)

    def value(z: Matrix) -> Matrix:
        return np.asarray(compiled({"z": z.ravel()}).value).reshape(z.shape)

    def backward(z: Matrix, a: Matrix, slopes: Matrix) -> None:
        slopes *= np.asarray(compiled({"z": z.ravel()}).gradient["z"]).reshape(z.shape)

    return Activation(value, backward)


def _softmax(z: Matrix) -> Matrix:
    powers = np.exp(z - z.max(axis=0))
    return cast(Matrix, powers / powers.sum(axis=0))


def _softmax_backward(z: Matrix, a: Matrix, slopes: Matrix) -> None:
    """δⱼ = aⱼ (∂C/∂aⱼ − Σᵢ aᵢ ∂C/∂aᵢ)."""
    slopes -= np.sum(a * slopes, axis=0)
    slopes *= a


# One pass


@dataclass(frozen=True)
class LayerPass:
    """What a pass found in one layer of m neurons behind k.

    ``weights``, [W b], and ``slope``, ∂C/∂[W b] summed over the samples, are m × (k + 1); ``inputs``, [A; 1]
    of the layer before, (k + 1) × n; ``z``, ``a`` and ``delta``, ∂C/∂z, m × n.
    """

    weights: Matrix
    inputs: Matrix
    z: Matrix
    a: Matrix
    delta: Matrix
    slope: Matrix


@dataclass(frozen=True)
class Pass:
    """Both passes for n samples: the loss of each, and what was found in each layer, first to last."""

    loss: Column
    layers: tuple[LayerPass, ...]


class Room:
    """The arrays for n samples, made once: of each layer [A; 1], Z and δ."""

    def __init__(self, sizes: Sequence[int], n: int) -> None:
        self.inputs = [np.ones((size + 1, n)) for size in sizes[:-1]]
        self.z = [np.empty((size, n)) for size in sizes[1:]]
        self.delta = [np.empty((size, n)) for size in sizes[1:]]


class Matrices:
    """A network's passes over samples. ``parameters`` says where weights and biases are in one long row."""

    def __init__(self, network: Network) -> None:
        self.network = network
        self.sizes = network.sizes
        self.shapes = [(size, before + 1) for before, size in pairwise(network.sizes)]
        self.parameters = _places(network.layers)
        self.length = sum(size * before for size, before in self.shapes)
        self.head = _Head(network)
        self._activations = [activation(layer) for layer in network.layers[:-1]]

    def views(self, flat: Column) -> list[Matrix]:
        """The matrices [W b] of the layers in one long row of numbers."""
        ends = np.cumsum([size * before for size, before in self.shapes])
        parts = np.split(flat, ends[:-1])
        return [part.reshape(shape) for part, shape in zip(parts, self.shapes, strict=True)]

    def forward(self, weights: Sequence[Matrix], room: Room) -> None:
        """Fills the room's z, and the inputs of all layers but the first, which are there."""
        for at, matrix in enumerate(weights):
            np.matmul(matrix, room.inputs[at], out=room.z[at])
            if at + 1 < len(weights):
                g = self._activations[at]
                room.inputs[at + 1][:-1] = g.value(room.z[at]) if g else room.z[at]

    def backward(self, weights: Sequence[Matrix], room: Room, slopes: Sequence[Matrix]) -> None:
        """Fills the slopes, ∂C/∂[W b], from the δ of the last layer, which is there."""
        for at in range(len(weights) - 1, -1, -1):
            np.matmul(room.delta[at], room.inputs[at].T, out=slopes[at])
            if at:
                below = room.delta[at - 1]
                np.matmul(weights[at][:, :-1].T, room.delta[at], out=below)
                if g := self._activations[at - 1]:
                    g.backward(room.z[at - 1], room.inputs[at][:-1], below)

    def run(self, at: Mapping[str, Any]) -> Pass:
        """Both passes; ``at`` has a number for each parameter, numbers or columns for inputs and targets."""
        flat = np.zeros(self.length)
        for name, place in self.parameters.items():
            flat[place] = at[name]
        samples = (*self.network.inputs, *self.network.targets)
        columns = np.broadcast_arrays(*(np.atleast_1d(np.asarray(at[name], float)) for name in samples))
        room = Room(self.sizes, len(columns[0]))
        room.inputs[0][:-1] = columns[: self.sizes[0]]
        targets = dict(zip(self.network.targets, columns[self.sizes[0] :], strict=True))
        weights, slope = self.views(flat), np.empty(self.length)
        slopes = self.views(slope)
        with np.errstate(all="ignore"):
            self.forward(weights, room)
            loss = self.head(room.z[-1], targets, room.delta[-1])
            self.backward(weights, room, slopes)
            last = self.head.activations(room.z[-1], targets)
        a = [*(inputs[:-1] for inputs in room.inputs[1:]), last]
        parts = zip(weights, room.inputs, room.z, a, room.delta, slopes, strict=True)
        return Pass(loss, tuple(LayerPass(*part) for part in parts))


def _places(layers: Sequence[Layer]) -> dict[str, int]:
    """Where each parameter is when all rows of [W b] follow each other; a missing bias leaves its place."""
    found: dict[str, int] = {}
    first = 0
    for layer in layers:
        for neuron in layer.neurons:
            found |= {weight.name: first + k for k, weight in enumerate(neuron.weights)}
            first += len(neuron.weights)
            if neuron.bias:
                found[neuron.bias.name] = first
            first += 1
    return found


class _Head:
    """The loss by the last layer's z and the targets, with ∂C/∂z: the graph's own code."""

    def __init__(self, network: Network) -> None:
        self._compiled = autodiff.compile(network.head)
        self._sums = [neuron.z for neuron in network.layers[-1].neurons]
        positions = network.head.positions
        # Where a loss is taken from z alone, an activation may not be there.
        self._ids = [positions[neuron.a] for neuron in network.layers[-1].neurons]

    def __call__(self, z: Matrix, targets: Mapping[str, Column], delta: Matrix) -> Column:
        """The loss of each sample; ∂C/∂z goes to ``delta``."""
        run = self._run(z, targets)
        slopes = run.gradient
        for row, name in enumerate(self._sums):
            delta[row] = slopes[name]
        return np.broadcast_to(run.value, z.shape[1:])

    def activations(self, z: Matrix, targets: Mapping[str, Column]) -> Matrix:
        """The last layer's a."""
        values = self._run(z, targets).values
        return np.array([np.broadcast_to(values[at], z.shape[1:]) for at in self._ids])

    def _run(self, z: Matrix, targets: Mapping[str, Column]) -> autodiff.Run[Any]:
        return self._compiled({**dict(zip(self._sums, z, strict=True)), **targets})


# Training


def rest() -> None:
    """What a loss does between two pieces of work where nobody asks for more."""


@dataclass(frozen=True, eq=False)
class MatrixLoss:
    """The loss averaged over rows, as a function of the parameters, with its gradient, in matrices.

    It is used like :class:`graphviz_backprop.descent.loss.Loss`; not by two threads at once.
    """

    matrices: Matrices
    names: tuple[str, ...]
    start: Column
    fixed: Mapping[str, float]
    columns: Mapping[str, Column]
    pause: Callable[[], object] = rest
    rooms: dict[int, Room] = field(default_factory=dict, repr=False, init=False)

    @property
    def size(self) -> int:
        """How many rows there are."""
        return min(map(len, self.columns.values()))

    def __call__(self, w: Column, rows: Rows) -> tuple[float, Column]:
        with np.errstate(all="ignore"):
            return self._averaged(w, rows)

    def _averaged(self, w: Column, rows: Rows) -> tuple[float, Column]:
        flat, weights, slope, slopes = self._buffers
        flat[self._own] = w
        inputs, targets = self._samples if rows is None else self._chosen(rows)
        count = inputs.shape[1]
        loss, total = 0.0, np.zeros(len(self.names))
        for first in range(0, count, _CHUNK):
            self.pause()
            part = slice(first, first + _CHUNK)
            loss += self._part(weights, slopes, inputs[:, part], targets[:, part])
            total += slope[self._own]
        return loss / count, total / count

    def _part(
        self, weights: Sequence[Matrix], slopes: Sequence[Matrix], inputs: Matrix, targets: Matrix
    ) -> float:
        """The sum of the losses of some samples; the slopes are filled in."""
        n = inputs.shape[1]
        room = self.rooms.get(n)
        if room is None:
            room = self.rooms[n] = Room(self.matrices.sizes, n)
        room.inputs[0][:-1] = inputs
        self.matrices.forward(weights, room)
        named = dict(zip(self.matrices.network.targets, targets, strict=True))
        losses = self.matrices.head(room.z[-1], named, room.delta[-1])
        self.matrices.backward(weights, room, slopes)
        return float(losses.sum())

    @cached_property
    def _own(self) -> npt.NDArray[np.intp]:
        """The places of what moves."""
        return np.array([self.matrices.parameters[name] for name in self.names], dtype=np.intp)

    @cached_property
    def _buffers(self) -> tuple[Column, list[Matrix], Column, list[Matrix]]:
        """All parameters in a row and as matrices, and their slopes; what does not move stays."""
        flat, slope = np.zeros(self.matrices.length), np.zeros(self.matrices.length)
        for name, place in self.matrices.parameters.items():
            flat[place] = self.fixed.get(name, 0.0)
        return flat, self.matrices.views(flat), slope, self.matrices.views(slope)

    @cached_property
    def _samples(self) -> tuple[Matrix, Matrix]:
        """Inputs and targets, a row for each of their names."""
        network = self.matrices.network
        return self._table(network.inputs), self._table(network.targets)

    def _table(self, names: Sequence[str]) -> Matrix:
        found = [self.columns[name] if name in self.columns else self.fixed[name] for name in names]
        table = np.empty((len(names), self.size))
        for row, column in enumerate(found):
            table[row] = column
        return table

    def _chosen(self, rows: npt.NDArray[np.intp]) -> tuple[Matrix, Matrix]:
        inputs, targets = self._samples
        return inputs[:, rows], targets[:, rows]


def matrix_loss(
    graph: Graph,
    names: tuple[str, ...],
    start: Column,
    fixed: Mapping[str, float],
    columns: Mapping[str, Column],
) -> MatrixLoss | None:
    """The loss in matrices, where the graph is a network and only weights and biases move."""
    if not columns:
        return None
    network = network_of(graph)
    if network is None or not set(names) <= network.parameters.keys():
        return None
    if set(columns) & network.parameters.keys():
        return None
    return MatrixLoss(Matrices(network), names, start, fixed, columns)
