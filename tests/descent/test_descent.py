"""Gradient descent: losses over data, batches, what stops it, what is refused."""

import math

import mpmath
import numpy as np
import pytest

import graphviz_backprop as gb

mp = mpmath.mp.clone()
mp.dps = 50

LINE = "(w*x + b - y)^2"
NEURON = "p = sigmoid(w*x + b); -(y*log(p) + (1 - y)*log(1 - p))"


def neuron(w, b, rows):
    """The loss of NEURON and its gradient, the average over rows of (x, y)."""
    loss = slope = bias = mp.mpf(0)
    for x, y in rows:
        p = 1 / (1 + mp.exp(-(mp.mpf(w) * x + b)))
        loss -= y * mp.log(p) + (1 - y) * mp.log(1 - p)
        slope += (p - y) * x
        bias += p - y
    return [float(total / len(rows)) for total in (loss, slope, bias)]


def test_a_way_downhill():
    found = gb.descend(gb.parse("(4*x+1)^2"), {"x": 1}, rate=1 / 64, steps=3)
    np.testing.assert_allclose(found.points["x"], [1, 0.375, 0.0625, -0.09375])
    np.testing.assert_allclose(found.losses, [25, 6.25, 1.5625, 0.390625])
    np.testing.assert_allclose(found.gradients["x"], [40, 20, 10, 5])
    assert (found.optimizer, found.steps, found.epochs, found.stopped) == ("gd", 3, 0, "")
    assert repr(found) == "<Descent by gd: 3 steps, loss 25 → 0.3906 at x=-0.09375>"


def test_only_parameters_move():
    found = gb.descend(gb.parse("x^2 + a*y^2"), {"x": 1, "y": 1, "a": 3}, ["y"], steps=5)
    assert found.points.keys() == found.gradients.keys() == {"y"}
    np.testing.assert_allclose(found.points["y"], 0.4 ** np.arange(6))
    assert found.losses[0] == 4
    assert gb.descend(gb.parse("x*y"), {"x": 1, "y": 1}, "y", steps=1).points.keys() == {"y"}


def test_all_that_is_no_column_moves_without_a_choice():
    found = gb.descend(gb.parse(LINE), {"b": 0, "w": 0}, data={"x": [1, 2], "y": [3, 5]}, steps=1)
    assert list(found.points) == ["w", "b"]


@pytest.mark.parametrize("rows", [1, 3, 5000])
def test_the_averaged_loss_and_its_gradient(rows):
    random = np.random.default_rng(1)
    x, y = random.normal(size=rows), random.integers(0, 2, rows)
    found = gb.descend(gb.parse(NEURON), {"w": 0.5, "b": -1}, data={"x": x, "y": y}, steps=1)
    pairs = [(float(a), int(b)) for a, b in zip(x, y, strict=True)]
    for step in range(2):
        wanted = neuron(found.points["w"][step], found.points["b"][step], pairs)
        at = (found.losses[step], found.gradients["w"][step], found.gradients["b"][step])
        np.testing.assert_allclose(at, wanted, rtol=1e-12)


@pytest.mark.parametrize("batch", [1, 3])
def test_mini_batches_in_order(batch):
    x, y = [0.5, -1.0, 2.0, 1.5, -0.25], [1, 0, 1, 0, 1]
    data = {"x": x, "y": y}
    graph = gb.parse(NEURON)
    found = gb.descend(graph, {"w": 0, "b": 0}, data=data, batch=batch, shuffle=False, steps=6, rate=0.5)
    pairs = list(zip(x, y, strict=True))
    batches = [pairs[at : at + batch] for at in range(0, 5, batch)]
    w = b = 0.0
    for step in range(7):
        loss, slope, bias = neuron(w, b, batches[step % len(batches)])
        assert found.losses[step] == pytest.approx(loss, rel=1e-12)
        assert found.points["w"][step] == pytest.approx(w, rel=1e-12, abs=1e-15)
        w, b = w - 0.5 * slope, b - 0.5 * bias
    assert found.epochs == 6 // len(batches)


