"""Names in the figure's boxes stand as mathematics sets them, and are copied as they were typed."""

import json
import re
from html import unescape
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphviz_backprop.figure.names import set_text, set_width, width
from graphviz_backprop.figure.sketch import SMALL, TITLE, sketch
from graphviz_backprop.jobs.layout import Layout
from graphviz_backprop.language.parser import parse
from graphviz_backprop.language.typeset import in_line, pieces

TEXTS = json.loads((Path(__file__).parents[1] / "support" / "set_texts.json").read_text("utf-8"))
"""Read by the browser's half, too: tests/network/letters.test.js."""

_MOVES = re.compile(r' d([xy])="(-?[\d.]+)"')


@pytest.mark.parametrize("text", TEXTS, ids=lambda text: text["text"])
def test_the_names_in_a_text_are_set_and_nothing_else_is(text: dict[str, str]) -> None:
    assert in_line(text["text"]) == text["line"]


@given(st.text("w21_x, =(·ᵀ…theta∂/[]", max_size=30))
def test_a_set_text_is_markup_takes_no_more_room_and_holds_what_was_typed(text: str) -> None:
    assert "".join(typed for typed, _ in pieces(text)) == text
    assert set_width(text, TITLE) <= width(text, TITLE)
    assert set_width(text, SMALL) <= width(text, SMALL)
    root = ElementTree.fromstring(f"<text>{set_text(text)}</text>")
    said = (part.get("data-typed") or "".join(part.itertext()) for part in root)
    tails = (part.tail or "" for part in root)
    typed = (root.text or "") + "".join(map("".join, zip(said, tails, strict=True)))
    assert typed == text


@pytest.mark.parametrize("text", ["z2_1 = w2_11 · x1 + b2_1 .", "w2_10_113 = x_i · W_q .", "theta = 1"])
def test_what_follows_a_name_is_back_on_the_line(text: str) -> None:
    moves = _MOVES.findall(set_text(text))
    assert sum(float(by) for way, by in moves if way == "y") == 0
    assert set_text("a = b · c") == "a = b · c"


def test_boxes_have_the_names_set_and_say_what_was_typed() -> None:
    graph = parse("z2_1 = w2_11*x1 + theta; z2_1^2", view="graph")
    drawn = sketch(graph)
    said = {box.id: (box.title or box.lines[0].caption, box.tooltip) for box in drawn.boxes}
    assert said["z2_1"] == ("z2_1 = c + d", "z2_1 = c + d")
    assert said["d"] == ("d = theta", "d = theta")
    assert said["c"] == ("c = a · b", "")
    with Layout(limit=20) as layout:
        markup = layout.figure(graph).template
    shown = re.sub("<title>.*?</title>|<[^>]*>", "", markup)
    assert "z1(2) = c + d" in unescape(shown)
    assert "d = θ" in shown
    assert "theta" not in shown
