"""Networks in numbers learn by their program in tensors: the graph's own numbers, also in batches."""

import numpy as np
import pytest

import graphviz_backprop as gb
from graphviz_backprop.descent.loss import Loss
from graphviz_backprop.descent.networks import NetworkLoss, network_loss
from graphviz_backprop.engine.slope import Slope
from graphviz_backprop.network import builder as networks
from graphviz_backprop.network.recogniser import recognise
from tests.support.networks import ACTIVATIONS as FORMS
from tests.support.networks import SEVERAL, one_output

CLOSE = {"rtol": 1e-12, "atol": 1e-14}

SHAPES = {
    "binary": networks.architecture([2, 8, 8, 1], "tanh", "sigmoid", "binary_cross_entropy"),
    "classes": networks.architecture([3, 4, 3], "gelu", "softmax", "categorical_cross_entropy"),
    "softmax": networks.architecture([2, 3], output="softmax", bias=False),
    "linear": networks.architecture([2, 3, 3, 2], ["linear", "leaky_relu"], "linear", "mean_squared"),
    "wide": networks.architecture([2, 12, 1], "softplus", "tanh"),
}


def table(shape, rows, seed=0):
    random = np.random.default_rng(seed)
    columns = {f"x{k + 1}": random.normal(size=rows) for k in range(shape.sizes[0])}
    return columns | {f"y{k + 1}": random.uniform(size=rows) for k in range(shape.sizes[-1])}


def by_graph(graph, names, *given):
    """The same loss by the graph itself."""
    return Loss(graph.compiled, names, *given, Slope(graph, names))


@pytest.mark.parametrize("batch", [None, 7])
@pytest.mark.parametrize("rows", [1, 40, 5000])
@pytest.mark.parametrize("name", SHAPES)
def test_a_loss_over_rows(name, rows, batch):
    shape = SHAPES[name]
    graph, start, columns = gb.parse(networks.program(shape)), networks.initial(shape), table(shape, rows)
    given = tuple(start), np.array([*start.values()]), {}, columns
    fast, plain = network_loss(graph, *given), by_graph(graph, *given)
    assert isinstance(fast, NetworkLoss)
    assert fast.size == plain.size == rows
    chosen = None if batch is None else np.random.default_rng(0).permutation(rows)[:batch]
    for w in (given[1], given[1] * 0.5):
        (loss, slopes), (wanted, exact) = fast(w, chosen), plain(w, chosen)
        assert loss == pytest.approx(wanted, rel=1e-12)
        np.testing.assert_allclose(slopes, exact, **CLOSE)


def test_some_parameters_move_and_some_inputs_stay():
    shape = networks.architecture([2, 3, 1], "tanh", "linear")
    graph, start, columns = gb.parse(networks.program(shape)), networks.initial(shape), table(shape, 20)
    names = ("b3_1", "w2_31", "w3_12")
    fixed = {name: number for name, number in start.items() if name not in names} | {"x2": 0.25}
    del columns["x2"]
    given = names, np.array([start[name] for name in names]), fixed, columns
    fast, plain = network_loss(graph, *given), by_graph(graph, *given)
    assert fast is not None
    (loss, slopes), (wanted, exact) = fast(given[1], None), plain(given[1], None)
    assert loss == pytest.approx(wanted, rel=1e-12)
    np.testing.assert_allclose(slopes, exact, **CLOSE)


def test_a_neuron_without_a_bias_beside_one_with():
    program = (
        "z2_1 = w2_11*x1 + b2_1; z2_2 = w2_21*x1; a2_1 = tanh(z2_1); a2_2 = tanh(z2_2); (a2_1 + a2_2 - y)^2"
    )
    graph = gb.parse(program)
    at = {"w2_11": 0.5, "b2_1": -0.3, "w2_21": 0.8, "x1": 1.5, "y": 0.1}
    names = ("w2_11", "b2_1", "w2_21")
    columns = {"x1": np.array([1.5, -0.4]), "y": np.array([0.1, 0.2])}
    given = names, np.array([at[name] for name in names]), {}, columns
    fast, plain = network_loss(graph, *given), by_graph(graph, *given)
    assert fast is not None
    np.testing.assert_allclose(fast(given[1], None)[1], plain(given[1], None)[1], **CLOSE)


@pytest.mark.parametrize("view", ["tree", "graph"])
@pytest.mark.parametrize("name", [*SEVERAL, *FORMS])
def test_programs_by_hand(name, view):
    """Also where a softmax is hidden, or a function is written out."""
    graph = gb.parse(SEVERAL[name] if name in SEVERAL else one_output(name, "squared"), view)
    network, random = recognise(graph), np.random.default_rng(3)
    at = {variable: float(random.normal()) for variable in network.parameters}
    columns = {variable: random.normal(size=5) for variable in (*network.inputs, *network.targets)}
    given = tuple(at), np.array([*at.values()]), {}, columns
    (loss, slopes), (wanted, exact) = (
        network_loss(graph, *given)(given[1], None),
        by_graph(graph, *given)(given[1], None),
    )
    assert loss == pytest.approx(wanted, rel=1e-12)
    np.testing.assert_allclose(slopes, exact, rtol=1e-10, atol=1e-14)


def test_a_hidden_softmax_learns():
    graph = gb.parse(SEVERAL["hidden softmax, one output"])
    start = {name: 0.1 * place for place, name in enumerate(recognise(graph).parameters)}
    table = {"x1": [0, 0, 1, 1], "x2": [0, 1, 0, 1], "y1": [0, 0, 0, 1]}
    found = gb.descend(graph, start, data=table, rate=0.5, steps=50)
    assert found.losses[-1] < found.losses[0] / 2


def test_descents_go_the_same_way():
    shape = SHAPES["binary"]
    graph, start, columns = gb.parse(networks.program(shape)), networks.initial(shape), table(shape, 50)
    fast = gb.descend(graph, start, data=columns, optimizer="adam", rate=0.01, steps=30, batch=16)
    plain = by_graph(graph, tuple(start), np.array([*start.values()]), {}, columns)
    for step in (0, 30):
        point = np.array([fast.points[name][step] for name in start])
        exact = plain(point, None)[1]
        assert np.all(np.isfinite(exact))
    assert plain(point, None)[0] < plain(plain.start, None)[0]


@pytest.mark.parametrize("parameters", [["w2_11", "x2"], ["x1"]])
def test_what_moves_an_input_goes_by_the_graph(parameters):
    shape = networks.architecture([2, 1])
    graph = gb.parse(networks.program(shape))
    given = tuple(parameters), np.zeros(len(parameters)), {}, {"y1": np.ones(3)}
    assert network_loss(graph, *given) is None
    assert network_loss(gb.parse("w*x"), ("w",), np.zeros(1), {}, {"x": np.ones(3)}) is None
    assert network_loss(graph, ("w2_11",), np.zeros(1), {}, {}) is None
