"""The Jacobian block of an edge: what one sees of it, and that G times it is what flows back."""

import numpy as np
import pytest

from graphviz_backprop import api
from graphviz_backprop.explain.tensors.block import block
from tests.support.tensors import EXPRESSIONS, point, weighted


@pytest.mark.parametrize("text", EXPRESSIONS[::3])
def test_the_gradient_times_the_block_is_what_flows_back(text: str) -> None:
    graph = api.Graph._of(weighted(text))
    run = graph.evaluate(point(graph))
    for edge in graph.edges():
        gradient = run.gradients[edge.parent]
        if not graph.active[edge.child] or gradient is None:
            continue
        found = block(run, edge)
        if found is not None:
            flow = np.ravel(gradient) @ found.numbers
            assert flow == pytest.approx(np.ravel(run.flows[edge.parent][edge.arg]), rel=1e-8, abs=1e-10)


def seen(program: str, node: str) -> np.ndarray:
    run = api.parse(program, "graph").evaluate()
    at = run.graph.positions[node]
    edge = next(edge for edge in run.graph.edges() if edge.parent == at)
    found = block(run, edge)
    assert found
    assert found.diagonal == (node == "r")
    return found.numbers


def test_what_relu_softmax_and_a_product_look_like() -> None:
    assert seen("x = [-1, 2, 3]; r = relu(x); L = sum(r)", "r").tolist() == [[0, 0, 0], [0, 1, 0], [0, 0, 1]]
    p = np.exp([1, 2]) / np.exp([1, 2]).sum()
    assert seen("x = [1, 2]; p = softmax(x); L = p[0]", "p") == pytest.approx(np.diag(p) - np.outer(p, p))
    product = seen("W = [[1, 2], [3, 4]]; X = [[1, 0], [2, 5]]; Z = W @ X; L = sum(Z)", "Z")
    assert product == pytest.approx(np.kron(np.eye(2), np.array([[1, 0], [2, 5]]).T))


def test_a_large_one_is_not_drawn() -> None:
    run = api.parse("A = ones(9, 9); B = A + 1; L = sum(B)").evaluate()
    edge = next(edge for edge in run.graph.edges() if run.graph.nodes[edge.parent].id == "B")
    assert block(run, edge) is None
