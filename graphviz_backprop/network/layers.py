"""A graph as a network: its layers, neurons, weights and biases, and the loss behind them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from graphviz_backprop.language import printers
from graphviz_backprop.language.cached import cached_property
from graphviz_backprop.language.graph import CONST, VAR, Graph, Node
from graphviz_backprop.language.printers import tex_name
from graphviz_backprop.network.names import LAYERED, Convention

LINEAR = "linear"
"""The activation of a layer whose neurons give their weighted sums as they are."""

SOFTMAX = "softmax"
"""The activation that takes all weighted sums of a layer: exp(z) over the sum of all."""

WRITTEN = "g"
"""The activation of a layer whose function of z is written out and has no name."""

_READABLE = 16  # characters of a function that is shown in place of a name


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

    ``name`` and ``sum_name`` are what the convention calls its a and its z, whatever their nodes are called.
    ``z`` and ``a`` are ids of nodes, the same one where the activation is linear; ``weights`` go by the
    neurons of the layer before. ``paths`` lead from z to a, each as the names of its edges, where no other
    neuron has a part in a and they are few: ∂a/∂z is the sum of the products of their partials.
    """

    layer: int
    at: int
    name: str
    sum_name: str
    z: str
    a: str
    weights: tuple[Parameter, ...]
    bias: Parameter | None
    paths: tuple[tuple[str, ...], ...] = ()

    @property
    def parameters(self) -> tuple[Parameter, ...]:
        """Its weights, and its bias if it has one."""
        return (*self.weights, self.bias) if self.bias else self.weights


@dataclass(frozen=True)
class Layer:
    """The neurons of one layer and what they do with z.

    ``activation`` is an operation's name, :data:`LINEAR`, :data:`SOFTMAX` or :data:`WRITTEN`. ``function`` is
    the function of ``z`` as a graph where the program has it written out, under a name or without.
    """

    number: int
    activation: str
    neurons: tuple[Neuron, ...]
    function: Graph | None = None

    @property
    def parameters(self) -> int:
        """How many weights and biases it has."""
        return sum(len(neuron.parameters) for neuron in self.neurons)

    @property
    def title(self) -> str:
        """What readers call the activation: a function without a name by its text, if that is short."""
        if self.activation != WRITTEN or self.function is None:
            return self.activation
        statements = printers.written(self.function, printers.LABEL)
        text = statements[-1][1]
        return text if len(statements) == 1 and len(text) <= _READABLE else f"{WRITTEN}(z)"


@dataclass(frozen=True)
class Target:
    """What an output should say: its name in text and in LaTeX, the nodes that have its value, and its
    gradient's field."""

    name: str
    tex: str
    nodes: tuple[str, ...]
    gradient: str

    @property
    def node(self) -> str:
        """The first of them, which is the one that is shown."""
        return self.nodes[0]


@dataclass(frozen=True)
class Network:
    """A graph as a network: ``layers`` are those with neurons, so that the first of them is layer 2.

    ``inputs`` and ``targets`` are names of variables, ``leaves`` their nodes' ids. ``head`` computes the loss
    from the z of the last layer and the targets, as a graph of its own. ``loss`` is "squared",
    "binary_cross_entropy" or "categorical_cross_entropy" where the head is ``factor`` times that, else "".
    Where the one target is the label of a class, ``labels`` has for each output the nodes that say whether it
    is that.
    """

    graph: Graph
    inputs: tuple[str, ...]
    layers: tuple[Layer, ...]
    targets: tuple[str, ...]
    leaves: Mapping[str, tuple[str, ...]] = field(repr=False)
    head: Graph = field(repr=False)
    convention: Convention = field(default=LAYERED, repr=False)
    loss: str = ""
    factor: Fraction = Fraction(1)
    labels: tuple[tuple[str, ...], ...] = ()

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
    def beside_activations(self) -> bool:
        """Whether the loss takes a z of the last layer on another way than through the activations."""
        last = self.layers[-1].neurons
        cut = {self.graph.positions[neuron.a]: neuron.a for neuron in last}
        reached = cut_graph(self.graph, len(self.graph.nodes) - 1, cut).positions
        return any(neuron.z != neuron.a and neuron.z in reached for neuron in last)

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

    def layer(self, number: int) -> Layer:
        """The layer of this number."""
        return self.layers[number - 2]

    def wide(self, layer: int) -> bool:
        """Whether the indices of the weights into a layer can have two digits."""
        return max(self.sizes[layer - 2 : layer]) > 9

    @cached_property
    def wanted(self) -> Sequence[Target]:
        """What is behind the loss: a number for each output where the target is a class, else all targets."""
        if self.labels:
            (label,) = self.targets
            return [_of_class(label, number, ids) for number, ids in enumerate(self.labels)]
        return [self._variable(name) for name in self.targets]

    @cached_property
    def wanted_in_order(self) -> Sequence[Target]:
        """The target of each output, where each has one of its own; else none."""
        return self.wanted if self.labels else [self._variable(name) for name in self._targets_in_order]

    def _variable(self, name: str) -> Target:
        return Target(name, tex_name(name), self.leaves[name], f"{name}.total")

    @cached_property
    def _targets_in_order(self) -> Sequence[str]:
        count = len(self.layers[-1].neurons)
        if count == 1 and len(self.targets) == 1:
            return self.targets
        pairs = [(f"y{j}", f"y_{j}") for j in range(1, count + 1)]
        named = [next((name for name in pair if name in self.targets), "") for pair in pairs]
        return named if all(named) and len(self.targets) == count else ()


def _of_class(label: str, number: int, nodes: tuple[str, ...]) -> Target:
    tex = rf"\left[{tex_name(label)} = {number}\right]"
    return Target(f"{label}={number}", tex, nodes, f"{nodes[0]}.gradient")


def _by_zero(graph: Graph, node: Node) -> bool:
    factors = [graph.nodes[arg] for arg in node.args]
    return node.op == "mul" and any(factor.op == CONST and factor.value == 0 for factor in factors)


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
