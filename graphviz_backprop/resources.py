"""Where files other than Python's lie: in a checkout beside the package, in a wheel inside it."""

from pathlib import Path

_PACKAGE = Path(__file__).parent
_ROOT = _PACKAGE if (_PACKAGE / "static").is_dir() else _PACKAGE.parent

STATIC = _ROOT / "static"
TEMPLATES = _ROOT / "templates"
LIBRARIES = _PACKAGE / "libraries" if _ROOT == _PACKAGE else _ROOT / "node_modules"
"""The browser's libraries, each under its npm package's name."""
