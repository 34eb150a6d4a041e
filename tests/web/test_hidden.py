"""Hidden numbers are in nothing that the server sends."""

import json
import re
from urllib.parse import parse_qsl, urlencode

import numpy as np
import pytest

import graphviz_backprop as gb
from graphviz_backprop.explain.grading.hidden import cell_of, veil
from graphviz_backprop.language.numerals import format_number, full_number
from graphviz_backprop.web.asked.program import asked
from graphviz_backprop.web.asked.state import read
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


_NOT_TOLD = re.compile(r"<style>.*?</style>|<script type=\"module\">.*?</script>", re.S)


def numbers_in(body):
    """Also one that ends a sentence."""
    return set(re.findall(r"(?<![\w.])-?\d+(?:\.\d+)?(?:e-?\d+)?(?!\w|\.\d)", _NOT_TOLD.sub("", body)))


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


# Several kinds of programs and questions

TENSORS = "W = [[1.137, 2.291], [3.553, 4.717]]; x = [1.319, 2.173]; z = W @ x; sum(z*z)"
KINDS = {
    "network": (
        "a1 = sigmoid(w1*x1 + b1)\na2 = tanh(w2*x1 + b2)\no = v1*a1 + v2*a2\nC = (o - y)^2",
        "view=graph&at.w1=1.137&at.b1=0.219&at.w2=-0.713&at.b2=-0.119&at.v1=1.37&at.v2=0.919&at.x1=1.713&at.y=0.2911",
        ["a1", "w1", "C.0"],
        ["gradients", "path:w1", "values", "w1.total"],
    ),
    "groups": (
        "f(t) = t*sin(1.37*t)\nu = f(x) + f(y)\nv = f(u)\nv*y",
        "shut=all&view=graph&at.x=1.3&at.y=0.71",
        ["u", "x", "v~0.0"],
        ["gradients", "partials", "values", "u.gradient"],
    ),
    "tensors": (
        "W = [[1.137, 2.291], [3.553, 4.717]]\nx = [1.319, 2.173]\nz = W @ x\nh = tanh(z / 9)\nL = sum(3*h)",
        "",
        ["z", "W[0,1]", "h.0"],
        [
            *("gradients", "values", "from:3", "path:x", "z.value", "W.total", "h.0.flow"),
            *("W[0,1].total", "z[0].value", "h[1].gradient,W[1,0].gradient"),
        ],
    ),
    "network in tensors": (
        "W1 = [[1.137, -0.291], [0.553, 0.717]]\nb1 = [0.113, 0.227]\nW2 = [[0.631, -0.839]]\nb2 = [0.127]\n"
        "x = [1.319, 0.173]\ny = [0.313]\na1 = sigmoid(W1 @ x + b1)\na2 = W2 @ a1 + b2\nC = sum((a2 - y)^2)",
        "",
        ["W1", "a1", "a2.0"],
        ["gradients", "W1.total", "values", "a1.gradient", "path:b1"],
    ),
}
WHERE = {
    "/": [
        "",
        "panes=graph,network&frame=999",
        "panes=plot,training&k=0",
        "panels=nodes,paths,nudge,formula,heat",
    ],
    "/embed": ["", "panes=network&practise=on"],
    "/fragments": ["panes=network,training", "frame=4"],
    "/picture": ["", "panes=network"],
    "/graph.svg": ["", "frame=5", "panes=network"],
    "/graph.dot": ["", "frame=99"],
    "/graph.json": [""],
    "/api/graph": ["", "panes=network"],
    "/formula": [""],
}
CASES = [(kind, hide) for kind, (*_, hides) in KINDS.items() for hide in hides]


def hidden_texts(text, at, hide):
    """How hidden numbers of a link may be written, in a table as well, if no shown one is so."""
    state, _ = read(parse_qsl(f"{urlencode({'expr': text, 'hide': hide})}&{at}"))
    found = asked(state)
    written = {True: set(), False: set()}
    for field, numbers in found.run(state).cells().items():
        for place, number in [] if numbers is None else np.ndenumerate(np.asarray(numbers, float)):
            number = float(number)
            shown = {format_number(number), format_number(number, 3), full_number(number), repr(number)}
            written[found.veil(state).covers(cell_of(field, place) if place else field)] |= shown
    return {text for text in written[True] - written[False] if len(text.strip("-.0").replace(".", "")) > 3}


@pytest.mark.parametrize(("kind", "hide"), CASES)
def test_all_that_a_browser_gets_of_a_question_has_no_hidden_number(client, kind, hide):
    """The page, its parts, what is chosen, figures, JSON: of numbers, networks, closed groups and tensors."""
    text, at, chosen, _ = KINDS[kind]
    hidden = hidden_texts(text, at, hide)
    assert hidden or kind == "network in tensors"
    places = [(address, more) for address, every in WHERE.items() for more in every]
    places += [("/fragments", f"only=chosen&about={about}") for about in chosen]
    for address, more in places:
        query = f"{urlencode({'expr': text, 'hide': hide})}&{at}&{more}"
        reply = client.get(f"{address}?{query}")
        assert reply.status_code == 200, (address, more)
        assert not numbers_in(reply.text) & hidden, (address, more)


@pytest.mark.parametrize(("kind", "hide"), CASES)
def test_the_numbers_would_be_found_where_they_are_not_hidden(client, kind, hide):
    text, at, *_ = KINDS[kind]
    reply = client.get(f"/api/graph?{urlencode({'expr': text})}&{at}").text
    assert numbers_in(reply) & hidden_texts(text, at, hide)


