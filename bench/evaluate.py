"""Forward and backward pass of a compiled graph, beside micrograd and hand-written Python.

micrograd has to build its graph anew for each evaluation, so its time is that of building and of the
backward pass. The hand-written code is straight-line Python that computes the values and the variables'
gradients alone, as a person would write it who knows the graph; ours also keeps every partial and flow.
"""

from __future__ import annotations

import builtins
import math
import sys
from collections.abc import Callable

from micrograd.engine import Value

from bench.timing import best_times, shown
from graphviz_backprop.engine import autodiff
from graphviz_backprop.language.parser import parse

SIZES = (10, 100, 1_000, 10_000)
AT = {"x": 0.3, "y": -0.8}


def program(size: int) -> list[tuple[str, str, str]]:
    """About ``size`` nodes as (name, operation, operands): neurons on neurons, added up in pairs."""
    lines: list[tuple[str, str, str]] = []
    level: list[str] = []
    while len(lines) + len(level) + 2 < size:
        n = len(level)
        left, right = level[n // 2 - 1] if n > 1 else "xy"[n], "xy"[n % 2]  # no two neurons are alike
        lines += [(f"p{n}", "*", f"{left} y"), (f"q{n}", "+", f"p{n} {right}"), (f"r{n}", "relu", f"q{n}")]
        level.append(f"r{n}")
    while len(level) > 1:
        pairs = zip(level[::2], level[1::2], strict=False)
        added = [(f"s{len(lines) + k}", "+", f"{a} {b}") for k, (a, b) in enumerate(pairs)]
        lines += added
        level = [name for name, _, _ in added] + level[len(level) // 2 * 2 :]
    return lines


def text(lines: list[tuple[str, str, str]]) -> str:
    def right(op: str, operands: str) -> str:
        return f"relu({operands})" if op == "relu" else operands.replace(" ", f" {op} ")

    return "\n".join(f"{name} = {right(op, operands)}" for name, op, operands in lines)


def micrograd(lines: list[tuple[str, str, str]]) -> Callable[[], dict[str, float]]:
    def run() -> dict[str, float]:
        values = {name: Value(number) for name, number in AT.items()}
        for name, op, operands in lines:
            a, *b = (values[operand] for operand in operands.split())
            values[name] = a.relu() if op == "relu" else a * b[0] if op == "*" else a + b[0]
        values[lines[-1][0]].backward()
        return {name: values[name].grad for name in AT}

    return run


def hand_written(lines: list[tuple[str, str, str]]) -> Callable[[], tuple[float, ...]]:
    source = ["def run(x, y):"]
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
    for name in AT:
        backward.append(f" g_{name} = 0.0")
        backward += [f" g_{name} += {flow}" for flow in flows[name]]
    source += [*backward, f" return {lines[-1][0]}, g_x, g_y"]
    space: dict[str, Callable[[float, float], tuple[float, ...]]] = {}
    exec(builtins.compile("\n".join(source), "<hand>", "exec"), space)
    return lambda: space["run"](AT["x"], AT["y"])


def main() -> None:
    sys.setrecursionlimit(100_000)  # micrograd recurses
    print("## Re-evaluation, forward and backward\n")
    print("| nodes | compiled | micrograd | times faster | hand-written | multiple of hand-written |")
    print("| --- | --- | --- | --- | --- | --- |")
    for size in SIZES:
        lines = program(size)
        graph = parse(text(lines), "graph")
        compiled = autodiff.compile(graph)
        peers = {"micrograd": micrograd(lines), "hand": hand_written(lines)}
        _agree(compiled(AT).gradient, peers["micrograd"](), peers["hand"]())
        best = best_times({"ours": lambda run=compiled: run(AT), **peers})
        print(
            f"| {len(graph.nodes)} | {shown(best['ours'])} | {shown(best['micrograd'])} "
            f"| {best['micrograd'] / best['ours']:.1f} | {shown(best['hand'])} "
            f"| {best['ours'] / best['hand']:.1f} |"
        )


def _agree(ours: dict[str, float], theirs: dict[str, float], hand: tuple[float, ...]) -> None:
    for name, third in zip(AT, hand[1:], strict=True):
        if not (math.isclose(ours[name], theirs[name]) and math.isclose(ours[name], third)):
            raise AssertionError(f"{name}: {ours[name]}, micrograd {theirs[name]}, by hand {third}")
