"""Programs with tensors written as programs of numbers: they can be read again, and have the same numbers."""

import numpy as np
import pytest

from graphviz_backprop import api
from graphviz_backprop.explain.tensors.in_numbers import alone, whole
from graphviz_backprop.language.tensor import cells
from tests.support.tensors import EXPRESSIONS, point, weighted

PROGRAM = "W = [[1, 2], [3, 4]]; x = [5, 6]; z = W @ x; p = softmax(z / 20); L = p[1]"


def test_a_program_is_written_in_numbers() -> None:
    run = api.parse(PROGRAM, "graph").evaluate()
    text = whole(run)
    assert "z_0 = sum(W_0_0 * x_0, W_0_1 * x_1)" in text
    numbers = api.parse(text, "graph").evaluate()
    assert numbers.value == pytest.approx(run.value)
    assert numbers.gradient["W_0_1"] == pytest.approx(run.gradient["W"][0, 1])
    assert numbers.steps() and numbers.paths("x_0")


def test_it_stands_where_the_run_does() -> None:
    run = api.parse(PROGRAM).evaluate(x=[1, -1])
    assert api.parse(whole(run)).evaluate().value == pytest.approx(run.value)


def test_names_that_are_taken_are_not_taken_again() -> None:
    run = api.parse("W = [[1, 2]]; W_0_1 = 3; L = sum(W * W_0_1)").evaluate()
    assert api.parse(whole(run)).evaluate().gradient["W__0_1"] == 3


@pytest.mark.parametrize("text", EXPRESSIONS[::3])
def test_a_node_alone_gives_back_what_it_gives_in_the_program(text: str) -> None:
    graph = api.Graph._of(weighted(text))
    run = graph.evaluate(point(graph))
    for at, node in enumerate(graph.nodes):
        if not node.args or not graph.active[at]:
            continue
        try:
            found = api.parse(alone(run, node.id), "graph").evaluate()
        except ValueError:  # too large
            assert node.shape
            continue
        for child in {child for child in node.args if graph.active[child]}:
            flows = [flow for arg, flow in enumerate(run.flows[at]) if node.args[arg] == child]
            total = np.sum([np.asarray(flow) for flow in flows], axis=0)
            names = cells(graph.nodes[child].id, graph.nodes[child].shape)
            for cell, wanted in zip(names, total.ravel(), strict=True):
                name = cell.replace("[", "_").replace(", ", "_").replace("]", "")
                assert found.gradient.get(name, 0.0) == pytest.approx(wanted, rel=1e-8, abs=1e-10), cell


def test_what_is_too_large_is_refused() -> None:
    run = api.parse("A = ones(30, 30); B = A @ A; L = sum(B)").evaluate()
    with pytest.raises(ValueError, match="more than 2,000 nodes"):
        whole(run)
    with pytest.raises(ValueError, match="900 cells"):
        alone(run, "B")
    with pytest.raises(ValueError, match="no node"):
        alone(run, "A")
