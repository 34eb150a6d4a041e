"""Pasted NumPy and PyTorch about tensors: what is read, and that it computes what it computed there."""

import contextlib

import numpy as np
import pytest

from graphviz_backprop import api
from graphviz_backprop.language.errors import ExpressionError

LAYER = """\
import torch
import torch.nn.functional as F
X = torch.tensor([[1.0, 2.0], [3.0, -4.0]])
W = torch.tensor([[0.5, -1.0, 2.0], [0.1, 0.2, 0.3]], requires_grad=True)
b = torch.zeros(3, requires_grad=True)
y = torch.tensor([0, 2])
logits = X @ W + b
loss = F.cross_entropy(logits, y)
loss.backward()"""


def program(text: str) -> str:
    pasted = api.parse(text).pasted
    assert pasted is not None
    return pasted.program


def test_a_layer_of_pytorch() -> None:
    assert program(LAYER).splitlines() == [
        "X = [[1.0, 2.0], [3.0, -4.0]]",
        "W = [[0.5, -1.0, 2.0], [0.1, 0.2, 0.3]]",
        "b = zeros(3)",
        "y = [0, 2]",
        "logits = X @ W + b",
        "loss = cross_entropy(logits, y)",
    ]
    assert api.parse(LAYER).shapes == {"X": (2, 2), "W": (2, 3), "b": (3,), "y": (2,)}


@pytest.mark.parametrize(
    ("text", "ours"),
    [
        ("np.array([1.0, 2.0]) @ np.ones(2)", "[1.0, 2.0] @ ones(2)"),
        ("A = np.ones((2, 3)); A.T @ A.mean(axis=1)", "A = ones((2, 3))\nA.T @ mean(A, axis=1)"),
        ("x = torch.ones(2, 3)\nx.sum(0, keepdim=True)", "x = ones(2, 3)\nsum(x, axis=0, keepdim=True)"),
        ("x = torch.ones(2, 3)\nx.max(1, keepdim=True).values",
         "x = ones(2, 3)\nmax(x, axis=1, keepdim=True)"),
        ("x = torch.ones(2, 3)\nx.view(3, -1)[0, 1:]", "x = ones(2, 3)\nview(x, 3, -1)[0, 1:]"),
        ("x = torch.ones(2, 3)\nx[range(2), [0, 2]]", "x = ones(2, 3)\nx[arange(2), [0, 2]]"),
        ("x = torch.ones(2, 3)\ntorch.cat([x, x], 1)", "x = ones(2, 3)\nconcat(x, x, axis=1)"),
        ("x = torch.ones(2)\nx.var()", "x = ones(2)\nvar(x, correction=1)"),
        ("x = np.ones(2)\nx.var()", "x = ones(2)\nvar(x)"),
        ("x = [1, -2, 3]\nnp.mean(x)", "x = [1, -2, 3]\nmean(x)"),
        ("x = [1, 2]; (x**2).sum()", "x = [1, 2]\nsum(x^2)"),
        ("n = 2\nx = torch.ones(n * 3)\nx.view(n, 3)", "x = ones(6)\nview(x, 2, 3)"),
        ("x = torch.ones(3)\nF.softmax(x, dim=0)", "x = ones(3)\nsoftmax(x, axis=0)"),
        ("x = torch.ones(3)\nF.one_hot(torch.tensor([0, 1]), num_classes=3) @ x",
         "x = ones(3)\none_hot([0, 1], classes=3) @ x"),
        ("A = np.ones((2, 2))\nnp.einsum('ij,jk->ik', A, A)", 'A = ones((2, 2))\neinsum("ij,jk->ik", A, A)'),
        ("S = torch.ones(2, 2)\nS.masked_fill(torch.tril(S) == 0, float('-inf'))",
         "S = ones(2, 2)\nwhere(tril(S) == 0, log(0), S)"),
        ("torch.randn(2, 3, generator=g).sum()", "sum(randn(2, 3, seed=1))"),
    ],
)  # fmt: skip
def test_what_is_said_there_is_said_here(text: str, ours: str) -> None:
    assert program(text) == ours


def test_a_linear_layer_is_written_out() -> None:
    text = (
        "l1 = nn.Linear(2, 3)\nl2 = nn.Linear(3, 1, bias=False)\n"
        "x = torch.ones(4, 2)\nl2(torch.tanh(l1(x))).mean()"
    )
    lines = program(text).splitlines()
    assert lines[0].startswith("l1_weight = rand(3, 2, seed=1) * 1.41421 - 0.707107")
    assert lines[-1] == "mean(tanh(x @ l1_weight.T + l1_bias) @ l2_weight.T)"
    run = api.parse(text).evaluate()
    assert np.abs(run.variables["l1_weight"]).max() <= 0.5**0.5 + 1e-6
    assert run.gradient["l1_bias"].shape == (3,)


def test_numbers_in_torch_stay_numbers() -> None:
    text = "x = torch.tensor([2.0], requires_grad=True)\ny = (x ** 2).sum()\ny.backward()"
    assert program(text).splitlines() == ["x = 2.0", "y = x^2"]


@pytest.mark.torch
def test_pytorch_computes_the_same() -> None:
    space: dict[str, object] = {}
    exec(LAYER, space)
    run = api.parse(LAYER).evaluate()
    assert run.value == pytest.approx(space["loss"].item(), rel=1e-6)  # type: ignore[attr-defined]
    theirs = space["W"].grad.numpy()  # type: ignore[attr-defined]
    assert run.gradient["W"] == pytest.approx(theirs, rel=1e-5)


LONG = ["torch.ones(2, 3) + " + "+".join(["1"] * 30_000), "x" + "[x" * 300 + "]" * 300]


@pytest.mark.parametrize("text", LONG)
def test_long_and_deep_texts_are_read_or_refused(text: str) -> None:
    with contextlib.suppress(ExpressionError):
        api.parse(text)
