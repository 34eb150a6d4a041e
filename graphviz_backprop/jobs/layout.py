"""Graphviz and the converters, in processes that can be killed, and a cache of what they drew."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection
from types import TracebackType
from typing import Any
from weakref import WeakSet

from graphviz_backprop.figure import dot
from graphviz_backprop.figure.copies import MOST_PIXELS
from graphviz_backprop.figure.network_sketch import blocks, network_sketch
from graphviz_backprop.figure.network_svg import draw_network
from graphviz_backprop.figure.rows import Rows
from graphviz_backprop.figure.sketch import Sketch, sketch, straightened
from graphviz_backprop.figure.svg import Figure, draw, draw_at
from graphviz_backprop.jobs.processes import JobError, JobMissing, JobTimeout, Pool
from graphviz_backprop.jobs.remembered import Remembered
from graphviz_backprop.language.folding import Fold, unfolded
from graphviz_backprop.language.graph import Graph
from graphviz_backprop.language.numerals import digits
from graphviz_backprop.network.layers import Network

__all__ = ["Layout", "LayoutError", "LayoutTimeout", "NotInstalled"]

_CACHED_CHARACTERS = 32_000_000

_SMALL = 60  # boxes; where these are not drawn in time, there is no time

_CACHED_PLACES = 16_000_000

LayoutTimeout = JobTimeout
"""The picture was not ready in time."""

LayoutError = JobError
"""The process that draws said what went wrong, or ended."""

NotInstalled = JobMissing
"""A LayoutError: what converts is not installed; the message says how to install it."""


class Layout:
    """Draws graphs. All threads of a process share one; its processes start when they are needed.

    No figure takes longer than ``limit`` seconds, waiting for a free process included, and no conversion
    longer than twice as much; a process that has just started has its own time for that. ``tell`` is called
    with the seconds that each layout took, ``left`` asked whether nobody waits for one any more.
    """

    def __init__(self, *, limit: float = 2.0, workers: int = 2) -> None:
        self._limit = limit
        self.left: Callable[[], bool] = lambda: False
        left = lambda: self.left()  # noqa: E731
        self._pool = Pool(limit, workers, "Drawing it", loads="graphviz", left=left)
        self._converters = Pool(2 * limit, 1, "Converting it", waiting=3, left=left)
        self._figures: Remembered[tuple[Figure, bool]] = Remembered(
            _CACHED_CHARACTERS, lambda found: len(found[0].template)
        )
        self.tell: Callable[[float], object] = lambda seconds: None
        self._hurried: WeakSet[Figure] = WeakSet()
        self._places: Remembered[str] = Remembered(_CACHED_PLACES, len)

    def figure(self, shown: Graph | Fold, direction: str = "up") -> Figure:
        """The figure of a graph, drawn or remembered. Raises LayoutError.

        What takes too long or is too large to be laid out well is laid out plainly.
        """
        fold = shown if isinstance(shown, Fold) else unfolded(shown)
        framed = tuple(group.id for group, _ in fold.frames)
        bundles = tuple(box.members for box in fold.boxes if box.bundle or box.layer)
        key = (digits(), fold.graph.nodes, direction, fold.closed, framed, fold.bare, bundles, fold.focus)
        figure, _ = self._figures.get(
            key, lambda: self._draw(sketch(fold, direction)), lambda found: found[1]
        )
        return figure

    def is_hurried(self, figure: Figure) -> bool:
        """Whether there was no time for a better one, and may be the next time."""
        return figure in self._hurried

    @property
    def remembered(self) -> dict[str, Remembered[Any]]:
        return {"figures": self._figures, "places": self._places}

    @property
    def restarts(self) -> dict[str, int]:
        """How many processes had to be replaced."""
        return {"layout": self._pool.restarts, "conversion": self._converters.restarts}

    def network(self, network: Network, opened: Collection[int] = ()) -> Figure:
        """The figure of a network, layers from left to right, those ``opened`` neuron by neuron."""
        key = ("network", digits(), network.graph.nodes, blocks(network, opened))
        figure, _ = self._figures.get(key, lambda: (draw_network(network_sketch(network, opened)), True))
        return figure

    def place(self, source: str, limit: float | None = None) -> str:
        """Where Graphviz puts the nodes and edges of a DOT text: its JSON."""
        begun = time.monotonic()
        try:
            return self._pool.run("place", source, limit=limit).decode()
        finally:
            self.tell(time.monotonic() - begun)

    def png(self, svg: str, scale: float = 2.0, *, clear: bool = False) -> bytes:
        """A picture of ``scale`` pixels a unit, from a plain SVG file; ``clear`` has no ground."""
        return self._converters.run("png", svg, scale, MOST_PIXELS, clear)

    def pdf(self, svg: str) -> bytes:
        """A page of the picture's size, from what :meth:`Figure.printed` gives."""
        return self._converters.run("pdf", svg)

    def sheet(self, document: str) -> bytes:
        """Pages with exercises, from the JSON that :mod:`graphviz_backprop.jobs.sheet` makes."""
        return self._converters.run("sheet", document, limit=5 * self._limit)

    def start(self) -> None:
        """Starts the processes without waiting for them, so that no figure will have to."""
        self._pool.start()

    def warm(self, limit: float = 10.0) -> None:
        """Draws once, whatever is remembered. Raises LayoutTimeout and LayoutError where nothing is drawn."""
        self.place('digraph { node [label=""] a -> b }', limit)

    def close(self) -> None:
        """Ends the processes; those at work end after it."""
        self._pool.close()
        self._converters.close()

    def __enter__(self) -> Layout:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _draw(self, drawing: Sketch) -> tuple[Figure, bool]:
        """A figure, and whether it is the best one: curves get half of the time, straight lines the rest."""
        start = time.monotonic()
        if drawing.curved and not drawing.plain:
            try:
                return draw(drawing, self._placed(dot.for_layout(drawing), self._limit / 2)), True
            except LayoutTimeout:
                pass
        straight = straightened(drawing)
        if not drawing.plain:
            try:
                rest = self._limit - (time.monotonic() - start)
                return draw(straight, self._placed(dot.for_layout(straight), rest)), not drawing.curved
            except LayoutTimeout:
                if len(drawing.boxes) <= _SMALL:
                    raise
        return draw_at(straight, Rows(straight)), drawing.plain

    def _placed(self, source: str, limit: float | None = None) -> str:
        """The same, or what it was before: graphs that differ in texts of one length have the same places."""
        return self._places.get(source, lambda: self.place(source, limit))
