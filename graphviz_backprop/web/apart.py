"""What takes long is answered apart: by the same app in another process, with a budget of time and memory.

A large program keeps Python busy for seconds, in which every other request would wait for the interpreter,
and no clock can stop a thread. A process can be killed: when its time is over, or nobody waits any more.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from flask import Flask, Response, current_app, g, has_request_context, request
from werkzeug.exceptions import ServiceUnavailable

from graphviz_backprop.jobs.processes import JobBusy, JobError, JobLeft, JobTimeout, Pool

LIMIT = 10.0
"""Seconds for one request, waiting for others included."""

_THERE = "graphviz_backprop.web.there"
_TOLD = (
    "REQUEST_METHOD", "SCRIPT_NAME", "PATH_INFO", "QUERY_STRING", "SERVER_NAME", "SERVER_PORT",
    "SERVER_PROTOCOL", "REMOTE_ADDR", "wsgi.url_scheme",
)  # fmt: skip


class _Needed(Exception):
    """This request takes long."""


def needed() -> None:
    """Has this request answered apart, from its beginning; does nothing where it is already."""
    if has_request_context() and "apart" in current_app.extensions:
        raise _Needed


def install(app: Flask, left: Callable[[], bool], refused: Callable[[ServiceUnavailable], Any]) -> None:
    """``left`` says whether the client has gone; ``refused`` makes the answer to one who is to come again."""
    app.extensions["apart"] = Pool(LIMIT, 1, "It", loads=f"{_THERE}:load", waiting=3, left=left)

    def answer(_: _Needed) -> Any:
        try:
            return _answered(app.extensions["apart"])
        except JobBusy:
            return refused(ServiceUnavailable(_BUSY, retry_after=1))
        except JobTimeout:
            return refused(ServiceUnavailable(_LATE, retry_after=30))
        except JobLeft:
            return refused(ServiceUnavailable())
        except JobError:  # it has crashed: where there is no memory, the system ends whom it likes
            return refused(ServiceUnavailable(_CRASHED, retry_after=5))

    app.register_error_handler(_Needed, answer)


_BUSY = "Other large programs are being computed. Try again in a moment."
_LATE = f"This takes longer than {LIMIT:g} seconds. A smaller program does not, or fewer explanations."
_CRASHED = "What computes large programs has crashed. Try again in a moment."


def _answered(pool: Pool) -> Response:
    environ = {name: value for name in _TOLD if (value := request.environ.get(name)) is not None}
    environ |= {name: value for name, value in request.environ.items() if name.startswith("HTTP_")}
    kind, body = _body()
    reply = pool.run(f"{_THERE}:answer", environ | {"CONTENT_TYPE": kind}, body)
    head, _, content = reply.partition(b"\n")
    status, headers, g.passing = json.loads(head)
    return Response(content, status, [tuple(pair) for pair in headers])


def _body() -> tuple[str, str]:
    """What was sent, of a kind that has been read once already; each letter is a byte."""
    if request.is_json:
        return "application/json", request.get_data().decode("latin-1")
    form = urlencode(list(request.form.items(multi=True)), errors="replace")
    return "application/x-www-form-urlencoded", form
