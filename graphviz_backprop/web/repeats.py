"""Answers that follow from their address alone: given again as they were, and known to proxies and browsers.

A class opens one link: the page is made once, and who asks meanwhile waits for it. What is remembered is the
answer as it was sent, compressed; it is given before Flask is asked at all. Each carries an ETag.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from threading import Event, Lock
from typing import TYPE_CHECKING

from flask import Flask, Response, g, request
from werkzeug.http import parse_cookie

from graphviz_backprop.jobs.remembered import Remembered

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

_ROOM = 48_000_000  # bytes of all answers
_PATIENCE = 2.0  # seconds: threads that wait are lost to others
_LARGEST = 2_000_000  # and of one
_SHARED = "public, max-age=0, s-maxage=60, must-revalidate"
"""A browser asks whether it is still so; a proxy may answer for a minute, then it asks, too."""

_SAME_FOR_ALL = {
    "pages.fragments", "pages.picture", "api.graph",
    "exports.as_svg", "exports.as_png", "exports.as_pdf", "exports.as_dot", "exports.as_json",
}  # fmt: skip
_BY_COOKIE = {"pages.page", "rules.rules", "pages.embed"}
_BY_CONTENT = {"assets.static"}
"""What says of itself how long it may be kept: for good, where its address has its content in it."""


@dataclass(frozen=True)
class _Answer:
    headers: tuple[tuple[str, str], ...]
    etag: str
    body: bytes


Key = tuple[str, ...]


class Repeats:
    """The WSGI app in front of Flask's."""

    def __init__(self, app: WSGIApplication) -> None:
        self._app = app
        self._making: dict[Key, Event] = {}
        self._lock = Lock()
        self.answers: Remembered[_Answer] = Remembered(_ROOM, lambda answer: len(answer.body) + 1_000)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if environ["REQUEST_METHOD"] != "GET":
            return self._app(environ, start_response)
        key = key_of(environ)
        answer = self.answers.find(key)
        if answer is None:
            with self._lock:
                making = self._making.get(key)
                if making is None:
                    mine = self._making[key] = Event()
            if making is None:
                try:
                    return self._app(environ, start_response)
                finally:
                    with self._lock:
                        del self._making[key]
                    mine.set()
            making.wait(_PATIENCE)
            answer = self.answers.find(key)
        if answer is None:
            return self._app(environ, start_response)
        if answer.etag in environ.get("HTTP_IF_NONE_MATCH", ""):
            start_response("304 Not Modified", [pair for pair in answer.headers if pair[0] in _OF_THE_SAME])
            return []
        start_response("200 OK", list(answer.headers))
        return [answer.body]


_OF_THE_SAME = {"ETag", "Cache-Control", "Vary"}


def key_of(environ: WSGIEnvironment) -> Key:
    """All that such an answer depends on."""
    return (
        environ.get("SCRIPT_NAME", ""),
        environ.get("PATH_INFO", ""),
        environ.get("QUERY_STRING", ""),
        environ.get("HTTP_ACCEPT_ENCODING", ""),
        parse_cookie(environ.get("HTTP_COOKIE", "")).get("theme", ""),
    )


def install(app: Flask) -> Repeats:
    """To be called before others that change answers: this is to see what they make of them."""
    repeats = Repeats(app.wsgi_app)
    app.wsgi_app = repeats  # type: ignore[method-assign]

    def keep(response: Response) -> Response:
        if not _may_be_kept(response):
            return response
        response.add_etag()
        if request.endpoint in _BY_COOKIE:
            response.vary.add("Cookie")
        elif request.endpoint not in _BY_CONTENT:
            response.headers["Cache-Control"] = _SHARED
        response.vary.add("Accept-Encoding")
        etag, _ = response.get_etag()
        if len(body := response.get_data()) <= _LARGEST:
            headers = tuple(pair for pair in response.headers if pair[0] != "Date")
            repeats.answers.put(key_of(request.environ), _Answer(headers, f'"{etag}"', body))
        response.make_conditional(request)
        return response

    app.after_request(keep)
    return repeats


def _may_be_kept(response: Response) -> bool:
    return (
        request.method == "GET"
        and (
            request.endpoint in _SAME_FOR_ALL | _BY_COOKIE
            or (request.endpoint in _BY_CONTENT and response.cache_control.immutable)
        )
        and response.status_code == 200
        and not response.is_streamed
        and not g.get("passing", False)
        and not request.content_length
    )
