"""What a network's picture says: Network -> columns of circles, and the lines between them.

Columns stand side by side: inputs, layers, the loss, and behind it the targets. What is too large to be seen
at once is one block for a whole layer. Where all of it goes is the matter of
:mod:`graphviz_backprop.figure.network_places`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import islice, pairwise, product

from graphviz_backprop.figure.sketch import Line
from graphviz_backprop.language.cached import cached_property
from graphviz_backprop.network.layers import LINEAR, SOFTMAX, Layer, Network, Neuron, Parameter, Target
from graphviz_backprop.network.names import Lone

DRAWN: Mapping[str, int] = {
    "neurons in a layer": 8,
    "neurons in an opened layer": 16,
    "neurons": 48,
    "weights with labels": 24,
    "weights of an opened layer": 160,
}
"""How much is drawn. A layer with more neurons is a block until it is opened; more weights between two layers
show their numbers only when they are pointed at."""


TOLD = 3
"""Numbers that go along one line, the first of more."""


@dataclass(frozen=True)
class Mark:
    """A circle: a neuron, an input, a target, the loss; or, as a ``block``, a whole layer.

    ``name`` is what a program calls it, ``notes`` stand on a block. ``lines`` are all its numbers, ``few``
    those that come first; a surface of its values has its colours around the ``centre``. What is no node of
    the graph has an ``id`` with ``~``, which no program can have.
    """

    id: str
    kind: str
    name: str
    lines: tuple[Line, ...] = ()
    few: tuple[Line, ...] = ()
    notes: tuple[str, ...] = ()
    neuron: str = ""
    block: str = ""
    opens: bool = False
    output: bool = False
    does: str = ""
    centre: float = 0.0

    @property
    def title(self) -> str:
        """Its name and what it does, in a line."""
        return f"{self.name}: {self.does}" if self.does else self.name


@dataclass(frozen=True)
class Column:
    """What stands side by side with others: its ``title`` and ``note`` are above it."""

    title: str
    note: str
    marks: tuple[Mark, ...]
    layer: Layer | None = None

    @property
    def block(self) -> bool:
        """Whether it is one block for a layer."""
        return bool(self.marks[0].block)


@dataclass(frozen=True)
class Wire:
    """A line between two marks, given by their positions; maybe a ``weight``, by its name.

    ``lines`` are the texts of its label, where there are not too many of them. In the step of the player that
    is about ``into``, the numbers of the fields ``up`` go along it, and those of ``down`` come back.
    """

    child: int
    parent: int
    key: str
    weight: str = ""
    lines: tuple[Line, ...] = ()
    into: str = ""
    up: tuple[str, ...] = ()
    down: tuple[str, ...] = ()


@dataclass(frozen=True)
class NetworkSketch:
    """All that a network's picture says. ``about`` is what a screen reader says of it."""

    columns: tuple[Column, ...]
    wires: tuple[Wire, ...]
    about: str
    planar: bool = False

    @cached_property
    def marks(self) -> tuple[Mark, ...]:
        """The circles, column by column."""
        return tuple(mark for column in self.columns for mark in column.marks)


def blocks(network: Network, opened: Collection[int] = ()) -> tuple[int, ...]:
    """The numbers of the layers that are drawn as one block; 1 is the input. ``opened`` are those that a
    reader wants to see neuron by neuron, which is done within :data:`DRAWN`."""
    sizes = dict(enumerate(network.sizes, start=1))
    closed = {number for number, size in sizes.items() if not _fits(number, size, opened)}
    for number in sorted(sizes, key=lambda number: (number in opened, -sizes[number])):
        drawn = [other for other in sizes if other not in closed]
        if sum(sizes[other] for other in drawn) <= DRAWN["neurons"]:
            break
        closed.add(number)
    for number in sizes:
        both = number in sizes and number + 1 in sizes and not {number, number + 1} & closed
        if both and sizes[number] * sizes[number + 1] > DRAWN["weights of an opened layer"]:
            closed.add(number + 1 if number in opened else number)
    return tuple(sorted(closed))


