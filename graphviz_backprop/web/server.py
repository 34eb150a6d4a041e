"""Serves the app with waitress until SIGINT or SIGTERM."""

import errno
import os
import signal
import socket
import sys
from collections.abc import Callable
from types import FrameType
from typing import NoReturn

from flask import Flask
from waitress.server import create_server


def serve(create_app: Callable[[], Flask]) -> None:
    """Listens on $HOST:$PORT (port 0 is any free one), says so once the app can draw, and serves."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _stop)
    host = os.environ.get("HOST") or "127.0.0.1"
    listener = _listen(host, _port(os.environ.get("PORT") or "8000"))  # before all work: it may be taken
    app = create_app()
    health = app.test_client().get("/healthz")  # starts what draws, too: the first visitor need not wait
    if health.status_code != 200:
        _fail(f"it cannot draw: {health.get_data(as_text=True)}")
    server = create_server(
        app,
        sockets=[listener],
        threads=8,
        max_request_header_size=256 * 1024,  # a URL may carry a long program
        max_request_body_size=51_000_000,  # a little over the limits of the app, which says so in words
        outbuf_high_watermark=256_000_000,  # a whole descent: no run waits for one who does not read
        connection_limit=500,
        channel_timeout=60,  # seconds of silence
        asyncore_use_poll=True,  # select() knows no more than 1,024 files
    )
    print(f"graphviz_backprop is ready at {_url(host, listener.getsockname()[1])}", flush=True)
    server.run()
    app.extensions["layout"].close()
    app.extensions["algebra"].close()


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=1024)
    except OSError as error:
        reason = "it is in use" if error.errno == errno.EADDRINUSE else error.strerror
        _fail(f"cannot listen at {_url(host, port)}: {reason}; PORT= and HOST= choose another address")


def _port(text: str) -> int:
    if text.isdecimal() and int(text) <= 65535:
        return int(text)
    _fail(f"PORT={text} is not a port: it takes a number from 0 to 65535")


def _url(host: str, port: int) -> str:
    return f"http://{f'[{host}]' if ':' in host else host}:{port}/"


def _stop(number: int, frame: FrameType | None) -> NoReturn:
    raise SystemExit  # waitress lets the requests at work end, then run() returns


def _fail(message: str) -> NoReturn:
    sys.exit(f"graphviz_backprop: {message}")
