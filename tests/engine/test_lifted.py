"""Samples as one more letter: the lifted program is the program at each sample, added up."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from graphviz_backprop.engine import autodiff
from graphviz_backprop.engine.tensors.lifted import lifted
from graphviz_backprop.engine.tensors.slope import Slope
from graphviz_backprop.language.errors import ExpressionError
from graphviz_backprop.language.graph import Graph
from graphviz_backprop.language.parser import parse
from graphviz_backprop.language.shapes import Misfit
from tests.support.tensors import EXPRESSIONS, point, programs, weighted

SAMPLES = 3


def one_by_one(
    graph: Graph, at: dict[str, Any], columns: dict[str, Any]
) -> tuple[float, dict[str, Any], float]:
    """Values and gradients of each sample, added up, and the sum of the terms' sizes."""
    compiled = autodiff.compile(graph)
    total, slopes, scale = 0.0, {name: np.zeros(graph.shapes[name]) for name in graph.variables}, 1.0
    for row in range(SAMPLES):
        run = compiled({**at, **{name: xs[row] for name, xs in columns.items()}})
        total += run.value
        scale += abs(run.value)
        for name, slope in run.gradient.items():
            slopes[name] = slopes[name] + slope
            scale = max(scale, float(np.sum(np.abs(slope))))
    return total, slopes, scale


def agree(graph: Graph, moving: set[str], seed: int = 0) -> None:
    """All variables that are not named as moving have samples."""
    random = np.random.default_rng(seed)
    compiled = autodiff.compile(graph)
    start = dict(compiled({**point(graph)}).variables)
    columns = {
        name: np.array([x + 0.05 * random.standard_normal(np.shape(x)) for _ in range(SAMPLES)])
        for name, x in start.items()
        if name not in moving
    }
    names = [name for name in graph.variables if name in moving]
    at = {name: start[name] for name in names}
    total, slopes, scale = one_by_one(graph, at, columns)
    value, found = Slope(lifted(graph, columns, SAMPLES), names, {})({**at, **columns})
    if not np.isfinite(total):
        return
    assert value == pytest.approx(total, rel=1e-12, abs=1e-12 * scale)
    for name, slope in zip(names, found, strict=True):
        np.testing.assert_allclose(slope, slopes[name], rtol=1e-11, atol=1e-12 * scale, err_msg=name)


@pytest.mark.parametrize("expression", EXPRESSIONS)
def test_each_row(expression: str) -> None:
    graph = weighted(expression)
    for moving in ({"s", "x", "A", "B"}, {"S", "T", "P", "y"}):
        try:
            agree(graph, moving & set(graph.variables))
        except (Misfit, ExpressionError):  # a tensor has four axes at most
            assert "F" in expression or "T" in expression or "scatter_add" in expression, "it could be lifted"


@given(program=programs(), moving=st.sets(st.sampled_from(["x", "y", "A", "S", "s"])))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_random_programs(program: str, moving: set[str]) -> None:
    agree(parse(program), moving)


def test_a_layer_sums_over_samples_in_the_contraction_itself() -> None:
    graph = parse("W = [[1, 2], [3, 4]]; b = [0.1, 0.2]; x = [1, 2]; y = 1; sum((tanh(W @ x + b) - y)^2)")
    letters = [
        dict(node.settings)["letters"] for node in lifted(graph, {"x", "y"}, 5).nodes if node.op == "einsum"
    ]
    assert letters == ["ij,sj->si"]
