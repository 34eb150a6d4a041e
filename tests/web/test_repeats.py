"""Answers that are given again: the same to the byte, to whom they are for, and only where they would be."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest
from flask import Flask
from flask.testing import FlaskClient

from graphviz_backprop.jobs.layout import LayoutTimeout
from graphviz_backprop.web import repeats

PATHS = [
    "/?expr=x^2",
    "/fragments?expr=x^2",
    "/graph.svg?expr=x^2",
    "/graph.dot?expr=x^2",
    "/graph.json?expr=x^2",
    "/api/graph?expr=x^2",
    "/rules",
]


def test_a_file_is_remembered_only_under_the_address_of_its_content(
    client: FlaskClient, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = re.search(r'href="(/static/[^"]+\.css)"', client.get("/").text)
    assert found
    first, other = client.get(found[1]), "/static/other/page/style.css"
    assert "immutable" in first.headers["Cache-Control"]
    assert client.get(other).status_code == 200
    monkeypatch.setattr(app, "view_functions", {"assets.static": lambda **_: ("changed", 200)})
    assert client.get(found[1]).data == first.data
    assert client.get(other).text == "changed"


@pytest.mark.parametrize("path", PATHS)
def test_the_second_answer_is_the_first(client: FlaskClient, app: Flask, path: str) -> None:
    for coding in ("br", "gzip", "identity"):
        first = client.get(path, headers={"Accept-Encoding": coding})
        app.view_functions, views = {}, app.view_functions
        try:
            second = client.get(path, headers={"Accept-Encoding": coding})
        finally:
            app.view_functions = views
        assert second.status_code == first.status_code == 200
        assert second.data == first.data
        assert set(second.headers) == {pair for pair in first.headers if pair[0] != "Date"}


def test_who_asks_for_what_is_being_made_waits_for_it(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    entered, let_go, made = Event(), Event(), []

    def slowly(**_: object) -> str:
        made.append(1)
        entered.set()
        assert let_go.wait(60)
        return "made"

    monkeypatch.setattr(repeats, "_PATIENCE", 60)
    monkeypatch.setitem(app.view_functions, "rules.rules", slowly)
    with ThreadPoolExecutor() as threads:
        asked = [threads.submit(app.test_client().get, "/rules?new")]
        assert entered.wait(60)
        asked += [threads.submit(app.test_client().get, "/rules?new") for _ in range(3)]
        assert app.test_client().get("/api/graph?expr=x").status_code == 200
        let_go.set()
        assert {each.result().text for each in asked} == {"made"}
    assert made == [1]


@pytest.mark.parametrize("path", PATHS)
def test_who_has_it_already_is_told_so(client: FlaskClient, path: str) -> None:
    first = client.get(path)
    for _ in range(2):
        again = client.get(path, headers={"If-None-Match": first.headers["ETag"]})
        assert (again.status_code, again.data) == (304, b"")
        assert again.headers["ETag"] == first.headers["ETag"]
    assert client.get(path, headers={"If-None-Match": '"other"'}).data == first.data


def test_a_figure_may_be_shared_and_a_page_not_between_themes(app: Flask) -> None:
    figure = app.test_client().get("/graph.svg?expr=x*y").headers
    assert "s-maxage" in figure["Cache-Control"]
    dark = app.test_client()
    dark.set_cookie("theme", "dark")
    for _ in range(2):
        assert 'data-theme="dark"' in dark.get("/?expr=x*y").text
        plain = app.test_client().get("/?expr=x*y")
        assert "data-theme" not in plain.text
        assert "s-maxage" not in plain.headers["Cache-Control"]
        assert "Cookie" in plain.headers["Vary"]


@pytest.mark.parametrize("path", ["/graph.svg?expr=(", "/api/graph?expr=(", "/fragments?expr=x&view=none"])
def test_what_is_refused_stays_so(client: FlaskClient, path: str) -> None:
    first, second = client.get(path), client.get(path)
    assert (first.status_code, first.data) == (second.status_code, second.data)


def test_what_goes_by_is_not_remembered(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    def late(*_: object, **__: object) -> bytes:
        raise LayoutTimeout("Drawing it takes too long.")

    client, path = app.test_client(), "/?expr=x*y%2Bx^7"
    monkeypatch.setattr(app.extensions["layout"]._pool, "run", late)
    without = client.get(path)
    assert "data-node" not in without.text
    assert "ETag" not in without.headers
    monkeypatch.undo()
    assert "data-node" in client.get(path).text


def test_a_prefix_is_part_of_the_address(app: Flask, client: FlaskClient) -> None:
    plain = client.get("/?expr=x^3").text
    under = client.get("/?expr=x^3", environ_overrides={"SCRIPT_NAME": "/tools"}).text
    assert re.search(r'href="/tools/static/', under)
    assert "/tools/" not in plain
    assert client.get("/?expr=x^3").text == plain
