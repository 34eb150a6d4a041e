"""What a picture says and how large each part of it is: Graph -> Sketch.

Sizes are measured on the widest number there is, so that the layout depends on the program and never on
its numbers. One unit is one CSS pixel at natural size.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from unicodedata import east_asian_width

from graphviz_backprop.language.graph import CONST, VAR, Edge, Graph
from graphviz_backprop.language.numerals import WIDEST, format_number
from graphviz_backprop.language.printers import label, number_text

DIRECTIONS = ("up", "right")
"""Where the forward pass can go."""

TITLE = 15
TEXT = 13
SMALL = 12
"""Sizes of letters in pixels: titles, numbers in boxes, numbers on edges and all captions."""

LINE = 16
EDGE_LINE = 15
"""From one line to the next in pixels, in boxes and on edges."""

# Nobody reads more than this as a picture, and no layout of more than this stays under a second.
_MOST_NODES = 400
_MOST_SPAN = 25_000

# With more of them, edges keep their partials only, and then nothing.
_FULL_TEXTS = 60
_ANY_TEXTS = 150

# Layout takes time with the number of ranks that edges cross, and texts on edges double the ranks.
_TEXTS_SPAN = 500
_CURVES_SPAN = 1_200

_TITLE_ROOM = 170
_SHORT_NAMES = 6  # letters of two names that fit an edge


class TooLarge(Exception):
    """The graph is too large to be a picture."""


@dataclass(frozen=True)
class Line:
    """A live number: its role is its colour, the caption stands before it, the field names it."""

    role: str
    caption: str
    field: str


@dataclass(frozen=True)
class Box:
    """A node: its kind is ``"op"``, ``"var"`` or ``"const"``.

    The tooltip holds a title that had to be cut. A constant that shows as it was typed needs no title: its
    only line says all. In a network, a box has the name of its ``neuron``, or as a ``block`` the number of
    its layer and ``notes`` on it.
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
    neuron: str = ""
    block: str = ""
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Wire:
    """An edge between boxes, given by their positions; in a network maybe a ``weight``, by its name."""

    child: int
    parent: int
    arg: int
    key: str
    lines: tuple[Line, ...]
    width: int
    height: int
    active: bool
    weight: str = ""


@dataclass(frozen=True)
class Sketch:
    """All that layout and drawing need. The forward pass goes ``"up"`` or to the ``"right"``.

    ``about`` is what a screen reader says of it, where that is not a graph's nodes and output.
    """

    direction: str
    curved: bool
    boxes: tuple[Box, ...]
    wires: tuple[Wire, ...]
    about: str = ""


def sketch(graph: Graph, direction: str = "up") -> Sketch:
    """The picture of a graph, with as much on its edges as fits its size. Raises :class:`TooLarge`."""
    count, span = len(graph.nodes), _span(graph)
    if count > _MOST_NODES:
        raise TooLarge(f"It has {count:,} nodes; a picture is drawn up to {_MOST_NODES:,}.")
    if span > _MOST_SPAN:
        raise TooLarge(f"It has {count:,} nodes, and too many edges run across it for a picture.")
    texts = _texts(count, span)
    boxes = tuple(_box(graph, position) for position in range(count))
    wires = tuple(_wires(graph, direction, texts))
    return Sketch(direction, span <= _CURVES_SPAN, boxes, wires)


def straightened(drawn: Sketch) -> Sketch:
    """The same without texts on the edges and with straight ones: quick to lay out, whatever the graph."""
    bare = tuple(replace(wire, lines=(), width=0, height=0) for wire in drawn.wires)
    return replace(drawn, curved=False, wires=bare)


def _span(graph: Graph) -> int:
    """How many ranks the edges cross, all together."""
    ranks: list[int] = []
    for node in graph.nodes:
        ranks.append(1 + max((ranks[arg] for arg in node.args), default=-1))
    tops = list(ranks)  # a leaf moves up to the lowest of the nodes that use it
    for edge in sorted(graph.edges(), key=lambda edge: -ranks[edge.parent]):
        if not graph.nodes[edge.child].args:
            tops[edge.child] = ranks[edge.parent] - 1
    return sum(ranks[edge.parent] - tops[edge.child] for edge in graph.edges())


