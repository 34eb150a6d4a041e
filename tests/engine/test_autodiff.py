"""Forward and backward pass: which numbers there are, on floats and on arrays, and what is refused."""

import ast
import builtins
import math
import warnings

import numpy as np
import pytest

from graphviz_backprop.engine import autodiff
from graphviz_backprop.engine.kernels import SCALAR
from graphviz_backprop.engine.slope import Slope
from graphviz_backprop.language.ops import OPS
from graphviz_backprop.language.parser import parse
from tools.vectors import PROGRAMS

VIEWS = ("tree", "graph")


def run(program: str, view: str = "tree", seed: object = 1.0, **at: object) -> autodiff.Run:
    return autodiff.compile(parse(program, view))(at, seed)


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize(
    ("program", "at", "value", "gradient"),
    [
        ("(4*x+1)^2", {"x": 1}, 25, {"x": 40}),
        ("(4*x+1)^2", {"x": -1}, 9, {"x": -24}),
        ("1/(1+e^(-x))", {"x": 0}, 0.5, {"x": 0.25}),
        ("f(x) = 7x + 3; g(x) = x^2; g(f(x))", {"x": 1}, 100, {"x": 140}),
        ("3^x + 2x", {"x": 2}, 13, {"x": 9 * math.log(3) + 2}),
        ("log(x, 2) * x", {"x": 8}, 24, {"x": 3 + 1 / math.log(2)}),
        ("3x^2 + 2x*y + y^2", {"x": 1, "y": 2}, 11, {"x": 10, "y": 6}),
        ("x*y", {"x": 3, "y": -2}, -6, {"x": -2, "y": 3}),
        (
            "z = w1*x1 + w2*x2 + w3*x3 + w4*x4; a = sigmoid(z); (a - y)^2",
            {f"{name}{i}": 0.5 * i for name in "wx" for i in (1, 2, 3, 4)} | {"y": 0},
            (1 / (1 + math.exp(-7.5))) ** 2,
            None,
        ),
        ("x*x", {"x": 3}, 9, {"x": 6}),
        ("x - x", {"x": 3}, 0, {"x": 0}),
        ("x/x", {"x": 3}, 1, {"x": 0}),
        ("x^x", {"x": 3}, 27, {"x": 27 * (1 + math.log(3))}),
        ("u = x^2 + 1; sin(u)", {"x": 2}, math.sin(5), {"x": 4 * math.cos(5)}),
        ("max(x, x)", {"x": 3}, 3, {"x": 1}),
        ("max(x, y, x)", {"x": 3, "y": 3}, 3, {"x": 2 / 3, "y": 1 / 3}),
        ("relu(x - 2)", {"x": 2}, 0, {"x": 0}),
        ("abs(x)", {"x": 0}, 0, {"x": 0}),
        ("log(-x)", {"x": 0.0}, -math.inf, {"x": -math.inf}),
        ("sqrt(-x)", {"x": 0.0}, 0, {"x": -math.inf}),
        ("2 + 3", {}, 5, {}),
        ("x", {"x": 7}, 7, {"x": 1}),
    ],
)
def test_values_and_gradients(
    program: str, at: dict[str, float], value: float, gradient: dict[str, float] | None, view: str
) -> None:
    found = run(program, view, **at)
    assert found.value == pytest.approx(value, rel=1e-14)
    if gradient is not None:
        assert found.gradient == pytest.approx(gradient, rel=1e-14)


def test_the_gradient_of_the_issue_has_its_length() -> None:
    found = run("3x^2 + 2x*y + y^2", x=1, y=2)
    assert math.hypot(*found.gradient.values()) == pytest.approx(11.6619, abs=1e-4)


def test_fields_of_the_first_example() -> None:
    assert run("(4*x+1)^2", x=1).fields() == {
        **{f"{node}.value": value for node, value in zip("abcdefg", (4, 1, 4, 1, 5, 2, 25), strict=True)},
        **{f"{node}.gradient": None for node in "adf"},
        **{"b.gradient": 40, "c.gradient": 10, "e.gradient": 10, "g.gradient": 1},
        **{"c.0.value": 4, "c.0.partial": None, "c.0.flow": None},
        **{"c.1.value": 1, "c.1.partial": 4, "c.1.flow": 40},
        **{"e.0.value": 4, "e.0.partial": 1, "e.0.flow": 10},
        **{"e.1.value": 1, "e.1.partial": None, "e.1.flow": None},
        **{"g.0.value": 5, "g.0.partial": 10, "g.0.flow": 10},
        **{"g.1.value": 2, "g.1.partial": None, "g.1.flow": None},
        "x.total": 40,
    }


