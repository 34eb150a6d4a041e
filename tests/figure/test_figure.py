"""The SVG template, how it is filled, its colours. tests/browser/test_figure.py measures it in a browser."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphviz_backprop.engine import autodiff
from graphviz_backprop.figure import theme
from graphviz_backprop.figure.fields import fill
from graphviz_backprop.figure.sketch import sketch
from graphviz_backprop.figure.svg import Figure, draw
from graphviz_backprop.jobs.layout import Layout
from graphviz_backprop.language.folding import fold
from graphviz_backprop.language.graph import Graph, Node
from graphviz_backprop.language.groups import grouped
from graphviz_backprop.language.parser import parse

SVG = "{http://www.w3.org/2000/svg}"
STATIC = Path(__file__).parents[2] / "static"


@pytest.fixture(scope="module")
def layout() -> Iterator[Layout]:
    with Layout(limit=20) as layout:
        yield layout


@pytest.fixture
def figure(layout: Layout) -> Figure:
    return layout.figure(parse("(4*x+1)^2"))


def numbers(markup: str) -> dict[str, str]:
    """The text of each field."""
    root = ElementTree.fromstring(markup)
    return {e.attrib["data-field"]: e.text or "" for e in root.iter() if "data-field" in e.attrib}


def test_shows_every_number(figure: Figure) -> None:
    run = autodiff.compile(parse("(4*x+1)^2"))({"x": 1.0}, 1.0)
    shown = numbers(figure.fill(run.fields()))
    assert {field for field, number in run.fields().items() if number is not None} - {
        "x.total"
    } == shown.keys()
    assert (shown["g.value"], shown["b.gradient"], shown["c.1.partial"], shown["c.1.flow"]) == (
        "25",
        "40",
        "4",
        "40",
    )


def test_on_one_line_the_sign_of_a_gradient_stands_right_before_it(layout: Layout) -> None:
    """It stood behind the value."""
    figure = layout.figure(parse("+".join(["x"] * 40)))
    root = ElementTree.fromstring(figure.fill({"a.gradient": 3.0}))
    (text,) = [text for text in root.iter() if text.find("*[@data-field='a.gradient']") is not None]
    assert text.attrib["class"] == "number gradient"
    assert "".join(text.itertext()) == "∂ 3"


@pytest.mark.parametrize("direction", ["up", "right"])
@pytest.mark.parametrize("program", ["x", "2", "x*x", "max(x, y, 2, x)", "+".join(["x"] * 70)])
@pytest.mark.parametrize("view", ["tree", "graph"])
def test_every_node_and_edge_is_there(program: str, view: str, direction: str, layout: Layout) -> None:
    graph = parse(program, view=view)
    root = ElementTree.fromstring(layout.figure(graph, direction).template)
    assert [e.get("data-node") for e in root.iter() if e.get("data-node")] == [
        node.id for node in graph.nodes
    ]
    edges = {f"{graph.nodes[edge.parent].id}.{edge.arg}" for edge in graph.edges()}
    assert {e.get("data-edge") for e in root.iter() if e.get("data-edge")} == edges
    assert not [e for e in root.iter() if e.get("id")], "ids could clash with the page's"


@pytest.mark.parametrize("direction", ["up", "right"])
@pytest.mark.parametrize("program", ["(4*x+1)^2", "x*x", "x + (x + (x + 2))"])
def test_every_edge_has_an_arrow_that_points_forward(program: str, direction: str, layout: Layout) -> None:
    root = ElementTree.fromstring(layout.figure(parse(program, view="graph"), direction).template)
    axis, sign = (1, -1) if direction == "up" else (0, 1)
    for arrow in root.iter("path"):
        if arrow.get("class") == "arrow":
            corners = [
                tuple(map(float, pair.split(",")))
                for pair in re.findall(r"-?[\d.]+,-?[\d.]+", arrow.get("d"))
            ]
            tip, left, right = (sign * corner[axis] for corner in corners)
            assert tip - left == pytest.approx(8, abs=0.2)
            assert left == pytest.approx(right, abs=0.2)


def test_classes_tell_what_a_node_is(layout: Layout) -> None:
    root = ElementTree.fromstring(layout.figure(parse("sin(2)*x")).template)
    classes = {e.get("data-node"): e.get("class") for e in root.iter() if e.get("data-node")}
    assert classes == {
        "a": "node const inactive", "b": "node op inactive", "c": "node var", "d": "node op output"
    }  # fmt: skip


def test_is_announced_as_one_image(figure: Figure) -> None:
    root = ElementTree.fromstring(figure.template)
    assert root.get("role") == "img"
    assert root.get("aria-label") == "Computation graph with 7 nodes; its output is g"


@pytest.mark.parametrize("file", [Figure.standalone, Figure.printed])
def test_files_are_complete(file: Callable[..., str], figure: Figure) -> None:
    svg = file(figure, {"g.value": 25.0})
    root = ElementTree.fromstring(svg)
    assert svg.startswith("<?xml ")
    assert root.tag == f"{SVG}svg"
    assert root.find(f"{SVG}style").text.count(".diagram .node rect") == (
        2 if file is Figure.standalone else 1
    )
    assert numbers(svg)["g.value"] == "25"
    assert "var(" not in svg
    assert "light-dark" not in svg


@given(
    st.text(
        st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"], exclude_characters="\ufffe\uffff"),
        min_size=1,
    )
)
def test_any_name_is_only_text(name: str) -> None:
    graph = Graph("", "tree", (Node(name, "var", (), (0, 1), name=name),))
    placed = '{"bb": "0,0,100,50", "objects": [{"name": "0", "pos": "50,25", "width": "1", "height": "1"}]}'
    root = ElementTree.fromstring(draw(sketch(graph), placed).fill({f"{name}.value": 1.5}))
    node = root.find("g")
    assert node.get("data-node") == " ".join(name.split("\n"))
    assert [text.get("class") for text in node.findall("text")] == [
        "title", "caption", "number value", "caption", "number gradient"
    ]  # fmt: skip


# fill


def test_fill_sets_the_text_of_fields_only() -> None:
    markup = (
        '<p class="a" data-field="c.value" title="c">old</p><b data-field="c.gradient"></b><i>c.value</i>'
    )
    filled = (
        '<p class="a" data-field="c.value" title="c">0.3333</p><b data-field="c.gradient"></b><i>c.value</i>'
    )
    assert fill(markup, {"c.value": 1 / 3, "c.gradient": None}) == filled


def test_fill_leaves_what_it_is_not_told() -> None:
    markup = '<b data-field="x.total">1</b><b data-field="c.value">2</b>'
    assert fill(markup, {"c.value": 3.0}) == '<b data-field="x.total">1</b><b data-field="c.value">3</b>'


def test_fill_is_idempotent(figure: Figure) -> None:
    once = figure.fill({"g.value": 1.0})
    assert fill(fill(once, {"g.value": 2.0}), {"g.value": 1.0}) == once


# Colours


def luminance(colour: str) -> float:
    channels = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(first: str, second: str) -> float:
    high, low = sorted((luminance(first), luminance(second)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("palette", theme.palettes(), ids=["light", "dark"])
def test_every_text_reads_well(palette: dict[str, str]) -> None:
    boxes = "card box leaf lit-box"
    grounds = {
        "text": boxes,
        "quiet": boxes,
        "value": boxes,
        "gradient": boxes,
        "inactive": "card dull lit-box",
    }
    for text, behind in grounds.items():
        for ground in behind.split():
            assert contrast(palette[text], palette[ground]) >= 4.5, f"{text} on {ground}"


@pytest.mark.parametrize("palette", theme.palettes(), ids=["light", "dark"])
def test_lines_are_seen(palette: dict[str, str]) -> None:
    assert contrast(palette["wire"], palette["card"]) >= 3


def test_the_page_has_the_same_colours() -> None:
    style = (STATIC / "page" / "style.css").read_text()
    page = {name: pair for name, *pair in re.findall(r"--([\w-]+): light-dark\((#\w+), (#\w+)\)", style)}
    light, dark = theme.palettes()
    shared = light.keys() & page.keys()
    assert {"value", "gradient", "text", "card"} <= shared
    assert {name: [light[name], dark[name]] for name in shared} == {name: page[name] for name in shared}


def test_files_have_rules_that_converters_know() -> None:
    for rules in (theme.flat(), theme.flat(dark=True)):
        assert set(re.findall(r"[{};]\s*([\w-]+):", rules)) <= {
            "fill", "font-family", "font-size", "font-style", "font-weight", "stroke", "stroke-dasharray",
            "stroke-linecap", "stroke-width", "text-anchor",
        }  # fmt: skip
        assert re.fullmatch(r"(\s*\.diagram( \.?[\w-]+)+ \{[^{}]*\})+", rules)


@pytest.mark.parametrize("direction", ["up", "right"])
def test_a_frame_stands_around_its_boxes_and_above_them_its_title(direction: str, layout: Layout) -> None:
    graph = parse("sq(t) = t^2 + 1\nhyp(s, t) = sqrt(sq(s) * sq(t))\nhyp(x, y) + x")
    groups = grouped(graph)
    ids = [group.id for group in groups if group.kind == "call"]
    found = fold(graph, groups, ids)
    root = ElementTree.fromstring(layout.figure(found, direction).template)

    def area(element: ElementTree.Element) -> tuple[float, float, float, float]:
        rect = element.find("rect")
        left, top, wide, high = (float(rect.get(name)) for name in ("x", "y", "width", "height"))
        return left, top, left + wide, top + high

    frames = {e.get("data-frame"): e for e in root.iter() if e.get("data-frame")}
    boxes = {e.get("data-node"): area(e) for e in root.iter() if e.get("data-node")}
    assert set(frames) == set(ids)
    for group, members in found.frames:
        left, top, right, bottom = area(frames[group.id])
        inside = {graph.nodes[found.boxes[member].at].id for member in members}
        for name, box in boxes.items():
            overlaps = box[0] < right and left < box[2] and box[1] < bottom and top < box[3]
            assert overlaps == (name in inside)
            if overlaps:
                assert (box[0] > left, box[1] > top + 26, box[2] < right, box[3] < bottom) == (True,) * 4
