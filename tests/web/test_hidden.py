"""Hidden numbers are in nothing that the server sends."""

import json
import re

import numpy as np
import pytest

import graphviz_backprop as gb
from graphviz_backprop.explain.grading.hidden import veil
from graphviz_backprop.language.numerals import format_number, full_number
from graphviz_backprop.web.views import exports

PROGRAM = "u = 1.37*x + 0.2137*y; v = u^2 + tanh(u); v*x"
AT = {"x": 1.3, "y": 0.71}
HIDDEN = [
    "gradients",
    "partials",
    "values",
    "path:x",
    "from:9",
    "x.total",
    "u.gradient",
    "gradients,partials,values",
]
ADDRESSES = [
    "/",
    "/fragments",
    "/graph.svg",
    "/graph.svg?frame=5",
    "/graph.dot?frame=99",
    "/graph.dot",
    "/graph.json",
    "/api/graph",
    "/formula",
]
PANELS = ["", "&panels=nodes,paths,nudge,forward,formula,sides,heat&about=x", "&frame=999"]
PANES = ["", "&panes=graph,nodes", "&panes=plot,training", "&panes=graph,practice&practise=on"]


def query(hide):
    at = "&".join(f"at.{name}={x}" for name, x in AT.items())
    return f"expr={PROGRAM.replace('+', '%2B').replace(';', '%3B')}&{at}&hide={hide}"


def texts(hide):
    """How hidden numbers may be written, without those that a number which is shown has, too."""
    run = gb.parse(PROGRAM).evaluate(AT)
    hidden = veil(run.graph, hide)
    written = {True: set(), False: set()}
    for field, number in run.fields().items():
        if number is not None:
            written[hidden.covers(field)] |= {format_number(number), full_number(number), repr(number)}
    found = {text for text in written[True] - written[False] if len(text.strip("-.0")) > 3}
    assert found
    return found


def numbers_in(body):
    return set(re.findall(r"(?<![\w.])-?\d+\.?\d*(?:e-?\d+)?(?![\w.])", body))


@pytest.mark.parametrize("hide", HIDDEN)
@pytest.mark.parametrize("address", ADDRESSES)
def test_no_reply_has_a_hidden_number(client, hide, address):
    for more in PANELS if address in ("/", "/fragments") else [""]:
        for panes in PANES if address == "/" else [""]:
            reply = client.get(f"{address}{'&' if '?' in address else '?'}{query(hide)}{more}{panes}")
            assert reply.status_code == 200
            assert not numbers_in(reply.text) & texts(hide), (address, more, panes)


def test_the_same_addresses_have_the_numbers_where_nothing_is_hidden(client):
    """Else the search above would find nothing because it can't."""
    gradient = format_number(gb.parse(PROGRAM).evaluate(AT).gradient["y"])
    for address in ("/", "/fragments", "/graph.svg", "/graph.dot"):
        assert gradient in numbers_in(client.get(f"{address}?{query('')}").text)


@pytest.mark.parametrize("hide", HIDDEN)
def test_what_is_printed_is_hidden_too(app, hide):
    """PNG and PDF are made of this."""
    with app.test_request_context(f"/graph.pdf?{query(hide)}"):
        found, figure, asked_for = exports._drawn()
        assert not numbers_in(found.copied(figure, asked_for.look, plain=True)) & texts(hide)


def test_numbers_that_are_not_hidden_are_shown(client):
    found = client.get(f"/api/graph?{query('x.total')}").json
    assert found["gradient"]["x"] is None and found["gradient"]["y"] is not None
    assert found["value"] is not None


def test_the_browser_is_told_what_is_hidden(client):
    page = client.get(f"/?{query('u.gradient')}").text
    told = json.loads(re.search(r'data-fragment="graph">(.*?)</script>', page, re.S)[1])
    assert "u.gradient" in told["hidden"]["fields"]
    page = client.get(f"/?{query('')}").text
    assert json.loads(re.search(r'data-fragment="graph">(.*?)</script>', page, re.S)[1])["hidden"] is None


