"""Random programs of the language, and points to run them at, for Hypothesis.

What is called comes from the table of operations: a new row is drawn from the day it is there.
"""

import math
from collections.abc import Sequence

from hypothesis import assume
from hypothesis import strategies as st

from graphviz_backprop.engine import autodiff
from graphviz_backprop.engine.autodiff import Run
from graphviz_backprop.language.graph import Graph
from graphviz_backprop.language.ops import FUNCTIONS, OPERATORS, Op
from graphviz_backprop.language.parser import parse

ROWS = (*OPERATORS, *FUNCTIONS)
SMOOTH = (
    *OPERATORS,
    *(op for op in FUNCTIONS if len(op.arguments) == 1 and not (op.variadic or op.domain or op.kink)),
)
"""Operators, and functions that are finite and smooth everywhere."""

VARIABLES = ("x", "y", "z", "w_1")
CONSTANTS = st.sampled_from("0 1 2 3 0.5 1.5 .25 10 1e-1 2.5e0 e pi π".split())

ordinary = st.floats(-4, 4)
"""Numbers that a slider is at."""

special = st.sampled_from([0.0, -0.0, 1.0, -1.0, 0.5, 2.0, -3.0, 1e-9, 1e9, 800.0, -800.0, 1e200])
"""Numbers at which kinks, poles and overflows are."""

_SPELLED = {"add": ["+", " + "], "sub": ["-", " - ", "−"], "mul": ["*", " ", "·", " × "]}
_EXPONENTS = ["²", "³", "⁻¹", "^2", "^0.5", "^-1", "^3", "**2", ""]


@st.composite
def expressions(
    draw: st.DrawFn,
    names: Sequence[str] = VARIABLES,
    rows: Sequence[Op] = ROWS,
    functions: Sequence[tuple[str, int]] = (),
    size: int = 8,
) -> str:
    """An expression of these names, rows and ``functions`` of the program (name and number of arguments);
    size bounds the number of operations."""
    infix = [op for op in rows if op.symbol and len(op.arguments) == 2 and op.name != "pow"]
    unary = [op for op in rows if not op.symbol and not op.variadic and len(op.arguments) == 1]
    many = [op for op in rows if not op.symbol and op not in unary]
    known = {op.name for op in rows}
    kinds = [*(["infix"] * 3 if infix else []), *(["call"] * 2 if unary else []), *(["many"] if many else [])]
    kinds += [kind for kind, row in (("power", "pow"), ("sign", "neg")) if row in known]
    kinds += ["own"] if functions else []

    def some(size: int) -> str:
        kind = draw(st.sampled_from(kinds)) if size > 0 else "leaf"
        if kind == "leaf":
            return draw(st.one_of(st.sampled_from(names), st.sampled_from(names), CONSTANTS))
        if kind == "sign":
            return f"({draw(st.sampled_from('-−+'))}{some(size - 1)})"
        if kind == "call":
            return f"{_name(draw, unary)}({some(size - 1)})"
        if kind == "power":
            exponent = draw(st.sampled_from(_EXPONENTS))
            return f"({some(size - 1)}){exponent or '^(' + some(size // 2) + ')'}"
        if kind == "infix":
            left = draw(st.integers(0, size - 1))
            op = draw(st.sampled_from(infix))
            sign = draw(st.sampled_from(_SPELLED.get(op.name, [op.symbol])))
            return f"({some(left)}){sign}({some(size - 1 - left)})"
        if kind == "own":
            name, count = draw(st.sampled_from(functions))
        else:
            op = draw(st.sampled_from(many))
            name = draw(st.sampled_from(op.names))
            count = draw(st.integers(op.fewest, 4)) if op.variadic else len(op.arguments)
        return f"{name}({', '.join(some((size - 1) // count) for _ in range(count))})"

    return some(size)


def _name(draw: st.DrawFn, rows: Sequence[Op]) -> str:
    return draw(st.sampled_from(draw(st.sampled_from(rows)).names))


_SIGNATURES = st.tuples(st.sampled_from(["f", "g", "helper"]), st.sampled_from([("t",), ("x",), ("s", "t")]))
_NONE: st.SearchStrategy[list[str]] = st.just([])


@st.composite
def programs(
    draw: st.DrawFn,
    functions: bool = True,
    names: bool = True,
    rows: Sequence[Op] = ROWS,
    size: int = 8,
) -> str:
    """A program: definitions of functions and named statements where asked for, and an output."""
    known = list(VARIABLES)
    own: list[tuple[str, int]] = []
    statements: list[str] = []
    signatures = st.lists(_SIGNATURES, max_size=2, unique_by=lambda signature: signature[0])
    for name, params in draw(signatures if functions else _NONE):
        body = draw(expressions([*known, *params, *params], rows, list(own), size // 2))
        statements.append(f"{name}({', '.join(params)}) = {body}")
        own.append((name, len(params)))
    mentioned = st.lists(st.sampled_from(["u", "v", "a", "e", "mid"]), max_size=3, unique=True)
    for name in draw(mentioned if names else _NONE):
        body = draw(expressions([other for other in known if other != name], rows, list(own), size // 2))
        if name == "e" and _mentions_e([*statements, body]):
            continue
        statements.append(f"{name} = {body}")
        known.append(name)
    output = draw(expressions(known, rows, list(own), size))
    statements.append(f"out = {output}" if names and draw(st.booleans()) else output)
    return draw(st.sampled_from(["; ", "\n", "\r\n", "  # so\n"])).join(statements)


def _mentions_e(statements: Sequence[str]) -> bool:
    """Whether e was used before it is named: that is an error."""
    tokens = "".join(letter if letter.isalnum() else " " for letter in " ".join(statements))
    return "e" in tokens.split()


def points(
    graph: Graph, values: st.SearchStrategy[float] | None = None
) -> st.SearchStrategy[dict[str, float]]:
    """A value for each variable of a graph: of ordinary size, if not said otherwise."""
    near = st.floats(-3, 3).map(lambda x: round(x, 3) + 0.0)
    return st.fixed_dictionaries(dict.fromkeys(graph.variables, near if values is None else values))


@st.composite
def runs(
    draw: st.DrawFn,
    numbers: st.SearchStrategy[float] = ordinary,
    size: int = 8,
    rows: Sequence[Op] = ROWS,
    seeds: st.SearchStrategy[float] | None = None,
) -> Run[float]:
    """A random program, evaluated."""
    graph = parse(draw(programs(rows=rows, size=size)), draw(st.sampled_from(["tree", "graph"])))
    at = {name: draw(numbers) for name in graph.variables}
    run = autodiff.compile(graph)(at, 1.0 if seeds is None else draw(seeds))
    assume(_steady(run))
    return run


def _steady(run: Run[float]) -> bool:
    """Whether no function turns the last digit of its argument into all of its result's: the sine of 1e66 is
    another number for the neighbour of 1e66, which the other language may well have."""
    return not any(
        math.isfinite(run.values[arg]) and abs(run.values[arg]) > 1e3
        for node in run.graph.nodes
        if node.op in ("sin", "cos", "tan")
        for arg in node.args
    )
