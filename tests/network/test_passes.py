"""Both passes layer by layer: each number appears once, with what it is made of; what is said is so."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

import graphviz_backprop as gb
from graphviz_backprop.explain.steps import steps
from graphviz_backprop.network.builder import PRESETS, architecture, program
from graphviz_backprop.network.passes import layer_steps
from graphviz_backprop.network.recogniser import recognise
from graphviz_backprop.web.shown.steps import _shown
from tests.support.networks import SEVERAL

PROGRAMS = {name: preset.program for name, preset in PRESETS.items()} | {
    "deep softmax": program(architecture([2, 2, 3], "gelu", "softmax", "squared")),
    "no biases": program(architecture([3, 2, 1], "tanh", "linear", bias=False)),
    "no loss": "a2_1 = sigmoid(w2_11 x1); a3_1 = tanh(w3_11 a2_1)",
    "one weight": "sigmoid(w*x + b)",
    "z in the loss": "z2_1 = w2_11*x1 + w2_12*x2; a2_1 = tanh(z2_1); (a2_1 - y1)^2 + 0.1*z2_1^2",
    "one bias of two": "z2_1 = w2_11*x1; z2_2 = w2_21*x1 + b2_2\n"
    "a2_1 = tanh(z2_1); a2_2 = tanh(z2_2); a2_1*a2_2",
    **SEVERAL,
}
VIEWS = ("graph", "tree")


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("name", PROGRAMS)
def test_each_number_of_the_steps_by_nodes_appears_once(name, view):
    graph = gb.parse(PROGRAMS[name], view)
    found = layer_steps(recognise(graph))
    shows = [field for step in found for field in step.shows]
    assert len(shows) == len(set(shows))
    assert set(shows) == {field for shown in _shown(graph, steps(graph)) for field in shown}


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("name", PROGRAMS)
def test_no_number_comes_before_what_it_is_made_of(name, view):
    graph = gb.parse(PROGRAMS[name], view)
    at = {field: place for place, step in enumerate(layer_steps(recognise(graph))) for field in step.shows}
    for edge in graph.edges():
        parent, child = graph.nodes[edge.parent].id, graph.nodes[edge.child].id
        assert at[f"{child}.value"] <= at[f"{parent}.value"]
        if graph.active[edge.child]:
            assert at[f"{parent}.gradient"] <= at[f"{parent}.{edge.arg}.flow"] <= at[f"{child}.gradient"]
    assert all(at[f"{node.id}.value"] < min(at[f] for f in at if f.endswith(".flow")) for node in graph.nodes)
    for leaf in (node for node in graph.nodes if node.op == "var"):
        assert at[f"{leaf.id}.gradient"] <= at[f"{leaf.name}.total"]


@pytest.mark.parametrize("name", PROGRAMS)
def test_every_field_of_an_equation_is_known_at_its_step(name):
    graph = gb.parse(PROGRAMS[name], "graph")
    known: set[str] = set()
    for step in layer_steps(recognise(graph)):
        known |= set(step.shows)
        for equation in step.equations:
            for text in (equation.text, equation.tex):
                assert set(re.findall("⟨([^⟩]*)⟩", text)) <= known
            assert equation.tex.count("{") == equation.tex.count("}")


def test_forward_through_the_layers_and_back():
    found = layer_steps(recognise(gb.parse(PRESETS["deep"].program)))
    assert [(step.phase, step.rule) for step in found] == [
        ("forward", "the inputs"),
        ("forward", "layer 2: tanh"),
        ("forward", "layer 3: tanh"),
        ("forward", "layer 4: sigmoid"),
        ("forward", "the loss"),
        ("backward", "from the loss"),
        ("backward", "back through layer 4"),
        ("backward", "back through layer 3"),
        ("backward", "back through layer 2"),
    ]
    assert found[2].current == ("a3_1", "a3_2", "a3_3")
    assert found[2].uses == ("a2_1", "a2_2", "a2_3")
    assert [equation.text for equation in found[1].equations][::2] == [
        "z(2) = W(2) x + b(2)",
        "a(2) = tanh(z(2))",
    ]
    assert [equation.text for equation in found[7].equations if "⟨" not in equation.text] == [
        "δ(3) = ∂C0/∂z(3) = ∂C0/∂a(3) ⊙ g′(z(3))",
        "∂C0/∂W(3) = δ(3) a(2)ᵀ",
        "∂C0/∂b(3) = δ(3)",
        "∂C0/∂a(2) = W(3)ᵀ δ(3)",
    ]


def test_a_loss_from_z_gives_no_gradient_to_a():
    """Cross-entropies are computed from z: δ is the loss's own, and no product of ∂C/∂a."""
    found = layer_steps(recognise(gb.parse(PRESETS["xor"].program)))
    texts = [equation.text for step in found for equation in step.equations]
    assert "δ(3) = ∂C0/∂z(3)" in texts
    assert "δ(2) = ∂C0/∂z(2) = ∂C0/∂a(2) ⊙ g′(z(2))" in texts
    assert not any("∂C0/∂a3_1" in text for text in texts)


@pytest.mark.parametrize("name", ["z in the loss", "deep softmax"])
def test_delta_is_a_product_only_where_that_is_all_of_it(name):
    last = layer_steps(recognise(gb.parse(PROGRAMS[name])))
    deltas = [equation.text for step in last for equation in step.equations if equation.text.startswith("δ")]
    assert "⊙" not in deltas[0]
    assert "·" not in deltas[0]


def test_the_neuron_alone():
    found = layer_steps(recognise(gb.parse("sigmoid(w1*x1 + w2*x2 + b)")))
    texts = [equation.text for step in found for equation in step.equations if "⟨" not in equation.text]
    assert texts == [
        "z = w x + b",
        "a = sigmoid(z)",
        "δ = ∂k/∂z = ∂k/∂a · g′(z)",
        "∂k/∂w = δ x",
        "∂k/∂b = δ",
        "∂k/∂x = w δ",
    ]


def test_biases_that_only_some_have_are_told():
    found = layer_steps(recognise(gb.parse(PROGRAMS["one bias of two"])))
    assert found[1].equations[0].text == "z(2) = W(2) x + b(2), where there is one"


@given(st.sampled_from(sorted(PROGRAMS)), st.sampled_from(VIEWS))
def test_a_piece_of_a_larger_network(name, view):
    """With an upstream gradient all is a gradient of L."""
    network = recognise(gb.parse(PROGRAMS[name], view))
    texts = [equation.text for step in layer_steps(network, "L") for equation in step.equations]
    assert any("∂L/∂" in text for text in texts)
    assert not any(f"∂{network.output}/∂" in text for text in texts)
    assert [step.shows for step in layer_steps(network, "L")] == [step.shows for step in layer_steps(network)]
