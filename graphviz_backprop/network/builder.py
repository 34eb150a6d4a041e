"""A neural network as a program: layers, activations and a loss -> text, with names for every index.

Weights, biases, sums and activations are called as :mod:`graphviz_backprop.network.names` says; ``x1 …`` are
inputs, ``y1 …`` targets, ``C0`` is the loss of one sample.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from itertools import pairwise
from typing import Any

import numpy as np

from graphviz_backprop.network.layers import LINEAR, SOFTMAX, Network
from graphviz_backprop.network.names import LAYERED, Lone, Part

LIMITS: Mapping[str, int] = {
    "inputs": 8,
    "outputs": 8,
    "hidden layers": 8,
    "neurons in a hidden layer": 64,
    "parameters": 2_000,
}
"""How large a network may be: so much can still be read as a program and explored as a picture."""

ACTIVATIONS = ("sigmoid", "tanh", "relu", "leaky_relu", "gelu", "softplus", LINEAR)
"""What a layer can do with its weighted sums; these are functions of the language, and linear is none.
The output layer can also be a softmax."""

LOSSES = ("squared", "mean_squared", "binary_cross_entropy", "categorical_cross_entropy")

INITS = ("zeros", "constant", "uniform", "xavier", "he")


@dataclass(frozen=True)
class Architecture:
    """What a network is made of.

    ``sizes`` has the number of neurons of each layer, inputs first; ``activations`` one name for each layer
    after these. Raises ValueError for what is out of :data:`LIMITS` or does not fit together.
    """

    sizes: tuple[int, ...]
    activations: tuple[str, ...]
    loss: str = "squared"
    bias: bool = True

    def __post_init__(self) -> None:
        _check_sizes(self.sizes)
        _check_activations(self.sizes, self.activations)
        _check_loss(self.loss, self.activations[-1])
        if self.parameters > LIMITS["parameters"]:
            most = LIMITS["parameters"]
            raise ValueError(f"it has {self.parameters:,} parameters, and should have {most:,} at most")

    @property
    def parameters(self) -> int:
        """How many weights and biases there are."""
        return sum((before + self.bias) * size for before, size in pairwise(self.sizes))

    @property
    def from_sums(self) -> bool:
        """Whether the loss is computed from the weighted sums z, which a saturated a can't spoil."""
        return self.loss in ("binary_cross_entropy", "categorical_cross_entropy")


def architecture(
    sizes: Sequence[int],
    activation: str | Sequence[str] = "sigmoid",
    output: str = "sigmoid",
    loss: str = "squared",
    bias: bool = True,
) -> Architecture:
    """An architecture in short: ``activation`` is that of all hidden layers, or has one name for each."""
    whole = tuple(_whole("a layer", size) for size in sizes)
    hidden = max(0, len(whole) - 2)
    names = (activation,) * hidden if isinstance(activation, str) else tuple(activation)
    if len(names) != hidden:
        raise ValueError(f"there are {hidden} hidden layers, and activations for {len(names)}")
    return Architecture(whole, (*names, output), loss, bool(bias))


def architecture_of(network: Network) -> Architecture | None:
    """The architecture that a network has, if it is one that can be built."""
    activations = tuple(layer.activation for layer in network.layers)
    biases = {neuron.bias is not None for neuron in network.neurons.values()}
    loss = _loss_of(network)
    if len(biases) > 1 or not loss or isinstance(network.convention, Lone):
        return None
    try:
        return Architecture(network.sizes, activations, loss, biases.pop())
    except ValueError:
        return None


def _loss_of(network: Network) -> str:
    """The builder's name of a loss; empty where it has none."""
    outputs = network.sizes[-1]
    if network.factor == 1:
        return network.loss
    mean = network.loss == "squared" and network.factor * outputs == 1
    return "mean_squared" if mean else ""


# Names


def parameter_names(shape: Architecture) -> list[str]:
    """Weights and biases, neuron by neuron, in the order in which the program mentions them."""
    names: list[str] = []
    for layer, (before, size) in enumerate(pairwise(shape.sizes), start=2):
        for j in range(1, size + 1):
            names += [_weight(layer, j, k, before, size) for k in range(1, before + 1)]
            names += [_name("b", layer, j)] if shape.bias else []
    return names


def _name(letter: str, layer: int, at: int) -> str:
    return LAYERED.name(Part(letter, layer, at))


def _weight(layer: int, to: int, start: int, before: int, size: int) -> str:
    return LAYERED.name(Part("w", layer, to, start), wide=max(before, size) > 9)


# The program


def program(shape: Architecture) -> str:
    """The network as a program of the language, a statement a line."""
    lines: list[str] = []
    before = [f"x{k}" for k in range(1, shape.sizes[0] + 1)]
    for layer, activation in enumerate(shape.activations, start=2):
        size = shape.sizes[layer - 1]
        lines.append(f"# layer {layer}: {count_of(size, 'neuron')}, {activation}")
        lines += [_weighted(shape, layer, j, before) for j in range(1, size + 1)]
        lines += _activated(layer, size, activation)
        before = _names("a", layer, size)
    lines += _LOSS_LINES[shape.loss](len(shape.sizes), shape.sizes[-1])
    return "\n".join(lines)


