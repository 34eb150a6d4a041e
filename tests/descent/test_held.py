"""Samples that are held out: the same ones in Python and in the browser, and their loss at each step."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

import graphviz_backprop as gb
from graphviz_backprop.language.numerals import format_number
from tests.support.node import Node, node_list

SCRIPT = """
import { createInterface } from "node:readline";
import { holdOut } from "STATIC/data/held.js";
import { compute } from "STATIC/descent/compute.js";

const listed = (columns) => Object.fromEntries([...columns].map(([name, xs]) => [name, [...xs]]));

function split({ columns, percent, own }) {
  const made = (of) => new Map(Object.entries(of).map(([name, xs]) => [name, Float64Array.from(xs)]));
  const count = Object.values(columns)[0].length;
  const table = { columns: made(columns), count, told: "", ...(own && { held: made(own) }) };
  const found = holdOut(table, percent);
  return { columns: listed(found.columns), count: found.count, held: found.held ? listed(found.held) : null };
}

function descend({ graph, asked }) {
  const [losses, held] = [[], []];
  let every = 0;
  for (const message of compute(graph, asked, () => performance.now())) {
    every ||= message.every ?? 0;
    losses.push(...(message.losses ?? []));
    held.push(...(message.held ?? []));
  }
  return { losses, held, every };
}

