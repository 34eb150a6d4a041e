"""The JSON API and the exports: strict JSON, the form of the example, errors with their place."""

from __future__ import annotations

import json
import math
import xml.etree.ElementTree as ElementTree
from typing import Any

import pytest
from flask.testing import FlaskClient


def strict(text: str) -> Any:
    def refuse(name: str) -> None:
        raise AssertionError(f"{name} is not JSON")

    return json.loads(text, parse_constant=refuse)


def asked(client: FlaskClient, **query: object) -> Any:
    reply = client.get(
        "/api/graph", query_string={name.replace("at_", "at."): x for name, x in query.items()}
    )
    assert reply.status_code == 200
    assert reply.mimetype == "application/json"
    return strict(reply.text)


def refused(client: FlaskClient, **query: object) -> Any:
    reply = client.get(
        "/api/graph", query_string={name.replace("at_", "at."): x for name, x in query.items()}
    )
    assert reply.status_code == 400
    error = strict(reply.text)["error"]
    assert set(error) == {"message", "start", "end", "hint"}
    return error


def test_the_example(client: FlaskClient) -> None:
    reply = asked(client, expr="(4*x+1)^2", at_x=1)
    assert {
        name: reply[name] for name in ("expr", "view", "output", "value", "seed", "variables", "gradient")
    } == {
        "expr": "(4*x+1)^2",
        "view": "tree",
        "output": "g",
        "value": 25,
        "seed": 1,
        "variables": {"x": 1},
        "gradient": {"x": 40},
    }
    assert [node.pop("shape") for node in reply["nodes"]] == [[]] * 7
    assert reply["nodes"][:3] == [
        {"id": "a", "op": "const", "args": [], "text": "4", "value": 4, "gradient": None, "span": [1, 2]},
        {"id": "b", "op": "var", "name": "x", "args": [], "value": 1, "gradient": 40, "span": [3, 4]},
        {
            "id": "c",
            "op": "mul",
            "args": ["a", "b"],
            "text": "a * b",
            "value": 4,
            "gradient": 10,
            "span": [1, 4],
        },
    ]
    edge = {"to": "c", "rule": "product rule"}
    assert {"from": "b", "arg": 1, "value": 1, "partial": 4, "flow": 40, **edge} in reply["edges"]
    assert {"from": "a", "arg": 0, "value": 4, "partial": None, "flow": None, **edge} in reply["edges"]


def test_without_a_program_it_is_the_first_example(client: FlaskClient) -> None:
    assert asked(client)["gradient"] == {"x": 40}


def test_the_seed_scales_every_gradient(client: FlaskClient) -> None:
    reply = asked(client, expr="x*y", at_x=2, at_y=3, seed=-5)
    assert (reply["seed"], reply["gradient"]) == (-5, {"x": -15, "y": -10})


def test_the_views(client: FlaskClient) -> None:
    assert len(asked(client, expr="x*x")["nodes"]) == 3
    merged = asked(client, expr="x*x", view="graph", at_x=3)
    assert len(merged["nodes"]) == 2
    assert merged["nodes"][0]["gradient"] == 6


def test_what_is_not_finite_is_text(client: FlaskClient) -> None:
    reply = asked(client, expr="1/x", at_x=0)
    assert (reply["value"], reply["gradient"]["x"]) == ("Infinity", "-Infinity")
    assert asked(client, expr="log(x)", at_x=-1)["value"] == "NaN"
    for given in ("NaN", "Infinity", "-Infinity"):
        assert asked(client, expr="x", at_x=given)["value"] == given
    assert asked(client, expr="x+1e999")["value"] == "Infinity"


def test_digits_survive(client: FlaskClient) -> None:
    for x in (0.1, 1 / 3, 5e-324, 1.7976931348623157e308, -0.0, 123456789012345.6):
        value = asked(client, expr="x", at_x=repr(x))["value"]
        assert (value, math.copysign(1, value)) == (x, math.copysign(1, x))


@pytest.mark.parametrize("kind", ["query", "form", "json"])
def test_the_same_names_everywhere(client: FlaskClient, kind: str) -> None:
    names = {"expr": "x^2", "at.x": 3, "seed": 2}
    sent = {"query": {"query_string": names}, "form": {"data": names}, "json": {"json": names}}[kind]
    assert strict(client.post("/api/graph", **sent).text)["gradient"] == {"x": 12}


def test_a_name_that_comes_twice_holds_as_it_came_last(client: FlaskClient) -> None:
    assert strict(client.get("/api/graph?expr=x&at.x=1&at.x=2").text)["value"] == 2


