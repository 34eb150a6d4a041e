"""Graph -> Network: the layers in any program that is one, whoever wrote it.

Names say which weight belongs where (:mod:`graphviz_backprop.network.builder` has the convention); what is
computed must fit them: each z is the sum of weights times what comes in, and maybe a bias, each a is a
function of its z. Everything behind the last layer is the loss, whatever it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from graphviz_backprop.engine import autodiff, scalar
from graphviz_backprop.language.cached import cached_property
from graphviz_backprop.language.graph import VAR, Graph, Node
from graphviz_backprop.language.ops import FUNCTIONS
from graphviz_backprop.network.builder import SOFTMAX

LINEAR = "linear"

_WEIGHT = re.compile(r"w(\d+)_(?:(\d)(\d)|(\d+)_(\d+))")
_LONG = re.compile(r"w(\d+)_(\d{3,})")
_BIAS = re.compile(r"b(\d+)_(\d+)")
_INPUT = re.compile(r"x_?(\d+)")
_UNARY = {op.name for op in FUNCTIONS if op.takes(1) and not op.takes(2)}


class NoNetwork(ValueError):
    """Why a program is no network, in words. ``near`` says that some of its names look like one."""

    def __init__(self, reason: str, near: bool = True) -> None:
        super().__init__(reason)
        self.near = near


@dataclass(frozen=True)
class Parameter:
    """A weight or a bias: its name, its leaf's id, and the node that uses it at argument number ``arg``."""

    name: str
    leaf: str
    user: str
    arg: int

    @property
    def edge(self) -> str:
        """The name of the edge that leaves its leaf."""
        return f"{self.user}.{self.arg}"


@dataclass(frozen=True)
class Neuron:
    """One neuron: number ``at`` of its layer.

    ``z`` and ``a`` are ids of nodes, the same one where the activation is linear; ``weights`` go by the
    neurons of the layer before.
    """

    layer: int
    at: int
    z: str
    a: str
    weights: tuple[Parameter, ...]
    bias: Parameter | None

    @property
    def name(self) -> str:
        """``a2_1``, whatever its node is called."""
        return f"a{self.layer}_{self.at}"

    @property
    def parameters(self) -> tuple[Parameter, ...]:
        """Its weights, and its bias if it has one."""
        return (*self.weights, self.bias) if self.bias else self.weights


@dataclass(frozen=True)
class Layer:
    """The neurons of one layer and what they do with z: an operation's name, "linear" or "softmax"."""

    number: int
    activation: str
    neurons: tuple[Neuron, ...]

    @property
    def parameters(self) -> int:
        """How many weights and biases it has."""
        return sum(len(neuron.parameters) for neuron in self.neurons)


@dataclass(frozen=True)
class Network:
    """A graph as a network: ``layers`` are those with neurons, so that the first of them is layer 2.

    ``inputs`` and ``targets`` are names of variables, ``leaves`` their nodes' ids. ``head`` computes the loss
    from the z of the last layer and the targets, as a graph of its own. ``loss`` is "squared",
    "binary_cross_entropy" or "categorical_cross_entropy" where the head is ``factor`` times that, else "".
    """

    graph: Graph
    inputs: tuple[str, ...]
    layers: tuple[Layer, ...]
    targets: tuple[str, ...]
    leaves: Mapping[str, tuple[str, ...]] = field(repr=False)
    head: Graph = field(repr=False)
    loss: str = ""
    factor: float = 1.0

    @property
    def sizes(self) -> tuple[int, ...]:
        """The number of neurons of each layer, inputs first."""
        return (len(self.inputs), *(len(layer.neurons) for layer in self.layers))

    @property
    def output(self) -> str:
        """The id of the node that is derived: the loss."""
        return self.graph.output.id

    @property
    def bias(self) -> bool:
        """Whether any neuron has a bias."""
        return any(neuron.bias for layer in self.layers for neuron in layer.neurons)

    @property
    def from_sums(self) -> bool:
        """Whether no gradient reaches the last layer's a: the loss takes its z."""
        return self.layers[-1].activation != LINEAR and not self._through_activations

    @cached_property
    def _through_activations(self) -> bool:
        """Whether the loss uses an a of the last layer for more than to keep it: 0 times it."""
        kept = {neuron.a for neuron in self.layers[-1].neurons}
        ids = {at for at, node in enumerate(self.head.nodes) if node.id in kept}
        if self.head.output.id in kept:
            return True
        return any(ids.intersection(node.args) and not _by_zero(self.head, node) for node in self.head.nodes)

    @cached_property
    def neurons(self) -> Mapping[str, Neuron]:
        """Every neuron by its name, ``a2_1``."""
        return {neuron.name: neuron for layer in self.layers for neuron in layer.neurons}

    @cached_property
    def parameters(self) -> Mapping[str, tuple[Neuron, Parameter]]:
        """Every weight and bias by its name, with the neuron that it belongs to."""
        return {
            parameter.name: (neuron, parameter)
            for neuron in self.neurons.values()
            for parameter in neuron.parameters
        }


