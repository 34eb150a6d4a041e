"""One graph, many ways to evaluate it: node by node and compiled, every number or the gradient alone."""

import math
import pickle
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graphviz_backprop.engine import autodiff, straight
from graphviz_backprop.engine.autodiff import Compiled
from graphviz_backprop.engine.codegen import FLOATS
from graphviz_backprop.engine.columns import ARRAY
from graphviz_backprop.engine.functions import defined
from graphviz_backprop.engine.interpreter import Interpreter
from graphviz_backprop.engine.kernels import FAST, REFUSALS, SCALAR
from graphviz_backprop.language.graph import Graph, Node
from graphviz_backprop.language.parser import parse
from tests.support.grids import NAMES, ROWS, ordinary_points, row_graph, special_points
from tests.support.programs import points, programs
from tools.vectors import PROGRAMS

views = st.sampled_from(["tree", "graph"])
numbers = st.one_of(st.floats(-3, 3), st.sampled_from([0.0, -0.0, 1.0, math.inf, -math.inf, math.nan, 1e200]))


def bits(numbers: Any) -> Any:
    """Numbers so that what is equal has the same bits; of NaN there is one kind."""
    if numbers is None:
        return None
    return numbers.hex() if isinstance(numbers, float) else [bits(number) for number in numbers]


def warmed(graph: Graph, at: Mapping[str, float]) -> Compiled:
    """A graph that has been evaluated so often that all of it is compiled."""
    compiled = autodiff.compile(graph)
    for _ in range(30):
        compiled(at)
        compiled.gradient(at)
    return compiled


def agree(graph: Graph, at: dict[str, float], seed: float) -> None:
    """Every way gives the same bits."""
    node_by_node = Interpreter(SCALAR)(graph, at, seed)
    written_out = defined(straight.everything(graph), SCALAR)(at, seed)
    assert bits(written_out) == bits(node_by_node)
    compiled = warmed(graph, at)
    run = compiled(at, seed)
    assert bits(run._all) == bits(node_by_node)
    assert bits(list(compiled.gradient(at, seed).gradient.values())) == bits(list(run.gradient.values()))
    assert bits(compiled.gradient(at, seed).value) == bits(run.value)
    value, gradient = compiled.function()([at[name] for name in graph.variables])
    plain = compiled(at)
    assert bits([value, *gradient]) == bits([plain.value, *plain.gradient.values()])


@pytest.mark.parametrize("op", ROWS, ids=NAMES)
def test_rows(op: Any) -> None:
    points = special_points(op) + ordinary_points(op)
    graph = row_graph(op, len(points[0]))
    fast = defined(straight.everything(graph, FLOATS), {**FAST, "float": float})
    written, refused = defined(straight.everything(graph), SCALAR), 0
    for point in points:
        at = dict(zip(graph.variables, point, strict=True))
        found = bits(Interpreter(SCALAR)(graph, at, 3.0))
        assert bits(written(at, 3.0)) == found
        try:
            assert bits(fast(at, 3.0)) == found
        except REFUSALS:
            refused += 1
    assert refused < len(points)
    agree(graph, dict(zip(graph.variables, points[-1], strict=True)), 1.0)


@pytest.mark.parametrize("view", ["tree", "graph"])
@pytest.mark.parametrize(
    "text", [*PROGRAMS, "2 + 3", "x", "x*0", "0*x*log(x)", "max(x, y, x)", "-1x", "1x + 1"]
)
def test_programs(text: str, view: str) -> None:
    graph = parse(text, view)
    for x in (0.5, 0.0, -1.0, math.inf):
        agree(graph, {name: x + k for k, name in enumerate(graph.variables)}, 2.0)


@settings(max_examples=100)
@given(st.data(), programs(), views, numbers)
def test_random_programs(data: st.DataObject, program: str, view: str, seed: float) -> None:
    graph = parse(program, view)
    agree(graph, data.draw(points(graph, numbers)), seed)


