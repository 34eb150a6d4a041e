"""What the inspector shows of what is chosen: its own numbers, and sentences that hold."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient
from hypothesis import given, settings
from hypothesis import strategies as st

from graphviz_backprop.engine.autodiff import Run, compile
from graphviz_backprop.language.folding import Fold, entries
from graphviz_backprop.language.graph import Graph
from graphviz_backprop.language.numerals import format_number
from graphviz_backprop.language.parser import parse
from graphviz_backprop.web.shown.chosen import Chosen
from graphviz_backprop.web.shown.panels import subject
from tests.engine.test_through import folds
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


def test_an_edge_of_tensors_is_shown_with_the_cells_that_go_up_and_come_down(client: FlaskClient) -> None:
    program = "W = [[1, 2], [3, 4]]; x = [5, 6]; z = W @ x; sum(z * [1, 2])"
    found = numbers(shown(client, program, "z.0"))
    assert {"~W[1,0].value": "3", "~z[1,0].0.flow": "10", "~z[1,1].0.flow": "12"}.items() <= found.items()
    hidden = numbers(shown(client, program, "z.0", hide="W.total"))
    assert hidden["~W[1,0].value"] == "3"
    assert not any(number for field, number in hidden.items() if field.endswith(".flow"))


def test_a_variable_below_an_output_of_several_cells_is_shown_with_its_jacobian(client: FlaskClient) -> None:
    program = "x = [1, 2, 3]; u = x * x; out = u[1:] / 2"
    for about, columns in (("x", 3), ("u", 3)):
        markup = shown(client, program, about)
        assert f"∂out/∂{about} is 2×{columns}: 6 numbers, 2 of them not 0" in text(markup)
        drawn = re.findall(r"<rect class=\"block-cell[^>]*><title>([^<]*)<", markup)
        assert drawn == {"x": ["2", "3"], "u": ["0.5", "0.5"]}[about]
    assert "The Jacobian" not in text(shown(client, program, "out"))
    assert "The Jacobian" not in text(shown(client, program, "x", hide="gradients"))
    assert "The Jacobian" not in text(shown(client, f"{program}; L = sum(out)", "x"))


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


CHAIN = "f(x) = x*x + x\nf(u)*u + u"


def test_an_edge_into_a_closed_group_is_shown_with_the_partial_through_it(client: FlaskClient) -> None:
    """f(u) = u² + u takes u on three edges: 2u + 1 is the sum over three paths."""
    markup = shown(client, CHAIN, "c~0.0", view="graph", shut="all", **{"at.u": 2})
    found = numbers(markup)
    assert (found["c~0.0.value"], found["c~0.0.partial"], found["c~0.0.flow"]) == ("2", "5", "10")
    said = text(markup)
    assert "a → c = f(u)" in said
    assert "closed group of 2 nodes with the output c" in said
    assert "is the sum over 3 paths inside the group, each a product of local partials" in said
    assert "The flow is what the group adds to ∂e/∂a , on 3 edges together" in said
    assert "3 edges leave a, and each adds its own" in said
    # The same edge is no edge of the figure once the group is open.
    opened = client.get("/fragments", query_string={"expr": CHAIN, "about": "c~0.0", "only": "chosen"})
    assert 'data-kind="' not in opened.text


def test_a_closed_group_is_shown_with_what_goes_into_it(client: FlaskClient) -> None:
    said = text(shown(client, CHAIN, "c", view="graph", shut="all", **{"at.u": 2}))
    assert "2 nodes are one box: c = f(u) . What goes into it, and the partial through it:" in said
    assert "∂c/∂a = 5" in said


def test_a_line_of_several_variables_lists_its_edges(client: FlaskClient) -> None:
    calls = "\n".join(f"h{k} = sin(w{k}*x + v*q1 + q2 + q3 + q4 + q5)" for k in range(1, 16))
    large = f"{calls}\n{' + '.join(f'h{k}' for k in range(1, 16))}"
    figure = client.get("/picture", query_string={"expr": large, "view": "graph"}).text
    keys = sorted(set(re.findall(r'data-edge="([^"]*~all[^"]*)"', figure)))
    assert keys
    markup = shown(client, large, keys[0], view="graph")
    count = int(re.search(r"stands for (\d+) edges", text(markup))[1])  # type: ignore[index]
    flows = [name for name in numbers(markup) if name.endswith(".flow")]
    assert len(flows) == count >= 4
    assert not any(numbers(markup)[name] == "" for name in flows)


@settings(deadline=None, max_examples=40)
@given(folds())
def test_paths_through_a_group_are_counted_as_they_are(found: tuple[Run[float], Fold]) -> None:
    run, fold = found
    graph = run.graph
    for group in fold.closed:
        for arg, child in enumerate(entries(graph, group)):
            if not graph.active[child]:
                continue
            chosen = Chosen(graph, f"{group.id}.{arg}", "", fold)
            assert chosen.kind == "through"
            assert chosen.entrance is not None

            def walked(at: int, child: int = child, inside: tuple[int, ...] = group.nodes) -> int:
                if at == child:
                    return 1
                return sum(walked(one) for one in graph.nodes[at].args) if at in inside else 0

            assert chosen.entrance.paths == walked(group.output)
