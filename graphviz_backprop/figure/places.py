"""Graphviz's JSON -> where to draw: pixels from the top left, and curves that bend between the ranks."""

from __future__ import annotations

from typing import Any, NamedTuple

ARROW = 8
"""An arrow head's length in pixels: so much of an edge's end is straight."""

MARGIN = 12

Point = tuple[float, float]
Curve = list[Point]
"""Bezier curves, one after the other: a point to start from, and three for each of them."""


Area = tuple[float, float, float, float]
"""A rectangle: left, top, width and height."""


class _Rank(NamedTuple):
    """Boxes side by side: where these start and end along the forward pass."""

    number: int
    start: float
    end: float


class Places:
    """The places of boxes and edges, which :func:`graphviz_backprop.figure.dot.for_layout` has named."""

    def __init__(self, found: dict[str, Any], *, upward: bool) -> None:
        self.upward = upward
        _, _, right, self._top = map(float, found["bb"].split(","))
        self.size = (right + 2 * MARGIN, self._top + 2 * MARGIN)
        every = found.get("objects", [])
        self._areas = {part["name"]: self._area(part["bb"]) for part in every if "bb" in part}
        first = len(self._areas)  # frames come before boxes, and edges count both
        self._boxes = every[first:]
        self._positions = {box["name"]: position for position, box in enumerate(self._boxes)}
        self._middles = [self._point(box["pos"]) for box in self._boxes]
        self._first = first
        self._edges = {edge["id"]: edge for edge in found.get("edges", ())}
        self._ranks = self._find_ranks()

    def box(self, position: int) -> Point:
        """The middle of a node's box."""
        return self._middles[self._positions[str(position)]]

    def texts(self, position: int) -> Point | None:
        """The middle of an edge's texts, if it has any."""
        found = self._positions.get(f"t{position}")
        return None if found is None else self._middles[found]

    def area(self, frame: int) -> Area | None:
        """The rectangle of a frame, if it has any."""
        return self._areas.get(f"cluster{frame}")

    def curves(self, position: int) -> list[Curve]:
        """An edge up to its texts, and from there on; or in one piece."""
        names = (f"{position}a", f"{position}b")
        return [self._curve(self._edges[name]) for name in names if name in self._edges]

    def _curve(self, edge: dict[str, Any]) -> Curve:
        points = [self._point(point) for point in edge["pos"].split()]
        ends = (self._middles[edge[end] - self._first] for end in ("tail", "head"))
        tail, head = (self._ranks[self._flow(middle)] for middle in ends)
        if tail.number + 1 != head.number:
            return points
        return self._bent(points[0], points[-1], tail.end, head.start)

    def _bent(self, start: Point, end: Point, after: float, before: float) -> Curve:
        """Straight out of a rank, over to the place where it goes in, and straight in.

        The way over is between the ranks, where there is nothing else. Graphviz would swing.
        """
        before -= min(ARROW, (before - after) / 2)
        half, side = (after + before) / 2, 0 if self.upward else 1
        out, over = self._at(after, start[side]), self._at(half, start[side])
        back, into = self._at(half, end[side]), self._at(before, end[side])
        return [start, start, out, out, over, back, into, into, into, end]

    def _find_ranks(self) -> dict[float, _Rank]:
        """The ranks by their middles."""
        axis = "height" if self.upward else "width"
        halves: dict[float, float] = {}
        for box, middle in zip(self._boxes, self._middles, strict=True):
            flow = self._flow(middle)
            halves[flow] = max(halves.get(flow, 0.0), 36 * float(box[axis]))
        return {
            flow: _Rank(number, flow - halves[flow], flow + halves[flow])
            for number, flow in enumerate(sorted(halves))
        }

    def _flow(self, point: Point) -> float:
        """How far along the forward pass a point is."""
        return round(-point[1] if self.upward else point[0], 1)

    def _at(self, flow: float, aside: float) -> Point:
        return (aside, -flow) if self.upward else (flow, aside)

    def _area(self, text: str) -> Area:
        left, bottom, right, top = map(float, text.split(","))
        return left + MARGIN, self._top - top + MARGIN, right - left, top - bottom

    def _point(self, text: str) -> Point:
        x, y = text.split(",")
        return float(x) + MARGIN, self._top - float(y) + MARGIN
