"""What the inspector shows of what is chosen: its own numbers, and sentences that hold."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient
from hypothesis import given, settings
from hypothesis import strategies as st

from graphviz_backprop.engine.autodiff import compile
from graphviz_backprop.language.graph import Graph
from graphviz_backprop.language.numerals import format_number
from graphviz_backprop.language.parser import parse
from graphviz_backprop.web.shown.chosen import Chosen
from graphviz_backprop.web.shown.panels import subject
from tests.support.programs import programs


def shown(client: FlaskClient, expr: str, about: str, **more: object) -> str:
    query = {"expr": expr, "about": about, "only": "chosen", **more}
    reply = client.get("/fragments", query_string=query)
    assert reply.status_code == 200
    found = re.search(r'<section class="chosen".*?</section>', reply.text, re.DOTALL)
    assert found
    return found[0]


def text(markup: str) -> str:
    return " ".join(re.sub(r"<[^>]*>", " ", markup).split())


def numbers(markup: str) -> dict[str, str]:
    return dict(re.findall(r'data-field="\(?([^")]*)\)?"[^<>]*>\(?([^<)]*)', markup))


def keys(graph: Graph) -> list[str]:
    edges = [f"{graph.nodes[edge.parent].id}.{edge.arg}" for edge in graph.edges()]
    return [*(node.id for node in graph.nodes), *graph.variables, *edges]


def test_a_node_is_shown_with_its_rule_its_numbers_and_where_they_come_from(client: FlaskClient) -> None:
    markup = shown(client, "(4*x+1)^2", "c")
    assert {"c.value": "4", "c.gradient": "10", "c.1.partial": "4", "e.0.flow": "10"}.items() <= numbers(
        markup
    ).items()
    said = text(markup)
    assert "product rule" in said
    assert "Where c changes by a small h, g changes by about 10 · h" in said
    assert "a = 4 a constant: nothing flows back" in said


def test_an_edge_is_shown_with_its_partial_by_the_rule_and_its_flow(client: FlaskClient) -> None:
    markup = shown(client, "(4*x+1)^2", "c.1")
    assert {"c.1.value": "1", "c.1.partial": "4", "c.1.flow": "40"}.items() <= numbers(markup).items()
    assert "Argument 2 of 2 of c" in text(markup)


def test_a_variable_in_several_places_is_the_sum_of_them(client: FlaskClient) -> None:
    markup = shown(client, "x*x + x", "x", **{"at.x": 3})
    assert "stands in 3 places" in text(markup)
    assert numbers(markup)["x.total"] == "7"


def test_what_gradients_are_of_is_named(client: FlaskClient) -> None:
    assert "L changes by about 50 · h" in text(shown(client, "(4*x+1)^2", "c", seed=5))


def test_a_constant_has_no_gradient(client: FlaskClient) -> None:
    said = text(shown(client, "2*x", "a"))
    assert "No variable reaches it: it has no gradient." in said
    assert "∂" not in said


@pytest.mark.parametrize("about", ["", "q", "c.7", "c.", ".0", "c." + "9" * 5_000, "c.²", "x.0"])
def test_what_is_not_there_chooses_nothing(client: FlaskClient, about: str) -> None:
    assert "hidden" in shown(client, "(4*x+1)^2", about)
    assert client.get("/", query_string={"about": about}).status_code == 200


def test_an_edges_gradient_is_that_of_where_it_comes_from() -> None:
    graph = parse("(4*x+1)^2")
    assert (subject(graph, "c.1"), subject(graph, "c.9"), subject(graph, "e")) == ("b", "x", "e")


@settings(max_examples=60)
@given(program=programs(), data=st.data())
def test_whatever_is_chosen_of_any_program_is_shown_with_the_numbers_of_its_run(
    client: FlaskClient, program: str, data: st.DataObject
) -> None:
    view = data.draw(st.sampled_from(["tree", "graph"]))
    graph = parse(program, view)
    key = data.draw(st.sampled_from(keys(graph)))
    markup = shown(client, program, key, view=view)
    fields = compile(graph)(dict.fromkeys(graph.variables, 1.0)).fields()
    found = numbers(markup)
    for name in found.keys() & fields.keys():
        number = fields[name]
        assert found[name] == ("" if number is None else format_number(number)), name
    assert found.keys() & fields.keys()
    chosen = Chosen(graph, key, "")
    assert ("No variable reaches" in markup) == (not chosen.active)


TENSORS = "W = randn(2, 3, seed=7); x = [1, 2, 3]; k = 2; c = sum(sigmoid(W @ x)) * k"


def test_whatever_is_chosen_of_a_program_with_tensors_is_shown(client: FlaskClient) -> None:
    graph = parse(TENSORS)
    for view in ("tree", "graph"):
        for key in keys(parse(TENSORS, view)):
            markup = shown(client, TENSORS, key, view=view)
            assert "hidden" not in markup.split(">")[0]
            assert "· h" not in markup  # of a tensor there is no one number that its change is multiplied by
    edge = next(edge for edge in graph.edges() if graph.nodes[edge.parent].op == "einsum")
    key = f"{graph.nodes[edge.parent].id}.{edge.arg}"
    assert "Backward rule" in shown(client, TENSORS, key)
