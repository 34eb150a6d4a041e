"""Networks as programs: what is built, what is recognised, every gradient against matrices by hand."""

import json
import math
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import graphviz_backprop as gb
from graphviz_backprop.network import builder as networks
from graphviz_backprop.network.builder import ACTIVATIONS, INITS, LIMITS, PRESETS, Architecture
from graphviz_backprop.network.layers import SOFTMAX
from graphviz_backprop.network.recogniser import NoNetwork, network_of, recognise
from tests.support.networks import ACTIVATIONS as FORMS
from tests.support.networks import CLOSED, ONE, SEVERAL, one_output

# By hand, with NumPy alone: g and g' by z, the loss and ∂C/∂a or ∂C/∂z by what it needs.

SLOPES = {
    "sigmoid": (lambda z: 1 / (1 + np.exp(-z)), lambda z: np.exp(-z) / (1 + np.exp(-z)) ** 2),
    "tanh": (np.tanh, lambda z: 1 - np.tanh(z) ** 2),
    "relu": (lambda z: np.maximum(z, 0), lambda z: (z > 0) * 1.0),
    "leaky_relu": (lambda z: np.where(z > 0, z, 0.01 * z), lambda z: np.where(z > 0, 1, 0.01)),
    "softplus": (lambda z: np.log(1 + np.exp(z)), lambda z: 1 / (1 + np.exp(-z))),
    "linear": (lambda z: z, np.ones_like),
    "gelu": (
        lambda z: z * _phi(z),
        lambda z: _phi(z) + z * np.exp(-(z**2) / 2) / math.sqrt(2 * math.pi),
    ),
}


def _phi(z):
    return np.array([(1 + math.erf(x / math.sqrt(2))) / 2 for x in z])


def softmax(z):
    return np.exp(z) / np.exp(z).sum()


def by_hand(shape, at):
    """The loss and its gradient by each parameter."""
    names = networks.parameter_names(shape)
    a = [np.array([at[f"x{k + 1}"] for k in range(shape.sizes[0])], float)]
    y = np.array([at[f"y{k + 1}"] for k in range(shape.sizes[-1])], float)
    weights, biases, zs, place = [], [], [], 0
    for before, size, g in zip(shape.sizes, shape.sizes[1:], shape.activations, strict=False):
        width = before + shape.bias
        numbers = np.array([at[name] for name in names[place : place + size * width]]).reshape(size, width)
        weights.append(numbers[:, :before])
        biases.append(numbers[:, before] if shape.bias else np.zeros(size))
        zs.append(weights[-1] @ a[-1] + biases[-1])
        a.append(softmax(zs[-1]) if g == SOFTMAX else SLOPES[g][0](zs[-1]))
        place += size * width
    loss, delta = end(shape, zs[-1], a[-1], y)
    parts = []
    for layer in range(len(weights) - 1, -1, -1):
        slope = np.outer(delta, a[layer])
        parts.append(np.column_stack([slope, delta]) if shape.bias else slope)
        if layer:
            delta = weights[layer].T @ delta * SLOPES[shape.activations[layer - 1]][1](zs[layer - 1])
    flat = np.concatenate([part.ravel() for part in reversed(parts)])
    return loss, dict(zip(names, flat, strict=True))


def end(shape, z, a, y):
    """The loss, and its gradient by the last z."""
    if shape.loss == "binary_cross_entropy":
        return np.sum(np.logaddexp(0, z) - y * z), a - y
    if shape.loss == "categorical_cross_entropy":
        return np.sum(y * (np.log(np.sum(np.exp(z))) - z)), a * y.sum() - y
    share = 1 / len(y) if shape.loss == "mean_squared" else 1
    by_a = 2 * share * (a - y)
    if shape.activations[-1] == SOFTMAX:
        return share * np.sum((a - y) ** 2), (np.diag(a) - np.outer(a, a)) @ by_a
    return share * np.sum((a - y) ** 2), by_a * SLOPES[shape.activations[-1]][1](z)


