"""Networks in tensors: ``z2 = W2 @ x + b2; a2 = tanh(z2)``, written and read, and the same in numbers.

The two forms say the same: ``W2[0, 2]`` is w2_13. What is read is told by structure: a chain of matrices that
are variables, each times what the one before it gives. In numbers it is a network like any other, recognised,
drawn and derived as one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from graphviz_backprop.engine.tensors.cells import scalars
from graphviz_backprop.language import letters
from graphviz_backprop.language.graph import VAR, Graph, Node
from graphviz_backprop.language.numerals import typed
from graphviz_backprop.language.resized import resized
from graphviz_backprop.language.shapes import Shape, size
from graphviz_backprop.language.tensor import Tensor, cells
from graphviz_backprop.network.builder import LIMITS, Architecture, count_of, parameter_names
from graphviz_backprop.network.classes import one_hot
from graphviz_backprop.network.layers import LINEAR
from graphviz_backprop.network.names import LAYERED, Part
from graphviz_backprop.network.recogniser import NoNetwork

# Writing


def program(shape: Architecture, at: Mapping[str, float]) -> str:
    """The network as a program in tensors that start at the numbers ``at``, 1 where there is none."""
    lines = [f"x = {_list([at.get(f'x{k}', 1.0) for k in range(1, shape.sizes[0] + 1)])}"]
    lines.append(f"y = {_list([at.get(f'y{j}', 1.0) for j in range(1, shape.sizes[-1] + 1)])}")
    numbers = iter([at.get(name, 1.0) for name in parameter_names(shape)])
    for layer, (before, count) in enumerate(pairwise(shape.sizes), start=2):
        rows = [[next(numbers) for _ in range(before + shape.bias)] for _ in range(count)]
        lines.append(f"W{layer} = [{', '.join(_list(row[:before]) for row in rows)}]")
        if shape.bias:
            lines.append(f"b{layer} = {_list([row[-1] for row in rows])}")
    last = "x"
    for layer, activation in enumerate(shape.activations, start=2):
        count = shape.sizes[layer - 1]
        lines.append(f"# layer {layer}: {count_of(count, 'neuron')}, {activation}")
        lines.append(f"z{layer} = W{layer} @ {last}{f' + b{layer}' if shape.bias else ''}")
        lines.append(f"a{layer} = {f'z{layer}' if activation == LINEAR else f'{activation}(z{layer})'}")
        last = f"a{layer}"
    return "\n".join([*lines, *_loss(shape.loss, len(shape.sizes))])


def _list(numbers: Sequence[float]) -> str:
    return f"[{', '.join(map(typed, numbers))}]"


def _loss(loss: str, layer: int) -> list[str]:
    z, a = f"z{layer}", f"a{layer}"
    kept = "from z, right also where a is 0 or 1; 0 times a keeps a in the graph"
    return {
        "squared": ["# loss: squared error", f"C0 = sum(({a} - y)^2)"],
        "mean_squared": ["# loss: mean squared error", f"C0 = mean(({a} - y)^2)"],
        "binary_cross_entropy": [
            f"# loss: binary cross-entropy, {kept}",
            f"C0 = sum(softplus({z}) - y*{z}) + 0*sum({a})",
        ],
        "categorical_cross_entropy": [
            f"# loss: categorical cross-entropy, {kept}",
            f"C0 = cross_entropy({z}, y) + 0*sum({a})",
        ],
    }[loss]


# Reading


@dataclass(frozen=True)
class Form:
    """A network in tensors: the same in numbers, and the cell that each of its variables is."""

    numbers: Graph
    cells: Mapping[str, tuple[str, int]]
    """By the number's name, the tensor's and the cell's number there, row by row."""

    def values(self, tensors: Mapping[str, Tensor]) -> dict[str, float]:
        """The numbers that these tensors hold."""
        return {name: tensors[own].cells[at] for name, (own, at) in self.cells.items() if own in tensors}


@dataclass(frozen=True)
class _Layer:
    """A matrix of weights; ``turned``: inputs by neurons, as in x @ W. ``bias`` is the name of one."""

    weights: Node
    turned: bool
    end: int
    bias: str


