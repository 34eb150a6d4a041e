"""The browser's evaluator gives Python's numbers: static/*.js, run by node."""

from collections.abc import Iterator

import pytest

from graphviz_backprop.ops import Op
from tests.grids import NAMES, ROWS, differences, evaluated, ordinary_points, special_points
from tests.node import Node


@pytest.fixture(scope="module")
def node() -> Iterator[Node]:
    with Node() as running:
        yield running


@pytest.mark.parametrize("op", ROWS, ids=NAMES)
def test_rows(op: Op, node: Node) -> None:
    points = special_points(op) + ordinary_points(op)
    found = node.rows([(op.name, point) for point in points])
    assert differences(op, points, found, evaluated(op, points), 1e-12) == []
