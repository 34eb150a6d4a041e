"""A network's sketch -> SVG: circles with their names in them, numbers below, labels on the lines.

A page gets all levels of detail at once and shows one of them (``static/network/frame.js``); a file has the
richest one alone.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from graphviz_backprop.figure.bands import bands
from graphviz_backprop.figure.names import back_from, escape, set_name
from graphviz_backprop.figure.network_places import (
    BOTTOM,
    LINE,
    NAMED,
    PAD,
    RADIUS,
    TEXT,
    TOP,
    Level,
    block_size,
    heads,
    levels,
    name_width,
    plate,
    spread,
    surfaced,
)
from graphviz_backprop.figure.network_sketch import Mark, NetworkSketch, Wire
from graphviz_backprop.figure.places import Point
from graphviz_backprop.figure.sketch import Line
from graphviz_backprop.figure.svg import Figure
from graphviz_backprop.language.typeset import letters

_FEW = re.compile(r'<g class="few">.*?</g>\n', re.S)
_LIVE = re.compile(r' data-(?:levels?|inputs|centre|spots|at|column|down|ends|into|sends|returns)="[^"]*"')
"""What only a page that moves things has use for."""
_SURFACE = re.compile(r'data-surface="[^"]*">')
_CLIP = "within-a-neuron"  # the same in every figure
_TYPICAL = 46  # the width of most numbers


@dataclass(frozen=True)
class NetworkFigure(Figure):
    """A network's figure: ``live`` is the ``<svg>`` for a page, with every level of detail."""

    live: str = ""
    centres: Mapping[str, float] = field(default_factory=dict)
    """The nodes whose circles hold a surface, and what is between its colours."""

    def holding(self, surfaces: Mapping[str, Sequence[float]]) -> NetworkFigure:
        """The figure with the values of nodes over the plane in their circles."""
        drawn = {
            f'data-surface="{escape(node)}">': bands(values, self.centres[node], RADIUS)
            for node, values in surfaces.items()
        }
        template = _SURFACE.sub(lambda place: place[0] + drawn.get(place[0], ""), self.template)
        return replace(self, template=template)


def draw_network(sketch: NetworkSketch) -> NetworkFigure:
    """The figure of a network."""
    live = "\n".join(_Drawing(sketch).parts())
    width, height = levels(sketch)[-1].size
    centres = {mark.id: mark.centre for mark in sketch.marks if surfaced(sketch, mark)}
    return NetworkFigure(_LIVE.sub("", _FEW.sub("", live)), width, height, live, centres)


class _Drawing:
    """A network with all its numbers, at the least size that these need."""

    def __init__(self, sketch: NetworkSketch) -> None:
        self.sketch = sketch
        self.levels = levels(sketch)
        self.level = self.levels[-1]
        self.spread = spread(sketch)
        self.middles = [
            self.spread.middle(at, self.level, self.level.size) for at in range(len(sketch.marks))
        ]

    def parts(self) -> Iterator[str]:
        width, height = (_n(length) for length in self.level.size)
        yield (
            f'<svg class="diagram network" viewBox="0 0 {width} {height}" width="{width}" height="{height}"'
            f' role="img" aria-label="{escape(self.sketch.about)}"{self._plane()}'
            f' data-level="{self.level.name}" data-levels="{escape(json.dumps(_described(self.levels)))}">'
        )
        if self.sketch.planar:
            yield f'<clipPath id="{_CLIP}"><circle r="{RADIUS - 0.6}"/></clipPath>'
        yield '<g class="neurons">'
        for wire in self.sketch.wires:
            yield self._line(wire)
        for at, wire in enumerate(self.sketch.wires):
            yield from self._label(at, wire)
        for number, x in enumerate(self.level.xs):
            yield from self._head(number, x)
        for at, mark in enumerate(self.sketch.marks):
            yield from self._mark(at, mark)
        yield "</g></svg>"

    def _plane(self) -> str:
        """The two inputs that surfaces in neurons are over."""
        names = " ".join(mark.name for mark in self.sketch.columns[0].marks)
        return f' data-inputs="{escape(names)}"' if self.sketch.planar else ""

    def _line(self, wire: Wire) -> str:
        start, end = self.middles[wire.child], self.middles[wire.parent]
        path = f'<path class="wire" d="M{_xy(start)}L{_xy(end)}"/>'
        data = f'data-edge="{escape(wire.key)}"{_weight(wire)}{_carried(wire)}'
        return f'<g class="edge" {_ends(wire)} {data}>{path}</g>'

    def _label(self, at: int, wire: Wire) -> Iterator[str]:
        if at not in self.level.spots:
            return
        spots = [_n(level.spots.get(at, -1), 4) for level in self.levels]
        (x0, y0), (x1, y1), share = self.middles[wire.child], self.middles[wire.parent], self.level.spots[at]
        x, y = x0 + (x1 - x0) * share, y0 + (y1 - y0) * share
        wide = name_width(wire.weight, TEXT) + _TYPICAL
        yield (
            f'<g class="texts" {_ends(wire)} data-spots="{" ".join(spots)}" data-at="{_xy((x, y))}"'
            f' data-edge="{escape(wire.key)}"{_weight(wire)}>{_plate(x, y - 13, wide, 2 * LINE)}'
        )
        for row, line in enumerate(wire.lines):
            caption, down = escape(line.caption), 0
            if row == 0:
                caption, down = set_name(line.caption), back_from(letters(line.caption))
            number = f'<tspan dx="4" dy="{down}" data-field="{escape(line.field)}"></tspan>'
            yield (
                f'<text class="{line.role}" x="{_n(x)}" y="{_n(y - 1 + row * LINE)}">'
                f'<tspan class="caption">{caption}</tspan>{number}</text>'
            )
        yield "</g>"

    def _head(self, number: int, x: float) -> Iterator[str]:
        for row, (kind, text) in enumerate(
            zip(("head", "note"), heads(self.sketch.columns[number], "all"), strict=True)
        ):
            if text:
                place = f'x="{_n(x)}" y="{_n(13 + row * LINE)}" data-column="{number}"'
                yield f'<text class="caption {kind}" {place}>{escape(text)}</text>'

    def _mark(self, at: int, mark: Mark) -> Iterator[str]:
        place = {
            "node": mark.id,
            "neuron": mark.neuron,
            "block": mark.block if mark.opens else "",
            "centre": str(mark.centre) if surfaced(self.sketch, mark) else "",
            "column": str(self.spread.columns[at]),
            "down": f"{self.spread.rows[at]:.5f}",
            "at": _xy(self.middles[at]),
        }
        data = " ".join(f'data-{name}="{escape(value)}"' for name, value in place.items() if value)
        kind = (
            f"{mark.kind}{' output' if mark.output else ''}{' planar' if surfaced(self.sketch, mark) else ''}"
        )
        yield f'<g class="node {kind}" {data}>'
        if mark.block:
            yield from _block(mark, *self.middles[at])
        elif surfaced(self.sketch, mark):
            yield from self._numbered(mark, *self.middles[at], NAMED)
        else:
            yield from self._numbered(mark, *self.middles[at], 0)
        yield "</g>"

    def _numbered(self, mark: Mark, x: float, y: float, below: float) -> Iterator[str]:
        """A circle with its numbers under it; its name is in it, or ``below`` has room for it there."""
        yield f'<circle cx="{_n(x)}" cy="{_n(y)}" r="{RADIUS}"/>'
        if below:
            place = f'transform="translate({_n(x)} {_n(y)})" clip-path="url(#{_CLIP})"'
            yield f'<g class="surface" {place} data-surface="{escape(mark.id)}"></g>'
        yield _plate(x, y + RADIUS + 1, *plate(self.sketch, mark, "names"))
        for kind, level, lines in (("few", "numbers", mark.few), ("all", "all", mark.lines)):
            wide, high = plate(self.sketch, mark, level)
            paper = wide if kind == "all" else min(wide, 2 * RADIUS + PAD)
            yield f'<g class="{kind}">{_plate(x, y + RADIUS + 1, paper, high)}'
            for row, line in enumerate(lines, start=1):
                yield from _row(line, kind, (x, y + RADIUS + below + row * LINE - 1), wide)
            yield "</g>"
        base = y + (RADIUS + 17 if below else 5)
        yield f'<text class="name" x="{_n(x)}" y="{_n(base)}">{set_name(mark.name)}</text>'


