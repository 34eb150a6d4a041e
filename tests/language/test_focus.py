"""Focus: the part of a graph between what one chose and the output, or below it."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import graphviz_backprop as gb
from graphviz_backprop.api import Graph
from graphviz_backprop.language.graph import VAR
from tests.support.programs import expressions

PROGRAM = "f(x) = 7x + 3\nc = f(x)*y\nd = c^2 + x\nd*sin(y)"


def in_sight(graph: Graph, **options: object) -> list[str]:
    fold = graph.folded(**options)  # type: ignore[arg-type]
    return [graph.nodes[box.at].id for box in fold.boxes]


def test_between_a_variable_and_the_output_and_below_a_node() -> None:
    graph = gb.parse(PROGRAM, view="graph")
    assert in_sight(graph, focus="x") == ["a", "e", "h", "c", "k", "d", "m"]
    assert in_sight(graph, focus="to:c") == ["a", "b", "e", "g", "h", "i", "c"]
    assert in_sight(graph, focus=["y", "to:d"]) == ["i", "c", "k", "d"]
    assert in_sight(graph, focus="m") == ["m"]
    assert graph.folded(focus=["y", "to:d"]).focus.said == "Between y and d"  # type: ignore[union-attr]


@pytest.mark.parametrize("focus", ["q", "to:q", ["c", "to:x"]])
def test_what_is_nowhere_is_said(focus: str | list[str]) -> None:
    with pytest.raises(ValueError, match=r"neither a variable nor a node|nothing lies between"):
        gb.parse(PROGRAM).folded(focus=focus)


def test_a_closed_group_is_in_focus_with_any_of_its_nodes() -> None:
    graph = gb.parse(PROGRAM, view="graph")
    assert in_sight(graph, focus="x", shut="all") == ["a", "c", "d", "m"]
    inner = graph.folded(focus="to:b", shut="all")
    assert [group.id for group in inner.closed] == ["c~0"]
    assert "What b depends on: 1 box of a computation graph" in graph.evaluate(x=1, y=2).svg(
        focus="to:b", shut="all"
    )


def test_of_a_large_graph_the_part_counts() -> None:
    """Two hundred nodes open folded; the ten above one of them open as they are."""
    graph = gb.parse(" + ".join(f"sin({k}x{k})" for k in range(50)))
    assert len(graph.folded().boxes) <= 15
    part = graph.folded(focus="x7")
    assert not part.closed
    assert {graph.nodes[box.at].name for box in part.boxes if graph.nodes[box.at].op == VAR} == {"x7"}
    svg = graph.evaluate(dict.fromkeys(graph.variables, 1.0)).svg(focus="x0", open="all")
    assert 'class="title short"' in svg, "with many boxes each is one line"


@settings(deadline=None, max_examples=40)
@given(expressions(), st.data())
def test_focus_is_what_a_change_goes_through(text: str, data: st.DataObject) -> None:
    graph = gb.parse(text, view="graph")
    start = data.draw(st.sampled_from([node.id for node in graph.nodes]))
    kept = {graph.nodes[box.at].id for box in graph.folded(focus=start, open="all").boxes}
    above = {start}
    for node in graph.nodes:
        if any(graph.nodes[arg].id in above for arg in node.args):
            above.add(node.id)
    assert kept == above
    below = {graph.nodes[box.at].id for box in graph.folded(focus=f"to:{start}", open="all").boxes}
    assert kept & below == {start}


def test_steps_of_a_part_have_sums_of_the_whole() -> None:
    """c is used in focus and out of it: its gradient is the sum over both."""
    graph = gb.parse("c = x*y\nd = c*2\nd + c^2", view="graph")
    run = graph.evaluate(x=2, y=3)
    told = run.steps(fold=graph.folded(focus="to:c"))
    assert [step.node for step in told if step.phase == "forward"] == [
        graph.nodes[box.at].id for box in graph.folded(focus="to:c").boxes
    ]
    sums = [step.text for step in told if step.phase == "backward" and step.node == "c"]
    assert sums[-1].endswith("= 12 + 2 = 14")
    assert run.paths("c", fold=graph.folded(focus="to:c")).total == 14
