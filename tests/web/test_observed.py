"""What operators see: numbers, a line a request, shares for clients. Nothing of what was asked is in it."""

from __future__ import annotations

import json

import pytest
from flask.testing import FlaskClient

from graphviz_backprop.jobs.layout import Layout
from graphviz_backprop.web import create_app


@pytest.fixture
def app_of(monkeypatch: pytest.MonkeyPatch):
    """An app that starts with these variables of the environment."""
    with Layout() as layout:

        def make(**environment: str) -> FlaskClient:
            for name, value in environment.items():
                monkeypatch.setenv(name, value)
            return create_app(layout).test_client()

        yield make


def test_requests_figures_and_what_was_remembered_are_counted(app_of) -> None:
    client = app_of()
    for _ in range(3):
        client.get("/graph.svg?expr=secret*y")
    client.get("/static/any/main.js")
    client.get("/nowhere/secret")
    client.open("/", method="SECRET")
    text = client.get("/metrics").text
    assert 'backprop_requests_total{method="GET",path="/graph.svg",status="200"} 3.0' in text
    assert 'backprop_requests_total{method="GET",path="/static/",status="200"} 1.0' in text
    assert 'backprop_requests_total{method="GET",path="other",status="404"} 1.0' in text
    assert 'backprop_remembered{found="yes",what="answers"} 2.0' in text
    assert 'backprop_restarts{pool="layout"} 0.0' in text
    assert "backprop_layout_seconds_count 1.0" in text
    assert "secret" not in text.lower()


def test_each_request_is_a_line_if_wanted(app_of, capsys: pytest.CaptureFixture[str]) -> None:
    app_of().get("/graph.svg?expr=secret")
    assert capsys.readouterr().err == ""
    app_of(LOG="requests").post("/fragments", data={"expr": "secret"})
    said = capsys.readouterr().err
    line = json.loads(said)
    assert (line["method"], line["path"], line["status"]) == ("POST", "/fragments", 200)
    assert line["ms"] > 0
    assert "secret" not in said


def test_a_client_beyond_its_share_is_told_when_to_come_again(app_of) -> None:
    client = app_of(RATE="3/minute")
    assert [client.get("/api/graph?expr=x").status_code for _ in range(4)] == [200, 200, 200, 429]
    refused = client.get("/api/graph?expr=x")
    assert 1 <= int(refused.headers["Retry-After"]) <= 60
    assert client.get("/healthz").status_code == 200
    other = {"REMOTE_ADDR": "192.0.2.7"}
    assert client.get("/api/graph?expr=x", environ_overrides=other).status_code == 200


def test_without_a_rate_there_is_none(app_of) -> None:
    client = app_of()
    assert {client.get("/api/graph?expr=x").status_code for _ in range(50)} == {200}


def test_a_server_that_stops_is_well_but_not_ready(app_of) -> None:
    client = app_of()
    assert client.get("/readyz").status_code == 200
    client.application.extensions["stopping"].set()
    assert client.get("/healthz").status_code == 200
    reply = client.get("/readyz")
    assert (reply.status_code, reply.json["status"]) == (503, "it is being stopped")
