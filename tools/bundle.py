"""``python -m tools.bundle``: few small files instead of many, in ``built/``, which the app then serves.

esbuild joins the modules and style sheets, the math font is cut to what is shown as a rule, each file is
named by its content and lies there compressed as well. The app serves them where they are made of the very
files in ``static/``, else these; so whoever works on them need not think of it.

Imports nothing of ours: the build of a wheel runs it, too.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import runpy
import shutil
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

_ROOT = Path(__file__).parents[1]
_SMALLEST = 500  # bytes: below this, compression is of no use
_COMPRESSED = {".js", ".css", ".svg"}


def resources() -> dict[str, Any]:
    return runpy.run_path(str(_ROOT / "graphviz_backprop/resources.py"))


def bundle(target: Path, libraries: Path | None = None) -> None:
    """Makes that folder, in place of what was there."""
    known = resources()
    libraries = libraries or known["LIBRARIES"]
    static: Path = known["STATIC"]
    with TemporaryDirectory() as temporary:
        out = Path(temporary).resolve() / "built"
        out.mkdir()  # the temporary folder is its owner's alone, and a copy of it would be, too
        manifest = _joined(known, libraries, out)
        manifest["files"]["icon.svg"] = _copied(static / "icon.svg", out)
        manifest["sources"] = known["digest"](libraries)
        _compress(out)
        (out / "manifest.json").write_text(json.dumps(manifest, indent=1, sort_keys=True) + "\n", "utf-8")
        shutil.rmtree(target, ignore_errors=True)
        shutil.copytree(out, target)


def is_current(target: Path) -> bool:
    """Whether it is made of the files that are there now."""
    try:
        manifest = json.loads((target / "manifest.json").read_text("utf-8"))
    except (OSError, ValueError):
        return False
    return bool(manifest["sources"] == resources()["digest"]())


def _joined(known: dict[str, Any], libraries: Path, out: Path) -> dict[str, Any]:
    """What esbuild has made of what."""
    font = runpy.run_path(str(_ROOT / "tools/font.py"))
    with TemporaryDirectory() as temporary:
        whole, small = libraries / known["VENDOR"]["vendor/math.woff2"], Path(temporary) / "math.woff2"
        font["cut"](whole, small)
        job = {
            "folder": str(known["STATIC"]),
            "libraries": str(libraries.resolve()),
            "vendor": known["VENDOR"],
            "entries": known["ENTRIES"],
            "styles": known["STYLES"],
            "font": font["faces"](small, whole.resolve()),
            "file": {
                "entry": known["FILE"],
                "start": known["FILE_START"],
                "sides": known["SIDES"],
                "scripts": known["FILE_SCRIPTS"],
                "styles": known["FILE_STYLES"],
                "font": font["face"](small),
            },
            "out": str(out),
        }
        command = [_node(), str(_ROOT / "tools/bundle.mjs"), json.dumps(job)]
        done = subprocess.run(command, stdout=subprocess.PIPE, check=True, text=True)
    return dict(json.loads(done.stdout))


def _node() -> str:
    found = shutil.which("node", path=str(Path(sys.executable).parent)) or shutil.which("node")
    if found is None:
        sys.exit("tools.bundle needs node: `make` brings it")
    return found


def _copied(path: Path, out: Path) -> str:
    content = path.read_bytes()
    name = f"{path.stem}-{hashlib.sha256(content).hexdigest()[:8].upper()}{path.suffix}"
    (out / name).write_bytes(content)
    return name


def _compress(out: Path) -> None:
    import brotli

    for path in [path for path in out.iterdir() if path.suffix in _COMPRESSED]:
        content = path.read_bytes()
        if len(content) >= _SMALLEST:
            path.with_name(path.name + ".br").write_bytes(brotli.compress(content, quality=11))
            path.with_name(path.name + ".gz").write_bytes(gzip.compress(content, 9, mtime=0))


if __name__ == "__main__":
    bundle(Path(sys.argv[1]).resolve() if len(sys.argv) > 1 else resources()["BUILT"])
