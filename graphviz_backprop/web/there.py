"""The other side of :mod:`graphviz_backprop.web.apart`: the app in a process that answers nothing else."""

from __future__ import annotations

import contextlib
import importlib
import io
import json
import os
from functools import cache
from typing import TYPE_CHECKING

from flask import Flask, g

from graphviz_backprop.web import apart, create_app

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

MEMORY = 2_000_000_000
"""Bytes of addresses that the process may have, where the system counts them."""


def load() -> None:
    """Has all that is needed, before any clock runs."""
    _stand_back()
    _app().extensions["layout"].warm()


def load_tables() -> None:
    """Has what reads tables; no figure is drawn there."""
    _stand_back()
    _app()
    importlib.import_module("numpy")


def answer(environ: WSGIEnvironment, sent: bytes) -> bytes:
    """The answer to a request: its head in JSON, then its body."""
    wsgi = {
        "wsgi.version": (1, 0),
        "wsgi.multithread": False,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    whole = {**environ, **wsgi, "wsgi.input": io.BytesIO(sent), "CONTENT_LENGTH": str(len(sent))}
    app = _app()
    with app.request_context(whole):
        try:
            response = app.full_dispatch_request()
        except Exception as error:
            response = app.handle_exception(error)
        head = [response.status, list(response.headers), g.get("passing", False)]
        return json.dumps(head).encode() + b"\n" + response.get_data()


def members(sent: bytes) -> bytes:
    """What is sent to a descent: the object without its columns, their names and lengths, their bytes."""
    import numpy as np

    try:
        found = json.loads(sent)
    except (ValueError, RecursionError):
        return b"[null, []]\n"
    inside = found.get("data") if isinstance(found, dict) else None
    given = inside.get("columns") if isinstance(inside, dict) else None
    columns = given if isinstance(given, dict) else {}
    counts, cells = [], []
    for name, column in columns.items():
        if isinstance(column, list) and set(map(type, column)) <= {int, float}:
            with contextlib.suppress(OverflowError):  # who reads it tells it
                cells.append(np.array(column, np.float64).tobytes())
                counts.append([name, len(column)])
                columns[name] = None
    return b"".join([json.dumps([found, counts]).encode(), b"\n", *cells])


def _stand_back() -> None:
    """Takes no more memory than it may, and no processor from those who answer at once."""
    limit_memory(MEMORY)
    if hasattr(os, "nice"):
        os.nice(5)


def limit_memory(most: int) -> None:
    try:
        import resource
    except ImportError:  # Windows
        return
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    if hard != resource.RLIM_INFINITY:
        most = min(most, hard)
    with contextlib.suppress(ValueError, OSError):  # a system that knows of it and does not do it
        resource.setrlimit(resource.RLIMIT_AS, (most, hard))


@cache
def _app() -> Flask:
    for name in ("RATE", "LOG", "PROMETHEUS_MULTIPROC_DIR"):  # the other app counts and tells
        os.environ.pop(name, None)
    app = create_app()
    for name in apart.KINDS:
        del app.extensions[name]
    return app
