"""The browser's evaluator, run by node: one process, a line of JSON in for a line of JSON out."""

import json
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from graphviz_backprop.language.graph import Graph
from tools.vectors import encoded, node_list

STATIC = Path(__file__).parents[2] / "static"
SUPPORT = Path(__file__).parent

SCRIPT = """
import { createInterface } from "node:readline";
import { ops } from "STATIC/engine/ops.js";
import { compile } from "STATIC/engine/engine.js";
import { count } from "STATIC/engine/kernels.js";
import { allFields } from "SUPPORT/fields.js";

function coded(x) {
  if (Object.is(x, -0)) return "-0";
  return x === null || Number.isFinite(x) ? x : String(x);
}

function row([name, args]) {
  const { value, partials, share } = ops[name];
  const xs = args.map(Number);
  const f = value(...xs);
  if (share) return [f, ...xs.map((x) => share(x, f, xs.length, count(f, xs)))].map(coded);
  return [f, ...partials.map((partial) => partial(...xs, f))].map(coded);
}

function graph({ graph, at, seed }) {
  const numbers = Object.fromEntries(Object.entries(at).map(([name, x]) => [name, Number(x)]));
  const fields = allFields(graph, compile(graph)(numbers, Number(seed)));
  return Object.fromEntries([...fields].map(([field, x]) => [field, coded(x)]));
}

for await (const line of createInterface({ input: process.stdin })) {
  const asked = JSON.parse(line);
  console.log(JSON.stringify(asked.rows ? asked.rows.map(row) : graph(asked)));
}
"""


def decoded(x: float | str | None) -> float | None:
    return None if x is None else float(x)


class Node:
    """A running node; use it in a ``with`` statement."""

    def __init__(self, script: str = SCRIPT) -> None:
        beside = Path(sys.executable).with_name("node")
        node = str(beside) if beside.exists() else shutil.which("node")
        if node is None:
            raise RuntimeError("there is no node: make setup-dev installs it")
        script = script.replace("STATIC", STATIC.as_uri()).replace("SUPPORT", SUPPORT.as_uri())
        self._process = subprocess.Popen(
            [node, "--input-type=module", "--eval", script],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            encoding="utf-8",
        )

    def __enter__(self) -> "Node":
        return self

    def __exit__(self, *_: object) -> None:
        self._process.communicate()

    def ask(self, what: Any) -> Any:
        """What the script replies to this."""
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps(what, allow_nan=False) + "\n")
        self._process.stdin.flush()
        return json.loads(self._process.stdout.readline())

    def rows(self, calls: Sequence[tuple[str, Sequence[float]]]) -> list[list[float]]:
        """For each row's name and arguments: the value and the partials."""
        asked = [(name, [encoded(x) for x in args]) for name, args in calls]
        return [[float(x) for x in numbers] for numbers in self.ask({"rows": asked})]

    def fields(self, graph: Graph, at: Mapping[str, float], seed: float = 1.0) -> dict[str, float | None]:
        """What ``Run.fields()`` is in the browser."""
        point = {name: encoded(x) for name, x in at.items()}
        found = self.ask({"graph": node_list(graph), "at": point, "seed": encoded(seed)})
        return {field: decoded(x) for field, x in found.items()}