def _texts(count: int, span: int) -> tuple[str, ...]:
    """What edges say."""
    if count <= _FULL_TEXTS and span <= _TEXTS_SPAN:
        return ("value", "partial", "flow")
    return ("partial",) if count <= _ANY_TEXTS and span <= _TEXTS_SPAN else ()


def _box(graph: Graph, position: int) -> Box:
    node = graph.nodes[position]
    if node.op == CONST and number_text(node) == format_number(node.value or 0.0):
        return _short_box(graph, position)
    lines = [Line("value", "value", f"{node.id}.value")]
    if graph.active[position]:
        lines.append(Line("gradient", "grad", f"{node.id}.gradient"))
    whole = label(graph, position)
    title = shortened(whole, _TITLE_ROOM, TITLE)
    return Box(
        id=node.id,
        kind=node.op if node.op in (CONST, VAR) else "op",
        title=title,
        tooltip=whole if title != whole else "",
        lines=tuple(lines),
        width=24 + max(room(lines, TEXT), width(title, TITLE)),
        height=16 + LINE * (1 + len(lines)),
        active=graph.active[position],
        output=position == len(graph.nodes) - 1,
    )


def _short_box(graph: Graph, position: int) -> Box:
    """A constant on one line: ``a = 4``."""
    node = graph.nodes[position]
    name, number = shortened(node.id, _TITLE_ROOM, TITLE), format_number(node.value or 0.0)
    return Box(
        id=node.id,
        kind=CONST,
        title="",
        tooltip=node.id if name != node.id else "",
        lines=(Line("value", f"{name} =", f"{node.id}.value"),),
        width=max(64, 24 + width(f"{name} = {number}", TITLE)),
        height=36,
        active=False,
        output=position == len(graph.nodes) - 1,
    )


def _wires(graph: Graph, direction: str, roles: Sequence[str]) -> Iterator[Wire]:
    for edge in graph.edges():
        lines = tuple(line for line in _edge_lines(graph, edge, direction, len(roles)) if line.role in roles)
        space = room(lines, SMALL) if lines else 0
        key, active = f"{graph.nodes[edge.parent].id}.{edge.arg}", graph.active[edge.child]
        yield Wire(edge.child, edge.parent, edge.arg, key, lines, space, EDGE_LINE * len(lines), active)


def _edge_lines(graph: Graph, edge: Edge, direction: str, roles: int) -> Iterator[Line]:
    """What an edge carries forward, its partial, and what flows back; the arrows say which way."""
    parent, child = graph.nodes[edge.parent].id, graph.nodes[edge.child].id
    forward, back = ("→", "←") if direction == "right" else ("↑", "↓")
    key = f"{parent}.{edge.arg}"
    yield Line("value", forward, f"{key}.value")
    if graph.active[edge.child]:
        # A flow is the gradient above times the partial, which the sign says in short: where names are
        # long, and where both edges of x·x would claim to be the whole derivative.
        twice = graph.nodes[edge.parent].args.count(edge.child) > 1
        short = roles == 1 or twice or len(parent) + len(child) > _SHORT_NAMES
        yield Line("partial", "×" if short else f"∂{parent}/∂{child} =", f"{key}.partial")
        yield Line("flow", back, f"{key}.flow")


def room(lines: Iterable[Line], size: int) -> int:
    """The width of the widest line with the widest number in it."""
    captions = max(width(f"{line.caption} ", SMALL) for line in lines)
    return captions + math.ceil(0.61 * len(WIDEST) * size)  # hardly any font has wider digits


# Letters


def width(text: str, size: int) -> int:
    """Pixels that a text needs in any of the usual fonts, bold and fixed-pitch ones included."""
    return math.ceil(size * sum(map(_em, text)))


@cache
def _em(letter: str) -> float:
    if letter in "mwMW@%…→←" or east_asian_width(letter) in "WF":
        return 1.05
    return 0.85 if letter.isupper() or letter in "+−=×<>" else 0.65


def shortened(text: str, room: int, size: int) -> str:
    """The text, cut to fit the room."""
    if width(text, size) <= room:
        return text
    # Texts get wider letter by letter. Halving finds the longest that fits, however long the text is.
    fitting = bisect_right(range(len(text)), room, key=lambda letters: width(text[:letters] + "…", size))
    return text[: max(0, fitting - 1)].rstrip() + "…"
