"""A file has the figures that its groups lead to, and each is what the server would give."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from urllib.parse import urlencode

import pytest
from flask import Flask
from markupsafe import Markup

from graphviz_backprop.api import network
from graphviz_backprop.jobs.layout import Layout
from graphviz_backprop.web import create_app, drawings
from graphviz_backprop.web.asked.state import State
from graphviz_backprop.web.drawings import Drawing

NESTED = "f(x) = 7x + 3\ng(x) = f(x)^2\na = x + 1\ng(f(a))"
PROGRAMS = {
    "two calls": State("f(x) = 7x + 3\ng(x) = x^2\ng(f(x))", shut="all"),
    "opened by name": State("f(x) = 7x + 3\ng(x) = x^2\ng(f(x))", open="e~0"),
    "one inside another": State(NESTED, shut="all"),
    "layers and a bundle": State(network([2, 3, 2]).text, view="graph", shut="all"),
    "a long sum": State("+".join(f"x{k}*y{k}" for k in range(12))),
    "tensors": State(
        "f(W, x) = tanh(W @ x)\nW = [[1, 2], [3, 4]]; x = [1, 2]\nsum(f(W, f(W, x)))", shut="all"
    ),
}


@pytest.fixture(scope="module")
def app() -> Iterator[Flask]:
    with Layout() as layout:
        yield create_app(layout)


@pytest.fixture(autouse=True)
def in_no_hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drawings, "_SECONDS", 1e9)


def made(app: Flask, state: State, most: int = 100) -> list[tuple[Drawing, str]]:
    """The drawings of a state with their markup, the first ``most`` of which fit."""
    markups: list[str] = []

    def fits(markup: Markup) -> bool:
        markups.append(str(markup))
        return len(markups) <= most

    with app.test_request_context():
        found = drawings.drawings(state, 0, fits)
    return list(zip(found, markups, strict=False))


def asked(state: State) -> str:
    return urlencode({"expr": state.expr, "view": state.view, "open": state.open, "shut": state.shut})


def pressed(markup: str) -> Iterator[tuple[str, str]]:
    """What can be pressed in a figure."""
    for kind, group in re.findall(r'data-(group|close)="([^"]*)"', markup):
        yield kind, html.unescape(group)


def blank(markup: str) -> str:
    """Without numbers and shades, which the page fills in."""
    return re.sub(r'(<[^>]* data-field=[^>]*>)[^<]+| fill-opacity="[^"]*"', r"\1", markup)


@pytest.mark.parametrize("state", PROGRAMS.values(), ids=PROGRAMS)
def test_each_is_the_servers(app: Flask, state: State) -> None:
    client = app.test_client()
    found = made(app, state)
    assert len(found) > 1
    assert found[0][0].state == state
    for drawing, markup in found:
        served = client.get(f"/picture?{asked(drawing.state)}&numbers=no").text
        for part in ('<svg class="diagram', '<script type="application/json" data-fragment="closed"'):
            (ours,), (theirs,) = (
                re.findall(re.escape(part) + ".*?</s(?:vg|cript)>", text, re.DOTALL)
                for text in (markup, served)
            )
            assert blank(ours) == blank(theirs)


@pytest.mark.parametrize("state", PROGRAMS.values(), ids=PROGRAMS)
def test_every_button_leads_to_the_figure_that_the_server_gives(app: Flask, state: State) -> None:
    client = app.test_client()
    found = made(app, state)
    ways = {
        way: drawing
        for drawing, _ in found
        for way in (f"{drawing.state.open}|{drawing.state.shut}|", *drawing.others)
    }
    figure = re.compile('<svg class="diagram.*?</svg>', re.DOTALL)
    pressed_all = 0
    for drawing, markup in found:
        for kind, group in pressed(markup):
            then = (drawings.opening if kind == "group" else drawings.closing)(drawing.state, group)
            if len(found) == drawings.MOST and f"{then.open}|{then.shut}|" not in ways:
                continue
            reached = ways[f"{then.open}|{then.shut}|"]
            mine, served = (client.get(f"/picture?{asked(one)}").text for one in (reached.state, then))
            assert figure.findall(mine) == figure.findall(served)
            pressed_all += 1
    assert pressed_all >= 2 * (len(found) - 1)


def test_layers_of_a_network_lead_to_the_figures_that_the_server_gives(app: Flask) -> None:
    client = app.test_client()
    state = State(network([1, 9, 1]).text, view="graph", panes="network")
    found = made(app, state)
    assert [drawing.state.layers for drawing, _ in found] == ["", "2"]
    assert found[0][0].others == ["||"]
    figure = re.compile('<svg class="diagram.*?</svg>', re.DOTALL)
    for drawing, markup in found:
        query = urlencode(
            {"expr": state.expr, "view": "graph", "panes": "network", "layers": drawing.state.layers}
        )
        assert list(map(blank, figure.findall(markup))) == list(
            map(blank, figure.findall(client.get(f"/picture?{query}&numbers=no").text))
        )


def test_a_layer_that_is_too_large_even_when_it_is_opened_leads_nowhere(app: Flask) -> None:
    assert not made(app, State(network([1, 17, 1]).text, view="graph", panes="network"))


def test_what_does_not_fit_is_not_told(app: Flask) -> None:
    state = PROGRAMS["one inside another"]
    few = made(app, state, most=2)
    assert len(few) == 2
    assert not made(app, state, most=1)
    assert not made(app, State("x^2"))
    assert few[1][0].state == made(app, state)[1][0].state


def test_none_is_begun_when_the_time_is_over(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    state = PROGRAMS["one inside another"]
    assert made(app, state)
    monkeypatch.setattr(drawings, "_SECONDS", 0)
    assert not made(app, state)


def test_an_operation_that_was_opened_stays_open(app: Flask) -> None:
    """Without it the graph is another one."""
    found = made(app, State("f(x) = sigmoid(x)\nf(x)*f(2x)", open="b"))
    assert all("b" in drawing.state.open.split(",") for drawing, _ in found)
