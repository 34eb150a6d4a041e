"""Graph -> SymPy, node by node and never from text: closed forms and their derivatives."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import sympy

from graphviz_backprop.graph import CONST, VAR, Graph, Node
from graphviz_backprop.ops import OPS
from graphviz_backprop.parser import parse_row

Expression = Any
"""A SymPy expression; SymPy ships no types."""

MOST_NODES = 400  # SymPy recurses, and a longer closed form explains nothing


def _cbrt(x: Expression) -> Expression:
    return sympy.sign(x) * sympy.Abs(x) ** sympy.Rational(1, 3)


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
        for name in "sin cos tan asin acos atan atan2 sinh cosh tanh sign erf erfc".split()
    },
    "abs": sympy.Abs,
    "step": lambda x: sympy.Heaviside(x, 0),
    "max": sympy.Max,
    "min": sympy.Min,
    "sum": lambda *xs: sympy.Add(*xs),
    "mean": lambda *xs: sympy.Add(*xs) / len(xs),
    "hypot": lambda x, y: sympy.sqrt(x**2 + y**2),
    "where": lambda c, x, y: sympy.Piecewise((x, sympy.Ne(c, 0)), (y, True)),
    "equal": lambda x, y: sympy.Piecewise((1, sympy.Eq(x, y)), (0, True)),
    "less": lambda x, y: sympy.Piecewise((1, x < y), (0, True)),
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
    symbols = {name: sympy.Symbol(name, real=True) for name in graph.variables}
    return _built(graph, symbols)


def derivative(graph: Graph, variable: str, simplify: bool = False) -> Expression:
    """∂output/∂variable in closed form: raw, as the chain rule gives it, or simplified.

    Raises ValueError for a name that is no variable, or a graph that is too large.
    """
    if variable not in graph.variables:
        raise ValueError(f"{variable} is not a variable of this program")
    raw = sympy.diff(expression(graph), sympy.Symbol(variable, real=True))
    return sympy.simplify(raw) if simplify else raw


def _built(graph: Graph, names: dict[str, Expression]) -> Expression:
    built: list[Expression] = []
    for node in graph.nodes:
        args = [built[arg] for arg in node.args]
        if node.op == VAR:
            built.append(names[node.name or ""])
        elif node.op == CONST:
            built.append(_constant(node))
        elif node.op in PRIMITIVES:
            built.append(PRIMITIVES[node.op](*args))
        else:
            op = OPS[node.op]
            built.append(_built(parse_row(op.value), dict(zip(op.arguments, args, strict=True))))
    return built[-1]


def _constant(node: Node) -> Expression:
    text = node.name or repr(node.value)
    if text in ("e", "pi", "π"):
        return sympy.E if text == "e" else sympy.pi
    if text == "nan":
        return sympy.nan
    return sympy.Rational(text)  # a decimal number is exact: 0.1 is 1/10
