"""Which groups are open, and the graph that is left when the others are one box each."""

from __future__ import annotations

import heapq
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from graphviz_backprop.language.cached import cached_property
from graphviz_backprop.language.focus import Focus
from graphviz_backprop.language.graph import VAR, Graph
from graphviz_backprop.language.groups import FEW, STACK, WHOLE, Group, is_staircase

ALL = "all"
"""In place of ids: every group."""

MOST = 400
"""Boxes that a picture has at most, where groups can be closed to that end."""


class Input(NamedTuple):
    """What enters a box: the box that it comes from, the node whose value it is, and its number.

    That is the number of the argument for a node; for a group, that among all that goes in.
    """

    box: int
    child: int
    arg: int


class Shown(NamedTuple):
    """A box: the node at this position, or the closed group of which it is the output.

    Or it is a *bundle*: variables that the same boxes use, of which this is the first. It has no number of
    its own; what it gives enters a box variable by variable. Or it is a *layer*: closed neurons side by side,
    into which each box has one line; or several equal layers, one behind the other.
    """

    at: int
    group: Group | None
    inputs: tuple[Input, ...]
    bundle: tuple[int, ...] = ()
    layer: tuple[Group, ...] = ()

    @property
    def members(self) -> tuple[int, ...]:
        """The nodes that it stands for, each with its own numbers."""
        return self.bundle or tuple(group.output for group in self.layer) or (self.at,)

    @property
    def layers(self) -> tuple[str, ...]:
        """The titles of the layers that it stands for, the first one first."""
        return tuple(dict.fromkeys(group.layer for group in self.layer))

    @property
    def called(self) -> str:
        """What it is called where it stands for a layer, or for several."""
        titles = self.layers
        return titles[0] if len(titles) == 1 else f"{titles[0]} to {titles[-1]}"


class Line(NamedTuple):
    """A line for several edges: the boxes at its ends, and the edges by key and where they come from."""

    child: Shown
    parent: Shown
    edges: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class Fold:
    """A graph as it is shown: boxes in topological order, and around which of them groups were opened.

    Where constants are ``bare`` they have no box: they stand in the label of the node that uses them. With a
    ``focus`` only the boxes of a part of the graph are shown. ``around`` is what it was made of, where boxes
    are missing or several closed neurons are one.
    """

    graph: Graph
    groups: tuple[Group, ...]
    boxes: tuple[Shown, ...]
    frames: tuple[tuple[Group, tuple[int, ...]], ...] = ()
    bare: bool = False
    focus: Focus | None = None
    around: Fold | None = None

    @property
    def whole(self) -> Fold:
        """The same without a focus and layer by layer: edges have their numbers, sums all their terms."""
        return self.around or self

    @cached_property
    def in_sight(self) -> frozenset[str]:
        """The ids of the nodes that have a box, and the names of variables that do."""
        every = [self.graph.nodes[at] for box in self.boxes for at in box.members]
        return frozenset(node.id for node in every) | {node.name for node in every if node.op == VAR}

    @cached_property
    def closed(self) -> tuple[Group, ...]:
        """The groups that are boxes."""
        return tuple(box.group for box in self.boxes if box.group)

    def entrance(self, key: str) -> tuple[Group, int] | None:
        """The closed group that a key such as ``c~0.1`` names, and the node whose value goes in there."""
        name, _, arg = key.rpartition(".")
        group = next((group for group in self.closed if group.id == name), None)
        inside = list(entries(self.graph, group)) if group and re.fullmatch("[0-9]{1,6}", arg) else []
        return (group, inside[int(arg)]) if group and int(arg or -1) in range(len(inside)) else None

    def line(self, key: str) -> Line | None:
        """What the line of a key stands for where it is one for several edges."""
        start, _, end = key.rpartition(".")
        ends = {self.end_name(number): number for number in range(len(self.boxes))}
        if end not in ends:
            return None
        parent = self.boxes[ends[end]]
        for entry in parent.inputs:
            if self.start_name(entry.box) == start and self.is_line(ends[end], entry.box):
                child = self.boxes[entry.box]
                return Line(child, parent, tuple(self._edges(ends[end], child.members)))
        return None

    def _edges(self, number: int, children: Collection[int]) -> Iterator[tuple[str, int]]:
        box = self.boxes[number]
        for group in box.layer:
            for arg, child in enumerate(entries(self.graph, group)):
                if child in children:
                    yield f"{group.id}.{arg}", child
        if not box.layer:
            yield from (
                (self.key(number, entry.arg), entry.child) for entry in box.inputs if entry.child in children
            )

    def is_line(self, parent: int, child: int) -> bool:
        """Whether what leads from one box to another is one line without numbers."""
        one, other = self.boxes[parent], self.boxes[child]
        return bool(one.layer or other.layer or other.bundle)

    def line_key(self, parent: int, child: int) -> str:
        """The name of that line: ``x1~all.c``, ``a2_1~layer.a3_1~layer``."""
        return f"{self.start_name(child)}.{self.end_name(parent)}"

    def start_name(self, box: int) -> str:
        shown = self.boxes[box]
        return self.bundle_id(box) if shown.bundle or shown.layer else self.graph.nodes[shown.at].id

    def end_name(self, box: int) -> str:
        return self.bundle_id(box) if self.boxes[box].layer else self.graph.nodes[self.boxes[box].at].id

    def bundle_id(self, box: int) -> str:
        """The id by which a bundle or a layer is opened."""
        shown = self.boxes[box]
        if len(shown.layers) > 1:
            return stack_id(self.graph, shown.at)
        return (layer_id if shown.layer else bundle_id)(self.graph, shown.at)

    def key(self, box: int, arg: int) -> str:
        """The name of what enters a box: ``c.1`` for a node's argument, ``c~0.1`` for a group's."""
        shown = self.boxes[box]
        name = shown.group.id if shown.group else self.graph.nodes[shown.at].id
        return f"{name}.{arg}"


