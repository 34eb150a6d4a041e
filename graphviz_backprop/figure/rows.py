"""Places for a graph that is too large for Graphviz: rank by rank, in a moment, with straight edges."""

from __future__ import annotations

from graphviz_backprop.figure.places import MARGIN, Curve, Point
from graphviz_backprop.figure.sketch import Sketch

_BESIDE = 24
_BETWEEN = 64
_SWEEPS = 4


class Rows:
    """Boxes side by side in ranks, each near what it is connected with."""

    def __init__(self, sketch: Sketch) -> None:
        self.upward = sketch.direction == "up"
        self._sketch = sketch
        self._middles: list[Point] = [(0.0, 0.0)] * len(sketch.boxes)
        ranks = self._ranks()
        self._order(ranks)
        self._place(ranks)

    @property
    def size(self) -> Point:
        return self._size

    def box(self, position: int) -> Point:
        return self._middles[position]

    def texts(self, position: int) -> Point | None:
        return None

    def curves(self, position: int) -> list[Curve]:
        wire = self._sketch.wires[position]
        start, end = self._end(wire.child, 1), self._end(wire.parent, -1)
        return [[start, start, end, end]]

    def _end(self, position: int, side: int) -> Point:
        """The middle of a box's side where edges leave (1) or enter (-1)."""
        (x, y), box = self._middles[position], self._sketch.boxes[position]
        return (x, y - side * box.height / 2) if self.upward else (x + side * box.width / 2, y)

    def _ranks(self) -> list[list[int]]:
        """Boxes by rank; a leaf stands right below the first that uses it."""
        boxes, wires = self._sketch.boxes, self._sketch.wires
        rank = [0] * len(boxes)
        for wire in wires:  # arguments first, so that ranks are known before they are used
            rank[wire.parent] = max(rank[wire.parent], rank[wire.child] + 1)
        inner = {wire.parent for wire in wires}
        lowest: dict[int, int] = {}
        for wire in wires:
            if wire.child not in inner:
                lowest[wire.child] = min(lowest.get(wire.child, rank[wire.parent]), rank[wire.parent])
        for leaf, above in lowest.items():
            rank[leaf] = above - 1
        found: list[list[int]] = [[] for _ in range(max(rank, default=0) + 1)]
        for position, number in enumerate(rank):
            found[number].append(position)
        return [row for row in found if row]

    def _order(self, ranks: list[list[int]]) -> None:
        """Sorts each rank by where the neighbours of its boxes stand, down and up again."""
        beside: list[list[int]] = [[] for _ in self._sketch.boxes]
        for wire in self._sketch.wires:
            beside[wire.child].append(wire.parent)
            beside[wire.parent].append(wire.child)
        place = {position: at / len(row) for row in ranks for at, position in enumerate(row)}

        def middle(position: int) -> float:
            near = beside[position]
            return sum(place[other] for other in near) / len(near) if near else place[position]

        for sweep in range(_SWEEPS):
            for row in ranks if sweep % 2 else reversed(ranks):
                row.sort(key=middle)
                place |= {position: (at + 0.5) / len(row) for at, position in enumerate(row)}

    def _place(self, ranks: list[list[int]]) -> None:
        boxes = self._sketch.boxes
        wide = max(sum(self._across(at) + _BESIDE for at in row) for row in ranks) - _BESIDE
        along = float(MARGIN)
        for row in ranks:
            deep = max(self._along(at) for at in row)
            aside = MARGIN + (wide - sum(self._across(at) + _BESIDE for at in row) + _BESIDE) / 2
            for at in row:
                across = self._across(at)
                self._middles[at] = (aside + across / 2, along + deep / 2)
                aside += across + _BESIDE
            along += deep + _BETWEEN
        long, across = along - _BETWEEN + MARGIN, wide + 2 * MARGIN
        self._size = (across, long) if self.upward else (long, across)
        for at in range(len(boxes)):
            aside, forward = self._middles[at]
            self._middles[at] = (aside, long - forward) if self.upward else (forward, aside)

    def _across(self, at: int) -> int:
        box = self._sketch.boxes[at]
        return box.width if self.upward else box.height

    def _along(self, at: int) -> int:
        box = self._sketch.boxes[at]
        return box.height if self.upward else box.width
