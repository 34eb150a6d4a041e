"""The gradient check: right gradients are not condemned, wrong ones are found, and the rest is not told."""

import math

import pytest
from hypothesis import assume, given

from graphviz_backprop.engine import autodiff, scalar
from graphviz_backprop.explain.differences import Difference, Measured, check, compared, measured
from graphviz_backprop.language.parser import parse
from tests.support.programs import ordinary, runs, special


def checked(program, seed=1.0, **at):
    compiled = autodiff.compile(parse(program))
    return check(compiled({name: float(x) for name, x in at.items()}, seed))


RIGHT = [
    ("exp(x) * sin(x) + x^x", 1.3),
    ("sin(x)", 1e8),
    ("sin(1e8 x)", 0),
    ("1/x", 1e-5),
    ("abs(x)", 1e-7),
    ("abs(x)", -1e-300),
    ("atan2(x, 1e-7)", 1e-7),
    ("log(x)", 1e-6),
    ("sqrt(x)", 1e-6),
    ("x^2", 0),
    ("1 + x", 1e-12),
    ("1e9*cos(x)", 1e-4),
    ("1e300 x", 1e5),
    ("relu(x - 1) + x", 1.0000001),
    ("2", 1),
]


@pytest.mark.parametrize(("program", "x"), RIGHT)
def test_a_right_gradient_is_not_condemned(program, x):
    assert checked(f"({program}) + 0 x", x=x)["x"].error < 1e-5


UNTOLD = [
    ("sqrt(x)", 0),  # there is nothing on the left
    ("relu(x)", 0),
    ("abs(x)", 0),
    ("abs(x - 1)", 1 + 1e-15),
    ("step(x)", 0),
    ("1/x", 0),
    ("(1e30 + x) - 1e30", 1),  # no digit of x is left
    ("log(x)", -1),
    ("tan(x)", math.pi / 2),  # all steps reach across the pole
    ("sec(x)", math.pi / 2),
    ("(x > 0) + (x < 0)", 0),  # 0 is a point alone, and both sides are one number
    ("where(x, 1, 2)", 0),
]


@pytest.mark.parametrize(("program", "x"), UNTOLD)
def test_where_no_difference_can_tell_none_is_told(program, x):
    found = checked(program, x=x)["x"]
    assert math.isnan(found.difference)
    assert math.isnan(found.error)


@pytest.mark.parametrize("x", [0.0, 1e-9, 0.3, 1.0, 7.0, 1e8, -1e20])
@pytest.mark.parametrize("share", [0.0, 0.5, 1.001, 2.0, -1.0])
def test_a_wrong_gradient_is_found(x, share):
    slope = compared(share * 3, measured(lambda x: 3 * x, x, 1e-15 * abs(x)))
    assert slope.error > 1e-4


def test_the_difference_is_times_the_seed():
    found = checked("x^2", seed=2.0, x=3)["x"]
    assert found.difference == pytest.approx(12, rel=1e-9)
    assert found.error < 1e-8


def test_doubt_decides_what_is_told():
    assert compared(2.0, Measured(1.0, 1e-9)) == Difference(2.0, 1.0, 0.5)
    assert math.isnan(compared(2.0, Measured(1.0, 1e-2)).error)
    assert math.isnan(compared(math.nan, Measured(1.0, 1e-9)).error)


@given(runs(numbers=ordinary | special, seeds=ordinary))
def test_no_right_gradient_of_a_random_program_is_condemned(run):
    """Values and gradients are compared with mpmath elsewhere: what the check says against one is false."""
    assume(all(x is None or abs(x) < 1e6 for x in run.gradients))
    for found in check(run).values():
        assert math.isnan(found.error) or found.error < 1e-2, (run.graph.text, run.variables, found)


def test_a_long_sum_is_checked_in_little_work(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only nodes that change are computed anew, and no step is tried that rounding makes less sure."""
    run = autodiff.compile(parse("+".join(f"x{n}*{n + 1}" for n in range(300))))(
        {f"x{n}": 1 + n / 7 for n in range(300)}
    )
    calls = []
    of = scalar.function_of
    monkeypatch.setattr(
        scalar,
        "function_of",
        lambda name, count: lambda *args: calls.append(name) or of(name, count)(*args),
    )
    found = check(run)
    assert [one.difference for one in found.values()] == pytest.approx(
        [n + 1.0 for n in range(300)], rel=1e-6
    )
    assert len(calls) < 300 * 150 * 30
