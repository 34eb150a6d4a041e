"""One-sided derivatives: known kinks, every row, and random programs of straight pieces."""

import itertools
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphviz_backprop.engine import autodiff
from graphviz_backprop.explain.patterns import equal_keys
from graphviz_backprop.explain.sides import Sides, kink_at, sides, switches
from graphviz_backprop.explain.trouble import findings
from graphviz_backprop.language.ops import OPS, Op
from graphviz_backprop.language.parser import parse
from tests.support.grids import NAMES, ROWS, count, row_graph
from tests.support.programs import ordinary, runs, special

INF, NAN = math.inf, math.nan

KNOWN = [
    ("abs(x)", 0, -1, 1),
    ("relu(x)", 0, 0, 1),
    ("leaky_relu(x)", 0, 0.01, 1),
    ("leaky_relu(x, 0.5)", 0, 0.5, 1),
    ("leaky_relu(x, 1)", 0, 1, 1),
    ("elu(x)", 0, 1, 1),
    ("max(x, -x)", 0, -1, 1),
    ("max(x, 2x, 3)", 0, 0, 0),
    ("min(x, 2x)", 0, 2, 1),
    ("max(x, x)", 0, 1, 1),
    ("relu(x) - relu(-x)", 0, 1, 1),
    ("relu(3x - 6)", 2, 0, 3),
    ("sign(x)", 0, INF, INF),
    ("step(x)", 0, 0, INF),
    ("step(-x)", 0, -INF, 0),
    ("sqrt(x)", 0, NAN, INF),
    ("cbrt(x)", 0, INF, INF),
    ("x^(1/2)", 0, NAN, INF),
    ("x^1.5", 0, NAN, 0),
    ("x^3", 0, 0, 0),
    ("0^x", 0.5, 0, 0),
    ("hypot(x, 2x)", 0, -math.sqrt(5), math.sqrt(5)),
    ("asin(x)", 1, INF, NAN),
    ("asin(x)", -1, NAN, INF),
    ("acos(x)", -1, NAN, -INF),
    ("atan2(x, -1)", 0, INF, -1),
    ("atan2(0, x)", 0, -INF, 0),  # 0 on the right, π on the left
    ("atan2(0, x)", -1, 0, 0),
    ("atan2(x, 0)", 0, INF, INF),
    ("atan2(x, x)", 0, INF, INF),
    ("atan2(-x, x)", 0, -INF, -INF),
    ("log(x)", 0, NAN, INF),  # there is nothing on the left
    ("log(-x)", 0, -INF, NAN),
    ("log2(x)", 0, NAN, INF),
    ("log10(x)", 0, NAN, INF),
    ("log(x, 2)", 0, NAN, INF),
    ("log(x, 1/2)", 0, NAN, -INF),
    ("log1p(x)", -1, NAN, INF),
    ("rsqrt(x)", 0, NAN, -INF),
    ("x^(-1/2)", 0, NAN, -INF),
    ("atanh(x)", 1, INF, NAN),
    ("atanh(x)", -1, NAN, INF),
    ("erfinv(x)", 1, INF, NAN),
    ("erfinv(x)", -1, NAN, INF),
    ("logit(x)", 0, NAN, INF),
    ("logit(x)", 1, INF, NAN),
    ("x^x", 0, NAN, -INF),
    ("x^0", 0, 0, 0),
    ("0^x", 0, -INF, -INF),
    ("abs(x)^x", 0, -INF, -INF),
    ("x^(-x)", 0, NAN, INF),
    ("sqrt(x^2)", 0, -1, 1),  # an infinite slope times 0: differences tell
    ("sqrt(4x^2)", 0, -2, 2),
    ("sqrt(1 - cos(x))", 0, -math.sqrt(0.5), math.sqrt(0.5)),
    ("asin(cos(x))", 0, 1, -1),
    ("cbrt(x^3)", 0, 1, 1),
    ("sqrt(x^4)", 0, 0, 0),
    ("sqrt(sqrt(x^2))", 0, -INF, INF),  # the differences grow without end
    ("where(x > 0, log(x), 0)", 0, 0, -INF),  # a jump on the right
    ("where(x > 0, 1/x, 0)", 0, 0, INF),
    ("where(x > 0, x log(x), 0)", 0, 0, -INF),  # as slowly as the logarithm
    ("where(x > 0, x log(x) + x^2 + sin(x), 0)", 0, 0, -INF),
    ("where(x < 0, -x log(-x), 0)", 0, INF, 0),
    ("where(x > 1, (x - 1) log(x - 1), 0)", 1, 0, -INF),
    ("where(x > 0, x^2 log(x), 0)", 0, 0, 0),
    ("where(x > 0, x / log(x), 0)", 0, 0, NAN),  # 0, too slowly to be seen
    ("where(x > 0, x^0.5 x^0.52, 0)", 0, 0, NAN),
    ("where(x < 0, 1/x, 0)", 0, INF, 0),  # to -∞ on the left
    ("where(x > 0, sqrt(x), 0)", 0, 0, INF),
    ("where(x > 0, x, 0)", 0, 0, 1),
    ("where(x > 0, x^2, 0)", 0, 0, 0),
    ("where(x > 0, 1, 0)", 0, 0, INF),
    ("where(x > 0, 0, 1)", 0, 0, -INF),
    ("where(x >= 0, 1, 0)", 0, INF, 0),
    ("where(x >= 0, x, -x)", 0, -1, 1),
    ("where(x < 1, x, 2 - x)", 1, 1, -1),
    ("where(x == 2, 5, x)", 2, INF, -INF),
    ("where(x == 0, 1, sin(x)/x)", 0, 0, 0),
    ("where(x, x, 3)", 0, INF, -INF),
    ("where(x^2 > 0, x, 1)", 0, INF, -INF),
    ("where(x != 0, x, 7)", 0, INF, -INF),
    ("where(x > 0, x + 1, x)", 0, 1, INF),
    ("where(x > 0, exp(x), 1 + x)", 0, 1, 1),
    ("where(step(x), 3x, 2x)", 0, 2, 3),
    ("where(max(x, 0), 2x, x)", 0, 1, 2),
    ("where((x >= 0) + (x <= 0), x, 5)", 0, 1, 1),
    ("2*where(x > 0, x, 0) + x", 0, 1, 3),
    ("where(x > 0, where(x > 1, 2x, x), 0)", 1, 1, INF),
    ("where(-x > 0, x, 4x)", 0, 1, 4),
    ("abs(x^2)", 0, 0, 0),
]


