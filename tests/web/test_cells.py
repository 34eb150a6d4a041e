"""A cell that is chosen: what the inspector says of it, and that nothing in the address breaks it."""

from __future__ import annotations

import json
import re
from html import unescape

import pytest
from flask.testing import FlaskClient

from tests.support.tensors import EXPRESSIONS, START
from tests.web.test_chosen import numbers, shown, text

PROGRAM = "W = [[1, 2], [3, 4]]; x = [5, 6]; z = W @ x; L = sum(z^2)"


def test_a_cell_has_its_sums_with_numbers(client: FlaskClient) -> None:
    found = text(shown(client, PROGRAM, "z[1]"))
    assert "z[1] = W[1, 0] · x[0] + W[1, 1] · x[1] = 3 × 5 + 4 × 6 = 39" in found
    assert "∂L/∂z[1]" in found


def test_each_term_leads_to_its_cell(client: FlaskClient) -> None:
    found = shown(client, PROGRAM, "x[0]")
    assert re.findall(r'class="cell-link" type="button" data-choose="([^"]*)"', found) == [
        "W[0,0]", "z[0]", "W[1,0]", "z[1]"]  # fmt: skip
    assert 'data-targets="z[0] z[1]"' in found
    assert 'data-factors="W[0,0] W[1,0]"' in found
    assert 'data-sources="W[1,0] x[0] W[1,1] x[1]"' in shown(client, PROGRAM, "z[ 1 ]")


def test_values_of_the_address_count(client: FlaskClient) -> None:
    found = numbers(shown(client, PROGRAM, "z[0]", **{"at.x": "[1, -1]"}))
    assert found["z[0].value"] == "-1"
    assert found["x[1].value"] == "-1"


def test_the_browser_gets_the_sum_as_a_graph(client: FlaskClient) -> None:
    found = shown(client, PROGRAM, "z[0]")
    sums = [json.loads(unescape(raw)) for raw in re.findall(r'data-sum="([^"]*)"', found)]
    assert sums[0]["field"] == "z[0].value"
    assert sums[0]["variables"] == ["W[0,0].value", "x[0].value", "W[0,1].value", "x[1].value"]


def test_what_values_choose_is_asked_for_again(client: FlaskClient) -> None:
    program = "C = [[1, 2], [3, 4], [5, 6]]; i = [0, 2]; e = C[i]; sum(e)"
    assert "data-anew" in shown(client, program, "e[1,0]")
    assert 'data-sources="C[2,0]"' in shown(client, program, "e[1,0]")
    assert 'data-sources="C[1,0]"' in shown(client, program, "e[1,0]", **{"at.i": "[0, 1]"})
    assert "data-anew" not in shown(client, PROGRAM, "z[0]")


def test_an_index_that_is_outside_is_no_error(client: FlaskClient) -> None:
    program = "C = [1, 2]; i = [0, 7]; e = C[i]; sum(e)"
    assert "NaN" in shown(client, program, "e[1]")


NO_CELLS = ["z[2]", "z[0,0]", "z[", "z[1]]", "[0]", "z[0].value", "z[" + "9" * 40 + "]", "L[0]"]


@pytest.mark.parametrize("about", NO_CELLS)
def test_what_is_no_cell_chooses_nothing(client: FlaskClient, about: str) -> None:
    reply = client.get("/", query_string={"expr": PROGRAM, "about": about})
    assert reply.status_code == 200
    assert 'data-kind="cell"' not in reply.text


def test_names_of_the_program_are_escaped(client: FlaskClient) -> None:
    reply = client.get("/", query_string={"expr": PROGRAM, "about": '"><script>z[0]'})
    assert "<script>z[0]" not in reply.text


def test_a_hidden_number_is_in_no_sum(client: FlaskClient) -> None:
    found = numbers(shown(client, PROGRAM, "W[0,1]", hide="gradients"))
    assert found["z[0].gradient"] == ""
    assert found["W[0,1].gradient"] == ""


# Nodes and edges of tensors


def test_a_tensor_has_its_cells_as_tables(client: FlaskClient) -> None:
    found = shown(client, PROGRAM, "W")
    value, gradient = re.findall(r'<table class="cell-table".*?</table>', found, re.DOTALL)
    assert text(value) == "value 0 1 0 1 2 1 3 4"
    assert text(gradient) == "∂L/∂W 0 1 0 170 204 1 390 468"
    assert len(re.findall(r'<th scope="row">', value)) == 2
    assert value.count('tabindex="-1"') == 3  # one stop for the Tab key


