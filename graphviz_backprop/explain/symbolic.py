"""Graph -> SymPy, node by node and never from text: closed forms and their derivatives."""

from __future__ import annotations

import cmath
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

try:
    import sympy
except ModuleNotFoundError as error:
    message = "closed forms need SymPy: pip install 'graphviz_backprop[algebra]'"
    raise ModuleNotFoundError(message, name=error.name) from None

from graphviz_backprop.language.graph import VAR, Graph, Node
from graphviz_backprop.language.ops import OPS
from graphviz_backprop.language.parser import parse_row

Expression = Any
"""A SymPy expression; SymPy ships no types."""

_ARITHMETIC = {"add", "sub", "mul", "div", "neg", "sum", "mean"}

MOST_NODES = 400  # SymPy recurses, and a longer closed form explains nothing


def _cbrt(x: Expression) -> Expression:
    return sympy.sign(x) * sympy.Abs(x) ** sympy.Rational(1, 3)


def _holds(condition: Expression) -> Expression:
    """A condition as SymPy has them: comparisons, which are 1 or 0 here, and those that are multiplied."""
    if isinstance(condition, sympy.Piecewise) and [piece[0] for piece in condition.args] == [1, 0]:
        return condition.args[0][1]
    if isinstance(condition, sympy.Mul):
        return sympy.And(*map(_holds, condition.args))
    return sympy.Ne(condition, 0)


def _fails(condition: Expression) -> Expression:
    """Where a condition does not hold. SymPy's own ~(0 < x & x < 2) loses the 0 when it is simplified."""
    held = _holds(condition)
    if isinstance(held, sympy.And):
        return sympy.Or(*(one.negated if one.is_Relational else sympy.Not(one) for one in held.args))
    return held.negated if held.is_Relational else sympy.Not(held)


PRIMITIVES: dict[str, Callable[..., Expression]] = {
    "add": lambda x, y: x + y,
    "sub": lambda x, y: x - y,
    "mul": lambda x, y: x * y,
    "div": lambda x, y: x / y,
    "pow": lambda x, y: x**y,
    "neg": lambda x: -x,
    "exp": sympy.exp,
    "expm1": lambda x: sympy.exp(x) - 1,
    "log": sympy.log,
    "log1p": lambda x: sympy.log(1 + x),
    "log2": lambda x: sympy.log(x) / sympy.log(2),
    "log10": lambda x: sympy.log(x) / sympy.log(10),
    "sqrt": sympy.sqrt,
    "cbrt": _cbrt,
    **{
        name: getattr(sympy, name)
        for name in """sin cos tan asin acos atan atan2 sinh cosh tanh asinh acosh atanh
        sign erf erfc erfinv""".split()
    },
    "abs": sympy.Abs,
    "step": lambda x: sympy.Heaviside(x, 0),
    "max": sympy.Max,
    "min": sympy.Min,
    "sum": lambda *xs: sympy.Add(*xs),
    "mean": lambda *xs: sympy.Add(*xs) / len(xs),
    "hypot": lambda x, y: sympy.sqrt(x**2 + y**2),
    "mod": lambda x, y: x - y * sympy.floor(x / y),
    "where": lambda c, x, y: sympy.Piecewise((x, _holds(c)), (y, True)),
    "equal": lambda x, y: sympy.Piecewise((1, _fails(x) if y == 0 else sympy.Eq(x, y)), (0, True)),
    "not_equal": lambda x, y: sympy.Piecewise((1, _holds(x) if y == 0 else sympy.Ne(x, y)), (0, True)),
    "less": lambda x, y: sympy.Piecewise((1, x < y), (0, True)),
    "less_equal": lambda x, y: sympy.Piecewise((1, x <= y), (0, True)),
    "greater": lambda x, y: sympy.Piecewise((1, x > y), (0, True)),
    "greater_equal": lambda x, y: sympy.Piecewise((1, x >= y), (0, True)),
}
"""What a primitive is in SymPy; every other operation follows from its definition."""


