"""Programs that people know, as tensors: their published numbers, and what they teach."""

import json
from typing import Any

import numpy as np
import pytest

from graphviz_backprop import api
from graphviz_backprop.engine.tensors.point import array
from graphviz_backprop.explain.tensors.block import whole
from tests.support import makemore


def test_mazurs_network_in_five_lines() -> None:
    """The numbers of Matt Mazur's step by step example, with both biases of a layer alike."""
    run = api.parse(
        "W1 = [[0.15, 0.20], [0.25, 0.30]]; b1 = [0.35, 0.35]; "
        "W2 = [[0.40, 0.45], [0.50, 0.55]]; b2 = [0.60, 0.60]\n"
        "x = [0.05, 0.10]; y = [0.01, 0.99]\n"
        "h = sigmoid(W1 @ x + b1)\n"
        "o = sigmoid(W2 @ h + b2)\n"
        "E = sum((y - o)^2) / 2"
    ).evaluate()
    assert run.value == pytest.approx(0.298371109, abs=5e-10)
    W2 = [[0.08216704, 0.08266763], [-0.02260254, -0.02274024]]
    W1 = [[0.00043857, 0.00087714], [0.00049771, 0.00099543]]
    assert run.gradient["W2"] == pytest.approx(np.array(W2), abs=5e-9)
    assert run.gradient["W1"] == pytest.approx(np.array(W1), abs=5e-9)


# makemore, part 4


@pytest.fixture(scope="module")
def ninja() -> api.Run:
    return api.parse(makemore.PROGRAM, "graph").evaluate()


REFERENCE = json.loads(makemore.REFERENCE.read_text("utf-8"))
"""From PyTorch: see tests/support/makemore.py."""


def gradient(run: api.Run, name: str) -> Any:
    return run.gradient[name] if name in run.gradient else run.gradients[run.graph.positions[name]]


@pytest.mark.parametrize("name", makemore.NAMES)
def test_an_intermediate_gradient_of_makemore_is_pytorchs(ninja: api.Run, name: str) -> None:
    found, wanted = makemore.told(gradient(ninja, name)), REFERENCE[name]
    assert found == pytest.approx(wanted, rel=1e-10, abs=max(1e-10 * wanted[2], 1e-15))


def test_what_normalization_takes_away_again_has_no_gradient(ninja: api.Run) -> None:
    """A bias before batch norm moves nothing; its gradient is 0 up to rounding."""
    assert np.abs(gradient(ninja, "b1")).max() < 1e-15


def test_its_loss_and_the_size_of_its_graph(ninja: api.Run) -> None:
    assert ninja.value == pytest.approx(REFERENCE["loss"], rel=1e-14)
    operations = [node for node in ninja.graph.nodes if node.args]
    assert len(operations) == 40
    assert len([node for node in operations if node.op == "broadcast"]) == 8


def test_the_gradient_of_its_row_maxima_cancels(ninja: api.Run) -> None:
    """A shift of all logits of a row changes no probability."""
    assert np.abs(gradient(ninja, "logit_maxes")).max() < 1e-15


def test_its_long_way_equals_the_short_ones(ninja: api.Run) -> None:
    """Exercise 2, cross entropy, and exercise 3, batch norm, in one formula each."""
    short = makemore.PROGRAM.split("logit_maxes =")[0] + "loss = cross_entropy(logits, Yb)"
    head, rest = short.split("bnmeani =")
    tail = rest[rest.index("h = tanh") :]
    normed = "bnraw = hprebn_norm; hpreact = bngain * bnraw + bnbias\n".replace("hprebn_norm", NORMED)
    run = api.parse(head + normed + tail, "graph").evaluate()
    assert run.value == pytest.approx(ninja.value, rel=1e-14)
    for name in ("logits", "hprebn", "C", "W1", "bngain"):
        assert gradient(run, name) == pytest.approx(gradient(ninja, name), rel=1e-9, abs=1e-14)


NORMED = (
    "(hprebn - mean(hprebn, axis=0, keepdim=True)) / "
    "sqrt(var(hprebn, axis=0, keepdim=True, unbiased=True) + 1e-5)"
)


# … and as the notebook has it


@pytest.fixture(scope="module")
def notebook() -> api.Run:
    return api.parse(makemore.NOTEBOOK).evaluate()


