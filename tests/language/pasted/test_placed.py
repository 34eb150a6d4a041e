"""Cells that are given a value, ``x[0] = v``, ``d[range(n), y] -= 1``: as NumPy computes, and its slopes."""

import ast
import random

import numpy as np
import pytest

from graphviz_backprop import api
from graphviz_backprop.language.errors import ExpressionError
from graphviz_backprop.language.pasted.placed import leaves

START = [[0.5, -1.25, 2.0], [0.75, 0.25, -0.5]]
INPUT = f"z = np.array({START})\nw = 1.5\nx = z * z\n"
WEIGHTS = np.cos(np.arange(6)).reshape(2, 3)
STATEMENTS = [
    *("x[0] = 2", "x[1] = w", "x[-1] = x[0] * w", "x[0] -= w", "x[1] *= z[0]", "x[0] /= 4", "x[1] **= 2"),
    *(
        "x[:, 0] = 0",
        "x[:, 1:] = z[:, :2]",
        "x[:, -1] += w",
        "x[0, 2] = w * w",
        "x[1, 0:2] *= w",
        "x[:] = w",
        "x[...] = w",
    ),
    *("x[::-1, 0] = z[0, :2]", "x[1, :] -= x[0]", "x[:, 0] = x[:, 1]", "x[0, 0] = -3", "x[1, 1] += 0.5"),
    *("x[range(2), [2, 0]] -= 1", "x[range(2), [1, 1]] = w", "x[range(2), 1] *= w", "x[range(1), [2]] = 0"),
    *("x[np.arange(2), [0, 2]] /= w", "x[range(2), [0, 1]] = z[:, 0]", "x /= 2", "x = x + z"),
    "for i in range(2):\n    x[i, i + 1] = x[i, i] * w",
]


def computed(text: str, z: np.ndarray, w: float) -> float:
    scope = {"np": np}
    exec(text.split("\n", 2)[2], scope | {"z": z, "w": w}, names := {"z": z, "w": w})
    return float((names["x"] * WEIGHTS).sum())


def held_to_numpy(text: str) -> None:
    run = api.parse(f"{text}\n(x * np.array({WEIGHTS.tolist()})).sum()").evaluate()
    z = np.array(START)
    assert run.value == pytest.approx(computed(text, z, 1.5), rel=1e-12, abs=1e-12)
    for cell in np.ndindex(2, 3):
        step = np.zeros((2, 3))
        step[cell] = 1e-6
        slope = (computed(text, z + step, 1.5) - computed(text, z - step, 1.5)) / 2e-6
        assert run.gradient["z"][cell] == pytest.approx(slope, rel=1e-5, abs=1e-7)
    slope = (computed(text, z, 1.5 + 1e-6) - computed(text, z, 1.5 - 1e-6)) / 2e-6
    assert run.gradient.get("w", 0.0) == pytest.approx(slope, rel=1e-5, abs=1e-7)


@pytest.mark.parametrize("statement", STATEMENTS)
def test_a_cell_that_is_given_a_value_is_what_numpy_makes_it(statement: str) -> None:
    held_to_numpy(INPUT + statement)


@pytest.mark.parametrize("seed", range(12))
def test_several_one_after_the_other(seed: int) -> None:
    held_to_numpy(INPUT + "\n".join(random.Random(seed).sample(STATEMENTS, 4)))


