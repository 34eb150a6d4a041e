"""Each row of the table is true: what is shown equals what is evaluated, and both are the mathematics."""

import math
import sys
from collections.abc import Sequence
from typing import Any

import pytest
import sympy

from graphviz_backprop.engine import autodiff
from graphviz_backprop.language.ops import COMPARISONS, LANGUAGE, OPERATORS, OPS, Op
from graphviz_backprop.language.parser import parse, parse_row
from tests.support import truth
from tests.support.grids import ROWS, TINY, count, evaluated, finite_points
from tests.support.truth import mp

inf, nan = math.inf, math.nan
huge = sys.float_info.max


def is_double(wanted: Any, found: float, digits: float) -> bool:
    """Whether a double is a number as exact as can be: beyond the largest double stands infinity."""
    if abs(wanted) >= truth.LARGEST:
        return found == math.copysign(inf, wanted)
    return math.isfinite(found) and bool(mp.almosteq(found, wanted, digits, TINY))


def normal(x: float) -> bool:
    """Whether it has all its digits."""
    return x == 0 or sys.float_info.min <= abs(x) <= huge


def by_row(rows: Sequence[Op]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("op", rows, ids=[op.name for op in rows])


def test_every_row_has_a_truth() -> None:
    assert truth.FUNCTIONS.keys() == OPS.keys()


# What is evaluated is the mathematics


@by_row(ROWS)
def test_values(op: Op) -> None:
    tried = 0
    for point, (value, *_) in zip(finite_points(op), evaluated(op, finite_points(op)), strict=True):
        with mp.workdps(800):
            wanted = truth.FUNCTIONS[op.name](*point)
            if mp.isfinite(wanted):
                tried += 1
                assert is_double(wanted, value, 1e-13), (point, value, wanted)
            else:
                assert not math.isfinite(value), (point, value)
    assert tried >= 20


@by_row(ROWS)
def test_partials(op: Op) -> None:
    function = truth.FUNCTIONS[op.name]
    tried = 0
    for point, (value, *partials) in zip(finite_points(op), evaluated(op, finite_points(op)), strict=True):
        if not all(map(normal, (*point, value))):
            continue
        for arg, partial in enumerate(partials):
            wanted = truth.slope(function, point, arg)
            if mp.isfinite(wanted):
                tried += 1
                assert is_double(wanted, partial, 2e-13), (point, arg, partial, wanted)
    assert tried >= 20


@pytest.mark.parametrize(
    ("name", "args", "value", "partials"),
    [
        # beyond the ordinary numbers
        ("sigmoid", (-40.0,), 4.248354255291589e-18, [4.248354255291589e-18]),
        ("sigmoid", (40.0,), 1.0, [4.248354255291589e-18]),
        ("sigmoid", (-1000.0,), 0.0, [0.0]),
        ("sigmoid", (1000.0,), 1.0, [0.0]),
        ("softplus", (-40.0,), 4.248354255291589e-18, [4.248354255291589e-18]),
        ("softplus", (1000.0,), 1000.0, [1.0]),
        ("silu", (-1000.0,), 0.0, [0.0]),
        ("silu", (1000.0,), 1000.0, [1.0]),
        ("gelu", (1e300,), 1e300, [1.0]),
        ("gelu", (-1e300,), 0.0, [0.0]),
        ("elu", (-1000.0,), -1.0, [0.0]),
        ("elu", (1000.0,), 1000.0, [1.0]),
        ("tanh", (1000.0,), 1.0, [0.0]),
        ("atan", (1e200,), math.pi / 2, [0.0]),
        ("exp", (1000.0,), inf, [inf]),
        ("exp", (-inf,), 0.0, [0.0]),
        # the edges of the domains
        ("log", (0.0,), -inf, [inf]),
        ("log", (-0.0,), -inf, [inf]),
        ("log", (inf,), inf, [0.0]),
        ("log2", (0.0,), -inf, [inf]),
        ("log2", (-0.0,), -inf, [inf]),
        ("log10", (0.0,), -inf, [inf]),
        ("log10", (-0.0,), -inf, [inf]),
        ("log_base", (0.0, 2.0), -inf, [inf, inf]),
        ("log_base", (-0.0, 2.0), -inf, [inf, inf]),
        ("log_base", (-0.0, 0.5), inf, [-inf, inf]),
        ("log1p", (-1.0,), -inf, [inf]),
        ("sqrt", (0.0,), 0.0, [inf]),
        ("sqrt", (-0.0,), 0.0, [inf]),
        ("cbrt", (0.0,), 0.0, [inf]),
        ("cbrt", (-0.0,), 0.0, [inf]),
        ("asin", (1.0,), math.pi / 2, [inf]),
        ("asin", (-1.0,), -math.pi / 2, [inf]),
        ("acos", (1.0,), 0.0, [-inf]),
        ("acos", (-1.0,), math.pi, [-inf]),
        ("div", (1.0, 0.0), inf, [inf, -inf]),
        ("div", (1.0, -0.0), -inf, [-inf, -inf]),
        ("div", (-1.0, 0.0), -inf, [inf, inf]),
        ("pow", (0.0, 2.0), 0.0, [0.0, 0.0]),
        ("pow", (-0.0, 2.0), 0.0, [0.0, 0.0]),
        ("pow", (0.0, 3.0), 0.0, [0.0, 0.0]),
        ("pow", (0.0, 1.0), 0.0, [1.0, 0.0]),
        ("pow", (0.0, 0.5), 0.0, [inf, 0.0]),
        ("pow", (0.0, 0.0), 1.0, [0.0, -inf]),
        ("pow", (0.0, -1.0), inf, [-inf, -inf]),
        ("pow", (5.0, 0.0), 1.0, [0.0, math.log(5)]),
        ("pow", (-2.0, 3.0), -8.0, [12.0, nan]),
        ("pow", (-2.0, -1.0), -0.5, [-0.25, nan]),
        ("pow", (-2.0, 0.0), 1.0, [0.0, nan]),
        ("pow", (-2.0, 0.5), nan, [nan, nan]),
        ("hypot", (0.0, 0.0), 0.0, [nan, nan]),
        ("atan2", (0.0, 0.0), 0.0, [nan, nan]),
        ("atan2", (0.0, -1.0), math.pi, [-1.0, 0.0]),
        ("atan2", (-0.0, -1.0), -math.pi, [-1.0, 0.0]),
        # outside
        ("log", (-1.0,), nan, [nan]),
        ("log2", (-1.0,), nan, [nan]),
        ("log10", (-1.0,), nan, [nan]),
        ("log_base", (-1.0, 2.0), nan, [nan, nan]),
        ("log_base", (2.0, -1.0), nan, [nan, nan]),
        ("log1p", (-1.5,), nan, [nan]),
        ("sqrt", (-1.0,), nan, [nan]),
        ("asin", (1.5,), nan, [nan]),
        ("acos", (-1.5,), nan, [nan]),
        ("div", (0.0, 0.0), nan, [inf, nan]),
        # kinks
        ("relu", (0.0,), 0.0, [0.0]),
        ("relu", (-0.0,), 0.0, [0.0]),
        ("abs", (0.0,), 0.0, [0.0]),
        ("leaky_relu", (0.0,), 0.0, [0.01]),
        ("leaky_relu_slope", (0.0, 0.3), 0.0, [0.3, 0.0]),
        ("leaky_relu_slope", (0.0, 0.01), 0.0, [0.01, 0.0]),
        ("elu", (0.0,), 0.0, [1.0]),
        ("step", (0.0,), 0.0, [0.0]),
        ("sign", (0.0,), 0.0, [0.0]),
        ("max", (2.0, 2.0), 2.0, [0.5, 0.5]),
        ("min", (2.0, 2.0), 2.0, [0.5, 0.5]),
        ("max", (0.0, -0.0), 0.0, [0.5, 0.5]),
        ("max", (1.0, 2.0, 2.0, 2.0), 2.0, [0.0, 1 / 3, 1 / 3, 1 / 3]),
        ("min", (1.0, 2.0, 1.0, 1.0), 1.0, [1 / 3, 0.0, 1 / 3, 1 / 3]),
        ("max", (inf, inf), inf, [0.5, 0.5]),
        ("max", (nan, 1.0), nan, [nan, nan]),
        ("mean", (1.0, 2.0, 6.0), 3.0, [1 / 3, 1 / 3, 1 / 3]),
        ("sum", (4.0,), 4.0, [1.0]),
        ("mean", (4.0,), 4.0, [1.0]),
    ],
)
def test_tails_edges_and_kinks(
    name: str, args: tuple[float, ...], value: float, partials: list[float]
) -> None:
    ((found, *slopes),) = evaluated(OPS[name], [args])
    assert [found, *slopes] == pytest.approx([value, *partials], rel=1e-15, abs=0, nan_ok=True)


@by_row([op for op in ROWS if op.name not in COMPARISONS])
def test_nan_goes_through(op: Op) -> None:
    ((value, *_),) = evaluated(op, [(nan,) * count(op)])
    assert math.isnan(value)


@by_row([OPS[name] for name in sorted(COMPARISONS)])
def test_nan_compares_as_ieee_has_it(op: Op) -> None:
    for point in ((nan, 1.0), (1.0, nan), (nan, nan)):
        assert evaluated(op, [point]) == [[float(op.name == "not_equal"), 0.0, 0.0]]


# What is shown is what is evaluated


def forms(op: Op) -> list[tuple[str, str]]:
    """The shown and the evaluated form of a row's value and partials, where they differ."""
    both = [(op.value, op.evaluated)]
    both += [(op.partial(arg), op.evaluated_partial(arg)) for arg in range(len(op.arguments))]
    return [(shown, stable) for shown, stable in both if shown != stable]


TWOFOLD = [op for op in ROWS if forms(op)]


def inside(op: Op) -> list[tuple[float, ...]]:
    """Points inside the domain, of sizes at which digits in the hundreds decide."""
    return [
        point
        for point in finite_points(op)
        if max(map(abs, point)) <= 1000 and mp.isfinite(truth.FUNCTIONS[op.name](*point))
    ]


@by_row(TWOFOLD)
def test_shown_equals_evaluated_at_50_digits(op: Op) -> None:
    for shown, stable in forms(op):
        tried = 0
        for point in inside(op):
            with mp.workdps(1000 if max(map(abs, point)) > 50 else 400):
                at = dict(zip(op.arguments, point, strict=True))
                at["f"] = truth.FUNCTIONS[op.name](*point)
                wanted = truth.values(parse_row(shown), at, exact=True)[-1]
                found = truth.values(parse_row(stable), at, exact=True)[-1]
                if mp.isfinite(wanted):
                    tried += 1
                    assert abs(found - wanted) <= abs(wanted) / 10**40 + mp.mpf(10) ** -380, (
                        shown,
                        stable,
                        point,
                    )
        assert tried >= 10


SYMPY = {
    "add": lambda x, y: x + y,
    "sub": lambda x, y: x - y,
    "mul": lambda x, y: x * y,
    "div": lambda x, y: x / y,
    "pow": lambda x, y: x**y,
    "neg": lambda x: -x,
    "expm1": lambda x: sympy.exp(x) - 1,
    "log1p": lambda x: sympy.log(1 + x),
    "log2": lambda x: sympy.log(x) / sympy.log(2),
    "log10": lambda x: sympy.log(x) / sympy.log(10),
    "abs": sympy.Abs,
    "step": lambda x: sympy.Heaviside(x, 0),
    "max": sympy.Max,
    "min": sympy.Min,
    "sum": lambda *xs: sympy.Add(*xs),
    "mean": lambda *xs: sympy.Add(*xs) / len(xs),
    "hypot": lambda x, y: sympy.sqrt(x**2 + y**2),
    "where": lambda c, x, y: y if c == 0 else sympy.Piecewise((x, c > 0), (y, True)),
    "equal": lambda x, y: sympy.Integer(int(x == y)),  # two symbols are two numbers
    "less": lambda x, y: sympy.Piecewise((1, x < y), (0, True)),
    **{
        name: getattr(sympy, name)
        for name in """exp log sqrt cbrt sin cos tan asin acos atan atan2 sinh cosh tanh asinh acosh atanh
        sign erf erfc erfinv""".split()
    },
}


def symbolic(text: str, at: dict[str, sympy.Expr]) -> sympy.Expr:
    """A text of a row in SymPy, by way of its graph."""
    known = {"e": sympy.E, "pi": sympy.pi, "nan": sympy.nan}
    return parse_row(text).fold(
        lambda node: at[node.name],
        lambda node: known[node.name] if node.name in known else sympy.Rational(node.name),
        lambda node, args: in_sympy(OPS[node.op], args),
    )[-1]


def in_sympy(op: Op, args: list[sympy.Expr]) -> sympy.Expr:
    """A row's value as it is shown."""
    if op.primitive:
        return SYMPY[op.name](*args)
    return symbolic(op.value, dict(zip(op.arguments, args, strict=True)))


NOT_ZERO = {
    "relu6",
    "hardtanh",
    "selu",
    "softsign",
    "smooth_l1",
    "abs",
    "sign",
    "step",
    "relu",
    "leaky_relu",
    "leaky_relu_slope",
    "elu",
    "softplus",
}
SMOOTH = [op for op in ROWS if not op.variadic and op.name not in {"mod", "clamp", *COMPARISONS}]


def symbols(op: Op, positive: bool) -> dict[str, sympy.Expr]:
    """The arguments: of one sign where the row looks at the sign, else all that its domain has."""
    side = {"real": True} if op.name not in NOT_ZERO and positive else {"positive": positive or None}
    if op.name in ("log", "log_base", "log1p", "log2", "log10", "sqrt", "cbrt", "pow"):
        side = {"positive": True}
    if not positive:
        side = {"negative": True}
    return {name: sympy.Symbol(name, **side) for name in op.arguments}


def equal_in_sympy(found: sympy.Expr, wanted: sympy.Expr) -> bool:
    """By algebra where SymPy knows how, else at exact points, to 60 digits."""
    difference = found - wanted
    if sympy.simplify(difference) == 0:
        return True
    names = sorted(difference.free_symbols, key=str)
    shift = [sympy.Rational(2 * at + 3, 7) for at in range(len(names))]
    signs = [-1 if name.is_negative else 1 for name in names]
    return all(
        abs(
            sympy.N(
                difference.subs({x: s * (k * d) for x, s, d in zip(names, signs, shift, strict=True)}), 60
            )
        )
        < 1e-50
        for k in (sympy.Rational(1, 9), 1, 5)
    )


@by_row(SMOOTH)
def test_shown_partials_are_derivatives_symbolically(op: Op) -> None:
    for positive in (True, False) if op.name in NOT_ZERO else (True,):
        at = symbols(op, positive)
        value = in_sympy(op, list(at.values()))
        for arg, x in enumerate(at.values()):
            wanted = sympy.diff(value, x)
            found = symbolic(op.partial(arg), {**at, "f": value})
            assert equal_in_sympy(found, wanted), (op.partial(arg), found, wanted)


# The table itself


def test_names_are_unique() -> None:
    signatures = [(name, "any" if op.variadic else len(op.arguments)) for op in ROWS for name in op.names]
    assert len(set(signatures)) == len(signatures)
    for name in LANGUAGE.names():
        assert all(part.isidentifier() for part in [name])


@by_row(ROWS)
def test_a_row_is_whole(op: Op) -> None:
    wanted = 1 if op.variadic else len(op.arguments)
    assert len(op.partials) == wanted
    assert len(op.stable_partials) in (0, wanted)
    assert len(op.rules) in (0, 1, wanted)
    assert all(op.rule(arg).endswith("rule") for arg in range(wanted))
    names = {*op.arguments, "f", *(("n", "k") if op.variadic else ())}
    for text in (*op.partials, *op.stable_partials):
        assert set(parse_row(text).variables) <= names
    for text in filter(None, (op.value, op.stable)):
        assert set(parse_row(text).variables) == set(op.arguments)


@by_row(OPERATORS)
def test_operators_have_no_name_in_the_language(op: Op) -> None:
    assert op.names == op.aliases
    assert op.name in (*op.aliases, "") or op.name not in LANGUAGE


@pytest.mark.parametrize(
    ("at", "gradient"),
    [
        ((0, 0, 1), (1, 0, 0)), ((1, 0, 1), (1, 0, 0)), ((0, 1, 1), (0, 0, 0)),
        ((2, 1, 1), (0, 0, 1)), ((2, 3, 1), (0, 0, 1)), ((1, 3, 1), (0, 0, 1)), ((0, 1, 2), (0, 1, 0)),
    ],
)  # fmt: skip
def test_clamp_at_its_ends_is_pytorchs(at, gradient):
    """As torch.clamp gives it, with tensors for all three."""
    run = autodiff.compile(parse("clamp(x, l, h)"))(dict(zip("xlh", map(float, at), strict=True)))
    assert tuple(run.gradient[name] for name in "xlh") == gradient
