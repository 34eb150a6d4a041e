"""How long a step of training takes in tensors, beside the NumPy that one writes by hand for that network.

``python -m bench.tensors`` prints milliseconds a step (loss, all gradients, update by Adam) and their ratio;
with ``--browser`` also that of 2-8-8-1 on 200 samples in node, beside a loop over flat typed arrays; with
``--torch`` also those of PyTorch in eager mode, where it is installed.
"""

from __future__ import annotations

import math
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from itertools import count, islice
from pathlib import Path
from typing import Any

import numpy as np

import graphviz_backprop as gb
from graphviz_backprop.descent.optimizers import find
from graphviz_backprop.descent.plan import Samples, plan
from graphviz_backprop.document import dumps, slope, tensors
from graphviz_backprop.engine.tensors.sampled import sampled

SMALL = """\
W1 = 0.5 * randn(8, 2, seed=1); b1 = zeros(8); W2 = 0.5 * randn(8, 8, seed=2); b2 = zeros(8)
W3 = 0.5 * randn(1, 8, seed=3); b3 = zeros(1); x = zeros(2); y = zeros(1)
a1 = tanh(W1 @ x + b1)
a2 = tanh(W2 @ a1 + b2)
z3 = W3 @ a2 + b3
sum((z3 - y)^2)"""
LARGE = """\
W1 = 0.05 * randn(784, 128, seed=1); b1 = zeros(128); W2 = 0.1 * randn(128, 10, seed=2); b2 = zeros(10)
X = zeros(64, 784); y = zeros(64)
h = relu(X @ W1 + b1)
cross_entropy(h @ W2 + b2, y)"""
STEPS, ROUNDS = 40, 8


Steps = Callable[[], Iterator[float]]
"""A descent: the loss of each step."""


def times(*descents: Steps) -> list[float]:
    """Milliseconds of the quickest step of each, all of them taking turns."""
    found = [math.inf] * len(descents)
    for _ in range(ROUNDS):
        running = [descent() for descent in descents]
        for _ in range(STEPS):
            for at, one in enumerate(running):
                begun = time.perf_counter()
                next(one)
                found[at] = min(found[at], time.perf_counter() - begun)
    return [1000 * one for one in found]


def ours(text: str, data: dict[str, Any]) -> Steps:
    graph = gb.parse(text)
    wanted = plan(graph.compiled, {}, None, "adam", {"rate": 0.01}, 10 * STEPS, Samples(data))
    list(zip(range(2), wanted, strict=False))  # what is made once is there
    return lambda: (step.loss for step in wanted)


def by_hand(parameters: dict[str, Any], passes: Callable[[Any], tuple[float, Any]]) -> Steps:
    """Adam on arrays, all of them in one row, and the two passes as they are written for one network."""
    names = list(parameters)
    start = np.concatenate([parameters[name].ravel() for name in names])
    ends = np.cumsum([parameters[name].size for name in names])[:-1]
    settings = find("adam").complete({"rate": 0.01})
    b1, b2, eps, rate = (settings[name] for name in ("beta1", "beta2", "eps", "rate"))

    def run() -> Iterator[float]:
        w, m, v = start.copy(), 0.0, 0.0
        for t in count(1):
            parts = np.split(w, ends)
            at = {name: part.reshape(parameters[name].shape) for name, part in zip(names, parts, strict=True)}
            loss, slopes = passes(at)
            yield loss
            g = np.concatenate([slopes[name].ravel() for name in names])
            m, v = b1 * m + (1 - b1) * g, b2 * v + (1 - b2) * g * g
            w = w - rate * (m / (1 - b1**t)) / (np.sqrt(v / (1 - b2**t)) + eps)

    return run


def small(x: Any, y: Any) -> Callable[[Any], tuple[float, Any]]:
    def passes(w: Any) -> tuple[float, Any]:
        n = len(x)
        a1 = np.tanh(x @ w["W1"].T + w["b1"])
        a2 = np.tanh(a1 @ w["W2"].T + w["b2"])
        error = a2 @ w["W3"].T + w["b3"] - y
        d3 = 2 / n * error
        d2 = (d3 @ w["W3"]) * (1 - a2 * a2)
        d1 = (d2 @ w["W2"]) * (1 - a1 * a1)
        return float(np.sum(error * error)) / n, {
            **{"W3": d3.T @ a2, "b3": d3.sum(0), "W2": d2.T @ a1, "b2": d2.sum(0)},
            **{"W1": d1.T @ x, "b1": d1.sum(0)},
        }

    return passes