def test_an_epoch_goes_through_every_row_once_and_each_is_shuffled_anew():
    graph, data = gb.parse("w*x"), {"x": np.arange(10.0)}
    found = gb.descend(graph, {"w": 0}, data=data, batch=1, rate=0.0, steps=29)
    order = found.gradients["w"]  # of w*x it is x: which row the step used
    for epoch in range(3):
        np.testing.assert_array_equal(np.sort(order[10 * epoch : 10 * epoch + 10]), np.arange(10))
    assert order[:10].tolist() != order[10:20].tolist()
    assert order[:10].tolist() != list(range(10))
    assert found.epochs == 2


def test_the_seed_repeats_a_descent():
    graph, data = gb.parse(NEURON), {**gb.data("line", 50), "y": np.arange(50) % 2}
    found = [
        gb.descend(graph, {"w": 0, "b": 0}, optimizer="adam", data=data, batch=7, seed=seed)
        for seed in (3, 3, 4)
    ]
    np.testing.assert_array_equal(found[0].points["w"], found[1].points["w"])
    np.testing.assert_array_equal(found[0].losses, found[1].losses)
    assert not np.array_equal(found[0].points["w"], found[2].points["w"])


def test_a_batch_as_large_as_the_data_is_the_full_batch():
    graph, data = gb.parse(LINE), gb.data("line", 20)
    full = gb.descend(graph, {"w": 0, "b": 0}, data=data)
    for batch in (20, 1000):
        same = gb.descend(graph, {"w": 0, "b": 0}, data=data, batch=batch)
        np.testing.assert_array_equal(full.points["w"], same.points["w"])
        assert same.epochs == full.epochs == 100


def test_the_line_is_found():
    found = gb.descend(gb.parse(LINE), {"w": 0, "b": 0}, data=gb.data("line", noise=0), steps=500)
    assert (found.points["w"][-1], found.points["b"][-1]) == pytest.approx((2, 0.5))


def test_the_states_of_the_optimizer():
    found = gb.descend(gb.parse("x^2 + y"), {"x": 1, "y": 1}, optimizer="momentum", steps=3)
    np.testing.assert_allclose(found.states["b"]["y"], [0, 1, 1.9, 2.71])
    found = gb.descend(gb.parse("x^2"), {"x": 1}, optimizer="adam", steps=2)
    np.testing.assert_array_equal(found.states["t"]["x"], [0, 1, 2])


def test_progress_is_told():
    made = []
    gb.descend(gb.parse("x^2"), {"x": 1}, steps=4, progress=made.append)
    assert made == [1, 2, 3, 4]


def test_no_step():
    found = gb.descend(gb.parse("x^2"), {"x": 3}, steps=0)
    assert (found.points["x"].tolist(), found.losses.tolist(), found.steps) == ([3], [9], 0)


def test_the_merged_view_gives_the_same():
    for optimizer in ("gd", "adam"):
        found = [
            gb.descend(gb.parse("(x*y)^2 + sin(x*y) + x^2", view), {"x": 1, "y": 2}, optimizer=optimizer)
            for view in ("tree", "graph")
        ]
        np.testing.assert_allclose(found[0].points["x"], found[1].points["x"], rtol=1e-9)


# Where it ends early


@pytest.mark.parametrize(
    ("program", "x", "rate", "reason"),
    [
        ("x^2", 3, 1.5, "the step overshoots: |gradient| grew from 6 to 6144, try a smaller rate"),
        ("x^4", 10, 1, "the step overshoots: |gradient| grew from 4000 to 2.541e11, try a smaller rate"),
        ("exp(x^2)", 3, 1, "the step overshoots: |gradient| grew from 48619 to Infinity"),
        ("sqrt(exp(x^2))", 3, 1, "the step overshoots: the loss grew from 90.02 to Infinity"),
        ("-x^2", 0.1, 10, "the loss falls without end: it has no minimum in this direction"),
        ("sqrt(x)", 0, 0.1, "the gradient by x is Infinity at the start, where x = 0"),
        ("log(x)", -1, 0.1, "the loss is NaN at the start, where x = -1"),
        ("x log(x) + x", 1, 1, "the loss is NaN after 1 step, where x = -1: the step led out of where"),
        ("1/x", 0, 1, "the loss is Infinity at the start"),
    ],
)
def test_it_stops_with_a_reason(program, x, rate, reason):
    found = gb.descend(gb.parse(program), {"x": x}, rate=rate, steps=10_000)
    assert found.stopped.startswith(reason)
    assert found.steps < 10_000
    assert len(found.points["x"]) == len(found.losses) == len(found.gradients["x"]) == found.steps + 1
    assert np.all(np.isfinite(found.losses[:-1]))
    assert f"stopped: {reason}" in repr(found)


