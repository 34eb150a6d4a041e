"""Writes tests/support/vectors.json, programs, points and the numbers that Python and the browser must
give, and tests/support/updates.json, steps of the optimizers.

python -m tools.vectors           writes them
python -m tools.vectors --check   exits with 1 where today's engine, parser or rows give something else

A vector is a program in one view as the node list that static/engine/engine.js takes, and at each point the
variables, the seed and all fields; numbers that JSON lacks are strings.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from math import inf, isclose, nan
from pathlib import Path
from typing import Any

from graphviz_backprop.engine import autodiff
from graphviz_backprop.language.graph import CONST, VAR, Graph
from graphviz_backprop.language.parser import VIEWS, parse
from tools.updates import update_vectors

PATH = Path(__file__).parent.parent / "tests" / "support" / "vectors.json"
UPDATES = PATH.with_name("updates.json")

Point = dict[str, float]

NEURON = "z = w1*x1 + w2*x2 + w3*x3 + w4*x4; a = sigmoid(z); (a - y)^2"
WEIGHTS = {"w1": 0.5, "w2": -1.25, "w3": 2.0, "w4": 0.1}
INPUTS = {"x1": 1.0, "x2": 0.5, "x3": -0.3, "x4": 4.0}

PROGRAMS: dict[str, list[Point]] = {
    "(4*x+1)^2": [{"x": 1.0}, {"x": -1.0}, {"x": -0.25}, {"x": 1e200}],
    "1/(1+e^(-x))": [{"x": 0.0}, {"x": -40.0}, {"x": 800.0}],
    "f(x) = 7x + 3; g(x) = x^2; g(f(x))": [{"x": 1.0}, {"x": -3 / 7}],
    "3^x + 2x": [{"x": 2.0}, {"x": -1.5}],
    "log(x, 2) * x": [{"x": 8.0}, {"x": 0.0}, {"x": -1.0}],
    "3x^2 + 2x*y + y^2": [{"x": 1.0, "y": 2.0}, {"x": 0.0, "y": -0.0}],
    "x*y": [{"x": 3.0, "y": -2.0}, {"x": inf, "y": 0.0}],
    NEURON: [{**WEIGHTS, **INPUTS, "y": 1.0}, {**WEIGHTS, **INPUTS, "y": -0.5}],
    "x*x": [{"x": 3.0}, {"x": -0.0}],
    "x - x": [{"x": 3.0}, {"x": inf}],
    "x/x": [{"x": 3.0}, {"x": 0.0}],
    "x^x": [{"x": 3.0}, {"x": 0.0}, {"x": -2.0}, {"x": nan}],
    "u = x^2 + 1; sin(u)": [{"x": 2.0}, {"x": 1e5}],
    "x^y": [{"x": 0.0, "y": 2.0}, {"x": 0.0, "y": 0.0}, {"x": -2.0, "y": 3.0}, {"x": 1.0, "y": nan}],
    "max(x, y, 2) - min(x, y)": [{"x": 2.0, "y": 2.0}, {"x": 1.0, "y": 3.0}, {"x": nan, "y": 1.0}],
    "relu(x) + leaky_relu(x) + leaky_relu(x, a) + elu(x)": [{"x": 0.0, "a": 0.3}, {"x": -1.5, "a": 0.3}],
    "softplus(x) * sigmoid(x) + silu(x) * gelu(x)": [{"x": -3.0}, {"x": 40.0}],
    "tanh(x) + erf(x) * erfc(y)": [{"x": 0.3, "y": 5.0}, {"x": -6.0, "y": -0.2}],
    "erfinv(x)": [{"x": x} for x in (0.0, 1e-300, -1e-9, 0.3, 0.5, -0.9, 1 - 1e-9, 1 - 2**-53, -1.0, 1.5)],
    "sqrt(x) + cbrt(y) + hypot(x, y)": [{"x": 2.0, "y": -8.0}, {"x": 0.0, "y": 0.0}],
    "atan2(y, x) + atan(x*y)": [{"x": -1.0, "y": 1e-10}, {"x": 3e200, "y": 4e200}],
    "asin(x) - acos(x) + tan(x)": [{"x": 0.5}, {"x": 1.0}, {"x": 1.5}],
    "sinh(x) / cosh(x) - expm1(y) * log1p(y)": [{"x": 1.0, "y": 1e-9}, {"x": 720.0, "y": -1.0}],
    "log2(x) + log10(x) + ln(x) + exp(-x)": [{"x": 10.0}, {"x": 0.0}],
    "abs(x) + sign(x) + step(x)": [{"x": 0.0}, {"x": -2.5}],
    "sum(x, y, x) * mean(x, y, 3, y)": [{"x": 1.1, "y": -2.2}],
    "w_1 x² + √x₁ − 2π·α⁻¹": [{"w_1": 0.1, "x": 3.0, "x1": 2.0, "α": 0.7}],
    "f(t) = t t; f(f(x + y))": [{"x": 0.1, "y": 0.2}],
    "a = x + 1; b = a a; c = a b; a + b + c": [{"x": 0.5}],
    "2 + 3*4": [{}],
    "1e999 - x": [{"x": 5.0}],
    "log(-x) + sqrt(-x)": [{"x": 0.0}, {"x": -4.0}],
}
SEEDS = (1.0, -2.5)


def vectors() -> Iterator[dict[str, Any]]:
    """All vectors, by today's parser and engine."""
    for program, points in PROGRAMS.items():
        for view in VIEWS:
            graph = parse(program, view)
            run = autodiff.compile(graph)
            cases = [
                {
                    "at": {name: encoded(at[name]) for name in graph.variables},
                    "seed": SEEDS[n % 2],
                    "fields": {
                        field: encoded(x)
                        for field, x in run({name: at[name] for name in graph.variables}, SEEDS[n % 2])
                        .fields()
                        .items()
                    },
                }
                for n, at in enumerate(points)
            ]
            yield {"program": program, "view": view, "graph": node_list(graph), "cases": cases}


