"""Random programs with a point to run them at, for Hypothesis."""

import math

from hypothesis import assume
from hypothesis import strategies as st

from graphviz_backprop.engine import autodiff
from graphviz_backprop.language.ops import FUNCTIONS, OPERATORS, Op
from graphviz_backprop.language.parser import parse

VARIABLES = ("x", "y", "z")

ordinary = st.floats(-4, 4)
"""Numbers that a slider is at."""

special = st.sampled_from([0.0, -0.0, 1.0, -1.0, 0.5, 2.0, -3.0, 1e-9, 1e9, 800.0, -800.0, 1e200])
"""Numbers at which kinks, poles and overflows are."""


def _statement(op: Op, args: list[str]) -> str:
    if not op.symbol:
        return f"{op.names[0]}({', '.join(args)})"
    return f"-({args[0]})" if len(args) == 1 else f"({args[0]}) {op.symbol} ({args[1]})"


@st.composite
def programs(draw, size=8, rows=(*OPERATORS, *FUNCTIONS)):
    """The text of a program of at most ``size`` statements, each of one of these rows."""
    names = list(VARIABLES)
    lines = []
    for k in range(draw(st.integers(1, size))):
        op = draw(st.sampled_from(rows))
        count = draw(st.integers(op.fewest, 3)) if op.variadic else len(op.arguments)
        arg = st.one_of(st.sampled_from(names[::-1]), st.sampled_from(["0", "1", "2", "0.5"]))
        lines.append(f"u{k} = {_statement(op, [draw(arg) for _ in range(count)])}")
        names.append(f"u{k}")
    return "; ".join(lines)


@st.composite
def runs(draw, numbers=ordinary, size=8, rows=(*OPERATORS, *FUNCTIONS), seeds=None):
    """A random program, evaluated."""
    graph = parse(draw(programs(size, rows)), draw(st.sampled_from(["tree", "graph"])))
    at = {name: draw(numbers) for name in graph.variables}
    run = autodiff.compile(graph)(at, 1.0 if seeds is None else draw(seeds))
    assume(_steady(run))
    return run


def _steady(run):
    """Whether no function turns the last digit of its argument into all of its result's: the sine of 1e66 is
    another number for the neighbour of 1e66, which the other language may well have."""
    return not any(
        math.isfinite(run.values[arg]) and abs(run.values[arg]) > 1e3
        for node in run.graph.nodes
        if node.op in ("sin", "cos", "tan")
        for arg in node.args
    )
