"""Takes the pictures of the docs from the running app: ``python -m tools.pictures http://127.0.0.1:8000``."""

from __future__ import annotations

import sys
from pathlib import Path
from urllib.parse import quote, urlencode

from playwright.sync_api import sync_playwright

from graphviz_backprop.network.builder import PRESETS, Preset
from graphviz_backprop.web.shown.samples import xor_table

FOLDER = Path(__file__).parent.parent / "docs" / "pictures"
NEURON = "z = w1*x1 + w2*x2\na = sigmoid(z)\n(a - y)^2"

ROSENBROCK = "(1-x)^2 + 100*(y-x^2)^2"
RANGES = {"min.x": "-2", "max.x": "2", "min.y": "-1", "max.y": "3"}
RACE = {"optimizer": "gd,momentum,rmsprop,adam", "rate": "0.002", "steps": "500", "k": "260"}
LAYER = """\
W = [[1, 2, -1], [0, 1, 3]]
x = [1, 2, 3]
b = [0, -8]
z = W @ x + b
a = sigmoid(z)
sum((a - [1, 0])^2)"""
DEEP, XOR = PRESETS["deep"], PRESETS["xor"]


def numbers(preset: Preset, prefix: str = "at.") -> dict[str, str]:
    return {f"{prefix}{name}": str(number) for name, number in preset.initial.items()}


PICTURES: dict[str, dict[str, str]] = {
    "page": {"expr": "(4*x+1)^2", "frame": "10"},
    "paths": {"expr": "3x^2 + 2x*y + y^2", "at.y": "2", "view": "graph", "panels": "paths"},
    "nudge": {"expr": "sin(x^2 + 1)", "panels": "nudge"},
    "formula": {"expr": "sin(x^2 + 1)", "panels": "formula"},
    "heat": {"expr": NEURON, "at.w2": "-3", "panels": "heat,forward"},
    "descent": {"expr": ROSENBROCK, "view": "graph", "panes": "graph,plot", "plot": "x,y", **RACE, **RANGES}
    | {"from.x": "-1", "from.y": "1.5"},
    "network": {"expr": DEEP.program, "panes": "network", "weight": "w2_12"}
    | numbers(DEEP)
    | {f"at.{name}": str(number) for name, number in DEEP.at.items()},
    "training": {"expr": XOR.program, "panes": "network,training", "optimizer": "adam"}
    | {"data": "own", "table": xor_table(("x1", "x2"), "y1"), "k": "60"}
    | numbers(XOR, "from."),
    "tensors": {"expr": LAYER, "about": "c.0"},
    "practice": {"expr": "(4*x+1)^2", "panes": "graph,practice", "hide": "gradients", "practise": "on"},
    "notes": {"expr": "relu(x) + log(y)", "at.x": "0", "at.y": "-1", "panels": "sides"},
}
"""Name and state of each picture."""


def main(base: str) -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium" if Path("/usr/bin/chromium").exists() else None,
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        for name, state in PICTURES.items():
            page = browser.new_page(viewport={"width": 1366, "height": 768})
            page.goto(f"{base.rstrip('/')}/?{urlencode(state, quote_via=quote)}")
            page.locator("#sheet svg").wait_for()
            page.locator("[data-formula]:has(p[role=status])").wait_for(state="detached")
            page.evaluate(
                "document.querySelectorAll('[data-hint] [data-used]').forEach((one) => one.click())"
            )
            page.wait_for_timeout(2500)
            page.screenshot(path=FOLDER / f"{name}.png")
            page.close()
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1])
