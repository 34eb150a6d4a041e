"""The nudge test of programs with tensors: Python's nudge, the page's fields and the browser's half agree."""

import json
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings

from graphviz_backprop.api import parse
from graphviz_backprop.document import dumps, numbers, tensors
from graphviz_backprop.engine import autodiff
from graphviz_backprop.explain.tensors.probe import along_the_way, direction
from graphviz_backprop.web.asked.state import State
from graphviz_backprop.web.shown.moved import UNREACHED, Moved
from tests.support.node import Node
from tests.support.tensors import EXPRESSIONS, point, programs, weighted

SCRIPT = """
import { createInterface } from "node:readline";
import { createRun } from "STATIC/engine/tensors/run.js";
import { createTensorNudge } from "STATIC/explain/tensornudge.js";

const coded = (x) => (typeof x === "number" && !Number.isFinite(x) ? String(x) : x);

for await (const line of createInterface({ input: process.stdin })) {
  const { graph, moved, at, seed, asked } = JSON.parse(line);
  const run = createRun(graph);
  run.run(new Map(Object.entries(at).map(([name, x]) => [name, [x].flat(4).map(Number)])), seed);
  const found = createTensorNudge(graph, moved)(run, seed, asked);
  console.log(JSON.stringify(Object.fromEntries(Object.entries(found).map(([key, x]) => [key, coded(x)]))));
}
"""
TEXT = "W = [[1, 2], [3, 4]]; x = [5, 6]; z = W @ x / 10; p = softmax(z); L = sum(p^2) + sum(W * W) * s"


@pytest.fixture(scope="module")
def node() -> Iterator[Node]:
    with Node(SCRIPT) as running:
        yield running


def told(node: Node, run: Any, key: str, state: State) -> tuple[dict[str, Any], dict[str, Any]]:
    """What both halves say."""
    moved = Moved(run.graph, key)
    asked = {
        "graph": json.loads(dumps(tensors(run.graph))),
        "moved": json.loads(moved.document),
        "at": {name: numbers(x) for name, x in run.variables.items()},
        "seed": float(np.max(run.seed)),
        "asked": {"h": state.h, "along": state.along, "drawn": state.drawn},
    }
    found = {f"nudge.{word}": x for word, x in node.ask(asked).items()}
    for at, one in enumerate(found.pop("nudge.way")):
        found |= {f"way.{at}.{word}": x for word, x in one.items()}
    return found, moved.fields(run, state)


def agree(mine: dict[str, Any], wanted: dict[str, Any], scale: float) -> None:
    assert mine["nudge.said"] == wanted["nudge.said"]
    for field in wanted:
        if field.endswith(("said", "miss")):
            continue
        one, other = mine.get(field), wanted[field]
        if other is None:
            assert one is None
        else:
            assert float(one) == pytest.approx(other, rel=1e-10, abs=1e-12 * scale, nan_ok=True)


@pytest.mark.parametrize("view", ["tree", "graph"])
@pytest.mark.parametrize("key", ["W", "W[0,1]", "z", "z[1]", "p", "L", "s", "x"])
def test_both_halves_and_python_agree(node: Node, view: str, key: str) -> None:
    run = parse(TEXT, view=view).evaluate(s=0.5, seed=-2.0)
    for along, drawn in (("gradient", 0), ("ones", 0), ("random", 3)):
        state = State(h=0.02, along=along, drawn=drawn)
        mine, wanted = told(node, run, key, state)
        agree(mine, wanted, 1.0)
        whole = key in ("W", "z", "p", "x")
        by = 0.02 * run.direction(key, along, drawn) if whole else 0.02
        expected = run.nudge(key, by)["L"]
        assert wanted["nudge.predicted"] == pytest.approx(expected.predicted, rel=1e-13)
        assert wanted["nudge.actual"] == expected.actual


@given(text=programs())
@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
def test_random_programs(node: Node, text: str) -> None:
    graph = parse(text)
    run = autodiff.compile(graph)({**graph.start, **point(graph)}, 1.0)
    scale = float(np.max(np.abs(np.nan_to_num(np.asarray(run.values[-1]), posinf=0, neginf=0)), initial=1.0))
    keys = [*graph.variables, graph.nodes[len(graph.nodes) // 2].id]
    for along in ("gradient", "random"):
        for key in keys:
            agree(*told(node, run, key, State(h=0.1, along=along, drawn=5)), scale)


def test_equal_nodes_move_alone(node: Node) -> None:
    """The tape computes equal nodes once; one that moves is another."""
    run = parse("x = [1, 2]; sum(exp(x)) + sum(exp(x) * x)", view="tree").evaluate()
    twins = [one.id for one in run.graph.nodes if one.op == "exp"]
    assert len(twins) == 2
    found = [told(node, run, key, State(along="ones")) for key in twins]
    assert [mine["nudge.actual"] == pytest.approx(ours["nudge.actual"]) for mine, ours in found] == [True] * 2
    assert found[0][0]["nudge.actual"] != pytest.approx(found[1][0]["nudge.actual"], rel=1e-3)


@pytest.mark.parametrize(
    ("text", "key", "said"),
    [
        ("x = [1, 2]; sum(0 * x)", "x", "The gradient is 0: it has no direction."),
        ("x = [1, 0]; sum(1 / x)", "x", "The gradient is not finite: it has no direction."),
        ("x = [1, 2]; u = exp((ones(2))); sum(x * u)", "u", UNREACHED),
    ],
)
def test_where_nothing_is_predicted_it_says_why(node: Node, text: str, key: str, said: str) -> None:
    mine, ours = told(node, parse(text).evaluate(), key, State())
    ours = {field: x for field, x in ours.items() if not field.startswith("way.") or x is not None}
    assert mine == ours == {**dict.fromkeys(ours), "nudge.said": said}


def test_along_the_way_each_node_moves_as_forward_mode_says(node: Node) -> None:
    """A product moves as predicted, since it is linear; what bends is off, less with a smaller h."""
    run = parse(TEXT, "graph").evaluate(s=0.5)
    found = {h: along_the_way(run, "x", h * run.direction("x")) for h in (0.1, 0.01)}
    assert list(found[0.1])[-1] == "L"
    assert found[0.1]["z"].miss < 1e-12
    for name in ("p", "L"):
        assert 0 < found[0.01][name].miss < found[0.1][name].miss / 5
    V = run.direction("x")
    J = run.jacobian("z", "x")
    assert found[0.01]["z"].predicted == pytest.approx(np.linalg.norm(J @ (0.01 * V)))
    assert found[0.01]["L"].predicted == pytest.approx(0.01 * np.sum(run.gradient["x"] * V))
    assert (
        "z" not in along_the_way(run, "W[0,0]", 0.1) or along_the_way(run, "W[0, 0]", 0.1)["z"].miss < 1e-12
    )


@pytest.mark.parametrize("expression", EXPRESSIONS)
def test_each_rule_turned_around_is_forward_mode(expression: str) -> None:
    """Where h is small, what forward mode predicts is what happens, in every row that knows axes."""
    graph = weighted(expression)
    run = autodiff.compile(graph)({**graph.start, **point(graph)}, 1.0)
    for name in graph.variables:
        step = 1e-6 * np.asarray(direction(run, name, "random", 1)) if graph.shapes[name] else 1e-6
        for told in along_the_way(run, name, step).values():
            assert told.actual == pytest.approx(told.predicted, rel=1e-4, abs=1e-9)
