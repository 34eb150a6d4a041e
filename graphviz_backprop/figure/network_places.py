"""Where the parts of a network's picture go, for each level of detail: columns, spread over the height.

A level has the least size at which nothing stands over anything. Every place is a share of that size and a
constant, so that a picture can be stretched to any larger frame, each way by itself, and nothing meets then
either: ``static/network/frame.js`` does that in the browser, with the richest level that fits.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate, pairwise

from graphviz_backprop.figure.names import SMALL_SCRIPT, width
from graphviz_backprop.figure.network_sketch import Column, Mark, NetworkSketch, Wire
from graphviz_backprop.figure.places import Point
from graphviz_backprop.figure.sketch import Line, shortened
from graphviz_backprop.language.numerals import widest
from graphviz_backprop.language.typeset import letters

LEVELS = ("names", "numbers", "weights", "all")
"""How much is shown: names alone; with the first numbers; with those of weights; with all numbers."""

RADIUS = 20
NAMED = 21
"""Half a circle's width, and the height of the name under one that holds a surface."""

NAME, TEXT = 15, 11
"""Sizes of letters in pixels: names in circles; numbers, names on lines and heads of columns."""

LINE = 14
LABEL = 33.0
"""From one line of numbers to the next, and the height of a weight's label: what stands above is high."""
TOP = 34
"""From the upper edge to the first circle's row: the heads of columns are there."""

PAD = 5
BOTTOM, _SIDE = 6, 8
_BETWEEN = 6  # circles of a column
_GAPS = {"names": 16, "numbers": 22, "weights": 24, "all": 26}  # between columns without labels
_WIDEST_HEAD = 116
_APART = 4  # from one label to the next
_ABREAST = (1, 1.4, 1.8, 2.4, 3, 4)  # times a label's width, the room between two columns
_STEPS = 12  # places on a line where its label is tried, for each label side by side
_HIGHER, _HIGH = 1.15, 480  # where labels need room: from one height to the next, and up to where
_ASPECT = 1.5  # of the frame that a level should fit


@dataclass(frozen=True)
class Level:
    """A level of detail: its least ``size``, the columns' ``xs``, by how much circles stand above the middles
    of their rows.

    ``spots`` say for each label how far along its line it stands, from middle to middle.
    """

    name: str
    size: Point
    xs: tuple[float, ...]
    shift: float
    spots: dict[int, float]


@dataclass(frozen=True)
class Spread:
    """A sketch's rows: the column of each mark, and how far down its middle is, from 0 to 1."""

    columns: tuple[int, ...]
    rows: tuple[float, ...]

    def middle(self, position: int, level: Level, size: Point) -> Point:
        """The middle of a circle in a picture of a size."""
        across, down = size[0] / level.size[0], size[1] - TOP - BOTTOM
        return level.xs[self.columns[position]] * across, TOP + self.rows[position] * down - level.shift


def spread(sketch: NetworkSketch) -> Spread:
    """Each column's marks evenly over the height."""
    columns, rows = [], []
    for number, column in enumerate(sketch.columns):
        for row in range(len(column.marks)):
            columns.append(number)
            rows.append((row + 0.5) / len(column.marks))
    return Spread(tuple(columns), tuple(rows))


def levels(sketch: NetworkSketch) -> list[Level]:
    """All levels, the barest first."""
    return [_level(sketch, name) for name in LEVELS]


# Sizes


def number_width() -> int:
    """The width of the widest number."""
    return math.ceil(0.61 * len(widest()) * TEXT)


def plate(sketch: NetworkSketch, mark: Mark, level: str) -> tuple[float, float]:
    """The width and height of what stands under a circle: its name where a surface is in it, and numbers."""
    lines = _numbers(mark, level)
    named = NAMED if surfaced(sketch, mark) else 0
    if not lines:
        return (2.0 * RADIUS + 6 if named else 0.0), float(named)
    captions = max(width(f"{line.caption} ", TEXT) for line in lines) if level == "all" else 0
    return number_width() + captions + 2 * PAD, named + LINE * len(lines) + PAD


def surfaced(sketch: NetworkSketch, mark: Mark) -> bool:
    """Whether a mark's circle holds a surface over the two inputs."""
    return sketch.planar and bool(mark.neuron) and mark.kind == "op"


def _numbers(mark: Mark, level: str) -> Sequence[Line]:
    return {"names": (), "all": mark.lines}.get(level, mark.few)


def block_size(mark: Mark) -> tuple[float, float]:
    """The size of a layer that is one block."""
    return max(width(note, TEXT) for note in mark.notes) + 20.0, 16.0 + LINE * len(mark.notes)


def _below(sketch: NetworkSketch, mark: Mark, level: str) -> float:
    """How far a mark reaches below the middle of its circle."""
    return block_size(mark)[1] / 2 if mark.block else RADIUS + plate(sketch, mark, level)[1]


def _wide(sketch: NetworkSketch, column: Column, level: str) -> float:
    marks = max(_mark_width(sketch, mark, level) for mark in column.marks)
    return max(marks, *(width(head, TEXT) for head in heads(column, level)))


def _mark_width(sketch: NetworkSketch, mark: Mark, level: str) -> float:
    if mark.block:
        return block_size(mark)[0]
    return max(2.0 * RADIUS, plate(sketch, mark, level)[0], name_width(mark.name, NAME))


