"""/api/descend: the lines that it sends, what it refuses, and that it stops for who has gone."""

from __future__ import annotations

import http.client
import json
import math
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

import graphviz_backprop as gb
from graphviz_backprop.descent.optimizers import OPTIMIZERS
from graphviz_backprop.web.asked import descent as asked
from graphviz_backprop.web.slots import Slots
from graphviz_backprop.web.views import descent

LINE = "(w*x + b - y)^2"
ROWS = {"x": [1.0, 2.0, 3.0], "y": [3.0, 5.0, 7.0]}


def lines(client: FlaskClient, **asked: Any) -> list[dict[str, Any]]:
    reply = client.post("/api/descend", json=asked)
    assert reply.status_code == 200, reply.text
    assert reply.mimetype == "application/x-ndjson"
    return [json.loads(line, parse_constant=pytest.fail) for line in reply.text.splitlines()]


def joined(found: list[dict[str, Any]], name: str) -> list[Any]:
    """A member of all lines in the middle, one after the other, each where it says it is."""
    rows: list[Any] = []
    for line in found[1:-1]:
        assert line["from"] == len(rows) or name != "losses"
        rows += line["states"][name] if name not in line else line[name]
    return rows


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_the_lines_are_the_descent(client: FlaskClient, optimizer: str) -> None:
    asked = {"optimizer": optimizer, "rate": 0.05, "steps": 30, "batch": 2, "seed": 3}
    found = lines(client, expr=LINE, start={"w": 0, "b": 0.5}, data={"columns": ROWS}, **asked)
    wanted = gb.descend(gb.parse(LINE), {"w": 0, "b": 0.5}, data=ROWS, **asked)
    assert found[0] == {
        "optimizer": optimizer,
        "settings": dict(wanted.settings),
        "parameters": ["w", "b"],
        "state": list(wanted.states),
        "rows": 3,
        "batches": 2,
        "steps": 30,
    }
    np.testing.assert_array_equal(joined(found, "losses"), wanted.losses)
    np.testing.assert_array_equal(joined(found, "points"), np.array(list(wanted.points.values())).T)
    np.testing.assert_array_equal(joined(found, "gradients"), np.array(list(wanted.gradients.values())).T)
    for name, columns in wanted.states.items():
        np.testing.assert_array_equal(joined(found, name), np.array(list(columns.values())).T)
    assert found[-1] == {"done": True, "steps": 30, "epochs": 15, "stopped": "", "smaller": None}


def test_samples_held_out_have_their_losses_beside_the_others(client: FlaskClient) -> None:
    held = {"x": [4.0, 0.5], "y": [9.0, 1.0]}
    asked = {"rate": 0.05, "steps": 30, "batch": 2}
    data = {"data": {"columns": ROWS}, "held": {"columns": {**held, "other": [1, 2]}}}
    found = lines(client, expr=LINE, start={"w": 0, "b": 0.5}, **data, **asked)
    wanted = gb.descend(gb.parse(LINE), {"w": 0, "b": 0.5}, data=ROWS, held=held, **asked)
    np.testing.assert_array_equal(joined(found, "held"), wanted.held)
    assert len(joined(found, "losses")) == 31


@pytest.mark.parametrize(
    ("held", "message"),
    [
        ({"columns": {"q": [1]}}, "No column is a variable of this program"),
        ({"columns": {"x": [1]}}, "held out are the columns x, and those of the data are x, y"),
        ({"columns": {"x": [1], "y": ["a"]}}, "y holds something that is not a number"),
        (7, "held must be an object"),
    ],
)
def test_what_is_no_sample_to_hold_out_is_refused(client: FlaskClient, held: Any, message: str) -> None:
    reply = client.post("/api/descend", json={"expr": LINE, "data": {"columns": ROWS}, "held": held})
    assert reply.status_code == 400
    assert message in reply.get_json()["error"]["message"]