def _by_zero(graph: Graph, node: Node) -> bool:
    return node.op == "mul" and any(graph.nodes[arg].value == 0.0 for arg in node.args)


def recognise(graph: Graph) -> Network:
    """The network that a program is. Raises :class:`NoNetwork` with the reason why it is none."""
    return _Reader(graph).network()


def network_of(graph: Graph) -> Network | None:
    """The network that a program is, if it is one."""
    try:
        return recognise(graph)
    except NoNetwork:
        return None


def weight_place(name: str) -> tuple[int, int, int] | None:
    """Layer, neuron and neuron before of a weight's name."""
    matched = _WEIGHT.fullmatch(name)
    if matched is None:
        return None
    layer, *places = (int(digits) for digits in matched.groups() if digits)
    return layer, places[0], places[1]


class _Reader:
    """Reads one graph, layer by layer from the input."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.users: list[list[int]] = [[] for _ in graph.nodes]
        for edge in graph.edges():
            self.users[edge.child].append(edge.parent)
        self.leaves: dict[str, list[int]] = {}
        for at, node in enumerate(graph.nodes):
            if node.op == VAR and node.name:
                self.leaves.setdefault(node.name, []).append(at)

    def network(self) -> Network:
        counts = self._counts()
        inputs = self._inputs(counts[2][1])
        sources: dict[int, int] = {at: k for k, name in enumerate(inputs, 1) for at in self.leaves[name]}
        layers: list[Layer] = []
        last = max(counts)
        for number in range(2, last + 1):
            layers.append(self._layer(number, *counts[number], sources, number == last))
            sources = {self.graph.positions[neuron.a]: neuron.at for neuron in layers[-1].neurons}
        return self._headed(inputs, layers)

    # Which weights there are

    def _counts(self) -> dict[int, tuple[int, int]]:
        """For each layer the number of its neurons and of those before it, by the names of the weights."""
        places: dict[int, set[tuple[int, int]]] = {}
        for name in self.leaves:
            if _LONG.fullmatch(name):
                raise NoNetwork(f"{name} could be several weights; from ten neurons up, write w2_1_13")
            if place := weight_place(name):
                places.setdefault(place[0], set()).add(place[1:])
        if not places:
            raise NoNetwork("it has no weights with names like w2_11", near=False)
        found: dict[int, tuple[int, int]] = {}
        for number in range(2, max(places) + 1):
            if number not in places:
                raise NoNetwork(f"layer {number} has no weights, and layer {max(places)} has")
            found[number] = self._complete(number, places[number])
        if min(places) < 2:
            raise NoNetwork("layer 1 is the input, and has no weights: the first ones are called w2_11")
        for number in range(3, max(places) + 1):
            if found[number][1] != found[number - 1][0]:
                raise NoNetwork(
                    f"layer {number} has weights for {_some(found[number][1], 'neuron')} before it,"
                    f" and layer {number - 1} has {found[number - 1][0]}"
                )
        return found

    def _complete(self, number: int, places: set[tuple[int, int]]) -> tuple[int, int]:
        size, before = max(j for j, _ in places), max(k for _, k in places)
        for j in range(1, size + 1):
            for k in range(1, before + 1):
                if (j, k) not in places:
                    raise NoNetwork(
                        f"the weight to neuron {j} of layer {number} from neuron {k} before it is missing"
                    )
        if min(min(place) for place in places) < 1:
            raise NoNetwork(f"layer {number} has a weight with the index 0; neurons count from 1")
        return size, before

    def _inputs(self, count: int) -> list[str]:
        named = {int(found[1]): name for name in self.leaves if (found := _INPUT.fullmatch(name))}
        if count == 1 and not named and "x" in self.leaves:
            return ["x"]
        for k in range(1, count + 1):
            if k not in named:
                raise NoNetwork(f"there is a weight for the input x{k}, which the program does not have")
        if len(named) > count:
            extra = next(name for k, name in sorted(named.items()) if not 1 <= k <= count)
            raise NoNetwork(f"the input {extra} has no weights")
        return [named[k] for k in range(1, count + 1)]

    # Neurons

    def _layer(self, number: int, size: int, before: int, sources: Mapping[int, int], last: bool) -> Layer:
        neurons = [self._neuron(number, j, before, sources) for j in range(1, size + 1)]
        found = [self._activation(neuron, last) for neuron in neurons]
        names = sorted({activation for activation, _ in found})
        if names == [SOFTMAX]:
            self._check_softmax(number, [at for _, at in found], [neuron.z for neuron in neurons])
        if len(names) > 1:
            raise NoNetwork(f"layer {number} has neurons of different kinds: {' and '.join(names)}")
        ids = [self.graph.nodes[at].id for _, at in found]
        return Layer(
            number, names[0], tuple(replace(neuron, a=a) for neuron, a in zip(neurons, ids, strict=True))
        )

    def _neuron(self, number: int, j: int, before: int, sources: Mapping[int, int]) -> Neuron:
        z = self._sum_of(number, j)
        weights: dict[int, Parameter] = {}
        biases: list[Parameter] = []
        for term, user, arg in self._terms(z):
            node = self.graph.nodes[term]
            if node.op == VAR and node.name == f"b{number}_{j}":
                biases.append(Parameter(node.name, node.id, user, arg))
                continue
            k, parameter = self._product(term, number, j, sources)
            if k in weights:
                raise NoNetwork(f"{parameter.name} is used more than once")
            weights[k] = parameter
        if len(weights) < before:
            raise NoNetwork(f"neuron {j} of layer {number} does not add up all that comes in")
        if len(biases) > 1:
            raise NoNetwork(f"{biases[0].name} is used more than once")
        ordered = tuple(weights[k] for k in range(1, before + 1))
        id_ = self.graph.nodes[z].id
        return Neuron(number, j, id_, id_, ordered, biases[0] if biases else None)

    def _sum_of(self, number: int, j: int) -> int:
        """The node of a neuron's z: by its name, else as far up as there are only sums."""
        named = self.graph.positions.get(f"z{number}_{j}")
        if named is not None:
            return named
        leaf = next(
            self.leaves[name][0] for name in self.leaves if (weight_place(name) or ())[:2] == (number, j)
        )
        at = self._only_user(leaf)
        if self.graph.nodes[at].op != "mul":
            raise NoNetwork(f"{self.graph.nodes[leaf].name} is not multiplied by anything")
        while not self.graph.nodes[at].named and len(self.users[at]) == 1:
            above = self.users[at][0]
            if self.graph.nodes[above].op not in ("add", "sum"):
                break
            at = above
        return at

    def _only_user(self, leaf: int) -> int:
        node = self.graph.nodes[leaf]
        if len(self.users[leaf]) != 1 or len(self.leaves[node.name]) != 1:
            raise NoNetwork(f"{node.name} is used more than once")
        return self.users[leaf][0]

    def _terms(self, z: int) -> Iterator[tuple[int, str, int]]:
        """The terms of a sum, each with the id of the sum that has it and its number there."""
        todo: list[tuple[int, str, int]] = [(z, self.graph.nodes[z].id, 0)]
        while todo:
            at, user, arg = todo.pop()
            node = self.graph.nodes[at]
            if node.op in ("add", "sum"):
                todo.extend((child, node.id, i) for i, child in reversed([*enumerate(node.args)]))
            else:
                yield at, user, arg

    def _product(self, at: int, number: int, j: int, sources: Mapping[int, int]) -> tuple[int, Parameter]:
        """The weight in a term and which neuron before it is for."""
        node = self.graph.nodes[at]
        where = f"neuron {j} of layer {number}"
        if node.op != "mul":
            raise NoNetwork(f"{self._said(at)} in the sum of {where} is no weight times what comes in")
        for arg, (leaf, source) in enumerate((node.args, node.args[::-1])):
            name = self.graph.nodes[leaf].name
            place = weight_place(name) if self.graph.nodes[leaf].op == VAR else None
            if place is None:
                continue
            if place[:2] != (number, j):
                raise NoNetwork(f"{name} is in the sum of {where}")
            if sources.get(source) != place[2]:
                before = f"x{place[2]}" if number == 2 else f"a{number - 1}_{place[2]}"
                raise NoNetwork(f"{name} is multiplied by {self._said(source)}, and should be by {before}")
            self._only_user(leaf)
            return place[2], Parameter(name, self.graph.nodes[leaf].id, node.id, arg)
        raise NoNetwork(f"{self._said(at)} in the sum of {where} has no weight of its own")

    def _said(self, at: int) -> str:
        """A node in words: its name, or its text."""
        node = self.graph.nodes[at]
        named = node.id if node.named else node.name
        start, end = node.span
        return named or self.graph.text[start:end] or node.id

    # Activations

    def _activation(self, neuron: Neuron, last: bool) -> tuple[str, int]:
        """What a neuron does with its z, and at which node."""
        z = self.graph.positions[neuron.z]
        named = self.graph.positions.get(neuron.name)
        if named is not None and named != z:
            return self._known(named, z), named
        users = set(self.users[z])
        functions = [at for at in users if self.graph.nodes[at].op in _UNARY]
        if functions and (len(users) == 1 or not last):
            return self.graph.nodes[functions[0]].op, functions[0]
        return LINEAR, z

    def _known(self, a: int, z: int) -> str:
        node = self.graph.nodes[a]
        if node.op in _UNARY and node.args == (z,):
            return node.op
        if node.op == "div":
            return SOFTMAX  # as it seems; looked at with the whole layer
        raise NoNetwork(f"{node.id} is not a function of {self._said(z)} alone")

    def _check_softmax(self, number: int, quotients: Sequence[int], sums: Sequence[str]) -> None:
        """By its numbers: whichever way it is written."""
        cut = {self.graph.positions[z]: f"z{j}" for j, z in enumerate(sums)}
        random = np.random.default_rng(1)
        at = {name: float(random.normal()) for name in cut.values()}
        exact = np.exp([at[name] for name in cut.values()])
        for quotient, share in zip(quotients, exact / exact.sum(), strict=True):
            part = cut_graph(self.graph, quotient, cut)
            if set(part.variables) - set(at):
                raise NoNetwork(f"layer {number} is no softmax of its own sums")
            value = autodiff.compile(part)({name: at[name] for name in part.variables}).value
            if not np.isclose(value, share, rtol=1e-9):
                raise NoNetwork(f"{self._said(quotient)} is neither a function of its own z nor a softmax")

    # The loss

    def _headed(self, inputs: Sequence[str], layers: Sequence[Layer]) -> Network:
        last = layers[-1]
        cut = {self.graph.positions[neuron.z]: neuron.z for neuron in last.neurons}
        head = cut_graph(self.graph, len(self.graph.nodes) - 1, cut)
        outside = set(inputs) | {
            parameter.name for layer in layers for neuron in layer.neurons for parameter in neuron.parameters
        }
        variables = [name for name in head.variables if name not in cut.values()]
        for name in variables:
            if name in outside or weight_place(name) or _BIAS.fullmatch(name):
                raise NoNetwork(f"{name} is used outside of its layer's sums")
        unused = [neuron.z for neuron in last.neurons if neuron.z not in head.variables]
        if unused:
            raise NoNetwork(f"the output does not depend on {unused[0]}")
        targets = tuple(sorted(variables, key=lambda name: (len(name), name)))
        leaves = {
            name: tuple(self.graph.nodes[at].id for at in self.leaves[name]) for name in (*inputs, *targets)
        }
        found = Network(self.graph, tuple(inputs), tuple(layers), targets, leaves, head)
        loss, factor = _kind(found)
        return replace(found, loss=loss, factor=factor)


