"""PyTorch's calls, lists and loops over tensors: what they compute there, by programs of the language."""

import numpy as np
import pytest

from graphviz_backprop import api
from graphviz_backprop.language.errors import ExpressionError

NUMBERS = {
    "x": [[0.5, -1.5, 2, 1], [1, 0.25, -0.5, 3], [-2, 1, 0.75, -1]],
    "W": [[1, 2, -1, 0.5], [0.5, -2, 1, 1]],
    "b": [0.5, -1],
    "g": [1, 2, 0.5, -1],
    "h": [0.25, -1, 1, 2],
    "P": [[[[1, 2, 0, -1], [3, 1, 2, 0.5], [0, 1, 4, 2], [1, -2, 0.5, 3]]]],
    "K": [[[[1, -1], [0.5, 2]]], [[[2, 0], [1, 1]]]],
}
IMPORTS = "import torch\nimport torch.nn as nn\nimport torch.nn.functional as F\n"
PASTED = "".join(f"{name} = torch.tensor({value}, requires_grad=True)\n" for name, value in NUMBERS.items())
OWN = "".join(f"{name} = {value}\n" for name, value in NUMBERS.items())


def same(pasted: str, own: str) -> None:
    """Values and gradients: of the sum of the squares of what the last line is."""
    *above, last = pasted.strip().split("\n")
    found = api.parse("\n".join([IMPORTS, PASTED, *above, f"(({last})**2).sum()"])).evaluate()
    wanted = api.parse(f"{OWN}r = {own}\nsum(r^2)").evaluate()
    assert np.isclose(found.value, wanted.value, rtol=1e-12)
    assert set(found.gradient) - {"y", "t_1"} == set(wanted.gradient)  # labels, and where a sum starts
    for name, gradient in wanted.gradient.items():
        assert np.allclose(found.gradient[name], gradient, rtol=1e-11, atol=1e-13), name