def large(X: Any, y: Any) -> Callable[[Any], tuple[float, Any]]:
    rows = np.arange(len(y))

    def passes(w: Any) -> tuple[float, Any]:
        z1 = X @ w["W1"] + w["b1"]
        h = np.maximum(z1, 0)
        z = h @ w["W2"] + w["b2"]
        e = np.exp(z - z.max(1, keepdims=True))
        s = e.sum(1, keepdims=True)
        p = e / s
        loss = -float(np.mean(np.log(p[rows, y])))
        p[rows, y] -= 1
        p /= len(y)
        d = (p @ w["W2"].T) * (z1 > 0)
        return loss, {"W2": h.T @ p, "b2": p.sum(0), "W1": X.T @ d, "b1": d.sum(0)}

    return passes


def main() -> None:
    random = np.random.default_rng(0)
    x, target = random.standard_normal((1000, 2)), random.standard_normal((1000, 1))
    X, classes = random.random((64, 784)), random.integers(0, 10, 64)
    for name, text, data, hand in (
        ("2-8-8-1 on 1,000", SMALL, {"x": x, "y": target}, small(x, target)),
        ("784-128-10 on 64", LARGE, {"X": X, "y": classes}, large(X, classes)),
    ):
        start = {
            key: np.reshape(t.cells, t.shape) for key, t in gb.parse(text).start.items() if key[0] in "Wb"
        }
        steps = ours(text, data), by_hand(start, hand)
        first, second = (list(islice(one(), 30)) for one in steps)
        np.testing.assert_allclose(first, second, rtol=1e-8)
        own, other = times(*steps)
        print(f"{name:18} {own:7.3f} ms, by hand {other:7.3f} ms: {own / other:.2f} times")
        if "--torch" in sys.argv:
            in_torch(name, steps[0], data)
    if "--browser" in sys.argv:
        in_node(x[:200], target[:200])


def in_torch(name: str, own: Steps, data: dict[str, Any]) -> None:
    """The same network as PyTorch has it, in doubles and in floats, on as many threads as it takes."""
    import torch
    from torch import nn

    def steps(dtype: Any) -> Steps:
        x, y = (torch.tensor(cells) for cells in data.values())
        if name.startswith("2-8"):
            layers = (nn.Linear(2, 8), nn.Tanh(), nn.Linear(8, 8), nn.Tanh(), nn.Linear(8, 1))
            model, loss, y = nn.Sequential(*layers), nn.functional.mse_loss, y.to(dtype)
        else:
            layers = (nn.Linear(784, 128), nn.ReLU(), nn.Linear(128, 10))
            model, loss = nn.Sequential(*layers), nn.functional.cross_entropy
        model, x = model.to(dtype), x.to(dtype)
        optimizer = torch.optim.Adam(model.parameters(), lr=0.01)

        def run() -> Iterator[float]:
            while True:
                optimizer.zero_grad()
                found = loss(model(x), y)
                found.backward()
                optimizer.step()
                yield found.item()

        return run

    mine, doubles, floats = times(own, steps(torch.float64), steps(torch.float32))
    threads = torch.get_num_threads()
    print(f"{'':18} {mine:7.3f} ms, PyTorch {doubles:.3f} ms, floats {floats:.3f} ms ({threads} threads)")


def in_node(x: Any, y: Any) -> None:
    """The browser's modules, in node: both loops one after the other, in one process."""
    graph = gb.parse(SMALL)
    names = ["W1", "b1", "W2", "b2", "W3", "b3"]
    given = {
        "graph": tensors(graph),
        "start": {name: list(graph.start[name].cells) for name in names},  # type: ignore[union-attr]
        "columns": {"x": x.ravel().tolist(), "y": y.ravel().tolist()},
        "slope": sampled(graph, ["x", "y"], False, slope),
    }
    script = Path(__file__).with_name("tensors.mjs")
    done = subprocess.run(["node", script], input=dumps(given), capture_output=True, text=True, check=True)
    print(done.stdout, end="")


if __name__ == "__main__":
    main()