def _block(mark: Mark, x: float, y: float) -> Iterator[str]:
    width, height = block_size(mark)
    left, top = _n(x - width / 2), y - height / 2
    yield f'<rect x="{left}" y="{_n(top)}" width="{_n(width)}" height="{_n(height)}" rx="9"/>'
    for row, note in enumerate(mark.notes):
        yield f'<text class="caption note" x="{_n(x)}" y="{_n(top + 19 + row * LINE)}">{escape(note)}</text>'


def _row(line: Line, kind: str, at: Point, wide: float) -> Iterator[str]:
    x, y = at
    field = f'data-field="{escape(line.field)}"'
    if kind == "few":
        yield f'<text class="number middle {line.role}" x="{_n(x)}" y="{_n(y)}" {field}></text>'
        return
    left, right = x - wide / 2 + PAD, x + wide / 2 - PAD
    yield f'<text class="caption" x="{_n(left)}" y="{_n(y)}">{escape(line.caption)}</text>'
    yield f'<text class="number {line.role}" x="{_n(right)}" y="{_n(y)}" {field}></text>'


def _plate(x: float, top: float, wide: float, high: float) -> str:
    """Paper behind texts, for the lines that pass there."""
    if not high:
        return ""
    return f'<path class="plate" d="M{_xy((x - wide / 2, top))}h{_n(wide)}v{_n(high - 1)}h{_n(-wide)}z"/>'


def _described(found: list[Level]) -> dict[str, object]:
    """What a browser needs to stretch a picture and to choose how much it shows."""
    return {
        "top": TOP,
        "bottom": BOTTOM,
        "levels": [
            {
                "name": level.name,
                "size": [round(length, 1) for length in level.size],
                "xs": [round(x, 1) for x in level.xs],
                "shift": level.shift,
            }
            for level in found
        ],
    }


# Texts


def _weight(wire: Wire) -> str:
    return f' data-weight="{escape(wire.weight)}"' if wire.weight else ""


def _carried(wire: Wire) -> str:
    """The fields of what goes along a line while the player is at the step of ``into``."""
    up, down = escape(" ".join(wire.up)), escape(" ".join(wire.down))
    return f' data-into="{escape(wire.into)}" data-sends="{up}" data-returns="{down}"'


def _ends(wire: Wire) -> str:
    return f'data-ends="{wire.child} {wire.parent}"'


def _n(number: float, digits: int = 1) -> str:
    return f"{number:.{digits}f}".removesuffix(".0")


def _xy(point: Point) -> str:
    return f"{_n(point[0])},{_n(point[1])}"