Y = "y = torch.tensor([0, 3, 1])\n"
CALLS = [
    ("F.linear(x, W)", "x @ W.T"),
    ("F.linear(x, weight=W, bias=b)", "x @ W.T + b"),
    ("F.linear(input=x, weight=W, bias=None)", "x @ W.T"),
    ("F.embedding(torch.tensor([0, 2, 0]), x)", "x[[0, 2, 0]]"),
    ("F.layer_norm(x, (4,))", "layer_norm(x)"),
    ("F.layer_norm(x, [4], g, h, 0.1)", "layer_norm(x, g, h, eps=0.1)"),
    ("F.layer_norm(x, x.shape[-1], weight=g)", "layer_norm(x) * g"),
    ("F.conv2d(P, K, b)", "conv2d(P, K) + b[:, None, None]"),
    ("F.conv2d(P, K, bias=b, stride=2, padding=1)", "conv2d(P, K, stride=2, padding=1) + b[:, None, None]"),
    ("F.conv2d(P, K, None, 2, 1)", "conv2d(P, K, stride=2, padding=1)"),
    ("F.conv1d(x, K[:, :, 0].expand(2, 3, 2), b)", "conv1d(x, broadcast(K[:, :, 0], 2, 3, 2)) + b[:, None]"),
    ("F.nll_loss(F.log_softmax(x, 1), torch.tensor([0, 3, 1]))", "cross_entropy(x, [0, 3, 1])"),
    (f"{Y}F.cross_entropy(2 * x, y, reduction='sum')", "3 * cross_entropy(2 x, [0, 3, 1])"),
    ("F.cross_entropy(g, torch.tensor(2), reduction='sum')", "cross_entropy(g, 2)"),
    (f"{Y}F.cross_entropy(x, y, label_smoothing=0.25)",
     "cross_entropy(x, 0.75 * one_hot([0, 3, 1], 4) + 0.25 / 4)"),
    ("F.normalize(x)", "x / norm(x, axis=1, keepdim=True)"),
    ("F.normalize(x, p=2, dim=0)", "x / norm(x, axis=0, keepdim=True)"),
    ("F.cosine_similarity(g, h, dim=0)", "g @ h / (norm(g) norm(h))"),
    ("x.clamp(min=0.5)", "where(x >= 0.5, x, 0.5)"),
    ("torch.clamp(x, max=0.5)", "where(x <= 0.5, x, 0.5)"),
    ("x.clamp_min(0) + x.clamp_max(1)", "where(x >= 0, x, 0) + where(x <= 1, x, 1)"),
    ("torch.full((3, 4), 2.5) * x", "2.5 x"),
    ("x + torch.full_like(x, 3.0)", "x + 3"),
    ("F.softmax(x[:, :3] + torch.triu(torch.full((3, 3), float('-inf')), diagonal=1), dim=-1)",
     "softmax(where(tril(ones(3, 3)), x[:, :3], log(0)))"),
    ("torch.linalg.vector_norm(x, dim=1, keepdim=True) * x", "norm(x, axis=1, keepdim=True) * x"),
    ("torch.trace(x[:, :3]) * g", 'einsum("ii->", x[:, :3]) * g'),
    ("x[:, :3].diagonal()", 'einsum("ii->i", x[:, :3])'),
    ("torch.mv(x, g)", "x @ g"),
    ("torch.addmm(b, x, W.t())", "b + x @ W.T"),
    ("(x.t()).contiguous().ravel()", "flatten(x.T)"),
    ("(2 * P).flatten(1)", "reshape(2 P, 1, 16)"),
    ("nn.Flatten()(nn.MaxPool2d(2)(P))", "reshape(max_pool(P, 2), 1, 4)"),
    ("F.kl_div(x.log_softmax(1), torch.tensor([[0, 1, 0, 0], [0.5, 0.5, 0, 0], [0.25, 0.25, 0.25, 0.25]]),"
     " reduction='batchmean')",
     "cross_entropy(x, [[0, 1, 0, 0], [0.5, 0.5, 0, 0], [0.25, 0.25, 0.25, 0.25]]) - (ln(2) + ln(4)) / 3"),
    ("F.avg_pool2d(P, 2)", "conv2d(P, ones(1, 1, 2, 2) / 4, stride=2)"),
    (f"{Y}x.log_softmax(1).gather(1, y.unsqueeze(1)).squeeze(1)", "log_softmax(x)[arange(3), [0, 3, 1]]"),
    (f"{Y}(2 * x).gather(-1, y[:, None])", "unsqueeze(2 x[arange(3), [0, 3, 1]], 1)"),
    ("torch.topk(g, 3).values * g.topk(3)[0]", "sort(g)[::-1][:3]^2"),
    ("x[..., 0] * x[0, ..., 1]", "x[:, 0] * x[0, 1]"),
]  # fmt: skip


@pytest.mark.parametrize(("pasted", "own"), CALLS)
def test_calls_mean_what_they_mean_in_pytorch(pasted: str, own: str) -> None:
    same(pasted, own)


@pytest.mark.parametrize(
    "call",
    [
        "F.layer_norm(P, (4, 4))",
        "F.conv2d(P, K, groups=2)",
        "F.normalize(x, p=1)",
        "F.cross_entropy(x, torch.tensor([0, 3, 1]), ignore_index=3)",
        "F.nll_loss(x, torch.tensor([0, 3, 1]), reduction='sum')",
        "x.flatten(0, 1)",
        "F.avg_pool2d(P, 2, 1)",
        "F.kl_div(x, x, reduction='mean')",
        "x.gather(0, torch.tensor([0, 1, 2]).unsqueeze(1))",
        "F.dropout(x, 0.5)",
    ],
)
def test_what_has_no_form_is_refused(call: str) -> None:
    with pytest.raises(ExpressionError):
        api.parse(f"{IMPORTS}{PASTED}{call}.sum()")


PARTS = [
    ("a, c = x.chunk(2, dim=-1)\na * c", "x[:, :2] * x[:, 2:]"),
    ("a, c = torch.chunk(x, 2, 1)\na * c", "x[:, :2] * x[:, 2:]"),
    ("a, c = x.split(2)\na * c", "x[:2] * x[2:]"),
    ("a, c = torch.split(x, [1, 3], dim=1)\na * c", "x[:, 0:1] * x[:, 1:]"),
    ("q, k, v = (x @ torch.cat([W, W[:1]]).T).split(1, dim=-1)\nq * k + v",
     "(x @ W[0] * (x @ W[1]) + x @ W[0])[:, None]"),
    ("a, c = W.unbind()\na * c", "W[0] * W[1]"),
    ("p, q, r, s = x.unbind(1)\np * q - r * s", "x[:, 0] * x[:, 1] - x[:, 2] * x[:, 3]"),
    ("a, c = W\na * c", "W[0] * W[1]"),
    ("v, i = g.topk(2)\nv * h[i] * i", "sort(g)[::-1][:2] * h[[1, 0]] * [1, 0]"),
]  # fmt: skip


