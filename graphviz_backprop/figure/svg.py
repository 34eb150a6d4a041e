"""Sketch and places -> SVG, as a template whose numbers are put in by :mod:`graphviz_backprop.figure.fields`.

Graphviz says where boxes, labels and edges go; the drawing is ours, so that every number is an element of
its own and the look is CSS.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from html import unescape
from typing import Protocol

from graphviz_backprop.figure import theme
from graphviz_backprop.figure.fields import fill
from graphviz_backprop.figure.names import escape, is_set, set_text
from graphviz_backprop.figure.names import width as width_of
from graphviz_backprop.figure.places import ARROW, Area, Curve, Places, Point
from graphviz_backprop.figure.sketch import EDGE_LINE, LINE, SMALL, TEXT, Box, Frame, Line, Sketch, Wire, room
from graphviz_backprop.language.typeset import in_line

_SLIM = 0.42  # half an arrow head's width by its length
_SIDE = 12  # from a box's frame to its texts
_ASCENT = 11.5  # from the top of a line on an edge to its base line
_TOP = 21  # from a box's frame to the title's base line


@dataclass(frozen=True)
class Figure:
    """A drawn graph without its numbers.

    ``template`` is an ``<svg>`` for a page that has ``static/figure/figure.css``.
    """

    template: str
    width: float
    height: float

    @property
    def live(self) -> str:
        """The template for a page that follows its frame."""
        return self.template

    def fill(self, fields: Mapping[str, float | None]) -> str:
        """The figure with its numbers, for a page."""
        return fill(self.template, fields)

    def standalone(self, fields: Mapping[str, float | None]) -> str:
        """A complete SVG file, light or dark as its reader prefers."""
        return grounded(fill(self.file(theme.themed()), fields))

    def printed(self, fields: Mapping[str, float | None]) -> str:
        """A complete SVG file in light colours and plain CSS, for conversion."""
        return grounded(fill(self.file(theme.flat()), fields))

    def captioned(self, caption: str) -> Figure:
        """The figure with a line below it."""
        head, body = self.template.split(">", 1)
        height = self.height + EDGE_LINE
        head = head.replace(f'0 {_n(self.width)} {_n(self.height)}"', f'0 {_n(self.width)} {_n(height)}"')
        head = head.replace(f' height="{_n(self.height)}"', f' height="{_n(height)}"')
        place = f'x="{_n(self.width / 2)}" y="{_n(self.height + EDGE_LINE / 2)}"'
        line = f'<text class="caption note" {place}>{escape(caption)}</text></svg>'
        return Figure(f"{head}>{body.removesuffix('</svg>')}{line}", self.width, height)

    def file(self, style: str) -> str:
        """A complete SVG file with this style sheet, still without numbers."""
        head, body = _ASIDE.sub("", self.template).split(">", 1)
        paper = f'<rect class="paper" width="{_n(self.width)}" height="{_n(self.height)}"/>'
        return (
            '<?xml version="1.0" encoding="UTF-8"?>\n'
            f'{head} xmlns="http://www.w3.org/2000/svg">\n<style>\n{style}\n</style>\n{paper}{body}\n'
        )


_ASIDE = re.compile(r'<g class="texts aside.*?</g>\n?', re.S)
_LABELS = re.compile(r'<g class="texts.*?</g>', re.S)
_LABEL = re.compile(r'<text class="[^"]*" x="([^"]*)" y="([^"]*)">(.*?)</text>', re.S)
_TAG = re.compile("<[^>]*>")


def texts_of(markup: str) -> Iterator[tuple[float, float, float, float]]:
    """The places of the texts on edges: left, top, as wide as a text, and as high as its line."""
    for labels in _LABELS.findall(markup):
        for x, base, text in _LABEL.findall(labels):
            wide = width_of(unescape(_TAG.sub("", text)), SMALL)
            yield float(x) - wide / 2, float(base) - _ASCENT, wide, EDGE_LINE


def grounded(markup: str) -> str:
    """Paper behind the texts of edges, for a line that passes there.

    A page has its texts outlined in the paper's colour. Many a program that shows files or prints them draws
    such an outline over the text, or over the letter before.
    """

    def papered(labels: re.Match[str]) -> str:
        papers = "".join(
            f'<rect class="paper" x="{_n(x)}" y="{_n(y)}" width="{width}" height="{height}"/>'
            for x, y, width, height in texts_of(labels[0])
        )
        return f"<g>{papers}</g>{labels[0]}"

    return _LABELS.sub(papered, markup)


class Placed(Protocol):
    """Where boxes, texts and edges go, by their positions in the sketch, as :class:`Places` has it."""

    @property
    def upward(self) -> bool: ...
    @property
    def size(self) -> Point: ...
    def box(self, position: int) -> Point: ...
    def texts(self, position: int) -> Point | None: ...
    def curves(self, position: int) -> list[Curve]: ...


def draw(sketch: Sketch, placed: str) -> Figure:
    """The figure of a sketch from Graphviz's JSON."""
    return draw_at(sketch, Places(json.loads(placed), upward=sketch.direction == "up"))


