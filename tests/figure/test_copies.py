"""Figures for other documents: one step, without numbers, in a size, in colours, without a ground."""

from __future__ import annotations

import io
import re
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pytest
from PIL import Image

import graphviz_backprop as gb
from graphviz_backprop.explain.steps import steps
from graphviz_backprop.figure import theme
from graphviz_backprop.figure.copies import BLANK, Look
from graphviz_backprop.language.graph import CONST

SVG = "{http://www.w3.org/2000/svg}"
PROGRAMS = ("(4*x+1)^2", "x*y+sin(x)", "a = x*x\nmax(a, y)", "2^3", "sigmoid(w*x+b)")


def shown(svg: str) -> dict[str, str]:
    """The text of each field in the file."""
    root = ElementTree.fromstring(svg)
    return {
        element.attrib["data-field"]: "".join(element.itertext())
        for element in root.iter()
        if "data-field" in element.attrib
    }


def marked(svg: str, name: str) -> set[str]:
    """Nodes and edges with this class."""
    root = ElementTree.fromstring(svg)
    found = (element for element in root.iter(f"{SVG}g") if name in element.get("class", "").split())
    return {element.get("data-node") or element.get("data-edge") or "" for element in found}


@pytest.mark.parametrize("program", PROGRAMS)
def test_a_step_shows_what_is_known_by_then_and_what_it_is_about(program: str) -> None:
    run = gb.parse(program).evaluate(dict.fromkeys(gb.parse(program).variables, 0.5))
    whole, known = shown(run.svg()), set[str]()
    for frame, step in enumerate(steps(run.graph)):
        known |= set(step.shows)
        svg = run.svg(frame=frame)
        for field, text in shown(svg).items():
            assert text == (whole[field] if field in known else ""), (frame, field)
        assert {field for field in whole if whole[field] and field in known} <= set(shown(svg))
        drawn = {node.id for node in run.graph.nodes}
        assert marked(svg, "current") - {f"{step.edge[0]}.{step.edge[1]}" if step.edge else ""} == (
            {step.node} & drawn
        )
        assert marked(svg, "used") == set(step.uses) & drawn - {step.node}
    assert shown(svg) == whole


def test_no_caption_stands_on_an_edge_without_its_number() -> None:
    svg = gb.parse("(4*x+1)^2").evaluate(x=1).svg(frame=3)
    assert not re.search(r"</tspan><tspan[^>]*></tspan>", svg)


def test_a_step_that_there_is_not() -> None:
    run = gb.parse("x^2").evaluate(x=1)
    last = len(steps(run.graph)) - 1
    run.svg(frame=last)
    with pytest.raises(
        ValueError, match=f"there is no step {last + 1}: the steps of this graph are 0 to {last}"
    ):
        run.svg(frame=last + 1)


@pytest.mark.parametrize("program", PROGRAMS)
def test_without_numbers_only_the_programs_own_constants_are_left(program: str) -> None:
    run = gb.parse(program).evaluate(dict.fromkeys(gb.parse(program).variables, 0.5))
    given = {node.id for node in run.graph.nodes if node.op == CONST}
    for field, text in shown(run.svg(numbers=False)).items():
        node, *place = field.split(".")
        own = node
        if len(place) == 2:
            arg = run.graph.nodes[run.graph.positions[node]].args[int(place[0])]
            own = run.graph.nodes[arg].id
        constant = own in given and place[-1] == "value"
        assert (text == BLANK) != constant, field


@pytest.mark.parametrize(
    ("look", "size"),
    [
        ({"scale": 2}, (2.0, 2.0)),
        ({"scale": 0.5}, (0.5, 0.5)),
        ({"width": 1000}, (1000, None)),
        ({"height": 300}, (None, 300)),
        ({"width": 1000, "height": 10_000}, (1000, None)),
        ({"width": 10_000, "height": 300}, (None, 300)),
    ],
)
def test_the_size_is_what_was_asked_for_and_the_shape_stays(
    look: dict[str, Any], size: tuple[Any, Any]
) -> None:
    run = gb.parse("(4*x+1)^2").evaluate(x=1)
    own, sized = (ElementTree.fromstring(svg) for svg in (run.svg(), run.svg(**look)))
    assert own.get("viewBox") == sized.get("viewBox")
    natural = [float(own.attrib[name]) for name in ("width", "height")]
    wide = [float(sized.attrib[name]) for name in ("width", "height")]
    wanted = [a * b for a, b in zip(natural, size, strict=True)] if "scale" in look else list(size)
    for found, want in zip(wide, wanted, strict=True):
        assert want is None or found == pytest.approx(want, abs=0.01)
    assert wide[0] / wide[1] == pytest.approx(natural[0] / natural[1], rel=1e-3)