def test_what_is_held_out_is_work(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asked, "MOST_WORK", 100_000)
    given = {"expr": LINE, "steps": 100, "data": {"columns": ROWS}}
    assert client.post("/api/descend", json=given).status_code == 200
    many = {"columns": {"x": [1.0] * 500, "y": [1.0] * 500}}
    assert "too much work" in client.post("/api/descend", json={**given, "held": many}).text


def test_without_data(client: FlaskClient) -> None:
    found = lines(client, expr="x^2 + y", parameters=["x"], steps=2, settings={})
    assert (found[0]["rows"], found[0]["batches"], found[0]["parameters"]) == (0, 0, ["x"])
    assert joined(found, "losses") == pytest.approx([2, 1.64, 1.4096])
    assert found[-1] == {"done": True, "steps": 2, "epochs": 0, "stopped": "", "smaller": None}


@pytest.mark.parametrize("asked", [{}, {"rate": None}])
def test_without_a_rate_one_is_chosen(client: FlaskClient, asked: dict[str, Any]) -> None:
    found = lines(client, expr="(4*x+1)^2", **asked)
    assert found[0]["settings"] == {"rate": 0.02}
    assert joined(found, "points")[-1] == pytest.approx([-0.25])


@pytest.mark.parametrize(
    ("program", "x", "rate", "smaller"), [("(4*x+1)^2", 1, 0.1, 0.01), ("x^4", 10, 1, 0.0005)]
)
def test_where_it_overshoots_a_smaller_rate_is_offered(
    client: FlaskClient, program: str, x: float, rate: float, smaller: float
) -> None:
    found = lines(client, expr=program, start={"x": x}, rate=rate)
    assert "the step overshoots" in found[-1]["stopped"]
    assert found[-1]["smaller"] == smaller
    again = lines(client, expr=program, start={"x": x}, rate=smaller)
    assert again[-1]["stopped"] == ""
    assert joined(again, "losses")[-1] < joined(again, "losses")[0]


def test_of_a_neuron_the_weights_move(client: FlaskClient) -> None:
    assert lines(client, expr="(sigmoid(w*x + b) - y)^2", steps=1)[0]["parameters"] == ["w", "b"]


def test_no_step(client: FlaskClient) -> None:
    assert [line.get("losses") for line in lines(client, expr="x^2", steps=0)] == [None, [1.0], None]


def test_numbers_that_are_none_are_strict(client: FlaskClient) -> None:
    first, line, last = lines(client, expr="1/x + y", start={"x": 0})
    assert (line["losses"], line["gradients"]) == (["Infinity"], [["-Infinity", 1.0]])
    assert (first["steps"], last["steps"]) == (100, 0)
    assert last["stopped"] == "the loss is Infinity at the start, where x = 0, y = 1"


@pytest.mark.parametrize(
    ("columns", "bind"),
    [
        ({"a": ROWS["x"], "y": ROWS["y"], "other": [1, 2, 3]}, {"a": "x"}),
        ({"x": [0, 0, 0], "a": ROWS["x"], "c": ROWS["y"]}, {"a": "x", "c": "y"}),
        ({**ROWS, "b": [9, 9, 9]}, {"b": None}),
        (ROWS, None),
    ],
)
def test_columns_are_bound_by_name(client: FlaskClient, columns: Any, bind: Any) -> None:
    found = lines(client, expr=LINE, data={"columns": columns}, bind=bind, steps=1, start={"x": 5})
    assert found[0]["parameters"] == ["w", "b"]
    assert joined(found, "losses")[0] == pytest.approx((1 + 4 + 9) / 3)


def test_a_built_in_set(client: FlaskClient) -> None:
    data = {"set": "line", "n": 40, "seed": 2, "noise": 0}
    found = lines(client, expr=LINE, data=data, steps=200, rate=0.3)
    assert found[0]["rows"] == 40
    assert joined(found, "points")[-1] == pytest.approx([2, 0.5], rel=1e-4)


