"""The variables of a network in groups: each of them once, under a title that is true."""

import pytest

import graphviz_backprop as gb
from graphviz_backprop.network.builder import PRESETS
from graphviz_backprop.network.parts import groups
from graphviz_backprop.network.recogniser import recognise


def grouped(program):
    return {group.title: group.names for group in groups(recognise(gb.parse(program)))}


@pytest.mark.parametrize("name", PRESETS)
def test_each_variable_is_in_one_group(name):
    graph = gb.parse(PRESETS[name].program)
    found = groups(recognise(graph))
    assert sorted(name for group in found for name in group.names) == sorted(graph.variables)
    assert [group.layer for group in found] == [*range(1, len(found)), 0]


def test_layers_from_the_input_to_the_targets():
    assert grouped(PRESETS["xor"].program) == {
        "Inputs": ("x1", "x2"),
        "Layer 2": ("w2_11", "w2_12", "b2_1", "w2_21", "w2_22", "b2_2"),
        "Layer 3": ("w3_11", "w3_12", "b3_1"),
        "Targets": ("y1",),
    }


def test_what_the_loss_takes_beside_targets_is_not_called_one():
    found = grouped("a2_1 = w2_11*x1; a2_2 = w2_21*x1; m*(a2_1 - y1)^2 + (a2_2 - y2)^2")
    assert found["Of the loss"] == ("m", "y1", "y2")
    assert grouped("m*tanh(w1*x1 + b)")["Of the loss"] == ("m",)


@pytest.mark.parametrize(
    ("program", "title"),
    [("tanh(w1*x1 + w2*x2 + b)", "Weights and bias"), ("tanh(w1*x1 + w2*x2)", "Weights")],
)
def test_a_neuron_alone_has_no_layers(program, title):
    assert list(grouped(program)) == ["Inputs", title]