@pytest.mark.parametrize(
    "look",
    [
        {"scale": 0},
        {"scale": 21},
        {"width": 5},
        {"height": 1e9},
        {"scale": float("nan")},
        {"theme": "red"},
        {"background": "x"},
    ],
)
def test_what_there_is_not_is_refused(look: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=rf"^{next(iter(look))} is .*(can be from|not one of)"):
        gb.parse("x^2").evaluate(x=1).svg(**look)


@pytest.mark.parametrize("name", ["light", "dark"])
def test_the_colours_are_of_one_theme(name: str) -> None:
    svg = gb.parse("x^2").evaluate(x=1).svg(theme=name)
    light, dark = theme.palettes()
    own, other = (light, dark) if name == "light" else (dark, light)
    assert own["value"] in svg
    assert other["value"] not in svg
    assert "prefers-color-scheme" not in svg


def image(run: gb.api.Run, **look: Any) -> Image.Image:
    return Image.open(io.BytesIO(run.png(**look)))


def test_a_picture_says_how_dense_it_is_and_has_so_many_pixels() -> None:
    run = gb.parse("(4*x+1)^2").evaluate(x=1)
    usual, fine, small = image(run), image(run, dpi=300), image(run, width=200, dpi=96)
    assert usual.info["dpi"] == pytest.approx((192, 192), abs=0.1)
    assert fine.info["dpi"] == pytest.approx((300, 300), abs=0.1)
    assert fine.width / usual.width == pytest.approx(300 / 192, rel=0.01)
    assert small.width == 200
    with pytest.raises(ValueError, match=r"dpi is 5; it can be from 36 to 1200"):
        run.png(dpi=5)
    with pytest.raises(ValueError, match=r"a picture of [\d,]+ × [\d,]+ pixels is too large"):
        run.png(dpi=1200, scale=4)


def test_a_transparent_picture_has_no_ground_and_its_texts_none_either() -> None:
    run = gb.parse("(4*x+1)^2").evaluate(x=1)
    clear = np.asarray(image(run, background="transparent").convert("RGBA"))
    ground = np.asarray(image(run).convert("RGBA"))
    assert (ground[..., 3] == 255).all()
    assert (clear[0] == 0).all()
    assert 0.2 < (clear[..., 3] == 0).mean() < 0.9
    # On white it looks as it does with its paper.
    alpha = clear[..., 3:] / 255
    on_white = clear[..., :3] * alpha + 255 * (1 - alpha)
    assert np.abs(on_white - ground[..., :3]).mean() < 1.5


def test_where_lines_go_through_texts_a_transparent_one_leaves_them_out() -> None:
    svg = gb.parse("(4*x+1)^2").evaluate(x=1).svg("right", background="transparent")
    root = ElementTree.fromstring(svg)
    (mask,) = root.iter(f"{SVG}mask")
    texts = [text for text in root.iter(f"{SVG}text") if len(text) == 2]
    holes = [rect for rect in mask if rect.get("fill") == "#000"]
    assert len(holes) == len(texts) > 5
    (lines,) = (group for group in root.iter(f"{SVG}g") if group.get("mask"))
    assert lines.get("mask") == f"url(#{mask.get('id')})"
    assert all("edge" in line.get("class", "") for line in lines)


def test_the_usual_file_is_as_it_was() -> None:
    run = gb.parse("x*y").evaluate(x=2, y=3)
    assert run.svg() == run.svg(frame=-1, numbers=True, scale=1, theme="auto", background="paper")
    assert Look() == Look(frame=-1)


def test_a_page_has_the_copys_size() -> None:
    import pypdfium2

    run = gb.parse("x*y").evaluate(x=2, y=3)
    (usual,), (twice,) = (pypdfium2.PdfDocument(run.pdf(scale=scale)) for scale in (1, 2))
    assert twice.get_width() == pytest.approx(2 * usual.get_width(), abs=0.5)