@pytest.mark.parametrize(("pasted", "own"), PARTS)
def test_parts_of_a_tensor_are_given_names(pasted: str, own: str) -> None:
    same(pasted, own)


def test_parts_of_unequal_length_are_refused() -> None:
    """PyTorch's chunks of three rows are two and one: nothing may be taken for them."""
    with pytest.raises(ExpressionError):
        api.parse(f"{IMPORTS}{PASTED}a, c = x.chunk(2)\n(a * c).sum()")


LISTS = [
    ("sum([x[0], x[1] * x[2]])", "x[0] + x[1] * x[2]"),  # Python adds the values; NumPy's sum adds all cells
    ("sum(x[i] * i for i in range(3))", "x[1] + 2 x[2]"),
    ("n = 3\ntorch.stack([x[i] * x[2 - i] for i in range(n)])", "[x[0] * x[2], x[1] * x[1], x[2] * x[0]]"),
    ("t = 0\nfor row in x:\n    t = t + row ** 2 * row[0]\nt",
     "x[0]^2 x[0, 0] + x[1]^2 x[1, 0] + x[2]^2 x[2, 0]"),
    ("t = 0\nfor i, row in enumerate(x):\n    t += row * i\nt", "x[1] + 2 x[2]"),
    ("t = 0\nfor a, c in zip(W, x):\n    t = t + a * c\nt", "W[0] * x[0] + W[1] * x[1]"),
    ("t = x[0]\nfor i in reversed(range(3)):\n    t = t * 2 + x[i]\nt",
     "x[0] * 8 + x[2] * 4 + x[1] * 2 + x[0]"),
    ("u = g\nus = []\nfor row in x:\n    u = torch.tanh(u + row)\n    us.append(u)\ntorch.stack(us)",
     "[tanh(g + x[0]), tanh(tanh(g + x[0]) + x[1]), tanh(tanh(tanh(g + x[0]) + x[1]) + x[2])]"),
    ("us = [g]\nfor t in range(2):\n    us.append(us[-1] * x[t])\nus[-1] + us[1] + len(us)",
     "g * x[0] * x[1] + g * x[0] + 3"),
    ("us = []\nus.append(g @ h)\nus.append(g @ g)\nsum(us) / len(us)", "(g @ h + g @ g) / 2"),
]  # fmt: skip


@pytest.mark.parametrize(("pasted", "own"), LISTS)
def test_lists_and_loops_over_what_is_there(pasted: str, own: str) -> None:
    same(pasted, own)


def test_what_a_module_holds_may_be_called_as_a_function_is() -> None:
    """``self.linear(x)`` is the layer, not ``F.linear``."""
    text = f"""{IMPORTS}
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.linear = nn.Linear(4, 2)
        self.flatten = nn.Tanh()
    def forward(self, x):
        return self.flatten(self.linear(x))
net = Net()
x = torch.tensor({NUMBERS["x"]})
net(x).sum()"""
    graph = api.parse(text)
    assert {"linear_weight", "linear_bias"} <= set(graph.variables)
    assert any(node.op == "tanh" for node in graph.nodes)


def test_a_row_of_one_negative_number_keeps_its_brackets() -> None:
    graph = api.parse("import torch\nB = torch.tensor([[-1.0], [2.0]], requires_grad=True)\n(B @ B.T).sum()")
    assert graph.shapes["B"] == (2, 1)
    assert api.parse("import torch\nB = torch.tensor([[-2.0]])\nB.squeeze() * 2").evaluate().value == -4


def test_a_list_of_many_values_is_not_written_out() -> None:
    text = f"{IMPORTS}{PASTED}sum([x[0, 0] * i + sum([x[0, 1] for j in range(1000)]) for i in range(1000)])"
    with pytest.raises(ExpressionError):
        api.parse(text)
