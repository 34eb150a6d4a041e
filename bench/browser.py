"""The running app and Chromium, for measures in the page.

`CHROMIUM` names the browser: /usr/bin/chromium where there is one, else the one that Playwright installed.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode

from playwright.sync_api import Browser, CDPSession, Page, sync_playwright

FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking")

_ROOT = Path(__file__).parents[1]
_INSTALLED = Path("/usr/bin/chromium")


def program() -> str | None:
    """The browser's path, or None for Playwright's own."""
    return os.environ.get("CHROMIUM") or (str(_INSTALLED) if _INSTALLED.exists() else None)


@contextmanager
def server() -> Iterator[str]:
    """The address of the app, in a process of its own."""
    environment = {**os.environ, "HOST": "127.0.0.1", "PORT": "0"}
    command = [sys.executable, "app.py"]
    with subprocess.Popen(command, cwd=_ROOT, env=environment, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        address = re.search(r"http://\S+/", process.stdout.readline())
        if address is None:
            raise RuntimeError("the app did not start")
        try:
            yield address[0]
        finally:
            process.terminate()


@contextmanager
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=program(), args=list(FLAGS))
        try:
            yield found
        finally:
            found.close()


def opened(browser: Browser, address: str, **parameters: str | float) -> Page:
    """The page of a state, once its script runs."""
    page = browser.new_page(viewport={"width": 1366, "height": 768})
    page.goto(f"{address}?{urlencode(parameters)}", wait_until="networkidle")
    return page


def metrics(session: CDPSession) -> dict[str, float]:
    """What Chromium has counted so far; times in milliseconds."""
    found = session.send("Performance.getMetrics")["metrics"]
    return {
        metric["name"]: metric["value"] * (1e3 if metric["name"].endswith("Duration") else 1)
        for metric in found
    }


def spent(before: Mapping[str, float], after: Mapping[str, float], moves: int) -> dict[str, float]:
    """Milliseconds of each kind a move."""
    kinds = {"script": "Script", "style": "RecalcStyle", "layout": "Layout", "task": "Task"}
    return {
        kind: (after[f"{name}Duration"] - before[f"{name}Duration"]) / moves for kind, name in kinds.items()
    }
