"""Networks on the page: built, drawn, derived, in matrices."""

import re
from html import unescape
from urllib.parse import urlencode

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from graphviz_backprop.engine import autodiff
from graphviz_backprop.language.numerals import format_number
from graphviz_backprop.language.parser import parse
from graphviz_backprop.language.printers import mathml_with_fields
from graphviz_backprop.network.builder import PRESETS, Architecture
from graphviz_backprop.network.derivation import blocks
from graphviz_backprop.network.recogniser import recognise
from graphviz_backprop.web.asked.program import asked as asked_program
from graphviz_backprop.web.asked.state import State
from graphviz_backprop.web.shown.derivation import Derived
from graphviz_backprop.web.shown.steps import shown_layer_steps, shown_steps
from tests.support.networks import SEVERAL

FIELD = re.compile(r'data-field="([^"]*)"')
TEXT = re.compile(r'data-field="([^"]*)"[^<>]*>([^<]*)')


def query(name: str, **more: str) -> str:
    preset = PRESETS[name]
    at = {f"at.{key}": str(number) for key, number in (preset.initial | dict(preset.at)).items()}
    return urlencode({"expr": preset.program, "view": "graph", "panes": "network,training", **at, **more})


def choice(shape: Architecture, **more: object) -> dict[str, object]:
    """An architecture as the builder asks for it."""
    return {
        "sizes": "-".join(map(str, shape.sizes)),
        "activation": ",".join(shape.activations[:-1]),
        "output": shape.activations[-1],
        "loss": shape.loss,
        "bias": "yes" if shape.bias else "no",
        **more,
    }


@pytest.mark.parametrize("name", PRESETS)
def test_what_is_built_is_recognised_as_what_was_chosen(client: FlaskClient, name: str) -> None:
    shape = PRESETS[name].architecture
    reply = client.get("/api/network", query_string=choice(shape, init="he", seed=4))
    built = recognise(parse(reply.json["expr"], "graph"))
    assert built.sizes == shape.sizes
    assert tuple(layer.activation for layer in built.layers) == shape.activations
    assert set(reply.json["initial"]) >= set(built.parameters)
    page = client.get(f"/?{reply.json['query']}")
    assert page.status_code == 200
    assert 'data-weight="w2_11"' in page.text


def test_without_biases(client: FlaskClient) -> None:
    reply = client.get("/api/network?sizes=3-2&bias=no&output=linear")
    assert not recognise(parse(reply.json["expr"], "graph")).bias


def test_a_network_has_a_link(client: FlaskClient) -> None:
    reply = client.get("/network?sizes=2-2-1&activation=tanh")
    assert reply.status_code == 303
    assert "panes=network,training" in reply.headers["Location"]
    assert client.get(reply.headers["Location"]).status_code == 200


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("sizes=2", "at least two layers"),
        ("sizes=2-x-1", "'x'"),
        ("sizes=2--1", "''"),
        ("sizes=9-1", "9 inputs"),
        ("sizes=2-65-1", "65 neurons"),
        ("sizes=8-64-64-8", "parameters"),
        ("sizes=2-2-1&activation=than", "did you mean tanh"),
        ("sizes=2-1&output=softmax", "two outputs"),
        ("sizes=2-2-1&loss=binary_cross_entropy&output=tanh", "needs sigmoid"),
        ("sizes=2-2-1&init=zero", "did you mean zeros"),
        ("sizes=2-2-1&seed=-1", "'-1'"),
        ("sizes=2-2-2-1&activation=tanh,relu,relu", "hidden"),
        ("sizes=8-32-8-8", "variables"),  # more than a page has sliders for
    ],
)
def test_what_cannot_be_built(client: FlaskClient, asked: str, told: str) -> None:
    for path in ("/api/network", "/network"):
        reply = client.get(f"{path}?{asked}")
        assert reply.status_code == 400
        assert told in reply.json["error"]["message"]


NAMES = st.sampled_from(["sizes", "activation", "output", "loss", "bias", "init", "seed", "other"])
TEXTS = st.one_of(
    st.text(max_size=12), st.sampled_from(["2-2-1", "tanh", "softmax", "squared", "he", "7", "1-1-1-1"])
)


@given(asked=st.dictionaries(NAMES, TEXTS))
def test_no_choice_is_too_much(client: FlaskClient, asked: dict[str, str]) -> None:
    assert client.get("/api/network", query_string=asked).status_code in (200, 400)


