"""A network's layers in matrices, as the page shows them: every entry is the name of a live number."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import zip_longest

from graphviz_backprop.network.layers import LINEAR, Layer, Network

Fields = list[list[str]]
"""A matrix of names of fields, row by row; an empty one has no such factor."""


@dataclass(frozen=True)
class MatrixForm:
    """One layer of m neurons behind k.

    ``W`` and ``dW`` are m × k; ``input`` k × 1 and ``input_row`` 1 × k; ``b``, ``z``, ``a``, ``da`` = ∂C/∂a,
    ``slope`` = g′(z), ``delta`` = ∂C/∂z and ``db`` m × 1; ``next_W``, the next layer's transposed, m × p, and
    ``next_delta`` p × 1.
    """

    number: int
    activation: str
    title: str
    open: bool
    W: Fields
    input: Fields
    b: Fields
    z: Fields
    a: Fields
    da: Fields
    slope: Fields
    delta: Fields
    dW: Fields
    db: Fields
    next_W: Fields
    next_delta: Fields

    @property
    def neurons(self) -> int:
        return len(self.z)

    @property
    def before(self) -> int:
        return len(self.input)

    @property
    def input_row(self) -> Fields:
        return _turned(self.input)

    @property
    def shapes(self) -> list[tuple[str, int, int]]:
        """What is said of the matrices, with their numbers of rows and columns."""
        m, k = self.neurons, self.before
        columns = "b, z, a and δ are" if self.b else "z, a and δ are"
        return [("W is", m, k), (f"a of layer {self.number - 1} is", k, 1), (columns, m, 1)]


def matrix_forms(network: Network, chosen: str) -> list[MatrixForm]:
    """The layers, first to last; that of the ``chosen`` weight, bias or neuron is open."""
    inputs = [[f"{network.leaves[name][0]}.value"] for name in network.inputs]
    found = []
    for layer, following in zip_longest(network.layers, network.layers[1:]):
        found.append(_form(network, layer, following, inputs, _has(layer, chosen)))
        inputs = found[-1].a
    return found


def _form(network: Network, layer: Layer, following: Layer | None, inputs: Fields, shown: bool) -> MatrixForm:
    neurons = layer.neurons
    whole = all(neuron.bias for neuron in neurons)
    biases = [neuron.bias for neuron in neurons if neuron.bias] if whole else []
    beyond = following.neurons if following else ()
    # What the loss takes from z does not pass a; ∂a/∂z is a number of the graph where one edge leads there.
    one_edge = all(len(neuron.paths) == 1 and len(neuron.paths[0]) == 1 for neuron in neurons)
    through = one_edge and not (following is None and network.beside_activations)
    return MatrixForm(
        layer.number,
        "" if layer.activation == LINEAR else layer.activation,
        layer.title,
        shown,
        [[f"{weight.leaf}.value" for weight in neuron.weights] for neuron in neurons],
        inputs,
        [[f"{bias.leaf}.value"] for bias in biases],
        [[f"{neuron.z}.value"] for neuron in neurons],
        [[f"{neuron.a}.value"] for neuron in neurons],
        [[f"{neuron.a}.gradient"] for neuron in neurons] if through or following else [],
        [[f"{neuron.paths[0][0]}.partial"] for neuron in neurons] if through else [],
        [[f"{neuron.z}.gradient"] for neuron in neurons],
        [[f"{weight.name}.total" for weight in neuron.weights] for neuron in neurons],
        [[f"{bias.name}.total"] for bias in biases],
        _turned([[f"{weight.leaf}.value" for weight in later.weights] for later in beyond]),
        [[f"{later.z}.gradient"] for later in beyond],
    )


def _has(layer: Layer, chosen: str) -> bool:
    named = {neuron.name for neuron in layer.neurons}
    return chosen in named | {found.name for neuron in layer.neurons for found in neuron.parameters}


def _turned(matrix: Fields) -> Fields:
    return [list(column) for column in zip(*matrix, strict=True)]