for await (const line of createInterface({ input: process.stdin })) {
  const asked = JSON.parse(line);
  console.log(JSON.stringify(asked.graph ? descend(asked) : split(asked)));
}
"""


@pytest.fixture(scope="module")
def node() -> Iterator[Node]:
    with Node(SCRIPT) as running:
        yield running


def test_a_fifth_is_held_out_and_the_rest_keeps_its_order() -> None:
    kept, held = gb.hold_out({"x": np.arange(50.0), "y": np.arange(50.0) ** 2}, 20)
    assert len(held["x"]) == 10
    assert sorted([*kept["x"], *held["x"]]) == list(range(50))
    for part in (kept, held):
        assert np.all(np.diff(part["x"]) > 0)
        np.testing.assert_array_equal(part["y"], part["x"] ** 2)


def test_the_seed_decides_which_ones() -> None:
    x = {"x": np.arange(100.0)}
    first, again, other = (gb.hold_out(x, 20, seed)[1]["x"].tolist() for seed in (0, 0, 1))
    assert first == again != other


@pytest.mark.parametrize(
    ("size", "percent", "held"), [(10, 0, 0), (10, 1, 1), (10, 25, 2), (10, 90, 9), (1, 50, 0)]
)
def test_one_is_held_out_at_least_and_one_is_left(size: int, percent: int, held: int) -> None:
    kept, rest = gb.hold_out({"x": np.arange(float(size))}, percent)
    assert (len(kept["x"]), len(rest["x"])) == (size - held, held)


@pytest.mark.parametrize("percent", [-1, 91, 12.5])
def test_what_is_no_percentage_is_refused(percent: float) -> None:
    with pytest.raises(ValueError, match="percent is"):
        gb.hold_out({"x": [1, 2]}, percent)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="columns have 1 and 2 samples"):
        gb.hold_out({"x": [1, 2], "y": [1]}, 20)


SOFTMAX = "W = [[0.1, 0.2], [0.3, 0]]; x = [0, 0]; y = 0; cross_entropy(W @ x, y)"
BATCH = "W = [[0.1, 0.3], [0.2, 0]]; X = zeros(1, 2); y = [0]; cross_entropy(X @ W, y)"
NETWORK = gb.network([2, 2, 1]).text.replace("y1", "y")


@pytest.mark.parametrize("batch", [None, 16])
@pytest.mark.parametrize("program", ["sigmoid(w1*x1 + w2*x2 + b) - y + 2*w1^2", SOFTMAX, BATCH, NETWORK])
def test_each_step_tells_the_loss_of_what_is_held_out(program: str, batch: int | None) -> None:
    """It is the mean over samples that the steps do not know, which are those without it."""
    graph = gb.parse(program)
    kept, held = gb.hold_out(gb.data("iris", 60), 20)
    start = {name: 0.5 for name, shape in graph.shapes.items() if not shape and name not in kept}
    asked = {"data": kept, "rate": 0.1, "steps": 4, "batch": batch}
    found = gb.descend(graph, start, held=held, **asked)
    without = gb.descend(graph, start, **asked)
    assert found.held is not None
    assert without.held is None
    np.testing.assert_array_equal(found.losses, without.losses)
    for step, loss in enumerate(found.held):
        point = {name: xs[step] for name, xs in found.points.items()}
        other = gb.descend(graph, point, list(point), data=held, steps=0, rate=1)
        assert loss == pytest.approx(other.losses[0], rel=1e-14)
    first, last = (format_number(float(found.held[at])) for at in (0, -1))
    assert f", held out {first} → {last}, at " in repr(found)


def test_what_is_held_out_is_computed_by_hand() -> None:
    held = {"x": [2, 3], "y": [0, 1]}
    found = gb.descend(
        gb.parse("(w*x - y)^2"), {"w": 1}, data={"x": [1], "y": [0]}, held=held, rate=0.25, steps=1
    )
    assert found.held is not None
    assert found.held.tolist() == [(4 + 4) / 2, (1 + 0.25) / 2]  # w is 1, then 1/2


@pytest.mark.parametrize(
    ("held", "message"),
    [
        ({"x": [1]}, "held out are the columns x, and those of the data are x, y"),
        ({"x": [1], "y": [1, 2]}, "held out: the columns have different numbers of samples"),
        ({"x": [1], "y": ["a"]}, "held out: the column y holds something that is not a number"),
        ({"x": 1, "y": 2}, "held out: the column x should be a plain sequence of numbers"),
    ],
)
def test_what_is_held_out_has_the_columns_of_the_data(held: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        gb.descend(gb.parse("(w*x - y)^2"), {"w": 1}, data={"x": [1], "y": [0]}, held=held)


def test_nothing_held_out_is_told_nothing_of() -> None:
    kept, held = gb.hold_out({"x": [1, 2], "y": [1, 2]}, 0)
    assert gb.descend(gb.parse("(w*x - y)^2"), {"w": 1}, data=kept, held=held).held is None


@pytest.mark.parametrize(("size", "percent"), [(1, 50), (7, 30), (200, 20), (1001, 33), (10, 0)])
def test_the_browser_holds_out_the_same(node: Node, size: int, percent: int) -> None:
    columns = {"x": np.arange(float(size)), "y": np.sin(np.arange(float(size)))}
    kept, held = gb.hold_out(columns, percent)
    found = node.ask({"columns": {name: xs.tolist() for name, xs in columns.items()}, "percent": percent})
    assert found["columns"] == {name: xs.tolist() for name, xs in kept.items()}
    assert found["count"] == len(kept["x"])
    assert (found["held"] or {"x": [], "y": []}) == {name: xs.tolist() for name, xs in held.items()}


def test_what_a_set_holds_out_itself_comes_first(node: Node) -> None:
    found = node.ask({"columns": {"x": [1, 2, 3, 4]}, "percent": 25, "own": {"x": [8, 9]}})
    assert found["held"]["x"][:2] == [8, 9]
    assert len(found["held"]["x"]) == 3


LINE = gb.parse("(w*x + b - y)^2")


@pytest.mark.parametrize(("batch", "every"), [(None, 1), (20, 2), (7, 6)])
def test_the_loss_of_what_is_held_out_is_that_of_the_same_parameters(
    node: Node, batch: int | None, every: int
) -> None:
    kept, held = gb.hold_out(gb.data("line"), 20)
    found = gb.descend(LINE, {"w": 0, "b": 0}, data=kept, rate=0.1, steps=30, batch=batch)
    asked = {
        **{"parameters": ["w", "b"], "start": {"w": 0, "b": 0}, "optimizer": "gd", "rate": 0.1, "steps": 30},
        **{"settings": {}, "batch": batch, "shuffle": True, "seed": 0},
        "columns": {name: xs.tolist() for name, xs in kept.items()},
        "held": {"columns": {name: xs.tolist() for name, xs in held.items()}, "count": len(held["x"])},
    }
    theirs = node.ask({"graph": node_list(LINE), "asked": asked})
    np.testing.assert_allclose(theirs["losses"], found.losses, rtol=1e-12)
    assert theirs["every"] == every
    wanted = [
        np.mean(LINE.evaluate(w=w, b=b, **held).value)
        for w, b in zip(found.points["w"][::every], found.points["b"][::every], strict=True)
    ]
    np.testing.assert_allclose(theirs["held"], wanted, rtol=1e-12)