@pytest.mark.parametrize(("program", "at", "left", "right"), KNOWN, ids=[row[0] for row in KNOWN])
@pytest.mark.parametrize("view", ["tree", "graph"])
def test_known_kinks(program, at, left, right, view):
    found = sides(autodiff.compile(parse(program, view))({"x": float(at)}))["x"]
    assert (found.left, found.right) == pytest.approx((left, right), nan_ok=True)


@pytest.mark.parametrize("program", ["x^0", "leaky_relu(0, x)", "leaky_relu(x, 1)", "max(x, x)"])
def test_where_both_sides_agree_there_is_no_kink(program):
    graph = parse(program)
    run = autodiff.compile(graph)({"x": 0.0 if program != "leaky_relu(0, x)" else 2.0})
    assert not any(kink_at(graph, equal_keys(graph), run.values, at) for at in range(len(graph.nodes)))


def test_the_seed_scales_both_sides():
    run = autodiff.compile(parse("abs(x)"))({"x": 0.0}, 3.0)
    assert sides(run) == {"x": Sides(-3, 3)}


@pytest.mark.parametrize("x", [5e-324, -5e-324, 1e-322, INF, -INF, NAN])
def test_where_there_is_no_step_to_a_side_nothing_is_told(x):
    run = autodiff.compile(parse("sqrt((x - y)^2)"))({"x": x, "y": x})
    assert all(math.isnan(one.left) for one in sides(run).values())


def test_each_variable_moves_alone():
    run = autodiff.compile(parse("max(x, y)"))({"x": 1.0, "y": 1.0})
    assert sides(run) == {"x": Sides(0, 1), "y": Sides(0, 1)}


GRID = [-2.0, -1.0, -0.5, 0.0, 0.5, 1.0, 2.0, 3.0]


def _quotient(compiled, at, name, h):
    return (compiled({**at, name: at[name] + h}).value - compiled(at).value) / h


def _origin(op, point):
    if op.name == "where":
        return point[0] == 0  # a condition is 1 or 0 and does not move by a little
    return op.name == "atan2" and point == (0, 0)  # every direction jumps elsewhere


