"""Descents on tensors: each cell moves as a number does; data as samples, or as a batch that is named."""

from __future__ import annotations

import json
import re
from typing import Any

import numpy as np
import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import graphviz_backprop as gb
from graphviz_backprop.__main__ import main
from graphviz_backprop.descent.optimizers import OPTIMIZERS
from graphviz_backprop.descent.parameters import moving
from graphviz_backprop.language.tensor import cells
from tests.support.tensors import programs

SOFTMAX = "W = 0.1 * randn(3, 2, seed=1); b = [0, 0, 0]; x = [1, 2]; y = 1; cross_entropy(W @ x + b, y)"
BATCH = "W = 0.1 * randn(2, 3, seed=1); b = [0, 0, 0]; X = zeros(1, 2); y = [0]; cross_entropy(X @ W + b, y)"
MLP = """
W1 = 0.5 * randn(4, 2, seed=1); b1 = zeros(4); W2 = 0.5 * randn(1, 4, seed=2); b2 = [0]
x = [1, 2]; y = 1
h = tanh(W1 @ x + b1)
sum((sigmoid(W2 @ h + b2) - y)^2)
"""


def flowers() -> dict[str, Any]:
    """Two columns and a class of 0, 1 or 2, some of each."""
    made = gb.data("iris", 40)
    x1 = np.asarray(made["x1"])
    return {"x1": x1, "x2": np.asarray(made["x2"]), "y": (x1 > 2).astype(float) + (x1 > 4.9)}


@given(program=programs(3), optimizer=st.sampled_from(list(OPTIMIZERS)))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_each_cell_moves_as_a_number_does(program: str, optimizer: str) -> None:
    """The program in numbers descends in the same way, whatever the rules of tensors."""
    graph = gb.parse(program, "graph")
    start = {"s": 1.3} if "s" in graph.variables else {}
    moves = list(graph.variables)
    found = gb.descend(graph, start, moves, optimizer, rate=1e-3, steps=4)
    numbers = graph.scalars(start)
    known = [cell for name in moves for cell in cells(name, graph.shapes[name]) if cell in numbers.variables]
    other = gb.descend(numbers, {**numbers.start, **start}, known, optimizer, rate=1e-3, steps=4)
    for name in moves:
        flat = found.points[name].reshape(len(found.losses), -1)
        for at, cell in enumerate(cells(name, graph.shapes[name])):
            if cell in other.points:
                np.testing.assert_allclose(flat[:, at], other.points[cell], rtol=1e-9, atol=1e-9)


def test_adam_is_the_loop_that_one_writes() -> None:
    data = flowers()
    X, y = np.stack([data["x1"], data["x2"]], axis=1), data["y"].astype(int)
    graph = gb.parse(BATCH)
    found = gb.descend(graph, {}, optimizer="adam", rate=0.05, steps=25, data={"X": X, "y": y})
    W, b = found.points["W"][0].copy(), np.zeros(3)
    moments = {"W": (np.zeros((2, 3)), np.zeros((2, 3))), "b": (np.zeros(3), np.zeros(3))}
    for step in range(1, 26):
        z = X @ W + b
        p = np.exp(z - z.max(1, keepdims=True))
        p /= p.sum(1, keepdims=True)
        np.testing.assert_allclose(
            found.losses[step - 1], -np.log(p[np.arange(len(y)), y]).mean(), rtol=1e-12
        )
        p[np.arange(len(y)), y] -= 1
        for name, w, g in (("W", W, X.T @ p / len(y)), ("b", b, p.mean(0))):
            m, v = moments[name] = 0.9 * moments[name][0] + 0.1 * g, 0.999 * moments[name][1] + 0.001 * g * g
            w -= 0.05 * (m / (1 - 0.9**step)) / (np.sqrt(v / (1 - 0.999**step)) + 1e-8)
        np.testing.assert_allclose(found.points["W"][step], W, rtol=1e-9)
        np.testing.assert_allclose(found.points["b"][step], b, rtol=1e-9)


@pytest.mark.parametrize("batch", [None, 16])
@pytest.mark.parametrize("optimizer", ["gd", "adam"])
def test_samples_and_a_named_batch_are_the_same(batch: int | None, optimizer: str) -> None:
    given: dict[str, Any] = {
        "optimizer": optimizer,
        "rate": 0.05,
        "steps": 20,
        "data": flowers(),
        "batch": batch,
    }
    each = gb.descend(gb.parse(SOFTMAX), {}, **given)
    whole = gb.descend(gb.parse(BATCH), {"W": each.points["W"][0].T}, **given)
    np.testing.assert_allclose(each.losses, whole.losses, rtol=1e-12)
    np.testing.assert_allclose(each.points["W"][-1].T, whole.points["W"][-1], rtol=1e-10)
    assert whole.losses[-1] < whole.losses[0]


def test_what_can_not_be_lifted_goes_sample_by_sample() -> None:
    """scatter_add takes no further axis: the numbers are those of a loop."""
    graph = gb.parse("w = [1, 2]; i = [0, 1]; x = [1, 2]; sum(scatter_add(w * x, i, shape=(3,))^2)")
    xs = np.array([[1.0, 2], [3, -1], [0.5, 0]])
    found = gb.descend(graph, {}, ["w"], rate=0.01, steps=1, data={"x": xs})
    slopes = [graph.evaluate(x=x).gradient["w"] for x in xs]
    np.testing.assert_allclose(found.gradients["w"][0], np.mean(slopes, axis=0), rtol=1e-12)