def node_list(graph: Graph) -> dict[str, Any]:
    """A graph as static/engine/engine.js takes it."""
    nodes: list[dict[str, Any]] = []
    for node in graph.nodes:
        args = [graph.nodes[arg].id for arg in node.args]
        entry: dict[str, Any] = {"id": node.id, "op": node.op, "args": args}
        if node.op == VAR:
            entry["name"] = node.name
        if node.op == CONST:
            entry["value"] = encoded(node.value)
        nodes.append(entry)
    return {"output": graph.output.id, "nodes": nodes}


def encoded(x: float | None) -> float | str | None:
    """A number in JSON: what is not finite as a string, and -0, which JavaScript would lose."""
    if x is None or (x - x == 0 and str(x) != "-0.0"):
        return x
    return {"nan": "NaN", "inf": "Infinity", "-inf": "-Infinity", "-0.0": "-0"}[str(x)]


def same(x: Any, y: Any) -> bool:
    """Whether two values of the file agree: numbers to 1e-12, everything else exactly."""
    if isinstance(x, dict) and isinstance(y, dict):
        return x.keys() == y.keys() and all(same(x[key], y[key]) for key in x)
    if isinstance(x, list) and isinstance(y, list):
        return len(x) == len(y) and all(map(same, x, y))
    if isinstance(x, int | float) and isinstance(y, int | float):
        return isclose(x, y, rel_tol=1e-12, abs_tol=1e-307)
    return bool(x == y)


def main(arguments: list[str]) -> int:
    stale = 0
    for path, made in ((PATH, vectors()), (UPDATES, update_vectors())):
        lines = ",\n".join(json.dumps(vector, ensure_ascii=False, allow_nan=False) for vector in made)
        text = f"[\n{lines}\n]\n"
        if "--check" not in arguments:
            path.write_text(text, "utf-8")
        elif not same(json.loads(path.read_text("utf-8")), json.loads(text)):
            stale = 1
    return stale


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
