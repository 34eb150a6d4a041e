"""Files as they are seen: the pixels of a PDF, and of an SVG in a program that is no browser."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
import pypdfium2
import pytest
from PIL import Image

from graphviz_backprop.engine import autodiff
from graphviz_backprop.figure.sketch import EDGE_LINE
from graphviz_backprop.figure.svg import Figure
from graphviz_backprop.jobs.layout import Layout
from graphviz_backprop.language.parser import parse

SCALE = 3
WIRES = re.compile(r'<g class="edge.*?</g>', re.S)
LABEL = re.compile(
    r'<text class="(?:value|partial|flow)" x="([\d.]+)" y="([\d.]+)"><tspan class="caption">([^<]*)'
)

Pixels = npt.NDArray[np.float64]


@pytest.fixture(scope="module")
def layout() -> Iterator[Layout]:
    with Layout(limit=20) as layout:
        yield layout


@pytest.fixture(params=["up", "right"])
def drawn(request: pytest.FixtureRequest, layout: Layout) -> tuple[Figure, dict[str, float | None]]:
    graph = parse("(4*x+1)^2")
    return layout.figure(graph, request.param), autodiff.compile(graph)({"x": 1.0}, 1.0).fields()


def pixels(image: Image.Image) -> Pixels:
    """How far each one is from white, 0 to 1."""
    return 1 - np.asarray(image.convert("L"), dtype=float) / 255


def of_pdf(layout: Layout, svg: str) -> Pixels:
    (page,) = pypdfium2.PdfDocument(layout.pdf(svg))
    return pixels(page.render(scale=SCALE).to_pil())


def of_png(layout: Layout, svg: str) -> Pixels:
    return pixels(Image.open(io.BytesIO(layout.png(svg, SCALE))))


def in_cairo(svg: str) -> Pixels:
    try:
        import cairosvg
    except OSError:
        pytest.skip("the system library of Cairo is not on this machine")
    return pixels(Image.open(io.BytesIO(cairosvg.svg2png(svg.encode(), scale=SCALE))))


def ink(picture: Pixels, svg: str, reach: int = 50) -> dict[tuple[str, str], float]:
    """How much of it there is in each line of the texts on edges, by its place and caption."""
    found = {}
    for x, y, caption in LABEL.findall(svg):
        left, top = float(x) - reach, float(y) - 11.5
        rows = slice(round(top * SCALE), round((top + EDGE_LINE) * SCALE))
        columns = slice(max(0, round(left * SCALE)), round((left + 2 * reach) * SCALE))
        found[f"{x},{y}", caption] = float(picture[rows, columns].sum())
    return found


def test_every_letter_on_an_edge_is_in_the_pdf(layout: Layout, drawn) -> None:
    """As much of each text is seen as in the PNG, where nothing hides a letter's neighbour."""
    figure, fields = drawn
    svg = WIRES.sub("", figure.printed(fields))
    pdf, png = ink(of_pdf(layout, svg), svg), ink(of_png(layout, svg), svg)
    assert len(pdf) == 12
    for line, amount in png.items():
        assert amount > 50
        assert pdf[line] == pytest.approx(amount, rel=0.06), line


def test_every_text_on_an_edge_is_seen_outside_of_browsers(drawn) -> None:
    figure, fields = drawn
    svg = WIRES.sub("", figure.standalone(fields))
    amounts = ink(in_cairo(svg), svg)
    assert len(amounts) == 12
    assert min(amounts.values()) > 50


def test_paper_hides_lines_and_no_text(layout: Layout, drawn) -> None:
    figure, fields = drawn
    with_lines = figure.printed(fields)
    without = WIRES.sub("", with_lines)
    bare = re.sub(r"<g>(<rect class=\"paper\"[^>]*/>)+</g>", "", without)
    assert bare.count('class="paper"') == 1
    np.testing.assert_array_equal(of_png(layout, without), of_png(layout, bare))
    # A level line passes behind its texts.
    behind, alone = (ink(of_png(layout, svg), svg, reach=12) for svg in (with_lines, without))
    assert behind == alone