@settings(max_examples=50)
@given(st.data(), programs(), views)
def test_columns_of_random_programs(data: st.DataObject, program: str, view: str) -> None:
    graph = parse(program, view)
    at = {name: np.array([x, 2.0]) for name, x in data.draw(points(graph, numbers)).items()}
    seed = np.ones(2)
    with np.errstate(all="ignore"):
        compiled, interpreted = (
            way(at, seed)
            for way in (
                defined(straight.everything(graph), ARRAY),
                lambda at, seed: Interpreter(ARRAY)(graph, at, seed),
            )
        )
    for ours, others in zip(compiled, interpreted, strict=True):
        for one, other in zip(ours, others, strict=True):
            assert (one is None) == (other is None)
            np.testing.assert_array_equal(one, other)


# What the output does not need


UNUSED = Graph(
    "",
    "graph",
    (
        Node("x", "var", (), (0, 0), "x"),
        Node("y", "var", (), (0, 0), "y"),
        Node("u", "log", (1,), (0, 0)),
        Node("z", "mul", (0, 0), (0, 0)),
    ),
)


def test_a_node_that_the_output_does_not_need_has_the_gradient_0() -> None:
    agree(UNUSED, {"x": 3.0, "y": 0.0}, 2.0)
    run = autodiff.compile(UNUSED)({"x": 3.0, "y": 0.0})
    assert run.gradient == {"x": 6, "y": 0}
    assert run.values[2] == -math.inf


# Large graphs


@pytest.mark.parametrize(
    "text", ["+".join(["x"] * 20_000), "sin(" * 20_000 + "x" + ")" * 20_000], ids=["wide", "deep"]
)
@pytest.mark.parametrize("evaluations", [1, 30])
def test_large_graphs(text: str, evaluations: int) -> None:
    graph = parse(text)
    compiled = autodiff.compile(graph)
    for _ in range(evaluations):
        found = compiled.gradient({"x": 0.5})
    slope, x = 1.0, 0.5
    if "sin" in text:
        for _ in range(20_000):
            slope, x = slope * math.cos(x), math.sin(x)
        assert math.isclose(found.gradient["x"], slope, rel_tol=1e-9)
    else:
        assert found.gradient == {"x": 20_000}


# Numbers as they are given


@pytest.mark.parametrize("x", [3, True, np.float32(3), np.float64(3), np.int64(3), np.array(3)], ids=repr)
def test_any_kind_of_number_is_a_float(x: Any) -> None:
    compiled = warmed(parse("x^2/4 + 1"), {"x": 1.0})
    for run in (compiled({"x": x}), compiled.gradient({"x": x}), compiled.gradient({"x": x}, True)):
        assert run.variables == {"x": float(x)}
        assert {type(n) for n in (run.value, run.seed, *run.gradient.values(), *run.variables.values())} == {
            float
        }
        assert run.gradient["x"] == float(x) / 2


def test_a_column_of_one_row_is_a_column() -> None:
    compiled = warmed(parse("sin(x)"), {"x": 1.0})
    assert compiled.gradient({"x": np.array([0.0])}).gradient["x"].tolist() == [1]


def test_a_number_too_large_for_a_float_says_so() -> None:
    for compiled in (autodiff.compile(parse("2x")), warmed(parse("2x"), {"x": 1.0})):
        with pytest.raises(OverflowError):
            compiled.gradient({"x": 10**400})


@pytest.mark.parametrize("given", ["cold", "warm"])
@pytest.mark.parametrize(
    ("x", "message"),
    [
        ("1", "x: could not convert text"),
        (["1", "2"], "x: could not convert text"),
        (np.ma.masked_array([1.0, 2.0], [False, True]), "x has masked rows"),
        (None, "x is no number"),
        (1j, "x is no number"),
    ],
    ids=repr,
)
def test_what_is_no_number_is_refused(x: Any, message: str, given: str) -> None:
    graph = parse("x^2")
    compiled = warmed(graph, {"x": 1.0}) if given == "warm" else autodiff.compile(graph)
    for way in (compiled, compiled.gradient):
        with pytest.raises(ValueError, match=message):
            way({"x": x})


