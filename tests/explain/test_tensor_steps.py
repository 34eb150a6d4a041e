"""The steps of programs with tensors: a box forward, an edge backward, each number with its own step."""

import numpy as np
import pytest

from graphviz_backprop import api
from graphviz_backprop.explain.tensors.steps import tensor_steps
from graphviz_backprop.report import table
from tests.support.tensors import EXPRESSIONS, point, weighted

ATTENTION = """\
Q = [[1, 0], [0, 1], [1, 1]]; K = [[1, 1], [0, 1], [1, 0]]; V = [[1, 0], [0, 2], [2, 1]]
S = Q @ K.T / sqrt(2)
P = softmax(where(tril(ones(3, 3)), S, -1e9))
O = P @ V
L = sum(O^2)"""


@pytest.mark.parametrize("text", EXPRESSIONS[::5])
def test_every_number_comes_with_one_step(text: str) -> None:
    graph = api.Graph._of(weighted(text))
    run = graph.evaluate(point(graph))
    steps = tensor_steps(graph)
    shown = [field for step in steps for field in step.shows]
    fields = run.cells()
    assert {f"{node.id}.value" for node in graph.nodes} <= set(shown)
    gradients = {f"{node.id}.gradient" for at, node in enumerate(graph.nodes) if graph.active[at]}
    assert {field for field in gradients if np.any(fields[field])} <= set(shown)
    silent = sum(node.op == "const" and not node.shape for node in graph.nodes)
    assert len(steps) == len(graph.nodes) - silent + 1 + sum(
        graph.active[edge.child] for edge in graph.edges()
    )
    assert all(step.rule and all(one.text for one in step.equations) for step in steps)


def test_each_pass_of_attention_is_short() -> None:
    run = api.parse(ATTENTION).evaluate()
    steps = run.steps()
    assert len([step for step in steps if step.phase == "forward"]) <= 16
    backward = [step for step in steps if step.phase == "backward"]
    assert len(backward) <= 16
    told = {(step.node, step.rule): step.text for step in backward}
    assert "hence Vᵀ" in told["P", "contraction rule"]
    assert run.gradient["V"].shape == (3, 2)


def test_a_number_is_told_with_its_value() -> None:
    steps = api.parse("s = 3; x = [1, 2]; L = sum(x^2) * s").evaluate().steps()
    told = {step.node: step.text for step in steps if step.phase == "forward"}
    assert told["s"] == "s = 3"
    assert told["x"] == "x is a vector of 2"
    assert "a" not in told, "the exponent comes with the power"


def test_a_step_has_its_array() -> None:
    run = api.parse("W = [[1, 2], [3, 4]]; x = [5, 6]; z = W @ x; L = sum(z^2)").evaluate()
    last = {step.node: step for step in run.steps()}
    np.testing.assert_allclose(last["W"].value, run.gradient["W"])
    assert last["x"].text.startswith("back to x: Wᵀ ·, with G = ∂L/∂z; ")
    assert next(step for step in run.steps() if step.rule == "start").text == "∂L/∂L = 1"


def test_groups_are_one_step() -> None:
    run = api.parse("f(x) = sum(tanh(x)^2); x = [1, 2]; L = 3 f(x)").evaluate()
    fold = run.folded(shut="all")
    assert len(run.steps(fold=fold)) < len(run.steps())


@pytest.mark.parametrize("seed", [1, 2, [1, 1], [1, 3]])
def test_an_output_of_several_cells_is_told_of_too(seed: object) -> None:
    """Its seed is a tensor: only where all of it is 1, gradients are those of the output itself."""
    run = api.parse("x = [1, 2]; y = x^2").evaluate(seed=seed)
    of = "y" if seed in (1, [1, 1]) else "L"
    told = [*(step.text for step in run.steps() if step.phase == "backward"), run.explain("y.0"), table(run)]
    assert all(f"∂{of}/∂" in text for text in told)
    assert f"∂{of}/∂x[1]" in run.explain("x[1]")
