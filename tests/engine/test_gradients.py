"""Random programs: their gradients are the derivatives of what they compute.

Three things together leave no room for a wrong gradient. The compiled code, run with mathematical
functions at 50 digits, gives the derivative that differences give. On floats, each number is locally
right: a node's value is its operation's, an edge's partial is that operation's derivative there, a flow
is gradient times partial, a gradient is the sum of the flows. And both views, and arrays, give the same.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from itertools import chain
from typing import Any

import numpy as np
from hypothesis import assume, event, given, settings
from hypothesis import strategies as st

from graphviz_backprop.engine import autodiff
from graphviz_backprop.engine.autodiff import Run
from graphviz_backprop.language.graph import VAR, Graph, Node
from graphviz_backprop.language.ops import COMPARISONS, OPS
from graphviz_backprop.language.parser import parse
from tests.support import truth
from tests.support.grids import digits_suffice
from tests.support.programs import SMOOTH, points, programs
from tests.support.truth import mp

views = st.sampled_from(["tree", "graph"])


def exact_gradient(compiled: autodiff.Compiled, at: Mapping[str, float]) -> dict[str, Any]:
    """The backward pass of the compiled code itself, at 50 digits."""
    space: dict[str, Any] = {"inf": mp.inf, "nan": mp.nan, **truth.KERNELS}
    exec(compiled.source, space)
    exact = {name: mp.mpf(x) for name, x in at.items()}
    _, gradients, _, _ = space["run"](exact, mp.mpf(1))
    return compiled.totals(gradients, 1.0)


WINDOW = 1e-3


def near_a_kink(graph: Graph, values: Sequence[float]) -> bool:
    """Whether an operation is where its derivative jumps or ends, so that differences tell nothing."""
    return at_a_switch(graph, values) or not all(
        bends_gently(lambda x, node=node, child=child: applied(node, values, child, x), values[child])
        for node in graph.nodes
        for child in set(node.args)
    )


def at_a_switch(graph: Graph, values: Sequence[float]) -> bool:
    """Whether the condition of a where is 0 and no comparison: it may be another a step away."""
    conditions = [node.args[0] for node in graph.nodes if node.op == "where"]
    return any(
        values[at] == 0 and graph.active[at] and graph.nodes[at].op not in COMPARISONS for at in conditions
    )


def applied(node: Node, values: Sequence[float], child: int, x: Any) -> Any:
    """The node's mathematical function where one of its arguments, wherever it is mentioned, is x."""
    return truth.FUNCTIONS[node.op](*(x if arg == child else values[arg] for arg in node.args))


def bends_gently(function: Callable[[Any], Any], x: float) -> bool:
    """Whether a function goes on to both sides with much the same slope."""
    here = function(mp.mpf(x))
    steps = (-WINDOW, -WINDOW / 3, WINDOW / 3, WINDOW)
    first, *others = ((function(mp.mpf(x) + step) - here) / step for step in steps)
    return all(abs(first - other) < 0.02 * (1 + abs(first)) for other in others)  # none is where one is NaN


def moderate(run: Run[float], bound: float = 1e9) -> bool:
    """Whether all numbers are finite and of a size at which digits are not lost."""
    numbers = chain(run.values, run.gradients, *run.partials)
    return all(abs(x) < bound for x in numbers if x is not None)


@settings(max_examples=200)
@given(st.data(), programs(size=7), views)
def test_gradients_are_derivatives(data: st.DataObject, program: str, view: str) -> None:
    graph = parse(program, view)
    at = data.draw(points(graph))
    compiled = autodiff.compile(graph)
    run = compiled(at)
    assume(moderate(run) and not near_a_kink(graph, run.values))
    event(f"{min(len(graph.variables), 3)} variables")
    wanted, found = truth.gradient(graph, at), exact_gradient(compiled, at)
    assert found.keys() == run.gradient.keys() == wanted.keys()
    size = max([abs(x) for row in run.flows for x in row if x is not None], default=0)
    for name in wanted:
        assert abs(found[name] - wanted[name]) <= 1e-13 * (abs(wanted[name]) + size) + 1e-30, name


@settings(max_examples=100)
@given(st.data(), programs(size=6, rows=SMOOTH), views)
def test_gradients_on_floats(data: st.DataObject, program: str, view: str) -> None:
    graph = parse(program, view)
    at = data.draw(points(graph))
    compiled = autodiff.compile(graph)
    run = compiled(at)
    assume(moderate(run, 1e4) and not near_a_kink(graph, run.values))
    wanted = exact_gradient(compiled, at)
    size = max([abs(x) for row in run.flows for x in row if x is not None], default=0)
    for name, slope in run.gradient.items():
        assert abs(slope - wanted[name]) <= 1e-6 * (abs(wanted[name]) + size) + 1e-300, name


