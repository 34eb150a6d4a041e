"""The browser's evaluator gives Python's numbers: static/*.js, run by node."""

import json
import math
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from graphviz_backprop.engine import autodiff
from graphviz_backprop.language.ops import Op
from graphviz_backprop.language.parser import parse
from tests.support.grids import (
    NAMES,
    ROWS,
    differences,
    digits_suffice,
    evaluated,
    ordinary_points,
    special_points,
)
from tests.support.node import Node
from tests.support.programs import points, programs
from tools import vectors


@pytest.fixture(scope="module")
def node() -> Iterator[Node]:
    with Node() as running:
        yield running


@pytest.mark.parametrize("op", ROWS, ids=NAMES)
def test_rows(op: Op, node: Node) -> None:
    points = special_points(op) + ordinary_points(op)
    found = node.rows([(op.name, point) for point in points])
    assert differences(op, points, found, evaluated(op, points), 1e-12) == []


numbers = st.one_of(st.floats(-3, 3), st.sampled_from([0.0, -0.0, 1.0, math.inf, -math.inf, math.nan, 1e200]))


@settings(max_examples=150)
@given(st.data(), programs(), st.sampled_from(["tree", "graph"]), numbers)
def test_random_programs(node: Node, data: st.DataObject, program: str, view: str, seed: float) -> None:
    graph = parse(program, view)
    at = data.draw(points(graph, numbers))
    run = autodiff.compile(graph)(at, seed)
    assume(digits_suffice(run))
    wanted = run.fields()
    found = node.fields(graph, at, seed)
    assert found.keys() == wanted.keys()
    size = max((abs(x) for x in wanted.values() if x is not None and math.isfinite(x)), default=0.0)
    for field, number in wanted.items():
        other = found[field]
        if number is None or other is None:
            assert number is other, field
        elif math.isfinite(number) and math.isfinite(other):
            assert math.isclose(number, other, rel_tol=1e-9, abs_tol=1e-9 * size), field
        else:
            assert str(number) == str(other), field


# The vectors

VECTORS = json.loads(vectors.PATH.read_text("utf-8"))


def test_the_vectors_are_those_of_the_generator() -> None:
    assert vectors.PATH.stat().st_size < 200_000
    made = {(vector["program"], vector["view"]) for vector in VECTORS}
    assert made == {(program, view) for program in vectors.PROGRAMS for view in ("tree", "graph")}


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: f"{vector['program']} ({vector['view']})")
def test_vectors(vector: dict[str, Any]) -> None:
    graph = parse(vector["program"], vector["view"])
    assert vectors.node_list(graph) == vector["graph"]
    compiled = autodiff.compile(graph)
    for case in vector["cases"]:
        at = {name: float(x) for name, x in case["at"].items()}
        found = {field: vectors.encoded(x) for field, x in compiled(at, case["seed"]).fields().items()}
        assert found.keys() == case["fields"].keys()
        assert [field for field in found if not vectors.same(found[field], case["fields"][field])] == []


def test_vectors_say_when_they_differ() -> None:
    assert vectors.same({"a": [1.0, None, "NaN"]}, {"a": [1.0 + 1e-14, None, "NaN"]})
    for other in (1.0 + 1e-9, "NaN", None, -1.0, [1.0]):
        assert not vectors.same(1.0, other)
    assert not vectors.same("-0", 0.0)


def test_the_browser_gives_the_vectors(node: Node) -> None:
    for vector in VECTORS:
        graph = parse(vector["program"], vector["view"])
        for case in vector["cases"]:
            at = {name: float(x) for name, x in case["at"].items()}
            found = {field: vectors.encoded(x) for field, x in node.fields(graph, at, case["seed"]).items()}
            assert [field for field in found if not vectors.same(found[field], case["fields"][field])] == []
