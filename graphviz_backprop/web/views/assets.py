"""Static files, from ``static/`` and from the npm packages that the page uses.

Their address holds a digest of all of them, so that a browser keeps them for good and modules still
import one another by relative paths.
"""

from __future__ import annotations

import hashlib
from functools import cache
from io import BytesIO
from pathlib import Path

from flask import Blueprint, Response, abort, send_file, url_for
from werkzeug.security import safe_join

from graphviz_backprop.resources import LIBRARIES, STATIC, VENDOR

_TYPES = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml", ".woff2": "font/woff2"}
_AT_ONCE = ("", "engine", "explain", "state", "page")
_YEAR = 365 * 24 * 3600

blueprint = Blueprint("assets", __name__)


@blueprint.get("/static/<version>/<path:name>")
def static(version: str, name: str) -> Response:
    """A file. Only under its current address it may be kept for good."""
    path = _find(name)
    if path is None:
        abort(404)
    # Read here: what is compressed on its way out would leave the file open.
    response = send_file(
        BytesIO(path.read_bytes()),
        mimetype=_TYPES.get(path.suffix, "application/octet-stream"),
        max_age=0,
        etag=f"{path.stat().st_mtime_ns:x}-{path.stat().st_size:x}",
        last_modified=path.stat().st_mtime,
    )
    if version == digest():
        response.cache_control.no_cache = None
        response.cache_control.public = True
        response.cache_control.max_age = _YEAR
        response.cache_control.immutable = True
    return response


@blueprint.get("/favicon.ico")
def favicon() -> Response:
    return send_file(STATIC / "icon.svg", mimetype="image/svg+xml", max_age=3600)


@blueprint.app_template_global()
def asset(name: str) -> str:
    """The address of a static file."""
    return url_for("assets.static", version=digest(), name=name)


@cache
def digest() -> str:
    """Changes whenever any static file does."""
    files = sorted(path for path in STATIC.rglob("*") if path.is_file())
    files += [path for path in map(_find, VENDOR) if path]
    total = hashlib.sha256()
    for path in files:
        total.update(path.name.encode() + b"\0" + path.read_bytes())
    return total.hexdigest()[:12]


def _find(name: str) -> Path | None:
    """The file of a name, inside ``static/`` or one of the packages' files that the page uses."""
    if name in VENDOR:
        path = LIBRARIES / VENDOR[name]
        return path if path.is_file() else None
    inside = safe_join(str(STATIC), name)
    return Path(inside) if inside and Path(inside).is_file() else None


@cache
def modules() -> list[str]:
    """The ES modules that each page needs at once; the others are loaded when they are opened."""
    found = [path for folder in _AT_ONCE for path in (STATIC / folder).glob("*.js")]
    return sorted(path.relative_to(STATIC).as_posix() for path in found)
