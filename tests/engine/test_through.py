"""Numbers through a closed group: the chain rule of the functions themselves, in both languages."""

import math
from collections.abc import Iterator

import pytest
import sympy
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from graphviz_backprop.engine import autodiff, through
from graphviz_backprop.engine.autodiff import Run
from graphviz_backprop.language.folding import Fold, closed_groups, entries, folded
from graphviz_backprop.language.groups import grouped
from graphviz_backprop.language.parser import parse
from graphviz_backprop.network.layers import cut_graph
from tests.support.half import close, told_of_groups
from tests.support.node import STATIC, Node
from tests.support.programs import SMOOTH, ordinary, runs, special

SCRIPT = """
import { createInterface } from "node:readline";
import { evaluate } from "STATIC/engine/engine.js";
import { createThrough } from "STATIC/engine/through.js";

for await (const line of createInterface({ input: process.stdin })) {
  const { graph, at, seed, groups, fields } = JSON.parse(line);
  const numbers = Object.fromEntries(Object.entries(at).map(([name, x]) => [name, Number(x)]));
  const { run } = evaluate(graph, numbers, Number(seed));
  const found = createThrough(run.plan, groups).of(run);
  const coded = (x) => (Object.is(x, -0) ? "-0" : x === null || Number.isFinite(x) ? x : String(x));
  console.log(JSON.stringify(fields.map((field) => coded(found.get(field)))));
}
"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Node]:
    assert STATIC
    with Node(SCRIPT) as running:
        yield running


@st.composite
def folds(draw: st.DrawFn, **kinds: object) -> tuple[Run[float], Fold]:
    """A random program with random groups of it closed."""
    run = draw(runs(size=8, **kinds))  # type: ignore[arg-type]
    groups = grouped(run.graph)
    assume(groups)
    closed = draw(st.sets(st.sampled_from([group.id for group in groups]), min_size=1))
    return run, folded(run.graph, groups, closed)


def test_two_boxes_are_the_chain_rule() -> None:
    graph = parse("f(x) = 7x + 3\ng(x) = x^2\ng(f(x))")
    groups = grouped(graph)
    run = autodiff.compile(graph)({"x": 1.0})
    found = through.fields(run, folded(graph, groups, closed_groups(graph, groups, shut=["all"])))
    assert found == {
        **{"e~0.0.value": 1.0, "e~0.0.partial": 7.0, "e~0.0.flow": 140.0},
        **{"i~0.0.value": 10.0, "i~0.0.partial": 20.0, "i~0.0.flow": 20.0},
    }


def test_paths_inside_add_up_as_symbols_say() -> None:
    graph = parse("f(s, t) = s*t + sin(s)*exp(t) + s^3\nf(x, y)^2", "graph")
    (group,) = [group for group in grouped(graph) if group.kind == "call"]
    run = autodiff.compile(graph)({"x": 0.7, "y": -0.4})
    s, t = sympy.symbols("s t")
    f = s * t + sympy.sin(s) * sympy.exp(t) + s**3
    found = dict(zip(entries(graph, group), through.through(graph, group, run.partials), strict=True))
    for name, symbol in (("x", s), ("y", t)):
        (at,) = [at for at, node in enumerate(graph.nodes) if node.name == name]
        wanted = float(f.diff(symbol).subs({s: 0.7, t: -0.4}))
        assert math.isclose(found[at], wanted, rel_tol=1e-13)


@settings(max_examples=50)
@given(found=folds(seeds=ordinary))
def test_flows_are_gradients_times_partials_and_add_up(found: tuple[Run[float], Fold]) -> None:
    run, fold = found
    assume(all(math.isfinite(x) and abs(x) < 1e100 for flows in run.flows for x in flows if x is not None))
    assume(all(abs(x) < 1e100 for partials in run.partials for x in partials if x is not None))
    numbers = {**run.fields(), **through.fields(run, fold)}
    arrived: dict[int, list[float]] = {}
    for at, box in enumerate(fold.boxes):
        for entry in box.inputs:
            key = fold.key(at, entry.arg)
            assert numbers[f"{key}.value"] == run.values[entry.child] or math.isnan(run.values[entry.child])
            flow, partial = numbers[f"{key}.flow"], numbers[f"{key}.partial"]
            assert (flow is None) == (partial is None)
            if flow is None:
                continue
            arrived.setdefault(entry.child, []).append(flow)
            sizes = sum(abs(x) for at in range(len(run.graph.nodes)) for x in run.flows[at] if x is not None)
            gradient = run.gradients[box.at]
            assert gradient is not None
            assert math.isclose(flow, gradient * partial, rel_tol=1e-9, abs_tol=1e-11 * sizes)
    for child, flows in arrived.items():
        size = sum(map(abs, flows)) + sum(abs(x) for p in run.flows for x in p if x is not None)
        assert math.isclose(
            math.fsum(flows), run.gradients[child] or 0.0, rel_tol=1e-12, abs_tol=1e-12 * size
        )


TAME = [op for op in SMOOTH if op.name in ("add", "sub", "mul", "sin", "cos", "tanh")]


@settings(max_examples=40)
@given(found=folds(rows=TAME, numbers=st.floats(-2, 2)))
def test_a_partial_through_a_group_is_the_slope_of_its_function(found: tuple[Run[float], Fold]) -> None:
    run, fold = found
    graph = run.graph
    for group in fold.closed:
        outside = list(entries(graph, group))
        part = cut_graph(graph, group.output, {at: f"in{at}" for at in outside})
        function = autodiff.compile(part)
        point = {
            name: run.values[int(name[2:])] if name[:2] == "in" else run.variables[name]
            for name in part.variables
        }
        shares = through.through(graph, group, run.partials)
        assume(all(abs(x) < 100 for x in function(point).values))
        for child, share in zip(outside, shares, strict=True):
            if share is not None:
                name, h = f"in{child}", 1e-4
                ahead, behind = (function({**point, name: point[name] + move}).value for move in (h, -h))
                assert (ahead - behind) / (2 * h) == pytest.approx(share, rel=1e-3, abs=1e-2)
                assert function(point).gradient[name] == pytest.approx(share, rel=1e-12, abs=1e-12)


@settings(max_examples=50)
@given(found=folds(numbers=ordinary | special, seeds=ordinary))
def test_the_browser_finds_the_same(browser: Node, found: tuple[Run[float], Fold]) -> None:
    run, fold = found
    wanted = through.fields(run, fold)
    told = browser.ask({**told_of_groups(run, fold), "fields": list(wanted)})
    for field, number in zip(wanted, told, strict=True):
        assert close(number, wanted[field]), field


def test_columns_go_through_groups_too() -> None:
    np = pytest.importorskip("numpy")
    graph = parse("f(s, t) = s*t + sin(s)\nf(x, y)^2")
    groups = grouped(graph)
    fold = folded(graph, groups, closed_groups(graph, groups, shut=["all"]))
    compiled = autodiff.compile(graph)
    xs, ys = np.array([0.5, 1.5]), np.array([2.0, -1.0])
    whole = through.fields(compiled({"x": xs, "y": ys}), fold)
    for row in range(2):
        single = through.fields(compiled({"x": float(xs[row]), "y": float(ys[row])}), fold)
        for field, number in single.items():
            assert float(whole[field][row]) == pytest.approx(number, rel=1e-15)
