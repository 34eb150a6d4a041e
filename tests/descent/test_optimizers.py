"""Each optimizer against PyTorch's published algorithm, written out here once more with 50 digits."""

import json

import mpmath
import numpy as np
import pytest

import graphviz_backprop as gb
from graphviz_backprop.descent.optimizers import OPTIMIZERS
from tools import vectors
from tools.updates import update_vectors

mp = mpmath.mp.clone()
mp.dps = 50


def sgd(w, gradient, steps, lr=0.001, momentum=0, nesterov=False):
    """torch.optim.SGD"""
    found, buffer = [w], None
    for _ in range(steps):
        g = gradient(w)
        buffer = g if buffer is None else momentum * buffer + g
        w = w - lr * (g + momentum * buffer if nesterov else buffer)
        found.append(w)
    return found


def rmsprop(w, gradient, steps, lr=0.01, alpha=0.99, eps=1e-8):
    """torch.optim.RMSprop"""
    found, average = [w], mp.mpf(0)
    for _ in range(steps):
        g = gradient(w)
        average = alpha * average + (1 - alpha) * g * g
        w = w - lr * g / (mp.sqrt(average) + eps)
        found.append(w)
    return found


def adam(w, gradient, steps, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-8, weight_decay=0):
    """torch.optim.Adam; torch.optim.AdamW with its decay"""
    found, first, second = [w], mp.mpf(0), mp.mpf(0)
    for t in range(1, steps + 1):
        g = gradient(w)
        w = w - lr * weight_decay * w
        first = first + (g - first) * (1 - beta1)
        second = beta2 * second + (1 - beta2) * g * g
        size = lr / (1 - beta1**t)
        w = w - size * first / (mp.sqrt(second) / mp.sqrt(1 - beta2**t) + eps)
        found.append(w)
    return found


def adagrad(w, gradient, steps, lr=0.01, eps=1e-10):
    """torch.optim.Adagrad"""
    found, total = [w], mp.mpf(0)
    for _ in range(steps):
        g = gradient(w)
        total = total + g * g
        w = w - lr * g / (mp.sqrt(total) + eps)
        found.append(w)
    return found


TORCH = {
    "gd": (sgd, {}),
    "momentum": (sgd, {"momentum": 0.9}),
    "nesterov": (sgd, {"momentum": 0.9, "nesterov": True}),
    "rmsprop": (rmsprop, {}),
    "adam": (adam, {}),
    "adamw": (adam, {"weight_decay": 0.01}),
    "adagrad": (adagrad, {}),
}
OTHERS = {
    "momentum": {"momentum": 0.5},
    "nesterov": {"momentum": 0.75},
    "rmsprop": {"alpha": 0.875, "eps": 0.125},
    "adam": {"beta1": 0.5, "beta2": 0.75, "eps": 0.25},
    "adamw": {"weight_decay": 0.5},
    "adagrad": {"eps": 0.5},
}


def exact(settings):
    return {name: x if isinstance(x, bool) else mp.mpf(x) for name, x in settings.items()}


def slope(w):
    """The derivative of cosh(w - 1) + w^2 / 4."""
    return mp.sinh(w - 1) + w / 2


def test_every_optimizer_has_its_test():
    assert OPTIMIZERS.keys() == TORCH.keys()


@pytest.mark.parametrize("name", TORCH)
@pytest.mark.parametrize("rate", [0.1, 0.01])
def test_100_steps_are_those_of_pytorch(name, rate):
    reference, settings = TORCH[name]
    wanted = reference(mp.mpf(3), slope, 100, **exact(settings | {"lr": rate}))
    graph = gb.parse("cosh(w - 1) + w^2 / 4")
    found = gb.descend(graph, {"w": 3}, optimizer=name, rate=rate)
    np.testing.assert_allclose(found.points["w"], [float(w) for w in wanted], rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("name", OTHERS)
def test_settings_are_those_of_pytorch(name):
    reference, settings = TORCH[name]
    wanted = reference(mp.mpf(3), slope, 100, **exact(settings | OTHERS[name] | {"lr": 0.0625}))
    graph = gb.parse("cosh(w - 1) + w^2 / 4")
    found = gb.descend(graph, {"w": 3}, optimizer=name, rate=0.0625, **OTHERS[name])
    np.testing.assert_allclose(found.points["w"], [float(w) for w in wanted], rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("row", OPTIMIZERS.values(), ids=lambda row: row.name)
def test_defaults_are_pytorchs(row):
    reference, settings = TORCH[row.name]
    names = reference.__code__.co_varnames[3 : reference.__code__.co_argcount]
    wanted = dict(zip(names, reference.__defaults__, strict=True)) | settings
    for name, default in row.settings.items():
        assert default == wanted["lr" if name == "rate" else name]


@pytest.mark.parametrize("row", OPTIMIZERS.values(), ids=lambda row: row.name)
def test_a_step_is_pure_and_the_same_on_floats_and_arrays(row):
    w, g = np.array([0.5, -2.0, 0.0]), np.array([2.0, 0.25, 0.0])
    state = {name: 3.0 if name == "t" else np.array([0.5, 0.25, 1.0]) for name in row.state}
    before = {name: np.copy(x) for name, x in state.items()}
    moved, after = row.step(w, g, state, row.settings)
    for name, was in before.items():
        np.testing.assert_array_equal(state[name], was)
    np.testing.assert_array_equal(w, [0.5, -2.0, 0.0])
    assert after.keys() == state.keys()
    for at in range(3):
        own = {name: x if name == "t" else float(x[at]) for name, x in state.items()}
        assert row.step(float(w[at]), float(g[at]), own, row.settings)[0] == pytest.approx(
            moved[at], rel=1e-15
        )


def test_formulas_in_latex():
    assert OPTIMIZERS["gd"].tex() == [("w", r"w - \alpha  \cdot g")]
    assert OPTIMIZERS["adam"].tex()[3] == (r"\hat{m}", r"\frac{m}{1 - \beta_{1}^{t}}")


def test_formulas_with_numbers_put_in():
    ((name, read, result),) = OPTIMIZERS["gd"].work(0.5, 2.0, {}, {"rate": 0.1})
    assert (name, read, result) == ("w", {"w": 0.5, "rate": 0.1, "g": 2.0}, 0.3)
    assert OPTIMIZERS["gd"].tex(lambda name: str(read[name])) == [("w", r"0.5 - 0.1 \cdot 2.0")]


@pytest.mark.parametrize("row", OPTIMIZERS.values(), ids=lambda row: row.name)
def test_every_name_in_a_formula_is_known(row):
    for name, read, result in row.work(1.0, 1.0, row.start(), row.settings):
        assert np.isfinite(result), name
        assert set(read) <= {*row.settings, *row.state, "w", "g", "mhat", "vhat"}


def test_the_vectors_for_the_browser_are_those_of_the_rows():
    made = json.loads(vectors.UPDATES.read_text("utf-8"))
    assert vectors.same(made, json.loads(json.dumps(list(update_vectors()))))
