"""Steps and paths of a graph in boxes: those of its closed groups, in both languages."""

import math
from collections.abc import Iterator

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from graphviz_backprop.engine import autodiff, through
from graphviz_backprop.engine.autodiff import Run
from graphviz_backprop.explain import paths, steps
from graphviz_backprop.explain.signs import folded_signs
from graphviz_backprop.language.folding import Fold, closed_groups, fold, folded, unfolded
from graphviz_backprop.language.groups import grouped
from graphviz_backprop.language.parser import parse
from tests.engine.test_through import folds
from tests.support.half import close, told_of_groups
from tests.support.node import Node
from tests.support.programs import ordinary

CHAIN = "f(x) = 7x + 3\ng(x) = x^2\ng(f(x))"

SCRIPT = """
import { createInterface } from "node:readline";
import { evaluate } from "STATIC/engine/engine.js";
import { createBoxes } from "STATIC/explain/boxes.js";
import { ledger } from "STATIC/explain/paths.js";

const coded = (x) => (Object.is(x, -0) ? "-0" : typeof x !== "number" || Number.isFinite(x) ? x : String(x));
for await (const line of createInterface({ input: process.stdin })) {
  const { graph, at, seed, groups, fields, target, most } = JSON.parse(line);
  const numbers = Object.fromEntries(Object.entries(at).map(([name, x]) => [name, Number(x)]));
  const { run } = evaluate(graph, numbers, Number(seed));
  const boxes = createBoxes(run.plan, groups);
  const found = boxes.of(run);
  const book = boxes.sees(target) ? ledger(found.run, target, most) : null;
  console.log(JSON.stringify({
    signs: fields.map((field) => found.get(field)),
    paths: book && book.paths.map(({ nodes, edges, product }) => ({ nodes, edges, product: coded(product) })),
    count: book && String(book.count),
  }));
}
"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Node]:
    with Node(SCRIPT) as running:
        yield running


def closed_chain() -> tuple[Run[float], Fold]:
    graph = parse(CHAIN)
    groups = grouped(graph)
    run = autodiff.compile(graph)({"x": 1.0})
    return run, folded(graph, groups, closed_groups(graph, groups, shut=["all"]))


def test_a_step_is_a_groups_forward_then_its_edges_backward() -> None:
    run, boxed = closed_chain()
    read = steps.read_all(run, fold=boxed)
    assert [(step.phase, step.node, step.text) for step in read] == [
        ("forward", "a", "a = x = 1"),
        ("forward", "e", "e = f(x) = 10"),
        ("forward", "i", "i = g(f(x)) = 100"),
        ("backward", "i", "∂i/∂i = 1"),
        ("backward", "e", "∂i/∂e = 20; ∂i/∂e = ∂i/∂i · ∂i/∂e = 1 × 20 = 20"),
        ("backward", "a", "∂e/∂a = 7; ∂i/∂a = ∂i/∂e · ∂e/∂a = 20 × 7 = 140"),
    ]


def test_what_is_inside_appears_with_its_group() -> None:
    _, boxed = closed_chain()
    all_steps = steps.steps(boxed)
    shown = [field for step in all_steps for field in step.shows]
    assert len(shown) == len(set(shown))
    wanted = {field for step in steps.steps(boxed.graph) for field in step.shows}
    assert wanted <= set(shown)
    assert "c.value" in all_steps[1].shows
    assert "c.gradient" in next(step for step in all_steps if step.result == "e.gradient").shows


@settings(max_examples=40)
@given(found=folds())
def test_every_number_of_random_folds_appears_once(found: tuple[Run[float], Fold]) -> None:
    run, boxed = found
    shown = [field for step in steps.steps(boxed) for field in step.shows]
    wanted = {field for step in steps.steps(boxed.graph) for field in step.shows}
    assert wanted <= set(shown)
    own = set(through.fields(run, boxed))
    numbers = {name for name, number in through.fields(run, boxed).items() if number is not None}
    assert numbers <= set(shown)
    assert len([field for field in shown if field in own]) == len(own & set(shown))


def test_a_ledger_of_groups_has_one_path_where_functions_follow_one_another() -> None:
    run, boxed = closed_chain()
    (path,) = paths.paths(run, "x", fold=boxed)
    assert (path.nodes, path.edges, path.partials) == (
        ("i", "e", "a"),
        (("i~0", 0), ("e~0", 0)),
        (20.0, 7.0),
    )
    assert path.product == 140.0


def test_what_is_inside_a_closed_group_has_its_paths_in_the_whole_graph() -> None:
    run, boxed = closed_chain()
    assert paths.paths(run, "c", fold=boxed) == paths.paths(run, "c")


@settings(max_examples=40)
@given(found=folds(seeds=ordinary))
def test_paths_through_groups_add_up_to_the_gradient(found: tuple[Run[float], Fold]) -> None:
    run, boxed = found
    assume(all(math.isfinite(x) and abs(x) < 1e60 for flows in run.flows for x in flows if x is not None))
    assume(all(abs(x) < 1e60 for partials in run.partials for x in partials if x is not None))
    for name in run.graph.variables:
        whole = paths.paths(run, name, 1)
        book = paths.paths(run, name, 10_000, boxed)
        assert book.count <= whole.count
        assert book.total == whole.total
        if len(book) == book.count:
            size = sum(abs(path.product) for path in book)
            least = 1e-9 * (size + sum(abs(x) for flows in run.flows for x in flows if x is not None))
            assert math.isclose(math.fsum(path.product for path in book), book.total, abs_tol=least)


@settings(max_examples=40)
@given(found=folds(seeds=ordinary), most=st.integers(1, 4))
def test_the_browser_says_the_same(browser: Node, found: tuple[Run[float], Fold], most: int) -> None:
    run, boxed = found
    signs = folded_signs(run, boxed, {**run.fields(), **through.fields(run, boxed)})
    for name in run.graph.variables:
        told = browser.ask(
            {
                **told_of_groups(run, boxed),
                "fields": list(signs),
                "target": name,
                "most": most,
            }
        )
        assert dict(zip(signs, told["signs"], strict=True)) == signs
        if told["paths"] is None:
            continue
        book = paths.paths(run, name, most, boxed)
        assert told["count"] == str(book.count)
        for one, path in zip(told["paths"], book.paths, strict=True):
            assert close(one["product"], path.product)


def test_bundles_of_variables_leave_steps_and_paths_as_they_are() -> None:
    lines = [f"h{k} = sin({'+'.join(f'x{i}*{k + 1}' for i in range(16))})" for k in range(8)]
    graph = parse("\n".join([*lines, "+".join(f"h{k}" for k in range(8))]), "graph")
    groups = grouped(graph)
    whole = folded(graph, groups, closed_groups(graph, groups))
    packed = fold(graph, groups)
    assert len(packed.boxes) < len(whole.boxes)
    run = autodiff.compile(graph)({f"x{i}": 0.1 * i for i in range(16)})
    assert paths.paths(run, "x3", fold=packed) == paths.paths(run, "x3", fold=whole)
    shown = [sorted(field for step in steps.steps(one) for field in step.shows) for one in (packed, whole)]
    assert shown[0] == shown[1]
    assert len(set(shown[0])) == len(shown[0])


def test_a_graph_in_boxes_of_one_node_has_its_own_steps() -> None:
    graph = parse("u = x*y; log(u, 2) + u/x", "graph")
    assert steps.steps(graph) == steps.steps(unfolded(graph))