def _weighted(shape: Architecture, layer: int, j: int, before: Sequence[str]) -> str:
    count, size = len(before), shape.sizes[layer - 1]
    terms = [f"{_weight(layer, j, k, count, size)}*{name}" for k, name in enumerate(before, start=1)]
    terms += [_name("b", layer, j)] if shape.bias else []
    return f"{_name('z', layer, j)} = {' + '.join(terms)}"


def _activated(layer: int, size: int, activation: str) -> Iterator[str]:
    a, z = _names("a", layer, size), _names("z", layer, size)
    if activation != SOFTMAX:
        for left, right in zip(a, z, strict=True):
            yield f"{left} = {right if activation == LINEAR else f'{activation}({right})'}"
        return
    # Without the largest taken off, exp overflows from 710 on; the quotient is the same.
    e = _names("e", layer, size)
    yield f"m{layer} = max({', '.join(z)})"
    yield from (f"{left} = exp({right} - m{layer})" for left, right in zip(e, z, strict=True))
    yield f"s{layer} = {' + '.join(e)}"
    yield from (f"{left} = {right} / s{layer}" for left, right in zip(a, e, strict=True))


def _names(letter: str, layer: int, size: int) -> list[str]:
    return [_name(letter, layer, j) for j in range(1, size + 1)]


def _errors(layer: int, size: int) -> str:
    return " + ".join(f"({a} - y{j})^2" for j, a in enumerate(_names("a", layer, size), start=1))


def _squared(layer: int, size: int) -> list[str]:
    return ["# loss: squared error", f"C0 = {_errors(layer, size)}"]


def _mean_squared(layer: int, size: int) -> list[str]:
    return ["# loss: mean squared error", f"C0 = ({_errors(layer, size)}) / {size}"]


_FROM_SUMS = "from z, right also where a is 0 or 1; 0 times a keeps a in the graph"


def _kept(layer: int, size: int) -> str:
    """What the output needs in order that the activations, which the loss does without, are nodes."""
    return "".join(f" + 0*{a}" for a in _names("a", layer, size))


def _binary(layer: int, size: int) -> list[str]:
    sums = enumerate(_names("z", layer, size), start=1)
    terms = (f"softplus({z}) - y{j}*{z}" for j, z in sums)
    head = f"# loss: binary cross-entropy, {_FROM_SUMS}"
    return [head, f"C0 = {' + '.join(terms)}{_kept(layer, size)}"]


def _categorical(layer: int, size: int) -> list[str]:
    terms = (f"y{j}*(l{layer} - {z})" for j, z in enumerate(_names("z", layer, size), start=1))
    return [
        f"# loss: categorical cross-entropy, {_FROM_SUMS}",
        f"l{layer} = m{layer} + log(s{layer})",
        f"C0 = {' + '.join(terms)}{_kept(layer, size)}",
    ]


_LOSS_LINES: Mapping[str, Callable[[int, int], list[str]]] = dict(
    zip(LOSSES, (_squared, _mean_squared, _binary, _categorical), strict=True)
)


# Where training starts


def initial(shape: Architecture, init: str = "xavier", seed: int = 0, scale: float = 0.5) -> dict[str, float]:
    """Weights and biases to start from, by name; the same for the same ``seed``.

    ``zeros``; ``constant``: all are ``scale``; ``uniform``: between -scale and scale, biases too. ``xavier``
    is Glorot & Bengio's uniform, within ±√(6/(fan_in + fan_out)), as PyTorch's ``xavier_uniform_``; ``he`` is
    He et al.'s normal with deviation √(2/fan_in), as its ``kaiming_normal_``; biases are then 0.
    """
    if init not in INITS:
        raise ValueError(_unknown("initialisation", init, INITS))
    if not math.isfinite(scale):
        raise ValueError(f"the scale is {scale}, and should be finite")
    random = np.random.default_rng(_whole("the seed", seed, 0))
    found: list[float] = []
    for before, size in pairwise(shape.sizes):
        weights, biases = _drawn(random, init, before, size, scale)
        rows = np.column_stack([weights, biases]) if shape.bias else weights
        found += rows.ravel().tolist()
    return dict(zip(parameter_names(shape), found, strict=True))


def _drawn(random: np.random.Generator, init: str, before: int, size: int, scale: float) -> tuple[Any, Any]:
    """The weights (size × before) and biases (size) of a layer."""
    weights, none = (size, before), np.zeros(size)
    if init == "xavier":
        bound = math.sqrt(6 / (before + size))
        return random.uniform(-bound, bound, weights), none
    if init == "he":
        return random.normal(0, math.sqrt(2 / before), weights), none
    if init == "uniform":
        low, high = sorted((-scale, scale))
        return random.uniform(low, high, weights), random.uniform(low, high, size)
    value = scale if init == "constant" else 0.0
    return np.full(weights, value), none + value


