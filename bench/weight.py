"""What the page of a program with tensors weighs: all of it, its figure, and the numbers in it."""

from __future__ import annotations

import gzip
import re
from urllib.parse import urlencode

from graphviz_backprop.jobs.layout import Layout
from graphviz_backprop.web import create_app
from graphviz_backprop.web.shown.examples import DIGITS

DRAWN = "A = randn(300, 300, seed=1)\nB = randn(300, 300, seed=2)\nsum(A @ B)"
PROGRAMS = {
    "a number": "(4*x+1)^2",
    "two drawn 300×300": DRAWN,
    "two drawn 300×300, squared": DRAWN.replace("sum(A @ B)", "C = A @ B\nL = sum(C^2) / 2"),
    "the digits' network": DIGITS,
}
_FIGURE = re.compile(r'<svg[^>]*class="diagram.*?</svg>', re.DOTALL)
_NUMBERS = re.compile(r'<script[^>]*data-fragment="tensors">.*?</script>', re.DOTALL)


def main() -> None:
    print("## Page weight\n")
    print("| program | page | its figure | its numbers | gzip |\n| --- | --- | --- | --- | --- |")
    with Layout() as layout:
        client = create_app(layout).test_client()
        for name, program in PROGRAMS.items():
            page = client.get("/?" + urlencode({"expr": program})).text
            parts = (sum(len(part.encode()) for part in kind.findall(page)) for kind in (_FIGURE, _NUMBERS))
            sizes = (len(page.encode()), *parts, len(gzip.compress(page.encode())))
            print(f"| {name} | {' | '.join(f'{size:,}' for size in sizes)} |")
