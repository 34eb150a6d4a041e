"""The derivation of a network's gradients: its numbers multiply and add up to the engine's."""

import re

import pytest

import graphviz_backprop as gb
from graphviz_backprop.network import builder as networks
from graphviz_backprop.network.builder import PRESETS
from graphviz_backprop.network.derivation import Naming, block, blocks
from graphviz_backprop.network.recogniser import recognise

BY_HAND = {
    "softmax": networks.program(networks.architecture([2, 2, 3], "gelu", "softmax", "squared")),
    "linear": networks.program(networks.architecture([2, 3, 2], "leaky_relu", "linear", "mean_squared")),
    "logarithms": "a2_1 = sigmoid(w2_11 x1); a3_1 = sigmoid(w3_11 a2_1 + b3_1)\n"
    "C0 = -(y1 log(a3_1) + (1 - y1) log(1 - a3_1))",
    "another loss": "a2_1 = sigmoid(w2_11 x1); a3_1 = sigmoid(w3_11 a2_1)\nabs(a3_1 - y1)",
    "no loss": "a2_1 = sigmoid(w2_11 x1); a3_1 = tanh(w3_11 a2_1)",
    "many": networks.program(networks.architecture([2, 10, 2], "tanh", "sigmoid", "binary_cross_entropy")),
}
PROGRAMS = {name: preset.program for name, preset in PRESETS.items()} | BY_HAND


def number(tex, fields):
    """What a line of numbers comes to."""
    text = re.sub(r"⟨\(?([^⟩()]*)\)?⟩", lambda field: f"({fields[field[1]]!r})", tex)
    for mark, sign in ((r"\times", "*"), (r"\left(", "("), (r"\right)", ")")):
        text = text.replace(mark, sign)
    return eval(text)


@pytest.mark.parametrize("view", ["tree", "graph"])
@pytest.mark.parametrize("name", PROGRAMS)
def test_the_numbers_come_to_the_gradient(name, view):
    graph = gb.parse(PROGRAMS[name], view)
    network = recognise(graph)
    at = {name: 0.3 + 0.17 * (place % 7) for place, name in enumerate(graph.variables)}
    fields = graph.evaluate(at).fields()
    last = {neuron.name for neuron in network.layers[-1].neurons} if network.from_sums else set()
    sums = [f"z{neuron[1:]}" for neuron in network.neurons]
    for about in (*network.parameters, *(network.neurons.keys() - last), *network.inputs, *sums):
        for part in blocks(network, about):
            found = sum(number(term.tex("numbers"), fields) for term in part.terms)
            assert found == pytest.approx(fields[part.result], rel=1e-12, abs=1e-15), part.name


@pytest.mark.parametrize("name", PROGRAMS)
def test_every_line_can_be_set(name):
    network = recognise(gb.parse(PROGRAMS[name]))
    for about in list(network.parameters)[:2]:
        for part in blocks(network, about, Naming("kj", "L")):
            assert all(line.mathml.startswith("<math") for line in part.lines)
            assert all(term.mathml("explicit").startswith("<math") for term in part.terms)


def test_a_weight_of_the_last_layer():
    network = recognise(gb.parse(PRESETS["neuron"].program))
    found = {line.kind: line.tex for line in block(network, "w2_13", Naming(layers="L")).lines}
    assert found["formula"] == (
        r" = 2\left(a_{1}^{(L)} - y_{1}\right) \cdot g'\left(z_{1}^{(L)}\right) \cdot x_{3}"
    )
    assert found["symbols"].startswith(
        r"\frac{\partial C_{0}}{\partial w_{13}^{(L)}} = \frac{\partial C_{0}}"
    )
    assert r"a_{1}^{(L)} \cdot \left(1 - a_{1}^{(L)}\right)" in found["explicit"]
    assert found["numbers"].endswith("⟨w2_13.total⟩")


def test_the_order_of_indices():
    network = recognise(gb.parse(PRESETS["pair"].program))
    assert "w_{23}^{(2)}" in block(network, "w2_23").lines[0].tex
    assert "w_{32}^{(2)}" in block(network, "w2_23", Naming("kj")).lines[0].tex
    with pytest.raises(ValueError, match="a naming is one of jk, kj"):
        Naming("ij")


def test_what_lies_further_back_unfolds_once():
    network = recognise(gb.parse(PRESETS["deep"].program))
    found = blocks(network, "w2_11")
    assert [part.name for part in found] == ["w2_11", "a2_1", "a3_1", "a3_2", "a3_3"]
    assert found[1].unfolds == ("a3_1", "a3_2", "a3_3")
    (first, *_) = found[1].terms
    assert (first.weight, first.unfolds) == ("w3_11", "a3_1")
    assert {"a3_1", "z3_1"} < set(first.nodes)


def test_a_tanh_squares_what_has_a_layer_on_it():
    network = recognise(gb.parse(PRESETS["deep"].program))
    explicit = next(line.tex for line in block(network, "b2_1").lines if line.kind == "explicit")
    assert r"\left(a_{1}^{(2)}\right)^{2}" in explicit


def test_a_name_that_is_not_there():
    with pytest.raises(ValueError, match="no weight, bias or neuron w9_11"):
        block(recognise(gb.parse(PRESETS["xor"].program)), "w9_11")