def test_names_are_those_of_the_language(client: FlaskClient) -> None:
    reply = client.get("/api/graph", query_string={"expr": "x₁²", "at.x₁": 3})
    assert strict(reply.text)["gradient"] == {"x1": 6}


def test_mistakes_have_a_place(client: FlaskClient) -> None:
    error = refused(client, expr="x*sni(x)")
    assert (error["start"], error["end"]) == (2, 5)
    assert "sin" in error["hint"]
    assert refused(client, expr="x $ 2")["start"] == 2
    assert refused(client, expr="")["message"]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("at.x", "abc"),
        ("at.x", "1,5"),
        ("seed", "0x10"),
        ("min.x", "NaN"),
        ("step.x", "0"),
        ("view", "forest"),
    ],
)
def test_a_parameter_that_cannot_be_read_is_named(client: FlaskClient, name: str, value: str) -> None:
    reply = client.get("/api/graph", query_string={name: value})
    assert reply.status_code == 400
    message = strict(reply.text)["error"]["message"]
    assert name in message
    assert value in message


@pytest.mark.parametrize("body", ["[]", "3", '{"expr": ["x"]}', '{"at.x": true}', "{", '"x"'])
def test_a_body_that_is_no_object_of_texts_and_numbers(client: FlaskClient, body: str) -> None:
    reply = client.post("/api/graph", data=body, content_type="application/json")
    assert reply.status_code == 400
    assert strict(reply.text)["error"]["message"]


def test_half_a_surrogate_pair(client: FlaskClient) -> None:
    reply = client.post("/api/graph", data='{"expr": "x \\ud800"}', content_type="application/json")
    assert reply.status_code == 400


# Exports


def test_the_svg_is_a_file_with_its_numbers(client: FlaskClient) -> None:
    reply = client.get("/graph.svg?expr=x^2&at.x=3")
    assert reply.mimetype == "image/svg+xml"
    texts = {e.get("data-field"): "".join(e.itertext()) for e in ElementTree.fromstring(reply.text).iter()}
    assert texts["a.value"] == "3"
    assert texts["a.gradient"] == "6"


@pytest.mark.parametrize(
    ("suffix", "mimetype", "head"),
    [
        ("png", "image/png", b"\x89PNG\r\n"),
        ("pdf", "application/pdf", b"%PDF-"),
        ("dot", "text/vnd.graphviz", b"digraph"),
        ("json", "application/json", b'{"expr":'),
    ],
)
def test_the_other_files(client: FlaskClient, suffix: str, mimetype: str, head: bytes) -> None:
    reply = client.get(f"/graph.{suffix}?expr=x^2&at.x=3")
    assert reply.status_code == 200
    assert reply.mimetype == mimetype
    assert reply.data.lstrip().startswith(head)


@pytest.mark.parametrize("suffix", ["svg", "png", "pdf", "dot", "json"])
def test_a_file_of_a_mistake_is_refused_as_the_api_does(client: FlaskClient, suffix: str) -> None:
    reply = client.get(f"/graph.{suffix}?expr=sni(x)")
    assert reply.status_code == 400
    assert "sin" in strict(reply.text)["error"]["hint"]


def test_it_says_that_it_can_draw(client: FlaskClient) -> None:
    assert client.get("/healthz").status_code == 200


def test_a_variable_stands_where_the_program_lets_it_start(client: FlaskClient) -> None:
    course = "x = -2; y = 5; z = -4; q = x + y; f = q * z"
    found = client.get("/api/graph", query_string={"expr": course, "at.z": "2"}).get_json()
    assert found["variables"] == {"x": -2, "y": 5, "z": 2}
    assert (found["value"], found["gradient"]) == (6, {"x": 2, "y": 2, "z": 3})
    page = client.get("/", query_string={"expr": course}).get_data(as_text=True)
    assert 'name="at.x"' in page
    assert 'value="-2"' in page


def test_a_pinned_variable_has_its_value_and_no_gradient(client: FlaskClient) -> None:
    found = asked(client, expr="x = -2; y = 5; x y z", pin="x,y,nothing", at_y="3")
    assert found["variables"] == {"z": 1}
    assert (found["value"], found["gradient"]) == (-6, {"z": -6})
    page = client.get("/", query_string={"expr": "x y", "pin": "y", "at.y": "3"}).get_data(as_text=True)
    assert "pin=y&amp;at.y=3" in page
    assert {node["id"]: (node["op"], node["gradient"]) for node in found["nodes"]}["y"] == ("const", None)
