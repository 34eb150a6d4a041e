"""Which loss stands behind a network, in whatever way it is written."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from random import Random

from graphviz_backprop.language.graph import Graph
from graphviz_backprop.network import identity
from graphviz_backprop.network.layers import LINEAR, SOFTMAX, Network, cut_graph

_TARGETS = (1.0, 3.0, 100.0)
"""How far from 0 targets lie: they are not only 0 and 1, and may be negative."""


def loss(network: Network) -> tuple[str, Fraction]:
    """The loss's name and what it is multiplied by; without a name where it is none of those known."""
    outputs = network.layers[-1].neurons
    wanted = network.wanted_in_order
    if not wanted:
        return "", Fraction(1)
    places = network.graph.positions
    cut = {places[neuron.z]: f"z{j}" for j, neuron in enumerate(outputs)}
    cut |= {places[neuron.a]: f"a{j}" for j, neuron in enumerate(outputs)}
    cut |= {places[id_]: f"y{j}" for j, target in enumerate(wanted) for id_ in target.nodes}
    targets = [f"y{j}" for j in range(len(wanted))]
    head = cut_graph(network.graph, len(network.graph.nodes) - 1, cut)
    activation = network.layers[-1].activation
    points = identity.points(_drawn(activation, len(outputs), targets))
    for name, closed in _candidates(activation, head, len(outputs), targets).items():
        factor = identity.multiple(head, closed, points)
        if factor is not None:
            return name, factor
    return "", Fraction(1)


def _drawn(
    activation: str, count: int, targets: Sequence[str]
) -> Callable[[Random, float], Mapping[str, Decimal]]:
    """Points of the last layer: its z, the a that belong to them, and targets."""

    def draw(random: Random, scale: float) -> Mapping[str, Decimal]:
        z = [identity.spread(random, scale) for _ in range(count)]
        far = random.choice(_TARGETS)
        found = {name: identity.spread(random, far) for name in targets}
        found |= {f"z{j}": number for j, number in enumerate(z)}
        return found | {f"a{j}": number for j, number in enumerate(_activated(activation, z, random, scale))}

    return draw


def _activated(activation: str, z: Sequence[Decimal], random: Random, scale: float) -> Sequence[Decimal]:
    """The a of some z. A squared error is one of any a, so that others than those below are any numbers."""
    if activation == LINEAR:
        return z
    if activation == SOFTMAX:
        return identity.softmax(z)
    if activation == "sigmoid":
        return [identity.sigmoid(number) for number in z]
    return [identity.spread(random, scale) for _ in z]


def _candidates(
    activation: str, head: Graph, count: int, targets: Sequence[str]
) -> Mapping[str, identity.Closed]:
    """The losses that there may be behind this activation, by name."""
    found: dict[str, identity.Closed] = {}
    if activation == "sigmoid":
        found["binary_cross_entropy"] = lambda at: _total(
            identity.log_sum_exp((Decimal(0), at[f"z{j}"])) - at[name] * at[f"z{j}"]
            for j, name in enumerate(targets)
        )
    if activation == SOFTMAX:
        found["categorical_cross_entropy"] = lambda at: _categorical(
            [at[f"z{j}"] for j in range(count)], [at[name] for name in targets]
        )
    if activation == LINEAR or not any(f"z{j}" in head.variables for j in range(count)):
        found["squared"] = lambda at: _total((at[f"a{j}"] - at[name]) ** 2 for j, name in enumerate(targets))
    return found


def _categorical(z: Sequence[Decimal], y: Sequence[Decimal]) -> Decimal:
    whole = identity.log_sum_exp(z)
    return _total(target * (whole - number) for target, number in zip(y, z, strict=True))


def _total(terms: Iterable[Decimal]) -> Decimal:
    return sum(terms, Decimal(0))
