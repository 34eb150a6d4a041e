"""The process that runs Graphviz: requests come in and pictures go out through its pipes.

:mod:`graphviz_backprop.layout` starts it as a script, so that it loads nothing but what it needs, and that
only once it does. Graphviz can't be interrupted, holds the interpreter's lock and may crash: a process of
its own can be killed.
"""

from __future__ import annotations

import json
import os
import struct
import sys
from collections.abc import Callable
from typing import IO, Literal

_LENGTH = struct.Struct(">I")


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
    from pygraphviz import AGraph

    graph = AGraph(dot)
    try:
        return bytes(graph.draw(format="json0", prog="dot"))
    finally:
        graph.close()


def png(svg: str, scale: float) -> bytes:
    """A picture of so many pixels a unit."""
    return _typeset(svg, "png", 72 * scale)


def pdf(svg: str) -> bytes:
    """A page as large as the picture."""
    return _typeset(svg, "pdf")


_PAGE = b"""\
#set page(width: auto, height: auto, margin: 0pt)
#image(bytes(sys.inputs.svg), format: "svg")
"""


def _typeset(svg: str, kind: Literal["png", "pdf"], ppi: float | None = None) -> bytes:
    import typst

    return typst.compile(_PAGE, format=kind, ppi=ppi, sys_inputs={"svg": svg})


JOBS: dict[str, Callable[..., bytes]] = {"place": place, "png": png, "pdf": pdf}


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
    # What a library prints goes to the log and not between our messages.
    replies = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    serve(sys.stdin.buffer, replies)
