"""IEEE 754 everywhere: no input raises or warns, and floats and arrays give the same numbers."""

import math
import warnings

import numpy as np
import pytest

from graphviz_backprop.engine import autodiff
from graphviz_backprop.engine.columns import ARRAY
from graphviz_backprop.engine.kernels import SCALAR
from graphviz_backprop.language.ops import COMPARISONS, OPS, Op
from tests.support.grids import (
    NAMES,
    ROWS,
    SPECIALS,
    count,
    differences,
    evaluated,
    ordinary_points,
    row_graph,
    special_points,
)

inf, nan = math.inf, math.nan


def test_every_primitive_has_its_kernels() -> None:
    primitives = {op.name for op in OPS.values() if op.primitive} - {"add", "sub", "mul", "neg"}
    assert SCALAR.keys() == ARRAY.keys() == primitives | {"count"}


@pytest.mark.parametrize("op", ROWS, ids=NAMES)
def test_floats_and_arrays_agree(op: Op) -> None:
    points = special_points(op) + ordinary_points(op)
    columns = {f"x{arg}": np.array(column) for arg, column in enumerate(zip(*points, strict=True))}
    run = autodiff.compile(row_graph(op))(columns)
    numbers = [np.broadcast_to(column, len(points)) for column in (run.value, *run.partials[-1])]
    by_row = np.stack(numbers).T.tolist()
    assert differences(op, points, by_row, evaluated(op, points), 1e-14) == []


@pytest.mark.parametrize("name", [name for name in ARRAY if name in OPS and count(OPS[name]) == 2])
def test_a_number_beside_a_column(name: str) -> None:
    column = np.array(SPECIALS)
    for x in SPECIALS:
        ahead, behind = ARRAY[name](x, column), ARRAY[name](column, x)
        np.testing.assert_allclose(ahead, [SCALAR[name](x, y) for y in SPECIALS], rtol=1e-15)
        np.testing.assert_allclose(behind, [SCALAR[name](y, x) for y in SPECIALS], rtol=1e-15)
        signs = [np.copysign(1, SCALAR[name](y, x)) for y in SPECIALS]
        np.testing.assert_array_equal(np.where(np.isnan(behind), 0, np.copysign(1, behind) - signs), 0)


@pytest.mark.parametrize("name", ["where", *sorted(COMPARISONS & SCALAR.keys())])
def test_internal_kernels_agree(name: str) -> None:
    op = OPS[name]
    conditions = [0.0, -0.0, 1.0, -2.0, nan] if name == "where" else SPECIALS
    for first in conditions:
        for x in SPECIALS:
            args = [first, *[x] * (count(op) - 1)]
            found = ARRAY[name](*(np.array([arg]) for arg in args))
            np.testing.assert_array_equal(found, [SCALAR[name](*args)])


@pytest.mark.parametrize(
    ("name", "args", "value"),
    [
        ("div", (1.0, 0.0), inf),
        ("div", (1.0, -0.0), -inf),
        ("div", (0.0, 0.0), nan),
        ("pow", (0.0, 0.0), 1.0),
        ("pow", (nan, 0.0), 1.0),
        ("pow", (1.0, nan), 1.0),
        ("pow", (-1.0, inf), 1.0),
        ("pow", (0.0, -1.0), inf),
        ("pow", (-0.0, -1.0), -inf),
        ("pow", (-0.0, -2.0), inf),
        ("pow", (-8.0, 1 / 3), nan),
        ("pow", (10.0, 400.0), inf),
        ("pow", (-10.0, 401.0), -inf),
        ("exp", (1000.0,), inf),
        ("exp", (-1000.0,), 0.0),
        ("log", (0.0,), -inf),
        ("log", (-1.0,), nan),
        ("log1p", (-1.0,), -inf),
        ("sqrt", (-1.0,), nan),
        ("sqrt", (-0.0,), -0.0),
        ("sin", (inf,), nan),
        ("asin", (1.5,), nan),
        ("cosh", (-1000.0,), inf),
        ("sinh", (-1000.0,), -inf),
        ("atan2", (0.0, -0.0), math.pi),
        ("atan2", (-0.0, -0.0), -math.pi),
        ("hypot", (inf, nan), inf),
        ("hypot", (1e200, 1e200), math.sqrt(2) * 1e200),
        ("sign", (-0.0,), -0.0),
        ("sign", (nan,), nan),
        ("step", (0.0,), 0.0),
        ("step", (nan,), nan),
        ("erf", (-0.0,), -0.0),
        ("erf", (-inf,), -1.0),
        ("erfc", (26.0,), 5.663192408856143e-296),
        ("erfinv", (0.5,), 0.4769362762044699),
        ("erfinv", (-0.0,), -0.0),
        ("erfinv", (1.0,), inf),
        ("erfinv", (-1.0,), -inf),
        ("erfinv", (1.5,), nan),
        ("erfinv", (nan,), nan),
        ("max", (nan, 1.0), nan),
        ("max", (1.0, nan), nan),
        ("max", (-inf, 3.0, 2.0), 3.0),
        ("min", (1.0, nan, 0.0), nan),
        ("min", (inf, 3.0, 2.0), 2.0),
        ("sum", (inf, -inf), nan),
        ("mean", (1.0, 2.0, 6.0), 3.0),
    ],
)
def test_ieee(name: str, args: tuple[float, ...], value: float) -> None:
    for found in (SCALAR[name](*args), ARRAY[name](*(np.array([arg]) for arg in args))[0]):
        assert type(found) in (float, np.float64)
        assert math.isclose(found, value, rel_tol=1e-15) or (found != found and value != value)
        assert math.copysign(1, found) == math.copysign(1, value) or value != value


@pytest.fixture(autouse=True)
def _kernels_may_warn_on_arrays(request: pytest.FixtureRequest) -> object:
    """NumPy's warnings are the caller's to silence; that ``autodiff`` does is tested here."""
    direct = request.function in (test_ieee, test_internal_kernels_agree, test_a_number_beside_a_column)
    with np.errstate(all="ignore" if direct else "warn"), warnings.catch_warnings(action="error"):
        yield


def test_a_constant_is_a_float_in_array_mode_too() -> None:
    for name in ARRAY:
        args = [0.5] * (3 if name == "where" else count(OPS[name]) if name in OPS else 2)
        with np.errstate(invalid="ignore"):  # acosh has no 0.5
            found = ARRAY[name](*args)
        assert np.ndim(found) == 0, name
        assert isinstance(found, float), name  # a NumPy scalar is one, an array without axes isn't