def entries(graph: Graph, group: Group) -> dict[int, list[tuple[int, int]]]:
    """What goes into a group, in the order of its nodes: by the outer node, the edges that it takes.

    An edge is the position of the inner node, and the number of its argument.
    """
    inside = frozenset(group.nodes)
    found: dict[int, list[tuple[int, int]]] = {}
    for at in group.nodes:
        for arg, child in enumerate(graph.nodes[at].args):
            if child not in inside:
                found.setdefault(child, []).append((at, arg))
    return found


def bundle_id(graph: Graph, at: int) -> str:
    """The id of the bundle whose first variable stands there."""
    return f"{graph.nodes[at].id}~all"


def layer_id(graph: Graph, at: int) -> str:
    """The id of the layer whose first neuron has its output there."""
    return f"{graph.nodes[at].id}~layer"


def stack_id(graph: Graph, at: int) -> str:
    """The id of equal layers, of which the first one's first neuron has its output there."""
    return f"{graph.nodes[at].id}{_LAYERS}"


_LAYERS = "~layers"


def unfolded(graph: Graph) -> Fold:
    """The graph with a box for each node."""
    return folded(graph, (), (), ())


def folded(
    graph: Graph,
    groups: Sequence[Group],
    closed: Collection[str],
    framed: Collection[str] = (),
    bare: bool = False,
) -> Fold:
    """The graph with these groups closed, and frames around those ``framed``; ids of groups."""
    home = list(range(len(graph.nodes)))  # the output of the box that a node is in
    outer: dict[int, Group] = {}
    covered = [False] * len(graph.nodes)
    for group in groups:  # outer ones first
        if group.id in closed and not covered[group.output]:
            outer[group.output] = group
            for at in group.nodes:
                home[at], covered[at] = group.output, True
    hidden = graph.bare if bare else frozenset()
    shown = [at for at in range(len(graph.nodes)) if home[at] == at and at not in hidden]
    places = {at: box for box, at in enumerate(shown)}
    boxes = tuple(Shown(at, outer.get(at), tuple(_inputs(graph, at, outer, home, places))) for at in shown)
    frames = []
    for group in groups:
        members = tuple(places[at] for at in group.nodes if at in places) if group.id in framed else ()
        if len(members) > 1:
            frames.append((group, members))
    return Fold(graph, tuple(groups), boxes, tuple(frames), bare)


def _inputs(
    graph: Graph, at: int, outer: Mapping[int, Group], home: Sequence[int], places: Mapping[int, int]
) -> Iterator[Input]:
    children = entries(graph, outer[at]) if at in outer else graph.nodes[at].args
    for arg, child in enumerate(children):
        if home[child] in places:
            yield Input(places[home[child]], child, arg)


# Which ones are open