def test_the_short_form_of_cross_entropys_gradient() -> None:
    text = """import torch.nn.functional as F
logits = torch.tensor([[1.0, 2.0, 3.0], [0.0, 1.0, 0.5]])
Yb = torch.tensor([2, 0])
n = 2
dlogits = F.softmax(logits, 1)
dlogits[range(n), Yb] -= 1
dlogits /= n"""
    graph = api.parse(text)
    assert graph.pasted is not None
    assert graph.pasted.program.splitlines()[2:] == [
        "dlogits_1 = softmax(logits, axis=1)",
        "dlogits_2 = dlogits_1 - scatter_add(ones(2), arange(2), Yb, shape=dlogits_1.shape)",
        "dlogits = dlogits_2 / 2",
    ]
    wanted = api.parse("z = [[1, 2, 3], [0, 1, 0.5]]; y = ([2, 0]); cross_entropy(z, y)").evaluate()
    assert np.allclose(graph.evaluate().value, wanted.gradient["z"], rtol=1e-12)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("x = torch.zeros(2, requires_grad=True)\nx[0] = 1\nx.sum()", "which requires a gradient"),
        ("x = torch.zeros(2)\nx.requires_grad = True\nx[0] = 1\nx.sum()", "which requires a gradient"),
        ("x = torch.zeros(2)\nps = [x]\nfor p in ps:\n    p.requires_grad = True\nx[0] = 1\nx.sum()",
         "which requires a gradient"),
        ("x = nn.Parameter(torch.zeros(2))\nx[0] = 1\nx.sum()", "which requires a gradient"),
        ("x = torch.zeros(2, 3)\ny = x.T\ny[0] = 1\nx.sum()", "one tensor, and this changes both"),
        ("x = torch.zeros(2, 3)\ny = x[0]\nx[0, 1] = 1\ny.sum()", "one tensor, and this changes both"),
        ("x = torch.zeros(2, 3)\ny = x\ny = y.view(-1)\ny += 1\nx.sum()", "this changes both"),
        ("def f(a):\n    return a\nx = torch.zeros(2)\ny = f(x)\ny[0] = 1\nx.sum()", "this changes both"),
        ("def f(x):\n    x[0] = 1\n    return x.sum()\nf(np.ones(3))", "which was made elsewhere"),
        ("x = torch.zeros(3)\nx[x > 1] = 0\nx.sum()", "where(x > 0, 0, x) for a condition"),
        ("x = torch.zeros(3)\nm = x > 1\nx[m] = 0\nx.sum()", "which cells are given a value"),
        ("x = torch.zeros(3)\ny = torch.tensor([0, 0])\nx[y] += 1\nx.sum()", "which cells are given a value"),
        ("x = torch.zeros(2, 2)\nx[range(2), [-1, 0]] = 1\nx.sum()", "which cells are given a value"),
        ("x = torch.tensor([1, 2])\nx[0] = 1.5\nx.sum()", "whole numbers"),
        ("x = torch.zeros(2)\nx[5] = 1\nx.sum()", "5"),
        ("x = torch.zeros(2)\nx[0] = torch.ones(3)\nx.sum()", "does not fit"),
    ],
)  # fmt: skip
def test_what_is_not_sure_is_refused(text: str, told: str) -> None:
    with pytest.raises(ExpressionError) as caught:
        api.parse("import torch\nimport numpy as np\n" + text)
    assert told in f"{caught.value} {caught.value.hint}"


def test_a_tensor_of_its_own_may_be_changed() -> None:
    text = "x = torch.tensor([1.0, 2.0], requires_grad=True)\ny = x + 0\ny[0] = 5\n(y * y).sum().backward()"
    run = api.parse("import torch\n" + text).evaluate()
    assert run.value == 29
    assert run.gradient["x"].tolist() == [0, 4]


def _nested(depth: int, inside: str) -> list[ast.stmt]:
    loops = "".join(f"{' ' * at}for i{at} in range(2):\n" for at in range(depth))
    return ast.parse(f"ps = [x, y]\n{loops}{' ' * depth}{inside}").body


def test_a_loop_in_loops_is_looked_into_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Twenty of them took twenty seconds, ever more with each."""
    looked: list[ast.AST] = []
    children = ast.iter_child_nodes
    monkeypatch.setattr(ast, "iter_child_nodes", lambda node: looked.append(node) or children(node))
    leaves(_nested(6, "s += x"))
    few = len(looked)
    looked.clear()
    leaves(_nested(12, "s += x"))
    assert len(looked) < 3 * few


def test_a_list_outside_loops_says_what_goes_through_it() -> None:
    assert {"x", "y"} <= leaves(_nested(3, "for p in ps: p.requires_grad = True"))
