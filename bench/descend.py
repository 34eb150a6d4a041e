"""The gradient of a loss over many rows, beside PyTorch's eager mode on the CPU.

One epoch: the loss, averaged over all rows, of a program of 50 nodes, and its gradient by six parameters.
PyTorch computes the same program, operation by operation, on one tensor of doubles a column. It is not among
the requirements; what is printed where it is missing says how to install it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from bench.timing import best_times, shown
from graphviz_backprop.descent.plan import Samples, plan
from graphviz_backprop.engine import autodiff
from graphviz_backprop.language.graph import Graph
from graphviz_backprop.language.parser import parse

INSTALL = """To compare, in an environment of its own say:

    pip install torch==2.13.0 numpy lark latex2mathml graphviz; python -m bench descend"""
ROWS = 100_000
PROGRAM = """
h1 = tanh(a*x1 + b*x2 + c)
h2 = tanh(d*x1 + r*x2 - c*h1)
h3 = sigmoid(f*h1 + a*h2)
h4 = relu(b*h2 - d*h3 + x1*x2)
h5 = exp(-h4^2) * r + h3
h6 = sqrt(1 + h5^2) + f*h1 - x2/h5 + d*x2
(h6 - y)^2 + c*h4
"""
START = {"a": 0.5, "b": -0.25, "c": 0.125, "d": 0.75, "r": -0.5, "f": 0.3}


def columns() -> dict[str, Any]:
    random = np.random.default_rng(0)
    return {name: random.normal(size=ROWS) for name in ("x1", "x2", "y")}


Epoch = Callable[[], tuple[float, list[float]]]
"""The loss and its gradient by the parameters in the order of START."""


def ours(graph: Graph, data: Mapping[str, Any]) -> Epoch:
    asked = plan(autodiff.compile(graph), START, list(START), "gd", {"rate": 0.1}, 0, Samples(data))

    def epoch() -> tuple[float, list[float]]:
        step = next(iter(asked))
        return step.loss, step.gradient.tolist()

    return epoch


def torchs(data: Mapping[str, Any]) -> Epoch:
    import torch

    x1, x2, y = (torch.from_numpy(data[name]) for name in ("x1", "x2", "y"))

    def epoch() -> tuple[float, list[float]]:
        w = {name: torch.tensor(START[name], dtype=torch.float64, requires_grad=True) for name in START}
        a, b, c, d, r, f = (w[name] for name in START)
        h1 = torch.tanh(a * x1 + b * x2 + c)
        h2 = torch.tanh(d * x1 + r * x2 - c * h1)
        h3 = torch.sigmoid(f * h1 + a * h2)
        h4 = torch.relu(b * h2 - d * h3 + x1 * x2)
        h5 = torch.exp(-(h4**2)) * r + h3
        h6 = torch.sqrt(1 + h5**2) + f * h1 - x2 / h5 + d * x2
        loss = ((h6 - y) ** 2 + c * h4).mean()
        loss.backward()
        return loss.item(), [w[name].grad.item() for name in START]

    return epoch


def main() -> None:
    graph, data = parse(PROGRAM.strip(), "graph"), columns()
    print(f"## The gradient over {ROWS:,} rows of a program of {len(graph.nodes)} nodes\n")
    candidates = {"ours": ours(graph, data)}
    try:
        candidates["PyTorch"] = torchs(data)
    except ImportError:
        print(f"PyTorch is not installed, so this is ours alone: {shown(best_times(candidates)['ours'])}.")
        print(INSTALL)
        return
    _agree([call() for call in candidates.values()])
    best = best_times(candidates, 10)
    print("| ours | PyTorch, eager | ours : PyTorch |")
    print("| --- | --- | --- |")
    ratio = best["ours"] / best["PyTorch"]
    print(f"| {shown(best['ours'])} | {shown(best['PyTorch'])} | {ratio:.2f} |")


def _agree(found: list[tuple[float, list[float]]]) -> None:
    for loss, gradient in found:
        np.testing.assert_allclose([loss, *gradient], [found[0][0], *found[0][1]], rtol=1e-10)