def form(graph: Graph) -> Form:
    """Raises :class:`NoNetwork` where a program with tensors is no network of a single input vector."""
    found = _Chain(graph)
    source, layers = found.source, found.layers
    if len(source.shape) == 2 and source.shape[0] > 1:
        return form(_of_one(graph, source.name))
    told = one_hot(graph, layers[-1].end, found.has_activation)
    if told.graph != graph:
        graph, found = told.graph, _Chain(told.graph)
        source, layers = found.source, found.layers
    if sum(size(layer.weights.shape) for layer in layers) > LIMITS["parameters"]:
        raise NoNetwork(
            f"it has more than {LIMITS['parameters']:,} weights, and neurons are drawn one by one"
        )
    names = dict(_named(source, layers))
    target = found.target({name for name, _ in names.values()})
    if target is not None:
        cells_of = cells(target.name, target.shape) if target.shape else [target.name]
        own = [f"y{at + 1}" for at in range(len(cells_of))]
        if len(own) == 1 and target.name in told.labels - {name for _, name in names.values()}:
            own = [target.name]  # columns of samples are called so
        names |= {cell: (target.name, name) for cell, name in zip(cells_of, own, strict=True)}
    plain = scalars(graph, {name: _zeros(graph.shapes[name]) for name in told.labels})
    if missing := [name for name in names if name not in plain.variables]:
        raise NoNetwork(f"{missing[0]} is no number that flows through it: it chooses, or is left out")
    if unknown := [name for name in plain.variables if name not in names]:
        raise NoNetwork(f"{unknown[0]} is neither a weight, nor a bias, an input or a target")
    places = {cell: at for own, shape in graph.shapes.items() for at, cell in enumerate(cells(own, shape))}
    leaves = {cell: name for cell, (_, name) in names.items()}
    return Form(
        _renamed(plain, leaves, dict(found.inner())),
        {name: (own, places[cell]) for cell, (own, name) in names.items()},
    )


def _zeros(shape: Shape) -> object:
    """The first class, which there always is."""
    return np.zeros(shape) if shape else 0.0


def _of_one(graph: Graph, source: str) -> Graph:
    """The program at a batch of one sample."""
    rows = graph.shapes[source][0]
    shapes = {
        name: (1, *shape[1:])
        for name, shape in graph.shapes.items()
        if shape and shape[0] == rows and (name == source or name[:1] in "yYtT")
    }
    try:
        return resized(graph, shapes)
    except ValueError:
        raise NoNetwork("it names its batch, and does not take a single sample") from None


def _renamed(graph: Graph, leaves: Mapping[str, str], inner: Mapping[str, str]) -> Graph:
    """The graph whose variables, and the sums and activations of whose neurons, are called as in numbers."""

    def renamed(node: Node) -> Node:
        if node.op == VAR:
            name = leaves[node.name]
            return node._replace(name=name, id=name if node.id == node.name else node.id)
        return node._replace(id=inner[node.id], named=True) if node.id in inner else node

    return replace(graph, nodes=tuple(map(renamed, graph.nodes)))


def _named(source: Node, layers: Sequence[_Layer]) -> Iterator[tuple[str, tuple[str, str]]]:
    """For each cell its tensor's name and the number's."""
    for at, cell in enumerate(cells(source.name, source.shape)):
        yield cell, (source.name, f"x{at + 1}")
    for layer, found in enumerate(layers, start=2):
        name, shape = found.weights.name, found.weights.shape
        count, before = shape[::-1] if found.turned else shape
        for at, cell in enumerate(cells(name, shape)):
            one, other = divmod(at, shape[1])
            j, k = (other, one) if found.turned else (one, other)
            part = Part("w", layer, j + 1, k + 1)
            yield cell, (name, LAYERED.name(part, wide=max(before, count) > 9))
        if found.bias:
            for j in range(count):
                cell = f"{found.bias}[{j}]"
                yield cell, (found.bias, LAYERED.name(Part("b", layer, j + 1)))


