"""The path ledger of tensors: what paths bring adds up to the gradient, each what it alone would bring."""

import json
from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings

from graphviz_backprop.api import parse
from graphviz_backprop.document import dumps, numbers, tensors
from graphviz_backprop.engine import autodiff
from graphviz_backprop.explain.tensors.ledger import Boxes, routes
from graphviz_backprop.explain.tensors.sums import tensor_paths
from graphviz_backprop.web.shown.ledger import ShownLedger
from tests.support.node import Node
from tests.support.tensors import EXPRESSIONS, point, programs, weighted

ATTENTION = """\
X = 0.5 * randn(3, 2, seed=1); A = randn(2, 2, seed=2); B = randn(2, 2, seed=3); C = randn(2, 2, seed=4)
Q = X @ A; K = X @ B; V = X @ C
P = softmax(Q @ K.T); O = P @ V; L = sum(O * O)"""

SCRIPT = """
import { createInterface } from "node:readline";
import { createRun } from "STATIC/engine/tensors/run.js";
import { createTensorLedger } from "STATIC/explain/tensorledger.js";

for await (const line of createInterface({ input: process.stdin })) {
  const { graph, sent, at, seed, fields } = JSON.parse(line);
  const run = createRun(graph);
  run.run(new Map(Object.entries(at).map(([name, x]) => [name, [x].flat(4).map(Number)])), seed);
  const book = createTensorLedger(graph, sent)(run, seed);
  const coded = (x) => (typeof x === "number" && !Number.isFinite(x) ? String(x) : x);
  console.log(JSON.stringify(fields.map((field) => coded(book.get(field) ?? null))));
}
"""


@pytest.fixture(scope="module")
def node() -> Iterator[Node]:
    with Node(SCRIPT) as running:
        yield running


def test_through_query_key_and_value():
    """Each brings what it would if the other two were made of another tensor."""
    run = parse(ATTENTION).evaluate()
    ledger = run.paths("X")
    shares = [abs(path.share) for path in ledger]
    assert shares == sorted(shares, reverse=True)
    text = ATTENTION
    for name, other in ("KY", "VZ"):
        text = text.replace(f"{name} = X", f"{other} = 0.5 * randn(3, 2, seed=1); {name} = {other}")
    alone = parse(text).evaluate().gradient
    brought = {path.through: path.gradient for path in ledger}
    for through, name in zip("QKV", "XYZ", strict=True):
        assert brought[(through,)] == pytest.approx(alone[name], rel=1e-12)
    assert sum(path.gradient for path in ledger) == pytest.approx(run.gradient["X"], rel=1e-12)
    assert sum(path.share for path in ledger) == pytest.approx(1)
    assert ledger.count == 6  # O * O has two edges from O


def test_a_path_is_told_with_its_rules():
    ledger = parse("W = [[1, 2], [3, 4]]; x = [5, 6]; z = W @ x; L = sum(z)").evaluate().paths("x")
    (path,) = ledger
    assert path.nodes == ("L", "z", "x")
    assert path.edges == (("L", 0), ("z", 1))
    assert path.rules == ("copy over all", "Wᵀ ·")
    assert (path.count, path.through, path.share) == (1, (), 1)
    assert path.gradient.tolist() == [4, 6]


def test_a_long_path_is_opened_whole():
    """Twenty nodes one behind the other: some at once, all of them on demand."""
    steps = "; ".join(f"h{at} = tanh(h{at - 1})" for at in range(1, 20))
    (row,) = ShownLedger(parse(f"h0 = [1, 2]; {steps}; L = sum(h19)"), "h0").rows
    assert row.nodes == "L → h19 → h18 → h17 → h16 → h15 → h14 → … 7 more … → " + " → ".join(
        f"h{at}" for at in range(6, -1, -1)
    )
    assert row.whole is not None
    nodes, rules = row.whole
    assert nodes == " → ".join(["L", *(f"h{at}" for at in range(19, -1, -1))])
    assert rules.count(", then ") == 19
    (short,) = ShownLedger(parse("x = [1, 2]; L = sum(tanh(x))"), "x").rows
    assert short.whole is None


def test_many_paths_stand_in_few_rows():
    layers = "; ".join(f"u{k} = u{k - 1} + (u{k - 1} - u{k - 1})" for k in range(1, 41))
    ledger = parse(f"x = [1, 2]; u0 = 2x; {layers}; sum(u40)").evaluate().paths("x", most=5)
    assert (ledger.count, len(ledger)) == (3**40, 5)
    assert sum(path.count for path in ledger) == 3**40
    assert sum(path.gradient for path in ledger).tolist() == [2, 2]


def test_where_the_gradient_cancels_there_is_no_share():
    ledger = parse("x = [1, 2]; sum(x) - sum(x)").evaluate().paths("x")
    assert [path.gradient.tolist() for path in ledger] == [[1, 1], [-1, -1]]
    assert all(np.isnan(path.share) for path in ledger)


@pytest.mark.parametrize("most", [1, 4, 50])
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(text=programs())
def test_all_paths_add_up_to_the_gradient(most, text):
    graph = parse(text)
    adds_up(autodiff.compile(graph)({**graph.start, **point(graph)}, 1.0), most)