def test_columns_without_masked_rows_are_columns() -> None:
    run = autodiff.compile(parse("x^2"))({"x": np.ma.masked_array([1.0, 2.0], [False, False])})
    assert type(run.value) is np.ndarray


# Runs


def test_a_run_does_not_change() -> None:
    run = autodiff.compile(parse("x^2"))({"x": 3.0})
    for name in ("seed", "variables", "values", "gradient", "graph"):
        with pytest.raises(AttributeError):
            setattr(run, name, 3)
    with pytest.raises(TypeError):
        run.variables["x"] = 4.0  # type: ignore[index]
    run.gradient["x"] = 0.0
    assert run.gradient == {"x": 6}


def test_a_run_keeps_its_columns_when_the_caller_goes_on() -> None:
    x = np.array([1.0, 2.0])
    run = autodiff.compile(parse("x^2"))({"x": x})
    x[:] = 5
    assert run.variables["x"].tolist() == [1, 2]


@pytest.mark.parametrize("x", [3.0, math.nan, np.array([1.0, math.nan])], ids=repr)
def test_runs_are_equal_at_the_same_point(x: Any) -> None:
    compiled = autodiff.compile(parse("x^2"))
    assert compiled({"x": x}) == autodiff.compile(parse("x^2"))({"x": x})
    assert hash(compiled({"x": x})) == hash(compiled({"x": x}))
    assert compiled({"x": x}) != compiled({"x": x}, 2.0)
    assert compiled({"x": x}) != compiled({"x": 7.0})
    assert compiled({"x": x}) != autodiff.compile(parse("x^3"))({"x": x})


def test_zero_and_minus_zero_are_different_points() -> None:
    compiled = autodiff.compile(parse("1/x"))
    assert compiled({"x": 0.0}) != compiled({"x": -0.0})


@pytest.mark.parametrize("x", [3.0, np.array([1.0, 2.0])], ids=repr)
def test_runs_can_be_stored(x: Any) -> None:
    run = warmed(parse("x^2"), {"x": 1.0}).gradient({"x": x}, 2.0)
    again = pickle.loads(pickle.dumps(run))
    assert again == run
    np.testing.assert_array_equal(again.gradient["x"], run.gradient["x"])


# The function of a point


@pytest.mark.parametrize("kind", [list, tuple, np.array], ids=["list", "tuple", "array"])
def test_a_function_of_a_point(kind: Callable[..., Any]) -> None:
    function = autodiff.compile(parse("x^2 * y")).function()
    value, gradient = function(kind([3, 2.0]))
    assert (value, gradient) == (18, (12, 9))
    assert {type(number) for number in (value, *gradient)} == {float}


def test_a_function_has_ieee_results_where_python_raises() -> None:
    assert autodiff.compile(parse("log(x)")).function()([0.0]) == (-math.inf, (math.inf,))
    assert autodiff.compile(parse("exp(x)")).function()([1000]) == (math.inf, (math.inf,))


def test_a_function_without_variables() -> None:
    assert autodiff.compile(parse("2 + 3")).function()([]) == (5, ())


@pytest.mark.parametrize(
    ("point", "error", "message"),
    [
        ([1.0], ValueError, "a point has 2 numbers, for x, y; this one has 1"),
        ([1.0, 2.0, 3.0], ValueError, "this one has 3"),
        (["1", 2.0], TypeError, "a number is needed, not the text '1'"),
        (3.0, TypeError, "a point is a sequence of numbers, for x, y"),
    ],
    ids=repr,
)
def test_what_is_no_point_is_refused(point: Any, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        autodiff.compile(parse("x*y")).function()(point)
