"""What takes long is answered apart: by the same app in another process, with a budget of time and memory.

A large program keeps Python busy for seconds, in which every other request would wait for the interpreter,
and no clock can stop a thread. A process can be killed: when its time is over, or nobody waits any more.
So it is with large tables, which have a process of their own: neither waits for the other.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from flask import Flask, Response, current_app, g, has_request_context, request
from werkzeug.exceptions import ServiceUnavailable

from graphviz_backprop.jobs.processes import JobBusy, JobError, JobLeft, JobTimeout, Pool

_THERE = "graphviz_backprop.web.there"
_TOLD = (
    "REQUEST_METHOD", "SCRIPT_NAME", "PATH_INFO", "QUERY_STRING", "SERVER_NAME", "SERVER_PORT",
    "SERVER_PROTOCOL", "REMOTE_ADDR", "wsgi.url_scheme",
)  # fmt: skip


@dataclass(frozen=True)
class _Kind:
    """What is answered in one process."""

    limit: float
    """Seconds for one request, waiting for others included."""
    loads: str
    busy: str
    late: str
    crashed: str


KINDS = {
    "apart": _Kind(
        10.0,
        "load",
        "Other large programs are being computed. Try again in a moment.",
        "This takes longer than 10 seconds. A smaller program does not, or fewer explanations.",
        "What computes large programs has crashed. Try again in a moment.",
    ),
    "tables": _Kind(
        30.0,
        "load_tables",
        "Other large tables are being read. Try again in a moment.",
        "This takes longer than 30 seconds. A smaller table does not.",
        "What reads large tables has crashed. Try again in a moment.",
    ),
}
"""By the names of their pools."""


class _Needed(Exception):
    """This request takes long."""

    def __init__(self, kind: str, sent: bytes | None) -> None:
        self.kind, self.sent = kind, sent


def needed(kind: str = "apart", read: Callable[[], bytes] | None = None) -> None:
    """Has this request answered apart, from its beginning; does nothing where it is already.

    ``read`` gives its body, where nobody has read it so far.
    """
    if has_request_context() and "apart" in current_app.extensions:
        raise _Needed(kind, read() if read else None)


def install(app: Flask, left: Callable[[], bool], refused: Callable[[ServiceUnavailable], Any]) -> None:
    """``left`` says whether the client has gone; ``refused`` makes the answer to one who is to come again."""
    for name, kind in KINDS.items():
        app.extensions[name] = Pool(kind.limit, 1, "It", loads=f"{_THERE}:{kind.loads}", waiting=3, left=left)

    def answer(request: _Needed) -> Any:
        try:
            with _told(request.kind):
                return _answered(app.extensions[request.kind], request.sent)
        except ServiceUnavailable as error:
            return refused(error)

    app.register_error_handler(_Needed, answer)


@contextmanager
def _told(name: str) -> Iterator[None]:
    """What becomes of a job that is not done, as a ServiceUnavailable."""
    kind = KINDS[name]
    try:
        yield
    except JobBusy:
        raise ServiceUnavailable(kind.busy, retry_after=1) from None
    except JobTimeout:
        raise ServiceUnavailable(kind.late, retry_after=30) from None
    except JobLeft:
        raise ServiceUnavailable() from None
    except JobError:  # it has crashed: where there is no memory, the system ends whom it likes
        raise ServiceUnavailable(kind.crashed, retry_after=5) from None


def members(sent: bytes) -> Mapping[str, Any] | None:
    """The members of a long object in JSON, columns of numbers in its data as arrays; None where it is none.

    Whoever reads so many numbers holds the interpreter: it is done where large tables are read.
    """
    with _told("tables"):
        reply = current_app.extensions["tables"].run(f"{_THERE}:members", sent=sent)
    head, _, cells = reply.partition(b"\n")
    found, counts = json.loads(head)
    if counts:
        import numpy as np

        at = 0
        for name, count in counts:
            found["data"]["columns"][name] = np.frombuffer(cells, np.float64, count, at)
            at += count * np.dtype(np.float64).itemsize
    return found if isinstance(found, dict) else None


def _answered(pool: Pool, sent: bytes | None) -> Response:
    environ = {name: value for name in _TOLD if (value := request.environ.get(name)) is not None}
    environ |= {name: value for name, value in request.environ.items() if name.startswith("HTTP_")}
    kind, body = _read_before() if sent is None else (request.content_type or "", sent)
    reply = pool.run(f"{_THERE}:answer", environ | {"CONTENT_TYPE": kind}, sent=body)
    head, _, content = reply.partition(b"\n")
    status, headers, g.passing = json.loads(head)
    return Response(content, status, [tuple(pair) for pair in headers])


def _read_before() -> tuple[str, bytes]:
    """What was sent, of a kind that has been read once already."""
    if request.is_json:
        return "application/json", request.get_data()
    form = urlencode(list(request.form.items(multi=True)), errors="replace")
    return "application/x-www-form-urlencoded", form.encode()