def cut_graph(graph: Graph, output: int, cut: Mapping[int, str]) -> Graph:
    """The part of a graph that computes a node, with variables of these names in place of some nodes."""
    needed, todo = {output}, [output]
    while todo:
        at = todo.pop()
        for arg in () if at in cut else graph.nodes[at].args:
            if arg not in needed:
                needed.add(arg)
                todo.append(arg)
    moved = {at: new for new, at in enumerate(sorted(needed))}
    nodes = []
    for at in sorted(needed):
        node = graph.nodes[at]
        if at in cut:
            nodes.append(Node(node.id, VAR, (), node.span, cut[at]))
        else:
            nodes.append(node._replace(args=tuple(moved[arg] for arg in node.args)))
    return Graph(graph.text, graph.view, tuple(nodes))


# Which loss it is: told by its numbers, so that it can be written in any way


def _kind(network: Network) -> tuple[str, float]:
    """The loss's name and what it is multiplied by."""
    outputs = network.layers[-1].neurons
    targets = targets_in_order(network)
    if targets is None:
        return "", 1.0
    random = np.random.default_rng(2)
    compiled = autodiff.compile(network.head)
    ratios: dict[str, list[float]] = {}
    for _ in range(3):
        z, y = random.uniform(-2, 2, len(outputs)), random.uniform(0.1, 0.9, len(outputs))
        at = dict(zip([*(neuron.z for neuron in outputs), *targets], map(float, (*z, *y)), strict=True))
        run = compiled(at)
        for name, value in _losses(network, z, y).items():
            ratios.setdefault(name, []).append(run.value / value)
    for name, found in ratios.items():
        if np.allclose(found, found[0], rtol=1e-9) and found[0] > 0:
            return name, float(f"{found[0]:.12g}")
    return "", 1.0


def _losses(network: Network, z: autodiff.Column, y: autodiff.Column) -> dict[str, float]:
    """What the known losses would be."""
    activation = network.layers[-1].activation
    if activation == SOFTMAX:
        whole = np.log(np.sum(np.exp(z)))
        a = np.exp(z - whole)
        entropy = float(np.sum(y * (whole - z)))
        return {"squared": float(np.sum((a - y) ** 2)), "categorical_cross_entropy": entropy}
    a = z if activation == LINEAR else np.array([scalar.value(activation, [x]) for x in z.tolist()])
    found = {"squared": float(np.sum((a - y) ** 2))}
    if activation == "sigmoid":
        found["binary_cross_entropy"] = float(np.sum(np.logaddexp(0, z) - y * z))
    return found


def targets_in_order(network: Network) -> list[str] | None:
    """The target of each output, where each has one of its own."""
    count = len(network.layers[-1].neurons)
    if count == 1 and len(network.targets) == 1:
        return list(network.targets)
    named = [next((t for t in (f"y{j}", f"y_{j}") if t in network.targets), "") for j in range(1, count + 1)]
    return named if all(named) and len(network.targets) == count else None


def _some(count: int, what: str) -> str:
    return f"{count} {what}{'' if count == 1 else 's'}"
