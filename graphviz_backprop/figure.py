"""Sketch and places -> SVG, as a template whose numbers are put in by :mod:`graphviz_backprop.fields`.

Graphviz says where boxes, labels and edges go; the drawing is ours, so that every number is an element of
its own and the look is CSS.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from xml.sax.saxutils import escape as _escape

from graphviz_backprop import theme
from graphviz_backprop.fields import fill
from graphviz_backprop.sketch import LINE, Box, Line, Sketch, Wire

_MARGIN = 12
_ARROW = 8
_SLIM = 0.42  # half an arrow head's width by its length
_GAP = 36  # no more than this lies between two ranks
_SIDE = 12  # from a box's frame to its texts
_TOP = 21  # from a box's frame to the title's base line

Point = tuple[float, float]
Curve = list[Point]


@dataclass(frozen=True)
class Figure:
    """A drawn graph without its numbers.

    ``template`` is an ``<svg>`` for a page that has ``static/figure.css``.
    """

    template: str
    width: float
    height: float

    def fill(self, fields: Mapping[str, float | None]) -> str:
        """The figure with its numbers, for a page."""
        return fill(self.template, fields)

    def standalone(self, fields: Mapping[str, float | None]) -> str:
        """A complete SVG file, light or dark as its reader prefers."""
        return fill(self._file(theme.themed()), fields)

    def printed(self, fields: Mapping[str, float | None]) -> str:
        """A complete SVG file in light colours and plain CSS, for conversion."""
        return fill(self._file(theme.flat()), fields)

    def _file(self, style: str) -> str:
        head, body = self.template.split(">", 1)
        paper = f'<rect class="paper" width="{_n(self.width)}" height="{_n(self.height)}"/>'
        return (
            '<?xml version="1.0" encoding="UTF-8"?>\n'
            f'{head} xmlns="http://www.w3.org/2000/svg">\n<style>\n{style}\n</style>\n{paper}{body}\n'
        )


def draw(sketch: Sketch, placed: str) -> Figure:
    """The figure of a sketch from Graphviz's JSON."""
    places = _Places(json.loads(placed))
    width, height = (side + 2 * _MARGIN for side in places.size)
    parts = [
        f'<svg class="diagram" viewBox="0 0 {_n(width)} {_n(height)}" width="{_n(width)}"'
        f' height="{_n(height)}" role="img" aria-label="{escape(_about(sketch))}">'
    ]
    for position, wire in enumerate(sketch.wires):
        parts.extend(_edge(wire, *places.edge(position), sketch.direction == "up"))
    for position, box in enumerate(sketch.boxes):
        parts.extend(_node(box, places.node(position)))
    parts.append("</svg>")
    return Figure("\n".join(parts), width, height)


def _about(sketch: Sketch) -> str:
    """What a screen reader says of the whole."""
    count, output = len(sketch.boxes), sketch.boxes[-1].id
    return f"Computation graph with {count} node{'s' if count != 1 else ''}; its output is {output}"


class _Places:
    """Graphviz's JSON in our coordinates: pixels from the top left."""

    def __init__(self, found: dict[str, Any]) -> None:
        _, _, right, top = map(float, found["bb"].split(","))
        self.size = (right, top)
        self._nodes = {node["name"]: node for node in found.get("objects", ())}
        self._edges = {edge["id"]: edge for edge in found.get("edges", ())}

    def node(self, position: int) -> Point:
        """The middle of a box."""
        return self._point(self._nodes[str(position)]["pos"])

    def edge(self, position: int) -> tuple[list[Curve], Point | None]:
        """An edge's curves, up to its texts and from there on, and the middle of the texts."""
        curves = [self._edges[name] for name in (f"{position}a", f"{position}b") if name in self._edges]
        texts = self._nodes.get(f"t{position}")
        middle = self._point(texts["pos"]) if texts else None
        return [[self._point(point) for point in curve["pos"].split()] for curve in curves], middle

    def _point(self, text: str) -> Point:
        x, y = text.split(",")
        return float(x) + _MARGIN, self.size[1] - float(y) + _MARGIN


