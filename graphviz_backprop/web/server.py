"""Serves the app until SIGINT or SIGTERM: with waitress, in one process or in several."""

import errno
import logging
import os
import signal
import socket
import sys
from collections.abc import Callable
from types import FrameType
from typing import NoReturn

from flask import Flask

from graphviz_backprop.jobs.layout import LayoutError, LayoutTimeout
from graphviz_backprop.resources import LIBRARIES, VENDOR
from graphviz_backprop.web import apart, workers
from graphviz_backprop.web.connections import Server

# A browser opens six connections. Each is a file, of which a system may allow a program few.
_CONNECTIONS = 6_000
_OTHER_FILES = 200

_START = 60.0  # seconds for the first figure, on a machine with a lot to do


def serve(create_app: Callable[[], Flask], host: str = "", port: str = "") -> None:
    """Listens on a host and port (0 is any free one), says so once the app can draw, and serves.

    What is not given is $HOST, else 127.0.0.1, and $PORT, else 8000. $WORKERS processes serve, else one.
    """
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _stop)
    host = host or os.environ.get("HOST") or "127.0.0.1"
    count = _workers()
    listener = _listen(
        host, _port(port or os.environ.get("PORT") or "8000")
    )  # before all work: it may be taken
    address = _url(host, listener.getsockname()[1])
    ready = lambda: print(f"graphviz_backprop is ready at {address}", flush=True)  # noqa: E731
    if count == 1:
        _serve(create_app, listener, ready)
    else:
        workers.run(count, lambda started: _serve(create_app, listener, started), ready)


def _serve(create_app: Callable[[], Flask], listener: socket.socket, ready: Callable[[], None]) -> None:
    """Serves at a socket, in this process, until it is told to stop."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _stop)
    app = create_app()
    _ready(app)
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)  # that some wait is no fault
    server = Server(
        app,
        listener,
        threads=32,  # some wait for the processes that draw; there must be others for those who don't
        recv_bytes=65_536,  # each piece of a body waits for the interpreter: few large ones do so seldom
        max_request_header_size=256 * 1024,  # a URL may carry a long program
        max_request_body_size=51_000_000,  # a little over the limits of the app, which says so in words
        inbuf_overflow=64_000_000,  # no body is written to a disk
        outbuf_overflow=1_000_000_000,
        outbuf_high_watermark=256_000_000,  # a whole descent: no run waits for one who does not read
        connection_limit=_connections(),
        channel_timeout=20,  # seconds of silence: a tab that is only open leaves its place to others
        channel_request_lookahead=1,  # so that it is seen when a client leaves
        ident=None,
    )

    def stop(number: int, frame: FrameType | None) -> None:
        app.extensions["stopping"].set()
        server.stop()

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stop)
    ready()
    server.run()
    for name in ("layout", "algebra", *apart.KINDS):
        app.extensions[name].close()


def _workers() -> int:
    text = os.environ.get("WORKERS") or "1"
    if not (text.isdecimal() and 1 <= int(text) <= 64):
        _fail(f"WORKERS={text} is no number of processes: it takes one from 1 to 64")
    if int(text) > 1 and not hasattr(os, "fork"):
        _fail("WORKERS= is for systems that can fork: this one serves with one process")
    return int(text)


def _ready(app: Flask) -> None:
    """Starts what draws, too, so that the first visitor need not wait."""
    missing = [path for path in VENDOR.values() if not (LIBRARIES / path).is_file()]
    if missing:
        _fail(f"{LIBRARIES / missing[0]} is missing: `npm ci --omit=dev`, `make` or `pip install` brings it")
    app.extensions["layout"].start()
    app.extensions["algebra"].start()
    try:
        app.extensions["layout"].warm(_START)
        with app.test_request_context("/"):  # templates and grammar are read before all visitors come at once
            app.full_dispatch_request()
    except (LayoutTimeout, LayoutError) as refusal:
        _fail(f"it cannot draw: {refusal}")


def _connections() -> int:
    """How many there may be at once: as many as the system allows, which is asked for more."""
    try:
        import resource
    except ImportError:  # Windows counts no files
        return _CONNECTIONS
    wanted = _CONNECTIONS + _OTHER_FILES
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        soft = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    return (
        _CONNECTIONS if soft == resource.RLIM_INFINITY else max(100, min(_CONNECTIONS, soft - _OTHER_FILES))
    )


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
    raise SystemExit  # it has not served anybody yet


def _fail(message: str) -> NoReturn:
    sys.exit(f"graphviz_backprop: {message}")