@settings(max_examples=150)
@given(st.data(), programs(), views, st.floats(-10, 10))
def test_each_number_is_locally_right(data: st.DataObject, program: str, view: str, seed: float) -> None:
    graph = parse(program, view)
    run = autodiff.compile(graph)(data.draw(points(graph)), seed)
    assume(moderate(run, 1e100))
    inflows: list[list[float]] = [[] for _ in graph.nodes]
    inflows[-1] = [seed]
    for at in reversed(range(len(graph.nodes))):
        node, gradient = graph.nodes[at], run.gradients[at]
        if not graph.active[at]:
            assert gradient is None
            assert set(run.partials[at]) | set(run.flows[at]) <= {None}
            continue
        assert gradient is not None
        assert math.isclose(gradient, math.fsum(inflows[at]), abs_tol=1e-14 * sum(map(abs, inflows[at])))
        if node.op == VAR:
            assert run.values[at] == run.variables[node.name]
            continue
        _value_and_partials(run, at)
        for arg, child in enumerate(node.args):
            partial, flow = run.partials[at][arg], run.flows[at][arg]
            assert (partial is None) == (flow is None) == (not graph.active[child])
            if partial is not None and flow is not None:
                assert flow == gradient * partial
                inflows[child].append(flow)


def _value_and_partials(run: Run[float], at: int) -> None:
    """Against the mathematical function of the very floats that went in."""
    node = run.graph.nodes[at]
    function = truth.FUNCTIONS[node.op]
    args = [run.values[arg] for arg in node.args]
    assume(node.op != "log_base" or args[1] != 0)  # a limit on floats, no value in mathematics
    value = function(*args)
    assert mp.almosteq(run.values[at], value, 1e-12, 1e-14), (node, args)
    if max(map(abs, args), default=0) > 1e3:
        return
    for arg, partial in enumerate(run.partials[at]):
        wanted = truth.slope(function, args, arg)
        if partial is not None and mp.isfinite(wanted):
            assert mp.almosteq(partial, wanted, 1e-11, 1e-13), (node, args, arg)


@settings(max_examples=150)
@given(st.data(), programs())
def test_both_views_give_the_same(data: st.DataObject, program: str) -> None:
    tree, graph = parse(program), parse(program, "graph")
    assert set(tree.variables) == set(graph.variables)
    at = data.draw(points(tree))
    one, other = autodiff.compile(tree)(at), autodiff.compile(graph)(at)
    np.testing.assert_equal(one.value, other.value)  # the same operations on the same numbers
    assume(moderate(one))
    sizes = [abs(flow) for run in (one, other) for row in run.flows for flow in row if flow is not None]
    for name in one.gradient:
        assert abs(one.gradient[name] - other.gradient[name]) <= 1e-12 * max(sizes, default=1) * len(sizes)


def test_a_condition_that_is_0_for_an_instant_counts_as_0() -> None:
    for program, gradient in (("where(x, x, y)", [0, 1]), ("where(x, x, 2y + x)", [1, 2])):
        assert list(autodiff.compile(parse(program))({"x": 0.0, "y": 0.0}).gradient.values()) == gradient


numbers = st.one_of(st.floats(-3, 3), st.sampled_from([0.0, -0.0, 1.0, math.inf, -math.inf, math.nan, 1e200]))


@settings(max_examples=150)
@given(st.data(), programs(), views)
def test_arrays_are_floats_row_by_row(data: st.DataObject, program: str, view: str) -> None:
    graph = parse(program, view)
    rows = data.draw(st.lists(points(graph, numbers), min_size=1, max_size=4))
    compiled = autodiff.compile(graph)
    columns = {name: np.array([row[name] for row in rows]) for name in graph.variables}
    seeds = np.arange(1.0, len(rows) + 1)
    together = compiled(columns, seeds).fields()
    for at, row in enumerate(rows):
        alone = compiled(row, float(seeds[at]))
        assert alone.fields().keys() == together.keys()
        assume(digits_suffice(alone))
        for field, number in alone.fields().items():
            if number is None:
                assert together[field] is None
            else:
                found = np.broadcast_to(together[field], len(rows))[at]
                np.testing.assert_allclose(found, number, rtol=1e-9, atol=1e-9, err_msg=field)


@settings(max_examples=80)
@given(st.data(), programs(), st.sampled_from([-4.0, -1.0, 0.0, 0.5, 2.0, 1024.0]))
def test_the_seed_goes_through_as_a_factor(data: st.DataObject, program: str, seed: float) -> None:
    compiled = autodiff.compile(parse(program, "graph"))
    at = data.draw(points(compiled.graph))
    one, other = compiled(at), compiled(at, seed)
    assume(moderate(one))
    assert other.values == one.values
    assert other.partials == one.partials
    for name, slope in one.gradient.items():  # these seeds are powers of 2: not a digit is lost
        assert other.gradient[name] == slope * seed


@settings(max_examples=80)
@given(st.data(), programs(), views)
def test_totals_are_sums_over_leaves(data: st.DataObject, program: str, view: str) -> None:
    graph = parse(program, view)
    run = autodiff.compile(graph)(data.draw(points(graph)))
    fields = run.fields()
    for name in graph.variables:
        leaves = [
            run.gradients[at] for at, node in enumerate(graph.nodes) if node.name == name and node.op == VAR
        ]
        assert leaves
        np.testing.assert_equal(fields[f"{name}.total"], sum(leaves[1:], leaves[0]))
    assert all(OPS[node.op].name == node.op for node in graph.nodes if node.args)
