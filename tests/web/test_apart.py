"""Large programs are answered in a process of their own: in time, within their memory, like all others."""

from __future__ import annotations

import contextlib
import io
import json
import subprocess
import sys
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from graphviz_backprop.jobs import processes
from graphviz_backprop.jobs.processes import Pool
from graphviz_backprop.web import apart
from graphviz_backprop.web.asked import body

LARGE = "+".join(f"sin(x{n})" for n in range(260))
FUNCTIONS = "f(t) = t*t+t\ng(t) = f(f(f(f(t))))\nh(t) = g(g(g(g(t))))\n" + "h(" * 20 + "x" + ")" * 20
TENSORS = "W = randn(150, 150, seed=1); V = randn(150, 150, seed=2); sum(W @ V)"


@pytest.fixture
def pool(app: Flask) -> Pool:
    pool: Pool = app.extensions["apart"]
    return pool


def pid(pool: Pool) -> int:
    (worker,) = pool._workers
    return worker.start().pid


def said(reply: TestResponse) -> tuple[int, bytes, dict[str, str]]:
    headers = {name: value for name, value in reply.headers.items() if name != "Date"}
    return reply.status_code, reply.get_data(), headers


@pytest.mark.parametrize("expr", [LARGE, FUNCTIONS, TENSORS], ids=["long", "of many nodes", "of many cells"])
@pytest.mark.parametrize("sent", ["query", "form", "JSON"])
def test_the_answer_is_the_same(
    app: Flask, pool: Pool, expr: str, sent: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = {"expr": expr, "view": "graph", "digits": "6"}
    client = app.test_client()

    def ask(number: int) -> TestResponse:
        if sent == "query":  # what is unknown changes nothing, but this is no repeat
            return client.get(f"/api/graph?{urlencode(asked)}&unknown={number}")
        if sent == "form":
            return client.post("/api/graph", data=asked)
        return client.post("/api/graph", data=json.dumps(asked), content_type="application/json")

    jobs = []
    run = pool.run
    monkeypatch.setattr(pool, "run", lambda *job, **more: jobs.append(job[0]) or run(*job, **more))
    there = said(ask(1))
    assert jobs == ["graphviz_backprop.web.there:answer"]
    monkeypatch.setattr(apart, "needed", lambda *_: None)
    assert said(ask(2)) == there
    assert len(jobs) == 1


def test_small_programs_and_mistakes_stay_here(
    app: Flask, pool: Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pool, "run", lambda *_, **__: pytest.fail("it was answered apart"))
    client = app.test_client()
    assert client.get("/fragments?expr=x^2").status_code == 200
    assert client.get("/api/graph?expr=x^").status_code == 400
    assert client.get("/fragments?expr=W = ones(8, 8); sum(W)").status_code == 200


def test_who_takes_too_long_is_told_and_the_next_one_is_answered(
    app: Flask, pool: Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = app.test_client()
    panels = {"panels": "nudge,forward,sides"}
    assert client.post("/fragments", data={"expr": LARGE}).status_code == 200  # it has loaded
    first = pid(pool)
    monkeypatch.setattr(pool, "limit", 0.05)
    reply = client.post("/fragments", data={"expr": LARGE + "+1", **panels})
    assert (reply.status_code, reply.headers["Retry-After"]) == (503, "30")
    assert "takes longer than" in reply.text
    assert pid(pool) != first
    monkeypatch.undo()
    assert client.post("/fragments", data={"expr": LARGE + "+2"}).status_code == 200


def test_what_nobody_waits_for_ends(app: Flask, pool: Pool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes, "_LOOK", 0.001)  # a fast machine may be done before it looks
    client = app.test_client()
    assert client.post("/fragments", data={"expr": LARGE}).status_code == 200
    first = pid(pool)
    gone = {"waitress.client_disconnected": lambda: True}
    asked = {"expr": LARGE.replace("sin", "tanh"), "panels": "nudge,forward,sides"}
    assert client.post("/fragments", data=asked, environ_overrides=gone).status_code == 503
    assert pid(pool) != first


def test_a_file_of_many_groups_is_made_apart(app: Flask, pool: Pool, monkeypatch: pytest.MonkeyPatch) -> None:
    calls = "\n".join(f"u{k} = f({f'u{k - 1}' if k else 'x'})" for k in range(10))
    jobs = []
    run = pool.run
    monkeypatch.setattr(pool, "run", lambda *job, **more: jobs.append(1) or run(*job, **more))
    client = app.test_client()
    client.get("/graph.html", query_string={"expr": "(4*x+1)^2"})
    assert not jobs
    client.get("/graph.html", query_string={"expr": f"f(t) = sin(t) + t^2\n{calls}\nu9"})
    assert jobs


def test_so_many_wait_and_no_more(app: Flask, pool: Pool) -> None:
    taken = 0
    while pool._places.acquire(blocking=False):
        taken += 1
    try:
        reply = app.test_client().post("/fragments", data={"expr": LARGE})
        assert (reply.status_code, reply.headers["Retry-After"]) == (503, "1")
        assert app.test_client().get("/fragments?expr=x^2").status_code == 200
    finally:
        for _ in range(taken):
            pool._places.release()


TABLE = "x,y\n" + "1.5,2\n" * 40_000


@pytest.fixture
def tables(app: Flask) -> Pool:
    found: Pool = app.extensions["tables"]
    return found


@pytest.mark.parametrize(
    "asked",
    [
        {"path": "/api/table", "data": TABLE, "content_type": "text/csv"},
        {"path": "/api/table", "data": TABLE, "content_type": "application/x-www-form-urlencoded"},
        {"path": "/api/table", "data": TABLE.encode("utf-16")},
        {"path": "/api/table", "data": TABLE + "1,a\n", "query_string": {"read": "text.y:classes"}},
        {"path": "/api/table", "data": TABLE + "1,a\n"},
        {"path": "/api/table", "data": TABLE, "headers": {"Accept-Encoding": "br"}},
        {"path": "/api/data", "query_string": {"name": "moons", "n": "20000"}, "method": "GET"},
    ],
)
def test_a_large_table_is_read_apart(
    app: Flask, tables: Pool, asked: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    client = app.test_client()
    jobs = []
    run = tables.run
    monkeypatch.setattr(tables, "run", lambda *job, **more: jobs.append(job[0]) or run(*job, **more))
    there = said(client.open(**{"method": "POST"} | asked))
    assert jobs == ["graphviz_backprop.web.there:answer"]
    monkeypatch.setattr(apart, "needed", lambda *_: None)
    assert said(client.open(**{"method": "POST"} | asked)) == there
    assert len(jobs) == 1


def steps(reply: TestResponse) -> tuple[int, list[dict[str, Any]], dict[str, list[Any]]]:
    """Its status, its first and last line, and the steps: how many are in a line is a matter of time."""
    lines = [json.loads(line) for line in reply.text.splitlines()]
    found = {
        name: [x for line in lines[1:-1] for x in line[name]] for name in ("losses", "points", "gradients")
    }
    return reply.status_code, [lines[0], lines[-1]], found


COLUMNS = {"x": [1, -2.5, 3] * 20_000, "y": [2, float("nan"), 0.1] * 20_000}


@pytest.mark.parametrize(
    "changed",
    [
        {"data": {"columns": COLUMNS | {"y": COLUMNS["x"]}}},
        {"data": {"columns": COLUMNS}},
        {"data": {"columns": {"q": COLUMNS["x"]}}},
        {"data": {"columns": COLUMNS | {"x": COLUMNS["x"][1:]}}},
        {"data": {"columns": COLUMNS | {"x": [*COLUMNS["x"][1:], "a"]}}},
        {"data": {"columns": COLUMNS | {"x": [*COLUMNS["x"][1:], None]}}},
        {"data": {"columns": COLUMNS | {"x": [*COLUMNS["x"][1:], True]}}},
        {"data": {"columns": COLUMNS | {"x": [*COLUMNS["x"][1:], 10**400]}}},
        {"data": {"columns": COLUMNS | {"x": [[1]] * 60_000}}},
        {"data": {"columns": COLUMNS | {"x": [0] * 1_000_001}}},
        {"data": {"columns": COLUMNS | {"x": "a" * 100_000}}},
        {"data": {"columns": [COLUMNS["x"]]}},
        {"data": COLUMNS},
        {"expr": "W = ones(1, 2); (sum(W @ [u, v]) - y)^2", "bind": {"x": "u"}, "data": {"columns": COLUMNS}},
        {"expr": "x^", "data": {"columns": COLUMNS}},
        ["[" * 200_000],
    ],
    ids=range(16),
)
def test_what_is_sent_to_a_descent_is_read_apart(
    app: Flask, tables: Pool, changed: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = app.test_client()
    sent = (
        {"expr": "(w*x+b-y)^2", "steps": 3, "batch": 20_000} | changed
        if isinstance(changed, dict)
        else changed
    )
    jobs = []
    run = tables.run
    monkeypatch.setattr(tables, "run", lambda *job, **more: jobs.append(job[0]) or run(*job, **more))
    there = steps(client.post("/api/descend", json=sent))
    assert jobs == ["graphviz_backprop.web.there:members"]
    monkeypatch.setattr(body, "FEW_BYTES", 10**9)
    assert steps(client.post("/api/descend", json=sent)) == there
    assert len(jobs) == 1


def test_a_body_that_is_no_json_is_told_by_who_reads_it_apart(client: FlaskClient) -> None:
    for raw in (b"[" * 300_000, b'{"a":' * 100_000, b"x" * 300_000, b"\xff" * 300_000):
        reply = client.post("/api/descend", data=raw, content_type="application/json")
        assert reply.status_code == 400
        assert "The body must be a JSON object such as" in reply.get_json()["error"]["message"]


def test_a_large_file_is_read_apart(app: Flask, tables: Pool) -> None:
    file = (io.BytesIO(TABLE.encode()), "table.csv")
    before = pid(tables)
    assert app.test_client().post("/api/table", data={"file": file}).get_json()["rows"] == 40_000
    assert pid(tables) == before


def test_tables_and_programs_wait_for_their_own_kind_alone(app: Flask, tables: Pool) -> None:
    client = app.test_client()
    with contextlib.ExitStack() as taken:
        while tables._places.acquire(blocking=False):
            taken.callback(tables._places.release)
        reply = client.post("/api/table", data=TABLE)
        assert (reply.status_code, reply.headers["Retry-After"]) == (503, "1")
        assert reply.get_json()["error"]["message"] == apart.KINDS["tables"].busy
        assert client.get("/api/data?name=moons&n=1000000").status_code == 503
        long = {"expr": "x*w", "data": {"columns": COLUMNS}}
        assert client.post("/api/descend", json=long).headers["Retry-After"] == "1"
        assert client.post("/api/table", data="x\n1\n").get_json()["rows"] == 1
        assert client.get("/api/data?name=moons&n=200").get_json()["rows"] == 200
        assert client.get("/api/graph", query_string={"expr": LARGE}).status_code == 200
    assert client.post("/api/table", data=TABLE).status_code == 200


def test_a_table_that_takes_too_long(app: Flask, tables: Pool, monkeypatch: pytest.MonkeyPatch) -> None:
    tables.start()
    monkeypatch.setattr(tables, "limit", 0.001)
    reply = app.test_client().post("/api/table", data=TABLE)
    assert (reply.status_code, reply.headers["Retry-After"]) == (503, "30")
    assert "A smaller table does not" in reply.get_json()["error"]["message"]


@pytest.mark.parametrize("kind", apart.KINDS)
def test_its_seconds_are_said(kind: str) -> None:
    assert f"longer than {apart.KINDS[kind].limit:g} seconds" in apart.KINDS[kind].late


def test_its_memory_has_an_end() -> None:
    code = (
        "from graphviz_backprop.web.there import limit_memory\n"
        "limit_memory(1_000_000_000)\n"
        "try: bytearray(1_500_000_000)\n"
        "except MemoryError: print('refused')"
    )
    root = Path(__file__).parents[2]
    done = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True)
    assert done.stdout == "refused\n"