# What was asked for, looked through


def _whole(what: str, number: Any, least: int = 1) -> int:
    if isinstance(number, bool) or not isinstance(number, (int, np.integer)):
        raise ValueError(f"{what} is {number!r}, and should be a whole number")
    if number < least:
        raise ValueError(f"{what} is {number}, and should be {least} or more")
    return int(number)


def _check_sizes(sizes: Sequence[int]) -> None:
    if len(sizes) < 2:
        raise ValueError("a network has at least two layers: its inputs and its outputs")
    for size in sizes:
        _whole("a layer", size)
    first, *hidden, last = sizes
    found = {"inputs": first, "outputs": last, "hidden layers": len(hidden)}
    found["neurons in a hidden layer"] = max(hidden, default=0)
    for what, count in found.items():
        if count > LIMITS[what]:
            raise ValueError(f"it has {count:,} {what}, and should have {LIMITS[what]:,} at most")


def _check_activations(sizes: Sequence[int], names: Sequence[str]) -> None:
    if len(names) != len(sizes) - 1:
        raise ValueError(f"{len(sizes) - 1} layers have an activation, and {len(names)} are given")
    for name in names[:-1]:
        if name == SOFTMAX:
            raise ValueError("softmax is for the output layer")
        if name not in ACTIVATIONS:
            raise ValueError(_unknown("activation", name, ACTIVATIONS))
    if names[-1] not in (*ACTIVATIONS, SOFTMAX):
        raise ValueError(_unknown("activation", names[-1], (*ACTIVATIONS, SOFTMAX)))
    if names[-1] == SOFTMAX and sizes[-1] < 2:
        raise ValueError("softmax needs two outputs or more: of a single one it is always 1")


def _check_loss(loss: str, output: str) -> None:
    if loss not in LOSSES:
        raise ValueError(_unknown("loss", loss, LOSSES))
    wanted = {"binary_cross_entropy": "sigmoid", "categorical_cross_entropy": SOFTMAX}.get(loss)
    if wanted and output != wanted:
        raise ValueError(f"{loss} needs {wanted} at the output, not {output}")


def _unknown(what: str, name: str, known: Sequence[str]) -> str:
    near = get_close_matches(str(name), known, n=1)
    hint = f"; did you mean {near[0]}?" if near else f"; there are {', '.join(known)}"
    return f"{name!r} is no {what}{hint}"


def count_of(number: int, what: str) -> str:
    """So many things, in words."""
    return f"{number} {what}{'' if number == 1 else 's'}"


# Networks to start from


@dataclass(frozen=True)
class Preset:
    """A network with a title, how it starts, and a sample to look at."""

    title: str
    architecture: Architecture
    at: Mapping[str, float] = field(repr=False)
    init: str = "xavier"
    seed: int = 0

    @property
    def program(self) -> str:
        """The network as a program."""
        return program(self.architecture)

    @property
    def initial(self) -> dict[str, float]:
        """Weights and biases to start from."""
        return initial(self.architecture, self.init, self.seed)


def _sample(inputs: Sequence[float], targets: Sequence[float]) -> dict[str, float]:
    named = {f"x{k}": x for k, x in enumerate(inputs, start=1)}
    return named | {f"y{k}": y for k, y in enumerate(targets, start=1)}


PRESETS: Mapping[str, Preset] = {
    "neuron": Preset(
        "One neuron with four inputs",
        Architecture((4, 1), ("sigmoid",)),
        _sample((1.0, 0.5, -1.0, 2.0), (1.0,)),
    ),
    "deep": Preset(
        "Two hidden layers",
        Architecture((2, 3, 3, 1), ("tanh", "tanh", "sigmoid")),
        _sample((1.0, -0.5), (1.0,)),
    ),
    "xor": Preset(
        "XOR, 2-2-1",
        Architecture((2, 2, 1), ("tanh", "sigmoid"), "binary_cross_entropy"),
        _sample((1.0, 0.0), (1.0,)),
        seed=10,  # every optimizer solves it from here; from others some end on a plateau
    ),
    "pair": Preset(
        "The pair of layers in textbooks, 6-4",
        Architecture((6, 4), ("sigmoid",)),
        _sample((0.5, -1.0, 1.0, 0.2, -0.4, 0.8), (1.0, 0.0, 0.0, 1.0)),
    ),
    "classes": Preset(
        "Three classes, softmax",
        Architecture((2, 3, 3), ("relu", SOFTMAX), "categorical_cross_entropy"),
        _sample((1.0, -0.5), (0.0, 1.0, 0.0)),
        init="he",
    ),
}
"""Networks by name."""