def name_width(name: str, size: float) -> float:
    """The width of a name that is set."""
    found = letters(name)
    scripts = max(width(found.below, 1), width(found.raised, 1)) if found.below else 0
    return width(found.shown, 1) * size * 0.9 + scripts * SMALL_SCRIPT * 0.9


def heads(column: Column, level: str) -> list[str]:
    """The lines that stand above a column."""
    return [column.title, shortened(column.note, _WIDEST_HEAD, TEXT) if level != "names" else ""]


# Levels


def _level(sketch: NetworkSketch, name: str) -> Level:
    rows = spread(sketch)
    wide = [_wide(sketch, column, name) for column in sketch.columns]
    below = max(_below(sketch, mark, name) for mark in sketch.marks)
    least = max(len(column.marks) for column in sketch.columns) * (RADIUS + below + _BETWEEN)
    wires = [at for at, wire in enumerate(sketch.wires) if wire.lines and name in ("weights", "all")]
    tried: list[Level] = []
    for height in _heights(least) if wires else [least]:
        gaps: list[float] = []
        spots: dict[int, float] = {}
        for number, sides in enumerate(pairwise(wide)):
            between = [at for at in wires if rows.columns[sketch.wires[at].parent] == number + 1]
            ends = tuple(
                (rows.rows[wire.child], rows.rows[wire.parent])
                for wire in map(sketch.wires.__getitem__, between)
            )
            size = max((label_size(sketch.wires[at])[0] for at in between), default=0.0), LABEL
            gap, shares = _labelled(ends, size, sides, height)
            gaps.append(gap or _GAPS[name])
            spots.update(zip(between, shares, strict=False))
        starts = accumulate((a + gap for a, gap in zip(wide, gaps, strict=False)), initial=float(_SIDE))
        xs = tuple(start + across / 2 for start, across in zip(starts, wide, strict=True))
        size = (xs[-1] + wide[-1] / 2 + _SIDE, TOP + height + BOTTOM)
        tried.append(Level(name, size, xs, (below - RADIUS) / 2, spots))
        if len(spots) == len(wires) and size[0] < _ASPECT * size[1]:
            break  # with more height it is no narrower than it should be
    most = max(len(level.spots) for level in tried)
    return min((level for level in tried if len(level.spots) == most), key=lambda level: _fitting(level.size))


def _heights(least: float) -> Iterator[float]:
    height = least
    while height <= max(least * _HIGHER**2, _HIGH):
        yield height
        height *= _HIGHER


def _fitting(size: Point) -> float:
    """How large a frame of the usual shape is that a picture fits."""
    return max(size[0] / _ASPECT, size[1])


Ends = tuple[float, float]
"""How far down a line starts and ends, from 0 to 1."""


# What follows from numbers alone is kept: who types a network changes its shape seldom.
@lru_cache(maxsize=256)
def _labelled(
    lines: tuple[Ends, ...], size: Point, sides: Point, height: float
) -> tuple[float, tuple[float, ...]]:
    """How far apart columns of these widths have to be for labels on the lines between them, and how far
    along its line each stands, from middle to middle; 0 and none where there is no room for them."""
    below_one_another = int(height / (size[1] + _APART))
    for abreast in _ABREAST:
        if not 0 < len(lines) <= abreast * below_one_another:
            continue
        room = abreast * (size[0] + _APART) + 2 * _APART
        whole = sides[0] / 2 + room + sides[1] / 2
        low = sides[0] / 2 + _APART + size[0] / 2
        steps = round(_STEPS * abreast)
        shares = [(low + (room - 2 * _APART - size[0]) * step / steps) / whole for step in range(steps + 1)]
        sizes = (size[0] / whole, size[1] / height), (_APART / whole, _APART / height)
        placed = _placed(lines, *sizes, shares, _behind) or _placed(lines, *sizes, shares, _wherever)
        if placed:
            return room, placed
    return 0.0, ()


def _placed(
    lines: Sequence[Ends],
    size: Point,
    apart: Point,
    shares: Sequence[float],
    worse: Callable[[Sequence[Ends], int, Point, Point], int],
) -> tuple[float, ...] | None:
    """A place for each label, the least bad that is left, near the start; None where there is none."""
    wide, high = size[0] + apart[0], size[1] + apart[1]
    taken: list[Point] = []
    for at, (start, end) in enumerate(lines):
        free = []
        for x in shares:
            y = start + (end - start) * x
            if not any(abs(x - left) < wide and abs(y - top) < high for left, top in taken):
                free.append((worse(lines, at, (x, y), size), x, y))
        if not free:
            return None
        taken.append(min(free)[1:])
    return tuple(x for x, _ in taken)


def _behind(lines: Sequence[Ends], own: int, middle: Point, size: Point) -> int:
    """How many lines but its own pass behind a label."""
    left, right = middle[0] - size[0] / 2, middle[0] + size[0] / 2
    low, high = middle[1] - size[1] / 2, middle[1] + size[1] / 2
    count = 0
    for at, (start, end) in enumerate(lines):
        one, other = start + (end - start) * left, start + (end - start) * right
        count += at != own and min(one, other) < high and max(one, other) > low
    return count


def _wherever(_lines: Sequence[Ends], _own: int, _middle: Point, _size: Point) -> int:
    """Any place will do."""
    return 0


def label_size(wire: Wire) -> Point:
    """The width and height of a weight's label."""
    return name_width(wire.weight, TEXT) + 5 + number_width(), LABEL
