"""Pasted text at the API and on the page."""

import pytest
from flask.testing import FlaskClient


@pytest.mark.parametrize(
    ("text", "dialect", "program", "value", "gradient"),
    [
        (r"\frac{1}{1+e^{-x}}", "latex", "1 / (1 + e^-x)", 0.5, 0.25),
        ("np.exp(-x**2)", "python", "exp(-x^2)", 1, 0),
        ("Math.exp(x)", "javascript", "exp(x)", 1, 1),
        ("=EXP(x)", "spreadsheet", "exp(x)", 1, 1),
        ("<math><mn>2</mn><mi>x</mi></math>", "mathml", "2 * x", 0, 2),
    ],
)
def test_the_api_says_what_it_understood(
    client: FlaskClient, text: str, dialect: str, program: str, value: float, gradient: float
) -> None:
    reply = client.get("/api/graph", query_string={"expr": text, "at.x": "0"}).get_json()
    assert reply["expr"] == text
    assert reply["dialect"] == dialect
    assert [note["replacement"] for note in reply["notes"]] == [program]
    assert reply["value"] == pytest.approx(value)
    assert reply["gradient"]["x"] == pytest.approx(gradient)


def test_our_own_language_is_no_dialect(client: FlaskClient) -> None:
    assert client.get("/api/graph", query_string={"expr": "x^2"}).get_json()["dialect"] is None


@pytest.mark.parametrize("text", ["import math", "return x**2", r"\foo{x}", "=SUM(A1:B2)"])
def test_what_is_nothing_to_compute_is_refused(client: FlaskClient, text: str) -> None:
    reply = client.get("/api/graph", query_string={"expr": text})
    assert reply.status_code == 400
    error = reply.get_json()["error"]
    assert error["message"]
    assert 0 <= error["start"] <= error["end"] <= len(text)


def test_the_page_says_it_with_a_link_that_writes_it(client: FlaskClient) -> None:
    page = client.get("/", query_string={"expr": r"\frac{1}{x}<1", "at.x": "3"}).get_data(as_text=True)
    assert "Read as LaTeX" in page
    assert '<code class="pasted">1 / x &lt; 1</code>' in page
    assert 'href="/?expr=1%20/%20x%20%3C%201&amp;at.x=3" data-rewrite' in page
    assert "Read as" not in client.get("/", query_string={"expr": "x^2"}).get_data(as_text=True)


def test_its_figure_and_closed_form_are_those_of_the_program(client: FlaskClient) -> None:
    figure = client.get("/graph.svg", query_string={"expr": r"\sqrt{x}"})
    assert figure.status_code == 200
    assert "sqrt" in figure.get_data(as_text=True)


@pytest.mark.parametrize(
    ("text", "dialect", "program"),
    [
        ("=-A1^2", "spreadsheet", "(-A1)^2"),
        ("xy", "latex", "x * y"),
        ("x**2", "python", "x^2"),
        ("x * 2", "javascript", "x * 2"),
    ],
)
def test_a_dialect_by_name(client: FlaskClient, text: str, dialect: str, program: str) -> None:
    asked = {"expr": text, "dialect": dialect}
    reply = client.get("/api/graph", query_string=asked).get_json()
    own = client.get("/api/graph", query_string={"expr": program}).get_json()
    assert reply["dialect"] == dialect
    assert [note["replacement"] for note in reply["notes"]] == [program]
    assert [node["op"] for node in reply["nodes"]] == [node["op"] for node in own["nodes"]]
    assert client.post("/api/graph", json=asked).get_json() == reply
    page = client.get("/", query_string=asked).text
    assert "Write it so" in page
    assert f"dialect={dialect}" not in page.split("data-rewrite>Write it so")[0].rsplit("<a href=", 1)[1]


def test_own_is_the_language_alone(client: FlaskClient) -> None:
    assert client.get("/api/graph", query_string={"expr": "np.exp(x)", "dialect": "own"}).status_code == 400
    assert (
        client.get("/api/graph", query_string={"expr": "x^2", "dialect": "own"}).get_json()["dialect"] is None
    )


def test_an_unknown_dialect_is_a_mistake_in_the_address(client: FlaskClient) -> None:
    reply = client.get("/api/graph", query_string={"expr": "x", "dialect": "cobol"})
    assert reply.status_code == 400
    assert "dialect" in reply.get_json()["error"]["message"]
    assert client.get("/", query_string={"expr": "x", "dialect": "cobol"}).status_code == 200


def test_a_descent_of_another_dialect(client: FlaskClient) -> None:
    asked = {"expr": "=-A1^2", "dialect": "spreadsheet", "start": {"A1": 3}, "steps": 1}
    lines = client.post("/api/descend", json=asked).text
    assert '"loss": 9' in lines or '"loss":9' in lines or "9.0" in lines
    assert client.post("/api/descend", json={**asked, "dialect": "cobol"}).status_code == 400
