"""The path ledger: shares that add up to the gradient."""

import math

import pytest
from hypothesis import given

from graphviz_backprop.engine import autodiff
from graphviz_backprop.explain.paths import paths
from graphviz_backprop.language.parser import parse
from tests.support.programs import ordinary, runs, special


def run(program, view="tree", seed=1.0, **at):
    return autodiff.compile(parse(program, view))({name: float(x) for name, x in at.items()}, seed)


def test_each_path_is_the_product_of_its_partials():
    ledger = paths(run("3x^2 + 2x*y + y^2", x=1, y=2), "x")
    assert [(path.partials, path.product) for path in ledger.paths] == [
        ((1, 1, 3, 2), 6),
        ((1, 1, 2, 2), 4),
    ]
    assert (ledger.count, ledger.total, ledger.rest) == (2, 10, 0)


def test_the_seed_is_part_of_every_share():
    assert paths(run("x^2", x=3, seed=2.0), "x").paths[0].product == 12


def test_paths_to_a_node_stop_there():
    ledger = paths(run("(4*x+1)^2", x=1), "c")
    assert [path.nodes for path in ledger.paths] == [("g", "e", "c")]


def test_equal_arguments_are_two_paths():
    ledger = paths(run("x*x", "graph", x=3), "x")
    assert [path.edges for path in ledger.paths] == [(("b", 0),), (("b", 1),)]
    assert ledger.total == 6


def test_the_output_itself_has_one_path_of_no_edge():
    ledger = paths(run("x^2", x=3), "c")
    assert [(path.nodes, path.product) for path in ledger.paths] == [(("c",), 1)]


def test_2_to_the_40_paths_are_counted_and_the_largest_listed():
    doubling = "u0 = 2x; " + "; ".join(f"u{k} = u{k - 1} + u{k - 1}" for k in range(1, 41))
    ledger = paths(run(doubling, x=1), "x", most=3)
    assert ledger.count == 2**40
    assert [path.product for path in ledger.paths] == [2, 2, 2]
    assert ledger.total == 2**41
    assert ledger.rest == 2**41 - 6


def test_the_largest_by_size_come_first():
    ledger = paths(run("x - 5x + 2x", x=1), "x", most=2)
    assert [path.product for path in ledger.paths] == [-5, 2]
    assert (ledger.count, ledger.total, ledger.rest) == (3, -2, 1)


def test_a_share_that_is_no_number_is_not_hidden():
    ledger = paths(run("x + log(x)", x=-1), "x", most=1)
    assert math.isnan(ledger.paths[0].product)


def test_an_unknown_name_is_refused():
    with pytest.raises(ValueError, match="q is neither a variable nor a node"):
        paths(run("x^2", x=3), "q")


@given(runs(numbers=ordinary | special, seeds=ordinary))
def test_all_shares_add_up_to_the_gradient(run):
    for name, gradient in run.gradient.items():
        ledger = paths(run, name, most=2000)
        assert ledger.total == pytest.approx(gradient, rel=1e-12, abs=1e-12, nan_ok=True)
        if ledger.count <= 2000 and all(math.isfinite(flow or 0) for row in run.flows for flow in row):
            shares = [path.product for path in ledger.paths]
            assert len(shares) == ledger.count
            scale = max(map(abs, shares))
            assert sum(shares) == pytest.approx(gradient, rel=1e-9, abs=1e-12 + 1e-9 * scale)
        few = paths(run, name, most=2)
        listed = sum(path.product for path in few.paths)
        if math.isfinite(listed) and math.isfinite(gradient):
            assert listed + few.rest == pytest.approx(gradient, rel=1e-9, abs=1e-9 * (1 + abs(listed)))
