"""The explanations as the server renders them: nothing is lost without scripts, limits are said in words."""

from __future__ import annotations

import math
import re
from html import unescape
from html.parser import HTMLParser
from urllib.parse import parse_qsl, quote, urlencode

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given, settings
from hypothesis import strategies as st

from graphviz_backprop.engine.autodiff import compile
from graphviz_backprop.explain import probe
from graphviz_backprop.explain.paths import paths
from graphviz_backprop.explain.tensors.ruled import RULED
from graphviz_backprop.jobs.processes import Pool
from graphviz_backprop.language.numerals import format_number
from graphviz_backprop.language.ops import FUNCTIONS, OPERATORS
from graphviz_backprop.language.parser import parse
from graphviz_backprop.language.tensor_ops import TensorOp
from graphviz_backprop.web.asked.state import State, read
from graphviz_backprop.web.shown.panels import panel_fields
from graphviz_backprop.web.shown.scene import scene
from tests.support.programs import programs

NEURON = "z = w*x + b\na = sigmoid(z)\n(a - y)^2"
DIAMONDS = "a0 = x + x\n" + "\n".join(f"a{level} = a{level - 1} + a{level - 1}" for level in range(1, 40))


def get(client: FlaskClient, address: str = "/", **state: object) -> str:
    query = {name: str(value) for name, value in state.items()}
    reply = client.get(address, query_string=query or None)
    assert reply.status_code == 200
    return reply.text


def field(markup: str, name: str) -> str:
    found = re.search(rf'data-field="{re.escape(name)}"[^<>]*>([^<]*)', markup)
    assert found, name
    return unescape(found[1])


