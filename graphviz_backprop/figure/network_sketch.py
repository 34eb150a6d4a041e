"""What a network's picture says and where it goes: Network -> Sketch and places, layers from left to right.

Neurons stand on a grid, so that no layout has to be searched for; only the labels of the weights look for
room on their edges. What is too large to be seen at once is one block for a whole layer.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import product

from graphviz_backprop.figure.places import Curve, Point
from graphviz_backprop.figure.sketch import (
    EDGE_LINE,
    LINE,
    SMALL,
    TEXT,
    TITLE,
    Box,
    Line,
    Sketch,
    Wire,
    room,
    width,
)
from graphviz_backprop.network.layers import LINEAR, Layer, Network, Neuron

DRAWN: Mapping[str, int] = {
    "neurons in a layer": 8,
    "neurons in an opened layer": 16,
    "neurons": 48,
    "weights with labels": 24,
    "weights of an opened layer": 160,
}
"""How much is drawn. A layer with more neurons is a block until it is opened; more weights between two layers
show their numbers only when they are pointed at."""

_GAP = 52  # between boxes of a column
_SIDE = 18  # between a column and the labels beside it
_BARE, _WIDEST_BARE = 150, 400  # between columns without labels
_MARGIN = 14
_APART = 4  # between labels
_MOST_LABELS = 5  # side by side


@dataclass(frozen=True)
class Grid:
    """Where the parts of a network's picture go."""

    size: Point
    boxes: Sequence[Point]
    labels: Mapping[int, Point]
    lines: Sequence[tuple[Point, Point]]
    upward: bool = False

    def box(self, position: int) -> Point:
        """The middle of a box."""
        return self.boxes[position]

    def texts(self, position: int) -> Point | None:
        """The middle of an edge's label, if it has one."""
        return self.labels.get(position)

    def curves(self, position: int) -> list[Curve]:
        """An edge, which is straight."""
        (x0, y0), (x1, y1) = self.lines[position]
        thirds = [(x0 + (x1 - x0) * part, y0 + (y1 - y0) * part) for part in (1 / 3, 2 / 3)]
        return [[(x0, y0), *thirds, (x1, y1)]]


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


def _fits(number: int, size: int, opened: Collection[int]) -> bool:
    most = "neurons in an opened layer" if number in opened else "neurons in a layer"
    return size <= DRAWN[most]


def network_sketch(network: Network, opened: Collection[int] = ()) -> tuple[Sketch, Grid]:
    """The picture of a network and the places of its parts.

    Neurons carry ``data-neuron``, weights ``data-weight``, blocks ``data-block``. What is no node or edge of
    the graph has a name with ``~``, which no program can have.
    """
    draft = _Draft(network)
    for column in _columns(network, set(blocks(network, opened))):
        draft.add(column)
    return draft.finished()


_LOSSES = {
    "": "loss",
    "squared": "squared error",
    "binary_cross_entropy": "binary cross-entropy",
    "categorical_cross_entropy": "categorical cross-entropy",
}

# Columns: what stands side by side


@dataclass(frozen=True)
class _Column:
    """The boxes of a layer, and behind it the targets; the last column holds the loss alone."""

    boxes: tuple[Box, ...]
    extra: tuple[Box, ...] = ()
    layer: Layer | None = None
    block: bool = False


def _columns(network: Network, closed: Collection[int]) -> list[_Column]:
    inputs = tuple(_leaf(network, name) for name in network.inputs)
    targets = tuple(_leaf(network, name) for name in network.targets)
    whole = Box("~layer1", "var", f"layer 1: {len(inputs)} inputs", "", (), 0, 0, True, False, block="1")
    found = [_Column((_sized(whole),), block=True) if 1 in closed else _Column(inputs)]
    for layer in network.layers:
        extra = targets if layer is network.layers[-1] else ()
        if layer.number in closed:
            found.append(_Column((_block(layer),), extra, layer, block=True))
        else:
            found.append(_Column(tuple(_neuron(network, one) for one in layer.neurons), extra, layer))
    if _separate_loss(network):
        lines = (Line("value", "value", f"{network.output}.value"),)
        name = _LOSSES[network.loss]
        loss = Box(network.output, "op", network.output, "", lines, 0, 0, True, True, notes=(name,))
        found.append(_Column((_sized(loss),)))
    return found


