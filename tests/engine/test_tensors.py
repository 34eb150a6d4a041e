"""Both passes of programs with tensors: against differences in high precision, PyTorch, and one another."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings

from graphviz_backprop import api
from graphviz_backprop.engine import autodiff
from graphviz_backprop.engine.tensors.point import array
from graphviz_backprop.engine.tensors.tape import tape
from graphviz_backprop.language.definitions import definition
from graphviz_backprop.language.graph import Graph
from graphviz_backprop.language.parser import parse
from graphviz_backprop.language.tensor import Tensor
from graphviz_backprop.language.tensor_ops import TENSORS, Site
from tests.support.tensors import EXAMPLES, EXPRESSIONS, START, differences, point, programs, weighted


def start(graph: Graph) -> dict[str, Any]:
    found = {name: array(x) if isinstance(x, Tensor) else x for name, x in graph.start.items()}
    return {**found, **point(graph)}


def close(ours: Any, theirs: Any, most: float = 1e-9) -> bool:
    scale = max(1.0, float(np.max(np.abs(theirs), initial=0.0)))
    return bool(np.max(np.abs(np.asarray(ours) - theirs), initial=0.0) <= most * scale)


def agrees(graph: Graph, most: float = 1e-9) -> None:
    run = autodiff.compile(graph)(point(graph))
    for name, slopes in differences(graph, start(graph)).items():
        assert np.shape(run.gradient[name]) == graph.shapes[name]
        assert close(run.gradient[name], slopes, most), name


def test_every_row_that_knows_axes_has_its_examples() -> None:
    assert EXAMPLES.keys() == TENSORS.keys() - {"others"}
    for name, texts in EXAMPLES.items():
        for text in texts:
            nodes = parse(f"{START}{text}").nodes
            assert any(node.op == name for node in nodes), text


@pytest.mark.parametrize("text", EXPRESSIONS)
def test_gradients_are_those_of_central_differences(text: str) -> None:
    agrees(weighted(text))


@pytest.mark.fuzz
@settings(max_examples=40, deadline=None)
@given(programs())
def test_random_programs_too(text: str) -> None:
    agrees(parse(text), 1e-8)


@pytest.mark.parametrize("text", EXPRESSIONS)
def test_the_value_has_the_shape_that_was_inferred(text: str) -> None:
    graph = parse(f"{START}{text}")
    run = autodiff.compile(graph)(point(graph))
    assert [np.shape(value) for value in run.values] == [node.shape for node in graph.nodes]
    shapes = [np.shape(x) for x in run.gradients if x is not None]
    assert shapes == [node.shape for node, active in zip(graph.nodes, graph.active, strict=True) if active]


@pytest.mark.parametrize("text", EXPRESSIONS)
def test_samples_are_one_letter_more(text: str) -> None:
    """A run at several points at once is that of each point: of all variables, or of one that moves alone."""
    graph = weighted(text)
    compiled = autodiff.compile(graph)
    base = start(graph)
    for moving in [set(base), *({name} for name in base)]:
        at = {
            name: np.stack([x, 1.1 * x, 0.7 * x + 0.1]) if name in moving else x for name, x in base.items()
        }
        many = compiled(at)
        assert many.shape == (3,)
        for row in range(3):
            one = compiled({name: x[row] if name in moving else x for name, x in at.items()})
            assert close(many.value[row], one.value, 1e-13)
            for name in base:
                assert close(many.gradient[name][row], one.gradient[name], 1e-12), (name, moving)


COMPOSITES = [op for op in TENSORS.values() if not op.primitive]


@pytest.mark.parametrize("op", COMPOSITES, ids=lambda op: op.name)
def test_a_composite_is_what_its_definition_says(op: Any) -> None:
    """The form that is shown, the stable one that is computed, and the rule beside them are all the same."""
    for text in EXAMPLES[op.name]:
        graph = parse(f"{START}{text}")
        for node in graph.nodes:
            if node.op != op.name:
                continue
            shapes = tuple(graph.nodes[arg].shape for arg in node.args)
            site = Site(shapes, dict(node.settings))
            shown, computed = definition(op, site, stable=False), definition(op, site)
            random = np.random.default_rng(0)
            at = {f"_{n}": _argument(op.name, n, shape, random) for n, shape in enumerate(shapes)}
            one, other = (_evaluated(part, at) for part in (shown, computed))
            whole = _evaluated(_single(op.name, shapes, dict(node.settings)), at)
            for found in (other, whole):
                assert close(found[0], one[0], 1e-12)
                for name, gradient in one[1].items():
                    assert close(found[1][name], gradient, 1e-9), (text, name)


def _argument(op: str, number: int, shape: tuple[int, ...], random: np.random.Generator) -> Any:
    if op == "cross_entropy" and number == 1 and len(shape) < 2:
        return np.float64(random.integers(0, 3, shape)) if shape != (3,) else random.random(3)
    return random.standard_normal(shape)


def _evaluated(graph: Graph, at: Any) -> tuple[Any, Any]:
    given = {name: at[name] for name in graph.variables}
    shape = graph.output.shape
    seed = np.random.default_rng(1).standard_normal(shape) if shape else 1.0
    run = autodiff.compile(graph)(given, seed)
    return run.value, run.gradient


def _single(name: str, shapes: Any, given: Any) -> Graph:
    """A graph of this one node."""
    from graphviz_backprop.language.builder import Builder

    builder = Builder("graph")
    args = tuple(builder.var(f"_{at}", shape=shape) for at, shape in enumerate(shapes))
    return builder.graph("", builder.apply(name, args, (0, 0), tuple(given.items())))


def test_what_is_masked_has_no_gradient_at_all() -> None:
    graph = api.parse(f"{START}out = attention(S, S, B, causal=True); sum(out[0]^2)")
    gradient = graph.evaluate().gradient
    assert gradient["B"][0].any()
    assert not gradient["B"][1:].any()


def test_ties_share_the_gradient() -> None:
    run = api.parse("x = [1, 3, 3, 2]; max(x)").evaluate()
    assert run.gradient["x"].tolist() == [0, 0.5, 0.5, 0]
    pooled = api.parse("P = [[1, 1], [0, 1]]; sum(max_pool(P, 2))").evaluate()
    assert pooled.gradient["P"] == pytest.approx(np.array([[1, 1], [0, 1]]) / 3)


@pytest.mark.parametrize("index", [3, -4, 0.5])
def test_nothing_goes_back_from_a_cell_that_is_not_there(index: float) -> None:
    run = api.parse("z = [[2, 1, 0], [5, 4, 3]]; sum(z[0, k] + z[1])").evaluate(k=index)
    assert np.isnan(run.value)
    assert run.gradient["z"].tolist() == [[0, 0, 0], [1, 1, 1]]
    rows = api.parse("z = [[2, 1], [5, 4], [1, 1]]; sum(z[k])").evaluate(k=index)
    assert not rows.gradient["z"].any()


def test_softmax_and_its_kin_keep_their_digits_far_out() -> None:
    run = api.parse("x = [1000, 999, -1000]; log_softmax(x)[2]").evaluate()
    assert run.value == pytest.approx(-2000 - np.log1p(np.exp(-1)), rel=1e-15)
    run = api.parse("x = [1000, 1000]; logsumexp(x)").evaluate()
    assert (run.value, run.gradient["x"].tolist()) == (pytest.approx(1000 + np.log(2)), [0.5, 0.5])


def test_a_product_has_a_gradient_where_factors_are_0() -> None:
    assert api.parse("x = [2, 0, 3]; prod(x)").evaluate().gradient["x"].tolist() == [0, 6, 0]


def test_a_tensor_output_is_seeded_with_ones() -> None:
    run = api.parse("W = [[1, 2], [3, 4]]; x = [5, 6]; W @ x").evaluate()
    assert run.gradient["x"].tolist() == [4, 6]
    run = api.parse("W = [[1, 2], [3, 4]]; x = [5, 6]; W @ x").evaluate(seed=[1, 0])
    assert run.gradient["x"].tolist() == [1, 2]


def test_numbers_take_the_path_they_took() -> None:
    compiled = autodiff.compile(parse("(4*x+1)^2"))
    assert compiled.of_numbers
    run = compiled({"x": 1.0})
    assert (run.value, run.gradient) == (25.0, {"x": 40.0})


def test_equal_nodes_of_both_passes_are_computed_once() -> None:
    graph = parse("x = [1, 2, 3]; sum(softmax(x) * softmax(x))", "tree")
    ops = [node.op for node, needed in zip(tape(graph).nodes, tape(graph).needed, strict=True) if needed]
    assert ops.count("exp") == 1


# What comes in


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ([[1, 2, 3]], r"W has the shape \(2, 2\).*\(1, 3\) was given"),
        ([[1, 2], [3]], "W has rows of different lengths"),
        ([[1, np.nan], [3, 4]], r"W\[0, 1\] is no number"),
        (7.0, r"W has the shape \(2, 2\).*\(\) was given"),
        ([["a", "b"], ["c", "d"]], "W: could not convert text to a number"),
        (np.ma.masked_equal([[1, 2], [3, 4]], 4), "W has masked cells"),
        (np.broadcast_to(1.0, (10**8, 2, 2)), "100,000,000 samples have .* numbers here"),
        (np.array([[1j, 2], [3, 4]]), "W has complex numbers"),
    ],
)
def test_what_does_not_fit_is_refused_with_name_and_shapes(given: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        api.parse("W = [[1, 2], [3, 4]]; sum(W)").evaluate(W=given)


def test_lists_and_arrays_come_in() -> None:
    graph = api.parse("W = [[1, 2], [3, 4]]; sum(W^2)")
    for ones in ([[1, 1], [1, 1]], np.ones((2, 2)), np.ones((2, 2), dtype=np.int8)):
        assert graph.evaluate(W=ones).gradient["W"].tolist() == [[2, 2], [2, 2]]


def test_arrays_can_change_later() -> None:
    given = np.ones((2, 2))
    run = api.parse("W = [[1, 2], [3, 4]]; sum(W^2)").evaluate(W=given)
    given[:] = 7
    assert run.gradient["W"].tolist() == [[2, 2], [2, 2]]


def test_a_number_given_an_array_is_a_column_of_samples() -> None:
    run = api.parse("w = [1, 2]; sum(w * x)").evaluate(x=[3.0, 4.0])
    assert run.shape == (2,)
    assert run.value.tolist() == [9, 12]
    assert run.gradient["w"].tolist() == [[3, 3], [4, 4]]


# PyTorch

TORCH = {
    "sum(x)": "x.sum()",
    "A + x": "A + x",
    "mean(T, axis=1)": "T.mean(1)",
    "prod(A, axis=1)": "A.prod(1)",
    "cumsum(A, axis=1)": "A.cumsum(1)",
    "A @ x": "A @ x",
    "T @ A": "T @ A",
    'einsum("abc,b,cd->ad", T, x, A)': "torch.einsum('abc,b,cd->ad', T, x, A)",
    "permute(T, 2, 0, 1)": "T.permute(2, 0, 1)",
    "transpose(T, 0, 2)": "T.transpose(0, 2)",
    "B[:, [3, 0, 0]]": "B[:, [3, 0, 0]]",
    "S[[0, 2], [1, 1]]": "S[[0, 2], [1, 1]]",
    "stack(x, y, axis=1)": "torch.stack([x, y], 1)",
    "unfold(F, 2, stride=2)": "torch.nn.functional.unfold(F, 2, stride=2)",
    "unfold(F, (3, 2), padding=1)": "torch.nn.functional.unfold(F, (3, 2), padding=1)",
    "tril(B, k=1)": "B.tril(1)",
    "max(T, axis=(0, 1), keepdim=True)": "T.amax((0, 1), keepdim=True)",
    "softmax(T, 1)": "T.softmax(1)",
    "log_softmax(A, axis=0)": "A.log_softmax(0)",
    "logsumexp(T, axis=(0, 2), keepdim=True)": "T.logsumexp((0, 2), keepdim=True)",
    "cross_entropy(A, [2, 0])": "torch.nn.functional.cross_entropy(A, torch.tensor([2, 0]))",
    "cross_entropy(S, softmax(S + 1))": "torch.nn.functional.cross_entropy(S, (S + 1).softmax(-1))",
    "cross_entropy(x, 1)": "torch.nn.functional.cross_entropy(x, torch.tensor(1))",
    "var(A, axis=1, correction=1)": "A.var(1)",
    "std(A, axis=0, correction=1)": "A.std(0)",
    "norm(A, axis=1)": "A.norm(dim=1)",
    "layer_norm(A, x, y)": "torch.nn.functional.layer_norm(A, (3,), x, y)",
    "batch_norm(A, x, y)": "torch.nn.functional.batch_norm(A, None, None, x, y, training=True)",
    "attention(S, 2 * S, B)": "torch.nn.functional.scaled_dot_product_attention(S, 2 * S, B)",
    "attention(T, T, T, causal=True)": (
        "torch.nn.functional.scaled_dot_product_attention(T, T, T, is_causal=True)"
    ),
    "conv2d(F, F[:, :, 0:3, 2:4], padding=(0, 1))": (
        "torch.nn.functional.conv2d(F, F[:, :, 0:3, 2:4], padding=(0, 1))"
    ),
    "conv1d(F[0, :, 0], F[:, :, 0, 1:3], stride=2)": (
        "torch.nn.functional.conv1d(F[0, :, 0], F[:, :, 0, 1:3], stride=2)"
    ),
    "max_pool(F, 2, stride=1)": "torch.nn.functional.max_pool2d(F, 2, stride=1)",
    "sort(x) * y": "x.sort().values * y",
    "where(A > 0, A, 2 * A)": "torch.where(A > 0, A, 2 * A)",
    "relu(A) + gelu(A) + silu(A)": ("A.relu() + torch.nn.functional.gelu(A) + torch.nn.functional.silu(A)"),
}
"""Expressions here and in PyTorch."""


@pytest.mark.torch
@pytest.mark.parametrize("ours", TORCH)
def test_pytorch_has_the_same_numbers(ours: str) -> None:
    import torch

    graph = parse(f"{START}{ours}")
    at = start(graph)
    leaves = {name: torch.tensor(x, dtype=torch.float64, requires_grad=True) for name, x in at.items()}
    theirs = eval(TORCH[ours], {"torch": torch, **leaves})
    seed = np.random.default_rng(2).standard_normal(tuple(theirs.shape))
    theirs.backward(torch.tensor(seed, dtype=torch.float64))
    run = autodiff.compile(graph)(point(graph), seed)
    assert close(run.value, theirs.detach().numpy(), 1e-13)
    for name, leaf in leaves.items():
        assert close(run.gradient[name], leaf.grad.numpy(), 1e-12), name


@pytest.mark.torch
def test_tensors_of_pytorch_come_in() -> None:
    import torch

    graph = api.parse("W = [[1, 2], [3, 4]]; sum(W^2)")
    given = torch.ones((2, 2), requires_grad=True)
    assert graph.evaluate(W=given).gradient["W"].tolist() == [[2, 2], [2, 2]]


@pytest.mark.parametrize("correction", [0, 1])
def test_the_deviation_of_equal_cells_has_the_gradient_0(correction: int) -> None:
    """As in PyTorch, where other cells vary it is what differences give."""
    program = f"x = [[3, 3, 3], [1, 2, 6]]; y = std(x, axis=1, correction={correction}); sum(y * ([2, 5]))"
    run = api.parse(program).evaluate()
    rest = np.array([1.0, 2, 6]) - 3
    deviation = np.sqrt((rest**2).sum() / (3 - correction))
    wanted = [[0, 0, 0], 5 * rest / ((3 - correction) * deviation)]
    np.testing.assert_allclose(run.gradient["x"], wanted, rtol=1e-12)


@pytest.mark.parametrize("label", [-1, -3, -0.5, 0.5, 3])
def test_what_is_no_class_has_neither_loss_nor_gradient(label: float) -> None:
    """An index below 0 counts from the end; a class does not, where one_hot knows none."""
    one = api.parse(f"z = [1, 2, 3]; cross_entropy(z, {label})").evaluate()
    assert np.isnan(one.value)
    assert np.isnan(one.gradient["z"]).all()
    batch = api.parse(f"z = [[1, 2, 3], [1, 2, 2]]; cross_entropy(z, [0, {label}])").evaluate()
    assert np.isnan(batch.value)
    np.testing.assert_array_equal(np.isnan(batch.gradient["z"]).all(axis=1), [False, True])


def test_classes_of_samples_below_0_are_none() -> None:
    run = api.parse("z = [1, 2, 3]; cross_entropy(z, y)").evaluate(y=np.array([2.0, -1]))
    np.testing.assert_array_equal(np.isnan(run.value), [False, True])