@pytest.fixture(scope="module")
def by_hand(notebook: api.Run) -> dict[str, Any]:
    return makemore.by_hand({name: value_of(notebook, name) for name in [*makemore.NAMES]})


def value_of(run: api.Run, name: str) -> Any:
    return run.values[run.graph.positions[name]]


@pytest.mark.parametrize("name", makemore.NAMES)
def test_the_notebook_can_be_pasted(notebook: api.Run, by_hand: dict[str, Any], name: str) -> None:
    wanted = by_hand[name]
    assert gradient(notebook, name) == pytest.approx(wanted, rel=1e-9, abs=1e-14)
    edges = [edge for edge in notebook.graph.edges() if notebook.graph.nodes[edge.child].id == name]
    assert all(notebook.explain(f"{notebook.graph.nodes[edge.parent].id}.{edge.arg}") for edge in edges)


@pytest.mark.parametrize("name", ["logits", "hprebn"])
def test_the_short_forms_are_what_the_long_way_gives(
    notebook: api.Run, by_hand: dict[str, Any], name: str
) -> None:
    assert gradient(notebook, name) == pytest.approx(by_hand[f"{name}, in short"], rel=1e-9, abs=1e-14)


def test_the_notebook_is_drawn_in_45_boxes(notebook: api.Run) -> None:
    assert len(notebook.graph.folded(open="all", constants=False).boxes) == 45
    assert notebook.graph.variables == ("C", "W1", "b1", "W2", "b2", "bngain", "bnbias", "Xb", "Yb")


# Attention


ATTENTION = """\
Q = [[1, 0], [0, 1], [1, 1]]; K = [[1, 1], [0, 2], [1, 0]]; V = [[1, 0], [0, 2], [2, 1]]
scores = Q @ K.T / sqrt(2)
masked = where(tril(ones(3, 3)), scores, -1e9)
weights = softmax(masked)
out = weights @ V
L = sum(out^2)"""


def test_causal_attention_on_three_tokens() -> None:
    run = api.parse(ATTENTION).evaluate()
    short = api.parse(ATTENTION.split("scores")[0] + "L = sum(attention(Q, K, V, causal=True)^2)").evaluate()
    assert short.value == pytest.approx(run.value, rel=1e-15)
    for name in "QKV":
        assert short.gradient[name] == pytest.approx(run.gradient[name], rel=1e-12, abs=1e-16)


def test_masked_cells_have_no_gradient_at_all() -> None:
    run = api.parse(ATTENTION).evaluate()
    for name in ("scores", "masked", "weights"):
        found = gradient(run, name)
        if name != "weights":  # a weight of 0 would still count if it grew
            assert found[np.triu_indices(3, 1)].tolist() == [0, 0, 0]
    assert gradient(run, "masked")[2].all()


def test_values_move_the_output_by_their_weights() -> None:
    graph = api.parse("V = [[1, 0], [0, 2], [1, 2]]; w = [1/4, 1/2, 1/4]; w @ V")
    before, after = graph.evaluate().value, graph.evaluate(V=[[1, 0], [0, 4], [1, 2]]).value
    assert (before.tolist(), after.tolist()) == ([0.5, 1.5], [0.5, 2.5])


# Layers


def test_the_gradient_of_a_bias_is_the_sum_over_the_batch() -> None:
    graph = api.parse(
        "X = randn(5, 3, seed=1); W = randn(3, 2, seed=2); b = [0.1, 0.2]; Y = randn(5, 2, seed=3)\n"
        "Z = X @ W + b\n"
        "L = mean((Z - Y)^2)"
    )
    run = graph.evaluate()
    G = gradient(run, "Z")
    assert run.gradient["b"] == pytest.approx(G.sum(axis=0), rel=1e-14)
    assert run.gradient["W"] == pytest.approx(run.variables["X"].T @ G, rel=1e-13)
    assert run.gradient["X"] == pytest.approx(G @ run.variables["W"].T, rel=1e-13)


