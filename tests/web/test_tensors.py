"""Programs with tensors over HTTP: JSON as the contract has it, and pages that never fail."""

import json

import numpy as np
import pytest
from flask.testing import FlaskClient

import graphviz_backprop as gb
from tests.support.tensors import EXPRESSIONS, START
from tests.web.test_chosen import numbers

MAZUR = """\
W1 = [[0.15, 0.2], [0.25, 0.3]]; W2 = [[0.4, 0.45], [0.5, 0.55]]; b1 = 0.35; b2 = 0.6
x = [0.05, 0.1]; y = [0.01, 0.99]
h = sigmoid(W1 @ x + b1)
o = sigmoid(W2 @ h + b2)
E = sum((o - y)^2) / 2"""


def graph(client: FlaskClient, expr: str, **given: str) -> dict:  # type: ignore[type-arg]
    reply = client.post("/api/graph", json={"expr": expr, **given})
    assert reply.status_code == 200, reply.text
    return json.loads(reply.text)


def test_nodes_have_shapes_and_nested_lists(client: FlaskClient) -> None:
    found = graph(client, MAZUR)
    nodes = {node["id"]: node for node in found["nodes"]}
    assert nodes["W2"]["shape"] == [2, 2]
    assert nodes["W2"]["value"] == [[0.4, 0.45], [0.5, 0.55]]
    assert nodes["W2"]["gradient"][0] == pytest.approx([0.08216704, 0.08266763], abs=5e-9)
    assert nodes["E"]["shape"] == []
    assert found["value"] == pytest.approx(0.298371109, abs=5e-10)
    assert found["gradient"]["W1"][1] == pytest.approx([0.00049771, 0.00099543], abs=5e-9)


def test_the_result_has_the_length_of_each_gradient(client: FlaskClient) -> None:
    found = numbers(client.get("/", query_string={"expr": MAZUR}).text)
    gradient = gb.parse(MAZUR).evaluate().gradient
    for name in ("W1", "W2", "x"):
        assert float(found[f"{name}.total.norm"]) == pytest.approx(np.linalg.norm(gradient[name]), rel=1e-3)
    assert float(found["b1.total"]) == pytest.approx(gradient["b1"], rel=1e-3)


def test_edges_of_tensors_have_a_rule_and_no_partial(client: FlaskClient) -> None:
    found = graph(client, MAZUR)
    rules = {(edge["from"], edge["to"]): (edge["rule"], edge["partial"]) for edge in found["edges"]}
    product = next(node["id"] for node in found["nodes"] if node["args"] == ["W2", "h"])
    assert rules["W2", product] == ("· hᵀ", None)
    assert rules["h", product] == ("W2ᵀ ·", None)
    copied = next(node["id"] for node in found["nodes"] if node["args"] == ["b2"])
    assert rules["b2", copied] == ("Σ over 0", None)


def test_edges_of_numbers_have_both(client: FlaskClient) -> None:
    (edge, *_) = graph(client, "(4*x+1)^2")["edges"]
    assert (edge["rule"], edge["partial"]) == ("product rule", None)


def test_a_list_in_the_address_is_a_value(client: FlaskClient) -> None:
    reply = client.get("/api/graph?expr=W=[[1,2],[3,4]];sum(W^2)&at.W=[[1,1],[1,2]]")
    assert json.loads(reply.text)["gradient"]["W"] == [[2, 2], [2, 4]]


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ("[1, 2]", "at.W is a vector of 2, and W is 2×2."),
        ("3", "at.W is a number, and W is 2×2."),
        ("[[1, 2], [3]]", "at.W is “[[1, 2], [3]]”: row 0 is a vector of 2 and row 1 is a vector of 1."),
        ("[[1, x]]", "at.W is “[[1, x]]”: “x]]” is no number."),
    ],
)
def test_one_that_does_not_fit_is_told(client: FlaskClient, given: str, message: str) -> None:
    query = {"expr": "W = [[1, 2], [3, 4]]; sum(W)", "at.W": given}
    reply = client.get("/api/graph", query_string=query)
    assert reply.status_code == 400
    assert json.loads(reply.text)["error"]["message"] == message
    page = client.get("/", query_string=query)
    assert page.status_code == 200


def test_a_shape_error_has_its_place(client: FlaskClient) -> None:
    expr = "W = ones(2, 3); x = ones(2); W @ x"
    error = json.loads(client.post("/api/graph", json={"expr": expr}).text)["error"]
    assert expr[error["start"] : error["end"]] == "W @ x"
    assert error["hint"] == "write W.T @ x"


PANELS = "nodes,paths,nudge,forward,formula,sides,heat,slope"
PROGRAMS = [
    MAZUR,
    "x = [1, 2]; x * 2",
    "[1, 2]",
    "x = [1, 2]; sum(x) * y",
    *(START + x for x in EXPRESSIONS[::9]),
]


@pytest.mark.parametrize("expr", PROGRAMS)
@pytest.mark.parametrize(
    "more", [{}, {"panels": PANELS, "view": "graph", "frame": "0"}, {"pin": "x", "open": "all"}]
)
def test_every_page_answers(client: FlaskClient, expr: str, more: dict[str, str]) -> None:
    page = client.get("/", query_string={"expr": expr, **more})
    assert page.status_code == 200
    assert "data-fragment" in client.post("/fragments", data={"expr": expr, **more}).text


@pytest.mark.parametrize("expr", PROGRAMS[:4])
@pytest.mark.parametrize("ending", ["svg", "dot", "json", "tex", "txt", "py", "mmd"])
def test_every_file_answers(client: FlaskClient, expr: str, ending: str) -> None:
    for more in ({}, {"frame": "0"}):
        reply = client.get(f"/graph.{ending}", query_string={"expr": expr, **more})
        assert reply.status_code in (200, 404)


def test_a_page_says_which_panels_are_of_numbers(client: FlaskClient) -> None:
    page = client.get("/", query_string={"expr": MAZUR, "panels": PANELS}).text
    assert "are of numbers. With each cell a node all of them hold" in page


@pytest.mark.parametrize("path", ["/formula", "/rules", "/embed"])
def test_what_stands_beside_the_page_answers(client: FlaskClient, path: str) -> None:
    assert client.get(path, query_string={"expr": MAZUR}).status_code < 500


def test_a_descent_of_tensors_begins_at_the_point(client: FlaskClient) -> None:
    reply = client.post("/api/descend", json={"expr": MAZUR})
    assert reply.status_code == 200
    assert "0.29837110" in reply.text


def test_what_would_take_too_long_is_refused(client: FlaskClient) -> None:
    for expr in (
        "x = ones(1000); A = outer(x, x); A @ A",
        'x = ones(900); einsum("a,b,c,d->", x, x, x, x)',
        "conv2d(ones(900, 900), ones(400, 400))",
        "x = ones(900, 1000); y = x + 1; y + x",
    ):
        assert client.post("/api/graph", json={"expr": expr}).status_code == 400, expr
