"""Composite operations opened into their definitions."""

import pytest

from graphviz_backprop.engine import autodiff
from graphviz_backprop.language import printers
from graphviz_backprop.language.expand import composite, expand
from graphviz_backprop.language.ops import FUNCTIONS
from graphviz_backprop.language.parser import parse


def test_sigmoid_opens_into_its_definition():
    assert printers.source(expand(parse("sigmoid(w x)"))) == "1 / (1 + exp(-(w * x)))"


def test_all_of_it_opens_until_nothing_composite_is_left():
    assert not any(composite(node) for node in expand(parse("silu(gelu(x))")).nodes)


def test_one_node_opens_by_one_level():
    graph = expand(parse("u = silu(x); sigmoid(u)"), ["u"])
    assert [node.op for node in graph.nodes if composite(node)] == ["sigmoid", "sigmoid"]


@pytest.mark.parametrize("op", [op for op in FUNCTIONS if not op.primitive], ids=lambda op: op.name)
def test_an_opened_graph_has_the_same_value_gradient_and_output(op):
    names = op.arguments
    graph = parse(f"{op.names[0]}({', '.join(names)})")
    at = dict(zip(names, (0.7, 0.3, 1.1), strict=False))
    opened = expand(graph)
    closed_run, open_run = autodiff.compile(graph)(at), autodiff.compile(opened)(at)
    assert open_run.value == pytest.approx(closed_run.value, rel=1e-14)
    assert open_run.gradient == pytest.approx(closed_run.gradient, rel=1e-13)
    assert opened.output.id == graph.output.id
    ids = [node.id for node in opened.nodes]
    assert len(set(ids)) == len(ids)


def test_what_opens_merges_with_what_is_there_already_in_the_graph():
    graph = expand(parse("s = sigmoid(x); n = -x; s n", "graph"))
    assert [node.id for node in graph.nodes if node.op == "neg"] == ["n"]
    assert printers.source(parse(printers.source(graph), "graph")) == printers.source(graph)