def expression(graph: Graph) -> Expression:
    """The output in closed form; variables are real symbols, constants exactly what was typed.

    Raises ValueError for a graph of more than MOST_NODES nodes.
    """
    if len(graph.nodes) > MOST_NODES:
        raise ValueError(
            f"a closed form is made of up to {MOST_NODES} nodes; this graph has {len(graph.nodes)}"
        )
    return _built(graph, _symbols(graph))[-1]


def derivative(graph: Graph, variable: str, simplify: bool = False) -> Expression:
    """∂output/∂variable in closed form: raw, as the chain rule gives it, or simplified.

    Raises ValueError for a name that is no variable, or a graph that is too large.
    """
    if variable not in graph.variables:
        raise ValueError(f"{variable} is not a variable of this program")
    raw = _chain_rule(graph, variable)
    return _simplified(raw) if simplify else raw


def _simplified(raw: Expression) -> Expression:
    """As simple as SymPy can make it: where it asks a max or min for its value at a pole, it gives up."""
    for attempt in (lambda: sympy.simplify(raw.doit()), raw.doit):
        try:
            found = attempt()
        except (ValueError, ZeroDivisionError):  # The argument 'zoo' is not comparable
            continue
        if not found.has(sympy.Piecewise) or _is_same(raw, found):
            return found
    return raw


_TRIED = tuple(sympy.Rational(half, 2) for half in (-6, -4, -2, -1, 0, 1, 2, 4, 6))


def _is_same(raw: Expression, other: Expression) -> bool:
    """Whether both have the same value where pieces often meet: SymPy loses some of these points."""
    symbols = sorted(raw.free_symbols | other.free_symbols, key=str)
    for start in range(len(_TRIED)):
        point = {symbol: _TRIED[(start + 2 * at) % len(_TRIED)] for at, symbol in enumerate(symbols)}
        try:
            one, two = (complex(sympy.N(found.subs(point).doit())) for found in (raw, other))
        except (TypeError, ValueError, ZeroDivisionError):  # outside of a domain
            continue
        if cmath.isfinite(one) and not cmath.isclose(one, two, rel_tol=1e-9, abs_tol=1e-9):
            return False
    return True


def plain(closed: Expression) -> Expression:
    """The same in the symbols that ``sympy.Symbol("x")`` makes, nothing multiplied out."""
    names = {symbol: sympy.Symbol(symbol.name) for symbol in closed.free_symbols}
    return _as_it_is(lambda: closed.xreplace(names))


def _as_it_is(make: Callable[[], Expression]) -> Expression:
    """With nothing multiplied out; but some conditions SymPy can only evaluate."""
    try:
        with sympy.evaluate(False):
            return make()
    except (RecursionError, ZeroDivisionError):
        with sympy.evaluate(True):
            return make()


def _chain_rule(graph: Graph, variable: str) -> Expression:
    """The backward pass in symbols, by the rules of the table: nothing is multiplied out."""
    values = _built(graph, _symbols(graph))
    flows: list[list[Expression]] = [[] for _ in graph.nodes]
    flows[-1] = [sympy.Integer(1)]
    total: list[Expression] = []
    with sympy.evaluate(False):
        for at in range(len(graph.nodes) - 1, -1, -1):
            node = graph.nodes[at]
            if not graph.active[at]:
                continue
            gradient = sympy.Add(*flows[at]) if len(flows[at]) > 1 else flows[at][0]
            if node.op == VAR and node.name == variable:
                total.append(gradient)
            for arg, child in enumerate(node.args):
                if graph.active[child]:
                    flows[child].append(_product(gradient, _partial(node, arg, at, values)))
        return sympy.Add(*total) if len(total) > 1 else total[0]


def _product(gradient: Expression, partial: Expression) -> Expression:
    """A factor 1 is not written."""
    if gradient == 1:
        return partial
    return gradient if partial == 1 else sympy.Mul(gradient, partial)