def test_the_opened_program_and_its_view(client: FlaskClient) -> None:
    for view, opened in (("tree", "all"), ("graph", "all"), ("network", "")):
        found = lines(client, expr="sigmoid(x)^2 + x^2", view=view, open=opened, steps=3)
        assert joined(found, "losses")[0] == pytest.approx(1 + 1 / (1 + math.exp(-1)) ** 2)


def test_it_is_sent_as_it_is_and_line_by_line(client: FlaskClient) -> None:
    asked = {"expr": LINE, "data": {"set": "line", "n": 100_000}, "steps": 2_000}
    reply = client.post("/api/descend", json=asked, headers={"Accept-Encoding": "br, gzip"}, buffered=False)
    assert "Content-Encoding" not in reply.headers
    assert "Content-Length" not in reply.headers
    sent = iter(reply.iter_encoded())
    assert json.loads(next(sent))["steps"] == 2_000
    assert json.loads(next(sent))["from"] == 0
    reply.close()  # as a server does whose client has gone


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({}, "expr must be a text, and is missing."),
        ({"expr": 3}, "expr must be a text, and is a number."),
        ({"expr": "x", "view": "?"}, "view must be tree or graph"),
        ({"expr": "x", "start": {"q": 1}}, "q is not a variable of this program; its variables are x"),
        ({"expr": "x", "start": {"x": "1"}}, "x must be a number, and is “1”."),
        ({"expr": "x", "start": {"x": 10**400}}, "x is too large."),
        ({"expr": "x", "start": [1]}, "start must be an object, and is a list."),
        ({"expr": "x", "parameters": ["q"]}, "q is not a variable"),
        ({"expr": "x", "parameters": [1]}, "parameters must be a list of names"),
        ({"expr": "x", "optimizer": "adma"}, "adma is not an optimizer; did you mean adam?"),
        ({"expr": "x", "rate": -1}, "rate is -1.0, and should be 0 or more"),
        ({"expr": "x", "rate": "0.1"}, "rate must be a number, and is “0.1”."),
        ({"expr": "x", "settings": {"momentum": 1}}, "gd has no momentum; it has rate"),
        ({"expr": "x", "settings": {"steps": 1}}, "gd has no steps; it has rate"),
        ({"expr": "x", "settings": {"rate": 1}}, "rate stands beside the settings, not among them."),
        ({"expr": "x", "steps": 20_001}, "steps is 20001; it must be a whole number from 0 to 20,000."),
        ({"expr": "x", "steps": 1.5}, "steps is 1.5; it must be a whole number"),
        ({"expr": "x", "batch": 3}, "there is no data"),
        ({"expr": "x", "batch": 0}, "batch is 0; it must be a whole number from 1 to 1,000,000."),
        ({"expr": "x", "shuffle": 1}, "shuffle must be true or false, and is a number."),
        ({"expr": "x", "seed": -1}, "seed is -1; it must be a whole number"),
        ({"expr": "2"}, "there are no parameters, so nothing can move"),
        ({"expr": "x", "data": []}, "data must be an object, and is a list."),
        ({"expr": "x", "data": {}}, "No column is a variable of this program: the columns are none"),
        ({"expr": "x", "data": {"set": "moon"}}, "moon is not a data set; did you mean moons?"),
        ({"expr": "x", "data": {"columns": {"q": [1]}}}, "the columns are q; its variables are x."),
        ({"expr": "x*w", "data": {"columns": {"x": [1, "a"]}}}, "the column x holds something that is not"),
        ({"expr": "x*w", "data": {"columns": {"x": [10**400]}}}, "the column x holds something that is not"),
        ({"expr": "x*w", "data": {"columns": {"x": [[1], [2]]}}}, "the column x should be a plain sequence"),
        ({"expr": "x*w", "data": {"columns": {"x": 1}}}, "the column x should be a plain sequence"),
        ({"expr": "x*w", "data": {"columns": {"x": []}}}, "the data has no samples"),
        (
            {"expr": "x*w", "data": {"columns": {"x": [0] * 1_000_001}}},
            "1,000,001 samples; 1,000,000 are read",
        ),
        ({"expr": "x*w", "data": {"set": "line"}, "bind": {"q": "x"}}, "There is no column q"),
        ({"expr": "x*w", "data": {"set": "line"}, "bind": {"y": "q"}}, "bound to q, which is no variable"),
        (
            {"expr": "x*w", "data": {"set": "line"}, "bind": {"x": "w", "y": "w"}},
            "Two columns are bound to w",
        ),
        ({"expr": "x*w", "data": {"set": "line"}, "bind": {"x": ["w"]}}, "bound to ['w'], which is no"),
    ],
)
def test_mistakes_are_told_before_the_start(client: FlaskClient, asked: Any, message: str) -> None:
    reply = client.post("/api/descend", json=asked)
    assert reply.status_code == 400
    assert reply.mimetype == "application/json"
    error = reply.get_json()["error"]
    assert error.keys() == {"message", "start", "end", "hint"}
    assert message in error["message"]