@st.composite
def architectures(draw):
    sizes = draw(st.lists(st.integers(1, 4), min_size=2, max_size=5))
    hidden = [draw(st.sampled_from(ACTIVATIONS)) for _ in sizes[1:-1]]
    outputs = ACTIVATIONS if sizes[-1] == 1 else (*ACTIVATIONS, SOFTMAX)
    output = draw(st.sampled_from(outputs))
    losses = ["squared", "mean_squared"]
    losses += {"sigmoid": ["binary_cross_entropy"], SOFTMAX: ["categorical_cross_entropy"]}.get(output, [])
    return networks.architecture(sizes, hidden, output, draw(st.sampled_from(losses)), draw(st.booleans()))


def sample(shape, seed=0):
    random = np.random.default_rng(seed)
    inputs = {f"x{k + 1}": float(random.normal()) for k in range(shape.sizes[0])}
    return inputs | {f"y{k + 1}": float(random.uniform()) for k in range(shape.sizes[-1])}


def check(shape, at, view="tree"):
    run = gb.parse(networks.program(shape), view).evaluate(at)
    loss, slopes = by_hand(shape, at)
    np.testing.assert_allclose(run.value, loss, rtol=1e-12, atol=1e-14)
    found = [run.gradient[name] for name in slopes]
    np.testing.assert_allclose(found, list(slopes.values()), rtol=1e-10, atol=1e-13)


@pytest.mark.parametrize("view", ["tree", "graph"])
@pytest.mark.parametrize("name", PRESETS)
def test_every_gradient_of_every_preset(name, view):
    preset = PRESETS[name]
    check(preset.architecture, {**preset.initial, **preset.at}, view)


@settings(max_examples=40, deadline=None)
@given(architectures(), st.sampled_from(["xavier", "he", "uniform"]), st.integers(0, 99))
def test_every_gradient_of_any_architecture(shape, init, seed):
    check(shape, networks.initial(shape, init, seed) | sample(shape, seed))


def same(shape, found):
    assert found.sizes == shape.sizes
    assert tuple(layer.activation for layer in found.layers) == shape.activations
    assert list(found.parameters) == networks.parameter_names(shape)
    assert found.bias == shape.bias
    if shape.loss == "mean_squared":
        assert (found.loss, found.factor) == ("squared", pytest.approx(1 / shape.sizes[-1]))
    else:
        assert (found.loss, found.factor) == (shape.loss, 1)


@settings(max_examples=40, deadline=None)
@given(architectures(), st.sampled_from(["tree", "graph"]))
def test_what_is_built_is_recognised(shape, view):
    graph = gb.parse(networks.program(shape), view)
    same(shape, recognise(graph))
    same(shape, recognise(gb.parse(graph.source, view)))


def test_parameters_are_counted_as_on_the_page():
    known = json.loads((Path(__file__).parents[1] / "support" / "sizes.json").read_text("utf-8"))
    for row in known:
        shape = networks.architecture(row["sizes"], bias=row["bias"])
        assert shape.parameters == len(networks.parameter_names(shape)) == row["parameters"]


def test_wide_layers_have_their_indices_apart():
    shape = networks.architecture([8, 64, 10, 2], "relu", "linear")
    names = networks.parameter_names(shape)
    assert {"w2_13_8", "b2_64", "w3_10_64", "w4_2_10"} <= set(names)
    graph = gb.parse(networks.program(shape))
    same(shape, recognise(graph))
    same(shape, recognise(gb.parse(graph.source)))


def test_what_a_program_looks_like():
    assert PRESETS["xor"].program.splitlines() == [
        "# layer 2: 2 neurons, tanh",
        "z2_1 = w2_11*x1 + w2_12*x2 + b2_1",
        "z2_2 = w2_21*x1 + w2_22*x2 + b2_2",
        "a2_1 = tanh(z2_1)",
        "a2_2 = tanh(z2_2)",
        "# layer 3: 1 neuron, sigmoid",
        "z3_1 = w3_11*a2_1 + w3_12*a2_2 + b3_1",
        "a3_1 = sigmoid(z3_1)",
        "# loss: binary cross-entropy, from z, right also where a is 0 or 1; 0 times a keeps a in the graph",
        "C0 = softplus(z3_1) - y1*z3_1 + 0*a3_1",
    ]


