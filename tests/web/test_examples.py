"""The gallery of examples: all of them, their figures, and a search."""

from __future__ import annotations

import re
from html import unescape

from flask.testing import FlaskClient

from graphviz_backprop.web.shown.examples import GROUPS, found

EVERY = [example for group in GROUPS for example in group.examples]


def test_it_has_every_example_with_its_figure(client: FlaskClient) -> None:
    page = client.get("/examples").text
    for group in GROUPS:
        assert f"<h2>{group.title}</h2>" in page
    opened = {unescape(link) for link in re.findall(r'<li><a href="/\?([^"]*)"', page)}
    assert opened == {example.query for example in EVERY}
    figures = [unescape(address) for address in re.findall(r'<img src="(/graph\.svg[^"]*)"', page)]
    assert len(figures) == len(EVERY)
    for address in figures:
        reply = client.get(address)
        assert (reply.status_code, reply.mimetype) == (200, "image/svg+xml"), address
        assert "public" in reply.headers["Cache-Control"]


def test_each_example_is_found_by_its_words() -> None:
    for example in EVERY:
        shown = [one for group in found(example.title.upper()) for one in group.examples]
        assert example in shown
    assert [group.title for group in found("Descent valley")] == ["Descent"]
    assert found("") == list(GROUPS)
    assert found("valley neuron") == []


def test_a_search_shows_what_it_finds_and_is_text(client: FlaskClient) -> None:
    page = client.get("/examples?q=chain").text
    assert "Chain rule" in page
    assert "Rosenbrock" not in page
    page = client.get('/examples?q="><script>alert(1)</script>').text
    assert "<script>alert" not in page
    assert "No example has “&#34;&gt;&lt;script&gt;alert(1)&lt;/script&gt;” in it" in page
    assert client.get("/examples?q=%00%ff").status_code == 200