def _edge(wire: Wire, curves: list[Curve], middle: Point | None, upward: bool) -> Iterator[str]:
    *before, (*last, tip) = curves
    neck, head = _arrow(last[-1], tip)
    drawn = [_bent(curve, upward) for curve in [*before, [*last, neck]]]
    # Numbers make texts wider but never higher: an upright line stops at them, a level one goes through.
    path = "M" + ("M" if upward else "L").join(map(_curve, drawn))
    yield f'<g class="edge{_dull(wire.active)}" data-edge="{escape(wire.key)}">'
    yield f'<path class="wire" d="{path}"/><path class="arrow" d="{head}"/>'
    if middle:
        top = middle[1] - wire.height / 2 - 4
        for row, line in enumerate(wire.lines, start=1):
            yield _text(line, middle[0], top + row * LINE)
    yield "</g>"


def _text(line: Line, x: float, y: float) -> str:
    return (
        f'<text class="{line.role}" x="{_n(x)}" y="{_n(y)}">'
        f'<tspan class="caption">{escape(line.caption)} </tspan>'
        f'<tspan data-field="{escape(line.field)}"></tspan></text>'
    )


def _curve(points: Curve) -> str:
    start, *rest = points
    return f"{_xy(start)}C{' '.join(map(_xy, rest))}"


def _bent(points: Curve, upward: bool) -> Curve:
    """A curve from one rank to the next: straight on, over, and straight on, where Graphviz would swing."""
    (x, y), (tox, toy) = start, end = points[0], points[-1]
    if abs(toy - y if upward else tox - x) > _GAP:
        return points
    if upward:
        return [start, (x, (y + toy) / 2), (tox, (y + toy) / 2), end]
    return [start, ((x + tox) / 2, y), ((x + tox) / 2, toy), end]


def _arrow(before: Point, tip: Point) -> tuple[Point, str]:
    """Where an arrow's shaft ends, and its head."""
    dx, dy = tip[0] - before[0], tip[1] - before[1]
    scale = _ARROW / (math.hypot(dx, dy) or 1.0)
    dx, dy = dx * scale, dy * scale
    x, y = tip[0] - dx, tip[1] - dy
    left, right = (x - _SLIM * dy, y + _SLIM * dx), (x + _SLIM * dy, y - _SLIM * dx)
    return (x, y), f"M{_xy(tip)}L{_xy(left)} {_xy(right)}z"


def _node(box: Box, middle: Point) -> Iterator[str]:
    left, top = middle[0] - box.width / 2, middle[1] - box.height / 2
    kind = f"node {box.kind}{_dull(box.active)}{' output' if box.output else ''}"
    yield f'<g class="{kind}" data-node="{escape(box.id)}">'
    if box.tooltip:
        yield f"<title>{escape(box.tooltip)}</title>"
    yield f'<rect x="{_n(left)}" y="{_n(top)}" width="{box.width}" height="{box.height}" rx="9"/>'
    if box.title:
        yield f'<text class="title" x="{_n(middle[0])}" y="{_n(top + _TOP)}">{escape(box.title)}</text>'
        for row, line in enumerate(box.lines, start=1):
            yield from _row(line, left + _SIDE, left + box.width - _SIDE, top + _TOP + row * LINE)
    else:
        yield _equation(box.lines[0], middle[0], middle[1] + 5)
    yield "</g>"


def _row(line: Line, left: float, right: float, y: float) -> Iterator[str]:
    yield f'<text class="caption" x="{_n(left)}" y="{_n(y)}">{escape(line.caption)}</text>'
    field = f'data-field="{escape(line.field)}"'
    yield f'<text class="number {line.role}" x="{_n(right)}" y="{_n(y)}" {field}></text>'


def _equation(line: Line, x: float, y: float) -> str:
    return (
        f'<text class="title" x="{_n(x)}" y="{_n(y)}">{escape(line.caption)}'
        f' <tspan data-field="{escape(line.field)}"></tspan></text>'
    )


def _dull(active: bool) -> str:
    return "" if active else " inactive"


def escape(text: str) -> str:
    """Text for an element or an attribute: quotes too, as :mod:`graphviz_backprop.fields` asks."""
    return _escape(text, {'"': "&quot;"})


def _n(number: float) -> str:
    return f"{number:.1f}".removesuffix(".0")


def _xy(point: Point) -> str:
    return f"{_n(point[0])},{_n(point[1])}"