def fold(
    graph: Graph,
    groups: Sequence[Group],
    opened: Collection[str] = (),
    shut: Collection[str] = (),
    bare: bool = False,
    focus: Focus | None = None,
) -> Fold:
    """The graph as it is shown (:func:`closed_groups`), with frames around what was opened by name."""
    kept = focus.kept if focus else None
    stacks = _stacks(graph, groups) if any(id_.endswith(_LAYERS) for id_ in (*opened, *shut)) else {}
    closed_stacks = [stack for id_, stack in stacks.items() if id_ in shut]
    opened = [id_ for id_ in opened if not _is_inside(graph, id_, closed_stacks)]
    closed = closed_groups(graph, groups, opened, shut, kept)
    framed = _Tree(graph, groups).named(opened) - closed if groups else frozenset()
    found = folded(graph, groups, closed, framed, bare)
    if focus:
        found = focused(found, focus)
    count = len(kept) if kept else len(graph.nodes)
    whole = ALL in opened or (count <= WHOLE and ALL not in shut)
    many = len(found.boxes) > FEW
    if not whole and many:
        found = bundled(found, opened)
    if whole or not (many or ALL in shut):
        return found
    return stacked(layered(found, opened), opened, stacks)


def _stacks(graph: Graph, groups: Sequence[Group]) -> dict[str, Group]:
    """The equal layers one behind the other of a graph in which nothing is opened."""
    found = folded(graph, groups, closed_groups(graph, groups))
    return {stack.id: stack for _, stack in _runs(layered(bundled(found)))}


def _is_inside(graph: Graph, id_: str, stacks: Sequence[Group]) -> bool:
    """Whether what is opened by an id is one of these layers, or in one."""
    at = graph.positions.get(id_.partition("~")[0])
    return any(at in stack.nodes and not id_.endswith(_LAYERS) for stack in stacks)


def layered(fold: Fold, opened: Collection[str] = ()) -> Fold:
    """The same with the closed neurons of each layer in one box, unless that is ``opened``.

    It is opened into all of its neurons: where one of them is open the others are shown, too.
    """
    layers: dict[str, list[Group]] = {}
    for group in fold.groups:
        if group.layer:
            layers.setdefault(group.layer, []).append(group)
    places = {box.group.id: number for number, box in enumerate(fold.boxes) if box.group}
    home = list(range(len(fold.boxes)))
    merged: dict[int, tuple[Group, ...]] = {}
    frames = []
    for title, neurons in layers.items():
        id_ = layer_id(fold.graph, neurons[0].output)
        nodes = tuple(sorted(at for neuron in neurons for at in neuron.nodes))
        if id_ in opened:
            members = tuple(number for number, box in enumerate(fold.boxes) if box.at in nodes)
            frames.append((Group(id_, "layer", title, neurons[0].output, nodes, ""), members))
        elif all(neuron.id in places for neuron in neurons):
            numbers = [places[neuron.id] for neuron in neurons]
            merged[numbers[0]] = tuple(neurons)
            for number in numbers:
                home[number] = numbers[0]
    framed = replace(fold, frames=(*frames, *fold.frames))
    return _merged(framed, home, merged) if merged else framed


def stacked(fold: Fold, opened: Collection[str], stacks: Mapping[str, Group]) -> Fold:
    """The same with equal layers one behind the other in one box, unless that is ``opened``.

    Around one of the ``stacks`` that is opened is a frame, whichever of its layers are opened as well.
    """
    home = list(range(len(fold.boxes)))
    merged: dict[int, tuple[Group, ...]] = {}
    frames = []
    for stack in (stack for id_, stack in stacks.items() if id_ in opened):
        inside = frozenset(stack.nodes)
        frames.append((stack, tuple(number for number, box in enumerate(fold.boxes) if box.at in inside)))
    apart = {number for _, members in frames for number in members}
    for run, stack in _runs(fold):
        if run[0] in apart:
            continue
        if stack.id in opened:
            frames.append((stack, tuple(run)))
            continue
        merged[run[0]] = tuple(group for number in run for group in fold.boxes[number].layer)
        for number in run:
            home[number] = run[0]
    framed = replace(fold, frames=(*frames, *fold.frames))
    if not merged:
        return framed
    boxes = tuple(  # without what leads from one of the layers to the next
        box._replace(inputs=tuple(entry for entry in box.inputs if home[entry.box] != home[number]))
        for number, box in enumerate(fold.boxes)
    )
    return _merged(replace(framed, boxes=boxes), home, merged)


def _runs(fold: Fold) -> Iterator[tuple[list[int], Group]]:
    """Equal layers one behind the other: their boxes, and what they are together."""
    for run in _equal_layers(fold):
        groups = tuple(group for number in run for group in fold.boxes[number].layer)
        first = fold.boxes[run[0]]
        nodes = tuple(sorted(at for group in groups for at in group.nodes))
        title = first._replace(layer=groups).called
        yield run, Group(stack_id(fold.graph, first.at), "layer", title, groups[0].output, nodes, "")


