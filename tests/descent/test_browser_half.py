"""The browser's descent, run by node, is Python's: each step, each optimizer, the same batches."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import graphviz_backprop as gb
from graphviz_backprop.descent.batches import shuffled
from graphviz_backprop.descent.optimizers import OPTIMIZERS
from tests.support.node import Node, node_list

SCRIPT = """
import { createInterface } from "node:readline";
import { shuffled } from "STATIC/descent/batches.js";
import { compute } from "STATIC/descent/compute.js";
import { createDescent, take } from "STATIC/descent/descent.js";

const plain = (key, x) => (typeof x === "number" && !Number.isFinite(x) ? String(x) : x);

function descend({ graph, asked }) {
  const descent = createDescent(asked.optimizer);
  try {
    for (const message of compute(graph, asked, () => performance.now())) take(descent, message);
  } catch (fault) {
    return { error: fault.message };
  }
  return descent;
}

for await (const line of createInterface({ input: process.stdin })) {
  const asked = JSON.parse(line);
  const { size, seed, epoch } = asked;
  console.log(JSON.stringify(size ? [...shuffled(size, seed, epoch)] : descend(asked), plain));
}
"""
LINE = "(w*x + b - y)^2"
NETWORK = gb.network([2, 3, 1], "tanh", "sigmoid", "binary_cross_entropy")


@pytest.fixture(scope="module")
def node() -> Iterator[Node]:
    with Node(SCRIPT) as running:
        yield running


def both(node: Node, graph: gb.Graph, start: Mapping[str, float], **given: Any) -> tuple[gb.Descent, Any]:
    """The same descent in both languages."""
    data = given.pop("data", None) or {}
    common = {"optimizer": "gd", "rate": None, "steps": 20, "batch": None, "shuffle": True, "seed": 0} | given
    found = gb.descend(graph, start, data=data or None, **common)
    settings = {name: x for name, x in given.items() if name in OPTIMIZERS[found.optimizer].settings}
    settings.pop("rate", None)
    asked = {
        **{name: x for name, x in common.items() if name not in settings},
        "parameters": list(found.points),
        "start": dict(start),
        "settings": settings,
        "columns": {name: list(map(float, xs)) for name, xs in data.items()},
    }
    return found, node.ask({"graph": node_list(graph), "asked": asked})


def assert_same(found: gb.Descent, theirs: Any, rtol: float = 1e-12) -> None:
    """All numbers agree, relative to the largest of their column."""
    assert theirs.get("error") is None
    assert theirs["settings"] == dict(found.settings)
    columns = {"loss": (found.losses, theirs["losses"])}
    for name in found.points:
        columns[f"{name}"] = found.points[name], theirs["points"][name]
        columns[f"∂{name}"] = found.gradients[name], theirs["gradients"][name]
        for memory, xs in found.states.items():
            columns[f"{memory} of {name}"] = xs[name], theirs["states"][memory][name]
    for name, (ours, sent) in columns.items():
        numbers = np.array(sent, dtype=float)
        largest = np.max(np.abs(ours[np.isfinite(ours)]), initial=0.0)
        np.testing.assert_allclose(numbers, ours, rtol=rtol, atol=rtol * largest, err_msg=name)


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
@pytest.mark.parametrize("batch", [None, 1, 7])
def test_over_data(node: Node, optimizer: str, batch: int | None) -> None:
    data = gb.data("line", 25)
    given = {"optimizer": optimizer, "data": data, "batch": batch, "seed": 3}
    assert_same(*both(node, gb.parse(LINE), {"w": 0.5, "b": 0.25}, **given))


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_a_network(node: Node, optimizer: str) -> None:
    made = gb.data("moons", 40)
    data = {"x1": made["x1"], "x2": made["x2"], "y1": made["y"]}
    given = {"optimizer": optimizer, "data": data, "batch": 16, "rate": 0.05}
    assert_same(*both(node, NETWORK, NETWORK.start, **given), rtol=1e-11)


@settings(max_examples=25)
@given(
    program=st.sampled_from(
        ["sin(x*y) + x^2 + y^2", "sigmoid(w*x + b)^2 + w^2", "exp(-x^2) + cosh(y)", "max(x, y)^2 + abs(x)"]
    ),
    point=st.lists(st.floats(-2, 2), min_size=4, max_size=4),
    optimizer=st.sampled_from(list(OPTIMIZERS)),
    rate=st.sampled_from([0.01, 0.05]),
)
def test_without_data(program: str, point: list[float], optimizer: str, rate: float) -> None:
    graph = gb.parse(program)
    with Node(SCRIPT) as node:
        found, theirs = both(
            node,
            graph,
            dict(zip(graph.variables, point, strict=False)),
            optimizer=optimizer,
            rate=rate,
            steps=5,
        )
    assert_same(found, theirs, rtol=1e-10)


@pytest.mark.parametrize(
    ("program", "x", "rate"),
    [
        ("x^2", 3, 1.5),
        ("x^4", 10, 1),
        ("exp(x^2)", 3, 1),
        ("sqrt(exp(x^2))", 3, 1),
        ("-x^2", 0.1, 10),
        ("sqrt(x)", 0, 0.1),
        ("log(x)", -1, 0.1),
        ("x log(x) + x", 1, 1),
        ("1/x", 0, 1),
        ("x^2", 3, 0.1),
    ],
)
def test_it_stops_for_the_same_reason(node: Node, program: str, x: float, rate: float) -> None:
    found, theirs = both(node, gb.parse(program), {"x": x}, rate=rate, steps=1000)
    assert theirs["stopped"] == found.stopped
    assert len(theirs["losses"]) == len(found.losses)


def test_a_smaller_rate_is_offered(node: Node) -> None:
    for program, x, rate, smaller in [
        ("(4*x+1)^2", 1, 0.1, 0.01),
        ("x^4", 10, 1, 0.0005),
        ("x^2", 3, 0.1, None),
    ]:
        assert both(node, gb.parse(program), {"x": x}, rate=rate, steps=100)[1]["smaller"] == smaller


def test_without_a_rate_both_choose_the_same(node: Node) -> None:
    data = {"x": [0.0, 10.0], "y": [0.0, 1.0]}
    found, theirs = both(node, gb.parse(LINE), {"w": 0.0, "b": 0.0}, data=data, batch=1)
    assert theirs["settings"] == dict(found.settings) == {"rate": 0.005}


@pytest.mark.parametrize(
    ("given", "start", "message"),
    [
        ({"optimizer": "adam", "settings": {"beta1": 1}}, {}, "beta1 is 1, and should be less than 1"),
        ({"optimizer": "adam", "settings": {"eps": -1}}, {}, "eps is -1, and should be 0 or more"),
        ({"steps": 20_001}, {}, "20,001 steps are too many; 20,000 can be made"),
        ({"parameters": []}, {}, "there are no parameters, so nothing can move"),
        ({"parameters": ["x"] * 1000}, {}, ""),
        (
            {"parameters": ["x"] * 1000, "steps": 2001},
            {},
            "2,001 steps of 1,000 parameters are more than can be",
        ),
    ],
)
def test_what_can_not_be_is_refused(node: Node, given: Any, start: Any, message: str) -> None:
    asked = {
        "parameters": ["x"],
        "start": {"x": 1.0, **start},
        "optimizer": "gd",
        "rate": 0.1,
        "settings": {},
        "steps": 1,
        "columns": {},
        "batch": None,
        "shuffle": True,
        "seed": 0,
    }
    reply = node.ask({"graph": node_list(gb.parse("x^2")), "asked": asked | given})
    assert reply.get("error", "").startswith(message)
    assert bool(reply.get("error")) == bool(message)


@pytest.mark.parametrize(
    ("size", "seed", "epoch"), [(1, 0, 0), (10, 0, 0), (10, 0, 1), (1000, 7, 3), (9999, 2**32 - 1, 2**20)]
)
def test_the_same_order_of_rows(node: Node, size: int, seed: int, epoch: int) -> None:
    order = shuffled(size, seed, epoch)
    assert node.ask({"size": size, "seed": seed, "epoch": epoch}) == order.tolist()
    np.testing.assert_array_equal(np.sort(order), np.arange(size))


def test_the_orders_are_as_good_as_drawn() -> None:
    """Each row comes to each place about equally often, and neighbours part."""
    places = np.zeros((8, 8))
    for seed in range(40):
        for epoch in range(40):
            for place, row in enumerate(shuffled(8, seed, epoch)):
                places[place, row] += 1
    expected = 1600 / 8
    assert (
        np.sum((places - expected) ** 2 / expected) < 100
    )  # χ² of 49 degrees of freedom; beyond: 1 in 40,000
    neighbours = sum(np.sum(np.abs(np.diff(shuffled(1000, seed, 0))) == 1) for seed in range(50))
    assert 40 < neighbours < 170  # about 100 of 50,000 pairs