@pytest.mark.parametrize("expression", EXPRESSIONS)
def test_through_each_row_they_add_up(expression):
    graph = weighted(expression)
    adds_up(autodiff.compile(graph)({**graph.start, **point(graph)}, 1.5), 12)


def adds_up(run, most, fold=None):
    for name in (*run.graph.variables, run.graph.nodes[len(run.graph.nodes) // 2].id):
        ledger = tensor_paths(run, name, most, fold)
        parts = [path.gradient for path in ledger]
        if not np.isfinite(ledger.total).all() or not np.isfinite(parts).all():
            continue
        scale = float(np.max(np.abs([ledger.total, *parts]), initial=1.0))
        found = np.sum([np.zeros(np.shape(ledger.total)), *parts], axis=0)
        assert found == pytest.approx(ledger.total, rel=1e-9, abs=1e-11 * scale), name
        assert sum(path.count for path in ledger) == ledger.count
        assert len(ledger) <= max(most, sum(node.op == "var" for node in run.graph.nodes))


def test_all_paths_are_counted():
    """With room for all, each row is one path from the output: two layers with a way around each."""
    text = "x = [1, 2]; f = tanh(x); u = x + f; g = exp(u); v = u + g; sum(v)"
    graph = parse(text)
    found = routes(Boxes(graph), "x", 100)
    assert [route.count for route in found] == [1] * 4
    assert {route.nodes[0] for route in found} == {len(graph.nodes) - 1}
    assert len({route.hops for route in found}) == 4
    told = {path.through for path in graph.evaluate().paths("x")}
    assert told == {(), ("f",), ("g",), ("f", "g")}
    assert [route.count for route in routes(Boxes(graph), "x", 2)] == [2, 2]
    assert [route.count for route in routes(Boxes(graph), "x", 1)] == [4]


@pytest.mark.parametrize("text", [ATTENTION, "x = [1, 2]; sum(x) - sum(x)", "x = [1, 2]; x * x + exp(x)"])
@pytest.mark.parametrize("view", ["tree", "graph"])
def test_the_browser_has_the_same_numbers(node, text, view):
    run = parse(text, view=view).evaluate(seed=-1.5)
    for target in run.graph.variables:
        shown = ShownLedger(run.graph, target)
        wanted = shown.fields(run)
        asked = {
            "graph": json.loads(dumps(tensors(run.graph))),
            "sent": json.loads(shown.document),
            "at": {name: numbers(x) for name, x in run.variables.items()},
            "seed": -1.5,
            "fields": list(wanted),
        }
        for (name, ours), mine in zip(wanted.items(), node.ask(asked), strict=True):
            if isinstance(ours, float):
                assert float(mine) == pytest.approx(ours, rel=1e-11, abs=1e-13), name
            else:
                assert mine == ours, name


@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
@given(text=programs())
def test_random_programs_are_the_same_in_both(node, text):
    graph = parse(text)
    run = autodiff.compile(graph)({**graph.start, **point(graph)}, 1.0)
    for target in graph.variables:
        shown = ShownLedger(graph, target)
        wanted = {name: x for name, x in shown.fields(run).items() if isinstance(x, float) and np.isfinite(x)}
        asked = {
            "graph": json.loads(dumps(tensors(graph))),
            "sent": json.loads(shown.document),
            "at": {name: numbers(x) for name, x in run.variables.items()},
            "seed": 1.0,
            "fields": list(wanted),
        }
        scale = max((abs(x) for x in wanted.values()), default=1.0)
        for (name, ours), mine in zip(wanted.items(), node.ask(asked), strict=True):
            assert float(mine) == pytest.approx(ours, rel=1e-9, abs=1e-11 * scale), (text, name)


HEADS = """\
head(X, A, B, C) = softmax((X @ A) @ (X @ B).T) @ (X @ C)
X = randn(3, 2, seed=1); A = randn(2, 2, seed=2); B = randn(2, 2, seed=3); C = randn(2, 2, seed=4)
D = randn(2, 2, seed=5); E = randn(2, 2, seed=6); F = randn(2, 2, seed=7)
# head 1
P = head(X, A, B, C)
# head 2
Q = head(X, D, E, F)
# sum
L = sum(P * Q)"""


def test_a_closed_group_is_told_as_one():
    """Each head brings what it would if the other had another X; opened, its own paths are told."""
    run = parse(HEADS, "graph").evaluate()
    ledger = run.paths("X", fold=run.graph.folded(shut="all"))
    assert {path.through for path in ledger} == {("head 1",), ("head 2",)}
    assert ledger.count == 2
    other = HEADS.replace("X = randn", "Y = randn(3, 2, seed=1); X = randn").replace("head(X, D", "head(Y, D")
    alone = parse(other, "graph").evaluate().gradient
    for path in ledger:
        assert path.gradient == pytest.approx(alone["XY"[path.through == ("head 2",)]], rel=1e-11)
        assert any("through head" in rule for rule in path.rules)
    assert sum(path.share for path in ledger) == pytest.approx(1)
    assert run.paths("X", fold=run.graph.folded("all")).count > 2


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(text=programs())
def test_through_closed_groups_all_adds_up_too(text):
    graph = parse(text)
    run = autodiff.compile(graph)({**graph.start, **point(graph)}, 1.0)
    adds_up(run, 12, graph.folded(shut="all"))