def test_a_large_one_is_told_in_a_few_numbers(client: FlaskClient) -> None:
    found = text(shown(client, "x = arange(10); L = sum(x^2)", "x"))
    assert "mean 4.5" in found and "greatest 9" in found and "greatest 18" in found


def test_each_argument_has_three_sentences(client: FlaskClient) -> None:
    found = text(shown(client, PROGRAM, "z"))
    assert "only Wᵀ, 2×2, makes a vector of 2 of it" in found
    assert "hence Wᵀ" in found
    assert "∂L/∂W[0, 1] = ∂L/∂z[0] · x[1] = 34 × 6 = 204" in found
    edge = text(shown(client, PROGRAM, "z.1"))
    assert "Shapes" in edge and "x[j] gets Σᵢ G[i] · W[i,j]" in edge


def test_the_table_of_nodes_has_the_rules(client: FlaskClient) -> None:
    page = client.get("/", query_string={"expr": PROGRAM, "panes": "nodes"}).text
    assert "back to x: Wᵀ ·" in page


@pytest.mark.parametrize("expr", [START + x for x in EXPRESSIONS[::4]])
def test_every_node_and_edge_can_be_chosen(client: FlaskClient, expr: str) -> None:
    graph = json.loads(client.post("/api/graph", json={"expr": expr}).text)
    for key in (*(node["id"] for node in graph["nodes"]), *(f"{e['to']}.{e['arg']}" for e in graph["edges"])):
        assert shown(client, expr, key)


# In numbers


def test_a_program_is_opened_in_numbers(client: FlaskClient) -> None:
    reply = client.get("/api/scalars", query_string={"expr": PROGRAM, "at.x": "[1, 2]"})
    text_ = json.loads(reply.text)["expr"]
    assert "x_0 = 1" in text_
    found = json.loads(client.get("/api/graph", query_string={"expr": text_}).text)
    assert found["value"] == 146
    one = json.loads(client.get("/api/scalars", query_string={"expr": PROGRAM, "node": "z"}).text)["expr"]
    found = json.loads(client.get("/api/graph", query_string={"expr": one}).text)
    assert found["gradient"]["W_0_1"] == 204  # as in the program


@pytest.mark.parametrize(
    ("expr", "node", "message"),
    [
        (PROGRAM, "W", "W is no node"),
        (PROGRAM, "nothing", "nothing is no node"),
        ("A = ones(90, 90); sum(A @ A)", "", "more than 2,000 nodes"),
        ("A = ones(9, 9); B = A + 1; sum(B)", "B", "81 cells"),
    ],
)
def test_what_can_not_be_is_told(client: FlaskClient, expr: str, node: str, message: str) -> None:
    reply = client.post("/api/scalars", data={"expr": expr, "node": node})
    assert reply.status_code == 400
    assert message in json.loads(reply.text)["error"]["message"]


def test_numbers_stay_what_they_are(client: FlaskClient) -> None:
    reply = client.get("/api/scalars", query_string={"expr": "(4*x+1)^2"})
    assert json.loads(reply.text) == {"expr": "(4*x+1)^2"}


def test_the_player_goes_through_a_program_with_tensors(client: FlaskClient) -> None:
    query = {"expr": PROGRAM, "view": "graph", "frame": "2", "about": "z"}
    page = client.get("/", query_string=query).text
    found = numbers(page)
    assert found["~z[0].value"] == "17"
    assert found["~z[0].gradient"] == "" == found["~W[0,0].gradient"]
    assert re.search(r'data-shade="z\[0\]\.gradient\.shade" fill-opacity="0.000"', page)
    assert "Forward 3 of" in page


def test_an_edge_shows_its_jacobian_and_how_much_it_is(client: FlaskClient) -> None:
    found = shown(client, PROGRAM, "z.1")
    assert "∂z/∂x is 2×2: 4 numbers, 4 of them not 0" in text(found)
    assert found.count('class="block-cell') == 4
    diagonal = text(shown(client, "x = [-1, 2, 3]; r = relu(x); L = sum(r)", "r.0"))
    assert "9 numbers, 2 of them not 0, all on the diagonal" in diagonal
    assert "block-cell" not in shown(client, PROGRAM, "z.1", hide="gradients")