def _separate_loss(network: Network) -> bool:
    """Whether something is computed behind the last layer's activations."""
    return all(neuron.a != network.output for neuron in network.layers[-1].neurons)


def _leaf(network: Network, name: str) -> Box:
    leaf = network.leaves[name][0]
    lines = (Line("value", "value", f"{leaf}.value"), Line("gradient", "grad", f"{name}.total"))
    return _sized(Box(leaf, "var", name, "", lines, 0, 0, True, False, neuron=name))


def _neuron(network: Network, neuron: Neuron) -> Box:
    layer = network.layers[neuron.layer - 2]
    top = f"∂{network.output}" if len(network.output) < 4 else "∂"
    lines = []
    if layer.activation != LINEAR:
        lines.append(Line("value", "z", f"{neuron.z}.value"))
    lines.append(Line("value", "a", f"{neuron.a}.value"))
    if neuron.bias:
        lines.append(Line("value", "b", f"{neuron.bias.leaf}.value"))
    last = layer is network.layers[-1]
    if layer.activation != LINEAR and not (last and network.from_sums):
        lines.append(Line("gradient", f"{top}/∂a", f"{neuron.a}.gradient"))
    lines.append(Line("gradient", f"{top}/∂z", f"{neuron.z}.gradient"))
    title = neuron.name if layer.activation == LINEAR else f"{neuron.name}: {layer.title}"
    output = neuron.a == network.output
    return _sized(Box(neuron.a, "op", title, "", tuple(lines), 0, 0, True, output, neuron=neuron.name))


def _block(layer: Layer) -> Box:
    count = len(layer.neurons)
    notes = (f"{count} neurons, {layer.title}", f"{layer.parameters:,} parameters")
    number = str(layer.number)
    box = Box(
        f"~layer{number}", "op", f"layer {number}", "", (), 0, 0, True, False, block=number, notes=notes
    )
    return _sized(box)


def _sized(box: Box) -> Box:
    """The box with room for its widest number."""
    texts = max([width(box.title, TITLE), *(width(note, SMALL) for note in box.notes)])
    across = 24 + max(texts, room(box.lines, TEXT) if box.lines else 0)
    return replace(box, width=across, height=16 + LINE * (1 + len(box.lines) + len(box.notes)))


# Boxes and wires, as they get their places


