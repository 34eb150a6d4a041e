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


SEQUENTIAL = """\
import torch
import torch.nn as nn
torch.manual_seed(0)
model = nn.Sequential(nn.Linear(2, 3), nn.Tanh(), nn.Linear(3, 1))
criterion = nn.MSELoss()
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
x = torch.tensor([[1.0, 2.0]])
y = torch.tensor([[1.0]])
for epoch in range(2):
    optimizer.zero_grad()
    loss = criterion(model(x), y)
    loss.backward()
    optimizer.step()
print(loss.item())"""

CLASS = """\
import torch.nn as nn, torch.nn.functional as F

class Net(nn.Module):
    '''Two layers.'''

    def __init__(self, hidden, out=1):
        super().__init__()
        self.fc1 = nn.Linear(2, hidden)
        self.act = nn.Tanh()
        self.fc2 = nn.Linear(hidden, out)

    def forward(self, x):
        h = self.act(self.fc1(x))
        return self.fc2(h)

net = Net(3)
x = torch.tensor([[1.0, 2.0]])
loss = F.mse_loss(net(x), torch.tensor([[1.0]]))"""


@pytest.mark.parametrize(
    ("text", "names"),
    [
        (SEQUENTIAL, ("model_0", "model_2")),
        (CLASS, ("fc1", "fc2")),
        (CLASS.replace("Net(3)", "Net(hidden=3)"), ("fc1", "fc2")),
    ],
)
def test_modules_of_pytorch(text: str, names: tuple[str, str]) -> None:
    graph = api.parse(text)
    run = graph.evaluate()
    w1, b1 = (np.array(run.graph.start[f"{names[0]}_{word}"].cells) for word in ("weight", "bias"))
    w2, b2 = (np.array(run.graph.start[f"{names[1]}_{word}"].cells) for word in ("weight", "bias"))
    hidden = np.tanh(w1.reshape(3, 2) @ [1, 2] + b1)
    assert float(run.value) == pytest.approx((w2 @ hidden + b2[0] - 1) ** 2, rel=1e-12)


BCE = "binary_cross_entropy(p, t) = -mean(t * log(p) + (1 - t) * log(1 - p))"


def test_both_binary_cross_entropies_are_the_same_number() -> None:
    x, t = np.array([0.3, -1.2, 4.0]), np.array([1.0, 0.0, 1.0])
    p = 1 / (1 + np.exp(-x))
    wanted = -np.mean(t * np.log(p) + (1 - t) * np.log(1 - p))
    given = "x = torch.tensor([0.3, -1.2, 4.0])\nt = torch.tensor([1.0, 0.0, 1.0])\n"
    for loss in ("F.binary_cross_entropy(torch.sigmoid(x), t)", "nn.BCEWithLogitsLoss()(x, t)"):
        assert float(api.parse(given + loss).evaluate().value) == pytest.approx(wanted, rel=1e-12)
    of_numbers = api.parse("criterion = nn.BCELoss()\ncriterion(p, t)").evaluate(p=0.25, t=1.0)
    assert of_numbers.value == pytest.approx(-np.log(0.25), rel=1e-12)


