"""Networks in tensors: written, read by structure, the same in numbers, drawn and changed on the page."""

from __future__ import annotations

from urllib.parse import urlencode

import numpy as np
import pytest
from flask.testing import FlaskClient
from hypothesis import given, settings
from hypothesis import strategies as st

import graphviz_backprop as gb
from graphviz_backprop.network import builder, tensors
from graphviz_backprop.network.builder import ACTIVATIONS, PRESETS, Architecture
from graphviz_backprop.network.recogniser import NoNetwork, recognise

LOSSES = {
    "sigmoid": ["squared", "mean_squared", "binary_cross_entropy"],
    "softmax": ["squared", "categorical_cross_entropy"],
}


@st.composite
def architectures(draw: st.DrawFn) -> Architecture:
    sizes = draw(st.lists(st.integers(1, 4), min_size=2, max_size=4))
    output = draw(st.sampled_from(["sigmoid", "linear", "tanh"] + ["softmax"] * (sizes[-1] > 1)))
    hidden = draw(st.lists(st.sampled_from(ACTIVATIONS), min_size=len(sizes) - 2, max_size=len(sizes) - 2))
    loss = draw(st.sampled_from(LOSSES.get(output, ["squared", "mean_squared"])))
    return Architecture(tuple(sizes), (*hidden, output), loss, draw(st.booleans()))


def same_numbers(shape: Architecture, at: dict[str, float]) -> None:
    """The loss and all gradients are those of the network in numbers."""
    graph = gb.parse(tensors.program(shape, at))
    form = tensors.form(graph)
    in_numbers = gb.parse(builder.program(shape)).evaluate(at)
    run = graph.evaluate()
    assert run.value == pytest.approx(in_numbers.value, rel=1e-12, abs=1e-12)
    for name, (own, cell) in form.cells.items():
        slope = np.ravel(run.gradient[own])[cell]
        assert slope == pytest.approx(in_numbers.gradient[name], rel=1e-10, abs=1e-12), name


@given(shape=architectures(), seed=st.integers(0, 5))
@settings(max_examples=40, deadline=None)
def test_both_forms_are_the_same_network(shape: Architecture, seed: int) -> None:
    samples = {f"x{k + 1}": 0.3 * k - 0.5 for k in range(shape.sizes[0])}
    targets = {f"y{j + 1}": float(j == 0) for j in range(shape.sizes[-1])}
    same_numbers(shape, builder.initial(shape, "uniform", seed) | samples | targets)


@pytest.mark.parametrize("name", PRESETS)
def test_what_is_written_is_recognised(name: str) -> None:
    preset = PRESETS[name]
    graph = gb.parse(tensors.program(preset.architecture, {**preset.initial, **preset.at}))
    network = recognise(tensors.form(graph).numbers)
    assert builder.architecture_of(network) == preset.architecture


def test_layers_are_told_by_structure_whatever_they_are_called() -> None:
    for text, sizes, activations in (
        ("A = randn(3, 2, seed=1); c = zeros(3); B = randn(1, 3, seed=2); q = [1, 2]; t = [0];"
         "h = tanh(A @ q + c); sum((sigmoid(B @ h) - t)^2)", (2, 3, 1), ["tanh", "sigmoid"]),
        ("X = zeros(5, 2); y = zeros(5, 1); W = randn(2, 4, seed=1); b = zeros(4); V = randn(4, 1, seed=2);"
         "mean((sigmoid(relu(X @ W + b) @ V) - y)^2)", (2, 4, 1), ["relu", "sigmoid"]),
        ("W = randn(2, 2, seed=1); x = [1, 2]; sum(relu(W @ x))", (2, 2), ["relu"]),
    ):  # fmt: skip
        network = recognise(tensors.form(gb.parse(text)).numbers)
        assert network.sizes == sizes
        assert [layer.activation for layer in network.layers] == activations


@pytest.mark.parametrize(
    "text",
    [
        "x = [1, 2]; sum(x * x)",
        "A = ones(2, 2); B = ones(2, 2); x = [1, 2]; sum(A @ x + B @ x)",
        "W = ones(2, 2); c = [1, 2]; x = [1, 2]; y = [0, 1]; z = [1, 1]; sum((W @ x + c - y)^2 * z)",
        "W = ones(3, 2); x = [1, 2]; y = [1, 2]; sum((W @ x)[y])",  # it chooses several
        "W = randn(60, 60, seed=1); x = ones(60); sum(W @ x)",
        "A = ones(3, 3); sum(A @ A)",
    ],
)
def test_what_is_none(text: str) -> None:
    with pytest.raises((NoNetwork, ValueError)):
        recognise(tensors.form(gb.parse(text)).numbers)


def test_on_the_page(client: FlaskClient) -> None:
    asked = {"sizes": "2-3-1", "activation": "tanh", "form": "tensors", "seed": "1"}
    built = client.get("/api/network", query_string=asked).json
    assert "z2 = W2 @ x + b2" in built["expr"]
    drawn = client.get(f"/?{built['query']}").text
    assert 'data-weight="w2_11"' in drawn
    assert "data-built" in drawn
    assert "form=tensors" in drawn
    beside = client.get("/?" + urlencode({"expr": built["expr"], "panes": "graph,training"})).text
    assert 'data-tensor="W2"' in beside
    assert "form=tensors" in beside

    # What stands there is kept, whichever way it was written and is to be.
    values = {"at.W2": "[[1, 2], [3, 4], [5, 6]]", "at.x": "[7, 8]"}
    numbers = client.post("/api/network", data={**asked, "form": "numbers", **values}).json
    assert (numbers["initial"]["w2_32"], numbers["initial"]["x2"]) == (6, 8)
    again = client.post("/api/network", data={**asked, "at.w2_32": "6", "at.x2": "8"}).json
    assert "6]]" in again["expr"]
    assert "x = [1, 8]" in again["expr"]


def test_in_python() -> None:
    graph = gb.network([2, 3, 1], form="tensors", activation="tanh")
    assert graph.shapes["W2"] == (3, 2)
    found = gb.descend(graph, {}, optimizer="adam", steps=150, data=gb.data("moons"))
    assert found.losses[-1] < 0.5 * found.losses[0]
    with pytest.raises(ValueError, match="numbers or tensors"):
        gb.network([2, 1], form="matrices")