def test_what_a_network_in_tensors_hides_is_hidden_neuron_by_neuron(client):
    """W1 is another graph's variable in the pane Network: w11_2 is a cell of it."""
    text = KINDS["network in tensors"][0]
    for hide, field in (("W1.total", "total"), ("a1.gradient", "gradient"), ("a1.value", "value")):
        query = {"expr": text, "hide": hide, "panes": "network"}
        nodes = client.get("/api/graph", query_string=query).json["nodes"]
        inner = [node for node in nodes if node["args"]][:-1]
        for node in inner:
            assert node["value" if field == "value" else "gradient"] is None, (hide, node["id"])


def test_a_program_is_not_opened_in_numbers_while_they_are_hidden(client):
    """There its nodes stand at the values that are asked for."""
    for node in ("", "z"):
        reply = client.get("/api/scalars", query_string={"expr": TENSORS, "hide": "z.gradient", "node": node})
        assert reply.status_code == 400 and "hidden" in reply.json["error"]["message"]
        assert client.get("/api/scalars", query_string={"expr": TENSORS, "node": node}).status_code == 200
    page = client.get("/", query_string={"expr": TENSORS, "hide": "z.gradient", "about": "z"}).text
    assert "data-numbers" not in page


def test_a_wrong_answer_is_told_without_numbers(client):
    """Unless one asks why."""
    for text, field, answer in ((PROGRAM, "x.total", "3"), (TENSORS, "W.total", "[[1, 2], [3, 4]]")):
        query = {"expr": text, "at.x": "[1.319, 2.173]" if text == TENSORS else "1.3", "field": field}
        said = client.get("/api/judge", query_string={**query, "answer": answer}).json
        cells = np.ravel(gb.parse(text).evaluate({} if text == TENSORS else AT).cells()[field])
        assert said["verdict"] == "wrong"
        assert not numbers_in(str(said)) & {format_number(float(cell)) for cell in cells}


def test_a_cell_is_hidden_with_its_tensor(client):
    graph = gb.parse(TENSORS)
    hidden = veil(graph, "W.total")
    assert hidden.covers("W[0,1].gradient") and hidden.covers("W[0,1].gradient.shade")
    assert not hidden.covers("W[0,1].value") and not hidden.covers("x[0].gradient")


def test_single_cells_are_hidden_wherever_they_stand(client):
    """With what is always the same number; of the others all is shown but how they are shaded."""
    graph = gb.parse("W = [[1, 2], [3, 4]]; x = [1, 1]; b = [5, 6]; z = W @ x + b; L = sum(z*z)")
    hidden = veil(graph, "W[0, 1].total, b[1].total")
    for field in ("W[0,1].gradient", "W[0,1].total.sign", "b[1].gradient", "z[1].gradient", "z[1].1.flow"):
        assert hidden.covers(field), field
    for field in ("W[0,0].gradient", "W[0,0].total", "W[0,1].value", "z[0].gradient", "z[1].value.shade"):
        assert not hidden.covers(field), field
    for field in ("W[0,0].gradient.shade", "W.gradient", "W.gradient.mean", "W.total.norm", "nudge.actual"):
        assert hidden.covers(field), field
    assert not veil(graph, "W[0,2].total,W[0].total,q[0].total,W[0,1].total.shade")
    found = client.get("/api/graph", query_string={"expr": graph.text, "hide": "W[0,1].total"}).json
    assert found["gradient"]["W"] == [[16, None], [26, 26]]
    assert found["gradient"]["b"] == [16, 26] and found["variables"]["W"] == [[1, 2], [3, 4]]


def test_a_hidden_cell_is_asked_for_and_judged(client):
    query = {"expr": TENSORS, "hide": "W[0,1].total,W[1,0].gradient,z[1].value", "practise": "on"}
    page = client.get("/", query_string=query).text
    found = json.loads(re.search(r'data-fragment="tensors">(.*?)</script>', page, re.S)[1])["hidden"]["asked"]
    told = [(one["field"], one["name"], one["place"]) for one in found]
    assert told == [
        ("z[1].value", "z[1]", "z"),
        ("W[0,1].total", f"∂{gb.parse(TENSORS).output.id}/∂W[0, 1]", "W"),
        ("W[1,0].total", f"∂{gb.parse(TENSORS).output.id}/∂W[1, 0]", "W"),
    ]
    right = gb.parse(TENSORS).evaluate().gradient["W"][0, 1]
    for answer, verdict in ((repr(float(right)), "right"), ("3", "wrong")):
        asked = {"expr": TENSORS, "field": "W[0,1].total", "answer": answer}
        assert client.get("/api/judge", query_string=asked).json["verdict"] == verdict


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


def test_the_other_view_hides_the_same(client):
    """In the tree h is the second mention of x and i the sigmoid, which is h where mentions are one node."""
    query = "expr=(4*x%2B1)^2*sigmoid(x)&at.x=0.3&hide=i.value&practise=on"
    for more, output in (("", "i"), ("&view=graph&names=tree", "h"), ("&panes=network&names=tree", "h")):
        reply = client.get(f"/api/graph?{query}{more}").json
        assert reply is not None
        values = {node["id"]: node["value"] for node in reply["nodes"]}
        assert [id_ for id_, value in values.items() if value is None] == [output], more
        page = client.get(f"/?{query}{more}").text
        assert f'"field": "{output}.value"' in page or f'"field":"{output}.value"' in page
