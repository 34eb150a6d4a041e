"""The browser's half of tensors: node runs both passes and gets Python's numbers."""

import json
import math
from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings

from graphviz_backprop.document import dumps, tensors
from graphviz_backprop.engine import autodiff
from graphviz_backprop.engine.tensors.kernels import _MAKERS
from graphviz_backprop.engine.tensors.program import Program
from graphviz_backprop.language.graph import Graph
from graphviz_backprop.language.parser import parse
from tests.support.node import Node, encoded
from tests.support.tensors import EXPRESSIONS, START, point, programs, weighted

SCRIPT = """
import { createInterface } from "node:readline";
import { createTape, flat } from "STATIC/engine/tensors/tape.js";
import { createRun } from "STATIC/engine/tensors/run.js";
import { knowsAxes } from "STATIC/engine/tensors/kernels.js";
import { ops } from "STATIC/engine/ops.js";

const coded = (x) => (Object.is(x, -0) ? "-0" : typeof x !== "number" || Number.isFinite(x) ? x : String(x));

for await (const line of createInterface({ input: process.stdin })) {
  const { known, sent, graph, at, seed, fields } = JSON.parse(line);
  if (sent) {
    console.log(JSON.stringify(sent.map(flat)));
    continue;
  }
  if (known) {
    console.log(JSON.stringify(known.filter((op) => !knowsAxes(op) && !ops[op])));
    continue;
  }
  const numbers = new Map(Object.entries(at).map(([name, x]) => [name, [x].flat(4).map(Number)]));
  const run = createRun(graph);
  run.run(numbers, Number(seed));
  const tape = createTape(graph.tape);
  for (const name of graph.variables) {
    tape.set(name, numbers.get(name) ?? flat(graph.start[name] ?? 1));
  }
  tape.run(Number(seed));
  const cells = tape.cells.map((one) => [...one].map(coded));
  console.log(JSON.stringify([cells, (fields ?? []).map((field) => coded(run.get(field) ?? null))]));
}
"""


@pytest.fixture(scope="module")
def node() -> Iterator[Node]:
    with Node(SCRIPT) as running:
        yield running


def agree(node: Node, graph: Graph, at: dict[str, float], seed: float = 1.0) -> None:
    """All numbers of both passes, node by node of the tape."""
    program = Program(graph)
    run = autodiff.compile(graph)({**graph.start, **at}, seed)
    upstream = np.full(graph.output.shape, seed) if graph.output.shape else seed
    walked = program.walk(run.variables, upstream)
    asked = {"graph": json.loads(dumps(tensors(graph))), "at": {name: encoded(x) for name, x in at.items()}}
    cells, _ = node.ask({**asked, "seed": encoded(seed)})
    needed = [at for at, one in enumerate(program.tape.needed) if one]
    for position, found in zip(needed, cells, strict=True):
        one = program.tape.nodes[position]
        wanted = np.broadcast_to(np.asarray(walked[position], dtype=float), one.shape).ravel()
        mine = np.array([float(x) for x in found])
        same(one.op, mine, wanted)


def same(op: str, mine: np.ndarray, wanted: np.ndarray) -> None:
    """To the last digits, by the largest cell: what is a sum of these may cancel."""
    assert mine.shape == wanted.shape, op
    scale = np.nanmax(np.abs(wanted[np.isfinite(wanted)]), initial=1.0)
    assert np.allclose(mine, wanted, rtol=1e-12, atol=1e-12 * scale, equal_nan=True), (op, mine, wanted)


def test_every_row_has_a_kernel(node: Node) -> None:
    assert node.ask({"known": sorted(_MAKERS)}) == []


@pytest.mark.parametrize("expression", EXPRESSIONS)
def test_each_row(node: Node, expression: str) -> None:
    graph = weighted(expression)
    agree(node, graph, point(graph), 1.5)


@given(program=programs())
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_random_programs(node: Node, program: str) -> None:
    graph = parse(program)
    agree(node, graph, point(graph))