def test_a_convolution_of_a_5_by_5_picture() -> None:
    graph = api.parse(
        "P = randn(5, 5, seed=1); K = [[1, 0, -1], [2, 0, -2], [1, 0, -1]]; C = conv2d(P, K); sum(C^2)"
    )
    run = graph.evaluate()
    P, K, G = run.variables["P"], run.variables["K"], gradient(run, "C")
    wanted = np.array([[np.sum(P[i : i + 3, j : j + 3] * K) for j in range(3)] for i in range(3)])
    assert gradient(run, "C") == pytest.approx(2 * wanted)
    by_hand = np.array([[np.sum(P[i : i + 3, j : j + 3] * G) for j in range(3)] for i in range(3)])
    assert run.gradient["K"] == pytest.approx(by_hand)
    padded = np.pad(G, 2)
    full = np.array(
        [[np.sum(padded[i : i + 3, j : j + 3] * K[::-1, ::-1]) for j in range(5)] for i in range(5)]
    )
    assert run.gradient["P"] == pytest.approx(full)


def test_max_pooling_with_a_tie() -> None:
    run = api.parse(
        "P = [[1, 1, 0, 2], [0, 1, 3, 3], [5, 4, 0, 0], [4, 5, 0, 0]]; sum(max_pool(P, 2))"
    ).evaluate()
    third, half, quarter = 1 / 3, 0.5, 0.25
    wanted = [
        [third, third, 0, 0],
        [0, third, half, half],
        [half, 0, quarter, quarter],
        [0, half, quarter, quarter],
    ]
    assert run.value == 9
    assert run.gradient["P"] == pytest.approx(np.array(wanted))


def test_softmax_regression_on_iris() -> None:
    iris = api.data("iris")
    y = iris["y"]
    X = np.column_stack([iris["x1"], iris["x2"]])
    X = (X - X.mean(axis=0)) / X.std(axis=0)
    count = len(np.unique(y))
    graph = api.parse(
        f"X = zeros(150, 2); y = zeros(150); W = zeros(2, {count}); b = zeros({count})\n"
        "loss = cross_entropy(X @ W + b, y)"
    )
    at: dict[str, Any] = {"X": X, "y": y, "W": np.zeros((2, count)), "b": np.zeros(count)}
    run = graph.evaluate(at)
    assert run.value == pytest.approx(np.log(count))
    G = (np.full((150, count), 1 / count) - np.eye(count)[y.astype(int)]) / 150
    assert run.gradient["W"] == pytest.approx(X.T @ G)
    assert run.gradient["b"] == pytest.approx(G.sum(axis=0))
    assert not run.gradient["y"].any(), "a class is a choice"
    for _ in range(300):
        run = graph.evaluate(at)
        at |= {name: at[name] - run.gradient[name] for name in ("W", "b")}
    scores = X @ at["W"] + at["b"]
    assert (scores.argmax(axis=1) == y).mean() > 0.94


# The public Autodiff-Puzzles: each Jacobian as its answer has it, in brackets that are 1 where they hold

AT, OUT = np.arange(10), np.arange(10)[:, None]


def bracket(condition: Any) -> Any:
    return np.asarray(condition, dtype=float)


def grid(*sizes: int) -> list[Any]:
    return list(np.indices(sizes, sparse=True))


def conv_same(x: Any, y: Any) -> tuple[Any, Any]:
    """d f[o] / d X[i] is Y[o - i] where that is in the kernel, d f[o] / d Y[k] is X[o - k]."""
    to_x, to_y = np.zeros((16, 16)), np.zeros((16, 4))
    for o in np.ndindex(4, 4):
        for k in np.ndindex(2, 2):
            i = o[0] - k[0], o[1] - k[1]
            if min(i) >= 0:
                to_x[4 * o[0] + o[1], 4 * i[0] + i[1]] = y[2 * k[0] + k[1]] / 4
                to_y[4 * o[0] + o[1], 2 * k[0] + k[1]] = x[4 * i[0] + i[1]] / 4
    return to_x, to_y


def convolved(x: Any, y: Any) -> tuple[Any, Any]:
    o, i = grid(6, 10)
    inside = (o <= i) & (i < o + 5)
    to_x = bracket(inside) * y[np.where(inside, 4 - (i - o), 0)] / 5
    o, k = grid(6, 5)
    return to_x, x[o + 4 - k] / 5