def draw_at(sketch: Sketch, places: Placed) -> Figure:
    """The figure of a sketch whose parts have their places."""
    width, height = places.size
    parts = [
        f'<svg class="diagram" viewBox="0 0 {_n(width)} {_n(height)}" width="{_n(width)}"'
        f' height="{_n(height)}" role="{_role(sketch)}" aria-label="{escape(_about(sketch))}">'
    ]
    for number, frame in enumerate(sketch.frames):
        parts.extend(_frame(frame, _area(sketch, number, places)))
    # Texts come after all lines, so that a line which has to pass a text goes behind it.
    for position, wire in enumerate(sketch.wires):
        parts.extend(_line(wire, places.curves(position), places.upward))
    for position, wire in enumerate(sketch.wires):
        parts.extend(_texts(wire, places.texts(position), places.curves(position)))
        parts.extend(_aside(wire, places, position))
    for position, box in enumerate(sketch.boxes):
        parts.extend(_node(box, places.box(position)))
    parts.append("</svg>")
    return Figure("\n".join(parts), width, height)


def _about(sketch: Sketch) -> str:
    """What a screen reader says of the whole."""
    if sketch.about:
        return sketch.about
    count, output = len(sketch.boxes), sketch.boxes[-1].id
    return f"Computation graph with {count} node{'s' if count != 1 else ''}; its output is {output}"


def _role(sketch: Sketch) -> str:
    """One image, unless there is something in it to press."""
    return "group" if sketch.frames or any(box.group for box in sketch.boxes) else "img"


def _frame(frame: Frame, area: Area) -> Iterator[str]:
    left, top, width, height = area
    group = escape(frame.group)
    yield f'<g class="frame" data-frame="{group}">'
    yield f'<rect x="{_n(left)}" y="{_n(top)}" width="{_n(width)}" height="{_n(height)}" rx="12"/>'
    yield f'<text class="caption" x="{_n(left + 12)}" y="{_n(top + 17)}">{set_text(frame.title)}</text>'
    said = escape(f"Close {frame.title}")
    yield f'<g class="closer" data-close="{group}" role="button" tabindex="0" aria-label="{said}">'
    yield f'<rect x="{_n(left + width - 28)}" y="{_n(top + 4)}" width="24" height="24" rx="6"/>'
    yield f'<path class="sign" d="M{_n(left + width - 21)},{_n(top + 16)}h10"/></g></g>'


def _area(sketch: Sketch, number: int, places: Placed) -> Area:
    """The rectangle of a frame: the layout's, or around its boxes where that has none."""
    found = places.area(number) if isinstance(places, Places) else None
    if found:
        return found
    frame, corners = sketch.frames[number], []
    for position in frame.boxes:
        (x, y), box = places.box(position), sketch.boxes[position]
        corners += [(x - box.width / 2, y - box.height / 2), (x + box.width / 2, y + box.height / 2)]
    left, top = min(x for x, _ in corners) - 10, min(y for _, y in corners) - 30
    right, bottom = max(x for x, _ in corners) + 10, max(y for _, y in corners) + 10
    return left, top, right - left, bottom - top


def _aside(wire: Wire, places: Placed, position: int) -> Iterator[str]:
    """The numbers of an edge that has no room for them: they are seen when one looks at it."""
    if not wire.aside or places.texts(position) is not None:
        return
    curve = places.curves(position)[-1]
    middle = _halfway(curve)
    high = EDGE_LINE * len(wire.aside)
    wide = room(wire.aside, SMALL) + 10
    left, top = middle[0] - wide / 2, middle[1] - high / 2 - 3
    yield f'<g class="texts aside{_dull(wire.active)}" data-edge="{escape(wire.key)}">'
    yield f'<rect class="paper" x="{_n(left)}" y="{_n(top)}" width="{wide}" height="{high + 6}" rx="6"/>'
    yield from _text_lines(wire.aside, middle[0], top - 0.5)
    yield "</g>"