@dataclass
class _Draft:
    """A picture in the making: each list goes by the positions of boxes or wires."""

    network: Network
    columns: list[_Column] = field(default_factory=list)
    boxes: list[Box] = field(default_factory=list)
    middles: list[Point] = field(default_factory=list)
    wires: list[Wire] = field(default_factory=list)
    labels: dict[int, Point] = field(default_factory=dict)
    first: list[int] = field(default_factory=list)
    right: float = 0.0

    def add(self, column: _Column) -> None:
        """A column to the right of what is there, as near as the labels of the weights allow."""
        self.columns.append(column)
        self.first.append(len(self.boxes))
        self.boxes.extend((*column.boxes, *column.extra))
        if len(self.columns) == 1:
            self._stand(self.right)
            return
        start = len(self.wires)
        self.wires.extend(self._between(len(self.columns) - 1))
        if not self._labelled(len(self.columns) - 1):
            self._stand(self.right + self._bare())
            return
        left = self.right
        for side_by_side in range(1, _MOST_LABELS + 1):
            self._stand(left + 2 * _SIDE + side_by_side * (_label_width(self.network) + _APART))
            if self._place_labels(start):
                return
        self.wires[start:] = [replace(wire, lines=(), width=0, height=0) for wire in self.wires[start:]]
        self._stand(left + self._bare())

    def _bare(self) -> float:
        """The room for wires without labels: wider between tall columns, where wires are steep."""
        tallest = max(sum(box.height + _GAP for box in column.boxes) for column in self.columns[-2:])
        return min(_WIDEST_BARE, max(_BARE, tallest / 5))

    def _stand(self, left: float) -> None:
        """Places the newest column: its neurons around the line y = 0, other boxes below them."""
        column, first = self.columns[-1], self.first[-1]
        del self.middles[first:]
        top = -(sum(box.height + _GAP for box in column.boxes) - _GAP) / 2
        across = max(box.width for box in self.boxes[first:])
        for box in self.boxes[first:]:
            self.middles.append((left + across / 2, top + box.height / 2))
            top += box.height + _GAP
        self.right = left + across

    def _labelled(self, at: int) -> bool:
        """Whether the weights into a column carry their numbers."""
        before, column = self.columns[at - 1], self.columns[at]
        if column.layer is None or column.block or before.block:
            return False
        return len(before.boxes) * len(column.boxes) <= DRAWN["weights with labels"]

    def _between(self, at: int) -> Iterator[Wire]:
        before, column = self.columns[at - 1], self.columns[at]
        sources = range(self.first[at - 1], self.first[at])
        if column.layer is None:  # the loss takes outputs and targets
            for arg, source in enumerate(sources):
                yield Wire(source, self.first[at], arg, f"~loss.{arg}", (), 0, 0, True)
            return
        sources = sources[: len(before.boxes)]
        targets = range(self.first[at], self.first[at] + len(column.boxes))
        for arg, (target, source) in enumerate(product(targets, sources)):
            if column.block or before.block:
                yield Wire(source, target, arg, f"~layer{column.layer.number}.{arg}", (), 0, 0, True)
            else:
                neuron = column.layer.neurons[target - targets[0]]
                yield self._weight(neuron, source - sources[0], source, target, self._labelled(at))

    def _weight(self, neuron: Neuron, k: int, source: int, target: int, labelled: bool) -> Wire:
        weight = neuron.weights[k]
        if not labelled:
            return Wire(source, target, k, weight.edge, (), 0, 0, True, weight.name)
        lines = (
            Line("value", weight.name, f"{weight.leaf}.value"),
            Line("gradient", "∂", f"{weight.name}.total"),
        )
        across = _label_width(self.network)
        return Wire(source, target, k, weight.edge, lines, across, 2 * EDGE_LINE, True, weight.name)

    def _line(self, wire: Wire) -> tuple[Point, Point]:
        """From the right side of one box to the left side of the other."""
        (x0, y0), (x1, y1) = self.middles[wire.child], self.middles[wire.parent]
        return (x0 + self.boxes[wire.child].width / 2, y0), (x1 - self.boxes[wire.parent].width / 2, y1)

    def _place_labels(self, start: int) -> bool:
        """Puts the label of each wire from ``start`` on its line where none is; False if there is no room."""
        taken: list[Point] = []
        for position in range(start, len(self.wires)):
            wire = self.wires[position]
            place = next(
                (spot for spot in self._spots(wire) if not any(_meet(spot, one, wire) for one in taken)), None
            )
            if place is None:
                for done in range(start, position):
                    del self.labels[done]
                return False
            taken.append(place)
            self.labels[position] = place
        return True

    def _spots(self, wire: Wire) -> Iterator[Point]:
        """Where a label can stand on its line: near the start first, where lines are apart."""
        (x0, y0), (x1, y1) = self._line(wire)
        low, high = x0 + _SIDE / 2 + wire.width / 2, x1 - _SIDE - wire.width / 2
        steps = 24
        for step in range(steps + 1):
            x = low + (high - low) * step / steps
            yield x, y0 + (y1 - y0) * (x - x0) / (x1 - x0)

    def finished(self) -> tuple[Sketch, Grid]:
        """The picture with its upper left corner at the margin."""
        tops = [y - box.height / 2 for box, (_, y) in zip(self.boxes, self.middles, strict=True)]
        ends = [y + box.height / 2 for box, (_, y) in zip(self.boxes, self.middles, strict=True)]
        dx, dy = _MARGIN, _MARGIN - min(tops)

        def moved(point: Point) -> Point:
            return point[0] + dx, point[1] + dy

        lines = [self._line(wire) for wire in self.wires]
        grid = Grid(
            (self.right + 2 * _MARGIN, max(ends) - min(tops) + 2 * _MARGIN),
            [moved(point) for point in self.middles],
            {position: moved(point) for position, point in self.labels.items()},
            [(moved(start), moved(end)) for start, end in lines],
        )
        return Sketch("right", True, tuple(self.boxes), tuple(self.wires), _about(self.network)), grid


def _label_width(network: Network) -> int:
    longest = max(network.parameters, key=len)
    return room((Line("value", longest, ""),), SMALL)


def _meet(one: Point, other: Point, wire: Wire) -> bool:
    return abs(one[0] - other[0]) < wire.width + _APART and abs(one[1] - other[1]) < wire.height + _APART


def _about(network: Network) -> str:
    sizes = "-".join(map(str, network.sizes))
    return f"Neural network {sizes}; its output is {network.output}"