@pytest.mark.parametrize("op", ROWS, ids=NAMES)
def test_every_row_tells_its_kinks(op: Op) -> None:
    graph = row_graph(op)
    compiled = autodiff.compile(graph)
    for point in itertools.product(GRID, repeat=count(op)):
        at = dict(zip(graph.variables, point, strict=True))
        run = compiled(at)
        if not math.isfinite(run.value) or (op.name, point[-1]) == ("log_base", 0) or _origin(op, point):
            continue
        for name, found in sides(run).items():
            for way, slope in ((-1e-9, found.left), (1e-9, found.right)):
                quotient = _quotient(compiled, at, name, way)
                if math.isnan(quotient):
                    # nothing on that side: no slope, or at least a convention where the row has no kink
                    assert OPS[op.name].kink is None or not math.isfinite(slope) or slope == 0, (at, way)
                elif math.isinf(slope):
                    assert quotient * slope > 0, (at, way)
                    assert abs(quotient) > 1e3, (at, way)
                else:
                    assert quotient == pytest.approx(slope, rel=1e-4, abs=1e-4), (at, way)


STRAIGHT = [OPS[name] for name in "add sub neg abs max min sum mean relu leaky_relu".split()]


@given(runs(numbers=st.sampled_from([0.0, 1.0, -1.0, 2.0]), rows=STRAIGHT, size=6))
def test_programs_of_straight_pieces_have_the_slopes_of_their_pieces(run):
    compiled = autodiff.compile(run.graph)
    for name, found in sides(run).items():
        for way, slope in ((-(2.0**-20), found.left), (2.0**-20, found.right)):
            assert _quotient(compiled, run.variables, name, way) == pytest.approx(slope, abs=1e-6)


@given(runs(numbers=ordinary | special, seeds=ordinary))
def test_without_a_kink_both_sides_are_the_gradient(run):
    kinked = any(node.args and OPS[node.op].kink for node in run.graph.nodes)
    for name, found in sides(run).items():
        if not kinked:
            assert (found.left, found.right) == pytest.approx((run.gradient[name],) * 2, nan_ok=True)


def test_a_variable_of_a_branch_that_is_not_taken_has_slope_0():
    """``where(y > 0, x/y, 0)`` at y = 0 is 0 for every x, where the gradient is NaN as in PyTorch."""
    for program in ("where(y > 0, x/y, 0)", "where(y > 0, x log(y), 0)", "where(y != 0, sin(x)/y, 0) + 0 x"):
        run = autodiff.compile(parse(program))({"x": 2.0, "y": 0.0})
        assert math.isnan(run.gradient["x"])
        assert sides(run)["x"] == Sides(0.0, 0.0)


@pytest.mark.parametrize(
    ("program", "at", "kind"),
    [
        ("where(x > 0, x, 0)", 0, "corner"),
        ("where(x > 0, x, 0)", 1, None),
        ("where(x > 0, x, 0)", -1, None),
        ("where(x > 0, x^2, 0)", 0, None),
        ("where(x > 0, 3x, 3x)", 0, None),
        ("where(x > 0, 1, 0)", 0, "jump"),
        ("where(x == 2, 5, x)", 2, "jump"),
        ("where(x, x, 3)", 0, "jump"),
        ("where(x > 0, log(x), 0)", 0, "jump"),
        ("where(x > 0, sqrt(x), 0)", 0, "corner"),  # there is nothing of the root on the left
        ("where(x == 0, 1, sin(x)/x)", 0, None),  # its branch is NaN, and no jump
        ("where(x > 0, x log(x), 0)", 0, None),
        ("where(x < 1, x, 2 - x)", 1, "corner"),
        ("where(step(x), 3x, 2x)", 0, "corner"),
        ("where(x > 0, exp(x), 1 + x)", 0, None),
        ("where(3 > 2, x, 0)", 0, None),
    ],
)
@pytest.mark.parametrize("view", ["tree", "graph"])
def test_what_a_condition_does_at_its_boundary(program, at, kind, view):
    run = autodiff.compile(parse(program, view))({"x": float(at)})
    assert list(switches(run).values()) == ([kind] if kind else [])


@pytest.mark.parametrize("x", [0.0, 1.0, -1.0])
def test_what_is_said_of_a_branch(x):
    """At the boundary that it is a corner there; elsewhere nothing that is not so on the other side."""
    run = autodiff.compile(parse("where(x > 0, x, 0)"))({"x": x})
    said = [found for found in findings(run) if found.node == run.graph.output.id]
    kinds = {0.0: ["corner"], 1.0: [], -1.0: ["dead"]}
    assert [found.kind for found in said] == kinds[x]
    assert not any("ever" in found.text for found in said)