@pytest.mark.parametrize("name", PRESETS)
def test_every_number_of_the_page_is_one_of_the_graphs(client: FlaskClient, name: str) -> None:
    page = client.get(f"/fragments?{query(name, unfold='all')}").text
    preset = PRESETS[name]
    graph = parse(preset.program, "graph")
    known = {f"{node.id}.{kind}" for node in graph.nodes for kind in ("value", "gradient")}
    known |= {f"{edge}.{kind}" for edge in edges(graph) for kind in ("value", "partial", "flow")}
    known |= {f"{variable}.total" for variable in graph.variables}
    parts = re.search(
        r'<div data-fragment="network"[^>]*>.*?</div>\s*<section class="card training', page, re.DOTALL
    )
    assert parts is not None
    found = {unescape(field).strip("()~") for field in FIELD.findall(parts[0])}
    assert found
    assert found <= known


@pytest.mark.parametrize("frame", [0, 3, 6, 20, 40, 999])
@pytest.mark.parametrize("view", ["tree", "graph", "network"])
def test_no_number_is_told_before_the_player_comes_to_it(client: FlaskClient, view: str, frame: int) -> None:
    """In the picture, the table, the derivation, the matrices, the result, beside and on the sliders."""
    panes = "network,training" if view == "network" else "graph,training"
    asked = query("deep", view=view, panes=panes, frame=str(frame), unfold="all", weight="w2_12")
    page = re.sub(r'<ol class="steps".*?</ol>', "", client.get(f"/?{asked}").text, flags=re.DOTALL)
    preset = PRESETS["deep"]
    graph = parse(preset.program, "tree" if view == "tree" else "graph")
    if view == "network":
        steps = shown_layer_steps(recognise(graph), False)
    else:
        state = State(preset.program, view=view)
        steps = shown_steps(asked_program(state).fold(state), False)
    reached = {field for step in steps[: frame + 1] for field in step.shows}
    known = reached | {field for step in steps for field in step.shows}
    fields = autodiff.compile(graph)({**preset.initial, **preset.at}).fields()
    seen = {unescape(field).strip("()"): text for field, text in TEXT.findall(page)} | {"": ""}
    assert {f"{name}.total" for name in graph.variables} <= known
    for field, text in seen.items():
        if field in known and field in fields:
            assert bool(text) == (field in reached), field
    told = re.findall(r'aria-valuetext="[^"]*, gradient', page)
    assert len(told) == sum(f"{name}.total" in reached for name in graph.variables)


def edges(graph):
    return [f"{graph.nodes[edge.parent].id}.{edge.arg}" for edge in graph.edges()]


@pytest.mark.parametrize("name", PRESETS)
def test_everything_unfolds_once(client: FlaskClient, name: str) -> None:
    network = recognise(parse(PRESETS[name].program, "graph"))
    wanted = network.layers[0].neurons[0].weights[0].name
    page = client.get(f"/fragments?{query(name, weight=wanted, unfold='all')}").text
    shown = re.findall(r'class="unfolded" data-block="([^"]*)"', page)
    assert sorted(shown) == sorted(block.name for block in blocks(network, wanted)[1:])


def test_the_derivation_in_numbers(client: FlaskClient) -> None:
    page = client.get(f"/?{query('neuron', weight='w2_13')}").text
    numbers = re.search(r'<p class="numbers">(.*?)</p>', page, re.DOTALL)
    assert numbers is not None
    graph = parse(PRESETS["neuron"].program, "graph")
    preset = PRESETS["neuron"]
    gradient = autodiff.compile(graph)({**preset.initial, **preset.at}).gradient["w2_13"]
    texts = re.findall(r"<mn[^>]*>([^<]*)</mn>", numbers[1])
    assert texts[-1] == format_number(gradient)


@pytest.mark.parametrize("index", ["jk", "kj", "jkL", "kjL"])
def test_the_order_of_indices(client: FlaskClient, index: str) -> None:
    page = client.get(f"/fragments?{query('pair', weight='w2_13', index=index)}").text
    symbols = re.search(r'<p class="symbols">(.*?)</p>', page, re.DOTALL)
    assert symbols is not None
    digits = " ".join(re.findall(r"<m[ni]>([^<]*)</m[ni]>", symbols[1]))
    assert ("13" if index.startswith("jk") else "31") in digits
    assert ("L" in digits) == index.endswith("L")


@pytest.mark.parametrize(
    "odd",
    ["weight=w9_99", "weight=%3Cb%3E", "unfold=a9_9,,%22", "index=zz", "layers=1,2,99,x,-3", "layers=²"],
)
def test_odd_wishes_change_nothing(client: FlaskClient, odd: str) -> None:
    reply = client.get(f"/?{query('deep')}&{odd}")
    assert reply.status_code == 200
    assert 'data-weight="w2_11"' in reply.text