def openable(network: Network, opened: Collection[int] = ()) -> tuple[int, ...]:
    """The blocks that open where a reader wants it; the others are too large to be drawn neuron by neuron."""
    closed = blocks(network, opened)
    return tuple(number for number in closed if number not in blocks(network, (*opened, number)))


def _fits(number: int, size: int, opened: Collection[int]) -> bool:
    most = "neurons in an opened layer" if number in opened else "neurons in a layer"
    return size <= DRAWN[most]


def network_sketch(network: Network, opened: Collection[int] = ()) -> NetworkSketch:
    """The picture of a network; a ``planar`` one has two inputs, so that a neuron is a surface over them."""
    columns = tuple(_columns(network, set(blocks(network, opened)), set(openable(network, opened))))
    sizes = "-".join(map(str, network.sizes))
    about = f"Neural network {sizes}; its output is {network.output}"
    return NetworkSketch(columns, tuple(_wires(network, columns)), about, len(network.inputs) == 2)


# Columns


def _columns(network: Network, closed: Collection[int], opening: Collection[int]) -> Iterator[Column]:
    if 1 in closed:
        yield Column("inputs", "", (_block(1, 1 in opening, f"{len(network.inputs)} inputs"),))
    else:
        yield Column("inputs", "", tuple(_leaf(network, name) for name in network.inputs))
    for layer in network.layers:
        title = "neuron" if isinstance(network.convention, Lone) else f"layer {layer.number}"
        if layer.number in closed:
            notes = f"{len(layer.neurons)} neurons", f"{layer.parameters:,} parameters"
            marks: tuple[Mark, ...] = (_block(layer.number, layer.number in opening, *notes),)
        else:
            marks = tuple(_neuron(network, layer, neuron) for neuron in layer.neurons)
        yield Column(title, layer.title, marks, layer)
    if _separate_loss(network):
        lines = (Line("value", "=", f"{network.output}.value"),)
        loss = Mark(network.output, "op", network.output, lines, lines, output=True, does=loss_title(network))
        yield Column("loss", loss_title(network), (loss,))
    if network.wanted:
        title = "targets" if network.loss else "of the loss"
        note = f"1 at the class {network.targets[0]}" if network.labels else ""
        yield Column(title, note, tuple(map(_target, network.wanted)))


_LOSSES = {
    "": "",
    "squared": "squared error",
    "binary_cross_entropy": "binary cross-entropy",
    "categorical_cross_entropy": "cross-entropy",
}


def loss_title(network: Network) -> str:
    """What the loss is, as far as it is known."""
    by = "" if network.factor == 1 else f"{_written(network.factor)} · "
    return f"{by}{_LOSSES[network.loss]}" if network.loss else ""


def _written(factor: Fraction) -> str:
    return str(factor) if factor.denominator < 100 else f"{float(factor):.4g}"


def _separate_loss(network: Network) -> bool:
    """Whether something is computed behind the last layer's activations."""
    return all(neuron.a != network.output for neuron in network.layers[-1].neurons)


def _leaf(network: Network, name: str) -> Mark:
    lines = (Line("value", "=", f"{network.leaves[name][0]}.value"), Line("gradient", "∂", f"{name}.total"))
    return Mark(network.leaves[name][0], "var", name, lines, lines, neuron=name)


def _target(target: Target) -> Mark:
    lines = (Line("value", "=", f"{target.node}.value"), Line("gradient", "∂", target.gradient))
    told = f"[{target.name}]" if "=" in target.name else target.name  # 1 where it is true
    return Mark(target.node, "var", target.name, lines, lines, neuron=told)