def _equal_layers(fold: Fold) -> Iterator[list[int]]:
    """Layers each of which takes what the one before it gives, and nothing else, and is like it."""
    users: dict[int, set[int]] = {}
    for number, box in enumerate(fold.boxes):
        for entry in box.inputs:
            users.setdefault(entry.box, set()).add(number)
    before: dict[int, int] = {}
    for number, box in enumerate(fold.boxes):
        sources = {entry.box for entry in box.inputs}
        for source in sources if box.layer and len(sources) == 1 else ():
            if users[source] == {number} and _alike(fold, source, number):
                before[number] = source
    after = {source: number for number, source in before.items()}
    for start in after.keys() - before.keys():
        run = [start]
        while run[-1] in after:
            run.append(after[run[-1]])
        if len(run) >= STACK:
            yield run


def _alike(fold: Fold, one: int, other: int) -> bool:
    """Whether two layers have the same neurons: as many, of the same operations."""
    ops = [
        [[fold.graph.nodes[at].op for at in group.nodes] for group in fold.boxes[box].layer]
        for box in (one, other)
    ]
    return ops[0] == ops[1]


def _merged(fold: Fold, home: Sequence[int], layers: Mapping[int, tuple[Group, ...]]) -> Fold:
    """The fold with boxes in one that have the same home; itself where that would be no graph any more."""
    args: dict[int, list[int]] = {}
    for number, box in enumerate(fold.boxes):
        found = args.setdefault(home[number], [])
        found += [home[entry.box] for entry in box.inputs if home[entry.box] not in found]
    order: list[int] = []
    todo = [number for number in args if not args[number]]
    waiting = {number: len(found) for number, found in args.items()}
    users: dict[int, list[int]] = {}
    for number, found in args.items():
        for arg in found:
            users.setdefault(arg, []).append(number)
    heapq.heapify(todo)
    while todo:
        order.append(heapq.heappop(todo))
        for user in users.get(order[-1], ()):
            waiting[user] -= 1
            if not waiting[user]:
                heapq.heappush(todo, user)
    if len(order) < len(args):
        return fold
    place = {number: at for at, number in enumerate(order)}
    boxes = []
    for number in order:
        box = fold.boxes[number]
        if number in layers:
            inputs = tuple(Input(place[arg], fold.boxes[arg].at, at) for at, arg in enumerate(args[number]))
            boxes.append(Shown(box.at, None, inputs, layer=layers[number]))
        else:
            inputs = tuple(entry._replace(box=place[home[entry.box]]) for entry in box.inputs)
            boxes.append(box._replace(inputs=inputs))
    frames = tuple(
        (group, tuple(sorted({place[home[member]] for member in members}))) for group, members in fold.frames
    )
    return replace(fold, boxes=tuple(boxes), frames=frames, around=fold.whole)


def focused(fold: Fold, focus: Focus) -> Fold:
    """The same with the boxes alone that have a node in focus, and the edges between these."""
    left = [
        number
        for number, box in enumerate(fold.boxes)
        if not focus.kept.isdisjoint(box.group.nodes if box.group else (box.at,))
    ]
    place = {number: at for at, number in enumerate(left)}
    boxes = tuple(
        fold.boxes[number]._replace(
            inputs=tuple(
                entry._replace(box=place[entry.box])
                for entry in fold.boxes[number].inputs
                if entry.box in place
            )
        )
        for number in left
    )
    frames = tuple(
        (group, inside)
        for group, members in fold.frames
        if len(inside := tuple(place[member] for member in members if member in place)) > 1
    )
    return replace(fold, boxes=boxes, frames=frames, focus=focus, around=fold)


_BUNDLE = 4  # variables that are one box, at least


def bundled(fold: Fold, opened: Collection[str] = ()) -> Fold:
    """The same with variables that the same boxes use in one box, unless that is ``opened``."""
    users: dict[int, list[int]] = {}
    for number, box in enumerate(fold.boxes):
        for entry in box.inputs:
            users.setdefault(entry.box, []).append(number)
    alike: dict[tuple[int, ...], list[int]] = {}
    for number, box in enumerate(fold.boxes):
        if fold.graph.nodes[box.at].op == VAR:
            alike.setdefault(tuple(users.get(number, ())), []).append(number)
    first: dict[int, int] = {}
    for together in alike.values():
        if len(together) >= _BUNDLE and bundle_id(fold.graph, fold.boxes[together[0]].at) not in opened:
            first |= dict.fromkeys(together, together[0])
    left = [number for number in range(len(fold.boxes)) if first.get(number, number) == number]
    moved = {number: place for place, number in enumerate(left)}
    home = [moved[first.get(number, number)] for number in range(len(fold.boxes))]
    boxes = []
    for number in left:
        box = fold.boxes[number]
        inputs = tuple(entry._replace(box=home[entry.box]) for entry in box.inputs)
        bundle = tuple(fold.boxes[one].at for one in sorted(first) if first[one] == number)
        boxes.append(box._replace(inputs=inputs, bundle=bundle))
    frames = tuple(
        (group, tuple(sorted({home[member] for member in members}))) for group, members in fold.frames
    )
    return replace(fold, boxes=tuple(boxes), frames=frames)