@pytest.mark.parametrize("z", [-1000.0, -40.0, 40.0, 1000.0])
@pytest.mark.parametrize("y", [0.0, 1.0])
def test_cross_entropies_of_saturated_outputs(z, y):
    graph = gb.network([1, 1], loss="binary_cross_entropy", bias=False)
    run = graph.evaluate(w2_11=1.0, x1=z, y1=y)
    assert run.value == pytest.approx(max(z, 0) - y * z, abs=1e-15)
    assert run.gradient["w2_11"] == pytest.approx(z * ((z > 0) - y), abs=1e-14)
    pair = gb.network([1, 2], output="softmax", loss="categorical_cross_entropy", bias=False)
    run = pair.evaluate(w2_11=1.0, w2_21=0.0, x1=z, y1=y, y2=1 - y)
    assert run.value == pytest.approx(max(z, 0) - y * z, abs=1e-13)
    assert run.gradient["w2_11"] == pytest.approx(z * ((z > 0) - y), abs=1e-12)


# Where training starts


def test_starts():
    shape = networks.architecture([6, 64, 8], "relu", "linear")
    start = {init: networks.initial(shape, init, seed=5) for init in INITS}
    first = [name for name in start["he"] if name.startswith("w2")]
    assert set(start["zeros"].values()) == {0.0}
    assert set(start["constant"].values()) == {0.5}
    assert max(map(abs, start["uniform"].values())) <= 0.5
    bound = math.sqrt(6 / 70)
    assert 0.95 * bound < max(abs(start["xavier"][name]) for name in first) <= bound
    assert np.std([start["he"][name] for name in first]) == pytest.approx(math.sqrt(2 / 6), rel=0.1)
    assert start["he"]["b2_1"] == start["xavier"]["b3_8"] == 0
    assert networks.initial(shape, "he", seed=5) == start["he"] != networks.initial(shape, "he", seed=6)


def test_in_python():
    graph = gb.network([2, 3, 1], activation="tanh", output="sigmoid", loss="squared", init="xavier", seed=0)
    assert graph.text == networks.program(Architecture((2, 3, 1), ("tanh", "sigmoid")))
    assert 0 < graph.evaluate(**graph.start, x1=1, x2=-1, y1=0).value < 1
    random = np.random.default_rng(0)
    data = {"x1": random.normal(size=60), "x2": random.normal(size=60)}
    data["y1"] = (data["x1"] > data["x2"]) * 1.0
    found = gb.descend(graph, graph.start, data=data, rate=0.5, steps=50)
    assert found.losses[-1] < found.losses[0] / 2


# Limits and mistakes


