"""The browser's half of the explanations, run by node, and how its answers compare with Python's."""

import math
from collections.abc import Iterable, Sequence
from typing import Any

from graphviz_backprop.engine.autodiff import Run
from graphviz_backprop.language.folding import Fold
from tests.support.node import Node, encoded, node_list

SCRIPT = """
import { createInterface } from "node:readline";
import { evaluate } from "STATIC/engine/engine.js";
IMPORTS

function coded(x) {
  if (typeof x === "bigint") return String(x);
  if (typeof x === "number") return Object.is(x, -0) ? "-0" : Number.isFinite(x) ? x : String(x);
  if (x instanceof Map) return coded(Object.fromEntries(x));
  if (Array.isArray(x)) return x.map(coded);
  if (x instanceof Object) return Object.fromEntries(Object.entries(x).map(([key, y]) => [key, coded(y)]));
  return x;
}

for await (const line of createInterface({ input: process.stdin })) {
  const { graph, at, seed, name, of, args } = JSON.parse(line);
  const numbers = Object.fromEntries(Object.entries(at).map(([name, x]) => [name, Number(x)]));
  const { run } = evaluate(graph, numbers, Number(seed));
  console.log(JSON.stringify(coded(functions[name](of === "plan" ? run.plan : run, ...args))));
}
"""


def told_of(run: Run[float]) -> dict[str, Any]:
    """What the browser has to know to compute a run itself."""
    return {
        "graph": node_list(run.graph),
        "at": {name: encoded(float(x)) for name, x in run.variables.items()},
        "seed": encoded(float(run.seed)),
    }


def told_of_groups(run: Run[float], fold: Fold) -> dict[str, Any]:
    """The same, and which groups are closed."""
    groups = [{"id": group.id, "output": group.output, "nodes": list(group.nodes)} for group in fold.closed]
    return {**told_of(run), "groups": groups}


class Half(Node):
    """A running node that knows these functions, by module: each takes a run and more."""

    def __init__(self, **modules: str) -> None:
        lines = [
            f'import {{ {name} }} from "STATIC/explain/{module}.js";'
            for module, names in modules.items()
            for name in names.split()
        ]
        names = ", ".join(name for names in modules.values() for name in names.split())
        super().__init__(SCRIPT.replace("IMPORTS", "\n".join([*lines, f"const functions = {{ {names} }};"])))

    def call(self, name: str, run: Run[float], *args: Any, of: str = "run") -> Any:
        """What a function says of a run, or of its ``"plan"``."""
        return self.ask(
            {
                **told_of(run),
                "name": name,
                "of": of,
                "args": args,
            }
        )


def number(x: float | str | None) -> float | None:
    return None if x is None else float(x)


def close(a: float | str | None, b: float | None, relative: float = 1e-12, least: float = 1e-300) -> bool:
    """Whether the browser's number is Python's."""
    a = number(a)
    if a is None or b is None:
        return a is b
    return (math.isnan(a) and math.isnan(b)) or math.isclose(a, b, rel_tol=relative, abs_tol=least)


def alike(
    found: Sequence[Any], wanted: Iterable[float | None], relative: float = 1e-12, least: float = 1e-300
) -> bool:
    """Whether the browser's numbers are Python's, one by one."""
    return all(close(a, b, relative, least) for a, b in zip(found, wanted, strict=True))
