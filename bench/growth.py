"""How parsing, compiling and evaluating grow with the number of nodes."""

from __future__ import annotations

import time
from itertools import pairwise

from bench.timing import shown
from graphviz_backprop.engine import autodiff
from graphviz_backprop.language.parser import parse

SIZES = (10, 100, 1_000, 10_000, 100_000)
SHAPES = {
    "sum of terms": lambda n: "+".join(["x"] * (n // 2)),
    "chain of calls": lambda n: "sin(" * n + "x" + ")" * n,
    "statements": lambda n: "u0 = x*y;" + ";".join(f"u{k} = u{k - 1} * x + y" for k in range(1, n // 4)),
}


def main() -> None:
    print("## Growth\n")
    print("| program | nodes | parse | compile | forward + backward | µs a node, in all |")
    print("| --- | --- | --- | --- | --- | --- |")
    for name, write in SHAPES.items():
        for size in SIZES:
            _row(name, write(size))


def _row(name: str, text: str) -> None:
    clock = [time.perf_counter()]
    graph = parse(text)
    clock.append(time.perf_counter())
    compiled = autodiff.compile(graph)
    clock.append(time.perf_counter())
    compiled(dict.fromkeys(graph.variables, 0.5))
    clock.append(time.perf_counter())
    spans = [later - earlier for earlier, later in pairwise(clock)]
    nodes = len(graph.nodes)
    each = sum(spans) / nodes * 1e6
    print(f"| {name} | {nodes:,} | {' | '.join(map(shown, spans))} | {each:.0f} |")