def test_a_first_row_that_fits_is_not_taken_for_the_start():
    data = {"x": [0.0, 1e5], "y": [0.0, 1.0]}
    found = gb.descend(gb.parse(LINE), {"w": 1, "b": 0}, data=data, batch=1, shuffle=False, rate=0, steps=4)
    assert (found.stopped, found.losses[0]) == ("", 0)
    assert found.losses[1] > 1e9


def test_a_wrong_rate_over_data_stops():
    found = gb.descend(gb.parse(LINE), {"w": 0, "b": 0}, data={"x": [10, 20], "y": [1, 2]}, batch=1, rate=0.1)
    assert "the step overshoots" in found.stopped


# What is refused

DATA = {"x": [1, 2], "y": [1, 2]}


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"start": {"w": 0}}, "b has no start"),
        (
            {"start": {"w": 0, "b": 0, "q": 1}},
            "q is not a variable of this program; its variables are w, x, b, y",
        ),
        ({"start": {"w": 0, "b": 0, "x": 1}}, "x is a column of the data, and so has no start"),
        ({"start": {"w": math.inf, "b": 0}}, "the start of w is Infinity, and should be finite"),
        ({"start": {"w": [1, 2], "b": 0}}, "the start of w should be one number"),
        ({"parameters": ["w", "q"]}, "q is not a variable of this program"),
        ({"parameters": ["x"]}, "x is a column of the data, and so can't be a parameter"),
        ({"parameters": []}, "there are no parameters, so nothing can move"),
        ({"optimizer": "adma"}, "adma is not an optimizer; did you mean adam?"),
        ({"optimizer": "?"}, "? is not an optimizer; there are gd, momentum, "),
        ({"rate": -1}, "rate is -1, and should be 0 or more"),
        ({"rate": math.nan}, "rate is nan, and should be 0 or more"),
        ({"optimizer": "adam", "beta1": 1}, "beta1 is 1, and should be less than 1"),
        ({"momentum": 0.9}, "gd has no momentum; it has rate"),
        ({"steps": -1}, "steps is -1, and should be 0 or more"),
        ({"steps": 1.5}, "steps is 1.5, and should be a whole number"),
        ({"batch": 0}, "batch is 0, and should be 1 or more"),
        ({"data": {"x": [1, 2], "y": [1]}}, "the columns have different numbers of samples: x 2, y 1"),
        ({"data": {**DATA, "z": [1, 2]}}, "the column z is not a variable of this program"),
        ({"data": {"x": [1, "a"], "y": [1, 2]}}, "the column x holds something that is not a number"),
        ({"data": {"x": [1, None], "y": [1, 2]}}, "sample 2 of the column x is NaN, and should be finite"),
        ({"data": {"x": 1, "y": [1, 2]}}, "the column x should be a plain sequence of numbers"),
        ({"data": {"x": [], "y": []}}, "the data has no samples"),
        ({"data": {}}, "the data has no columns"),
    ],
)
def test_what_does_not_fit_is_refused_in_words(asked, message):
    with pytest.raises(ValueError) as caught:  # noqa: PT011
        gb.descend(gb.parse(LINE), **{"start": {"w": 0, "b": 0}, "data": DATA, **asked})
    assert message in str(caught.value)


def test_a_batch_needs_data():
    with pytest.raises(ValueError, match="there is no data"):
        gb.descend(gb.parse("x^2"), {"x": 1}, batch=2)


def test_a_program_without_variables_cannot_move():
    with pytest.raises(ValueError, match="there are no parameters"):
        gb.descend(gb.parse("1+1"), {})


def test_a_data_frame_is_data():
    class Frame(dict):
        def __bool__(self):
            raise ValueError("The truth value of a DataFrame is ambiguous.")

    rows = {"x": [0.0, 1.0, 2.0], "y": [1.0, 3.0, 5.0]}
    found, wanted = (gb.descend(gb.parse(LINE), {"w": 0, "b": 0}, data=data) for data in (Frame(rows), rows))
    np.testing.assert_array_equal(found.losses, wanted.losses)
