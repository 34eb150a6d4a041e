"""Many at once, and what goes wrong meanwhile: nobody waits for another one's work, and nothing is a 500."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest
from flask import Flask

from graphviz_backprop.figure.svg import Figure
from graphviz_backprop.jobs.layout import Layout, LayoutTimeout
from graphviz_backprop.jobs.processes import JobBusy
from graphviz_backprop.language.folding import Fold
from graphviz_backprop.language.graph import Graph
from graphviz_backprop.web import create_app


class Held(Layout):
    """Draws, but what has a variable ``held`` not before it is let go."""

    def __init__(self) -> None:
        super().__init__(limit=20)
        self.entered, self.let_go = Event(), Event()

    def figure(self, shown: Graph | Fold, direction: str = "up") -> Figure:
        graph = shown.graph if isinstance(shown, Fold) else shown
        if "held" in graph.variables:
            self.entered.set()
            assert self.let_go.wait(60)
        return super().figure(shown, direction)


@pytest.fixture
def held() -> Iterator[Held]:
    with Held() as layout:
        yield layout


def answered(app: Flask, address: str) -> tuple[int, str]:
    reply = app.test_client().get(address)
    return reply.status_code, reply.text


@pytest.mark.parametrize("path", ["/", "/fragments", "/graph.svg"])
def test_a_slow_figure_keeps_no_other_visitor_waiting(held: Held, path: str) -> None:
    app = create_app(held)
    with ThreadPoolExecutor() as threads:
        slow = threads.submit(answered, app, f"{path}?expr=held^2")
        try:
            assert held.entered.wait(60)
            status, text = answered(app, f"{path}?expr=x^2")
            assert (status, "data-node" in text) == (200, True)
            assert not slow.done()
        finally:
            held.let_go.set()
        status, text = slow.result()
        assert (status, "data-node" in text) == (200, True)


@pytest.mark.parametrize("letter", "9x")
def test_a_long_number_or_name_is_a_mistake(app: Flask, letter: str) -> None:
    reply = app.test_client().get("/api/graph", query_string={"expr": letter * 20_000})
    assert reply.status_code == 400
    assert "has more than" in reply.json["error"]["message"]


def test_a_long_list_of_opened_nodes_is_cut(app: Flask) -> None:
    many = ",".join(["a"] * 20_000)
    reply = app.test_client().post("/fragments", data={"expr": "gelu(x)", "open": many})
    assert reply.status_code == 200
    assert len(reply.data) < 10 * len(app.test_client().post("/fragments", data={"expr": "gelu(x)"}).data)


def test_a_figure_that_took_all_of_its_time_is_none_and_the_page_stands(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The curves are late, and so is what notices it: nothing is left for straight lines."""
    layout = app.extensions["layout"]
    monkeypatch.setattr(layout, "_limit", 0.0)
    status, text = answered(app, "/?expr=x%2B987654321")
    assert (status, "data-node" in text) == (200, False)
    assert "takes too long" in text
    reply = app.test_client().get("/graph.svg?expr=x%2B987654321")
    assert (reply.status_code, reply.headers["Retry-After"]) == (503, "1")


def test_health_is_no_memory(held: Held, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was drawn before says nothing of what can be drawn now."""
    app = create_app(held)
    assert answered(app, "/healthz")[0] == 200
    monkeypatch.setattr("sys.executable", "/nowhere/python")
    for each in held._pool._workers:
        each.kill()
    status, text = answered(app, "/healthz")
    assert (status, "nothing can be drawn" in text) == (503, True)
    status, text = answered(app, "/graph.svg?expr=x^3")
    assert (status, "not drawn" in text) == (503, True)
    assert answered(app, "/fragments?expr=x^3")[0] == 200
    monkeypatch.undo()
    assert answered(app, "/healthz")[0] == 200


def test_a_killed_worker_costs_no_figure(held: Held) -> None:
    held.warm(20)
    for each in held._pool._workers:
        if each._process:
            os.kill(each._process.pid, signal.SIGKILL)
    assert "data-node" in answered(create_app(held), "/?expr=x^2")[1]


def test_a_layout_ends_when_its_client_has_left_and_another_one_gets_it(held: Held) -> None:
    """Two ask for the same; the first one leaves while it waits for a process, which is not its fault."""
    app = create_app(held)
    gone = Event()
    workers = [held._pool._free.get() for _ in held._pool._workers]
    with ThreadPoolExecutor() as threads:
        leaves = threads.submit(
            app.test_client().get,
            "/graph.svg?expr=x%2B31415",
            environ_overrides={"waitress.client_disconnected": gone.is_set},
        )
        wait_until(lambda: bool(held._figures._making))
        stays = threads.submit(answered, app, "/graph.svg?expr=x%2B31415")
        gone.set()
        assert leaves.result().status_code == 503
        for worker in workers:
            held._pool._free.put(worker)
        status, text = stays.result()
        assert (status, "data-node" in text or "<svg" in text) == (200, True)


def wait_until(holds: Callable[[], bool]) -> None:
    while not holds():
        time.sleep(0.01)


def test_who_waits_in_vain_hears_it_from_the_pool(held: Held) -> None:
    with pytest.raises(LayoutTimeout):
        held.place("digraph { a }", limit=0)


def test_the_closed_form_says_when_others_are_served(app: Flask) -> None:
    algebra = app.extensions["algebra"]
    taken = 0
    while algebra._places.acquire(blocking=False):
        taken += 1
    try:
        status, text = answered(app, "/formula?expr=x^2")
        assert (status, "Too many others" in text) == (503, True)
        reply = app.test_client().post("/formula", data={"expr": "x^2"})
        assert (reply.status_code, reply.headers["Retry-After"]) == (503, "2")
    finally:
        for _ in range(taken):
            algebra._places.release()


def test_parts_without_a_figure_for_the_rush_are_asked_for_again(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy(*_: object, **__: object) -> bytes:
        raise JobBusy("Too many others are being served.")

    monkeypatch.setattr(app.extensions["layout"]._pool, "run", busy)
    reply = app.test_client().get("/fragments?expr=x%2B123456")
    assert (reply.status_code, reply.headers["Retry-After"]) == (503, "1")
    assert answered(app, "/?expr=x%2B123456")[0] == 200


def test_memory_that_does_not_suffice_is_no_fault(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> bytes:
        raise MemoryError

    monkeypatch.setattr(app.extensions["layout"]._pool, "run", full)
    reply = app.test_client().get("/graph.svg?expr=x%2B1234567")
    assert (reply.status_code, reply.headers["Retry-After"]) == (503, "5")
    assert "memory" in reply.json["error"]["message"]