def text(markup: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", markup)).split())


# The numbers


def test_the_fields_of_a_panel_are_those_that_it_shows() -> None:
    compiled = compile(parse(NEURON))
    run = compiled({"w": 2, "x": -1, "b": 0.5, "y": 1}, 3.0)
    found = panel_fields("paths,nudge,forward,sides", run, "w", 0.1)
    ledger = paths(run, "w", 12)
    assert found["path.0.product"] == ledger.paths[0].product
    assert str(found["path.0.partials"]).startswith("3 × ")
    assert found["paths.total"] == pytest.approx(run.gradient["w"])
    moved = probe.nudge(run, "w", 0.1)
    assert found["nudge.predicted"] == moved[run.graph.output.id].predicted
    assert found["nudge.upstream"] == pytest.approx(run.gradient["w"] * 0.1)
    assert found[f"{run.graph.output.id}.tangent"] == pytest.approx(run.gradient["w"] / 3)
    assert found["w.left"] == found["w.right"] == run.gradient["w"]


def test_partials_by_the_same_node_say_which_argument_and_their_sum(client: FlaskClient) -> None:
    page = client.get("/", query_string={"expr": "x^x", "at.x": "2", "view": "graph"}).get_data(as_text=True)
    told = [re.sub("<[^>]*>", "", part) for part in re.findall(r'<span data-edge="[^"]*">.*?</b>', page)]
    assert told == ["∂b/∂a by argument 1 = 4", "∂b/∂a by argument 2 = 2.773", "∂b/∂a by all = 6.773"]


def test_only_open_panels_are_computed() -> None:
    compiled = compile(parse("x*x"))
    found = panel_fields("nodes", compiled({"x": 3.0}, 1.0), "x", 0.1)
    assert all(name.startswith("note") for name in found)


def test_the_ledger_counts_more_paths_than_anyone_can_list(client: FlaskClient) -> None:
    page = get(client, expr=DIAMONDS, panels="paths")
    assert field(page, "paths.count") == f"{2**40:,}"
    assert field(page, "paths.total") == format_number(float(2**40))
    assert field(page, "paths.unlisted") == f"{2**40 - 12:,} more"


def test_an_upstream_gradient_is_said_everywhere(client: FlaskClient) -> None:
    page = get(client, expr="x*y", seed=5, frame=99, panels="paths,nudge,forward,formula")
    assert "∂L/∂c · ∂c/∂x" in text(page)
    assert "times the upstream gradient ∂L/∂c = 5" in text(page)
    assert field(page, "path.0.partials") == "5 × 1"
    assert field(page, "nudge.upstream") == "0.05"
    assert "piece of a larger network that ends in L" in text(page)


# Step by step


def test_the_steps_of_the_textbook(client: FlaskClient) -> None:
    page = get(client, frame=10)
    found = re.findall(r'<li data-step="(\d+)" data-phase="(\w+)".*?</li>', page, re.DOTALL)
    assert [phase for _, phase in found] == ["forward"] * 7 + ["backward"] * 4
    steps = page[page.index('<ol class="steps"') :]
    assert [field(steps, name) for name in ("e.gradient", "c.1.partial", "b.gradient")] == ["10", "4", "40"]


def test_what_the_player_has_not_reached_is_empty_everywhere(client: FlaskClient) -> None:
    page = get(client, frame=8)
    figure = re.search(r"<svg[^>]*diagram.*?</svg>", page, re.DOTALL)
    table = re.search(r'<div class="nodes".*?</table>', page, re.DOTALL)
    assert figure and table
    for name, known in (
        ("g.value", True),
        ("e.gradient", True),
        ("c.gradient", False),
        ("b.gradient", False),
    ):
        assert bool(field(table[0], name)) == known
    assert field(page, "x.total") == field(page, "gradient.length") == ""
    assert 'aria-valuetext="x = 1, value 25"' in page
    shown = {name: field(figure[0], name) for name in ("g.value", "e.gradient", "c.gradient", "b.gradient")}
    assert shown == {"g.value": "25", "e.gradient": "10", "c.gradient": "", "b.gradient": ""}


def test_a_step_beyond_the_last_is_the_last(client: FlaskClient) -> None:
    page = get(client, frame=500)
    assert [step for step in re.findall(r"<li data-step[^>]*>", page) if "hidden" not in step] == [
        step for step in re.findall(r"<li data-step[^>]*>", page) if 'data-step="10"' in step
    ]


def test_too_many_steps_are_not_shown(client: FlaskClient) -> None:
    woven = "; ".join(["a1=x+1", "a2=x+2", *(f"a{k}=a{k - 1}-a{k - 2}" for k in range(3, 1_001))])
    page = get(client, "/fragments", expr=woven, frame=3)
    assert "too many to go through" in page
    assert "data-step=" not in page
    assert field(page, "x.total") == "-1"


# Without scripts


class Form(HTMLParser):
    """The pairs that a form without scripts sends, and its submit buttons: (name, value, place)."""

    def __init__(self, markup: str) -> None:
        super().__init__()
        self.pairs: list[tuple[str, str]] = []
        self.buttons: list[tuple[str, str, int]] = []
        self.choice = ""
        self.feed(markup)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        known = {name: value or "" for name, value in attrs}
        name, kind = known.get("name", ""), known.get("type", "")
        if tag == "button" and kind == "submit" and name:
            self.buttons.append((name, known.get("value", ""), len(self.pairs)))
        elif tag == "select":
            self.choice = name
        elif tag == "option" and self.choice and "selected" in known and "value" in known:
            self.pairs.append((self.choice, known["value"]))
        elif tag == "input" and name and (kind not in ("radio", "checkbox") or "checked" in known):
            self.pairs.append((name, known.get("value", "")))

    def pressed(self, name: str, value: str) -> State:
        """The state after this button was pressed."""
        place = next(at for button, says, at in self.buttons if (button, says) == (name, value))
        state, mistakes = read([*self.pairs[:place], (name, value), *self.pairs[place:]])
        assert not mistakes
        return state


STATE = {"expr": "sigmoid(x)", "frame": "5", "panels": "paths,nudge", "about": "b", "h": "0.5", "open": "all"}


def test_a_form_without_scripts_loses_nothing(client: FlaskClient) -> None:
    form = Form(get(client, **{**STATE, "seed": 2}))
    found, _ = read(form.pairs)
    assert (found.frame, found.panels, found.h, found.open, found.seed) == (5, "paths,nudge", 0.5, "all", 2)


def test_nor_where_the_program_has_a_mistake(client: FlaskClient) -> None:
    found, _ = read(Form(get(client, **{**STATE, "expr": "sin("})).pairs)
    assert (found.panels, found.about, found.h) == ("paths,nudge", "b", 0.5)


def test_buttons_change_one_thing(client: FlaskClient) -> None:
    form = Form(get(client, **STATE))
    assert form.pressed("frame", "6").frame == 6
    assert form.pressed("frame", "-1").frame == -1
    assert form.pressed("frame", "6").panels == "paths,nudge"
    assert form.pressed("open", "-").open == ""
    assert form.pressed("panels", "paths,nudge,forward").panels == "paths,nudge,forward"


def test_enter_presses_the_button_that_draws(client: FlaskClient) -> None:
    form = re.search(r'<form class="board".*?</form>', get(client), re.DOTALL)
    assert form
    first = re.search(r'<button[^>]*type="submit"[^>]*>', form[0])
    assert first and "name=" not in first[0]


# Composite functions


def test_composites_open_one_after_the_other_and_close(client: FlaskClient) -> None:
    page = get(client, expr="sigmoid(x) + softplus(y)")
    assert 'value="b" data-open' in page
    opened = get(client, expr="sigmoid(x) + softplus(y)", open="b")
    assert "b opened ×" in opened and 'name="open" value="-"' in opened
    assert 'value="b,d" data-open' in opened
    assert field(page, "x.total") == field(opened, "x.total")


# Where numbers go wrong


@pytest.mark.parametrize(
    ("program", "at", "said"),
    [
        ("log(x)", -1, "the logarithm is defined for numbers > 0"),
        ("relu(x)", 0, "there is no derivative"),
        ("sigmoid(x)", 40, "saturated"),
    ],
)
def test_notes(client: FlaskClient, program: str, at: float, said: str) -> None:
    assert said in field(get(client, expr=program, **{"at.x": at}), "note.0.text")


def test_left_and_right_derivatives(client: FlaskClient) -> None:
    page = get(client, expr="3*abs(x)", panels="sides", **{"at.x": 0})
    assert (field(page, "x.left"), field(page, "x.total"), field(page, "x.right")) == ("-3", "0", "3")


# Closed forms


def test_the_closed_form_alone_and_as_a_page(client: FlaskClient) -> None:
    part = client.post("/formula", data={"expr": "sin(x^2)"})
    assert part.status_code == 200
    assert "<html" not in part.text and part.text.count("<math") >= 3
    page = get(client, "/formula", expr="sin(x^2)", seed=3)
    assert "<h1>Closed form</h1>" in page and "upstream gradient" in page
    back = re.search(r'href="(/\?[^"]*)"', page)
    assert back and dict(parse_qsl(unescape(back[1])[2:])) == {"expr": "sin(x^2)", "seed": "3"}


def test_a_closed_form_is_of_a_variable(client: FlaskClient) -> None:
    page = get(client, "/formula", expr="sigmoid(x)", open="all", about="e")
    assert "e is a node; a closed form needs a variable." in page


def test_a_program_without_variables_has_no_closed_form(client: FlaskClient) -> None:
    assert "no variables" in get(client, "/formula", expr="2+3")


def test_a_closed_form_that_takes_too_long(app: Flask) -> None:
    patient = app.extensions["algebra"]
    app.extensions["algebra"] = hasty = Pool(0.01, 1, "It")
    try:
        reply = app.test_client().post("/formula", data={"expr": "tanh(x) * cos(x)^7"})
    finally:
        app.extensions["algebra"] = patient
        hasty.close()
    assert reply.status_code == 200
    assert (
        text(reply.text) == "There is no closed form within 0.01 seconds. Everything else works without it."
    )


# The rule book


def test_the_rule_book_has_every_row_and_examples_that_open(client: FlaskClient) -> None:
    page = get(client, "/rules")
    cards = re.findall(r'<section class="rule-card[^"]*" id="([^"]*)".*?</section>', page, re.DOTALL)
    assert cards == [op.name for op in (*OPERATORS, *FUNCTIONS, *by_definition(RULED))]
    assert re.findall(r'<p class="rule-list">(.*?)</p>', page) != []
    assert re.findall(r'<a href="#(\w+)">', page) == ["max", *cards]
    examples = [unescape(link) for link in re.findall(r'<p><a href="(/\?[^"]*)">Open', page)]
    assert len(examples) >= len(cards)
    for example in examples:
        assert 'role="alert" data-fragment="problem">\n</div>' in get(client, example), example


def by_definition(rows: tuple[TensorOp, ...]) -> list[TensorOp]:
    """Those that are made of others come last."""
    return sorted(rows, key=lambda op: not op.primitive)


def test_the_rule_book_shows_a_rule_as_the_program_that_is_evaluated(client: FlaskClient) -> None:
    page = get(client, "/rules")
    card = page[page.index('id="softmax"') : page.index('id="log_softmax"')]
    assert "f * (G - sum(G * f, axis=0, keepdim=True))" in card
    assert "[-0.01583, -0.5325, 0.5483]" in card
    assert "x[i] gets f[i] · (G[i] − (Σⱼ G[j] · f[j]))." in card
    assert "graph.svg?expr=x" in card and "open=f" in card
    card = page[page.index('id="prod_over"') : page.index('id="cumsum"')]
    assert "others(x) is for each cell the product of all others" in card


@pytest.mark.parametrize("about", ["f.0", "f"])
def test_an_edge_and_its_node_lead_to_the_rule(client: FlaskClient, about: str) -> None:
    found = get(client, "/?" + urlencode({"expr": "x = [1, 2]; f = softmax(x); f[0]", "about": about}))
    assert '/rules#softmax" target="_blank" title="Open the rule book">softmax rule</a>' in found
    scalar = get(client, "/?" + urlencode({"expr": "c = x^y", "about": "c.1"}))
    assert '/rules#pow" target="_blank" title="Open the rule book">exponential rule</a>' in scalar


def test_the_rule_book_has_the_colours_that_were_chosen(app: Flask) -> None:
    client = app.test_client()
    client.set_cookie("theme", "dark")
    for address in ("/rules", "/formula?" + urlencode({"expr": "x*x"}, quote_via=quote)):
        assert 'data-theme="dark"' in client.get(address).text


EVERYTHING = "paths,nudge,forward,formula,sides,heat"
EDGY = st.sampled_from(
    [
        0.0,
        -0.0,
        1.0,
        -1.0,
        0.5,
        3.0,
        1e-9,
        800.0,
        -800.0,
        1e200,
        5e-324,
        1.7e308,
        math.inf,
        -math.inf,
        math.nan,
    ]
)


@settings(max_examples=300)
@given(
    program=programs(),
    point=st.fixed_dictionaries(dict.fromkeys("xyz", EDGY)),
    numbers=st.tuples(EDGY, EDGY),
    about=st.sampled_from("xyzab"),
    view=st.sampled_from(["tree", "graph"]),
)
def test_no_numbers_break_the_explanations(program, point, numbers, about, view):
    h, seed = numbers
    state = State(expr=program, view=view, at=point, h=h, seed=seed, about=about, panels=EVERYTHING, frame=3)
    shown = scene(state, [])
    assert shown.problem is None
    for number in {**shown.played.fields, **shown.played.reached}.values():
        assert number is None or isinstance(number, (int, float, str))