@pytest.mark.parametrize(
    ("asked", "complaint"),
    [
        ({"sizes": [3]}, "at least two layers"),
        ({"sizes": [2, 0, 1]}, "a layer is 0, and should be 1 or more"),
        ({"sizes": [2, 2.5, 1]}, "should be a whole number"),
        ({"sizes": [9, 1]}, "it has 9 inputs, and should have 8 at most"),
        ({"sizes": [1, 9]}, "it has 9 outputs, and should have 8 at most"),
        ({"sizes": [1, *[2] * 9, 1]}, "it has 9 hidden layers, and should have 8 at most"),
        ({"sizes": [1, 65, 1]}, "65 neurons in a hidden layer, and should have 64 at most"),
        ({"sizes": [8, 64, 64, 8]}, "5,256 parameters, and should have 2,000 at most"),
        ({"sizes": [1, 1], "output": "sigmiod"}, "did you mean sigmoid"),
        ({"sizes": [1, 1, 1], "activation": "softmax"}, "softmax is for the output layer"),
        ({"sizes": [1, 1, 1], "activation": ["tanh", "tanh"]}, "1 hidden layers, and activations for 2"),
        ({"sizes": [1, 1], "output": "softmax"}, "softmax needs two outputs"),
        ({"sizes": [1, 1], "loss": "hinge"}, "is no loss; there are squared"),
        ({"sizes": [1, 1], "output": "tanh", "loss": "binary_cross_entropy"}, "needs sigmoid at the output"),
        ({"sizes": [1, 2], "loss": "categorical_cross_entropy"}, "needs softmax at the output"),
        ({"sizes": [1, 1], "init": "glorot"}, "is no initialisation"),
        ({"sizes": [1, 1], "seed": -1}, "the seed is -1"),
        ({"sizes": [1, 1], "scale": math.nan}, "the scale is nan"),
    ],
)
def test_what_can_not_be_built(asked, complaint):
    with pytest.raises(ValueError, match=complaint):
        gb.network(**asked)


def test_the_largest_is_built():
    shape = networks.architecture([8, 64, 8], "tanh")
    assert shape.parameters == 1096 <= LIMITS["parameters"]
    assert recognise(gb.parse(networks.program(shape))).sizes == (8, 64, 8)


# Programs by hand


@pytest.mark.parametrize("view", ["tree", "graph"])
@pytest.mark.parametrize(
    ("program", "sizes", "activations", "loss", "factor"),
    [
        ("z2_1 = b2_1 + x2 w2_12 + x1*w2_11; sigmoid(z2_1)", (2, 1), ["sigmoid"], "", 1),
        ("a2_1 = tanh(w2_1_1 x1 + b2_1)\n(w3_11 a2_1 - y)^2 / 2",
         (1, 1, 1), ["tanh", "linear"], "squared", 0.5),
        ("u = w2_11*x; L = (y - sin(u))^2; L", (1, 1), ["sin"], "squared", 1),
        ("z2_1 = sum(w2_11 x1, w2_12 x2, b2_1); abs(relu(z2_1) - y1)", (2, 1), ["relu"], "", 1),
        ("a2_1 = σ(w2_11 x1); -(y1 ln(a2_1) + (1 - y1) ln(1 - a2_1))",
         (1, 1), ["sigmoid"], "binary_cross_entropy", 1),
        ("z2_1 = w2_11 x1; z2_2 = w2_21 x1; s = e^z2_1 + e^z2_2; a2_1 = e^z2_1/s; a2_2 = e^z2_2/s;"
         "-y1 log(a2_1) - y2 log(a2_2)", (1, 2), ["softmax"], "categorical_cross_entropy", 1),
        ("g(t) = tanh(t); z2_1 = w2_11 x1; a2_1 = g(z2_1); a2_1", (1, 1), ["tanh"], "", 1),
        ("z2_1 = w2_11*x1 + b2_1; softplus(z2_1) - y1*z2_1", (1, 1), ["linear"], "", 1),
    ],
)  # fmt: skip
def test_programs_by_hand(program, sizes, activations, loss, factor, view):
    found = recognise(gb.parse(program, view))
    assert found.sizes == sizes
    assert [layer.activation for layer in found.layers] == activations
    assert (found.loss, found.factor) == (loss, pytest.approx(factor))


@pytest.mark.parametrize("loss", ONE)
@pytest.mark.parametrize("activation", FORMS)
def test_a_loss_is_known_where_it_is_that_loss_everywhere(activation, loss):
    found = recognise(gb.parse(one_output(activation, loss), "graph"))
    name, factor = CLOSED.get((activation, loss), ("", 1))
    assert (found.loss, float(found.factor)) == (name, factor)