def test_a_mistake_in_the_program_has_its_place(client: FlaskClient) -> None:
    reply = client.post("/api/descend", json={"expr": "x + sn(x)"})
    assert reply.status_code == 400
    assert (reply.get_json()["error"]["start"], reply.get_json()["error"]["end"]) == (4, 6)


@pytest.mark.parametrize(
    "raw", ["", "x", "[]", "3", "[" * 100_000, '{"a":' * 100_000, '{"expr":' + "9" * 5000, b"\xff"]
)
@pytest.mark.parametrize("path", ["/api/descend", "/api/graph"])
def test_a_body_that_is_no_object(client: FlaskClient, path: str, raw: Any) -> None:
    reply = client.post(path, data=raw, content_type="application/json")
    assert reply.status_code == 400
    assert "The body must be a JSON object such as" in reply.get_json()["error"]["message"]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 3) | st.floats() | st.text(max_size=3) | st.just(10**400),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("xywq"), inner, max_size=3),
    max_leaves=6,
)
NAMES = "start parameters optimizer rate settings data bind batch shuffle seed view open".split()
DATA = st.fixed_dictionaries({}, optional=dict.fromkeys("columns set n seed noise".split(), JSON))


@given(st.fixed_dictionaries({}, optional={**dict.fromkeys(NAMES, JSON), "data": DATA | JSON}))
def test_no_body_makes_it_stumble(client: FlaskClient, asked: dict[str, Any]) -> None:
    reply = client.post("/api/descend", json={"expr": "(w*x - y)^2", "steps": 3, **asked})
    assert reply.status_code in (200, 400)
    for line in reply.text.splitlines():
        json.loads(line, parse_constant=pytest.fail)
    assert '"error"' in reply.text or '"done":true' in reply.text
    assert "Something went wrong" not in reply.text


# Limits


def test_too_many_numbers(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asked, "MOST_NUMBERS", 100)
    assert lines(client, expr="x+y", steps=50)[-1]["steps"] == 50
    reply = client.post("/api/descend", json={"expr": "x+y", "steps": 51})
    wanted = "51 steps of 2 parameters are more than can be sent; 50 steps can"
    assert reply.get_json()["error"]["message"] == wanted


def test_too_much_work(client: FlaskClient) -> None:
    asked = {"expr": LINE, "data": {"set": "line", "n": 1_000_000}, "steps": 20_000}
    reply = client.post("/api/descend", json=asked)
    assert reply.get_json()["error"]["message"] == (
        "20,000 steps of 9 nodes over 1,000,000 samples each are too much work; "
        "2,222 steps can be done, more with smaller batches"
    )


