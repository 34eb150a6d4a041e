"""In the browser a network in numbers learns as the tensors that it says: the steps are those of Python."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import pytest
from flask.testing import FlaskClient

import graphviz_backprop as gb
from tests.descent.test_browser_half import assert_same
from tests.support.node import Node, node_list

SCRIPT = """
import { createInterface } from "node:readline";
import { compute } from "STATIC/descent/compute.js";
import { createDescent, take } from "STATIC/descent/descent.js";

for await (const line of createInterface({ input: process.stdin })) {
  const { graph, asked } = JSON.parse(line);
  const descent = createDescent(asked.optimizer);
  for (const message of compute(graph, asked, () => performance.now())) take(descent, message);
  console.log(JSON.stringify(descent));
}
"""


@pytest.fixture(scope="module")
def node() -> Iterator[Node]:
    with Node(SCRIPT) as running:
        yield running


def trained(client: FlaskClient, expr: str, columns: Mapping[str, Any], **more: str) -> Any:
    """What the server says of a network whose samples have these columns."""
    reply = client.post("/trained", data={"expr": expr, "column": list(columns), **more})
    assert reply.status_code == 200
    return reply.get_json()


def start(graph: gb.Graph, columns: Mapping[str, Any]) -> dict[str, float]:
    """Numbers that nobody chose, of all that is no column."""
    random = np.random.default_rng(3)
    return {name: random.normal() for name in graph.variables if name not in columns}


def moving(graph: gb.Graph) -> list[str]:
    return [name for name in graph.variables if name[0] in "wb"]


def network(sizes: list[int], *choices: str) -> str:
    return gb.network(sizes, *choices).text


CLASSES = (
    "z2_1 = w2_11*x1 + w2_12*x2; z2_2 = w2_21*x1 + w2_22*x2; s = exp(z2_1) + exp(z2_2)\n"
    "-((y1 == 0)*log(exp(z2_1)/s) + (y1 == 1)*log(exp(z2_2)/s))"
)
NETWORKS = {
    "sigmoid": network([2, 3, 1], "tanh", "sigmoid", "binary_cross_entropy"),
    "softmax": network([2, 4, 2], "relu", "softmax", "categorical_cross_entropy"),
    "deep": network([2, 3, 3, 2], "gelu", "linear", "squared"),
    "lone": "z = w1*x1 + w2*x2; a = sigmoid(z); (a - y1)^2",
    "classes": CLASSES,
}
FEW = {name: xs[:17] for name, xs in gb.data("moons").items()}


def samples(graph: gb.Graph, names: str = "x1 x2 y1 y2") -> dict[str, Any]:
    columns = {"x1": FEW["x1"], "x2": FEW["x2"], "y1": FEW["y"], "y2": 1 - FEW["y"]}
    return {name: xs for name, xs in columns.items() if name in graph.variables and name in names.split()}


@pytest.mark.parametrize("columns", ["x1 x2 y1 y2", "x1 y1", "x1 x2"])
@pytest.mark.parametrize("batch", [None, 5])
@pytest.mark.parametrize("name", NETWORKS)
def test_each_step_is_python_s(
    node: Node, client: FlaskClient, name: str, batch: int | None, columns: str
) -> None:
    graph = gb.parse(NETWORKS[name])
    data = samples(graph, columns)
    at = {
        **start(graph, data),
        **({} if "y1" in data else dict.fromkeys({"y1", "y2"} & {*graph.variables}, 1.0)),
    }
    found = gb.descend(graph, at, moving(graph), "adam", 0.05, 20, data=data, batch=batch)
    asked = {
        **{
            "parameters": moving(graph),
            "start": at,
            "optimizer": "adam",
            "rate": 0.05,
            "steps": 20,
            "settings": {},
        },
        **{
            "columns": {own: xs.tolist() for own, xs in data.items()},
            "batch": batch,
            "shuffle": True,
            "seed": 0,
        },
        "trained": trained(client, NETWORKS[name], data),
    }
    assert asked["trained"]["slope"]
    assert_same(found, node.ask({"graph": node_list(graph), "asked": asked}))


def test_what_stays_is_taken_as_it_is(node: Node, client: FlaskClient) -> None:
    """Where only some weights move, and samples are held out."""
    graph = gb.parse(NETWORKS["sigmoid"])
    data = samples(graph)
    kept, held = gb.hold_out(data, 25)
    at, few = start(graph, data), ["w2_12", "b3_1"]
    found = gb.descend(graph, at, few, "gd", 0.3, 15, data=kept)
    asked = {
        **{"parameters": few, "start": at, "optimizer": "gd", "rate": 0.3, "steps": 15, "settings": {}},
        **{
            "columns": {own: xs.tolist() for own, xs in kept.items()},
            "batch": None,
            "shuffle": True,
            "seed": 0,
        },
        "held": {"columns": {own: xs.tolist() for own, xs in held.items()}, "count": len(held["x1"])},
        "trained": trained(client, NETWORKS["sigmoid"], data),
    }
    theirs = node.ask({"graph": node_list(graph), "asked": asked})
    assert_same(found, theirs)
    last = {name: xs[-1] for name, xs in found.points.items()}
    wanted = np.mean(graph.evaluate({**at, **last}, **held).value)
    assert theirs["held"][-1] == pytest.approx(wanted, rel=1e-12)


def test_a_network_in_tensors_that_is_drawn_is_one_in_numbers(client: FlaskClient) -> None:
    expr = "W = randn(3, 2, seed=1); x = [1, 2]; y = 1; cross_entropy(W @ x, y)"
    found = trained(client, expr, dict.fromkeys(("x1", "x2", "y")), panes="network,training")
    assert found["slope"]
    assert found["cells"]["w2_31"] == ["W2~", 4]
    assert found["shapes"]["W2~"] == [3, 2]


@pytest.mark.parametrize(
    ("expr", "columns"),
    [("(w*x - y)^2", ["x"]), (NETWORKS["lone"], ["w1", "y1"]), ("W = ones(2, 2); sum(W)", ["W"])],
)
def test_what_learns_sample_by_sample(client: FlaskClient, expr: str, columns: list[str]) -> None:
    assert trained(client, expr, dict.fromkeys(columns)) == {"slope": None}
