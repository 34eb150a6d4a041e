"""Networks whose target is the label of a class: drawn, derived and trained as a row of 1 and 0 is."""

from __future__ import annotations

import math

import numpy as np
import pytest
from flask.testing import FlaskClient

import graphviz_backprop as gb
from graphviz_backprop.figure.network_sketch import network_sketch
from graphviz_backprop.network import tensors
from graphviz_backprop.network.layers import Network
from graphviz_backprop.network.recogniser import recognise
from graphviz_backprop.web.shown.samples import training_sets
from tests.network.test_derivation import check

START = "W = randn(3, 2, seed=1); b = [0.1, -0.2, 0.3]; x = [1, 2]; y = 1; z = W @ x + b; a = softmax(z); "
KNOWN = {
    "cross-entropy of a class": (START + "cross_entropy(z, y)", "categorical_cross_entropy"),
    "with its softmax": (START + "cross_entropy(z, y) + 0*sum(a)", "categorical_cross_entropy"),
    "one-hot": (START + "cross_entropy(z, one_hot(y, 3))", "categorical_cross_entropy"),
    "squares": (START + "sum((a - one_hot(y, 3))^2)", "squared"),
    "from no class": (START.replace("1; z", "7; z") + "cross_entropy(z, y)", "categorical_cross_entropy"),
    "picked": (START + "-ln(a[y])", ""),
}  # fmt: skip
BATCH = (
    "X = zeros(4, 2); y = [0, 1, 2, 1]; W = randn(2, 5, seed=1); b = zeros(5); V = randn(5, 3, seed=2)\n"
    "cross_entropy(relu(X @ W + b) @ V, y)"
)
IN_NUMBERS = (
    "z2_1 = w2_11*x1; z2_2 = w2_21*x1; s = exp(z2_1) + exp(z2_2); a2_1 = exp(z2_1)/s; a2_2 = exp(z2_2)/s\n"
    "-((y == 0)*log(a2_1) + (y == 1)*log(a2_2))"
)


def in_numbers(text: str) -> tuple[gb.Graph, Network]:
    graph = gb.Graph._of(tensors.form(gb.parse(text)).numbers)
    return graph, recognise(graph)


@pytest.mark.parametrize("name", KNOWN)
def test_loss_and_gradients_are_those_of_the_tensors_at_each_class(name: str) -> None:
    graph = gb.parse(KNOWN[name][0])
    form = tensors.form(graph)
    numbers = gb.Graph._of(form.numbers)
    for y in range(3):
        run, found = graph.evaluate(y=y), numbers.evaluate(y=y)
        assert found.value == pytest.approx(run.value, rel=1e-12)
        for own, (tensor, cell) in form.cells.items():
            assert found.gradient[own] == pytest.approx(np.ravel(run.gradient[tensor])[cell], abs=1e-12)


@pytest.mark.parametrize("y", [3, -1, 0.5])
def test_what_is_no_class_has_no_loss(y: float) -> None:
    numbers, _ = in_numbers(KNOWN["cross-entropy of a class"][0])
    assert math.isnan(numbers.evaluate(y=y).value)


@pytest.mark.parametrize("name", KNOWN)
def test_it_is_recognised(name: str) -> None:
    text, loss = KNOWN[name]
    _, network = in_numbers(text)
    assert network.sizes == (2, 3)
    assert network.layers[-1].activation == "softmax"
    assert network.targets == ("y",)
    assert network.loss == loss
    assert len(network.labels) == 3


def test_its_targets_are_one_hot_and_move_with_y() -> None:
    graph, network = in_numbers(KNOWN["cross-entropy of a class"][0])
    column = network_sketch(network).columns[-1]
    assert (column.title, column.note) == ("targets", "1 at the class y")
    assert [mark.name for mark in column.marks] == ["y=0", "y=1", "y=2"]
    for y in range(3):
        fields = graph.evaluate(y=y).fields()
        assert [fields[mark.lines[0].field] for mark in column.marks] == [float(j == y) for j in range(3)]


@pytest.mark.parametrize("text", [*(text for text, _ in KNOWN.values()), BATCH, IN_NUMBERS])
def test_each_derivation_comes_to_the_gradient(text: str) -> None:
    graph = gb.parse(text)
    graph = graph if graph.of_numbers else in_numbers(text)[0]
    for y in range(2):
        check(graph, {**dict.fromkeys(graph.variables, 0.7), **graph.start, "y": y})


def test_delta_is_what_was_said_less_one_hot() -> None:
    graph, network = in_numbers(KNOWN["cross-entropy of a class"][0])
    run = graph.evaluate(y=2)
    fields = run.fields()
    for j, neuron in enumerate(network.layers[-1].neurons):
        delta = fields[f"{neuron.a}.value"] - float(j == 2)
        assert fields[f"{neuron.z}.gradient"] == pytest.approx(delta, abs=1e-12)


def test_a_batch_is_read_at_one_sample() -> None:
    _, network = in_numbers(BATCH)
    assert network.sizes == (2, 5, 3)
    assert network.loss == "categorical_cross_entropy"
    assert network.targets == ("y",)


def test_it_may_be_written_in_numbers() -> None:
    network = recognise(gb.parse(IN_NUMBERS))
    assert len(network.labels) == 2
    assert network.loss == "categorical_cross_entropy"


@pytest.mark.parametrize(
    "loss",
    ["-(y == 0)*log(a2_1) - (y == 2)*log(a2_2)", "-(y == 0)*log(a2_1) - y*log(a2_2)", "(a2_1 - a2_2 - y)^2"],
)
def test_what_asks_otherwise_is_no_label(loss: str) -> None:
    assert not recognise(gb.parse(IN_NUMBERS.split("\n")[0] + "\n" + loss)).labels


def test_it_is_offered_samples_that_have_no_more_classes_than_it_has_outputs() -> None:
    _, network = in_numbers(KNOWN["cross-entropy of a class"][0])
    assert [title for _, title in training_sets(network)] == [
        *("The truth table of XOR", "XOR with noise", "Two moons", "Circles", "Spiral", "Iris, two features"),
    ]
    _, four = in_numbers("W = randn(3, 4, seed=1); x = ones(4); y = 0; cross_entropy(W @ x, y)")
    assert len(training_sets(four)) == 1
    _, two = in_numbers("W = randn(2, 4, seed=1); x = ones(4); y = 0; cross_entropy(W @ x, y)")
    assert not training_sets(two)


def test_it_learns_from_a_column_of_classes() -> None:
    graph, _ = in_numbers("W = zeros(3, 4); b = zeros(3); x = ones(4); y = 0; cross_entropy(W @ x + b, y)")
    tensor = gb.parse("W = zeros(3, 4); b = zeros(3); x = ones(4); y = 0; cross_entropy(W @ x + b, y)")
    data = gb.data("flowers", n=150)
    found, wanted = (
        gb.descend(
            one, {name: 0.0 for name in one.variables if name[0] == "w"}, data=data, rate=0.1, steps=20
        )
        if one is graph
        else gb.descend(one, {}, data=data, rate=0.1, steps=20)
        for one in (graph, tensor)
    )
    assert found.losses == pytest.approx(wanted.losses, rel=1e-12)
    assert found.losses[-1] < 0.7 * found.losses[0]


def test_the_page_draws_it(client: FlaskClient) -> None:
    drawn = client.get(
        "/", query_string={"expr": KNOWN["cross-entropy of a class"][0], "panes": "network,training"}
    )
    assert 'data-neuron="[y=2]"' in drawn.text
    assert "data-labels" in drawn.text
