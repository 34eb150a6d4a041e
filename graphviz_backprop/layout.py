"""Graphviz and the converters, in processes that can be killed, and a cache of what they drew.

The processes are our own and not a pool of ``multiprocessing`` or of pebble: those import the main module
again, which is the whole web app, or fails in a script that does not expect it.
"""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections import OrderedDict
from collections.abc import Hashable
from pathlib import Path
from queue import Empty, LifoQueue
from types import TracebackType
from typing import Any

from graphviz_backprop import dot, worker
from graphviz_backprop.figure import Figure, draw
from graphviz_backprop.graph import Graph
from graphviz_backprop.sketch import Sketch, TooLarge, sketch, straightened

__all__ = ["Layout", "LayoutError", "LayoutTimeout", "TooLarge"]

_CACHED_CHARACTERS = 32_000_000


class LayoutTimeout(Exception):
    """The picture was not ready in time."""


class LayoutError(Exception):
    """The process that draws said what went wrong, or ended."""


class Layout:
    """Draws graphs. All threads of a process share one; its worker processes start when they are needed.

    No layout takes longer than ``limit`` seconds.
    """

    def __init__(self, *, limit: float = 2.0, workers: int = 2) -> None:
        self._limit = limit
        self._free: LifoQueue[_Worker] = LifoQueue()
        for _ in range(workers):
            self._free.put(_Worker())
        self._figures = _Cache(_CACHED_CHARACTERS)

    def figure(self, graph: Graph, direction: str = "up") -> Figure:
        """The figure of a graph, drawn or remembered. Raises TooLarge and LayoutTimeout."""
        drawing, about = sketch(graph, direction), _about(graph)
        known = self._figures.get((drawing, about))
        if known is None:
            known = self._draw(drawing, about)
            self._figures.put((drawing, about), known)
        return known

    def template(self, graph: Graph, direction: str = "up") -> str:
        """The figure as SVG to be filled."""
        return self.figure(graph, direction).template

    def place(self, source: str, limit: float | None = None) -> str:
        """Where Graphviz puts the nodes, edges and labels of a DOT text: its JSON."""
        return self._run("place", source, limit=limit).decode()

    def png(self, svg: str, scale: float = 2.0) -> bytes:
        """A picture of ``scale`` pixels a unit from :meth:`Figure.printed`."""
        return self._run("png", svg, scale)

    def pdf(self, svg: str) -> bytes:
        """A page of the picture's size from :meth:`Figure.printed`."""
        return self._run("pdf", svg)

    def warm(self) -> None:
        """Starts a process and draws once: the first figure will not wait."""
        self.place("digraph { a -> b }", limit=10.0)

    def close(self) -> None:
        """Ends the processes. Those at work end with their work."""
        while True:
            try:
                self._free.get_nowait().kill()
            except Empty:
                return

    def __enter__(self) -> Layout:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _draw(self, drawing: Sketch, about: str) -> Figure:
        """With curves, if that does not take half of the time there is."""
        if drawing.curved:
            try:
                return draw(drawing, self.place(dot.for_layout(drawing), self._limit / 2), about)
            except LayoutTimeout:
                drawing = straightened(drawing)
        return draw(drawing, self.place(dot.for_layout(drawing)), about)

    def _run(self, job: str, *arguments: Any, limit: float | None = None) -> bytes:
        limit = limit or self._limit
        try:
            worker = self._free.get(timeout=limit)
        except Empty:
            raise LayoutTimeout("all are busy drawing other pictures; try again in a moment") from None
        try:
            return worker.run(limit, job, *arguments)
        finally:
            self._free.put(worker)


def _about(graph: Graph) -> str:
    count = len(graph.nodes)
    return f"Computation graph with {count} node{'s' if count != 1 else ''}; the output is {graph.output.id}"


class _Worker:
    """One process: it starts for its first job, and again for the next one once it was killed or crashed."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None

    def run(self, limit: float, job: str, *arguments: Any) -> bytes:
        """The result of a job, or LayoutTimeout once the process had to be killed."""
        process = self._alive()
        late = threading.Event()

        def end() -> None:
            late.set()
            process.kill()

        clock = threading.Timer(limit, end)
        clock.start()
        try:
            reply = _ask(process, json.dumps([job, arguments]).encode())
        finally:
            clock.cancel()
        if reply is None:
            self.kill()
            if late.is_set():
                raise LayoutTimeout(f"it could not be drawn within {limit:g} seconds")
            raise LayoutError("the drawing process ended unexpectedly")
        if reply[:1] != b"+":
            raise LayoutError(reply[1:].decode())
        return reply[1:]

    def kill(self) -> None:
        """Ends the process, if there is one."""
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        process.wait()
        for stream in (process.stdin, process.stdout):
            if stream:
                stream.close()

    def _alive(self) -> subprocess.Popen[bytes]:
        if self._process is None or self._process.poll() is not None:
            self.kill()
            # -P: the script's folder must not become the first place where modules are looked for.
            self._process = subprocess.Popen(
                [sys.executable, "-P", str(Path(worker.__file__))],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
            )
        return self._process


def _ask(process: subprocess.Popen[bytes], message: bytes) -> bytes | None:
    """The reply, or None from a process that has ended."""
    assert process.stdin
    assert process.stdout
    try:
        worker.send(process.stdin, message)
        return worker.receive(process.stdout)
    except OSError:
        return None


class _Cache:
    """The figures that were used last, up to a total size."""

    def __init__(self, room: int) -> None:
        self._room = room
        self._figures: OrderedDict[Hashable, Figure] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: Hashable) -> Figure | None:
        with self._lock:
            if key in self._figures:
                self._figures.move_to_end(key)
            return self._figures.get(key)

    def put(self, key: Hashable, figure: Figure) -> None:
        with self._lock:
            if key not in self._figures:
                self._room -= len(figure.template)
            self._figures[key] = figure
            while self._room < 0:
                _, oldest = self._figures.popitem(last=False)
                self._room += len(oldest.template)
