"""How parsing and evaluating grow with the number of nodes, the first time and once compiled.

Processor time of single runs: they take too long to take turns with anything until the machine is quiet.
"""

from __future__ import annotations

import time

from bench.timing import shown, stopwatch
from graphviz_backprop.api import parse

SIZES = (10, 100, 1_000, 10_000, 100_000)
SHAPES = {
    "sum of terms": lambda n: "+".join(["x"] * n),
    "chain of calls": lambda n: "sin(" * n + "x" + ")" * n,
    "statements": lambda n: "u0 = x*y;" + ";".join(f"u{k} = u{k - 1} * x + y" for k in range(1, n // 4)),
}


def main() -> None:
    print("## Growth\n")
    print("| program | nodes | parse | first gradient | text to gradient | compile | gradient, compiled |")
    print("| --- | --- | --- | --- | --- | --- | --- |")
    for name, write in SHAPES.items():
        for size in SIZES:
            _row(name, write(size))


def _row(name: str, text: str) -> None:
    lap = stopwatch(time.process_time)
    graph = parse(text)
    parsed = lap()
    at = dict.fromkeys(graph.variables, 0.5)
    lap()
    first = graph.evaluate(at).gradient
    evaluated = lap()
    run, point = graph.function(), list(at.values())
    compiled = lap()
    _, gradient = run(point)
    again = lap()
    if [x.hex() for x in first.values()] != [x.hex() for x in gradient]:
        raise AssertionError(f"{name}: {first} and {gradient}")
    times = map(shown, (parsed, evaluated, parsed + evaluated, compiled, again))
    print(f"| {name} | {len(graph.nodes):,} | {' | '.join(times)} |")
