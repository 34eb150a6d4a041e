"""So many requests for one client, where $RATE says how many: "120/minute"; else as many as it likes."""

from __future__ import annotations

import math
import os
import time
from collections.abc import Iterable
from typing import TYPE_CHECKING

from flask import Flask
from limits import RateLimitItem, parse
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter
from werkzeug.wrappers import Response

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

_FREE = ("/static/", "/healthz", "/readyz", "/metrics")


class Shares:
    """The WSGI app that refuses a client's requests beyond its share. Each process counts for itself."""

    def __init__(self, app: WSGIApplication, share: RateLimitItem) -> None:
        self._app, self._share = app, share
        self._limiter = MovingWindowRateLimiter(MemoryStorage())

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        client = environ.get("REMOTE_ADDR", "")
        if environ.get("PATH_INFO", "").startswith(_FREE) or self._limiter.hit(self._share, client):
            return self._app(environ, start_response)
        again = self._limiter.get_window_stats(self._share, client).reset_time - time.time()
        refusal = Response(
            f"This server takes {self._share} requests of one client.\n",
            429,
            {"Retry-After": str(max(1, math.ceil(again))), "Cache-Control": "no-store", "X-Backprop": "1"},
        )
        return refusal(environ, start_response)


def install(app: Flask) -> None:
    """Raises ValueError where $RATE cannot be read."""
    share = os.environ.get("RATE", "")
    if share:
        app.wsgi_app = Shares(app.wsgi_app, parse(share))  # type: ignore[method-assign]
