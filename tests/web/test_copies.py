"""Copies of the figure by address: the parameters beside the state, and what is refused."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient

import graphviz_backprop as gb
from graphviz_backprop.jobs.layout import Layout
from graphviz_backprop.web import create_app


@pytest.fixture(scope="module")
def client() -> Iterator[FlaskClient]:
    with Layout(limit=20) as layout:
        yield create_app(layout).test_client()


@pytest.mark.parametrize(
    ("query", "look"),
    [
        ("frame=3", {"frame": 3}),
        ("frame=999999", {"frame": 10}),
        ("frame=-1", {}),
        ("numbers=no", {"numbers": False}),
        (
            "theme=dark&background=transparent&frame=8",
            {"theme": "dark", "background": "transparent", "frame": 8},
        ),
        ("width=300", {"width": 300}),
        ("scale=2&numbers=yes&theme=light", {"scale": 2, "theme": "light"}),
    ],
)
def test_an_address_gives_what_python_gives(client: FlaskClient, query: str, look: dict[str, object]) -> None:
    run = gb.parse("(4*x+1)^2").evaluate(x=2)
    assert client.get(f"/graph.svg?at.x=2&{query}").text == run.svg(**look)


@pytest.mark.parametrize("suffix", ["svg", "png", "pdf"])
@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("theme=blue", "theme is “blue”; it can be auto or light or dark."),
        ("scale=0", "scale is 0; it can be from 0.1 to 20."),
        ("scale=NaN", "scale is “NaN”; it must be a finite number."),
        ("width=1e9", "width is 1e+09; it can be from 16 to 20000."),
        ("numbers=maybe", "numbers is “maybe”; it can be yes or no."),
    ],
)
def test_a_mistake_is_told(client: FlaskClient, suffix: str, query: str, message: str) -> None:
    reply = client.get(f"/graph.{suffix}?{query}")
    assert reply.status_code == 400
    assert reply.get_json()["error"]["message"] == message


def test_a_picture_too_large_is_refused_with_what_to_do(client: FlaskClient) -> None:
    reply = client.get("/graph.png?scale=10&dpi=600")
    assert reply.status_code == 400
    assert re.match(
        r"a picture of [\d,]+ × [\d,]+ pixels is too large: it can have 10,000,000; a smaller size or dpi,",
        reply.get_json()["error"]["message"],
    )


def test_a_step_in_every_format(client: FlaskClient) -> None:
    for suffix in ("svg", "png", "pdf", "dot"):
        step, whole = (client.get(f"/graph.{suffix}?frame={frame}") for frame in (3, -1))
        assert step.status_code == whole.status_code == 200
        assert step.data != whole.data
    assert "grad" not in client.get("/graph.dot?frame=3").text
    assert "grad" in client.get("/graph.dot").text
