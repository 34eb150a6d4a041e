"""2-8-8-1 on 200 samples in the browser, beside TensorFlow Playground's own ``nn.ts`` in the same page.

``PLAYGROUND=…/src/nn.ts python -m bench.playground`` prints passes over all samples in a second: an update
after every ten samples, as its page does it, and one after all of them. Ours are the steps of the page's
own descent: losses, points and gradients are kept. The peer's code is no part of the project.
"""

from __future__ import annotations

import os
import subprocess
import tempfile
from pathlib import Path

import numpy as np

import graphviz_backprop as gb
from bench.browser import browser
from bench.tensors import SMALL
from graphviz_backprop.document import slope, tensors
from graphviz_backprop.engine.tensors.sampled import sampled

_HERE = Path(__file__).parent


def main() -> None:
    random = np.random.default_rng(0)
    x = random.standard_normal((200, 2))
    y = np.sign(x[:, 0] * x[:, 1])
    graph = gb.parse(SMALL)
    names = [name for name in graph.variables if name not in "xy"]
    given = {
        "graph": tensors(graph),
        "start": {name: list(graph.start[name].cells) for name in names},  # type: ignore[union-attr]
        "columns": {"x": x.ravel().tolist(), "y": y.tolist()},
        "slope": sampled(graph, ["x", "y"], False, slope),
    }
    script = _bundled(Path(os.environ["PLAYGROUND"]))
    with browser() as chromium:
        page = chromium.new_page()
        page.add_script_tag(content=script)
        for batch in (10, None):
            own, other = page.evaluate("([given, batch]) => passes(given, batch)", [given, batch])
            name = f"batches of {batch}" if batch else "all at once"
            print(f"{name:13} {own:8,.0f} passes/s, Playground {other:8,.0f}: {own / other:.2f} times")


def _bundled(peer: Path) -> str:
    """The measure, this project's modules and the peer's source as one script."""
    with tempfile.TemporaryDirectory() as folder:
        end = Path(folder) / "measure.js"
        command = [
            *("node_modules/esbuild/bin/esbuild", str(_HERE / "playground.mjs"), "--bundle"),
            *(f"--alias:playground={peer.resolve()}", f"--outfile={end}", "--log-level=error"),
        ]
        subprocess.run(command, cwd=_HERE.parent, check=True)
        return end.read_text()


if __name__ == "__main__":
    main()