@pytest.mark.parametrize(
    ("written", "known"),
    [
        ("1/(1 + exp(-z))", "sigmoid"),
        ("e^z/(1 + e^z)", "sigmoid"),
        ("(tanh(z/2) + 1)/2", "sigmoid"),
        ("1 - 2/(exp(2z) + 1)", "tanh"),
        ("log(1 + exp(z))", "softplus"),
        ("z/(1 + exp(-z))", "silu"),
        ("1/(1 + exp(-z) + 1e-12)", "g"),
        ("1/(1 + exp(-1.0000001 z))", "g"),
        ("max(z, 0)", "g"),
        ("min(1/(1 + exp(-z)), 0.999999)", "g"),
        ("z^2", "g"),
        ("1/z", "g"),
    ],
)
def test_functions_that_are_written_out(written, known):
    program = f"z2_1 = w2_11*x1; a2_1 = {written.replace('z', 'z2_1')}; (a2_1 - y1)^2"
    layer = recognise(gb.parse(program)).layers[0]
    assert layer.activation == known
    assert layer.function.variables == ("z",)


def test_a_function_is_shown_by_its_text_where_that_is_short():
    titles = [
        recognise(gb.parse(f"z2_1 = w2_11*x1; a2_1 = {text}; (a2_1 - y1)^2")).layers[0].title
        for text in ("max(z2_1, 0)", "z2_1^2", "sin(z2_1)*cos(z2_1)*z2_1", "1/(1+exp(-z2_1))")
    ]
    assert titles == ["max(z, 0)", "z ^ 2", "g(z)", "sigmoid"]


@pytest.mark.parametrize(
    ("program", "sizes", "activation", "loss"),
    [
        (SEVERAL["one neuron"], (4, 1), "sigmoid", "squared"),
        (SEVERAL["one neuron, nothing named"], (2, 1), "linear", "squared"),
        (SEVERAL["logistic regression"], (2, 1), "sigmoid", "binary_cross_entropy"),
        ("a = 3; sigmoid(w1*x1 + w2*x2) * a", (2, 1), "sigmoid", ""),
    ],
)
@pytest.mark.parametrize("view", ["tree", "graph"])
def test_one_neuron_as_courses_write_it(program, sizes, activation, loss, view):
    found = recognise(gb.parse(program, view))
    assert (found.sizes, found.layers[0].activation, found.loss) == (sizes, activation, loss)
    assert list(found.neurons) == ["a"]
    assert [name for name in found.parameters if name != "b"] == [f"w{k + 1}" for k in range(sizes[0])]


@pytest.mark.parametrize(
    ("program", "inputs", "activation", "parameters"),
    [
        ("w1*x1 + w2*x2 + w3*x3 + w4*x4 + b", 4, "linear", "w1 w2 w3 w4 b"),
        ("relu(w_1 x_1 + w_2 x_2 + b)", 2, "relu", "w_1 w_2 b"),
        ("w1*x1 + w2*x2 + b1", 2, "linear", "w1 w2 b1"),
        ("sigmoid(w0 + w1*x1 + w2*x2)", 2, "sigmoid", "w1 w2 w0"),
        # cs231n's, in one go and piece by piece
        ("1/(1+e^(-(w0*x0+w1*x1+w2)))", 2, "sigmoid", "w0 w1 w2"),
        (
            "p = w0*x0; q = w1*x1; t = p + q; u = t + w2; n = -u; e1 = exp(n); r = e1 + 1; 1/r",
            2,
            "sigmoid",
            "w0 w1 w2",
        ),
        # micrograd's, its tanh written out too
        ("p = x1*w1; q = x2*w2; s = p + q; n = s + b; o = tanh(n)", 2, "tanh", "w1 w2 b"),
        ("n = x1*w1 + x2*w2 + b; e = exp(2*n); o = (e - 1)/(e + 1)", 2, "tanh", "w1 w2 b"),
        ("w*x + b", 1, "linear", "w b"),
        ("1/(1+exp(-(w*x+b)))", 1, "sigmoid", "w b"),
        ("max(0, w1*x1 + w2*x2 + b)", 2, "g", "w1 w2 b"),
    ],
)
@pytest.mark.parametrize("view", ["tree", "graph"])
def test_a_neuron_alone_without_a_loss(program, inputs, activation, parameters, view):
    found = recognise(gb.parse(program, view))
    assert (found.sizes, found.layers[0].activation) == ((inputs, 1), activation)
    assert list(found.parameters) == parameters.split()
    assert found.layers[0].neurons[0].a == found.output
    assert (found.targets, found.loss) == ((), "")


