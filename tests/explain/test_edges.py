"""What docs/language.md says of values and derivatives outside a domain, and at its edge."""

import math

import pytest

from graphviz_backprop.engine import autodiff
from graphviz_backprop.language.parser import parse

INF, NAN = math.inf, math.nan

TABLE = [
    ("log(x)", {"x": -1}, NAN, {"x": NAN}),
    ("sqrt(x)", {"x": 0}, 0, {"x": INF}),
    ("1/x", {"x": 0}, INF, {"x": -INF}),
    ("0 * log(x)", {"x": 0}, NAN, {"x": NAN}),
    ("where(x > 0, log(x), 0)", {"x": 0}, 0, {"x": NAN}),
    ("x^y", {"x": 0, "y": 0}, 1, {"x": 0, "y": -INF}),
    ("x^y", {"x": 0, "y": 2}, 0, {"x": 0, "y": 0}),
    ("atan2(y, x)", {"y": 0, "x": 0}, 0, {"y": NAN, "x": NAN}),
    ("hypot(x, y)", {"x": 0, "y": 0}, 0, {"x": NAN, "y": NAN}),
    ("relu(x)", {"x": 0}, 0, {"x": 0}),
    ("abs(x)", {"x": 0}, 0, {"x": 0}),
    ("max(x, y, 1)", {"x": 1, "y": 1}, 1, {"x": 1 / 3, "y": 1 / 3}),
    ("clamp(x, 0, 1)", {"x": 0}, 0, {"x": 1}),
    ("clamp(x, 0, 1)", {"x": 1}, 1, {"x": 1}),
    ("relu6(x)", {"x": 6}, 6, {"x": 0}),
    ("hardtanh(x)", {"x": -1}, -1, {"x": 0}),
]


@pytest.mark.parametrize(("program", "at", "value", "gradient"), TABLE)
def test_it_is_as_the_table_says(program, at, value, gradient):
    run = autodiff.compile(parse(program))({name: float(x) for name, x in at.items()})
    assert run.value == pytest.approx(value, nan_ok=True)
    assert run.gradient == pytest.approx(gradient, nan_ok=True)
