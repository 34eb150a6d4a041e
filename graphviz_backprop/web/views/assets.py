"""Static files: bundles where they are built, else those in ``static/`` and the npm packages that it uses.

The name of a bundle's file holds a digest of it. The address of any other holds a digest of all of them, so
that a browser keeps it for good and modules still import one another by relative paths.
"""

from __future__ import annotations

import hashlib
import json
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import cast

from flask import Blueprint, Response, abort, current_app, request, send_file, url_for
from werkzeug.security import safe_join

from graphviz_backprop.resources import LIBRARIES, STATIC, STYLE, STYLES, VENDOR
from graphviz_backprop.resources import digest as of_all
from graphviz_backprop.web.bundle import CODINGS, Bundle

_TYPES = {
    ".js": "text/javascript",
    ".mjs": "text/javascript",
    ".css": "text/css",
    ".svg": "image/svg+xml",
    ".woff2": "font/woff2",
    ".map": "application/json",
}
_AT_ONCE = ("", "engine", "explain", "state", "page")
_YEAR = 365 * 24 * 3600
_BUNDLED = "built"
_KEEPER = "kept.js"
_LARGE = 300_000  # bytes

blueprint = Blueprint("assets", __name__)
digest = cache(of_all)


@blueprint.get("/static/<version>/<path:name>")
def static(version: str, name: str) -> Response:
    """A file. Only under its current address it may be kept for good."""
    bundle = _bundle()
    if bundle and version == _BUNDLED:
        path = _inside(bundle.folder, name)
        return _for_good(_compressed(path)) if path else abort(404)
    path = _find(name)
    if path is None:
        abort(404)
    response = _sent(path, path)
    return _for_good(response) if version == digest() else response


@blueprint.get("/favicon.ico")
def favicon() -> Response:
    return send_file(STATIC / "icon.svg", mimetype="image/svg+xml", max_age=3600)


@blueprint.get("/sw.js")
def keeper() -> Response:
    """The service worker, for bundles: it keeps their files. Others are too many, and change."""
    bundle = _bundle()
    if bundle is None:
        abort(404)
    files = [_built(path.name) for path in sorted(bundle.folder.iterdir()) if _is_usual(path)]
    known = {
        "HOME": url_for("pages.page"),
        "FILES": files,
        "DIGEST": hashlib.sha256("".join(files).encode()).hexdigest()[:12],
    }
    text = f"globalThis.kept = {json.dumps(known)};\n{(STATIC / _KEEPER).read_text('utf-8')}"
    response = Response(text, mimetype="text/javascript")
    response.cache_control.no_cache = True
    return response


def _is_usual(path: Path) -> bool:
    """Whether every page may need a file: not maps, nor the font that has all letters."""
    return path.suffix in (".js", ".css", ".svg", ".woff2") and path.stat().st_size < _LARGE


@blueprint.app_template_global()
def has_keeper() -> bool:
    return _bundle() is not None


@blueprint.app_template_global()
def asset(name: str) -> str:
    """The address of a static file."""
    bundle = _bundle()
    if bundle and name in bundle.files:
        return _built(bundle.files[name])
    return url_for("assets.static", version=digest(), name=name)


@blueprint.app_template_global()
def styles() -> list[str]:
    """The addresses of the style sheets of every page."""
    return [asset(name) for name in ((STYLE,) if _bundle() else STYLES)]


@blueprint.app_template_global()
def preloads(script: str) -> list[str]:
    """The addresses of the scripts that this one imports at once; others are loaded when they are of use."""
    bundle = _bundle()
    if bundle:
        return [_built(name) for name in bundle.at_once[script]]
    return [asset(name) for name in modules()]


@blueprint.app_template_global()
def prefetches() -> list[str]:
    """What a browser may fetch when it has nothing else to do, so that a lost server is no loss."""
    bundle = _bundle()
    return [_built(name) for name in bundle.later] if bundle else []


@cache
def modules() -> list[str]:
    """The ES modules that each page needs at once; the others are loaded when they are opened."""
    found = [path for folder in _AT_ONCE for path in (STATIC / folder).glob("*.js") if path.name != _KEEPER]
    return sorted(path.relative_to(STATIC).as_posix() for path in found)


def _bundle() -> Bundle | None:
    return cast(Bundle | None, current_app.extensions["bundle"])


def _built(name: str) -> str:
    return url_for("assets.static", version=_BUNDLED, name=name)


def _find(name: str) -> Path | None:
    """The file of a name, inside ``static/`` or one of the packages' files that the page uses."""
    if name in VENDOR:
        path = LIBRARIES / VENDOR[name]
        return path if path.is_file() else None
    return _inside(STATIC, name)


def _inside(folder: Path, name: str) -> Path | None:
    inside = safe_join(str(folder), name)
    return Path(inside) if inside and Path(inside).is_file() else None


def _compressed(path: Path) -> Response:
    """The file as it lies there compressed, for who takes it so."""
    for coding, end in CODINGS.items():
        packed = path.with_name(path.name + end)
        if request.accept_encodings[coding] and packed.is_file():
            response = _sent(path, packed)
            response.headers["Content-Encoding"] = coding
            break
    else:
        response = _sent(path, path)
    response.vary.add("Accept-Encoding")
    return response


def _sent(path: Path, content: Path) -> Response:
    # Read here: what is compressed on its way out would leave the file open.
    response = send_file(
        BytesIO(content.read_bytes()),
        mimetype=_TYPES.get(path.suffix, "application/octet-stream"),
        max_age=0,
        etag=f"{content.stat().st_mtime_ns:x}-{content.stat().st_size:x}",
        last_modified=content.stat().st_mtime,
    )
    response.direct_passthrough = False
    response.make_sequence()  # so that it can be remembered
    return response


def _for_good(response: Response) -> Response:
    response.cache_control.no_cache = None
    response.cache_control.public = True
    response.cache_control.max_age = _YEAR
    response.cache_control.immutable = True
    return response
