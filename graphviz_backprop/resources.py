"""Where files other than Python's lie: in a checkout beside the package, in a wheel inside it.

Imports nothing of ours: the build and the process that draws run it by itself.
"""

from pathlib import Path

_PACKAGE = Path(__file__).parent
_ROOT = _PACKAGE if (_PACKAGE / "static").is_dir() else _PACKAGE.parent

STATIC = _ROOT / "static"
TEMPLATES = _ROOT / "templates"
LIBRARIES = _PACKAGE / "libraries" if _ROOT == _PACKAGE else _ROOT / "node_modules"
"""The browser's libraries, each under its npm package's name."""

VENDOR = {
    "vendor/panzoom.js": "@panzoom/panzoom/dist/panzoom.es.js",
    "vendor/d3-array.js": "d3-array/dist/d3-array.min.js",
    "vendor/d3-contour.js": "d3-contour/dist/d3-contour.min.js",
    "vendor/math.woff2": "@fontsource/stix-two-math/files/stix-two-math-latin-400-normal.woff2",
}
"""What the page loads of them, by the name under which it does."""

PLACER = "@hpcc-js/wasm-graphviz/dist/index.js"
"""Graphviz for WebAssembly, which node runs where the native one cannot be loaded."""
