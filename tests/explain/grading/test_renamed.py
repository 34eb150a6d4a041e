"""What is hidden in one view of a program is hidden in the other."""

import random

import pytest

from graphviz_backprop.explain.grading.hidden import veil_of
from graphviz_backprop.explain.grading.renamed import renamed
from graphviz_backprop.language.parser import parse
from tests.support import mistaken


@pytest.mark.parametrize(
    ("program", "text", "items"),
    [
        ("(4*x+1)^2*sigmoid(x)", "i.value", ["h.value", "i.1.value"]),  # h was the second x
        ("u = x*x; sin(u) + u", "gradients,x.total", ["gradients", "x.total"]),
        ("x*y", "update", ["update"]),
    ],
)
def test_letters_are_those_of_the_view(program, text, items):
    found = renamed(text, parse(program), parse(program, "graph"))
    assert set(items) <= set(found), found


@pytest.mark.parametrize("seed", range(20))
def test_no_number_is_seen_that_was_hidden(seed):
    """Equal nodes have equal values in both views: one that is hidden is hidden in both."""
    program = mistaken.program(random.Random(seed))
    tree, graph = parse(program), parse(program, "graph")
    for old, new in ((tree, graph), (graph, tree)):
        for node in old.nodes:
            there = [one.id for one in new.nodes if (one.op, one.span) == (node.op, node.span) and one.args]
            found = veil_of(new, renamed(f"{node.id}.value", old, new))
            assert all(found.covers(f"{id_}.value") for id_ in there), (program, node)
