"""Processor time of one thread for one answer, without a socket: what each kind of request costs the server.

Other work on the machine counts little in it. Bounded: 30 answers of a kind, three times, the least of them.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from itertools import count
from urllib.parse import quote

from flask import Flask
from werkzeug.test import EnvironBuilder, run_wsgi_app

from bench.crowd import PROGRAMS
from graphviz_backprop.web import create_app

ANSWERS, ROUNDS = 30, 3


def main() -> None:
    app = create_app()
    app.extensions["layout"].warm(60)
    numbers = count(1_000)
    script = re.search(r'src="(/static/[^"]+\.js)"', _text(app, "/"))
    assert script
    kinds: dict[str, Callable[[], str]] = {
        "a new page": lambda: f"/?expr={quote(f'({next(numbers)}*x+1)^2')}",
        "a letter, new": lambda: f"/fragments?expr={quote(f'{PROGRAMS[next(numbers) % 8]}+{next(numbers)}')}",
        "a letter that leaves a mistake": lambda: f"/fragments?expr={next(numbers)}*x%2B",
        "a new figure": lambda: f"/graph.svg?expr={quote(f'({next(numbers)}*x+1)^2')}",
        "a page, repeated": lambda: "/",
        "a script, repeated": lambda: script[1],
    }
    print("| answer | processor time |\n| --- | --- |")
    for what, path in kinds.items():
        print(f"| {what} | {min(_seconds(app, path) for _ in range(ROUNDS)) * 1e3:.2f} ms |", flush=True)


def _seconds(app: Flask, path: Callable[[], str]) -> float:
    asked = [_environ(path()) for _ in range(ANSWERS)]
    begun = time.thread_time()
    for environ in asked:
        run_wsgi_app(app, environ, buffered=True)
    return (time.thread_time() - begun) / ANSWERS


def _environ(path: str) -> dict[str, object]:
    place, _, query = path.partition("?")
    return EnvironBuilder(path=place, query_string=query, headers={"Accept-Encoding": "br"}).get_environ()


def _text(app: Flask, path: str) -> str:
    return app.test_client().get(path).text


if __name__ == "__main__":
    main()