@pytest.mark.parametrize(
    ("program", "loss", "factor"),
    [
        ("a = sigmoid(w*x + b); C = (y - a)^2/2", "squared", Fraction(1, 2)),
        ("a = sigmoid(w*x + b); -(y*log(a) + (1-y)*log(1-a))", "binary_cross_entropy", 1),
        ("p = w1*x1 + w2*x2 + b; (p - y)^2", "squared", 1),
        ("q = w1*x1 + w2*x2 + b; q + m", "", 1),
        ("q = w1*x1 + w2*x2 + b; abs(q - y)", "", 1),
        ("q = w1*x1 + w2*x2 + b; (q - y)^2 + 1e-9*q", "", 1),
    ],
)
@pytest.mark.parametrize("view", ["tree", "graph"])
def test_a_neuron_alone_with_what_follows(program, loss, factor, view):
    found = recognise(gb.parse(program, view))
    assert (found.loss, found.factor, len(found.targets)) == (loss, factor, 1)


@pytest.mark.parametrize(
    "program", ["w*x", "w1 + x1", "x*y + b", "w*x1 + b", "w0*x1 + w1*x2 + b", "w1*x1*x2 + w2*x2"]
)
def test_what_only_looks_like_a_neuron(program):
    assert network_of(gb.parse(program)) is None


@pytest.mark.parametrize("name", SEVERAL)
@pytest.mark.parametrize("view", ["tree", "graph"])
def test_networks_with_several_outputs(name, view):
    losses = {
        "softmax in front of a softmax": ("categorical_cross_entropy", 1),
        "logistic regression": ("binary_cross_entropy", 1),
        "softmax made safe": ("", 1),
        "softmax, weighted": ("", 1),
        "a mean": ("squared", Fraction(1, 3)),
    }
    found = recognise(gb.parse(SEVERAL[name], view))
    assert (found.loss, found.factor) == losses.get(name, ("squared", 1))


@pytest.mark.parametrize("deep", ["tanh(" * 400 + "z2_1" + ")" * 400, "max(" * 300 + "z2_1" + ", 0)" * 300])
def test_what_is_too_deep_to_be_told_is_left_unnamed(deep):
    found = recognise(gb.parse(f"z2_1 = w2_11*x1; a2_1 = {deep}; (a2_1 - y1)^2 + 0*tanh({deep})"))
    assert found.layers[0].activation == "g"
    assert not found.layers[0].neurons[0].paths


