"""Graph -> Network: the layers in any program that is one, whoever wrote it.

Names say which weight belongs where (:mod:`graphviz_backprop.network.names`); what is computed must fit them:
each z is the sum of weights times what comes in, and maybe a bias, each a is a function of its z, or a
softmax of all. Everything behind the last layer is the loss, whatever it is.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from random import Random

from graphviz_backprop.language.graph import VAR, Graph
from graphviz_backprop.language.ops import FUNCTIONS
from graphviz_backprop.network import identity, losses, names
from graphviz_backprop.network.labels import labelled
from graphviz_backprop.network.layers import (
    LINEAR,
    SOFTMAX,
    WRITTEN,
    Layer,
    Network,
    Neuron,
    Parameter,
    cut_graph,
)
from graphviz_backprop.network.names import LAYERED, Convention, Part

_UNARY = {op.name for op in FUNCTIONS if op.takes(1) and not op.takes(2)}
_SMOOTH = ("sigmoid", "tanh", "softplus", "silu")
"""Activations that are known where they are written out. Those with a kink are not: at the kink, what is
written out may share a gradient otherwise."""

_MOST_PATHS, _LONGEST_PATH = 3, 6  # from z to a, as far as a reader can follow
_MOST_NODES = 24  # of an activation that is written out and known


class NoNetwork(ValueError):
    """Why a program is no network, in words. ``near`` says that some of its names look like one."""

    def __init__(self, reason: str, near: bool = True) -> None:
        super().__init__(reason)
        self.near = near


def recognise(graph: Graph) -> Network:
    """The network that a program is. Raises :class:`NoNetwork` with the reason why it is none."""
    return _Reader(graph).network()


def network_of(graph: Graph) -> Network | None:
    """The network that a program is, if it is one."""
    try:
        return recognise(graph)
    except NoNetwork:
        return None


class _Reader:
    """Reads one graph, layer by layer from the input."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.convention: Convention = LAYERED
        self.users: list[list[int]] = [[] for _ in graph.nodes]
        for edge in graph.edges():
            self.users[edge.child].append(edge.parent)
        self.leaves: dict[str, list[int]] = {}
        for at, node in enumerate(graph.nodes):
            if node.op == VAR and node.name:
                self.leaves.setdefault(node.name, []).append(at)

    def network(self) -> Network:
        if not self.graph.of_numbers:
            raise NoNetwork("it has tensors, and neurons are read from numbers", near=False)
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
        places = self._places(LAYERED)
        alone = None if places else names.lone(self.leaves)
        if alone:
            self.convention = alone
            places = self._places(alone)
        if not places:
            raise NoNetwork("it has no weights with names like w2_11, or w1 for a neuron alone", near=False)
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

    def _places(self, convention: Convention) -> dict[int, set[tuple[int, int]]]:
        """The places of the weights of each layer."""
        places: dict[int, set[tuple[int, int]]] = {}
        for name in self.leaves:
            if convention is LAYERED and names.unclear(name):
                raise NoNetwork(f"{name} could be several weights; from ten neurons up, write w2_1_13")
            if part := convention.weight(name):
                places.setdefault(part.layer, set()).add((part.at, part.start))
        return places

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
        named = {k: name for name in self.leaves if (k := self.convention.input(name)) is not None}
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
        functions = [self._function(at, neuron, neurons) for at, neuron in zip(found, neurons, strict=True)]
        kinds = sorted({activation for activation, _ in functions})
        written = [function for _, function in functions if function is not None]
        if len(kinds) > 1 or (kinds == [WRITTEN] and not _all_the_same(written)):
            functions_of_z = " and ".join(kinds) if len(kinds) > 1 else "their functions of z differ"
            raise NoNetwork(f"layer {number} has neurons of different kinds: {functions_of_z}")
        ends = [
            replace(neuron, a=self.graph.nodes[at].id, paths=self._paths(at, self.graph.positions[neuron.z]))
            for at, neuron in zip(found, neurons, strict=True)
        ]
        return Layer(number, kinds[0], tuple(ends), written[0] if written else None)

    def _neuron(self, number: int, j: int, before: int, sources: Mapping[int, int]) -> Neuron:
        z = self._sum_of(number, j)
        weights: dict[int, Parameter] = {}
        biases: list[Parameter] = []
        bias, name, sum_name = (self.convention.name(Part(letter, number, j)) for letter in "baz")
        for term, user, arg in self._terms(z):
            node = self.graph.nodes[term]
            if node.op == VAR and node.name == bias:
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
        return Neuron(number, j, name, sum_name, id_, id_, ordered, biases[0] if biases else None)

    def _sum_of(self, number: int, j: int) -> int:
        """The node of a neuron's z: by its name, else as far up as there are only its sums."""
        named = self._named(Part("z", number, j))
        if named is not None:
            return named
        leaf = next(
            self.leaves[name][0]
            for name in self.leaves
            if (part := self.convention.weight(name)) and (part.layer, part.at) == (number, j)
        )
        at = self._only_user(leaf)
        if self.graph.nodes[at].op != "mul":
            raise NoNetwork(f"{self.graph.nodes[leaf].name} is not multiplied by anything")
        while len(self.users[at]) == 1:
            above = self.users[at][0]
            if self.graph.nodes[above].op not in ("add", "sum"):
                break
            # What a statement names is a whole, unless what is added to it is still the neuron's own.
            if self.graph.nodes[at].named and not self._own(above, number, j):
                break
            at = above
        return at

    def _own(self, z: int, number: int, j: int) -> bool:
        """Whether a sum has nothing but a neuron's weighted inputs and its bias."""
        bias = self.convention.name(Part("b", number, j))
        for term, _, _ in self._terms(z):
            node = self.graph.nodes[term]
            parts = [self.convention.weight(self.graph.nodes[arg].name) for arg in node.args]
            weighted = node.op == "mul" and any(
                part and (part.layer, part.at) == (number, j) for part in parts
            )
            if not weighted and node.name != bias:
                return False
        return True

    def _named(self, part: Part) -> int | None:
        """The node that a statement gives the name of a part, if one does."""
        found = self.graph.positions.get(self.convention.name(part))
        return found if found is not None and self.graph.nodes[found].named else None

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
            part = self.convention.weight(name) if self.graph.nodes[leaf].op == VAR else None
            if part is None:
                continue
            if (part.layer, part.at) != (number, j):
                raise NoNetwork(f"{name} is in the sum of {where}")
            if sources.get(source) != part.start:
                before = Part("a", number - 1, part.start)
                wanted = f"x{part.start}" if number == 2 else self.convention.name(before)
                raise NoNetwork(f"{name} is multiplied by {self._said(source)}, and should be by {wanted}")
            self._only_user(leaf)
            return part.start, Parameter(name, self.graph.nodes[leaf].id, node.id, arg)
        raise NoNetwork(f"{self._said(at)} in the sum of {where} has no weight of its own")

    def _said(self, at: int) -> str:
        """A node in words: its name, or its text."""
        node = self.graph.nodes[at]
        named = node.id if node.named else node.name
        start, end = node.span
        return named or self.graph.text[start:end] or node.id

    # Activations

    def _activation(self, neuron: Neuron, last: bool) -> int:
        """The node of a neuron's a: by its name, as what the next layer takes, or as far as z goes alone."""
        z = self.graph.positions[neuron.z]
        named = self._named(Part("a", neuron.layer, neuron.at))
        if named is not None and (self.convention is LAYERED or self._of(named, z)):
            return named
        return self._alone(z) if last else self._taken(neuron, z)

    def _taken(self, neuron: Neuron, z: int) -> int:
        """What the weights of the next layer multiply."""
        for name, places in self.leaves.items():
            part = self.convention.weight(name)
            if part is None or (part.layer, part.start) != (neuron.layer + 1, neuron.at):
                continue
            node = self.graph.nodes[self._only_user(places[0])]
            others = [arg for arg in node.args if arg != places[0]]
            if node.op == "mul" and len(others) == 1:
                return others[0]
        return z

    def _alone(self, z: int) -> int:
        """The last node that all of z passes and nothing else; rather one that is a known function of z."""
        chain = [z, *self._passed(z)]
        for at in reversed(chain[1:]):
            if self._known(at, z):
                return at
        output = len(self.graph.nodes) - 1
        return chain[-1] if chain[-1] != output or self.graph.nodes[output].op in ("max", "min") else z

    def _passed(self, z: int) -> Iterator[int]:
        """The nodes that all of z passes, as long as nothing else does, from the first on."""
        reached, last = {z}, max(self.users[z], default=z)
        for at in range(z + 1, len(self.graph.nodes)):
            args = self.graph.nodes[at].args
            if not reached.intersection(args):
                continue
            if len(reached) > _MOST_NODES or any(
                self.graph.active[arg] and arg not in reached for arg in args
            ):
                return
            if last <= at:
                yield at
            reached.add(at)
            last = max(last, *self.users[at], at)

    def _of(self, at: int, z: int) -> Graph | None:
        """A node as a function of ``z``, if no other variable has a part in it."""
        part = cut_graph(self.graph, at, {z: "z"})
        return part if part.variables == ("z",) else None

    def _known(self, at: int, z: int) -> str:
        """The operation that a node does to z alone, in one go or written out; empty where none is known."""
        node = self.graph.nodes[at]
        if node.op in _UNARY and node.args == (z,):
            return node.op
        part = self._of(at, z)
        if part is None or len(part.nodes) > _MOST_NODES:
            return ""
        return next((name for name in _SMOOTH if identity.is_operation(part, name)), "")

    def _function(self, a: int, neuron: Neuron, layer: Sequence[Neuron]) -> tuple[str, Graph | None]:
        """What a neuron does with its z: its name and, where that is written out, the function of ``z``."""
        z = self.graph.positions[neuron.z]
        if a == z:
            return LINEAR, None
        node = self.graph.nodes[a]
        if node.op in _UNARY and node.args == (z,):
            return node.op, None
        if part := self._of(a, z):
            return self._known(a, z) or WRITTEN, part
        part = cut_graph(self.graph, a, {self.graph.positions[other.z]: other.sum_name for other in layer})
        sums = [other.sum_name for other in layer]
        if set(part.variables) == set(sums):
            if _is_softmax(part, neuron.at, sums):
                return SOFTMAX, None
            raise NoNetwork(f"{self._said(a)} is neither a function of its own z nor a softmax")
        raise NoNetwork(f"{self._said(a)} is not a function of {self._said(z)} alone")

    def _paths(self, a: int, z: int) -> tuple[tuple[str, ...], ...]:
        """The paths from z to a by their edges' names; none where they are many, long, or not z's alone."""
        if self._of(a, z) is None:
            return ()
        found: list[tuple[str, ...]] = []
        todo: list[tuple[int, tuple[str, ...]]] = [(a, ())]
        while todo:
            at, path = todo.pop()
            if at == z:
                found.append(path)
                continue
            if len(path) == _LONGEST_PATH or len(found) + len(todo) >= _MOST_PATHS + 1:
                return ()
            node = self.graph.nodes[at]
            edges = [(child, f"{node.id}.{arg}") for arg, child in enumerate(node.args)]
            todo += [(child, (edge, *path)) for child, edge in reversed(edges) if self.graph.active[child]]
        return tuple(found) if len(found) <= _MOST_PATHS else ()

    # The loss

    def _headed(self, inputs: Sequence[str], layers: Sequence[Layer]) -> Network:
        last = layers[-1]
        cut = {self.graph.positions[neuron.z]: neuron.z for neuron in last.neurons}
        head = cut_graph(self.graph, len(self.graph.nodes) - 1, cut)
        outside = set(inputs) | {
            parameter.name for layer in layers for neuron in layer.neurons for parameter in neuron.parameters
        }
        variables = [name for name in head.variables if name not in cut.values()]
        places = [(neuron.layer, neuron.at) for layer in layers for neuron in layer.neurons]
        biases = {self.convention.name(Part("b", *place)) for place in places}
        for name in variables:
            if name in outside or self.convention.weight(name) or name in biases:
                raise NoNetwork(f"{name} is used outside of its layer's sums")
        unused = [neuron.z for neuron in last.neurons if neuron.z not in head.variables]
        if unused:
            raise NoNetwork(f"the output does not depend on {unused[0]}")
        targets = tuple(sorted(variables, key=lambda name: (len(name), name)))
        leaves = {
            name: tuple(self.graph.nodes[at].id for at in self.leaves[name]) for name in (*inputs, *targets)
        }
        found = Network(self.graph, tuple(inputs), tuple(layers), targets, leaves, head, self.convention)
        if len(targets) == 1 and len(last.neurons) > 1:
            found = replace(found, labels=labelled(head, targets[0], len(last.neurons)))
        loss, factor = losses.loss(found)
        return replace(found, loss=loss, factor=factor)


def _is_softmax(part: Graph, at: int, sums: Sequence[str]) -> bool:
    """Whether neuron number ``at`` has its share of a softmax of all sums, whichever way it is written."""

    def share(z: Mapping[str, Decimal]) -> Decimal:
        return identity.softmax([z[name] for name in sums])[at - 1]

    def drawn(random: Random, scale: float) -> Mapping[str, Decimal]:
        return {name: identity.spread(random, scale) for name in sums}

    return identity.equal(part, share, identity.points(drawn))


def _all_the_same(functions: Sequence[Graph]) -> bool:
    """Whether functions are written in the same way, whatever order their nodes are in."""
    known: dict[object, int] = {}
    ends = set()
    for function in functions:
        numbers: list[int] = []
        for node in function.nodes:
            key = (node.op, node.value, tuple(numbers[arg] for arg in node.args))
            numbers.append(known.setdefault(key, len(known)))
        ends.add(numbers[-1])
    return len(ends) == 1


def _some(count: int, what: str) -> str:
    return f"{count} {what}{'' if count == 1 else 's'}"
