"""What has a name of ours and computes something else where it comes from: read as there, or refused."""

import numpy as np
import pytest

from graphviz_backprop import api
from graphviz_backprop.language.errors import ExpressionError

TORCH = "import torch\nx = torch.tensor([[1.0, 5.0, 3.0], [4.0, 2.0, 7.0]])\n"
NUMPY = "import numpy as np\nx = np.array([[1.0, 5.0, 3.0], [4.0, 2.0, 7.0]])\n"
TENSORFLOW = "import tensorflow as tf\nx = tf.constant([[1.0, 5.0, 3.0], [4.0, 2.0, 7.0]])\n"


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        # PyTorch's max along an axis is a pair of values and indices; NumPy's is the values
        (f"{TORCH}x.max(dim=1)[0]", [5, 7]),
        (f"{TORCH}torch.max(x, 1)[0]", [5, 7]),
        (f"{TORCH}x.min(-1)[0].sum()", 3),
        (f"{TORCH}x.max(1).values", [5, 7]),
        (f"{TORCH}x[0].sort()[0]", [1, 3, 5]),
        (f"{TORCH}torch.max(x, 2 * x)[0]", [2, 10, 6]),
        (f"{TORCH}np.max(x, 1)[0]", 5),
        (f"{NUMPY}x.max(1)[0]", 5),
        (f"{NUMPY}x.max(axis=1)[0]", 5),
        # its var and std have the correction third; NumPy's do not correct, beside PyTorch either
        (f"{TORCH}x.var(1, False)", [8 / 3, 38 / 9]),
        (f"{TORCH}x.var(1, True)", [4, 19 / 3]),
        (f"{TORCH}x.var(1, True, True)", [[4], [19 / 3]]),
        (f"{TORCH}np.var(x, 1)", [8 / 3, 38 / 9]),
        ("from torch import tensor\nx = tensor([1.0, 3.0])\nx.var()", 2),
        (f"{NUMPY}np.average(x, 0)", [2.5, 3.5, 5]),
        (f"{TENSORFLOW}tf.reduce_mean(x, axis=0)", [2.5, 3.5, 5]),
        (f"{TENSORFLOW}tf.reduce_sum(x, 1)", [9, 13]),
        (f"{TENSORFLOW}tf.reduce_max(x, 1, True)", [[5], [7]]),
        # a new value, where another name has the old one
        (f"{NUMPY}y = x * 2\nz = y\ny = y + 1\nz[0, 0]", 2),
        (f"{NUMPY}y = x * 2\nz = y\ny = x + 1\ny += 1\nz[0, 0]", 2),
        (f"{TORCH}y = x.sum()\nprint(y.item())", 22),
        (f"{TORCH}y = x.sum().item()\ny", 22),
        (f"{TORCH}y = float(x.sum())\nprint(y)", 22),
        (f"{TORCH}(x / float(x.shape[1])).sum()", 22 / 3),
        (f"{TORCH}n = 2\ny = 0\nfor i in range(3):\n  y = y + float(i) * x.sum() / float(n)\ny", 33),
        # an axis that is not named is the last one of two
        (f"{TORCH}F.softmax(x).sum()", 2),
        (f"{TORCH}F.softmax(x[0]).sum()", 1),
    ],
)  # fmt: skip
def test_it_is_what_it_is_there(text: str, wanted: object) -> None:
    assert np.asarray(api.parse(text).evaluate().value) == pytest.approx(np.asarray(wanted), rel=1e-12)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (f"{TORCH}x.max(dim=1)[1]", "of values and indices the values are read"),
        (f"{TORCH}x.max(dim=1) * 2", "this gives values and indices there"),
        (f"{TORCH}m = x.max(1)\nm[0]", "this gives values and indices there"),
        (f"{TORCH}x.norm(1)", "this argument of norm is its order"),
        (f"{TORCH}torch.norm(x, 1)", "this argument of norm is its order"),
        (f"{NUMPY}np.linalg.norm(x, 1)", "this argument of norm is its order"),
        (f"{NUMPY}np.linalg.norm(x, ord=2)", "this argument of norm is its order"),
        (f"{TORCH}x.gather(1, torch.tensor([[0], [2]]))", "gather takes a cell for each index"),
        (f"{TORCH}x[x > 1].sum()", "a comparison would choose cells"),
        (f"{NUMPY}x[(x > 1) * (x < 3)].sum()", "a comparison would choose cells"),
        (f"{NUMPY}np.flip(x)", "flip goes along one axis of 2×3"),
        (f"{NUMPY}np.cumsum(x)", "cumsum goes along one axis of 2×3"),
        (f"{TENSORFLOW}tf.argmax(x) @ x", "TensorFlow's argmax goes along axis 0"),
        (f"{NUMPY}scipy.special.softmax(x)[0, 0]", "SciPy's softmax is of all cells"),
        (f"{NUMPY}np.linspace(0, 1, 3, endpoint=False) @ x[0]", "this argument can't be read here"),
        (f"{NUMPY}np.tanh(x, axis=1)", "this argument can't be read here"),
        (
            f"{TORCH}F.softmax(torch.ones(2, 3, 4)).sum()",
            "softmax goes along one axis of 2×3×4",
        ),
        (f"{TORCH}nn.LogSoftmax()(torch.ones(2, 3, 4)).sum()", "log_softmax goes along one axis of 2×3×4"),
        ("math.remainder(x, 2)", "math.remainder rounds"),
        # what changes in place has other names
        (f"{TORCH}y = x * 2\nz = y\ny += 1\nz.sum()", "y and z are one tensor"),
        (f"{NUMPY}y = x\ny *= 2\n(x * y).sum()", "y and x are one tensor"),
        # no gradient flows through a plain number
        (f"{TORCH}x.data.sum() * x.sum()", "no gradient flows through .data"),
        (f"{TORCH}x.sum().item() * x.sum()", "no gradient flows through .item()"),
        (f"{TORCH}c = x.sum().item()\nd = c\nx.sum() * d", "d is a plain number there"),
        (f"{TORCH}(float(x[0, 0]) * x).sum()", "no gradient flows through float(…)"),
        (f"{TORCH}c = float(x.sum())\nx.sum() * c", "c is a plain number there"),
        (f"{TORCH}c = int(x.sum())\nc", "int cuts digits off"),
        (f"{TORCH}y = z = x * 2\ny += 1\nz.sum()", "y and z are one tensor"),
        ("x = Value(2.0)\ny = x.data * x\ny.backward()", "no gradient flows through .data"),
    ],
)
def test_what_would_be_something_else_is_refused(text: str, message: str) -> None:
    with pytest.raises(ExpressionError) as caught:
        api.parse(text)
    assert message in caught.value.message


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("_, i = x.max(1)", "write i = x.argmax(1)"),
        ("v, i = x.max(1)", "write v = x.max(1).values and i = x.argmax(1)"),
        ("v, _ = torch.min(x, dim=1)", "write v = torch.min(x, dim=1).values"),
        ("v, i = x[0].sort()", "write v = x[0].sort().values and i = x[0].argsort()"),
    ],
)
def test_a_pair_is_taken_apart_by_what_its_hint_says(text: str, hint: str) -> None:
    with pytest.raises(ExpressionError) as caught:
        api.parse(f"{TORCH}{text}\nx.sum()")
    assert caught.value.hint == hint
    for written in hint.removeprefix("write ").split(" and "):
        name = written.split(" = ")[0]
        assert api.parse(f"{TORCH}{written}\n{name}").evaluate().value is not None


def test_two_names_of_one_tensor_are_one_variable() -> None:
    graph = api.parse("import torch\na = b = torch.tensor([1.0, 2.0])\n(a * b).sum()")
    assert list(graph.variables) == ["a"]
    assert graph.evaluate().gradient["a"].tolist() == [2, 4]
    drawn = api.parse("import torch\na = b = torch.randn(2)\n(a - b).sum()").evaluate()
    assert (drawn.value, drawn.gradient["a"].tolist()) == (0, [0, 0])


def test_two_names_of_one_plain_number_move_by_themselves() -> None:
    graph = api.parse("w = b = 0.0\nx = 2.0\ny = w*x + b\ny += 1")
    assert graph.evaluate().gradient == {"w": 2, "b": 1, "x": 0}