@pytest.mark.parametrize("view", ["tree", "graph"])
@pytest.mark.parametrize(
    ("program", "reason"),
    [
        ("x + y", "it has no weights with names like w2_11"),
        ("w3_11 x1", "layer 2 has no weights, and layer 3 has"),
        ("z2_1 = w2_12 x2; z2_1", "the weight to neuron 1 of layer 2 from neuron 1 before it is missing"),
        ("z2_1 = w2_11 y; z2_1", "there is a weight for the input x1, which the program does not have"),
        ("z2_1 = w2_11 x1 + 3; z2_1", "3 in the sum of neuron 1 of layer 2 is no weight times what comes in"),
        ("z2_1 = w2_11 x1 + 3x1; z2_1", "3x1 in the sum of neuron 1 of layer 2 has no weight of its own"),
        ("z2_1 = w2_11 x2 + w2_12 x1; z2_1", "w2_11 is multiplied by x2, and should be by x1"),
        ("z2_1 = w2_11 x1 + w2_11 x1 + x1; z2_1", "w2_11 is used more than once"),
        ("z2_1 = w2_11 x1; z2_1 + w2_11^2", "w2_11 is used more than once"),
        ("z2_1 = w2_11 x1; z2_1 + b2_1^2", "b2_1 is used outside of its layer's sums"),
        ("z2_1 = w2_11 x1; z2_1 + x1^2", "x1 is used outside of its layer's sums"),
        ("z2_1 = w2_11 x1; z2_2 = w2_21 x1; tanh(z2_1) + z2_2*sin(a)", "different kinds"),
        ("z2_1 = w2_11 x1; a2_1 = z2_1 x1; a2_1", "a2_1 is not a function of z2_1 alone"),
        ("z2_1 = w2_11 x1; a2_1 = 3; a2_1 + z2_1", "a2_1 is not a function of z2_1 alone"),
        ("z2_1 = w2_11 x1; z2_2 = w2_21 x1; a2_1 = tanh(z2_1); a2_2 = relu(z2_2); a2_1 + a2_2",
         "layer 2 has neurons of different kinds: relu and tanh"),
        ("z2_1 = w2_113 x1; z2_1", "w2_113 could be several weights"),
        ("z2_1 = w2_11 x1; z2_2 = w2_21 x1; a2_1 = z2_1/z2_2; a2_2 = z2_2/z2_1; a2_1 + a2_2",
         "a2_1 is neither a function of its own z nor a softmax"),
        ("z2_1 = w2_11 x1; z2_2 = w2_21 x1; s = exp(z2_1) + exp(z2_2) + 1e-12; a2_1 = exp(z2_1)/s;"
         "a2_2 = exp(z2_2)/s; a2_1 + a2_2", "a2_1 is neither a function of its own z nor a softmax"),
        ("z2_1 = w2_11 x1; z2_2 = w2_21 x1; a2_1 = z2_1^2; a2_2 = z2_2^3; a2_1 + a2_2",
         "layer 2 has neurons of different kinds: their functions of z differ"),
        ("w0*x1 + w1*x1", "w0*x1 in the sum of neuron 1 of layer 2 has no weight of its own"),
        ("w*x", "it has no weights with names like w2_11, or w1 for a neuron alone"),
        ("w1*x2 + w2*x1", "w1 is multiplied by x2, and should be by x1"),
        ("z2_1 = w2_11 x1 + x7; z2_1", "the input x7 has no weights"),
    ],
)  # fmt: skip
def test_what_is_no_network_has_a_reason(program, reason, view):
    graph = gb.parse(program, view)
    with pytest.raises(NoNetwork) as raised:
        recognise(graph)
    assert reason in str(raised.value)
    assert network_of(graph) is None
    assert raised.value.near == ("no weights with names" not in reason)


@given(architectures(), st.sampled_from(("tree", "graph")))
@settings(max_examples=25, deadline=None)
def test_the_builder_knows_what_it_has_built(shape, view):
    found = networks.architecture_of(recognise(gb.parse(networks.program(shape), view)))
    if shape.sizes[-1] == 1 and shape.loss == "mean_squared":
        shape = replace(shape, loss="squared")  # of one output they are the same
    assert found == shape


@pytest.mark.parametrize(
    "program",
    [
        "a = sigmoid(w1*x1 + w2*x2 + b); (a - y)^2",
        "a2_1 = tanh(w2_11*x1); abs(a2_1 - y1)",
        "a2_1 = tanh(w2_11*x1); 3*(a2_1 - y1)^2",
        "z2_1 = w2_11*x1; a2_1 = z2_1^2; (a2_1 - y1)^2",
        "a2_1 = tanh(w2_11*x1); a2_2 = tanh(w2_21*x1 + b2_2); (a2_1 - y1)^2 + (a2_2 - y2)^2",
    ],
)
def test_other_networks_are_none_of_the_builders(program):
    assert networks.architecture_of(recognise(gb.parse(program))) is None