def test_the_browser_is_told_what_is_asked(client):
    page = client.get(f"/?{query('u.gradient')}").text
    asked = json.loads(re.search(r'data-fragment="graph">(.*?)</script>', page, re.S)[1])["hidden"]["asked"]
    assert {"field": "u.gradient", "also": [], "name": "∂k/∂u", "what": "gradient", "place": "u"} in asked


def judged(client, **asked):
    return client.get("/api/judge", query_string={"expr": "(4*x+1)^2", "at.x": 1, **asked})


def test_an_answer_is_judged(client):
    assert judged(client, field="x.total", answer="40").json["verdict"] == "right"
    found = judged(client, field="x.total", answer="20").json
    assert found["verdict"] == "wrong"
    assert (
        found["diagnoses"][0][0]["title"] == "a factor is missing"
        and found["diagnoses"][0][0]["text"] is None
    )
    found = judged(client, field="x.total", answer="20", why=1).json
    assert found["diagnoses"][0][0]["text"].startswith("∂g/∂e is 10, not 5")
    found = judged(client, field="x.total", answer="20", earlier=["g.0.partial:5", "c.1.partial:4"]).json
    assert (found["verdict"], found["after"]) == ("follows", ["g.0.partial"])


@pytest.mark.parametrize(
    "asked",
    [
        {"field": "x.total", "answer": "x"},
        {"field": "x.total", "answer": ""},
        {"field": "x.total", "answer": "1 +"},
        {"field": "x.total", "answer": "9^9^9^9"},
        {"field": "x.total", "answer": "1" * 300},
        {"field": "q.total", "answer": "1"},
        {"answer": "1"},
        {"field": "x.total", "answer": "1", "earlier": "nonsense"},
        {"field": "x.total", "answer": "1", "earlier": "q.total:1"},
    ],
)
def test_what_can_not_be_judged_is_told(client, asked):
    reply = judged(client, **asked)
    assert reply.status_code == 400 and reply.json["error"]["message"]


def test_hints(client):
    asked = {"expr": "(4*x+1)^2", "at.x": 1, "field": "x.total"}
    hint = client.get("/api/hint", query_string={**asked, "stage": 3}).json["hint"]
    assert hint == "∂g/∂b = ∂g/∂c · ∂c/∂b = 10 × 4"
    assert client.get("/api/hint", query_string={**asked, "stage": 4}).status_code == 400
    assert client.get("/api/hint", query_string={**asked, "field": "q"}).json["hint"] == ""


TENSORS = "W = [[1.137, 2.291], [3.553, 4.717]]; x = [1.319, 2.173]; z = W @ x; sum(z*z)"


def test_a_cell_is_hidden_with_its_tensor(client):
    graph = gb.parse(TENSORS)
    hidden = veil(graph, "W.total")
    assert hidden.covers("W[0,1].gradient") and hidden.covers("W[0,1].gradient.shade")
    assert not hidden.covers("W[0,1].value") and not hidden.covers("x[0].gradient")


@pytest.mark.parametrize(
    "hide", ["gradients", "partials", "values", "from:3", "path:x", "z.value", "W.total"]
)
@pytest.mark.parametrize("address", ["/api/graph", "/graph.json", "/", "/fragments", "/graph.dot"])
def test_tensors_are_hidden_whole(client, hide, address):
    reply = client.get(address, query_string={"expr": TENSORS, "hide": hide})
    assert reply.status_code == 200
    run = gb.parse(TENSORS).evaluate()
    hidden = veil(run.graph, hide)
    written = {True: set(), False: set()}
    for field, numbers in run.cells().items():
        for number in [] if numbers is None else np.ravel(numbers).tolist():
            written[hidden.covers(field)] |= {format_number(number), full_number(number), repr(number)}
    assert not numbers_in(reply.text) & {text for text in written[True] - written[False] if len(text) > 4}
