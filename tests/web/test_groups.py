"""Groups over HTTP: the figure's address, every export, and the largest programs."""

import re
from xml.etree import ElementTree

import pytest
from flask.testing import FlaskClient

CHAIN = "f(x) = 7x + 3\ng(x) = x^2\ng(f(x))"
CLOSED = {"expr": CHAIN, "shut": "all"}


def test_every_export_has_the_groups(client: FlaskClient) -> None:
    svg = client.get("/graph.svg", query_string=CLOSED).text
    assert re.findall(' data-group="([^"]*)"', svg) == ["e~0", "i~0"]
    fields = {e.get("data-field"): e.text for e in ElementTree.fromstring(svg).iter() if e.get("data-field")}
    assert (fields["i~0.0.partial"], fields["e~0.0.partial"], fields["e~0.0.flow"]) == ("20", "7", "140")
    dot = client.get("/graph.dot", query_string=CLOSED).text
    assert "i = g(f(x))" in dot
    assert "partial 20" in dot
    assert client.get("/graph.png", query_string=CLOSED).data.startswith(b"\x89PNG")
    assert client.get("/graph.pdf", query_string=CLOSED).data.startswith(b"%PDF")


def test_every_export_has_the_focus_and_json_all_nodes(client: FlaskClient) -> None:
    asked = {"expr": "x*y + sin(y)", "focus": "x"}
    svg = client.get("/graph.svg", query_string=asked).text
    assert re.findall(' data-node="([^"]*)"', svg) == ["a", "c", "f"]
    assert 'aria-label="Between x and f: 3 boxes of a computation graph with 6 nodes; its output is f"' in svg
    dot = client.get("/graph.dot", query_string=asked).text
    assert ("c = a · b" in dot, "sin" in dot) == (True, False)
    assert len(client.get("/graph.json", query_string=asked).get_json()["nodes"]) == 6
    below = client.get("/graph.png", query_string={**asked, "focus": "to:c"})
    assert below.data.startswith(b"\x89PNG")


def test_json_has_all_nodes_and_says_which_are_groups(client: FlaskClient) -> None:
    reply = client.get("/graph.json", query_string=CLOSED).get_json()
    assert len(reply["nodes"]) == 7
    assert [(group["id"], group["kind"], group["title"]) for group in reply["groups"]] == [
        ("e~0", "call", "e = f(x)"),
        ("i~0", "call", "i = g(f(x))"),
    ]
    assert reply["groups"][0]["nodes"] == ["b", "c", "d", "e"]


def test_a_step_of_a_closed_group_is_a_step_of_the_file(client: FlaskClient) -> None:
    svg = client.get("/graph.svg", query_string={**CLOSED, "frame": "1"}).text
    fields = {e.get("data-field"): e.text for e in ElementTree.fromstring(svg).iter() if e.get("data-field")}
    assert fields["e.value"] == "10"
    assert not fields["i.value"]


def test_hidden_numbers_are_hidden_through_groups_too(client: FlaskClient) -> None:
    svg = client.get("/graph.svg", query_string={**CLOSED, "hide": "gradients"}).text
    fields = {e.get("data-field"): e.text for e in ElementTree.fromstring(svg).iter() if e.get("data-field")}
    assert not fields["e~0.0.flow"]
    assert not fields["a.gradient"]


@pytest.mark.parametrize("asked", ["nothing", "i~7", "~", "all,all", "<b>", "e~0," * 20])
def test_names_of_no_group_are_passed_over(client: FlaskClient, asked: str) -> None:
    for parameter in ("open", "shut", "focus"):
        reply = client.get("/picture", query_string={"expr": CHAIN, parameter: asked})
        assert reply.status_code == 200
        assert "<b>" not in reply.text


LARGEST = {
    "sines of sines": "sin(2*" * 1_650 + "x" + ")" * 1_650,
    "a sum": " + ".join(f"sin({k}x)" for k in range(990)),
    "nothing to group": "\n".join(
        ["a1=x+1", "a2=x+2", *(f"a{k}=a{k - 1}+a{k - 2}" for k in range(3, 1_500))]
    ),
}


@pytest.mark.parametrize("view", ["tree", "graph"])
@pytest.mark.parametrize("name", LARGEST)
def test_the_largest_programs_are_drawn(client: FlaskClient, name: str, view: str) -> None:
    reply = client.post("/picture", data={"expr": LARGEST[name], "view": view})
    assert reply.status_code == 200
    boxes = len(re.findall(r' data-node="', reply.text))
    assert boxes >= 1 if name == "nothing to group" else 1 <= boxes <= 15