def test_constants_have_no_gradient() -> None:
    found = run("2 + 3*4")
    assert found.gradients == (None,) * 5
    assert found.gradient == {}
    assert "total" not in str(found.fields())
    exponent = run("(4x+1)^2", x=-1.0)  # the exponent's partial would be NaN
    assert exponent.partials[-1] == (-6.0, None)


# What is refused


@pytest.mark.parametrize(
    ("at", "message"),
    [
        ({}, "x has no value"),
        ({"x": 1.0}, "y has no value"),
        ({"x": 1.0, "z": 2.0}, "y has no value"),
        ({"x": 1.0, "y": 2.0, "z": 3.0}, "z is not a variable of this program"),
        ({"x": 1.0, "y": 2.0, "a": 3.0}, "a is not a variable of this program"),
        ({"x": np.ones(3), "y": np.ones(4)}, "shape mismatch"),
        ({"x": "one", "y": 2.0}, "could not convert"),
    ],
)
def test_what_is_refused(at: dict[str, object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        autodiff.compile(parse("x + y"))(at)


def test_a_seed_of_another_length_is_refused() -> None:
    with pytest.raises(ValueError, match="shape mismatch"):
        run("x^2", seed=[1.0, 2.0], x=[1.0, 2.0, 3.0])


# Kinds of numbers


@pytest.mark.parametrize("x", [3, True, np.float32(3), np.int64(3), np.array(3), np.array(3.0)], ids=repr)
def test_what_counts_as_a_float(x: float) -> None:
    found = run("x/4 + 1", x=x)
    assert type(found.value) is float
    assert found.value == float(x) / 4 + 1
    assert type(found.gradient["x"]) is float


@pytest.mark.parametrize(
    "x", [[1, 2, 3], (1.0, 2.0, 3.0), np.array([1, 2, 3]), np.float32([1, 2, 3])], ids=repr
)
def test_what_counts_as_a_column(x: object) -> None:
    found = run("x^2/4", x=x)
    assert found.value.dtype == np.float64
    assert found.value.tolist() == [0.25, 1, 2.25]
    assert found.gradient["x"].tolist() == [0.5, 1, 1.5]


def test_a_column_per_variable_gives_a_column_per_field() -> None:
    x = np.array([1.0, 2.0, 3.0])
    found = run("2x + y", x=x, y=5.0)
    assert found.value.tolist() == [7, 9, 11]
    assert {name: column.tolist() for name, column in found.gradient.items()} == {"x": [2] * 3, "y": [1] * 3}
    assert run("x", x=x).gradient["x"].tolist() == [1] * 3
    assert run("x + y", x=1.0, y=x).gradient["x"].tolist() == [1] * 3
    assert run("step(y) + x", x=1.0, y=x).gradient["y"].tolist() == [0] * 3


def test_columns_have_any_shape() -> None:
    plane = run("x*y", x=np.ones((2, 3)), y=np.full((2, 3), 2.0))
    assert plane.gradient["x"].shape == (2, 3)
    empty = run("erf(x) + max(x, 1) + erf(2)", x=[])
    assert empty.value.shape == empty.gradient["x"].shape == (0,)


def test_seeds() -> None:
    assert run("x*y", seed=3, x=2, y=5).gradient == {"x": 15, "y": 6}
    assert run("x*y", seed=0, x=2, y=5).gradient == {"x": 0, "y": 0}
    found = run("x*y", seed=[1, 10, 100], x=2, y=5)
    assert found.gradient["x"].tolist() == [5, 50, 500]
    assert run("x", seed=[1, 2], x=[5, 6]).gradient["x"].tolist() == [1, 2]
    assert math.isnan(run("x*y", seed=math.nan, x=2, y=5).gradient["x"])


def test_what_is_not_finite_raises_nothing_and_warns_of_nothing() -> None:
    program = " + ".join(
        f"{op.names[0]}({', '.join('xyx'[: len(op.arguments)])})" for op in OPS.values() if _plain(op)
    )
    compiled = autodiff.compile(parse(program + " + x/y + x^y"))
    numbers = [0.0, -0.0, 1e308, -1e308, 5e-324, math.inf, -math.inf, math.nan]
    with warnings.catch_warnings(action="error"), np.errstate(all="raise"):
        for x in numbers:
            for y in numbers:
                for seed in (1.0, math.inf, math.nan):
                    compiled({"x": x, "y": y}, seed)
                compiled({"x": np.full(3, x), "y": y})


def _plain(op: object) -> bool:
    return bool(op.names) and not op.variadic  # type: ignore[attr-defined]


def test_the_sum_over_leaves_warns_of_nothing_either() -> None:
    with warnings.catch_warnings(action="error"):
        found = run("(x*1e200)^2 - (x*1e200)^2", x=np.ones(2))
        assert np.isnan(found.gradient["x"]).all()
        assert np.isnan(found.fields()["x.total"]).all()


def test_the_numbers_do_not_depend_on_the_runs_before() -> None:
    compiled = autodiff.compile(parse("x*sin(y)"))
    first = compiled({"x": 1.0, "y": 2.0}).fields()
    compiled({"x": np.ones(3), "y": 9.0}, 7.0)
    assert compiled({"x": 1.0, "y": 2.0}).fields() == first


# The source that is compiled

HOSTILE = [
    "lambda",
    "class",
    "v0",
    "at",
    "seed",
    "run",
    "g1",
    "div",
    "inf",
    "import_",
    "ſ",
    "변수",
    "ﬁ",
    "print",
]


@pytest.mark.parametrize("name", HOSTILE)
def test_names_of_variables_mean_nothing_to_python(name: str) -> None:
    graph = parse(f"{name} ^ 2 + 1/({name} + 1)")
    (variable,) = graph.variables
    found = autodiff.compile(graph)({variable: 3.0})
    assert found.value == 9.25
    assert found.gradient[variable] == pytest.approx(6 - 1 / 16)


def test_the_source_holds_our_names_only() -> None:
    program = (
        "f(open) = open*open; exec = sqrt(os + 1e5); f(exec) + max(eval, 2e999) + log(π) / quit^½".replace(
            "½", "2"
        )
    )
    compiled = autodiff.compile(parse(program))
    names = {node.id for node in ast.walk(ast.parse(compiled.source)) if isinstance(node, ast.Name)}
    ours = {name for name in names if name[0] in "vgpwk" and name[1:].replace("_", "").isdigit()}
    assert names - ours <= {"at", "seed", "inf", "nan", *SCALAR}
    texts = {node.value for node in ast.walk(ast.parse(compiled.source)) if isinstance(node, ast.Constant)}
    assert {text for text in texts if isinstance(text, str)} == {"os", "eval", "quit"}
    assert not any(
        isinstance(node, ast.Attribute | ast.Import) for node in ast.walk(ast.parse(compiled.source))
    )


def test_the_compiled_code_reaches_no_builtins() -> None:
    function = autodiff.compile(parse("x + 1")).function()
    assert function.__globals__["__builtins__"] == {}  # type: ignore[attr-defined]
    assert function.__builtins__ == {} != vars(builtins)  # type: ignore[attr-defined]


def test_a_run_keeps_its_point_when_the_caller_goes_on() -> None:
    at = {"x": 1.0}
    run = autodiff.compile(parse("x^2"))(at)
    at["x"] = 5.0
    assert run.variables == {"x": 1.0}


# The sums over rows alone

NAMED_AS_IN_THE_SOURCE = "v1*w1_0 + g2*v1^2 + p3_0*k0 - sin(w1_0)*v7"


@pytest.mark.parametrize("view", ["tree", "graph"])
@pytest.mark.parametrize("text", [*PROGRAMS, NAMED_AS_IN_THE_SOURCE])
def test_slopes_are_the_sums_of_the_gradients(text: str, view: str) -> None:
    graph = parse(text, view)
    random = np.random.default_rng(len(text))
    columns = {name: random.uniform(0.1, 2, 50) for name in graph.variables[::2]}
    numbers = {name: float(random.uniform(0.1, 2)) for name in graph.variables[1::2]}
    for names in (list(numbers), list(graph.variables)):
        run = autodiff.compile(graph)({**columns, **numbers})
        value, slopes = Slope(graph, names)({**columns, **numbers}, 50)
        wanted = [np.sum(np.broadcast_to(run.gradient[name], 50)) for name in names]
        np.testing.assert_allclose(slopes, wanted, rtol=1e-9, atol=1e-9)
        np.testing.assert_allclose(value, np.sum(np.broadcast_to(run.value, 50)), rtol=1e-9, atol=1e-9)
