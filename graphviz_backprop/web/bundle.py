"""The files that ``tools/bundle.py`` has made: which one stands for what, and whether it may be used."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from graphviz_backprop.resources import BUILT, digest

CODINGS = {"br": ".br", "gzip": ".gz"}
"""How a file may lie there compressed, the best first."""


@dataclass(frozen=True)
class Bundle:
    """By the names of what they are made of: the files, and those that a script imports at once.

    ``later`` are those that a page has use for when more of it is opened.
    """

    folder: Path
    files: Mapping[str, str]
    at_once: Mapping[str, Sequence[str]]
    later: Sequence[str]


def current() -> Bundle | None:
    """What was built of the very files that are there now; None where there is no such thing.

    $BUNDLE names another folder than the usual one, and 0 is none: the modules are served as they are.
    """
    if os.environ.get("BUNDLE", "") == "0":
        return None
    folder = made()
    if folder is None:
        return None
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    return Bundle(folder, manifest["files"], manifest["atOnce"], manifest["later"])


def made() -> Path | None:
    """The folder of what was built of the very files that are there now, served from it or not."""
    named = os.environ.get("BUNDLE", "")
    folder = BUILT if named in ("", "0") else Path(named)
    try:
        manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    except OSError:
        return None
    return folder if manifest["sources"] == digest() else None
