"""What is told of each request: numbers for Prometheus at /metrics, a line for the log where $LOG says so.

Nothing is told of what was asked: no query, no body.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, TextIO

from flask import Flask
from werkzeug.wrappers import Response

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

    from graphviz_backprop.web.counted import Numbers

_OTHERS = "other"
_TYPE = "text/plain; version=0.0.4; charset=utf-8"
_FRESH = 1.0  # seconds: what is counted elsewhere is told to other processes so often


class Observed:
    """The WSGI app that tells of what others answer."""

    def __init__(
        self,
        app: WSGIApplication,
        paths: frozenset[str],
        numbers: Numbers,
        refresh: Callable[[], None],
        log: TextIO | None,
    ) -> None:
        self._app, self._paths, self._numbers = app, paths, numbers
        self._refresh, self._log = refresh, log
        self._told = 0.0

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if environ.get("PATH_INFO") == "/metrics" and environ["REQUEST_METHOD"] == "GET":
            self._refresh()
            return Response(self._numbers.text(), content_type=_TYPE)(environ, start_response)
        begun = time.perf_counter()
        said: list[str] = []

        def start(status: str, headers: Any, *more: Any) -> Any:
            said[:] = [status[:3]]
            return start_response(status, headers, *more)

        answer = self._app(environ, start)
        self._tell(environ, said[0] if said else "", time.perf_counter() - begun)
        return answer

    def _tell(self, environ: WSGIEnvironment, status: str, seconds: float) -> None:
        path = environ.get("PATH_INFO", "")
        path = "/static/" if path.startswith("/static/") else path if path in self._paths else _OTHERS
        method = environ["REQUEST_METHOD"]
        method = method if method in ("GET", "POST", "HEAD", "OPTIONS") else _OTHERS
        self._numbers.requests.labels(path, method, status).inc()
        self._numbers.seconds.labels(path).observe(seconds)
        if time.monotonic() - self._told > _FRESH:
            self._told = time.monotonic()
            self._refresh()
        if self._log:
            line = {
                "time": round(time.time(), 3),
                "client": environ.get("REMOTE_ADDR", ""),
                "method": method,
                "path": path,
                "status": int(status or 0),
                "ms": round(seconds * 1e3, 1),
            }
            print(json.dumps(line), file=self._log, flush=True)


def install(app: Flask, refresh: Callable[[Numbers], None]) -> None:
    """``refresh`` sets what is counted elsewhere, each time that somebody asks."""
    from graphviz_backprop.web.counted import Numbers

    numbers = app.extensions["numbers"] = Numbers()
    paths = frozenset(rule.rule for rule in app.url_map.iter_rules() if not rule.arguments)
    log = sys.stderr if os.environ.get("LOG") == "requests" else None
    app.wsgi_app = Observed(app.wsgi_app, paths, numbers, lambda: refresh(numbers), log)  # type: ignore[method-assign]
