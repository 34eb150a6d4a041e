"""A network in numbers as a program in tensors: what trains it.

Its weights are matrices, its biases vectors; what its loss computes of the last layer's sums stays as it is,
of the cells of that layer's z.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from graphviz_backprop.language.builder import Builder
from graphviz_backprop.language.graph import Graph, Node
from graphviz_backprop.language.parser import assemble
from graphviz_backprop.network.layers import LINEAR, SOFTMAX, Layer, Network

INPUT = "x~"
"""The vector of all inputs; like those of weights and biases it is a name that no program has."""


@dataclass(frozen=True)
class Trained:
    """The program, and the cell that each weight and bias is: the tensor's name, and its number row by row.

    Inputs are the cells of :data:`INPUT` in their order; targets are variables as they were.
    """

    graph: Graph
    cells: Mapping[str, tuple[str, int]]


def in_tensors(network: Network) -> Trained:
    """The network, layer by layer."""
    builder, cells = Builder("graph"), {}
    a = builder.var(INPUT, shape=(len(network.inputs),))
    for layer, before in zip(network.layers, network.sizes, strict=False):
        names = {
            "W": builder.var(f"W{layer.number}~", shape=(len(layer.neurons), before)),
            "b": builder.var(f"b{layer.number}~", shape=(len(layer.neurons),)),
            "a": a,
        }
        z = assemble(builder, "W @ a + b", names)
        if layer is not network.layers[-1]:
            a = _activated(builder, layer, z)
        for j, neuron in enumerate(layer.neurons):
            for k, weight in enumerate(neuron.weights):
                cells[weight.name] = (f"W{layer.number}~", j * before + k)
            if neuron.bias:
                cells[neuron.bias.name] = (f"b{layer.number}~", j)
    sums = {neuron.z: at for at, neuron in enumerate(network.layers[-1].neurons)}

    def leaf(node: Node) -> int:
        if node.name in sums:
            return builder.apply("slice", (z,), settings=(("at", (sums[node.name],)),))
        return builder.var(node.name)

    output = _inlined(builder, network.head, leaf)
    return Trained(builder.graph("", output, {}), cells)


def _activated(builder: Builder, layer: Layer, z: int) -> int:
    """What a layer does with its sums."""
    if layer.activation == LINEAR:
        return z
    if layer.activation == SOFTMAX:
        return assemble(builder, "softmax(z)", {"z": z})
    if layer.function is None:
        return builder.apply(layer.activation, (z,))
    return _inlined(builder, layer.function, lambda _: z)


def _inlined(builder: Builder, graph: Graph, leaf: Callable[[Node], int]) -> int:
    """A graph in numbers, cell by cell of what its variables are."""
    return graph.fold(leaf, lambda node: builder.add(node, ()), builder.add)[-1]