def _halfway(curve: Curve) -> Point:
    """A point in the middle of Bezier curves."""
    count = (len(curve) - 1) // 3
    if count % 2 == 0:
        return curve[3 * (count // 2)]
    a, b, c, d = curve[3 * (count // 2) : 3 * (count // 2) + 4]
    return ((a[0] + 3 * b[0] + 3 * c[0] + d[0]) / 8, (a[1] + 3 * b[1] + 3 * c[1] + d[1]) / 8)


def _line(wire: Wire, curves: list[Curve], upward: bool) -> Iterator[str]:
    neck, head = _arrow(curves[-1][-2], curves[-1][-1])
    curves = [*curves[:-1], [*curves[-1][:-1], neck]]
    # Numbers make texts wider but never higher: an upright line stops at them, a level one goes through.
    path = "M" + ("M" if upward else "L").join(
        f"{_xy(curve[0])}C{' '.join(map(_xy, curve[1:]))}" for curve in curves
    )
    yield f'<g class="edge{_dull(wire.active)}" data-edge="{escape(wire.key)}">'
    yield f'<path class="wire" d="{path}"/><path class="arrow" d="{head}"/></g>'


def _arrow(before: Point, tip: Point) -> tuple[Point, str]:
    """Where an arrow's shaft ends, and its head."""
    dx, dy = tip[0] - before[0], tip[1] - before[1]
    scale = ARROW / (math.hypot(dx, dy) or 1.0)
    dx, dy = dx * scale, dy * scale
    x, y = tip[0] - dx, tip[1] - dy
    left, right = (x - _SLIM * dy, y + _SLIM * dx), (x + _SLIM * dy, y - _SLIM * dx)
    return (x, y), f"M{_xy(tip)}L{_xy(left)} {_xy(right)}z"


def _texts(wire: Wire, middle: Point | None, curves: list[Curve]) -> Iterator[str]:
    """The numbers of an edge, and the piece of it that they stand on: it is seen while there are none."""
    if middle is None:
        return
    top = middle[1] - wire.height / 2 - 3.5
    yield f'<g class="texts{_dull(wire.active)}" data-edge="{escape(wire.key)}">'
    if len(curves) == 2:
        yield f'<path class="bridge" d="M{_xy(curves[0][-1])}L{_xy(curves[1][0])}"/>'
    yield from _text_lines(wire.lines, middle[0], top)
    yield "</g>"


def _text_lines(lines: Iterable[Line], x: float, top: float) -> Iterator[str]:
    for row, line in enumerate(lines, start=1):
        place = f'x="{_n(x)}" y="{_n(top + row * EDGE_LINE)}"'
        if not line.field:
            yield f'<text class="{line.role}" {place}>{escape(in_line(line.caption))}</text>'
            continue
        yield (
            f'<text class="{line.role}" {place}>'
            f'<tspan class="caption"{_typed(f"{line.caption} ")}>{escape(in_line(line.caption))} </tspan>'
            f'<tspan data-field="{escape(line.field)}"></tspan></text>'
        )


def _typed(caption: str) -> str:
    """What is copied. On edges names are set in one piece: another would be outlined over its neighbour. And
    where line follows line, indices below and above would meet."""
    return f' data-typed="{escape(caption)}"' if is_set(caption) else ""


def _node(box: Box, middle: Point) -> Iterator[str]:
    left, top = middle[0] - box.width / 2, middle[1] - box.height / 2
    kind = f"node {box.kind}{_dull(box.active)}{' output' if box.output else ''}"
    own = ""
    if box.group:
        kind += " group"
        own = f' data-group="{escape(box.group)}"'
        if box.holds:
            own += f' data-holds="{escape(" ".join(box.holds))}"'
    yield f'<g class="{kind}" data-node="{escape(box.id)}"{own}>'
    if box.tooltip:
        yield f"<title>{escape(box.tooltip)}</title>"
    if box.group:
        shape = f'width="{box.width}" height="{box.height}" rx="9"'
        yield f'<rect class="behind" x="{_n(left + 4)}" y="{_n(top - 4)}" {shape}/>'
    yield f'<rect x="{_n(left)}" y="{_n(top)}" width="{box.width}" height="{box.height}" rx="9"/>'
    if box.group:
        yield from _opener(box, left + box.width - 24, top)
    if box.compact and box.title:
        yield from _compact(box, left, middle[1] + 5)
    elif box.cells:
        place = f'x="{_n(left + _SIDE)}" y="{_n(top + _TOP)}"'
        yield f'<text class="title short" {place}>{set_text(box.title)}</text>'
        at = left + box.width - (26 if box.group else _SIDE)
        yield f'<text class="caption badge" x="{_n(at)}" y="{_n(top + _TOP)}">{escape(box.notes[0])}</text>'
        yield from box.cells.draw(left + _SIDE, top + _TOP + 5)
    elif box.rows:
        yield from _rows(box, left, top)
    elif box.title:
        yield f'<text class="title" x="{_n(middle[0])}" y="{_n(top + _TOP)}">{set_text(box.title)}</text>'
        for row, line in enumerate(box.lines, start=1):
            yield from _row(line, left + _SIDE, left + box.width - _SIDE, top + _TOP + row * LINE)
        for row, note in enumerate(box.notes, start=1 + len(box.lines)):
            place = f'x="{_n(middle[0])}" y="{_n(top + _TOP + row * LINE)}"'
            yield f'<text class="caption note" {place}>{escape(note)}</text>'
    else:
        yield _equation(box.lines[0], middle[0], middle[1] + 5)
    yield "</g>"


def _opener(box: Box, left: float, top: float) -> Iterator[str]:
    """What the keyboard finds of a closed group; a click opens it anywhere."""
    said = escape(f"Open {box.tooltip or box.title}")
    yield f'<g class="opener" role="button" tabindex="0" aria-label="{said}">'
    yield f'<path class="spot" d="M{_n(left)},{_n(top)}h24v24h-24z"/>'
    yield f'<path class="sign" d="M{_n(left + 8.5)},{_n(top + 13)}h8m-4,-4v8"/></g>'


def _compact(box: Box, left: float, y: float) -> Iterator[str]:
    """Name, value and gradient on one line; of a tensor its shape, and both as pictures."""
    yield f'<text class="title short" x="{_n(left + 10)}" y="{_n(y)}">{set_text(box.title)}</text>'
    right = left + box.width - (22 if box.group else 10)
    if box.spots:
        right -= box.spots.width
        yield from box.spots.draw(right, y - 5)
        place = f'x="{_n(right - 10)}" y="{_n(y)}"'
        yield f'<text class="caption badge" {place}>{escape(box.notes[0])}</text>'
    for line in reversed(box.lines):
        caption = f'<tspan class="caption">{escape(line.caption)} </tspan>' if line.caption else ""
        number = f'<tspan data-field="{escape(line.field)}"></tspan>'
        yield f'<text class="number {line.role}" x="{_n(right)}" y="{_n(y)}">{caption}{number}</text>'
        right -= room([line], TEXT) + 8


def _row(line: Line, left: float, right: float, y: float) -> Iterator[str]:
    place = f'x="{_n(left)}" y="{_n(y)}"{_typed(line.caption)}'
    yield f'<text class="caption" {place}>{escape(in_line(line.caption))}</text>'
    field = f'data-field="{escape(line.field)}"'
    yield f'<text class="number {line.role}" x="{_n(right)}" y="{_n(y)}" {field}></text>'


def _rows(box: Box, left: float, top: float) -> Iterator[str]:
    """Several nodes in one box: name, value and gradient of each on a line."""
    right = left + box.width - _SIDE
    place = f'x="{_n(left + _SIDE)}" y="{_n(top + _TOP)}"'
    yield f'<text class="title short" {place}>{set_text(box.title)}</text>'
    of_values = right - room([box.rows[0][1]], TEXT) - 8
    for x, caption in ((of_values, "value"), (right, "grad")):
        place = f'x="{_n(x)}" y="{_n(top + _TOP + LINE)}"'
        yield f'<text class="caption badge" {place}>{caption}</text>'
    for row, (value, gradient) in enumerate(box.rows, start=2):
        y = top + _TOP + row * LINE
        yield from _row(value, left + _SIDE, of_values, y)
        place = f'class="number gradient" x="{_n(right)}" y="{_n(y)}"'
        yield f'<text {place} data-field="{escape(gradient.field)}"></text>'
    for row, note in enumerate(box.notes, start=2 + len(box.rows)):
        place = f'x="{_n(left + _SIDE)}" y="{_n(top + _TOP + row * LINE)}"'
        yield f'<text class="caption" {place}>{escape(note)}</text>'


def _equation(line: Line, x: float, y: float) -> str:
    return (
        f'<text class="title" x="{_n(x)}" y="{_n(y)}">{set_text(f"{line.caption} ")}'
        f'<tspan data-field="{escape(line.field)}"></tspan></text>'
    )


def _dull(active: bool) -> str:
    return "" if active else " inactive"


def _n(number: float) -> str:
    return f"{number:.1f}".removesuffix(".0")


def _xy(point: Point) -> str:
    return f"{_n(point[0])},{_n(point[1])}"