def matrices(x: Any, y: Any) -> tuple[Any, Any]:
    o, i = grid(4, 4)
    to_x = bracket(o // 2 == i // 2) * y[2 * (i % 2) + o % 2]
    to_y = bracket(o % 2 == i % 2) * x[2 * (o // 2) + i // 2]
    return to_x, to_y


TEN = "x = randn(10, seed=3)"
TWO = "x = randn(10, seed=3); y = randn(10, seed=4)"
PUZZLES: dict[str, tuple[str, str, Any]] = {
    "1 id": ("x = [0.7]", "2 x", lambda x: [[2]]),
    "2 cosine": ("x = [0.7]", "cos(x)", lambda x: [-np.sin(x)]),
    "3 mean": (TEN, "mean(x, axis=0, keepdim=True)", lambda x: np.full((1, 10), 0.1)),
    "4 product": (TEN, "prod(x, keepdim=True)", lambda x: (np.prod(x) / x)[None]),
    "5 repeat": ("x = [0.7]", "broadcast(x, 10)", lambda x: np.ones((10, 1))),
    "6 repeat and scale": ("x = [0.7]", "x * (arange(10) / 10)", lambda x: OUT / 10),
    "7 negation": (TEN, "-x", lambda x: -bracket(OUT == AT)),
    "8 relu": (TEN, "x * (x > 0)", lambda x: bracket(OUT == AT) * (x > 0)),
    "9 index": ("x = randn(25, seed=3)", "x[10:]", lambda x: np.eye(25)[10:]),
    "10 cumsum": (TEN, "cumsum(x) / 20", lambda x: bracket(AT <= OUT) / 20),
    "11 running mean": (
        TEN,
        "conv1d(x, ones(3) / 3)",
        lambda x: bracket((OUT[:8] <= AT) & (OUT[:8] + 3 > AT)) / 3,
    ),
    "12 sort": (TEN, "sort(x)", lambda x: bracket(np.argsort(x)[:, None] == AT)),
    "13 elementwise mean": (TWO, "(x + y) / 2", lambda x, y: (bracket(OUT == AT) / 2,) * 2),
    "14 elementwise mul": (TWO, "x * y", lambda x, y: (bracket(OUT == AT) * y, bracket(OUT == AT) * x)),
    "15 convolution": ("x = randn(10, seed=3); y = randn(5, seed=4)", "conv1d(x, flip(y)) / 5", convolved),
    "16 view": ("x = randn(4, 4, seed=3)", "reshape(x, 16)", lambda x: np.eye(16).reshape(16, 4, 4)),
    "17 transpose": (
        "x = randn(4, 4, seed=3)",
        "x.T",
        lambda x: np.einsum("oj,pi->opij", np.eye(4), np.eye(4)),
    ),
    "18 mean of rows": (
        "x = randn(4, 4, seed=3)",
        "mean(x, axis=0)",
        lambda x: np.broadcast_to(bracket(grid(4, 4, 4)[0] == grid(4, 4, 4)[2]) / 4, (4, 4, 4)),
    ),
    "19 matrices": (
        "x = randn(4, seed=3); y = randn(4, seed=4)",
        "flatten(reshape(x, 2, 2) @ reshape(y, 2, 2))",
        matrices,
    ),
    "20 convolution of pictures": (
        "x = randn(16, seed=3); y = randn(4, seed=4)",
        "Y = flip(flip(reshape(y, 2, 2), axis=0), axis=1)\n"
        "flatten(conv2d(reshape(x, 4, 4), Y, padding=1)[0:4, 0:4]) / 4",
        conv_same,
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", PUZZLES)
def test_the_jacobians_of_the_autodiff_puzzles(name: str) -> None:
    start, program, answer = PUZZLES[name]
    *lines, last = program.split("\n")
    run = api.parse("\n".join([start, *lines, f"out = {last}"])).evaluate()
    given = [array(run.graph.start[variable]) for variable in run.graph.variables]  # type: ignore[arg-type]
    order = dict(zip(run.graph.variables, given, strict=True))
    wanted = answer(*(order[variable] for variable in sorted(order)))
    wanted = wanted if isinstance(wanted, tuple) else (wanted,)
    for variable, each in zip(sorted(order), wanted, strict=True):
        assert run.jacobian("out", variable) == pytest.approx(np.asarray(each), abs=1e-15)
        drawn = whole(run, variable)
        assert drawn is not None
        assert drawn.numbers == pytest.approx(np.reshape(each, drawn.numbers.shape), abs=1e-15)
