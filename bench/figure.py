"""A new expression to a filled SVG, beside micrograd and the ``draw_dot`` of its notebook; how layout grows.

Both start from nothing but imported modules: ours parses a program that it never saw, micrograd runs the
same expression as Python. Our Graphviz waits in a process of its own, theirs is started for each picture.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Iterator
from itertools import count

from graphviz import Digraph
from micrograd.engine import Value

from bench.timing import best_times, shown, stopwatch
from graphviz_backprop.engine import autodiff
from graphviz_backprop.figure import dot
from graphviz_backprop.figure.sketch import sketch
from graphviz_backprop.figure.svg import draw
from graphviz_backprop.jobs.layout import Layout
from graphviz_backprop.language.parser import parse

SIZES = (10, 25, 50, 100, 200, 400)
ROUNDS = 100
PARTS = ("parse", "compile", "run", "sketch", "Graphviz", "draw", "fill")


def draw_dot(root: Value) -> Digraph:
    """The notebook's picture: a record for each value, a node for each operation."""
    picture = Digraph(format="svg", graph_attr={"rankdir": "LR"})
    seen, waiting = {root}, [root]
    while waiting:
        value = waiting.pop()
        name, op = str(id(value)), value._op
        picture.node(name, label=f"{{ data {value.data:.4f} | grad {value.grad:.4f} }}", shape="record")
        if op:
            picture.node(name + op, label=op)
            picture.edge(name + op, name)
        for child in value._prev:
            picture.edge(str(id(child)), name + op)
            if child not in seen:
                seen.add(child)
                waiting.append(child)
    return picture


def notebook(number: int) -> bytes:
    """(number * x + 1)^2 at x = 1 as micrograd draws it."""
    output = (number * Value(1.0) + 1) ** 2
    output.backward()
    return draw_dot(output).pipe()


def ours(layout: Layout, number: int) -> str:
    graph = parse(f"({number}*x+1)^2")
    run = autodiff.compile(graph)({"x": 1.0})
    return layout.figure(graph).standalone(run.fields())


def parts(layout: Layout, text: str) -> Iterator[float]:
    """The seconds of each part of the same way."""
    lap = stopwatch()
    graph = parse(text)
    yield lap()
    compiled = autodiff.compile(graph)
    yield lap()
    run = compiled(dict.fromkeys(graph.variables, 1.0))
    yield lap()
    drawing = sketch(graph)
    source = dot.for_layout(drawing)
    yield lap()
    placed = layout.place(source)
    yield lap()
    figure = draw(drawing, placed)
    yield lap()
    figure.standalone(run.fields())
    yield lap()


def _best(layout: Layout, programs: Iterable[str]) -> list[float]:
    """The least time of each part over all rounds."""
    return [min(taken) for taken in zip(*(list(parts(layout, text)) for text in programs), strict=True)]


def binary_tree(size: int) -> str:
    """A program of about this many nodes, as wide as it is high."""
    level = [f"x{k % 5}" for k in range((size + 1) // 2)]
    while len(level) > 1:
        pairs = zip(level[::2], level[1::2], strict=False)
        level = [f"({a}*{b})" for a, b in pairs] + level[len(level) // 2 * 2 :]
    return level[0]


def main() -> None:
    numbers = count(1_000)  # of equal width, and never the same program twice
    with Layout() as layout:
        layout.warm()
        _beside_notebook(layout, numbers)
        _split(layout, numbers)
        _growth(layout)


def _beside_notebook(layout: Layout, numbers: Iterator[int]) -> None:
    print("## A new expression to a filled SVG: (1000*x+1)^2, 7 nodes, warm, not cached\n")
    candidates: dict[str, Callable[[], object]] = {"ours": lambda: ours(layout, next(numbers))}
    if shutil.which("dot"):
        candidates["notebook"] = lambda: notebook(next(numbers))
    times = best_times(candidates, seconds=8, batch=0.05)
    print("| ours | micrograd + draw_dot + pipe | ours : theirs |\n| --- | --- | --- |")
    if "notebook" in times:
        ratio = times["ours"] / times["notebook"]
        print(f"| {shown(times['ours'])} | {shown(times['notebook'])} | {ratio:.2f} |")
    else:
        print(f"| {shown(times['ours'])} | not measured: there is no program `dot` here | |")


def _split(layout: Layout, numbers: Iterator[int]) -> None:
    print("\n## What it is spent on\n")
    times = _best(layout, (f"({next(numbers)}*x+1)^2" for _ in range(ROUNDS)))
    print(f"| {' | '.join(PARTS)} |\n|{' --- |' * len(PARTS)}")
    print(f"| {' | '.join(map(shown, times))} |")
    print(f"| {' | '.join(f'{time / sum(times):.0%}' for time in times)} |")


def _growth(layout: Layout) -> None:
    print("\n## How drawing grows: products in pairs\n")
    print(f"| nodes | {' | '.join(PARTS)} | ms a node, in all |\n| ---{' | ---' * (len(PARTS) + 1)} |")
    for size in SIZES:
        text = binary_tree(size)
        times = _best(layout, [text] * 10)
        nodes = len(parse(text).nodes)
        print(f"| {nodes} | {' | '.join(map(shown, times))} | {sum(times) / nodes * 1e3:.2f} |")
