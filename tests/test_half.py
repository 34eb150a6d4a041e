"""What explains the numbers is the same in the browser: static/*.js, run by node, on random programs."""

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphviz_backprop import autodiff, paths, probe
from graphviz_backprop.parser import parse
from tests.half import Half, close, differing
from tests.programs import ordinary, runs, special

anywhere = runs(numbers=ordinary | special, seeds=ordinary)


@pytest.fixture(scope="module")
def half() -> Iterator[Half]:
    with Half(
        paths="ledger",
        tangents="tangents",
        nudge="nudge check",
        operations="operations",
    ) as running:
        yield running


@given(run=anywhere)
def test_tangents(half, run):
    for name in run.graph.variables:
        assert differing(half.call("tangents", run, name), probe.tangent_fields(run, name)) == []


@given(run=anywhere, most=st.integers(1, 6))
def test_ledger(half, run, most):
    for name in run.graph.variables:
        found, wanted = half.call("ledger", run, name, most, run.seed), paths.paths(run, name, most)
        assert int(found["count"]) == wanted.count
        assert close(found["total"], wanted.total)
        assert [close(a["product"], b.product) for a, b in zip(found["paths"], wanted.paths, strict=True)]


def test_a_listed_path_is_told_alike(half):
    run = autodiff.compile(parse("u = x*y; log(u, 2) + u/x"))({"x": 2.0, "y": 3.0})
    told = half.call("ledger", run, "x")["paths"]
    for found, wanted in zip(told, paths.paths(run, "x").paths, strict=True):
        assert found["nodes"] == list(wanted.nodes)
        assert [tuple(edge) for edge in found["edges"]] == list(wanted.edges)
        assert all(map(close, found["partials"], wanted.partials))


@given(run=anywhere, h=st.sampled_from([0.5, -0.5]))
def test_nudge(half, run, h):
    nodes = run.graph.nodes
    for target in (nodes[0].id, nodes[len(nodes) // 2].id):
        found, wanted = half.call("nudge", run, target, h), probe.nudge(run, target, h)
        size = max((abs(x) for x in run.values if abs(x) < 1e300), default=1.0)
        changes = {name: x for name, x in found.items() if not name.endswith("miss")}
        expected = {name: x for name, x in wanted.items() if not name.endswith("miss")}
        # A change is a difference of values: what is lost in it is relative to them.
        assert differing(changes, expected, 1e-11, 1e-11 * max(1.0, size)) == []


@given(run=runs())
def test_operations(half, run):
    assert half.call("operations", run) == vars(probe.operations(run.graph))


def test_check(half):
    compiled = autodiff.compile(parse("exp(x) * sin(y) + x^y"))
    run = compiled({"x": 1.3, "y": 0.4}, 2.0)
    found = half.call("check", run, ["x", "y"], run.seed)
    wanted = probe.check_fields(run, compiled)
    for name in ("x", "y"):
        assert close(found[f"{name}.difference"], wanted[f"{name}.difference"], 1e-9)
        assert found[f"{name}.error"] < 1e-8
