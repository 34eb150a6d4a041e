"""Pinned variables are constants."""

import pytest

from graphviz_backprop.engine import autodiff
from graphviz_backprop.language.parser import parse
from graphviz_backprop.language.pinned import pinned
from graphviz_backprop.language.printers import source


@pytest.mark.parametrize("view", ["tree", "graph"])
def test_a_pinned_variable_is_a_constant(view: str) -> None:
    graph = pinned(parse("x = -2; y = 5; (x + y) * y + x z", view), {"y": 3.0, "q": 1.0})
    run = autodiff.compile(graph)({"z": 1.0})
    assert run.value == (-2 + 3) * 3 - 2
    assert run.gradient == {"x": 4.0, "z": -2.0}
    assert graph.start == {"x": -2}
    assert graph.nodes[graph.positions["y"]].op == "const"
    assert not graph.active[graph.positions["y"]]


def test_every_mention_is_pinned_and_the_source_says_so() -> None:
    graph = pinned(parse("x * x"), {"x": -0.5})
    assert graph.variables == ()
    assert source(graph) == "-0.5 * -0.5"
    assert parse(source(pinned(parse("x = 2; x y"), {"x": 3.0}))).start == {}
