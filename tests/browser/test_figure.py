"""Figures in a real browser: nothing overlaps, no number leaves its place, whatever the numbers are."""

import re
from collections.abc import Iterator
from itertools import combinations, product
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from graphviz_backprop.figure.svg import Figure
from graphviz_backprop.jobs.layout import Layout
from graphviz_backprop.language.graph import CONST, Graph
from graphviz_backprop.language.parser import parse

SHEET = Path(__file__).parents[2] / "static" / "figure" / "figure.css"
WIDEST = -1.234e-100
FONTS = ("DejaVu Sans", "DejaVu Sans Mono", "Liberation Sans")  # the first is about the widest there is

NEURON = "z = w1*x1 + w2*x2 + w3*x3 + w4*x4\na = sigmoid(z)\n(a - y)^2"
LAYER = "\n".join(f"h{j} = tanh({'+'.join(f'w{j}{i}*x{i}' for i in range(3))} + b{j})" for j in range(6))
NAMES = "learning_rate = 0.0001; weight_of_first = x₁\nloss_MMMMWWWW = learning_rate*weight_of_first^2"
PROGRAMS = {
    "7": "(4*x+1)^2",
    "paths": "x^x + x*x*y + pi*x",
    "25": NEURON + "\nmax(a, 0.25)*exp(-2)",
    "names": NAMES,
    "set": "z2_1 = w2_10_113*x_i + theta\nw_q = z2_1*W_max\nsigma_1 = max(z2_1, w_q, alpha12)\nsigma_1^2",
    "many": "max(x, y, z, 2, x*y, sin(z))",
    "100": LAYER + "\nout = " + " + ".join(f"v{j}*h{j}" for j in range(6)),
    "300": "+".join(f"{i}*x^{i}*y" for i in range(1, 38)),
}

MEASURE = """() => {
  const box = (element) => {
    const {x, y, width, height} = element.getBBox();
    return [x, y, x + width, y + height];
  };
  const all = (root, what) => [...root.querySelectorAll(what)];
  const {width, height} = document.querySelector("svg").viewBox.baseVal;
  return {
    size: [width, height],
    nodes: all(document, ".node").map((node) => ({
      id: node.dataset.node, box: box(node.querySelector("rect")),
      texts: all(node, "text").map((text) => [text.textContent, ...box(text)]),
    })),
    edges: all(document, ".edge").map((edge) => {
      const wire = edge.querySelector(".wire"), length = wire.getTotalLength();
      const steps = Array.from({length: Math.ceil(length / 3)}, (_, step) => wire.getPointAtLength(3 * step));
      const line = steps.map(({x, y}) => [x, y]);
      const own = `.texts:not(.aside)[data-edge="${CSS.escape(edge.dataset.edge)}"] text`;
      const texts = all(document, own).map(box);
      return { id: edge.dataset.edge, texts, line };
    }),
  };
}"""

Rect = tuple[float, float, float, float]


def overlap(a: Rect, b: Rect, slack: float = 0.5) -> bool:
    return a[0] + slack < b[2] and b[0] + slack < a[2] and a[1] + slack < b[3] and b[1] + slack < a[3]


def inside(a: Rect, b: Rect, slack: float = 0.5) -> bool:
    return all(a[i] >= b[i] - slack for i in (0, 1)) and all(a[i] <= b[i] + slack for i in (2, 3))


def crosses(line: list[tuple[float, float]], place: Rect) -> bool:
    return any(place[0] < x < place[2] and place[1] < y < place[3] for x, y in line)


def faults(measured: dict[str, Any]) -> Iterator[str]:
    """What a reader would stumble over."""
    whole = (0, 0, *measured["size"])
    nodes = {node["id"]: node["box"] for node in measured["nodes"]}
    texts = [(edge["id"], text) for edge in measured["edges"] for text in edge["texts"]]
    for name, box in nodes.items():
        if not inside(box, whole):
            yield f"{name} is outside"
    for node in measured["nodes"]:
        yield from (
            f"{text!r} leaves its box" for text, *place in node["texts"] if not inside(place, node["box"])
        )
    for (first, box), (second, other) in combinations(nodes.items(), 2):
        if overlap(box, other):
            yield f"{first} on {second}"
    for (first, place), (second, other) in combinations(texts, 2):
        if overlap(place, other):
            yield f"a text of {first} on one of {second}"
    for (edge, place), (name, box) in product(texts, nodes.items()):
        if overlap(place, box):
            yield f"a text of {edge} on {name}"
    for edge in measured["edges"]:
        line, (x, y) = edge["line"], zip(*edge["line"], strict=True)
        around = (min(x), min(y), max(x), max(y))
        for name, (left, top, right, bottom) in nodes.items():
            inner = (left + 2, top + 2, right - 2, bottom - 2)  # its ends touch boxes
            if overlap(around, inner) and crosses(line, inner):
                yield f"the line {edge['id']} through {name}"
        for other, place in texts:
            if other != edge["id"] and overlap(around, place) and crosses(line, place):
                yield f"the line {edge['id']} through a text of {other}"


@pytest.fixture(scope="module")
def layout() -> Iterator[Layout]:
    with Layout(limit=20) as layout:
        yield layout


@pytest.fixture(scope="module")
def sheet(browser: Browser) -> Iterator[Page]:
    page = browser.new_page()
    page.set_content(f"<style>{SHEET.read_text()}</style><div></div>")
    yield page
    page.close()


def show(page: Page, graph: Graph, figure: Figure, number: float, font: str = FONTS[0]) -> dict[str, Any]:
    """The figure measured with the same number everywhere but in constants."""
    fields = dict.fromkeys(re.findall(r'data-field="([^"]+)"', figure.template), number)
    fields |= {f"{node.id}.value": node.value or 0.0 for node in graph.nodes if node.op == CONST}
    page.evaluate("markup => { document.querySelector('div').innerHTML = markup }", figure.fill(fields))
    page.add_style_tag(content=f".diagram text {{ font-family: '{font}' !important }}")
    measured: dict[str, Any] = page.evaluate(MEASURE)
    return measured


@pytest.mark.parametrize("direction", ["up", "right"])
@pytest.mark.parametrize("view", ["tree", "graph"])
@pytest.mark.parametrize("program", PROGRAMS)
def test_nothing_overlaps(program: str, view: str, direction: str, layout: Layout, sheet: Page) -> None:
    graph = parse(PROGRAMS[program], view=view)
    figure = layout.figure(graph, direction)
    measured = show(sheet, graph, figure, WIDEST)
    assert len(measured["nodes"]) == len(graph.nodes)
    assert list(faults(measured)) == []


@pytest.mark.parametrize("font", FONTS)
def test_numbers_stay_in_their_boxes_in_any_font(font: str, layout: Layout, sheet: Page) -> None:
    for program in ("names", "25"):
        graph = parse(PROGRAMS[program], view="graph")
        assert list(faults(show(sheet, graph, layout.figure(graph), WIDEST, font))) == []


def test_no_box_moves_when_numbers_change(layout: Layout, sheet: Page) -> None:
    graph = parse(NEURON, view="graph")
    figure = layout.figure(graph)
    first, second = (show(sheet, graph, figure, number)["nodes"] for number in (0, WIDEST))
    assert [node["box"] for node in first] == [node["box"] for node in second]