class _Chain:
    """The layers of a graph, from its input on."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.users: list[list[int]] = [[] for _ in graph.nodes]
        for edge in graph.edges():
            self.users[edge.child].append(edge.parent)
        self.reached: list[set[int]] = []  # the products that each node is made of
        self.sources: dict[int, int] = {}
        self.layers = self._layers()

    def _layers(self) -> list[_Layer]:
        found: list[_Layer] = []
        for at, node in enumerate(self.graph.nodes):
            self.reached.append(set().union(*(self.reached[arg] for arg in node.args)))
            product = self._product(node)
            if product is None:
                continue
            weights, source, turned = product
            if self.reached[source] != set(self.sources):
                raise NoNetwork(f"{weights.name} is not multiplied by what the layer before it gives")
            self.sources[at] = source
            self.reached[at] = set(self.sources)
            found.append(_Layer(weights, turned, *self._biased(at)))
        if not found:
            raise NoNetwork("no matrix of weights is multiplied by a vector", near=False)
        return found

    def _product(self, node: Node) -> tuple[Node, int, bool] | None:
        """A matrix that is a variable, what it is multiplied by, and whether that stands before it."""
        if node.op != "einsum" or len(node.args) != 2:
            return None
        shapes = [self.graph.nodes[arg].shape for arg in node.args]
        spec = letters.read(dict(node.settings)["letters"])
        if not letters.is_product(str(spec), shapes):
            return None
        for arg, turned in ((0, False), (1, True)):
            weights, other = self.graph.nodes[node.args[arg]], self.graph.nodes[node.args[1 - arg]]
            rank = len(other.shape)
            if weights.op == VAR and len(weights.shape) == 2 and (rank == 1 or (rank == 2 and turned)):
                if other.op == VAR and self.sources and not turned:
                    continue
                return weights, node.args[1 - arg], turned
        return None

    def _biased(self, product: int) -> tuple[int, str]:
        """The node of a layer's sums, and the name of the bias."""
        if len(self.users[product]) != 1:
            return product, ""
        above = self.users[product][0]
        if self.graph.nodes[above].op != "add":
            return product, ""
        other = next((arg for arg in self.graph.nodes[above].args if arg != product), product)
        while self.graph.nodes[other].op in ("broadcast", "reshape"):
            other = self.graph.nodes[other].args[0]
        bias = self.graph.nodes[other]
        return (above, bias.name) if bias.op == VAR and len(bias.shape) == 1 else (product, "")

    def inner(self) -> Iterator[tuple[str, str]]:
        """The ids of the cells of each layer's sums and activations, and what these are called in numbers."""
        given = [*list(self.sources.values())[1:], self._last(self.layers[-1].end)]
        for layer, (found, a) in enumerate(zip(self.layers, given, strict=True), start=2):
            for letter, at in (("z", found.end), ("a", a)):
                if at is None or (letter == "a" and at == found.end):
                    continue
                node = self.graph.nodes[at]
                for j, cell in enumerate(cells(node.id, node.shape), start=1):
                    yield cell, LAYERED.name(Part(letter, layer, j))

    def _last(self, z: int) -> int | None:
        """The activation of the last layer, where a statement names it; else it is told in numbers."""
        nodes = self.graph.nodes
        named = [at for at in self.users[z] if nodes[at].named and len(nodes[at].args) == 1]
        return next((at for at in named if nodes[at].shape == nodes[z].shape), None)

    @property
    def has_activation(self) -> bool:
        """Whether a statement names what the last layer makes of its sums."""
        return self._last(self.layers[-1].end) is not None

    @property
    def source(self) -> Node:
        """The input."""
        found = self.graph.nodes[next(iter(self.sources.values()))]
        if found.op != VAR:
            raise NoNetwork("what the first matrix is multiplied by is no variable")
        return found

    def target(self, known: set[str]) -> Node | None:
        """The variable that is none of the network's own."""
        rest = [node for node in self.graph.nodes if node.op == VAR and node.name not in known]
        names = dict.fromkeys(node.name for node in rest)
        if len(names) > 1:
            raise NoNetwork(f"{' and '.join(list(names)[:2])} are both neither weight, bias nor input")
        return rest[0] if rest else None


def numbers_of(tensors: Mapping[str, Tensor]) -> dict[str, float]:
    """The numbers of a network whose tensors are called as here: W2, b2, x, y."""
    found: dict[str, float] = {}
    for name, tensor in tensors.items():
        if name in ("x", "y"):
            found |= {f"{name}{at}": number for at, number in enumerate(tensor.cells, start=1)}
        elif matched := re.fullmatch(r"([Wb])(\d{1,2})", name):
            layer = int(matched[2])
            for at, number in enumerate(tensor.cells):
                if matched[1] == "b":
                    found[LAYERED.name(Part("b", layer, at + 1))] = number
                elif len(tensor.shape) == 2:
                    j, k = divmod(at, tensor.shape[1])
                    found[LAYERED.name(Part("w", layer, j + 1, k + 1), wide=max(tensor.shape) > 9)] = number
    return found
