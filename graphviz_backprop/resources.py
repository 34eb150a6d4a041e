"""Where files other than Python's lie: in a checkout beside the package, in a wheel inside it.

Imports nothing of ours: the build and the process that draws run it by itself.
"""

import hashlib
from collections.abc import Iterator
from pathlib import Path

VERSION = "0.1.0"

_PACKAGE = Path(__file__).parent
_ROOT = _PACKAGE if (_PACKAGE / "static").is_dir() else _PACKAGE.parent

STATIC = _ROOT / "static"
TEMPLATES = _ROOT / "templates"
LESSONS = _ROOT / "lessons"
LIBRARIES = _PACKAGE / "libraries" if _ROOT == _PACKAGE else _ROOT / "node_modules"
"""The browser's libraries, each under its npm package's name."""
BUILT = _ROOT / "built"
"""What ``tools/bundle.py`` makes of ``static`` and the libraries: few files, small and compressed."""

VENDOR = {
    "vendor/panzoom.js": "@panzoom/panzoom/dist/panzoom.es.js",
    "vendor/d3-array.js": "d3-array/dist/d3-array.min.js",
    "vendor/d3-contour.js": "d3-contour/dist/d3-contour.min.js",
    "vendor/qr.js": "lean-qr/index.mjs",
    "vendor/math.woff2": "@fontsource/stix-two-math/files/stix-two-math-latin-400-normal.woff2",
}
"""What the page loads of them, by the name under which it does."""

PLACER = "@hpcc-js/wasm-graphviz/dist/index.js"
"""Graphviz for WebAssembly, which node runs where the native one cannot be loaded."""

ENTRIES = ("main.js", "share/lesson.js")
"""The scripts that pages name."""
FILE = "file.js"
"""The script of a page that is a file of its own."""
FILE_START = "share/unpack.js"
"""The script that unpacks it."""
SIDES = ("data", "descent", "network", "plot", "practice")
"""Sides of the page that such a file has only where it shows them."""
FILE_SCRIPTS = {
    "figure": (),
    "practice": ("practice",),
    "data": ("data",),
    "network": ("network",),
    "practised-data": ("data", "practice"),
    "plot": ("descent", "plot"),
    "training": ("descent", "network", "plot"),
    "practised-plot": ("descent", "plot", "practice"),
    "whole": SIDES,
}
"""What it is made as, from the smallest on: a name, and the sides that it has."""
STYLES = (
    "page/font.css",
    "page/style.css",
    "figure/figure.css",
    "data/data.css",
    "plot/plot.css",
    "descent/descent.css",
    "network/network.css",
    "practice/practice.css",
    "share/share.css",
    "share/embed.css",
    "share/print.css",
    "page/lesson.css",
    "page/gallery.css",
)
"""The style sheets of every page, in their order."""
_NOT_IN_FILES = ("share/share.css", "share/print.css", "page/gallery.css")
FILE_STYLES = (*(name for name in STYLES if name not in _NOT_IN_FILES), "share/file.css")
"""Those of a page that is a file: it has no menus."""
STYLE = "all.css"
"""What they are in one."""


def digest(libraries: Path = LIBRARIES) -> str:
    """Changes whenever any file that the page may load does."""
    total = hashlib.sha256()
    for name, path in _sources(libraries):
        total.update(name.encode() + b"\0" + path.read_bytes())
    return total.hexdigest()[:12]


def _sources(libraries: Path) -> Iterator[tuple[str, Path]]:
    for path in sorted(STATIC.rglob("*")):
        if path.is_file():
            yield path.relative_to(STATIC).as_posix(), path
    for name, file in VENDOR.items():
        if (libraries / file).is_file():
            yield name, libraries / file
