"""The calls that users make, ``graph.evaluate(**at).gradient`` and ``graph.function()``, beside their peers.

micrograd has to build its graph anew for each evaluation, so its time is that of building and of the
backward pass. The hand-written code is straight-line Python that computes the values and the variables'
gradients alone, as a person would write it who knows the graph: what CPython allows.
"""

from __future__ import annotations

import builtins
import math
import sys
from collections.abc import Callable

from micrograd.engine import Value

from bench.timing import best_times, shown
from graphviz_backprop.api import parse

SIZES = (10, 100, 1_000, 10_000)

Lines = list[tuple[str, str, str]]
"""A program: (name, operation, operands) of each node that is no leaf."""


def two(size: int) -> tuple[Lines, dict[str, float]]:
    """About ``size`` nodes on two variables: neurons on neurons, added up in pairs."""
    lines: Lines = []
    level: list[str] = []
    while len(lines) + len(level) + 2 < size:
        n = len(level)
        left, right = level[n // 2 - 1] if n > 1 else "xy"[n], "xy"[n % 2]  # no two neurons are alike
        lines += [(f"p{n}", "*", f"{left} y"), (f"q{n}", "+", f"p{n} {right}"), (f"r{n}", "relu", f"q{n}")]
        level.append(f"r{n}")
    return lines + _added(level), {"x": 0.3, "y": -0.8}


def many(size: int) -> tuple[Lines, dict[str, float]]:
    """About ``size`` nodes on as many variables as terms: relu(w0*x) + relu(w1*x) + …"""
    count = max(1, (size + 1) // 4)
    lines = [(f"p{k}", "*", f"w{k} x") for k in range(count)]
    lines += [(f"r{k}", "relu", f"p{k}") for k in range(count)]
    weights = {f"w{k}": (-1) ** k * (k % 7 + 0.5) for k in range(count)}
    return lines + _added([f"r{k}" for k in range(count)]), {"x": 0.3, **weights}


def _added(level: list[str]) -> Lines:
    """These added up in pairs, and the sums again."""
    lines: Lines = []
    while len(level) > 1:
        pairs = zip(level[::2], level[1::2], strict=False)
        added = [(f"s{len(lines) + k}", "+", f"{a} {b}") for k, (a, b) in enumerate(pairs)]
        lines += added
        level = [name for name, _, _ in added] + level[len(level) // 2 * 2 :]
    return lines


def text(lines: Lines) -> str:
    def right(op: str, operands: str) -> str:
        return f"relu({operands})" if op == "relu" else operands.replace(" ", f" {op} ")

    return "\n".join(f"{name} = {right(op, operands)}" for name, op, operands in lines)


def micrograd(lines: Lines, at: dict[str, float]) -> Callable[[], dict[str, float]]:
    def run() -> dict[str, float]:
        values = {name: Value(number) for name, number in at.items()}
        for name, op, operands in lines:
            a, *b = (values[operand] for operand in operands.split())
            values[name] = a.relu() if op == "relu" else a * b[0] if op == "*" else a + b[0]
        values[lines[-1][0]].backward()
        return {name: values[name].grad for name in at}

    return run


def hand_written(lines: Lines, at: dict[str, float]) -> Callable[[], tuple[float, ...]]:
    source = [f"def run({', '.join(at)}):"]
    flows: dict[str, list[str]] = {}
    backward: list[str] = []
    for name, op, operands in lines:
        a, *b = operands.split()
        right = f"{a} if {a} > 0 else 0.0" if op == "relu" else f"{a} {op} {b[0]}"
        source.append(f" {name} = {right}")
    flows[lines[-1][0]] = ["1.0"]
    for name, op, operands in reversed(lines):
        a, *b = operands.split()
        backward.append(f" g_{name} = {' + '.join(flows[name])}")
        if op == "relu":
            flows.setdefault(a, []).append(f"(g_{name} if {a} > 0 else 0.0)")
            continue
        flows.setdefault(a, []).append(f"g_{name} * {b[0]}" if op == "*" else f"g_{name}")
        flows.setdefault(b[0], []).append(f"g_{name} * {a}" if op == "*" else f"g_{name}")
    for name in at:
        backward.append(f" g_{name} = 0.0")
        backward += [f" g_{name} += {flow}" for flow in flows[name]]
    source += [*backward, f" return {', '.join([lines[-1][0], *(f'g_{name}' for name in at)])}"]
    space: dict[str, Callable[..., tuple[float, ...]]] = {}
    exec(builtins.compile("\n".join(source), "<hand>", "exec"), space)
    run, point = space["run"], list(at.values())
    return lambda: run(*point)


def main() -> None:
    sys.setrecursionlimit(100_000)  # micrograd recurses
    print("## Evaluation, forward and backward\n")
    heads = "variables, nodes, micrograd, times faster, with ints, multiple of hand-written, `function()`"
    print(f"| {heads.replace(', ', ' | ')} |")
    print("| --- | --- | --- | --- | --- | --- | --- |")
    for write in (two, many):
        for size in SIZES:
            _row(*write(size))


def _row(lines: Lines, at: dict[str, float]) -> None:
    graph = parse(text(lines), "graph")
    function, point = graph.function(), [at[name] for name in graph.variables]
    whole = {name: round(10 * x) for name, x in at.items()}
    peers = {
        "micrograd": micrograd(lines, at),
        "ints": micrograd(lines, whole),
        "hand": hand_written(lines, at),
    }
    _agree(
        graph.evaluate(**at).gradient, peers["micrograd"](), dict(zip(at, peers["hand"]()[1:], strict=True))
    )
    _agree(graph.evaluate(**whole).gradient, peers["ints"](), peers["ints"]())
    for _ in range(30):
        graph.evaluate(**at)  # by now it is compiled
    best = best_times(
        {
            "ours": lambda: graph.evaluate(**at).gradient,
            "ours, ints": lambda: graph.evaluate(**whole).gradient,
            "function": lambda: function(point),
            **peers,
        }
    )
    print(
        f"| {len(at):,} | {len(graph.nodes):,} | {shown(best['micrograd'])} "
        f"| {best['micrograd'] / best['ours']:.1f} | {best['ints'] / best['ours, ints']:.1f} "
        f"| {best['ours'] / best['hand']:.2f} | {best['function'] / best['hand']:.2f} |"
    )


def _agree(ours: dict[str, float], theirs: dict[str, float], hand: dict[str, float]) -> None:
    for name, number in ours.items():
        if not (math.isclose(number, theirs[name]) and math.isclose(number, hand[name])):
            raise AssertionError(f"{name}: {number}, micrograd {theirs[name]}, by hand {hand[name]}")
