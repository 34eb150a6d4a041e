"""Graphviz and the converters, in processes that can be killed, and a cache of what they drew.

The processes are our own and not a pool of ``multiprocessing`` or of pebble: those import the main module
again, which is the whole web app, or fails in a script that does not expect it.
"""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import time
from collections import OrderedDict
from collections.abc import Hashable
from pathlib import Path
from queue import Empty, LifoQueue
from types import TracebackType
from typing import Any

from graphviz_backprop import dot, worker
from graphviz_backprop.figure import Figure, draw
from graphviz_backprop.graph import Graph
from graphviz_backprop.sketch import TooLarge, sketch, straightened

__all__ = ["Layout", "LayoutError", "LayoutTimeout", "TooLarge"]

_CACHED_CHARACTERS = 32_000_000


class LayoutTimeout(Exception):
    """The picture was not ready in time."""


class LayoutError(Exception):
    """The process that draws said what went wrong, or ended."""


class Layout:
    """Draws graphs. All threads of a process share one; its processes start when they are needed.

    No figure takes longer than ``limit`` seconds, waiting for a free process included, and no conversion
    longer than twice as much.
    """

    def __init__(self, *, limit: float = 2.0, workers: int = 2) -> None:
        self._limit = limit
        self._closed = False
        self._free: LifoQueue[_Worker] = LifoQueue()
        for _ in range(workers):
            self._free.put(_Worker())
        self._figures = _Cache(_CACHED_CHARACTERS)

    def figure(self, graph: Graph, direction: str = "up") -> Figure:
        """The figure of a graph, drawn or remembered. Raises TooLarge, LayoutTimeout and LayoutError."""
        key = (graph.nodes, direction)
        figure = self._figures.get(key)
        if figure is None:
            figure, good = self._draw(graph, direction)
            if good:
                self._figures.put(key, figure)
        return figure

    def place(self, source: str, limit: float | None = None) -> str:
        """Where Graphviz puts the nodes and edges of a DOT text: its JSON."""
        return self._run("place", source, limit=limit).decode()

    def png(self, svg: str, scale: float = 2.0) -> bytes:
        """A picture of ``scale`` pixels a unit, from what :meth:`Figure.printed` gives."""
        return self._run("png", svg, scale, limit=2 * self._limit)

    def pdf(self, svg: str) -> bytes:
        """A page of the picture's size, from what :meth:`Figure.printed` gives."""
        return self._run("pdf", svg, limit=2 * self._limit)

    def warm(self) -> None:
        """Starts a process and draws once, so that the first figure will not wait."""
        self.place('digraph { node [label=""] a -> b }', limit=10.0)

    def close(self) -> None:
        """Ends the processes; those at work end after it."""
        self._closed = True
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

    def _draw(self, graph: Graph, direction: str) -> tuple[Figure, bool]:
        """A figure, and whether it is the best one: curves get half of the time, straight lines the rest."""
        start, drawing = time.monotonic(), sketch(graph, direction)
        if not drawing.curved:
            return draw(drawing, self.place(dot.for_layout(drawing))), True
        try:
            return draw(drawing, self.place(dot.for_layout(drawing), self._limit / 2)), True
        except LayoutTimeout:
            rest = self._limit - (time.monotonic() - start)
            drawing = straightened(drawing)
            return draw(drawing, self.place(dot.for_layout(drawing), rest)), False

    def _run(self, job: str, *arguments: Any, limit: float | None = None) -> bytes:
        limit = self._limit if limit is None else limit
        start = time.monotonic()
        try:
            worker = self._free.get(timeout=limit)
        except Empty:
            raise LayoutTimeout("Too many others are being drawn. Try again in a moment.") from None
        try:
            return worker.run(limit - (time.monotonic() - start), job, *arguments)
        finally:
            if self._closed:
                worker.kill()
            else:
                self._free.put(worker)


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

        clock = threading.Timer(max(limit, 0), end)
        clock.start()
        try:
            reply = _ask(process, json.dumps([job, arguments]).encode())
        finally:
            clock.cancel()
        if reply is None or late.is_set():
            self.kill()
        if reply is None and late.is_set():
            raise LayoutTimeout("Drawing it takes too long.")
        if reply is None:
            raise LayoutError("The process that draws has crashed.")
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
            command = [sys.executable, "-P", str(Path(worker.__file__))]
            self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
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
