"""What a picture says and how large each part of it is: Graph -> Sketch.

Sizes are measured on the widest number there is, so that the layout depends on the program and never on
its numbers. One unit is one CSS pixel at natural size.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate

from graphviz_backprop.explain.backward import rule
from graphviz_backprop.figure.cells import Cells, cells_of
from graphviz_backprop.figure.names import is_set, set_width, width
from graphviz_backprop.figure.spots import Spots, spots_of
from graphviz_backprop.language.folding import Fold, Input, unfolded
from graphviz_backprop.language.graph import CONST, VAR, Edge, Graph
from graphviz_backprop.language.groups import Group, title_of
from graphviz_backprop.language.numerals import format_number, widest
from graphviz_backprop.language.printers import label, number_text
from graphviz_backprop.language.shapes import Shape
from graphviz_backprop.language.typeset import in_line

DIRECTIONS = ("up", "right")
"""Where the forward pass can go."""

TITLE = 15
TEXT = 13
SMALL = 12
"""Sizes of letters in pixels: titles, numbers in boxes, numbers on edges and all captions."""

LINE = 16
EDGE_LINE = 15
"""From one line to the next in pixels, in boxes and on edges."""

# No layout by Graphviz of more than this stays under a second.
_MOST_BOXES = 400
_MOST_SPAN = 25_000

COMPACT = 40
"""With more boxes than this, each is one line."""

CROWDED = 1_000
"""With more cells of tensors than this, too."""

# With more of them, edges keep their partials only, and then nothing.
_FULL_TEXTS = 60
_ANY_TEXTS = 150
_TANGLED = 2  # edges a box: with more of them there is no room for texts
_FEW_INPUTS = 8  # edges into one box that have room for texts beside one another

# Layout takes time with the number of ranks that edges cross, and texts on edges double the ranks.
_TEXTS_SPAN = 500
_CURVES_SPAN = 1_200

_NEURONS = 8  # of a layer that are listed in its box

_TITLE_ROOM = 235
_GROUP_ROOM = 235
_FORMULA_ROOM = 350  # of a part that is called by what it computes
_COMPACT_ROOM = 170
_RULE_ROOM = 200
_SHORT_NAMES = 6  # letters of two names that fit an edge


@dataclass(frozen=True)
class Line:
    """A live number: its role is its colour, the caption stands before it, the field names it.

    Without a field the caption says all.
    """

    role: str
    caption: str
    field: str


@dataclass(frozen=True)
class Box:
    """A node: its kind is ``"op"``, ``"var"`` or ``"const"``.

    The tooltip holds a title as it was typed, where it had to be cut or has names that are set. A constant
    that shows as it was typed needs no title: its only line says all. A closed ``group`` has its id, and
    ``notes`` on it; what is ``compact`` stands on one line; one of several variables or neurons ``holds``
    their ids, and has ``rows`` of two numbers. A tensor has its ``cells`` instead of lines, or ``spots``
    where it is compact, and a note of its shape.
    """

    id: str
    kind: str
    title: str
    tooltip: str
    lines: tuple[Line, ...]
    width: int
    height: int
    active: bool
    output: bool
    notes: tuple[str, ...] = ()
    group: str = ""
    compact: bool = False
    cells: Cells | None = None
    spots: Spots | None = None
    holds: tuple[str, ...] = ()
    rows: tuple[tuple[Line, Line], ...] = ()


@dataclass(frozen=True)
class Wire:
    """An edge between boxes, given by their positions.

    What there is no room for stands ``aside``: it is seen when one looks at the edge.
    """

    child: int
    parent: int
    arg: int
    key: str
    lines: tuple[Line, ...]
    width: int
    height: int
    active: bool
    aside: tuple[Line, ...] = ()


@dataclass(frozen=True)
class Frame:
    """What stands around the boxes of an opened group: its id and title, and their positions."""

    group: str
    title: str
    width: int
    boxes: frozenset[int]


@dataclass(frozen=True)
class Sketch:
    """All that layout and drawing need. The forward pass goes ``"up"`` or to the ``"right"``.

    ``about`` is what a screen reader says of it, where that is not a graph's nodes and output. Outer
    ``frames`` come before inner ones. What is ``plain`` is too large for Graphviz.
    """

    direction: str
    curved: bool
    boxes: tuple[Box, ...]
    wires: tuple[Wire, ...]
    about: str = ""
    frames: tuple[Frame, ...] = ()
    plain: bool = False


def sketch(shown: Graph | Fold, direction: str = "up") -> Sketch:
    """The picture of a graph, with as much on its edges as fits its size."""
    fold = shown if isinstance(shown, Fold) else unfolded(shown)
    count, span = len(fold.boxes), _span(fold)
    compact = count > COMPACT or _cells(fold) > CROWDED
    wired = len({(number, entry.box) for number, box in enumerate(fold.boxes) for entry in box.inputs})
    texts = () if wired > _TANGLED * count else _texts(max(count, wired), span)
    boxes = tuple(_box(fold, position, compact) for position in range(count))
    wires = tuple(_wires(fold, direction, texts))
    frames = tuple(_frame(fold.graph, group, members) for group, members in fold.frames)
    plain = count > _MOST_BOXES or span > _MOST_SPAN
    return Sketch(direction, span <= _CURVES_SPAN, boxes, wires, _about(fold), frames, plain)


def _cells(fold: Fold) -> int:
    """How many cells the grids of all tensors have."""
    graph = fold.graph
    shown = [box.at for box in fold.boxes if not box.bundle and not box.layer]
    grids = (cells_of(graph.nodes[at], graph.active[at]) for at in shown)
    return sum(len(one.grid.names) * len(one.roles) for one in grids if one)


def _about(fold: Fold) -> str:
    """What a screen reader says of a graph in boxes."""
    closed = len(fold.closed) + sum(bool(box.layer) for box in fold.boxes)
    if not closed and not fold.bare and not fold.focus:
        return ""
    nodes, boxes = len(fold.graph.nodes), len(fold.boxes)
    if fold.focus:
        seen = f"{boxes} box{'es' if boxes != 1 else ''}"
        of = f"of a computation graph with {nodes} nodes; its output is {fold.graph.output.id}"
        return f"{fold.focus.said}: {seen} {of}"
    groups = f", {closed} of them groups of nodes" if closed > 1 else ", one of them a group of nodes"
    parts = f"in {boxes} boxes{groups if closed else ''}"
    return f"Computation graph with {nodes} nodes {parts}; its output is {fold.graph.output.id}"


def straightened(drawn: Sketch) -> Sketch:
    """The same without texts on the edges and with straight ones: quick to lay out, whatever the graph."""
    bare = tuple(_without_texts(wire) for wire in drawn.wires)
    return replace(drawn, curved=False, wires=bare)


def _without_texts(wire: Wire) -> Wire:
    return replace(wire, lines=(), width=0, height=0, aside=wire.aside or wire.lines)


def _span(fold: Fold) -> int:
    """How many ranks the edges cross, all together."""
    ranks: list[int] = []
    for box in fold.boxes:
        ranks.append(1 + max((ranks[entry.box] for entry in box.inputs), default=-1))
    tops = list(ranks)  # a leaf moves up to the lowest of the nodes that use it
    for rank, entry in sorted(_ranked(fold, ranks), key=lambda pair: -pair[0]):
        if not fold.boxes[entry.box].inputs:
            tops[entry.box] = rank - 1
    return sum(rank - tops[entry.box] for rank, entry in _ranked(fold, ranks))


def _ranked(fold: Fold, ranks: Sequence[int]) -> Iterator[tuple[int, Input]]:
    """All that enters a box, with the box's rank."""
    for rank, box in zip(ranks, fold.boxes, strict=True):
        for entry in box.inputs:
            yield rank, entry


