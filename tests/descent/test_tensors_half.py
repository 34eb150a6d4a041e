"""The browser's descent on tensors, run by node, is Python's: lifted, on a batch, or sample by sample."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import graphviz_backprop as gb
from graphviz_backprop.data.bound import choices, joined
from graphviz_backprop.descent.optimizers import OPTIMIZERS
from graphviz_backprop.document import dumps, slope, tensors
from graphviz_backprop.engine.tensors.sampled import sampled
from tests.descent.test_browser_half import SCRIPT
from tests.descent.test_tensors import BATCH, MLP, SOFTMAX, flowers
from tests.support.node import Node
from tests.support.tensors import programs


@pytest.fixture(scope="module")
def node() -> Iterator[Node]:
    with Node(SCRIPT) as running:
        yield running


def both(node: Node, graph: gb.Graph, **given: Any) -> tuple[gb.Descent, Any]:
    """The same descent in both languages, from where the program starts (a number at 1.3)."""
    data, alone = given.pop("data", {}), given.pop("alone", False)
    common = {"optimizer": "gd", "rate": 0.05, "steps": 5, "batch": None, "shuffle": True, "seed": 2} | given
    start = {name: 1.3 for name, shape in graph.shapes.items() if not shape and name not in data}
    found = gb.descend(graph, start, data=data or None, **common)
    columns = joined(graph.shapes, data, choices(graph.shapes, list(data))) if data else {}
    whole = any(np.ndim(xs) == len(graph.shapes[name]) for name, xs in columns.items())
    made = None if alone or not columns else sampled(graph, list(columns), whole, slope)
    starts = {name: list(getattr(x, "cells", [x])) for name, x in graph.start.items()}
    asked = {
        **common,
        "parameters": list(found.points),
        "start": {name: x for name, x in {**starts, **start}.items() if name not in columns},
        "settings": {},
        "columns": {name: np.ravel(xs).tolist() for name, xs in columns.items()},
        "count": len(next(iter(columns.values()))) if columns else 0,
        "sampled": {"whole": whole, "slope": made} if columns else None,
    }
    return found, node.ask({"graph": json.loads(dumps(tensors(graph))), "asked": json.loads(dumps(asked))})


def cells(sent: list[Any]) -> np.ndarray:
    """Typed arrays are objects in JSON."""
    return np.array([list(one.values()) if isinstance(one, dict) else [one] for one in sent], dtype=float)


def assert_same(found: gb.Descent, theirs: Any, rtol: float = 1e-12) -> None:
    assert theirs.get("error") is None, theirs
    columns = {"loss": (found.losses, cells(theirs["losses"]))}
    for name in found.points:
        columns[name] = found.points[name], cells(theirs["points"][name])
        columns[f"∂{name}"] = found.gradients[name], cells(theirs["gradients"][name])
        for memory, xs in found.states.items():
            columns[f"{memory} of {name}"] = xs[name], cells(theirs["states"][memory][name])
    for name, (ours, sent) in columns.items():
        ours = ours.reshape(sent.shape)
        largest = max(1.0, float(np.max(np.abs(ours[np.isfinite(ours)]), initial=0.0)))
        np.testing.assert_allclose(sent, ours, rtol=rtol, atol=rtol * largest, err_msg=name)


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
@pytest.mark.parametrize("program", [SOFTMAX, BATCH, MLP])
def test_over_data(node: Node, program: str, optimizer: str) -> None:
    given = {"data": flowers(), "optimizer": optimizer, "batch": 16}
    assert_same(*both(node, gb.parse(program), **given), rtol=1e-11)


@pytest.mark.parametrize("program", [SOFTMAX, BATCH])
def test_without_batches_and_with_a_chosen_rate(node: Node, program: str) -> None:
    found, theirs = both(node, gb.parse(program), data=flowers(), rate=None)
    assert theirs["settings"] == dict(found.settings)
    assert_same(found, theirs)


def test_sample_by_sample_where_nothing_else_can_be(node: Node) -> None:
    assert_same(*both(node, gb.parse(MLP), data=flowers(), alone=True, steps=3))


@given(program=programs(3), optimizer=st.sampled_from(list(OPTIMIZERS)))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_random_programs(node: Node, program: str, optimizer: str) -> None:
    graph = gb.parse(program)
    assert_same(*both(node, graph, optimizer=optimizer, rate=1e-3, parameters=list(graph.variables)))


@given(program=programs(3), samples=st.sets(st.sampled_from(["x", "y", "A", "S"]), min_size=1, max_size=3))
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_random_programs_over_samples(node: Node, program: str, samples: set[str]) -> None:
    graph = gb.parse(program)
    random = np.random.default_rng(1)
    names = [name for name in graph.variables if name in samples]
    data = {name: 0.4 * random.standard_normal((7, *graph.shapes[name])) for name in names}
    moving = [name for name in graph.variables if name not in data]
    if not moving:
        return
    start = {"s": 1.3} if "s" in moving else {}
    common: dict[str, Any] = {"optimizer": "adam", "rate": 1e-3, "steps": 3, "batch": 3, "seed": 0}
    found = gb.descend(graph, start, moving, data=data, **common)
    starts = {name: list(x.cells) if hasattr(x, "cells") else [x] for name, x in graph.start.items()}
    asked = {
        **common,
        **{"parameters": moving, "settings": {}, "shuffle": True, "count": 7},
        "start": {name: x for name, x in {**starts, **start}.items() if name not in data},
        "columns": {name: np.ravel(xs).tolist() for name, xs in data.items()},
        "sampled": {"whole": False, "slope": sampled(graph, names, False, slope)},
    }
    sent = {"graph": json.loads(dumps(tensors(graph))), "asked": json.loads(dumps(asked))}
    assert sent["asked"]["sampled"]["slope"] is not None
    assert_same(found, node.ask(sent), rtol=1e-10)