def test_a_large_layer_is_a_block_until_it_is_opened(client: FlaskClient) -> None:
    built = client.get("/api/network?sizes=2-12-1&activation=relu").json["query"]
    closed, opened = (client.get(f"/?{built}&layers={layers}").text for layers in ("", "2"))
    assert 'data-block="2"' in closed
    assert 'data-neuron="a2_12"' not in closed
    assert 'data-neuron="a2_12"' in opened


def test_only_what_was_opened_can_be_closed(client: FlaskClient) -> None:
    assert "Close layer" not in client.get(f"/?{query('deep')}&layers=1,2,99").text
    built = client.get("/api/network?sizes=2-12-1&activation=relu").json["query"]
    page = client.get(f"/?{built}&layers=1,2,99").text
    assert re.findall(r'data-close-layer="(\d+)"', page) == ["2"]


def test_a_program_that_is_no_network_is_told_why_and_drawn(client: FlaskClient) -> None:
    page = client.get("/?expr=w2_11*x1%2Bw2_13*x3&panes=network,training").text
    assert "neuron 2 before it is missing" in page
    assert 'data-node="' in page


def test_a_network_without_a_loss(client: FlaskClient) -> None:
    program = "a2_1 = tanh(w2_11*x1)\na3_1 = tanh(w3_11*a2_1)"
    page = client.get("/", query_string={"expr": program, "panes": "network,training"})
    assert page.status_code == 200
    assert 'data-weight="w3_11"' in page.text


@pytest.mark.parametrize("name", SEVERAL)
def test_programs_by_hand_are_drawn_derived_and_set_in_matrices(client: FlaskClient, name: str) -> None:
    program = SEVERAL[name]
    network = recognise(parse(program, "graph"))
    for chosen in (*network.parameters, *network.neurons):
        asked = {"expr": program, "panes": "network,training", "weight": chosen, "unfold": "all"}
        page = client.get("/", query_string=asked)
        assert page.status_code == 200
        assert f'data-neuron="{network.layers[-1].neurons[0].name}"' in page.text


def test_a_hidden_softmax_is_trained(client: FlaskClient) -> None:
    program = SEVERAL["hidden softmax, one output"]
    start = dict.fromkeys(recognise(parse(program)).parameters, 0.1)
    data = {"columns": {"x1": [0, 1], "x2": [1, 0], "y1": [0, 1]}}
    reply = client.post("/api/descend", json={"expr": program, "start": start, "data": data, "steps": 3})
    assert reply.status_code == 200, reply.text


@pytest.mark.parametrize("suffix", ["svg", "png", "pdf", "dot", "json"])
def test_files(client: FlaskClient, suffix: str) -> None:
    reply = client.get(f"/graph.{suffix}?{query('deep')}")
    assert reply.status_code == 200
    if suffix in ("svg", "dot"):
        assert {"svg": 'data-neuron="a3_2"', "dot": "a3_2: tanh"}[suffix] in reply.text


@pytest.mark.parametrize(("loss", "averaged"), [("C0", "C"), ("C10", "C_{10}"), ("loss", r"\mathrm{loss}")])
def test_the_average_is_called_after_the_loss_of_a_sample(loss: str, averaged: str) -> None:
    program = f"a2_1 = tanh(w2_11*x1)\n{loss} = (a2_1 - y1)^2"
    derived = Derived(recognise(parse(program, "graph")), "w2_11", "", "jk")
    wanted = rf"\frac{{\partial {averaged}}}{{\partial w_{{11}}^{{(2)}}}} ="
    assert derived.average.startswith(mathml_with_fields(wanted).removesuffix("</mrow></math>"))


def test_a_step_of_a_network_is_one_of_a_layer(client: FlaskClient) -> None:
    """Forward through layer 2 of 2-3-3-1: its values are there, those of layer 3 and gradients are not."""
    markup = client.get(f"/graph.svg?{query('deep', frame='1')}").text
    shown = dict(TEXT.findall(markup))
    assert shown["a2_1.value"] and shown["a2_3.value"]
    assert not shown["a3_1.value"]
    assert not any(text for field, text in shown.items() if field.endswith((".gradient", ".total")))
    assert len(re.findall(r'class="node [^"]*\bcurrent"', markup)) == 3
    last = client.get(f"/graph.svg?{query('deep', frame='99')}").text
    assert all(dict(TEXT.findall(last)).values())


def test_the_pages_player_goes_by_layers(client: FlaskClient) -> None:
    text = client.get(f"/?{query('deep', frame='0')}").text
    assert re.findall("<b>(?:Forward|Backward) [0-9] of ([0-9])</b>", text) == ["5"] * 5 + ["4"] * 4
    graph = client.get(f"/?{query('deep', frame='0', panes='graph', view='graph')}").text
    assert len(re.findall("data-step=", graph)) > 20