def _partial(node: Node, arg: int, at: int, values: list[Expression]) -> Expression:
    """A local partial by its row, as it is shown."""
    op = OPS[node.op]
    row = parse_row(op.partial(arg))
    inputs = [values[child] for child in node.args]
    if node.op in _CHOOSE and len(inputs) == 2:
        return _as_it_is(lambda: _chosen(node.op, inputs[arg], inputs[1 - arg]))
    names = {**op.bind(inputs, arg), "f": values[at], "n": sympy.Integer(len(inputs))}
    if "k" in row.variables:
        equal = PRIMITIVES["equal"]
        names["k"] = _as_it_is(lambda: sympy.Add(*(equal(x, values[at]) for x in inputs)))
    return _as_it_is(lambda: _built(row, names)[-1])


_CHOOSE = {"max": sympy.StrictGreaterThan, "min": sympy.StrictLessThan}


def _chosen(name: str, x: Expression, y: Expression) -> Expression:
    """What the rule of max and min says of two, by comparing them.

    What it says by the result, Eq(x, Max(x, y)), takes SymPy ten seconds to simplify.
    """
    half = sympy.Rational(1, 2)
    return sympy.Piecewise((1, _CHOOSE[name](x, y)), (half, sympy.Eq(x, y)), (0, True))


def _symbols(graph: Graph) -> dict[str, Expression]:
    return {name: sympy.Symbol(name, real=True) for name in graph.variables}


@dataclass(frozen=True)
class Link:
    """One function of a composition: the node's id, its value in terms of ``inner``, and d value/d inner."""

    id: str
    inner: str
    value: Expression
    slope: Expression


def composition(graph: Graph, variable: str) -> list[Link]:
    """The output as functions of functions of a variable, outermost first: sin(x^2 + 1) is sin(u) of x^2 + 1.

    It is cut at the nodes that every path to the variable goes through and that an operation other than
    + - * / takes. A single link means that there is nothing to cut.
    """
    cuts = _cuts(graph, variable)
    links: list[Link] = []
    outer = len(graph.nodes) - 1
    for inner in [*cuts, None]:
        name = variable if inner is None else graph.nodes[inner].id
        symbol = sympy.Symbol(name, real=True)
        value = _built(graph, _symbols(graph), {name: symbol})[outer]
        links.append(Link(graph.nodes[outer].id, name, value, sympy.diff(value, symbol)))
        outer = outer if inner is None else inner
    return links


def _cuts(graph: Graph, variable: str) -> list[int]:
    """Inner nodes on all paths from the output to a variable where a function takes over, outermost first."""
    last = len(graph.nodes) - 1
    above, below = [0] * (last + 1), [0] * (last + 1)
    for at, node in enumerate(graph.nodes):
        leaf = node.op == VAR and node.name == variable
        below[at] = 1 if leaf else sum(below[arg] for arg in node.args)
    above[last] = 1
    for at in range(last, -1, -1):
        for arg in graph.nodes[at].args:
            above[arg] += above[at]
    takers = {arg for node in graph.nodes if node.op not in _ARITHMETIC for arg in node.args}
    return [
        at
        for at in range(last - 1, -1, -1)
        if graph.nodes[at].args and at in takers and above[at] * below[at] == below[last] > 0
    ]


def _built(
    graph: Graph,
    names: dict[str, Expression],
    known: Mapping[str, Expression] = MappingProxyType({}),
) -> list[Expression]:
    """Each node in closed form, in terms of variables and of what is ``known`` of operations by id."""

    def apply(node: Node, args: list[Expression]) -> Expression:
        if node.id in known:
            return known[node.id]
        if node.op in PRIMITIVES:
            return PRIMITIVES[node.op](*args)
        op = OPS[node.op]
        return _built(parse_row(op.value), op.bind(args))[-1]

    return graph.fold(lambda node: names[node.name], _constant, apply)


def _constant(node: Node) -> Expression:
    text = unicodedata.normalize("NFKC", node.name).replace("\u2044", "/") or repr(node.value)  # ½ is 1/2
    if text in ("e", "pi", "π"):
        return sympy.E if text == "e" else sympy.pi
    if text == "nan":
        return sympy.nan
    return sympy.Rational(text)  # a decimal number is exact: 0.1 is 1/10
