"""The process that runs Graphviz: requests come in and pictures go out through its pipes.

A pool of :mod:`graphviz_backprop.jobs.processes` starts it as a script, so that it loads nothing but what
it needs, and that only once it does. Graphviz can't be interrupted, holds the interpreter's lock and may
crash: a process of its own can be killed.
"""

from __future__ import annotations

import contextlib
import faulthandler
import importlib
import json
import os
import re
import runpy
import shutil
import signal
import struct
import subprocess
import sys
import tempfile
import threading
import time
import zlib
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import IO, Any, Literal

DONE, ERROR, MISSING = b"+", b"-", b"?"
"""How a reply begins: with its result, with what went wrong, with what is not installed."""

_GRACE = 5.0  # seconds: who asks kills this process before, as long as it is there
_LOOK = 1.0

_LENGTH = struct.Struct(">I")

_PAGE = b"""\
#set page(width: auto, height: auto, margin: 0pt, fill: if sys.inputs.clear == "yes" { none } else { auto })
#image(bytes(sys.inputs.svg), format: "svg", width: float(sys.inputs.width) * 1pt)
"""
_LONGEST_PAGE = 14_400  # points: what Acrobat shows


def receive(stream: IO[bytes]) -> bytes | None:
    """The next message, or None where there is none any more."""
    head = stream.read(_LENGTH.size)
    if len(head) < _LENGTH.size:
        return None
    (length,) = _LENGTH.unpack(head)
    body = stream.read(length)
    return body if len(body) == length else None


def send(stream: IO[bytes], *pieces: bytes) -> None:
    """One message, after its length; large pieces are not copied into one."""
    stream.write(_LENGTH.pack(sum(map(len, pieces))))
    for piece in pieces:
        stream.write(piece)
    stream.flush()


def place(dot: str) -> bytes:
    """Where everything goes, as Graphviz's JSON."""
    try:
        from pygraphviz import AGraph, graphviz
    except ImportError:  # its wheel counts on libraries that a bare server may not have
        return _placed_by_node(dot)
    graph = AGraph()
    with _file() as file:  # AGraph(dot) would need a disk that has room
        file.write(dot.encode())
        file.seek(0)
        graph.read(file)
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


def _file() -> IO[bytes]:
    """In memory, where the system has such files."""
    if hasattr(os, "memfd_create"):
        return os.fdopen(os.memfd_create("dot"), "w+b")
    return tempfile.TemporaryFile()


@cache
def _context() -> Any:
    """Graphviz's own state, which AGraph.draw() would set up anew for every layout."""
    from pygraphviz import graphviz

    return graphviz.gvContextWithBuiltins()


def _placed_by_node(dot: str) -> bytes:
    """The same from Graphviz for WebAssembly, which needs nothing but a node."""
    node = _node()
    assert node.stdin
    assert node.stdout
    send(node.stdin, dot.encode())
    reply = receive(node.stdout)
    if reply is None:
        sys.exit("Graphviz for WebAssembly has ended")  # a process that is started anew gets a new one
    if reply[:1] != b"+":
        raise RuntimeError(reply[1:].decode())
    return reply[1:]


@cache
def _node() -> subprocess.Popen[bytes]:
    """The node that places: that of setup, or the machine's."""
    here = Path(__file__)
    resources = runpy.run_path(str(here.parents[1] / "resources.py"))
    library = resources["LIBRARIES"] / resources["PLACER"]
    node = shutil.which("node", path=str(Path(sys.executable).parent)) or shutil.which("node")
    if node is None or not library.is_file():
        raise RuntimeError("Graphviz misses a system library; on Debian and Ubuntu: libpangocairo-1.0-0")
    command = [node, str(here.with_name("place.mjs")), str(library)]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)


def png(svg: str, scale: float, most: int, clear: bool) -> bytes:
    """A picture of so many pixels a unit, fewer where it would have more than ``most``; with its density."""
    width, height = _size(svg)
    scale = min(scale, (most / (width * height)) ** 0.5)
    return _with_density(_typeset(svg, "png", width, 72 * scale, clear), 96 * scale)


def _with_density(picture: bytes, dpi: float) -> bytes:
    """The PNG with its pixels an inch behind its header, so that others show it in its size."""
    dots = round(dpi / 0.0254)
    body = b"pHYs" + struct.pack(">IIB", dots, dots, 1)
    chunk = struct.pack(">I", len(body) - 4) + body + struct.pack(">I", zlib.crc32(body))
    header = len(b"\x89PNG\r\n\x1a\n") + 4 + 4 + 13 + 4
    return picture[:header] + chunk + picture[header:]


def pdf(svg: str) -> bytes:
    """A page as large as the picture, in points for units; smaller where no reader shows such a page."""
    width, height = _size(svg)
    return _typeset(svg, "pdf", width * min(1, _LONGEST_PAGE / max(width, height)))


def _size(svg: str) -> tuple[float, float]:
    found = re.search(r'width="([\d.]+)" height="([\d.]+)"', svg)
    if found is None:
        raise ValueError("this is no picture of ours: it does not say how large it is")
    return float(found[1]), float(found[2])