@pytest.mark.parametrize(
    ("text", "ours"),
    [
        ("x = torch.ones(2)\nnn.BCELoss()(torch.sigmoid(x), torch.ones(2))",
         f"{BCE}\nx = ones(2)\nbinary_cross_entropy(sigmoid(x), ones(2))"),
        ("x = torch.ones(2)\nF.l1_loss(x, torch.zeros(2))", "x = ones(2)\nmean(abs(x - zeros(2)))"),
        ("x = torch.ones(2)\nnn.MSELoss(reduction='sum')(x, torch.zeros(2))",
         "x = ones(2)\nsum(square(x - zeros(2)))"),
        ("x = torch.ones(2)\nF.mse_loss(x, torch.zeros(2), reduction='none')",
         "x = ones(2)\nsquare(x - zeros(2))"),
        ("x = np.ones(2)\ndevice = x * 2\ndevice.sum()", "x = ones(2)\ndevice = x * 2\nsum(device)"),
        ("x = torch.ones(2, 3)\nnn.Softmax(dim=1)(x)", "x = ones(2, 3)\nsoftmax(x, axis=1)"),
        ("x = torch.linspace(-1, 1, 5)\nx.sum()", "x = arange(5) * 0.5 + -1.0\nsum(x)"),
        ("W = np.random.random((2, 3))\nW.sum()", "W = rand(2, 3, seed=1)\nsum(W)"),
        ("W = np.random.uniform(-1, 1, (2, 3))\nW.sum()", "W = rand(2, 3, seed=1) * 2.0 + -1.0\nsum(W)"),
        ("W = np.random.normal(0, 0.1, size=(2, 3))\nW.sum()", "W = randn(2, 3, seed=1) * 0.1 + 0.0\nsum(W)"),
        ("x = np.ones(3)\nmean = x.mean()\nstd = x.std()\n((x - mean) / (std + 1)).sum()",
         "x = ones(3)\nmean_1 = mean(x)\nstd_1 = std(x)\nsum((x - mean_1) / (std_1 + 1))"),
        ("with tf.GradientTape() as tape:\n    y = x**2\nd = tape.gradient(y, x)", "y = x^2"),
    ],
)  # fmt: skip
def test_what_is_wrapped_is_written_out(text: str, ours: str) -> None:
    assert program(text) == ours


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (CLASS.replace("net = Net(3)", "net = Net()"), "Net is made of 2 arguments"),
        ("x = torch.ones(2)\n(x.detach() * x).sum()", "detach is not a function"),  # it stops the gradient
        ("x = np.ones(3)\ng = np.gradient(x)\ng.sum()", "gradient is not a function"),
        (
            "m = nn.Linear(2, 1)\np = sum(w.sum() for w in m.parameters())\nm(torch.ones(2)) + p",
            "generatorexp",
        ),
        ("F.cross_entropy(torch.ones(1, 2), torch.ones(1), reduction='none')", "with the mean alone"),
        (CLASS + "\nother = Net(2)\nother(x)", "Net is made twice"),
        (CLASS.replace("self.act =", "for i in range(2): self.act ="), "only self.name = … is read here"),
        ("m = nn.Sequential(" + ", ".join(["nn.ReLU()"] * 51) + ")\nm(x)", "more than 50 modules"),
    ],
)
def test_a_module_that_can_not_be_written_out(text: str, message: str) -> None:
    with pytest.raises(ExpressionError) as caught:
        api.parse(text)
    assert message in caught.value.message


def test_a_long_sum_in_a_module_is_read() -> None:
    terms = " + ".join(["x"] * 900)
    head = "import torch.nn as nn\nclass N(nn.Module):\n    def forward(self, x):\n        return "
    text = f"{head}{terms}\nn = N()\nn(2.0)"
    assert float(api.parse(text).evaluate().value) == 1_800


HEAD = """\
device = "cuda" if torch.cuda.is_available() else "cpu"
class Head(nn.Module):
    def __init__(self, n_embd, head_size):
        super().__init__()
        self.key = nn.Linear(n_embd, head_size, bias=False)
        self.query = nn.Linear(n_embd, head_size, bias=False)
        self.value = nn.Linear(n_embd, head_size, bias=False)
        self.register_buffer("tril", torch.tril(torch.ones(4, 4)))
    def forward(self, x):
        k = self.key(x)
        q = self.query(x)
        wei = q @ k.transpose(-2,-1) * 8**-0.5
        wei = wei.masked_fill(self.tril == 0, float("-inf"))
        wei = F.softmax(wei, dim=-1)
        v = self.value(x)
        return wei @ v
head = Head(6, 8).to(device)
out = head(torch.randn(4, 6))
out.sum().backward()"""


def test_an_attention_head_of_a_lecture() -> None:
    run = api.parse(HEAD).evaluate()
    assert {"key_weight", "query_weight", "value_weight"} <= {*run.graph.variables}
    weights = next(x for node, x in zip(run.graph.nodes, run.values, strict=True) if node.op == "softmax")
    assert np.triu(weights, 1).max() == 0
    np.testing.assert_allclose(weights.sum(axis=1), 1, rtol=1e-12)
