"""Graphs made node by node, and folds over them."""

import math

import pytest

from graphviz_backprop.engine import autodiff
from graphviz_backprop.engine.slope import Slope
from graphviz_backprop.language.builder import Builder
from graphviz_backprop.language.graph import CONST, VAR, Graph, Node
from graphviz_backprop.language.parser import parse


def test_the_tree_has_a_node_for_each_call_and_the_graph_merges_equal_ones() -> None:
    for view, count in (("tree", 6), ("graph", 3)):
        builder = Builder(view)
        squares = [builder.apply("mul", (builder.var("x"), builder.var("x"))) for _ in range(2)]
        graph = builder.graph("", builder.apply("add", (squares[0], squares[1])))
        assert len(graph.nodes) == count + (view == "tree")


def test_constants_that_differ_in_the_sign_of_zero_are_two() -> None:
    builder = Builder("graph")
    assert builder.const(0.0) != builder.const(-0.0)
    assert builder.const(math.nan) == builder.const(math.nan)


def test_what_the_output_does_not_need_is_left_out() -> None:
    builder = Builder("tree")
    x = builder.var("x")
    builder.apply("exp", (x,))
    graph = builder.graph("", builder.apply("sin", (x,)))
    assert [node.op for node in graph.nodes] == [VAR, "sin"]
    assert graph.nodes[1].args == (0,)


def test_new_ids_are_letters_that_nothing_else_has() -> None:
    builder = Builder("tree")
    x, two = builder.var("x"), builder.const(2.0, "2")
    builder.call(x, "b")
    graph = builder.graph("", builder.apply("mul", (two, x)), taken=["a"])
    assert [node.id for node in graph.nodes] == ["b", "c", "d"]


def test_the_first_id_counts_and_a_statements_before_any_other() -> None:
    builder = Builder("graph")
    x = builder.var("x")
    for id_, named in (("a", False), ("u", True), ("v", True)):
        builder.call(x, id_, named)
    assert builder.graph("", x).nodes[0][:1] == ("u",)
    assert builder.graph("", x).output.named


def test_a_fold_gives_what_each_node_is_made_into() -> None:
    depths = parse("(x + 1)^2").fold(lambda _: 0, lambda _: 0, lambda _, args: 1 + max(args))
    assert depths == [0, 0, 1, 0, 2]


# A graph made by hand may have nodes that its output does not need.

UNUSED = Graph(
    "",
    "graph",
    (
        Node("x", VAR, (), (0, 0), "x"),
        Node("z", VAR, (), (0, 0), "z"),
        Node("c", CONST, (), (0, 0), "1", 1.0),
        Node("u", "div", (2, 0), (0, 0)),
        Node("t", "mul", (3, 1), (0, 0)),
        Node("y", "add", (0, 0), (0, 0)),
    ),
)


@pytest.mark.parametrize("x", [3.0, 0.0])
def test_a_node_that_the_output_does_not_need_has_a_value_and_the_gradient_0(x: float) -> None:
    run = autodiff.compile(UNUSED)({"x": x, "z": 5.0})
    assert run.value == 2 * x
    assert run.gradient == {"x": 2.0, "z": 0.0}  # no 0 * inf from 1 / x
    assert run.values[3] == (1 / x if x else math.inf)
    assert run.gradients[3:] == (0.0, 0.0, 1.0)
    assert list(run.flows[4]) == [0.0, 0.0]
    assert list(run.partials[4]) == [5.0, run.values[3]]


def test_so_do_its_derivatives_summed_over_rows() -> None:
    value, gradient = Slope(UNUSED, ["x", "z"])({"x": 0.0, "z": 5.0}, 3)
    assert (value, list(gradient)) == (0.0, [6.0, 0.0])