def _neuron(network: Network, layer: Layer, neuron: Neuron) -> Mark:
    a, delta = Line("value", "a", f"{neuron.a}.value"), Line("gradient", "∂/∂z", f"{neuron.z}.gradient")
    lines = [a]
    if layer.activation != LINEAR:
        lines.insert(0, Line("value", "z", f"{neuron.z}.value"))
    if neuron.bias:
        lines.append(Line("value", "b", f"{neuron.bias.leaf}.value"))
    last = layer is network.layers[-1]
    if layer.activation != LINEAR and not (last and network.from_sums):
        lines.append(Line("gradient", "∂/∂a", f"{neuron.a}.gradient"))
    return Mark(
        *(neuron.a, "op", neuron.name, (*lines, delta), (a, delta)),
        neuron=neuron.name,
        output=neuron.a == network.output,
        does="" if layer.activation == LINEAR else layer.title,
        centre=0.5 if layer.activation in _HALF else 0.0,
    )


_HALF = ("sigmoid", SOFTMAX)
"""Activations between 0 and 1."""


def _block(number: int, opens: bool, *notes: str) -> Mark:
    return Mark(f"~layer{number}", "op", f"layer {number}", notes=notes, block=str(number), opens=opens)


# Lines


def _wires(network: Network, columns: tuple[Column, ...]) -> Iterator[Wire]:
    starts = [0]
    for column in columns:
        starts.append(starts[-1] + len(column.marks))
    layers = [column for column in columns if column.layer]
    for at, (before, column) in enumerate(pairwise(columns[: 1 + len(layers)]), start=1):
        yield from _between(network, before, column, starts[at - 1], starts[at])
    if _separate_loss(network):  # it takes outputs and targets
        first, loss = starts[len(layers)], starts[len(layers) + 1]
        others = [*range(first, loss), *range(loss + 1, starts[-1])]
        placed = [(column, mark) for column in columns for mark in column.marks]
        for arg, other in enumerate(others):
            up, down = _sent(network, *placed[other])
            yield Wire(other, loss, f"~loss.{arg}", into=network.output, up=up, down=down)


_Fields = tuple[str, ...]


def _sent(network: Network, column: Column, mark: Mark) -> tuple[_Fields, _Fields]:
    """The fields of what a mark sends on, and of all that comes back: of a block, its first neurons'."""
    if mark.block == "1":
        up = _first(f"{network.leaves[name][0]}.value" for name in network.inputs)
        return up, _first(f"{name}.total" for name in network.inputs)
    if column.layer is None:
        value, gradient = mark.lines
        return (value.field,), (gradient.field,)
    neurons = [one for one in column.layer.neurons if mark.block or one.a == mark.id]
    summed = network.from_sums and column.layer is network.layers[-1]  # what the loss takes
    nodes = [one.z if summed else one.a for one in neurons]
    return _first(f"{node}.value" for node in nodes), _first(f"{node}.gradient" for node in nodes)


def _first(fields: Iterable[str]) -> _Fields:
    """As many as say that there are more than are told."""
    return tuple(islice(fields, TOLD + 1))


def _factor(weight: Parameter) -> str:
    """The edge of what a weight is multiplied by."""
    return f"{weight.user}.{1 - weight.arg}"


def _between(network: Network, before: Column, column: Column, sources: int, targets: int) -> Iterator[Wire]:
    assert column.layer is not None
    into = column.layer.neurons[0].a
    pairs = list(product(range(len(column.marks)), range(len(before.marks))))
    for arg, (j, k) in enumerate(pairs):
        if column.block or before.block:
            up, down = _sent(network, before, before.marks[k])
            if not column.block:
                down = _first(f"{_factor(weight)}.flow" for weight in column.layer.neurons[j].weights)
            key = f"~layer{column.layer.number}.{arg}"
            yield Wire(sources + k, targets + j, key, into=into, up=up, down=down)
            continue
        weight = column.layer.neurons[j].weights[k]
        value, total = (
            Line("value", weight.name, f"{weight.leaf}.value"),
            Line("gradient", "∂", f"{weight.name}.total"),
        )
        lines = (value, total) if len(pairs) <= DRAWN["weights with labels"] else ()
        up, down = (f"{_factor(weight)}.value",), (f"{_factor(weight)}.flow",)
        yield Wire(sources + k, targets + j, weight.edge, weight.name, lines, into, up, down)
