"""A full-batch training step of a small network, beside PyTorch's eager mode on the CPU.

PyTorch is no dependency of the project; this measure runs where it is installed.
"""

from __future__ import annotations

from itertools import pairwise, product

import numpy as np

from bench.timing import best_times, shown
from graphviz_backprop.descent import optimizers
from graphviz_backprop.descent.loss import Loss
from graphviz_backprop.descent.networks import network_loss
from graphviz_backprop.engine import autodiff
from graphviz_backprop.engine.slope import Slope
from graphviz_backprop.language.parser import parse
from graphviz_backprop.network import builder

SIZES = (2, 8, 8, 1)
ROWS = 1_000
RATE = 0.1
ACTIVATIONS = ("tanh", "relu", "sigmoid")


def main() -> None:
    import torch

    print(f"## A full-batch step of gradient descent: {'-'.join(map(str, SIZES))} on {ROWS:,} rows\n")
    print(f"PyTorch {torch.__version__}; doubles if not said otherwise; the last column beside both.\n")
    print("| its threads | hidden layers | tensors | graph | PyTorch | PyTorch, floats | times as fast |")
    print("| --- | --- | --- | --- | --- | --- | --- |")
    for threads, activation in product((1, torch.get_num_threads()), ACTIVATIONS):
        torch.set_num_threads(threads)  # so little work may be quicker on one
        shape = builder.architecture(SIZES, activation, "sigmoid", "squared")
        random = np.random.default_rng(0)
        columns = {"x1": random.normal(size=ROWS), "x2": random.normal(size=ROWS)}
        columns["y1"] = (columns["x1"] * columns["x2"] > 0) * 1.0
        start = builder.initial(shape)
        best = best_times(
            {
                "tensors": ours(shape, start, columns, True),
                "graph": ours(shape, start, columns, False),
                "double": torch_step(activation, start, columns, torch.float64),
                "float": torch_step(activation, start, columns, torch.float32),
            },
            seconds=3.0,
            batch=0.02,
        )
        times = [shown(best[name]) for name in ("tensors", "graph", "double", "float")]
        ratios = [f"{best[name] / best['tensors']:.2f}" for name in ("double", "float")]
        print(f"| {threads} | {activation} | {' | '.join(times)} | {', '.join(ratios)} |")


def ours(shape, start, columns, tensors):  # type: ignore[no-untyped-def]
    """One step: the loss, the gradient, the optimizer's update."""
    graph = parse(builder.program(shape))
    given = tuple(start), np.array([*start.values()]), {}, columns
    slope = Slope(graph, tuple(start))
    plain = Loss(autodiff.compile(graph), *given, slope)
    loss = network_loss(graph, *given) if tensors else plain
    row = optimizers.find("gd")
    settings, state = row.complete({"rate": RATE}), row.start()
    now = [given[1]]

    def step() -> None:
        _, gradient = loss(now[0], None)
        now[0], _ = row.step(now[0], gradient, state, settings)

    return step


def torch_step(activation, start, columns, dtype):  # type: ignore[no-untyped-def]
    """The same with ``nn.Linear``, autograd and ``optim.SGD``."""
    import torch
    from torch import nn

    g = {"tanh": nn.Tanh, "relu": nn.ReLU, "sigmoid": nn.Sigmoid}[activation]
    linear = [nn.Linear(a, b, dtype=dtype) for a, b in pairwise(SIZES)]
    model = nn.Sequential(linear[0], g(), linear[1], g(), linear[2], nn.Sigmoid())
    x = torch.tensor(np.column_stack([columns["x1"], columns["x2"]]), dtype=dtype)
    y = torch.tensor(columns["y1"][:, None], dtype=dtype)
    optimizer = torch.optim.SGD(model.parameters(), lr=RATE)

    def step() -> None:
        optimizer.zero_grad()
        ((model(x) - y) ** 2).mean().backward()
        optimizer.step()

    return step
