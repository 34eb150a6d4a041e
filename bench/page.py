"""The first visit: requests and bytes over the wire, by type; Lighthouse's scores where it is installed.

`LIGHTHOUSE` names its program: `npm install --prefix /tmp/lighthouse lighthouse` puts one into
/tmp/lighthouse/node_modules/.bin. It is no dependency of the project: it brings 200 packages.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections import defaultdict

from playwright.sync_api import Browser

from bench import browser

CATEGORIES = ("performance", "accessibility", "best-practices", "seo")


def main() -> None:
    with browser.server() as address:
        with browser.browser() as chromium:
            _wire(chromium, address)
        _lighthouse(address)


def _wire(chromium: Browser, address: str) -> None:
    page = chromium.new_page(viewport={"width": 1366, "height": 768})
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    kinds: dict[str, str] = {}
    plain: dict[str, int] = defaultdict(int)
    sizes: dict[str, tuple[int, int]] = {}
    session.on("Network.responseReceived", lambda event: kinds.update({event["requestId"]: event["type"]}))

    def received(event: dict[str, int | str]) -> None:
        plain[str(event["requestId"])] += int(event["dataLength"])

    def finished(event: dict[str, int | str]) -> None:
        key = str(event["requestId"])
        sizes[key] = (int(event["encodedDataLength"]), plain[key])

    session.on("Network.dataReceived", received)
    session.on("Network.loadingFinished", finished)
    page.goto(address, wait_until="networkidle")
    page.close()

    print("## The first page\n")
    print("| type | requests | bytes sent, with headers | uncompressed |\n| --- | --- | --- | --- |")
    rows = {kind: [sizes[key] for key in sizes if kinds[key] == kind] for kind in sorted(set(kinds.values()))}
    for kind, found in {**rows, "all": list(sizes.values())}.items():
        wire, whole = (sum(size[part] for size in found) for part in (0, 1))
        print(f"| {kind} | {len(found)} | {wire:,} | {whole:,} |")


def _lighthouse(address: str) -> None:
    print("\n## Lighthouse\n")
    program = os.environ.get("LIGHTHOUSE") or shutil.which("lighthouse")
    if program is None:
        print("Not measured: Lighthouse is not installed here.")
        return
    print(f"| form factor | {' | '.join(CATEGORIES)} |\n| ---{' | ---' * len(CATEGORIES)} |")
    for form, options in {"mobile": [], "desktop": ["--preset=desktop"]}.items():
        scores = _scores(program, address, options)
        print(f"| {form} | {' | '.join(f'{100 * scores[name]:.0f}' for name in CATEGORIES)} |")


def _scores(program: str, address: str, options: list[str]) -> dict[str, float]:
    flags = " ".join(("--headless=new", *browser.FLAGS))
    command = [program, address, "--quiet", "--output=json", f"--chrome-flags={flags}", *options]
    command.append(f"--only-categories={','.join(CATEGORIES)}")
    path = browser.program()
    environment = {**os.environ, **({"CHROME_PATH": path} if path else {})}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=300, check=True)
    return {name: found["score"] for name, found in json.loads(done.stdout)["categories"].items()}
