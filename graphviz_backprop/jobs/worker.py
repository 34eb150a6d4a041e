"""The process that runs Graphviz: requests come in and pictures go out through its pipes.

A pool of :mod:`graphviz_backprop.jobs.processes` starts it as a script, so that it loads nothing but what
it needs, and that only once it does. Graphviz can't be interrupted, holds the interpreter's lock and may
crash: a process of its own can be killed.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import struct
import subprocess
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import IO, Any, Literal

_LENGTH = struct.Struct(">I")

_PAGE = b"""\
#set page(width: auto, height: auto, margin: 0pt)
#image(bytes(sys.inputs.svg), format: "svg", width: float(sys.inputs.width) * 1pt)
"""
_MOST_PIXELS = 10_000_000
_LONGEST_PAGE = 14_400  # points: what Acrobat shows


def receive(stream: IO[bytes]) -> bytes | None:
    """The next message, or None where there is none any more."""
    head = stream.read(_LENGTH.size)
    if len(head) < _LENGTH.size:
        return None
    (length,) = _LENGTH.unpack(head)
    body = stream.read(length)
    return body if len(body) == length else None


def send(stream: IO[bytes], message: bytes) -> None:
    """One message, after its length."""
    stream.write(_LENGTH.pack(len(message)) + message)
    stream.flush()


def place(dot: str) -> bytes:
    """Where everything goes, as Graphviz's JSON."""
    try:
        from pygraphviz import AGraph, graphviz
    except ImportError:  # its wheel counts on libraries that a bare server may not have
        return _placed_by_node(dot)
    graph = AGraph(dot)
    context = _context()
    try:
        if graphviz.gvLayout(context, graph.handle, b"dot"):
            raise RuntimeError("Graphviz found no layout")
        error, placed = graphviz.gvRenderData(context, graph.handle, b"json0")
        graphviz.gvFreeLayout(context, graph.handle)
    finally:
        graph.close()
    if error:
        raise RuntimeError("Graphviz could not write its layout down")
    return bytes(placed)


@cache
def _context() -> Any:
    """Graphviz's own state, which AGraph.draw() would set up anew for every layout."""
    from pygraphviz import graphviz

    return graphviz.gvContextWithBuiltins()


def _placed_by_node(dot: str) -> bytes:
    """The same from Graphviz for WebAssembly, which needs nothing but the node that setup has installed."""
    node = shutil.which("node", path=str(Path(sys.executable).parent)) or shutil.which("node")
    if node is None:
        raise RuntimeError("Graphviz misses a system library; on Debian and Ubuntu: libpangocairo-1.0-0")
    command = [node, str(Path(__file__).with_name("place.mjs"))]
    return subprocess.run(command, input=dot.encode(), stdout=subprocess.PIPE, check=True).stdout


def png(svg: str, scale: float) -> bytes:
    """A picture of so many pixels a unit, fewer where it would be huge."""
    width, height = _size(svg)
    scale = min(scale, (_MOST_PIXELS / (width * height)) ** 0.5)
    return _typeset(svg, "png", width, ppi=72 * scale)


def pdf(svg: str) -> bytes:
    """A page as large as the picture, in points for units; smaller where no reader shows such a page."""
    width, height = _size(svg)
    return _typeset(svg, "pdf", width * min(1, _LONGEST_PAGE / max(width, height)))


def _size(svg: str) -> tuple[float, float]:
    found = re.search(r'width="([\d.]+)" height="([\d.]+)"', svg)
    if found is None:
        raise ValueError("this is no picture of ours: it does not say how large it is")
    return float(found[1]), float(found[2])


def _typeset(svg: str, kind: Literal["png", "pdf"], width: float, ppi: float | None = None) -> bytes:
    import typst

    inputs = {"svg": svg, "width": f"{width}"}
    return typst.compile(_PAGE, format=kind, ppi=ppi, sys_inputs=inputs)


def derive(program: str, view: str, opened: list[str], variable: str) -> bytes:
    """The closed form of a program's output and of its derivative, as JSON."""
    sys.path.append(str(Path(__file__).parents[2]))
    from graphviz_backprop.explain.closed import closed_form

    return json.dumps(closed_form(program, view, opened, variable)).encode()


JOBS: dict[str, Callable[..., bytes]] = {"place": place, "png": png, "pdf": pdf, "derive": derive}


def serve(requests: IO[bytes], replies: IO[bytes]) -> None:
    """Answers until the other side closes the pipe: ``+`` and the result, or ``-`` and what went wrong."""
    while (message := receive(requests)) is not None:
        job, arguments = json.loads(message)
        try:
            reply = b"+" + JOBS[job](*arguments)
        except Exception as error:  # whatever it is, the other side raises it
            reply = b"-" + f"{type(error).__name__}: {error}".encode()
        send(replies, reply)


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the app, which then closes the pipe
    # What a library prints goes to the log and not between our messages.
    replies = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    serve(sys.stdin.buffer, replies)