def test_the_deadline(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(descent, "DEADLINE", 0.0)
    found = lines(client, expr="x^2")
    assert found[-1] == {
        "done": True,
        "steps": 0,
        "epochs": 0,
        "stopped": "it took longer than 0 seconds",
        "smaller": None,
    }


def test_what_is_at_work_is_told_before_it_is_late(monkeypatch: pytest.MonkeyPatch) -> None:
    def steps() -> Iterator[int]:
        yield from range(3)
        raise descent._Late

    pieces = descent._pieces(steps())  # type: ignore[arg-type]
    assert next(pieces) == [0, 1, 2]
    with pytest.raises(descent._Late):
        next(pieces)


def test_a_fault_in_the_middle_is_told(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(descent, "_piece", None)
    found = lines(client, expr="x^2")
    assert found[-1] == {"error": {"message": "Something went wrong in the middle of the descent."}}


def test_so_many_at_once(client: FlaskClient) -> None:
    asked = {"expr": "x^2", "steps": 20_000, "rate": 0}
    at_work = [client.post("/api/descend", json=asked) for _ in range(descent.MOST_RUNS)]
    refused = client.post("/api/descend", json=asked)
    assert refused.status_code == 503
    assert refused.headers["Retry-After"] == "1"
    assert "being computed already" in refused.get_json()["error"]["message"]
    at_work.pop().close()
    assert client.post("/api/descend", json=asked).get_data()
    at_work.pop().close()


def test_a_place_is_given_back_once() -> None:
    slots = Slots(1, "busy")
    for _ in range(3):
        slots.take()()


def test_half_a_character_is_told_as_another_mistake_is(client: FlaskClient) -> None:
    for members in (
        {"batch": "\ud800"},
        {"start": "\ud835="},
        {"bind": {"\ud800": "x"}, "data": {"set": "line"}},
    ):
        reply = client.post("/api/descend", json={"expr": "w*x^2", **members})
        assert reply.status_code == 400
        assert reply.json["error"]["message"]


# A real server


@pytest.fixture
def address() -> Iterator[tuple[str, int]]:
    environment = {**os.environ, "HOST": "127.0.0.1", "PORT": "0"}
    process = subprocess.Popen(
        [sys.executable, "app.py"],
        cwd=Path(__file__).parents[2],
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    found = re.search(r"http://([^:]+):(\d+)/", process.stdout.readline())
    assert found
    yield found[1], int(found[2])
    process.terminate()
    process.communicate(timeout=15)


def connection(address: tuple[str, int], asked: dict[str, Any]) -> http.client.HTTPConnection:
    found = http.client.HTTPConnection(*address, timeout=30)
    found.request("POST", "/api/descend", json.dumps(asked), {"Content-Type": "application/json"})
    return found


def begun(address: tuple[str, int], asked: dict[str, Any]) -> http.client.HTTPResponse:
    """The answer, once a place is free."""
    while True:
        with closing(connection(address, asked)) as sent:
            reply = sent.getresponse()  # keeps the socket until it is closed itself
        if reply.status == 200:
            return reply
        assert reply.status == 503
        reply.close()
        time.sleep(0.1)


def test_it_stops_for_who_has_gone(address: tuple[str, int]) -> None:
    """Long runs are left until no place would be free, were they not given back."""
    endless = {"expr": LINE, "data": {"set": "line", "n": 100_000}, "steps": 20_000, "rate": 1e-9}
    for _ in range(2 * descent.MOST_RUNS):
        with closing(begun(address, endless)) as reply:
            assert json.loads(reply.readline())["rows"] == 100_000
            assert json.loads(reply.readline())["from"] == 0  # it has begun, and is far from its end
    for _ in range(descent.MOST_RUNS):
        with closing(begun(address, {"expr": "x^2"})) as reply:
            assert b'"done":true' in reply.read()


def test_a_large_table_goes_in_and_a_larger_one_is_refused_in_words(address: tuple[str, int]) -> None:
    columns = {"x": [0.123456789] * 200_000, "y": [0.5] * 200_000}
    with closing(connection(address, {"expr": LINE, "data": {"columns": columns}, "steps": 1})) as sent:
        assert b'"done":true' in sent.getresponse().read()
    with closing(connection(address, {"expr": "x" * 50_000_000})) as sent:
        reply = sent.getresponse()
        assert reply.status == 413
        assert "50,000,000 are read" in json.load(reply)["error"]["message"]
