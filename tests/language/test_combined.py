"""What a group is called is what it computes: the formula is evaluated."""

import math
import re

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from graphviz_backprop.engine import autodiff
from graphviz_backprop.language.combined import combined
from graphviz_backprop.language.graph import CONST, VAR, Graph
from graphviz_backprop.language.groups import grouped, title_of
from graphviz_backprop.language.parser import parse
from tests.support.programs import programs


def holds(graph: Graph, nodes: tuple[int, ...], formula: str) -> None:
    """The formula gives what the last node is, where what comes in is what it is."""
    at = {name: 0.5 + 0.25 * number for number, name in enumerate(graph.variables)}
    values = autodiff.compile(graph)(at).values
    known = {node.name if node.op == VAR else node.id: values[at] for at, node in enumerate(graph.nodes)}
    said = parse(formula)
    found = autodiff.compile(said)({name: known[name] for name in said.variables}).value
    wanted = values[nodes[-1]]
    assert found == wanted or math.isclose(found, wanted, rel_tol=1e-9) or found != found != wanted


@settings(max_examples=60)
@given(text=programs(size=8), data=st.data())
def test_a_formula_gives_what_its_nodes_compute(text: str, data: st.DataObject) -> None:
    graph = parse(text, "graph")
    operations = [at for at, node in enumerate(graph.nodes) if node.args]
    assume(operations)
    nodes = tuple(operations[data.draw(st.integers(0, len(operations) - 1)) :])
    formula = combined(graph, nodes, 300)
    assume(
        formula and not set("[…") & set(formula) and not re.search(r"\be\b", formula)
    )  # e is a number there
    holds(graph, nodes, formula)


SUM = " + ".join(f"w{at}*x{at}" for at in range(1, 21))
SINES = " + ".join(f"sin({at}x)" for at in range(1, 41))
NAMED = "".join(f"y{at} = sin(x{at})*exp(x{at + 1}) + x{at}^2\n" for at in range(1, 20))


@pytest.mark.parametrize(
    ("text", "titles"),
    [
        (SUM, ["g = w1 · x1 + w2 · x2", "o = g + w3 · x3 + w4 · x4", "ca = bs + w19 · x19 + w20 · x20"]),
        (f"{NAMED}{' + '.join(f'y{at}' for at in range(1, 20))}", ["ew = y1 + y2", "ey = ew + y3 + y4"]),
        (
            " + ".join(f"sin({at}x)" for at in range(1, 41)),
            ["s = sin(1 · x) + … + sin(4 · x)", "an = s + … + sin(8 · x)"],
        ),
        ("*".join(f"(x - {at})" for at in range(1, 41)), ["av = af · (x − 9) · … · (x − 12)"]),
    ],
)
def test_pieces_of_a_long_program_are_called_by_what_they_compute(text: str, titles: list[str]) -> None:
    graph = parse(text)
    found = {title_of(graph, group): group for group in grouped(graph) if group.kind == "part"}
    assert set(titles) <= found.keys()
    for title, group in found.items():
        if "…" not in title:
            holds(graph, group.nodes, title.partition(" = ")[2])


def test_the_first_and_last_terms_of_a_long_sum_are_its_own() -> None:
    graph = parse(SINES)
    long = {title_of(graph, group): group for group in grouped(graph) if "…" in title_of(graph, group)}
    assert len(long) == 10
    for title, group in long.items():
        own = [
            f"sin({int(graph.nodes[at].value or 0)} · x)" for at in group.nodes if graph.nodes[at].op == CONST
        ]
        *shown, dots, last = title.partition(" = ")[2].split(" + ")
        start = [] if shown[0] in own else [shown.pop(0)]
        assert (shown, dots, last) == (own[: len(shown)], "…", own[-1])
        holds(graph, group.nodes, " + ".join(start + own))


def test_what_takes_too_many_letters_has_no_formula() -> None:
    graph = parse("sin(x + 1) * cos(x + 2)")
    nodes = range(len(graph.nodes))
    assert combined(graph, nodes, 40) == "sin(x + 1) · cos(x + 2)"
    assert combined(graph, nodes, 20) == ""
