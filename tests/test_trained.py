"""Programs that learn: the page's examples in tensors, from start to samples that were held out."""

from __future__ import annotations

from urllib.parse import parse_qs

import numpy as np
import pytest

import graphviz_backprop as gb
from graphviz_backprop.data import datasets
from graphviz_backprop.engine.tensors.program import Program
from graphviz_backprop.engine.tensors.right import right
from graphviz_backprop.language.resized import resized
from graphviz_backprop.web.shown.examples import GROUPS
from tests.support import makemore

EXAMPLES = {example.title: example.state for group in GROUPS for example in group.examples}


def trained(title: str) -> tuple[gb.Graph, gb.Descent, dict[str, np.ndarray]]:
    """An example's descent as the page makes it, and what was held out."""
    state = EXAMPLES[title]
    name, n, seed = state.data.split(",")
    asked = parse_qs(state.query(()))
    batch = int(asked["batch"][0]) if "batch" in asked else None
    graph = gb.parse(state.expr)
    start = {name: 0.0 for name, shape in graph.shapes.items() if name == "b" and not shape}
    data = gb.data(name, int(n), int(seed))
    found = gb.descend(
        graph, start, None, state.optimizer, state.rate, state.steps, data, batch, seed=state.order
    )
    return graph, found, datasets.held(name, int(n), int(seed))


def features(held: dict[str, np.ndarray]) -> np.ndarray:
    return np.stack([xs for name, xs in held.items() if name != "y"], axis=1)


def test_digits_are_read() -> None:
    graph, found, held = trained("Reading handwritten digits")
    X, y = features(held), held["y"]
    last = {name: xs[-1] for name, xs in found.points.items()}
    scores = np.maximum(X / 16 @ last["W1"] + last["b1"], 0) @ last["W2"] + last["b2"]
    hits = int(np.sum(scores.argmax(axis=1) == y))
    assert len(y) == 250
    assert hits >= 0.95 * len(y)
    # The page counts with a program of its own.
    counted = right(resized(graph, {"X": X.shape, "y": y.shape}))
    assert counted is not None
    program = Program(counted)
    assert program.numbers({**last, "X": X, "y": y}, 1.0)[0][-1] == hits


def test_flowers_are_told() -> None:
    _, found, held = trained("Softmax regression on irises")
    W, b = found.points["W"][-1], found.points["b"][-1]
    assert np.mean((features(held) @ W.T + b).argmax(axis=1) == held["y"]) >= 0.95
    # The closed form of the gradient at the start: (p - y) xᵀ on the average.
    data = gb.data("flowers", 120, 0)
    wanted = np.eye(3)[data["y"].astype(int)]
    np.testing.assert_allclose(
        found.gradients["W"][0], (1 / 3 - wanted).T @ features(dict(data)) / 120, rtol=1e-9
    )


def test_setosa_is_told_from_the_others() -> None:
    _, found, held = trained("Logistic regression on irises")
    scores = features(held) @ found.points["W"][-1] + found.points["b"][-1]
    assert np.mean((scores > 0) == (held["y"] > 0)) == 1


def test_mazurs_network() -> None:
    run = gb.parse(EXAMPLES["Mazur's network in five lines"].expr).evaluate()
    assert run.value == pytest.approx(0.298371109, abs=5e-10)


def test_makemore_is_drawn_in_45_boxes() -> None:
    """Its numbers stand in the labels of what uses them."""
    graph = gb.parse(makemore.PROGRAM, "graph")
    fold = graph.folded(open="all", constants=False)
    assert len(fold.boxes) == 45
