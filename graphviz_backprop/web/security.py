"""Headers of every reply."""

from __future__ import annotations

from flask import Flask, Response

PAGE_POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
# The one page that another one may hold in a frame.
FRAME_POLICY = PAGE_POLICY.replace("frame-ancestors 'none'", "frame-ancestors *")
# A figure opened by itself brings its own styles and does nothing else.
FIGURE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; font-src data:; sandbox"
_NOTHING = ", ".join(
    f"{feature}=()"
    for feature in (
        "accelerometer",
        "camera",
        "display-capture",
        "geolocation",
        "gyroscope",
        "magnetometer",
        "microphone",
        "midi",
        "payment",
        "serial",
        "usb",
        "xr-spatial-tracking",
    )
)

# Files of which no browser makes a document: what is said of these would only make the first visit longer.
# A script has the page's policy, since a worker is under that of its own.
_PARTS = frozenset({"text/css", "font/woff2"})
_SCRIPTS = frozenset({"text/javascript", "application/javascript"})


def install(app: Flask) -> None:
    app.after_request(_headers)


def _headers(response: Response) -> Response:
    file = response.cache_control.immutable
    figure = response.mimetype in ("image/svg+xml", "application/pdf") and not file
    response.headers["X-Backprop"] = "1"  # the page tells by it what is no answer of ours
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin" if figure else "same-origin"
    if not (file and response.mimetype in _PARTS):
        response.headers.setdefault("Content-Security-Policy", FIGURE_POLICY if figure else PAGE_POLICY)
    if not (file and response.mimetype in _PARTS | _SCRIPTS):
        response.headers["Cross-Origin-Opener-Policy"] = "same-origin"
        response.headers["Permissions-Policy"] = _NOTHING
        response.headers["X-Permitted-Cross-Domain-Policies"] = "none"
    if file:
        response.headers.pop("Expires", None)  # Cache-Control says it
        response.headers.pop("Accept-Ranges", None)  # nobody asks for a part of a small file
    if "Cache-Control" not in response.headers:
        response.headers["Cache-Control"] = "no-cache"
    return response
