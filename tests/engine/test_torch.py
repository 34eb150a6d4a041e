"""Random programs as PyTorch computes them. `make fuzz` runs this where PyTorch is installed.

At kinks, and where a slope is infinite or not a number, conventions differ: docs/language.md says how.
"""

import math

import mpmath
from hypothesis import event, given
from hypothesis import strategies as st

from graphviz_backprop.engine.autodiff import Run
from graphviz_backprop.explain.patterns import equal_keys
from graphviz_backprop.explain.rounding import value_bounds
from graphviz_backprop.explain.sides import kink_at
from graphviz_backprop.language.ops import OPS
from tests.support import truth
from tests.support.programs import ordinary, runs, special
from tests.support.torch_rows import ROWS, number


def test_every_row_is_there() -> None:
    assert OPS.keys() <= ROWS.keys()


@given(runs(numbers=st.one_of(ordinary, ordinary, ordinary, special)))
def test_values_and_gradients_are_those_of_pytorch(run: Run[float]) -> None:
    leaves = {name: number(x).requires_grad_() for name, x in run.variables.items()}
    nodes = run.graph.fold(
        lambda node: leaves[node.name],
        lambda node: number(node.value),
        lambda node, args: ROWS[node.op](*args),
    )
    output = nodes[-1]
    if not _all_finite(run, [float(node.detach()) for node in nodes]):
        event("a value is infinite or not a number")
        return
    if output.requires_grad:
        output.backward()
    theirs = {name: 0.0 if leaf.grad is None else float(leaf.grad) for name, leaf in leaves.items()}
    for name, slope in run.gradient.items():
        assert _agrees(run, name, slope, theirs[name]), (
            run.graph.text,
            run.variables,
            name,
            slope,
            theirs[name],
        )


def _all_finite(run: Run[float], theirs: list[float]) -> bool:
    """Whether all values are finite; those must agree, but for what the last digit decides."""
    bounds = value_bounds(run)
    for at, (x, y) in enumerate(zip(run.values, theirs, strict=True)):
        if not (math.isfinite(x) and math.isfinite(y)):
            return False
        assert _near(x, y) or abs(x - y) <= 64 * bounds[at], (run.graph.text, run.variables, at, x, y)
        if not _near(x, y):
            event("the last digit decides")
            return False
    return True


def _near(x: float, y: float) -> bool:
    return abs(x - y) <= 1e-9 * max(abs(x), abs(y)) + 1e-300


def _agrees(run: Run[float], name: str, ours: float, theirs: float) -> bool:
    if _near(ours, theirs) or (math.isnan(ours) and math.isnan(theirs)):
        return True
    if not (math.isfinite(ours) and math.isfinite(theirs)):
        event("a slope is infinite or not a number")
        return _is_special(run)
    if _is_special(run):
        event("at a kink")
        return True
    with mpmath.workdps(60), truth.mp.workdps(60):
        true = truth.gradient(run.graph, run.variables)[name]
    event("digits cancel: the truth decides")
    flows = [abs(flow) for edges in run.flows for flow in edges if flow is not None]
    lost = 1e-12 * max(flows) + 1e-200  # what digits that cancel leave, and what differences do not see
    return bool(abs(ours - true) <= 2 * abs(theirs - true) + 1e-9 * abs(true) + lost)


def _is_special(run: Run[float]) -> bool:
    """Whether a node is at a kink, or not finite in value or slope: there conventions differ."""
    keys = equal_keys(run.graph)
    nodes = range(len(run.graph.nodes))
    slopes = [x for partials in run.partials for x in partials if x is not None]
    return not all(map(math.isfinite, slopes)) or any(
        kink_at(run.graph, keys, run.values, at) for at in nodes
    )