def closed_groups(
    graph: Graph,
    groups: Sequence[Group],
    opened: Collection[str] = (),
    shut: Collection[str] = (),
    kept: Collection[int] | None = None,
) -> frozenset[str]:
    """The ids of the groups that are closed.

    A graph of more than :data:`WHOLE` nodes opens with few boxes, another one as it is but for long sums and
    products whose inner nodes nobody named. ``opened`` and
    ``shut`` say otherwise: ids of groups, or of nodes for all groups whose output they are, or "all". What
    is opened is seen: groups around it are open as well unless they are ``shut``. More than :data:`MOST`
    boxes there are only where there are no groups to close. Where a part of the nodes is ``kept``, it is what
    counts, and groups without any of it are closed.
    """
    if not groups:
        return frozenset()
    tree = _Tree(graph, groups, kept)
    asked, refused = tree.named(opened), tree.named(shut)
    wanted = tree.wanted(opened, shut)
    if ALL in shut:
        base: set[str] = set()
    elif ALL in opened:
        base = set(tree.by_id)
    else:
        short = {id_ for id_, group in tree.by_id.items() if not is_staircase(group)}
        # Of the neurons of a layer not only some are opened.
        alone = {id_ for id_ in short if not tree.by_id[id_].layer}
        base = short if tree.count <= WHOLE else tree.opened(alone, FEW)
    open_ = tree.opened((base | wanted) - (refused - asked), MOST, first=wanted)
    return frozenset(tree.by_id) - open_


class _Tree:
    def __init__(self, graph: Graph, groups: Sequence[Group], kept: Collection[int] | None = None) -> None:
        self.by_id = {group.id: group for group in groups}
        self._by_output: dict[str, list[str]] = {}
        self._inner: dict[str, list[Group]] = {}
        for group in groups:
            self._by_output.setdefault(graph.nodes[group.output].id, []).append(group.id)
            self._inner.setdefault(group.parent, []).append(group)
        self.count = len(graph.nodes) if kept is None else len(kept)
        self._sizes = {
            group.id: len(group.nodes) if kept is None else sum(at in kept for at in group.nodes)
            for group in groups
        }

    def named(self, names: Collection[str]) -> set[str]:
        """Ids of groups, by their own or their output's: where that is an operation opened, its own."""
        found: set[str] = set()
        for name in names:
            every = [name] if name in self.by_id else self._by_output.get(name, ())
            composite = [id_ for id_ in every if self.by_id[id_].kind == "composite"]
            found.update(composite or every)
        return found

    def wanted(self, opened: Collection[str], shut: Collection[str]) -> frozenset[str]:
        """The groups that are opened by name, and those around them."""
        asked, refused = self.named(opened), self.named(shut)
        around = {outer for id_ in asked for outer in self.around(id_)}
        return frozenset(asked | (around - refused))

    def around(self, id_: str) -> Iterator[str]:
        while id_ := self.by_id[id_].parent:
            yield id_

    def _parts(self, id_: str) -> int:
        """How many boxes a group is when it is open."""
        nodes = self._sizes[id_] if id_ else self.count
        inner = (self._sizes[group.id] for group in self._inner.get(id_, ()))
        return nodes - sum(size - 1 for size in inner if size)

    def opened(self, wanted: Collection[str], most: int, first: Collection[str] = ()) -> set[str]:
        """Those that are opened, from outside and the largest first, as long as there are few boxes."""
        count = self._parts("")
        found: set[str] = set()
        todo = [(group.id not in first, -len(group.nodes), group.id) for group in self._inner.get("", ())]
        heapq.heapify(todo)
        while todo:
            _, _, id_ = heapq.heappop(todo)
            grown = count + self._parts(id_) - 1
            if id_ not in wanted or grown > most or not self._sizes[id_]:
                continue
            count = grown
            found.add(id_)
            for group in self._inner.get(id_, ()):
                heapq.heappush(todo, (group.id not in first, -len(group.nodes), group.id))
        return found