@pytest.mark.parametrize("view", ["tree", "graph"])
def test_an_output_of_many_cells_and_choices_on_data(node: Node, view: str) -> None:
    for program in (
        "x = [3, 1, 2]; x * 2",
        "x = [1, 2, 2, 0]; argmax(x) * x + x",
        "x = [1, 2]; y = x / 0; [max(y), min(y), sum(y - y)]",
        "x = [2, 0, 5]; s = argsort(x); x[s]",
        "x = [1, 2, 3]; i = x - 3; x[i]",
        "x = [1, 2, 3]; x[x]",
        "x = [1, 2, 3]; i = [0, 3, -4, 0.5, -1]; sum(x[i])",
        "x = [1, 2, 3]; sum(one_hot(x, 3))",
        "z = [[1, 2, 3], [1, 2, 2]]; y = [0, -1]; cross_entropy(z, y)",
        "z = [1, 2, 3]; y = -1; cross_entropy(z, y)",
    ):
        graph = parse(program, view)
        agree(node, graph, {}, -2.0)


def test_fields_are_named_as_python_names_them(node: Node) -> None:
    """Numbers, summaries, the cells that a figure draws, their colours and signs."""
    for program in (
        f"{START}z = A @ x; s * sum(z) + sum(A) + s^s",
        "x = arange(20); y = (x - 3) / x; sum(y) + s",
    ):
        graph = parse(program, "tree")
        run = autodiff.compile(graph)({**graph.start, "s": 2.0})
        wanted = run.fields()
        asked = {
            "graph": json.loads(dumps(tensors(graph))),
            "at": {"s": 2},
            "seed": 1,
            "fields": list(wanted),
        }
        _, found = node.ask(asked)
        for (name, ours), mine in zip(wanted.items(), found, strict=True):
            if isinstance(ours, str) or ours is None:
                assert mine == ours, name
            else:
                assert float(mine) == pytest.approx(ours, rel=1e-12, nan_ok=True), name
        assert any(name.endswith(".sign") and text for name, text in wanted.items())


MADE = (
    "randn(30, 30, seed=7)",
    "randn(301, seed=0)",
    "0.1 * randn(9, 9, seed=-3) - 2",
    "3 - 2.5 * rand(70, seed=5)",
    "rand(2, 3, 40, seed=123456789012345)",
    "rand(700, seed=4294967296)",
    "0.125 + zeros(9, 9)",
    "ones(100) / 3",
    "eye(9)",
    "2 * eye(8, 11)",
    "eye(11, 8)",
    "arange(100)",
    "arange(7, 300, 3) / 10",
    "arange(300, 7, -3)",
)


@pytest.mark.parametrize("text", MADE)
def test_what_is_made_is_made_by_the_browser(node: Node, text: str) -> None:
    """Few bytes are sent, and the cells are Python's: all but logarithm and cosine to the last bit."""
    graph = parse(f"W = {text}; sum(W)")
    sent = json.loads(dumps(tensors(graph)))
    assert len(json.dumps(sent["start"])) < 150
    made = node.ask({"sent": [sent["start"]["W"]]})[0]
    wanted = graph.start["W"].cells
    if "randn" in text:
        assert made == pytest.approx(wanted, rel=0, abs=4e-15)
    else:
        assert made == list(wanted)


def test_other_cells_are_sent_once_and_to_the_last_bit(node: Node) -> None:
    cells = [[round(math.sin(9 * row + column), 3 + column) for column in range(12)] for row in range(9)]
    short = [[row % 2] * 12 for row in range(9)]
    graph = parse(f"x = {cells}; y = {short}; sum((y + ({cells}) * x) @ ({cells}).T)")
    sent = dumps(tensors(graph))
    assert sent.count("base64") == 2  # where the variable starts, and the constant; y is shorter as it is
    assert len(sent) < 2.1 * 9 * 12 * 11 + 6_000
    found = json.loads(sent)["start"]
    flat = [[float(x) for row in rows for x in row] for rows in (cells, short)]
    assert node.ask({"sent": [found["x"], found["y"]]}) == flat
