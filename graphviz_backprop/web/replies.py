"""Replies that several views share."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy.typing as npt
from flask import Response

from graphviz_backprop.document import dumps, numbers

_TYPES = {"svg": "image/svg+xml", "png": "image/png", "pdf": "application/pdf", "dot": "text/vnd.graphviz"}
"""Of files that a browser shows if it can."""


def json_reply(document: Any, status: int = 200) -> Response:
    # A message repeats what was sent, and JSON can spell half a surrogate pair, which is no text.
    text = (dumps(document) + "\n").encode(errors="replace")
    return Response(text, status, mimetype="application/json")


def table_document(columns: Mapping[str, npt.ArrayLike], **more: Any) -> dict[str, Any]:
    """Columns of samples as the API has them."""
    listed = {name: numbers(xs) for name, xs in columns.items()}
    return {"columns": listed, "rows": min(map(len, listed.values()))} | more


def file_reply(content: str | bytes, suffix: str) -> Response:
    """A file that a browser shows if it can, and saves under a sensible name."""
    response = Response(content, mimetype=_TYPES[suffix])
    response.headers["Content-Disposition"] = f'inline; filename="graph.{suffix}"'
    return response


def saved_reply(content: str | bytes, name: str) -> Response:
    """A page, or a package with one, to be saved: the app's own policy forbids what such a page does."""
    response = Response(content, mimetype="application/zip" if name.endswith(".zip") else "text/html")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def refusal(
    message: str, status: int = 400, *, start: int | None = None, end: int | None = None, hint: str = ""
) -> Response:
    """An error as the API has it; offsets in characters of ``expr`` where the mistake has a place."""
    error = {"message": message, "start": start, "end": end, "hint": hint}
    return json_reply({"error": error}, status)
