"""The table of operations: one row each, written in the app's own language.

A row holds what an operation is: its arguments, its definition (or :data:`PRIMITIVE`, when
:mod:`graphviz_backprop.engine.kernels` supplies it), its local partials in terms of the arguments and of the
result ``f``, the rules' names and its domain. Everything else comes from the row: the name in the
language, the values and partials in Python and in the browser, the rule that is shown, the reference
table, the tests. *The rule that is shown is the rule that is evaluated*; where the form that is good to
read loses digits or overflows, the row holds a stable form as well, and a test shows that both are equal.

Adding an operation means adding a row (and, for a primitive that neither ``math``, NumPy nor
JavaScript's ``Math`` know by that name, its kernels).

Conventions where a derivative does not exist are PyTorch's: relu'(0) = 0, |x|'(0) = 0, and the k
arguments of max or min that tie share the gradient, 1/k each.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any, TypeVar

from graphviz_backprop.language.cached import cached_property

T = TypeVar("T")

PRIMITIVE = ""
"""The definition of an operation that is not made of others."""

CONSTANTS: Mapping[str, float] = {"e": math.e, "pi": math.pi, "π": math.pi}
"""Names that stand for a number unless the program names a node so."""


NAN = "1 - (f == f)"
"""The condition that the result is not a number."""


@dataclass(frozen=True)
class Kink:
    """Where an operation has a value and no derivative.

    ``at`` is the condition. ``kind`` is "corner", "jump", "steep" (the slope is infinite) or "edge" (there
    is nothing on the other side). ``slope`` is the one-sided derivative there in the direction in which
    the arguments' tangents, ``dx`` for ``x``, point; without it, the operation itself applied to the
    tangents (of those arguments that tie) is that. It concerns only the arguments whose tangents it
    names. ``safer`` is another form that has a derivative. ``ours`` is where PyTorch's convention is another.
    """

    at: str
    kind: str = "corner"
    slope: str = ""
    safer: str = ""
    ours: str = ""


@dataclass(frozen=True)
class Trap:
    """Why a result, or where ``slope`` is set a local partial, is infinite or not a number.

    ``when`` is a condition on the arguments and the result ``f``, ``why`` the reason in words, without the
    row's names: the reader's x is another one. ``safer`` is another form.
    """

    when: str
    why: str
    safer: str = ""
    slope: bool = False


@dataclass(frozen=True)
class Op:
    """One operation.

    ``params`` names the arguments (``"x, y"``; ``"x..."`` takes one or more, and its single partial
    holds for each: there ``x`` is the argument in question, ``n`` the number of arguments and ``k`` the
    number of those equal to ``f``). ``partials`` and ``rules`` go by argument; one rule may serve all.
    ``stable`` and ``stable_partials`` are evaluated where ``value`` and ``partials`` are only shown.
    ``call`` is the function's name in the language where it is not ``name``, ``symbol`` an operator's
    sign. ``tex`` is the LaTeX notation: what stands before the parentheses, or a whole template with
    ``{x}`` for an argument (and doubled braces). ``kink`` and ``traps`` (the first that holds counts) say
    what can go wrong. ``flat`` is what a partial near 0 means: "flat", "saturated", "dead" (nothing flows
    back), "level" (nothing ever does), or nothing to speak of.
    """

    name: str
    params: str
    value: str
    partials: tuple[str, ...]
    rules: tuple[str, ...] = ()
    domain: str = ""
    stable: str = ""
    stable_partials: tuple[str, ...] = ()
    call: str = ""
    symbol: str = ""
    aliases: tuple[str, ...] = ()
    fewest: int = 1
    tex: str = ""
    about: str = ""
    kink: Kink | None = None
    traps: tuple[Trap, ...] = ()
    flat: str = "flat"

    @cached_property
    def arguments(self) -> tuple[str, ...]:
        """The names of the arguments; of a variadic operation, of its one repeated argument."""
        return tuple(name.strip() for name in self.params.removesuffix("...").split(","))

    @property
    def names(self) -> tuple[str, ...]:
        """What it is called by in the language; of an operator, only its aliases."""
        return self.aliases if self.symbol else (self.call or self.name, *self.aliases)

    @property
    def variadic(self) -> bool:
        """Whether it takes any number of arguments, ``fewest`` at the least."""
        return self.params.endswith("...")

    @property
    def primitive(self) -> bool:
        """Whether a kernel computes it, instead of a definition by other operations."""
        return self.value == PRIMITIVE

    @property
    def evaluated(self) -> str:
        """The definition that is computed: the stable form where there is one."""
        return self.stable or self.value

    @property
    def known(self) -> tuple[str, ...]:
        """The names that its conditions may use, in the order in which the browser passes them."""
        return ("f", "k") if self.variadic else (*self.arguments, "f")

    def takes(self, count: int) -> bool:
        """Whether it can have so many arguments."""
        return count >= self.fewest if self.variadic else count == len(self.arguments)

    def bind(self, args: Sequence[T], arg: int = 0) -> dict[str, T]:
        """What the names of the row's arguments stand for at a node: ``args`` are its arguments in any form.

        In the partial by argument number ``arg``, the name of a variadic row's argument is that one.
        """
        if self.variadic:
            return {self.arguments[0]: args[arg]}
        return dict(zip(self.arguments, args, strict=True))

    def parameters(self, args: Sequence[str], together: str) -> tuple[str, ...]:
        """Arguments as a function takes them: a variadic one all at once, as ``together`` writes a list."""
        return (together.format(", ".join(args)),) if self.variadic else tuple(args)

    def slot(self, arg: int) -> int:
        """The position of the partial that holds for argument number ``arg``."""
        return 0 if self.variadic else arg

    def partial(self, arg: int) -> str:
        """The local partial by argument number ``arg`` as it is shown."""
        return self.partials[self.slot(arg)]

    def evaluated_partial(self, arg: int) -> str:
        """The local partial by argument number ``arg`` as it is computed."""
        return (self.stable_partials or self.partials)[self.slot(arg)]

    def rule(self, arg: int) -> str:
        """The name of the rule that gives the partial by argument number ``arg``."""
        return self.rules[min(arg, len(self.rules) - 1)] if self.rules else f"{self.name} rule"


_DIFFERENCE = Trap(NAN, "∞ − ∞ is not a number")
_PRODUCT = Trap(NAN, "0 × ∞ is not a number")
_RATIO = Trap(NAN, "∞ / ∞ is not a number")
_WAVE = Trap(NAN, "it has no limit at infinity")
_LOG = Trap("x < 0", "the logarithm is defined for numbers > 0")
_LOG_0 = "the logarithm of 0 is -∞"
_BASE_LOG = "the exponential rule has the base's logarithm"
_ADDING = Trap(
    "1.7976931348623157e308 < abs(f)",
    "a sum on the way is larger than 1.798e308, the largest number there is",
)


_LOG_EDGE = Kink("x == 0", "edge", "where(dx < 0, nan, dx / 0)")


def _arc(name: str, sign: str) -> dict[str, Any]:
    """asin and acos end at -1 and 1, infinitely steep."""
    return {
        "kink": Kink("abs(x) == 1", "edge", f"where(0 < x dx, nan, {sign}dx / 0)"),
        "traps": (Trap("1 < abs(x)", f"{name} is defined for numbers from -1 to 1"),),
    }


def _comparison(name: str, symbol: str, value: str, slope: str, tex: str = "") -> Op:
    """1 where it holds, else 0: flat on both sides of where its arguments are equal, with a jump there."""
    return Op(
        name,
        "x, y",
        value,
        ("0", "0"),
        rules=("comparison rule",),
        domain="jump at x = y",
        symbol=symbol,
        tex=rf"\left[{{x}} {tex or symbol} {{y}}\right]",
        about=f"1 where x {symbol} y, else 0",
        kink=Kink("x == y", "jump", slope),
        flat="level",
    )


OPERATORS = (
    Op(
        "add",
        "x, y",
        PRIMITIVE,
        ("1", "1"),
        rules=("sum rule",),
        symbol="+",
        traps=(_DIFFERENCE,),
        flat="",
    ),
    Op(
        "sub",
        "x, y",
        PRIMITIVE,
        ("1", "-1"),
        rules=("difference rule",),
        symbol="-",
        traps=(_DIFFERENCE,),
        flat="",
    ),
    Op(
        "mul",
        "x, y",
        PRIMITIVE,
        ("y", "x"),
        rules=("product rule",),
        symbol="*",
        traps=(_PRODUCT,),
        flat="",
    ),
    Op(
        "div",
        "x, y",
        PRIMITIVE,
        ("1 / y", "-x / y^2"),
        rules=("quotient rule",),
        domain="y != 0",
        stable_partials=("1 / y", "-(f / y)"),  # y^2 overflows long before f / y does
        symbol="/",
        tex=r"\frac{{{x}}}{{{y}}}",
        traps=(
            Trap("(x == 0) * (y == 0)", "0 / 0 is not a number"),
            Trap("y == 0", "division by zero"),
            _RATIO,
        ),
        flat="",
    ),
    Op(
        "pow",
        "x, y",
        PRIMITIVE,
        ("y x^(y - 1)", "f ln(x)"),
        rules=("power rule", "exponential rule"),
        domain="x > 0, or y whole (and x != 0 where y < 0)",
        # x^0 and 0^y are flat: the formulas would give 0 * inf there. From 2^53 on y - 1 is y, which is
        # even where it should be odd.
        stable_partials=(
            "where(y == 0, 0, y where((x < 0) (y - 1 == y), f / x, x^(y - 1)))",
            "where((0 < y) * (x == 0), 0, f ln(x))",
        ),
        symbol="^",
        tex="{x}^{{{y}}}",
        # (-1)^y is no number where y is not whole; at 0^0, x^0 is flat and 0^y jumps
        kink=Kink(
            "(x == 0) ((y == 0) + ((-1)^y != (-1)^y))",
            "edge",
            "where(y == 0, where(dy == 0, 0, where(dx < 0, nan, -dy / 0)),"
            " where(dx < 0, nan, y x^(y - 1) dx))",
        ),
        traps=(
            Trap("(x < 0) * (y == 1 / 3)", "a power that is not whole is defined for bases ≥ 0", "cbrt(x)"),
            Trap(NAN, "a power that is not whole is defined for bases ≥ 0"),
            Trap("(x == 0) * (y < 0)", "0 to a negative power is a division by zero"),
            Trap("x < 0", f"{_BASE_LOG}, which is defined for numbers > 0", slope=True),
            Trap(
                "(x == 0) (y == 0)",
                f"{_BASE_LOG}, and {_LOG_0}",
                slope=True,
            ),
        ),
        aliases=(
            "pow",
            "power",
        ),
    ),
    Op("neg", "x", PRIMITIVE, ("-1",), rules=("minus rule",), symbol="-", flat=""),
    _comparison("less", "<", PRIMITIVE, "where(dx < dy, 1 / 0, 0)"),
    _comparison("less_equal", "<=", "(x < y) + (x == y)", "where(dy < dx, -1 / 0, 0)", tex=r"\le"),
    _comparison("greater", ">", "y < x", "where(dy < dx, 1 / 0, 0)"),
    _comparison("greater_equal", ">=", "(y < x) + (x == y)", "where(dx < dy, -1 / 0, 0)", tex=r"\ge"),
    _comparison("equal", "==", PRIMITIVE, "where(dx == dy, 0, -1 / 0)", tex="="),
    _comparison("not_equal", "!=", "1 - (x == y)", "where(dx == dy, 0, 1 / 0)", tex=r"\ne"),
)

FUNCTIONS = (
    Op(
        "where",
        "c, x, y",
        PRIMITIVE,
        ("0", "c != 0", "c == 0"),
        about="x where c is not 0, else y; the other one's gradient is 0 times its slope",
        flat="dead",
    ),
    Op("exp", "x", PRIMITIVE, ("f",), flat="saturated"),
    Op(
        "expm1",
        "x",
        PRIMITIVE,
        ("f + 1",),
        stable_partials=("exp(x)",),
        about="exp(x) - 1",
        flat="saturated",
    ),
    Op(
        "log",
        "x",
        PRIMITIVE,
        ("1 / x",),
        # abs: at the edge -0, as in log(-x) at x = 0, the slope is still +inf
        stable_partials=("where(x < 0, nan, 1 / abs(x))",),
        aliases=("ln",),
        tex=r"\ln",
        domain="x > 0",
        about="natural, as in every machine-learning library",
        kink=_LOG_EDGE,
        traps=(_LOG, Trap("x == 0", _LOG_0)),
    ),
    Op(
        "log_base",
        "x, b",
        "ln(x) / ln(b)",
        ("1 / (x ln(b))", "-f / (b ln(b))"),
        stable_partials=(
            "where(x < 0, nan, 1 / abs(x) / ln(b))",
            "where(b < 0, nan, -f / b / ln(b))",
        ),
        call="log",
        domain="x > 0, b > 0, b != 1",
        rules=("logarithm rule", "logarithm's base rule"),
        tex=r"\log_{{{b}}}\left({x}\right)",
        about="to base b",
        kink=Kink("x == 0", "edge", "where(dx < 0, nan, dx / 0 / ln(b))"),
        traps=(
            _LOG,
            Trap("1 - (0 < b)", "the base of a logarithm is positive"),
            Trap("b == 1", "there is no logarithm to base 1"),
            Trap("x == 0", _LOG_0),
            _RATIO,
        ),
    ),
    Op(
        "log1p",
        "x",
        PRIMITIVE,
        ("1 / (1 + x)",),
        stable_partials=("where(x < -1, nan, 1 / (1 + x))",),
        domain="x > -1",
        about="ln(1 + x)",
        kink=Kink("x == -1", "edge", "where(dx < 0, nan, dx / 0)"),
        traps=(
            Trap("x < -1", "log1p is defined for numbers > -1"),
            Trap("x == -1", "1 + (-1) is 0, and " + _LOG_0),
        ),
    ),
    Op(
        "log2",
        "x",
        PRIMITIVE,
        ("1 / (x ln(2))",),
        stable_partials=("where(x < 0, nan, 1 / abs(x) / ln(2))",),
        domain="x > 0",
        tex=r"\log_2",
        kink=_LOG_EDGE,
        traps=(_LOG, Trap("x == 0", _LOG_0)),
    ),
    Op(
        "log10",
        "x",
        PRIMITIVE,
        ("1 / (x ln(10))",),
        stable_partials=("where(x < 0, nan, 1 / abs(x) / ln(10))",),
        domain="x > 0",
        tex=r"\log_{10}",
        kink=_LOG_EDGE,
        traps=(_LOG, Trap("x == 0", _LOG_0)),
    ),
    Op(
        "sqrt",
        "x",
        PRIMITIVE,
        ("1 / (2 f)",),
        stable_partials=("1 / (2 abs(f))",),
        domain="x >= 0",
        rules=("root rule",),
        tex=r"\sqrt{{{x}}}",
        kink=Kink("x == 0", "edge", "where(dx < 0, nan, dx / 0)"),
        traps=(Trap("x < 0", "the square root is defined for numbers ≥ 0"),),
    ),
    Op(
        "cbrt",
        "x",
        PRIMITIVE,
        ("1 / (3 f^2)",),
        rules=("root rule",),
        tex=r"\sqrt[3]{{{x}}}",
        kink=Kink("x == 0", "steep", "dx / 0"),
    ),
    Op("sin", "x", PRIMITIVE, ("cos(x)",), tex=r"\sin", traps=(_WAVE,)),
    Op("cos", "x", PRIMITIVE, ("-sin(x)",), tex=r"\cos", traps=(_WAVE,)),
    Op("tan", "x", PRIMITIVE, ("1 + f^2",), domain="cos(x) != 0", tex=r"\tan", traps=(_WAVE,)),
    Op(
        "asin",
        "x",
        PRIMITIVE,
        ("1 / sqrt(1 - x^2)",),
        stable_partials=("1 / sqrt((1 - x) (1 + x))",),
        domain="-1 <= x <= 1",
        aliases=("arcsin",),
        tex=r"\arcsin",
        **_arc("asin", ""),
    ),
    Op(
        "acos",
        "x",
        PRIMITIVE,
        ("-1 / sqrt(1 - x^2)",),
        stable_partials=("-1 / sqrt((1 - x) (1 + x))",),
        domain="-1 <= x <= 1",
        aliases=("arccos",),
        tex=r"\arccos",
        **_arc("acos", "-"),
    ),
    Op(
        "atan",
        "x",
        PRIMITIVE,
        ("1 / (1 + x^2)",),
        aliases=("arctan",),
        tex=r"\arctan",
        flat="saturated",
    ),
    Op(
        "atan2",
        "y, x",
        PRIMITIVE,
        ("x / (x^2 + y^2)", "-y / (x^2 + y^2)"),
        stable_partials=("x / hypot(x, y) / hypot(x, y)", "-y / hypot(x, y) / hypot(x, y)"),
        domain="(x, y) != (0, 0)",
        about="the angle of the point (x, y)",
        # from π to -π across the negative half of the x axis
        kink=Kink(
            "(y == 0) * (1 - (0 < x))",
            "jump",
            # in the origin the angle of the direction, all of a sudden
            "where(x == 0, where(atan2(dy + y, dx) == f, 0, (atan2(dy + y, dx) - f) / 0),"
            " where(dy f < 0, -f / 0, dy / x))",
        ),
        aliases=("arctan2",),
    ),
    Op("sinh", "x", PRIMITIVE, ("cosh(x)",), tex=r"\sinh"),
    Op("cosh", "x", PRIMITIVE, ("sinh(x)",), tex=r"\cosh"),
    Op(
        "tanh",
        "x",
        PRIMITIVE,
        ("1 - f^2",),
        stable_partials=("(1 / cosh(x))^2",),
        tex=r"\tanh",
        flat="saturated",
    ),
    Op(
        "asinh",
        "x",
        PRIMITIVE,
        ("1 / sqrt(x^2 + 1)",),
        stable_partials=("1 / hypot(x, 1)",),
        aliases=("arcsinh",),
        tex=r"\operatorname{arsinh}",
    ),
    Op(
        "acosh",
        "x",
        PRIMITIVE,
        ("1 / sqrt(x^2 - 1)",),
        stable_partials=("1 / (sqrt(x - 1) sqrt(x + 1))",),
        domain="x >= 1",
        aliases=("arccosh",),
        tex=r"\operatorname{arcosh}",
        kink=Kink("x == 1", "edge", "where(dx < 0, nan, dx / 0)"),
        traps=(Trap("x < 1", "acosh is defined for numbers ≥ 1"),),
    ),
    Op(
        "atanh",
        "x",
        PRIMITIVE,
        ("1 / (1 - x^2)",),
        stable_partials=("where(1 < abs(x), nan, 1 / ((1 - x) (1 + x)))",),
        domain="-1 < x < 1",
        aliases=("arctanh",),
        tex=r"\operatorname{artanh}",
        kink=Kink("abs(x) == 1", "edge", "where(0 < x dx, nan, dx / 0)"),
        traps=(
            Trap("1 < abs(x)", "atanh is defined for numbers between -1 and 1"),
            Trap("abs(x) == 1", "tanh reaches 1 and -1 at infinity only"),
        ),
    ),
    Op("sec", "x", "1 / cos(x)", ("f tan(x)",), domain="cos(x) != 0", tex=r"\sec", traps=(_WAVE,)),
    Op(
        "csc",
        "x",
        "1 / sin(x)",
        ("-f / tan(x)",),
        domain="sin(x) != 0",
        aliases=("cosec",),
        tex=r"\csc",
        traps=(Trap("x == 0", "sin(0) is 0, a division by zero"), _WAVE),
    ),
    Op(
        "cot",
        "x",
        "1 / tan(x)",
        ("-(1 + f^2)",),
        domain="sin(x) != 0",
        tex=r"\cot",
        traps=(Trap("x == 0", "tan(0) is 0, a division by zero"), _WAVE),
    ),
    Op(
        "abs",
        "x",
        PRIMITIVE,
        ("sign(x)",),
        domain="kink at x = 0, where the convention is 0",
        tex=r"\left|{x}\right|",
        kink=Kink("x == 0"),
        aliases=(
            "fabs",
            "absolute",
        ),
    ),
    Op(
        "sign",
        "x",
        PRIMITIVE,
        ("0",),
        aliases=("sgn",),
        domain="jump at x = 0",
        kink=Kink("x == 0", "jump", "dx / 0"),
        flat="level",
    ),
    Op(
        "step",
        "x",
        PRIMITIVE,
        ("0",),
        aliases=("heaviside",),
        domain="jump at x = 0, where its value is 0",
        about="1 for x > 0, else 0",
        kink=Kink("x == 0", "jump", "where(dx < 0, 0, dx / 0)"),
        flat="level",
    ),
    Op(
        "max",
        "x...",
        PRIMITIVE,
        ("(x == f) / k",),
        fewest=2,
        rules=("maximum rule",),
        domain="kink where arguments tie: they share the gradient",
        kink=Kink("1 < k"),
        flat="dead",
        aliases=("maximum",),
    ),
    Op(
        "min",
        "x...",
        PRIMITIVE,
        ("(x == f) / k",),
        fewest=2,
        rules=("minimum rule",),
        domain="kink where arguments tie: they share the gradient",
        kink=Kink("1 < k"),
        flat="dead",
        aliases=("minimum",),
    ),
    Op("sum", "x...", PRIMITIVE, ("1",), rules=("sum rule",), traps=(_DIFFERENCE, _ADDING), flat=""),
    Op(
        "mean",
        "x...",
        PRIMITIVE,
        ("1 / n",),
        rules=("mean rule",),
        traps=(
            _DIFFERENCE,
            _ADDING,
        ),
        flat="",
        aliases=("average",),
    ),
    Op("square", "x", "x^2", ("2 x",), rules=("power rule",), tex="{x}^{{2}}"),
    Op(
        "rsqrt",
        "x",
        "1 / sqrt(x)",
        ("-f / (2 x)",),
        stable="1 / abs(sqrt(x))",
        stable_partials=("-f / (2 abs(x))",),
        domain="x > 0",
        rules=("root rule",),
        kink=Kink("x == 0", "edge", "where(dx < 0, nan, -dx / 0)"),
        traps=(
            Trap("x < 0", "the square root is defined for numbers ≥ 0"),
            Trap("x == 0", "division by zero"),
        ),
    ),
    Op(
        "mod",
        "x, y",
        PRIMITIVE,
        ("1", "(f - x) / y"),
        domain="y != 0; jump where x / y is whole",
        rules=("remainder rule",),
        aliases=("remainder",),
        about="x - y ⌊x / y⌋, of the sign of y, as in Python",
        kink=Kink("f == 0", "jump", "where(y (dx - x / y dy) < 0, y / 0, dx - x / y dy)"),
        traps=(
            Trap("y == 0", "there is no remainder of a division by zero"),
            Trap(NAN, "∞ has no remainder"),
        ),
        flat="",
    ),
    Op(
        "clamp",
        "x, lo, hi",
        "min(max(x, lo), hi)",
        ("(lo <= x) (x <= hi) (lo < hi)", "(x < lo) (lo < hi)", "hi < max(x, lo)"),
        domain="kink at x = lo and at x = hi, where the gradient is x's",
        rules=("clamp rule",),
        aliases=("clip",),
        kink=Kink(
            "(x == lo) (lo <= hi) + (max(x, lo) == hi)",
            slope=(
                "where(max(x, lo) == hi, min(where(x == lo, max(dx, dlo), where(x < lo, dlo, dx)), dhi),"
                " where(max(x, lo) < hi, where(x == lo, max(dx, dlo), where(x < lo, dlo, dx)), dhi))"
            ),
            ours="(x == lo) (lo == hi)",  # PyTorch hands 1 to x, of which nothing comes through
        ),
        flat="dead",
    ),
    Op(
        "hypot",
        "x, y",
        PRIMITIVE,
        ("x / f", "y / f"),
        domain="(x, y) != (0, 0)",
        kink=Kink("f == 0"),
    ),
    Op("erf", "x", PRIMITIVE, ("2 / sqrt(pi) exp(-x^2)",), flat="saturated"),
    Op("erfc", "x", PRIMITIVE, ("-2 / sqrt(pi) exp(-x^2)",), about="1 - erf(x)", flat="saturated"),
    Op(
        "erfinv",
        "x",
        PRIMITIVE,
        ("sqrt(pi) / 2 exp(f^2)",),
        domain="-1 < x < 1",
        about="the x of which erf is this",
        kink=Kink("abs(x) == 1", "edge", "where(0 < x dx, nan, dx / 0)"),
        traps=(
            Trap("1 < abs(x)", "erfinv is defined for numbers between -1 and 1"),
            Trap("abs(x) == 1", "erf reaches 1 and -1 at infinity only"),
        ),
    ),
    Op(
        "relu",
        "x",
        "max(x, 0)",
        ("step(x)",),
        domain="kink at x = 0, where the convention is 0",
        kink=Kink("x == 0"),
        flat="dead",
    ),
    Op(
        "leaky_relu",
        "x",
        "max(x, 0) + 0.01 min(x, 0)",
        ("0.01 + 0.99 step(x)",),
        domain="kink at x = 0, where the convention is 0.01",
        kink=Kink("x == 0"),
        about="slope 0.01 below 0",
    ),
    Op(
        "leaky_relu_slope",
        "x, a",
        "max(x, 0) + a min(x, 0)",
        ("a + (1 - a) step(x)", "min(x, 0)"),
        stable_partials=("where(0 < x, 1, a + step(x))", "min(x, 0)"),
        call="leaky_relu",
        rules=("leaky_relu rule",),
        domain="kink at x = 0, where the convention is a",
        kink=Kink("(x == 0) * (1 - (a == 1))", slope="max(dx, 0) + a min(dx, 0)"),
        about="slope a below 0",
    ),
    Op(
        "elu",
        "x",
        "max(x, 0) + exp(min(x, 0)) - 1",
        ("exp(min(x, 0))",),
        stable="max(x, 0) + expm1(min(x, 0))",
        flat="saturated",
    ),
    Op(
        "relu6",
        "x",
        "min(max(x, 0), 6)",
        ("(0 < x) (x < 6)",),
        domain="kink at x = 0 and x = 6, where the convention is 0",
        kink=Kink("(x == 0) + (x == 6)", slope="where(x == 0, max(dx, 0), min(dx, 0))"),
        flat="dead",
    ),
    Op(
        "hardtanh",
        "x",
        "min(max(x, -1), 1)",
        ("(-1 < x) (x < 1)",),
        domain="kink at x = -1 and x = 1, where the convention is 0",
        kink=Kink("abs(x) == 1", slope="where(x == 1, min(dx, 0), max(dx, 0))"),
        flat="dead",
    ),
    Op(
        "selu",
        "x",
        "1.0507009873554805 (max(x, 0) + 1.6732632423543772 (exp(min(x, 0)) - 1))",
        ("1.0507009873554805 where(0 < x, 1, 1.6732632423543772 exp(x))",),
        stable="1.0507009873554805 (max(x, 0) + 1.6732632423543772 expm1(min(x, 0)))",
        domain="kink at x = 0, where the convention is the slope on its left",
        kink=Kink("x == 0", slope="1.0507009873554805 (max(dx, 0) + 1.6732632423543772 min(dx, 0))"),
        flat="saturated",
    ),
    Op(
        "softsign",
        "x",
        "x / (1 + abs(x))",
        ("1 / (1 + abs(x))^2",),
        traps=(_RATIO,),
        flat="saturated",
    ),
    Op(
        "smooth_l1",
        "x",
        "where(abs(x) < 1, x^2 / 2, abs(x) - 1 / 2)",
        ("min(max(x, -1), 1)",),
        aliases=("huber",),
        about="of a difference: a parabola up to 1, straight beyond",
    ),
    Op(
        "softplus",
        "x",
        "ln(1 + exp(x))",
        ("sigmoid(x)",),
        stable="max(x, 0) + log1p(exp(-abs(x)))",
        flat="saturated",
    ),
    Op(
        "sigmoid",
        "x",
        "1 / (1 + exp(-x))",
        ("f (1 - f)",),
        stable_partials=("f sigmoid(-x)",),
        aliases=("σ", "logistic", "expit"),
        tex=r"\sigma",
        flat="saturated",
    ),
    Op(
        "log_sigmoid",
        "x",
        "ln(sigmoid(x))",
        ("sigmoid(-x)",),
        stable="-softplus(-x)",
        aliases=("logsigmoid",),
        flat="saturated",
    ),
    Op(
        "logit",
        "x",
        "ln(x / (1 - x))",
        ("1 / (x (1 - x))",),
        # each form where it keeps its digits: in the middle, where the result is near 0, and beside the ends
        stable="where(abs(x - 1 / 2) < 1 / 4, 2 atanh(2 x - 1), ln(x) - log1p(-x))",
        stable_partials=("where((x < 0) + (1 < x), nan, 1 / (abs(x) (1 - x)))",),
        domain="0 < x < 1",
        kink=Kink("(x == 0) + (x == 1)", "edge", "where((x - 1 / 2) dx < 0, dx / 0, nan)"),
        traps=(
            Trap("(x < 0) + (1 < x)", "logit is defined for numbers between 0 and 1"),
            Trap("(x == 0) + (x == 1)", "a probability of 0 or 1 has infinite odds"),
        ),
    ),
    Op(
        "silu",
        "x",
        "x sigmoid(x)",
        ("sigmoid(x) + f (1 - sigmoid(x))",),
        # exp(-x) overflows at -710, where x exp(x) still has digits
        stable="where(x < 0, x exp(x) sigmoid(-x), x sigmoid(x))",
        stable_partials=("where(x < 0, exp(x) sigmoid(-x), sigmoid(x)) (1 + x sigmoid(-x))",),
        aliases=("swish",),
        traps=(_PRODUCT,),
        flat="saturated",
    ),
    Op(
        "mish",
        "x",
        "x tanh(softplus(x))",
        ("tanh(softplus(x)) + x sigmoid(x) (1 - tanh(softplus(x))^2)",),
        stable_partials=(
            "tanh(softplus(x)) + x where(x < 0, exp(x) sigmoid(-x), sigmoid(x)) (1 - tanh(softplus(x))^2)",
        ),
        traps=(_PRODUCT,),
        flat="saturated",
    ),
    Op(
        "logaddexp",
        "x, y",
        "ln(exp(x) + exp(y))",
        ("exp(x) / (exp(x) + exp(y))", "exp(y) / (exp(x) + exp(y))"),
        stable="max(x, y) + log1p(exp(-abs(x - y)))",
        stable_partials=("sigmoid(x - y)", "sigmoid(y - x)"),
        traps=(_DIFFERENCE,),
        flat="saturated",
    ),
    Op(
        "gelu",
        "x",
        "x (1 + erf(x / sqrt(2))) / 2",
        ("(1 + erf(x / sqrt(2))) / 2 + x exp(-x^2 / 2) / sqrt(2 pi)",),
        stable="x (erfc(-x / sqrt(2)) / 2)",
        stable_partials=("erfc(-x / sqrt(2)) / 2 + x exp(-x^2 / 2) / sqrt(2 pi)",),
        traps=(_PRODUCT,),
        flat="saturated",
    ),
)

COMPARISONS = frozenset(op.name for op in OPERATORS if op.rules == ("comparison rule",))
"""The rows that compare."""

OPS: Mapping[str, Op] = {op.name: op for op in (*OPERATORS, *FUNCTIONS)}
"""Every row by its name."""


FOLDED: Mapping[str, str] = {"logsumexp": "logaddexp"}
"""Functions of any number of arguments that are written with a row of two, from left to right."""


class Functions:
    """Which names are functions, and which row a call by name and number of arguments means.

    ``others`` are names of functions that have no row of their own; ``of_numbers`` are those functions that
    can do without parentheses, and whose names are no variables.
    """

    def __init__(
        self, rows: Iterable[Op], others: Iterable[str] = (), of_numbers: Functions | None = None
    ) -> None:
        self._rows: dict[str, list[Op]] = {}
        self._others = frozenset(others)
        self.of_numbers = of_numbers or self
        for op in rows:
            for name in op.names:
                self._rows.setdefault(name, []).append(op)

    def __contains__(self, name: str) -> bool:
        return name in self._rows or name in FOLDED or name in self._others

    def names(self) -> tuple[str, ...]:
        """All names and aliases."""
        return tuple(dict.fromkeys((*self._rows, *FOLDED, *sorted(self._others))))

    def near(self, name: str) -> tuple[str, ...]:
        """The names that another one may be meant to be: of the functions of tensors only those very near."""
        close = get_close_matches(name.lower(), self.names(), n=1, cutoff=0.85)
        return (*self.of_numbers.names(), *close)

    def find(self, name: str, count: int) -> Op | None:
        """The row that takes ``count`` arguments by this name, if one does."""
        for op in self._rows.get(name, ()):
            if op.takes(count):
                return op
        return None

    def takes(self, name: str) -> str:
        """How many arguments it takes, in words: "1 argument", "1 or 2 arguments"."""
        if name in FOLDED:
            return "1 or more arguments"
        rows = self._rows[name]
        if rows[0].variadic:
            return f"{rows[0].fewest} or more arguments"
        counts = sorted(len(op.arguments) for op in rows)
        words = " or ".join(map(str, counts))
        return f"{words} argument{'s' if counts[-1] > 1 else ''}"


LANGUAGE = Functions((*OPERATORS, *FUNCTIONS))
"""The functions of numbers; those of tensors come with :mod:`.tensor_ops`."""