def test_what_moves_is_named_as_parameters_are() -> None:
    for text, names in (
        ("W = [[1, 2]]; b = [0]; x = [1, 2]; y = [1]; sum((W @ x + b - y)^2)", ("W", "b")),
        ("X = ones(4, 2); c = [0, 0]; d = 0; Y = zeros(4); mean((X @ c + d - Y)^2)", ("c", "d")),
        ("θ = [1, 2]; x = [2, 3]; sum(θ * x)", ("θ",)),
        ("C = ones(3, 2); ix = [0, 1]; W = [1, 2]; mean((C[ix] @ W - 1)^2)", ("C", "W")),
    ):
        assert moving(gb.parse(text)) == names, text


@pytest.mark.parametrize(
    ("program", "given", "message"),
    [
        ("x = [1, 2]; x * 2", {}, "take its sum or its mean"),
        (SOFTMAX, {"start": {"W": [[1, 2]]}}, "W has the shape (3, 2)"),
        (SOFTMAX, {"start": {"b": [0, 1, float("inf")]}}, "the start of b[2] is"),
        (SOFTMAX, {"data": {"x": [[1, 2, 3]]}}, "the data of x has the shape (1, 3)"),
        (SOFTMAX, {"data": {"x": [[1, 2], [float("nan"), 3]]}}, "sample 2 of the column x"),
        (SOFTMAX, {"data": {"W": [[1, 2]], "y": [1]}}, "give both of them the same way"),
        ("X = zeros(3, 2); a = [1, 2, 3]; w = [1, 1]; sum((X @ w - a)^2)", {"data": {"X": np.ones((4, 2))}},
         "with X 4×2, the program does not fit"),
    ],
)  # fmt: skip
def test_what_does_not_fit(program: str, given: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=re.escape(message)):
        gb.descend(gb.parse(program), given.pop("start", {}), **given)


def test_over_http(client: FlaskClient) -> None:
    data = {name: list(map(float, xs)) for name, xs in flowers().items()}
    for program, bind in ((SOFTMAX, {}), (BATCH, {"x1": "X", "x2": "X"})):
        asked = {"optimizer": "adam", "rate": 0.05, "steps": 7, "batch": 16, "seed": 2}
        reply = client.post(
            "/api/descend", json={"expr": program, "data": {"columns": data}, "bind": bind, **asked}
        )
        assert reply.status_code == 200, reply.text
        lines = [json.loads(line) for line in reply.text.splitlines()]
        found = gb.descend(gb.parse(program), {}, data=data, **asked)
        rows = [row for line in lines[1:-1] for row in line["points"]]
        np.testing.assert_array_equal([row[0] for row in rows], found.points["W"])
        moments = [row for line in lines[1:-1] for row in line["states"]["m"]]
        np.testing.assert_array_equal([row[1] for row in moments], found.states["m"]["b"])
    for wrong in ({"x1": "b", "x2": "b"}, {"x1": "X", "x2": "Q"}):
        reply = client.post("/api/descend", json={"expr": BATCH, "data": {"columns": data}, "bind": wrong})
        assert reply.status_code == 400, wrong
    reply = client.post("/api/descend", json={"expr": SOFTMAX, "start": {"W": [[1, "a"]]}})
    assert reply.status_code == 400
    assert "W" in reply.json["error"]["message"]


def test_on_the_command_line(capsys: pytest.CaptureFixture[str], tmp_path: Any) -> None:
    table = tmp_path / "flowers.csv"
    columns = flowers()
    table.write_text(
        "\n".join(
            [",".join(columns), *(",".join(map(str, row)) for row in zip(*columns.values(), strict=True))]
        )
    )
    assert main([SOFTMAX, "--descend", "adam", "--data", str(table), "--steps", "20"]) == 0
    printed = capsys.readouterr().out
    assert "mean " in printed
    assert "20 epochs" in printed


def test_how_a_program_takes_samples(client: FlaskClient) -> None:
    def asked(program: str, bind: str = "", columns: tuple[str, ...] = ("x1", "x2", "y")) -> Any:
        return client.post("/samples", data={"expr": program, "bind": bind, "column": list(columns)})

    each, whole = asked(SOFTMAX).json, asked(BATCH).json
    assert each["chosen"] == {"x": ["x1", "x2"], "y": ["y"]}
    assert (each["whole"], whole["whole"]) == (False, True)
    assert {"n": 1} in each["slope"]["nodes"][2]["shape"] + each["slope"]["nodes"][3]["shape"]
    renamed = asked(BATCH, "a:X,b%2c:X,c:y", ("a", "b,", "c")).json
    assert renamed["chosen"] == {"X": ["a", "b,"], "y": ["c"]}
    fixed = "X = zeros(2, 2); w = [1, 2]; a = [1, 2]; sum((X @ w - (a + [0, 1]))^2)"
    for reply, word in (
        (asked(BATCH, "x1:b,x2:b"), "3 columns"),
        (asked(fixed, "", ("x1", "x2")), "names its batch"),
        (asked("a * b"), "no tensors"),
    ):
        assert reply.status_code == 400
        assert word in reply.json["error"]["message"]
    assert asked("scatter_add([1, 2] * y, [0, 1], shape=(3,))[0]", "", ("y",)).json["slope"] is None