def _texts(count: int, span: int) -> tuple[str, ...]:
    """What edges say."""
    if count <= _FULL_TEXTS and span <= _TEXTS_SPAN:
        return ("value", "partial", "flow")
    return ("partial",) if count <= _ANY_TEXTS and span <= _TEXTS_SPAN else ()


def _bundle_box(fold: Fold, box: int) -> Box:
    """Variables that the same boxes use: ``q1 … q8``."""
    graph, shown = fold.graph, fold.boxes[box]
    names = [graph.nodes[at].name for at in shown.bundle]
    title, note = f"{names[0]} … {names[-1]}", f"{len(names)} variables"
    cut = shortened(title, _GROUP_ROOM, TITLE)
    return Box(
        id=graph.nodes[shown.at].id,
        kind=VAR,
        title=cut,
        tooltip=", ".join(names) if len(names) <= 12 else title,
        lines=(),
        width=44 + max(set_width(cut, TITLE), set_width(note, SMALL)),
        height=16 + 2 * LINE,
        active=True,
        output=False,
        notes=(note,),
        group=fold.bundle_id(box),
        holds=tuple(graph.nodes[at].id for at in shown.bundle),
    )


def _layer_box(fold: Fold, box: int) -> Box:
    """Neurons of a layer, each with value and gradient on a line; of equal layers, the last one's."""
    graph, shown = fold.graph, fold.boxes[box]
    layers = len(shown.layers)
    holds = [graph.nodes[at].id for at in shown.members]
    outputs = holds[-(len(holds) // layers) :]
    listed = outputs[:_NEURONS]
    names = [shortened(name, _COMPACT_ROOM, SMALL) for name in listed]
    rows = tuple(
        (Line("value", name, f"{id_}.value"), Line("gradient", "", f"{id_}.gradient"))
        for name, id_ in zip(names, listed, strict=True)
    )
    more = len(outputs) - len(listed)
    title = f"{shown.called}: {f'{layers} × ' if layers > 1 else ''}{len(outputs)} neurons"
    notes = [f"and {more} more"] if more else []
    notes += [f"in {shown.layers[-1]}"] if layers > 1 else []
    number = room([Line("value", "", "x")], TEXT)
    across = max(width(in_line(name), SMALL) for name in names) + 8 + 2 * (number + 8)
    return Box(
        id=graph.nodes[shown.at].id,
        kind="op",
        title=title,
        tooltip="",
        lines=(),
        width=24 + max(across, set_width(title, TITLE) + 20),
        height=16 + LINE * (2 + len(rows) + len(notes)),
        active=any(graph.active[at] for at in shown.members),
        output=False,
        notes=tuple(notes),
        group=fold.bundle_id(box),
        holds=tuple(holds),
        rows=rows,
    )


def _box(fold: Fold, box: int, compact: bool) -> Box:
    if fold.boxes[box].bundle:
        return _bundle_box(fold, box)
    if fold.boxes[box].layer:
        return _layer_box(fold, box)
    graph, position, group = fold.graph, fold.boxes[box].at, fold.boxes[box].group
    node = graph.nodes[position]
    badge = sizes(node.shape) if node.shape else ""
    if node.op == CONST and number_text(node) == format_number(node.value or 0.0):
        return _short_box(graph, position, compact)
    whole = title_of(graph, group) if group else label(graph, position, fold.bare)
    if badge:
        whole = whole.removesuffix(f"  [{'×'.join(map(str, node.shape))}]")
    lines = [Line("value", "" if compact else "value", f"{node.id}.value")]
    if graph.active[position]:
        lines.append(Line("gradient", "∂" if compact else "grad", f"{node.id}.gradient"))
    space = _room_of(group)
    many = len(fold.boxes) > COMPACT
    if many:
        space = _TITLE_ROOM if group else _COMPACT_ROOM
    cells = None if compact else cells_of(node, graph.active[position])
    if cells:  # a title may be as wide as they are
        space = max(space, cells.width - 12 - set_width(badge, SMALL) - (20 if group else 0))
    fits = group or not many or set_width(whole, TITLE) <= space
    title = _cut(group, whole if fits else node.id, space, TITLE)
    across = set_width(title, TITLE)
    spots = spots_of(node, graph.active[position]) if compact else None
    if badge:
        lines, across = [], across + 12 + set_width(badge, SMALL)
    if cells:
        size = 24 + max(cells.width, across + (20 if group else 0)), 16 + LINE + cells.height
    elif spots:
        size = (44 if group else 32) + across + spots.width, max(28, 12 + spots.height)
    elif compact:
        size = (36 if group else 24) + across + sum(8 + room([line], TEXT) for line in lines), 28
    else:
        size = 24 + max(room(lines, TEXT), across + (20 if group else 0)), 16 + LINE * (1 + len(lines))
    return Box(
        id=node.id,
        kind="op" if group or node.op not in (CONST, VAR) else node.op,
        title=title,
        tooltip=whole if title != whole or is_set(title) else "",
        lines=tuple(lines),
        width=size[0],
        height=size[1],
        active=graph.active[position],
        output=position == len(graph.nodes) - 1,
        group=group.id if group else "",
        compact=compact,
        cells=cells,
        spots=spots,
        notes=(badge,) if badge else (),
    )


def _room_of(group: Group | None) -> int:
    """How wide a title may be."""
    if group is None:
        return _TITLE_ROOM
    return _FORMULA_ROOM if group.kind == "part" else _GROUP_ROOM


def _frame(graph: Graph, group: Group, members: tuple[int, ...]) -> Frame:
    title = _cut(group, title_of(graph, group), _room_of(group), SMALL)
    return Frame(group.id, title, set_width(title, SMALL) + 44, frozenset(members))


def _short_box(graph: Graph, position: int, compact: bool) -> Box:
    """A constant on one line: ``a = 4``."""
    node = graph.nodes[position]
    name, number = shortened(node.id, _TITLE_ROOM, TITLE), format_number(node.value or 0.0)
    return Box(
        id=node.id,
        kind=CONST,
        title="",
        tooltip=node.id if name != node.id or is_set(name) else "",
        lines=(Line("value", f"{name} =", f"{node.id}.value"),),
        width=max(64, 24 + set_width(f"{name} = {number}", TITLE)),
        height=28 if compact else 36,
        active=False,
        output=position == len(graph.nodes) - 1,
    )


def _wires(fold: Fold, direction: str, roles: Sequence[str]) -> Iterator[Wire]:
    for parent, box in enumerate(fold.boxes):
        lines_from: set[int] = set()
        for entry in box.inputs:
            if fold.is_line(parent, entry.box):
                if entry.box not in lines_from:
                    active = any(fold.graph.active[at] for at in fold.boxes[entry.box].members)
                    key = fold.line_key(parent, entry.box)
                    yield Wire(entry.box, parent, entry.arg, key, (), 0, 0, active)
                lines_from.add(entry.box)
                continue
            every = tuple(_edge_lines(fold, parent, entry, direction, len(roles)))
            many = len(box.inputs) > _FEW_INPUTS
            lines = () if many else tuple(line for line in every if line.role in roles)
            space = room(lines, SMALL) if lines else 0
            key, active = fold.key(parent, entry.arg), fold.graph.active[entry.child]
            aside = every if len(lines) < len(every) else ()
            height = EDGE_LINE * len(lines)
            yield Wire(entry.box, parent, entry.arg, key, lines, space, height, active, aside=aside)


def _edge_lines(fold: Fold, box: int, entry: Input, direction: str, roles: int) -> Iterator[Line]:
    """What an edge carries forward, its partial, and what flows back; the arrows say which way."""
    graph, node = fold.graph, fold.graph.nodes[fold.boxes[box].at]
    parent, child = node.id, graph.nodes[entry.child].id
    forward, back = ("→", "←") if direction == "right" else ("↑", "↓")
    key = fold.key(box, entry.arg)
    grouped = fold.boxes[box].group and not graph.of_numbers
    if grouped or node.shape or graph.nodes[entry.child].shape:
        yield from _tensor_lines(fold, box, entry, forward, back)
        return
    yield Line("value", forward, f"{key}.value")
    if graph.active[entry.child]:
        # A flow is the gradient above times the partial, which the sign says in short where names are long.
        short = roles == 1 or len(parent) + len(child) > _SHORT_NAMES
        caption = "×" if short else f"∂{parent}/∂{child} ="
        if not fold.boxes[box].group and node.args.count(entry.child) > 1:  # neither is all of ∂b/∂a
            caption = f"by argument {entry.arg + 1}: ×"
        yield Line("partial", caption, f"{key}.partial")
        yield Line("flow", back, f"{key}.flow")


def _tensor_lines(fold: Fold, box: int, entry: Input, forward: str, back: str) -> Iterator[Line]:
    """Of an edge between tensors: the shape that goes up, and what is done with the gradient coming back."""
    graph, parent = fold.graph, fold.boxes[box]
    shape = graph.nodes[entry.child].shape
    whole = "through the group" if parent.group else rule(graph, Edge(entry.child, parent.at, entry.arg))
    said = shortened(whole, _RULE_ROOM, SMALL)
    if shape or parent.group:
        yield Line("value", f"{forward} {sizes(shape) if shape else 'a number'}", "")
    else:
        yield Line("value", forward, f"{fold.key(box, entry.arg)}.value")
    if graph.active[entry.child]:
        live = "" if shape or parent.group else f"{fold.key(box, entry.arg)}.flow"
        yield Line("flow", f"{back} {said}{': ' if live else ''}".rstrip(), live)


def sizes(shape: Shape) -> str:
    """A shape as a badge: ``2×3``, ``(3)``."""
    return f"({shape[0]})" if len(shape) == 1 else "×".join(map(str, shape))


def room(lines: Iterable[Line], size: int) -> int:
    """The width of the widest line with the widest number in it."""
    lines = tuple(lines)
    captions = max(width(f"{in_line(line.caption)} ", SMALL) if line.caption else 0 for line in lines)
    if not any(line.field for line in lines):
        return captions
    return captions + math.ceil(0.61 * len(widest()) * size)  # hardly any font has wider digits


# Letters


def _cut(group: Group | None, title: str, room: int, size: int) -> str:
    """A title that fits the room; of a call, arguments are left out whole, not in the middle of a name."""
    if group is None or group.kind != "call" or set_width(title, size) <= room:
        return shortened(title, room, size)
    name, _, rest = title.partition("(")
    inside = accumulate(rest, lambda depth, letter: depth + (letter == "(") - (letter == ")"), initial=0)
    ends = [
        at
        for at, (letter, depth) in enumerate(zip(rest, inside, strict=False))
        if letter == "," and not depth
    ]
    shorter = [f"{name}({rest[:end]}, …)" for end in reversed(ends)]
    fitting = (one for one in [*shorter, f"{name}(…)"] if set_width(one, size) <= room)
    return next(fitting, None) or shortened(title, room, size)


def shortened(text: str, room: int, size: int) -> str:
    """The text, cut to fit the room with its names set."""
    if set_width(text, size) <= room:
        return text
    # As typed, texts get wider letter by letter. Halving finds the longest that fits, however long it is.
    fitting = bisect_right(range(len(text)), room, key=lambda letters: width(text[:letters] + "…", size))
    return text[: max(0, fitting - 1)].rstrip() + "…"