def _typeset(
    svg: str, kind: Literal["png", "pdf"], width: float, ppi: float | None = None, clear: bool = False
) -> bytes:
    import typst

    inputs = {"svg": svg, "width": f"{width}", "clear": "yes" if clear else "no"}
    return typst.compile(_PAGE, format=kind, ppi=ppi, sys_inputs=inputs)


_SHEET = b"""\
#let sheet = json(bytes(sys.inputs.sheet))
#set page(paper: "a4", margin: (x: 18mm, y: 16mm), numbering: "1")
#set text(size: 11pt)
#text(size: 17pt, weight: "bold", sheet.title)
#linebreak()
#sheet.about
#for (at, exercise) in sheet.exercises.enumerate() {
  block(breakable: false, width: 100%, above: 9mm)[
    #grid(
      columns: (auto, 1fr, auto), column-gutter: 5pt, align: (top, top, bottom + right),
      text(weight: "bold", [#(at + 1).]), raw(exercise.program), exercise.at,
    )
    #align(center, image(bytes(exercise.svg), format: "svg", width: exercise.width * 1pt))
    #grid(columns: (1fr, 1fr, 1fr), row-gutter: 4mm, ..exercise.asked.map(line => [#line]))
  ]
}
"""


def sheet(document: str) -> bytes:
    """Exercises on paper, as a PDF: what :mod:`graphviz_backprop.jobs.sheet` puts together."""
    import typst

    return typst.compile(_SHEET, format="pdf", sys_inputs={"sheet": document})


def derive(program: str, view: str, opened: list[str], variable: str) -> bytes:
    """The closed form of a program's output and of its derivative, as JSON."""
    closed = _ours("graphviz_backprop.explain.closed")
    return json.dumps(closed.closed_form(program, view, opened, variable)).encode()


@cache
def _ours(module: str) -> ModuleType:
    """A module of the app, with all that it uses."""
    sys.path.append(str(Path(__file__).parents[2]))
    return importlib.import_module(module)


JOBS: dict[str, Callable[..., bytes]] = {
    "place": place,
    "png": png,
    "pdf": pdf,
    "sheet": sheet,
    "derive": derive,
}


def _of(jobs: dict[str, Callable[..., Any]], name: str) -> Callable[..., Any]:
    """A job of these, or another part's: its module and its name there."""
    module, colon, function = name.partition(":")
    return getattr(_ours(module), function) if colon else jobs[name]


LOADS: dict[str, Callable[[], object]] = {
    "": lambda: None,
    "graphviz": lambda: place('digraph { node [label=""] a -> b }'),
    "sympy": lambda: derive("x^2", "tree", [], "x"),
}
"""What takes a while at first, by what a pool's processes load before any clock runs."""

_EXTRAS = {"typst": "export", "sympy": "algebra"}


def serve(requests: IO[bytes], replies: IO[bytes], loads: str = "") -> None:
    """Says that it is ready, then answers until the other side closes the pipe.

    A message is a line of JSON: the job, its arguments, its time. Bytes behind it are one more argument.
    """
    with contextlib.suppress(Exception):  # the first job that counts on it says what is wrong
        _of(LOADS, loads)()
    send(replies, DONE)
    while (message := receive(requests)) is not None:
        line, more, sent = message.partition(b"\n")
        job, arguments, limit = json.loads(line)
        del message  # it may be large
        with _ended_after(limit + _GRACE):
            done = _answer(_of(JOBS, job), [*arguments, sent] if more else arguments)
        send(replies, *done)


@contextlib.contextmanager
def _ended_after(seconds: float) -> Iterator[None]:
    """Ends this process where what is done takes longer: whoever should have killed it is gone.

    It is a clock that needs no lock of the interpreter's, which Graphviz holds.
    """
    with Path(os.devnull).open("w") as unread:
        faulthandler.dump_traceback_later(seconds, exit=True, file=unread)
        try:
            yield
        finally:
            faulthandler.cancel_dump_traceback_later()


def _end_without(parent: int) -> None:
    """Ends this process, and what it has started, once its parent is gone; it may be at work still."""
    while os.getppid() == parent:  # on Windows it is for good: there the clock ends it
        time.sleep(_LOOK)
    os.killpg(0, signal.SIGKILL)


def _answer(job: Callable[..., bytes], arguments: list[Any]) -> tuple[bytes, bytes]:
    try:
        return DONE, job(*arguments)
    except ModuleNotFoundError as error:
        extra = _EXTRAS.get(error.name or "", "all")
        return MISSING, f"{error.name} is not installed: pip install 'graphviz_backprop[{extra}]'".encode()
    except Exception as error:  # whatever it is, the other side raises it
        return ERROR, f"{type(error).__name__}: {error}".encode()


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the app, which then closes the pipe
    threading.Thread(target=_end_without, args=[os.getppid()], daemon=True).start()
    # What a library prints goes to the log and not between our messages.
    replies = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    try:
        serve(sys.stdin.buffer, replies, *sys.argv[1:])
    except BrokenPipeError:  # nobody reads any more, which is no fault; closing would write once more
        os._exit(0)
