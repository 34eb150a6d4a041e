"""The page in Firefox: what a user does first. Chromium has all other tests."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).with_name("firefox.js")
TRIED = ("open", "type", "slide", "play", "mistake", "share", "phone")


@pytest.fixture(scope="module")
def faults(server: str) -> dict[str, list[str]]:
    """What went wrong, by what was tried."""
    firefox = os.environ.get("FIREFOX") or shutil.which("firefox-esr") or shutil.which("firefox")
    if not firefox:
        pytest.skip("no Firefox on this machine (FIREFOX= names one): its smoke test is left out")
    node = shutil.which("node", path=str(Path(sys.executable).parent)) or "node"
    done = subprocess.run([node, str(SCRIPT), server, firefox], capture_output=True, text=True, timeout=600)
    assert done.returncode == 0, done.stdout + done.stderr
    return {told["name"]: told["faults"] for told in map(json.loads, done.stdout.splitlines())}


@pytest.mark.parametrize("name", TRIED)
def test_it_works_in_firefox(faults: dict[str, list[str]], name: str) -> None:
    assert faults[name] == []


def test_all_that_is_tried_is_read(faults: dict[str, list[str]]) -> None:
    assert tuple(faults) == TRIED
