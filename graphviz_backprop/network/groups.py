"""The groups of a graph: those of its text and shape, and the neurons of the network that it may be."""

from __future__ import annotations

from collections.abc import Iterator

from graphviz_backprop.language import groups
from graphviz_backprop.language.graph import Graph
from graphviz_backprop.language.groups import Group, Piece
from graphviz_backprop.network.layers import Network
from graphviz_backprop.network.recogniser import network_of


def grouped(graph: Graph) -> tuple[Group, ...]:
    """The groups of a graph, those around others before them."""
    return grouped_as(graph, network_of(graph))


def grouped_as(graph: Graph, network: Network | None) -> tuple[Group, ...]:
    """The same of one that is known to be this network, or none."""
    return groups.grouped(graph, tuple(_neurons(graph, network)) if network else ())


def _neurons(graph: Graph, network: Network) -> Iterator[Piece]:
    """The neurons of a network: each from its weighted sum to what it gives to the next layer."""
    every = [(layer, neuron) for layer in network.layers for neuron in layer.neurons]
    ends = {graph.positions[neuron.a] for _, neuron in every}
    for layer, neuron in every:
        output = graph.positions[neuron.a]
        inside, todo = {output}, [output]
        while todo:
            for arg in graph.nodes[todo.pop()].args:
                if arg not in inside and arg not in ends and graph.nodes[arg].args:
                    inside.add(arg)
                    todo.append(arg)
        several = f"layer {layer.number}" if len(layer.neurons) > 1 else ""
        yield Piece("neuron", f"neuron {neuron.name}", sorted(inside), output, several)
