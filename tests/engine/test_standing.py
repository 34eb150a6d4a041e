"""Descents on arrays that are made once: the numbers of the tape, and tanh′ to its last digits."""

import mpmath
import numpy as np
import pytest

import graphviz_backprop as gb
from graphviz_backprop.engine.tensors.simpler import SLOPE_OF_TANH, simpler
from graphviz_backprop.engine.tensors.slope import Slope
from graphviz_backprop.engine.tensors.standing import _slope_of_tanh
from graphviz_backprop.engine.tensors.tape import tape


@pytest.mark.parametrize("order", ["C", "F"])
def test_the_slope_of_tanh_keeps_its_digits(order: str) -> None:
    x = np.concatenate([np.linspace(-30, 30, 400), np.geomspace(1e-9, 300, 200)]).reshape(2, 300)
    found = np.asarray(np.empty((2, 300)), order=order)  # type: ignore[call-overload]
    _slope_of_tanh(x, np.tanh(x), found)
    with mpmath.workdps(50):
        exact = [float(mpmath.sech(mpmath.mpf(one)) ** 2) for one in x.ravel().tolist()]
    np.testing.assert_allclose(found.ravel(), exact, rtol=4e-15)


def test_what_constants_decide_is_left_out() -> None:
    graph = gb.parse("W = [[1, 2], [3, 4]]; x = [1, 2]; sum((tanh(W @ x) - 1)^2)")
    both = tape(graph)
    wanted = [both.values[-1], *(at for at in both.gradients if at is not None)]
    nodes, _ = simpler(both.nodes, wanted)
    ops = [node.op for node in nodes]
    assert SLOPE_OF_TANH in ops
    assert not {"where", "less", "equal", "pow", "cosh"} & set(ops)


def test_each_call_writes_to_the_same_arrays() -> None:
    graph = gb.parse("W = [[1, 2], [3, 4]]; x = [1, 2]; b = [0, 1]; sum(tanh(W @ x + b)^3 * x / b[1])")
    slope = Slope(graph, ["W", "b"], {"x": np.array([1.0, 2.0])})
    random = np.random.default_rng(0)
    for _ in range(3):
        at = {"W": random.normal(size=(2, 2)), "b": random.normal(size=2)}
        value, gradients = slope(at)
        run = graph.evaluate(**at)
        assert value == pytest.approx(run.value, rel=1e-13)
        for name, found in zip(("W", "b"), gradients, strict=True):
            np.testing.assert_allclose(found, run.gradient[name], rtol=1e-12)
