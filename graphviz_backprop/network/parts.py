"""What each variable of a network is for: inputs, the parameters of each layer, what the loss takes."""

from __future__ import annotations

from dataclasses import dataclass

from graphviz_backprop.network.layers import Network
from graphviz_backprop.network.names import Lone


@dataclass(frozen=True)
class Group:
    """Variables that belong together. ``layer`` is the number of the layer whose parameters they are, 1 that
    of the inputs, and 0 says that they are behind the last one."""

    title: str
    names: tuple[str, ...]
    layer: int


def groups(network: Network) -> tuple[Group, ...]:
    """All variables of a network, each once, from the input to the loss."""
    found = [Group("Inputs", network.inputs, 1)]
    for layer in network.layers:
        names = tuple(parameter.name for neuron in layer.neurons for parameter in neuron.parameters)
        found.append(Group(_title(network, layer.number), names, layer.number))
    if network.targets:
        found.append(Group("Targets" if network.loss else "Of the loss", network.targets, 0))
    return tuple(found)


def _title(network: Network, number: int) -> str:
    if not isinstance(network.convention, Lone):
        return f"Layer {number}"
    return "Weights and bias" if network.bias else "Weights"
