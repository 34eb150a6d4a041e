"""The explanations as a student uses them, in Chromium."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Page, expect

from graphviz_backprop.explain.tensors.ruled import RULED
from graphviz_backprop.language.numerals import format_number
from graphviz_backprop.language.ops import FUNCTIONS, OPERATORS
from graphviz_backprop.web.asked.program import program
from graphviz_backprop.web.asked.state import read
from graphviz_backprop.web.shown.panels import panel_fields
from tests.support.axe import violations
from tests.support.widths import too_wide

OpenPage = Callable[..., Page]

NEURON = "z = w1*x1 + w2*x2\na = sigmoid(z)\n(a - y)^2"
EVERYTHING = "paths,nudge,forward,formula,sides,heat"
DIAMONDS = "a0 = x + x\n" + "\n".join(f"a{level} = a{level - 1} + a{level - 1}" for level in range(1, 40))


def address(**state: object) -> str:
    return "/?" + urlencode({name: str(value) for name, value in state.items()})


def field(page: Page, name: str, where: str = "") -> str:
    return page.locator(f'{where} [data-field="{name}"]').first.text_content() or ""


def on_figure(page: Page, name: str) -> str:
    return field(page, name, "#sheet")


def press(page: Page, act: str) -> None:
    page.locator(f"[data-go={act}]").click()


def step(page: Page) -> str:
    """The step that is shown."""
    shown = page.locator(".steps li[data-step]:visible")
    expect(shown).to_have_count(1)
    return " ".join(shown.inner_text().split())


def expect_frame(page: Page, frame: int) -> None:
    expect(page.locator(f'.steps li[data-step="{frame}"]')).to_be_visible()
    page.wait_for_function(
        "wanted => (new URLSearchParams(location.search).get('frame') ?? '-1') === wanted", arg=str(frame)
    )


# Step by step


def test_the_steps_of_the_textbook(page: Page) -> None:
    page.goto("/")
    press(page, "first")
    expect_frame(page, 0)
    assert on_figure(page, "b.value") == ""
    results: list[str] = []
    for frame in range(1, 11):
        press(page, "next")
        expect(page.locator(f'.steps li[data-step="{frame}"]')).to_be_visible()
        results += page.locator(f'.steps li[data-step="{frame}"] [data-field]').all_text_contents()[-1:]
    assert results == ["1", "4", "5", "25", "1", "10", "10", "40"]
    assert step(page).startswith("Backward 4 of 4 product rule")
    flow = page.locator(".steps li:visible .equations p").last.locator("[data-field]").all_text_contents()
    assert flow == ["10", "4", "=", "40"]  # the sign is ≈ where shown digits do not give the result
    assert on_figure(page, "b.gradient") == "40"


def test_what_is_not_reached_is_empty_and_what_is_current_is_lit(page: Page) -> None:
    page.goto("/?frame=8")
    assert [on_figure(page, name) for name in ("g.value", "e.gradient", "c.gradient")] == ["25", "10", ""]
    expect(page.locator('#sheet [data-node="e"]')).to_have_class("node op current")
    expect(page.locator('#sheet [data-node="g"]')).to_contain_class("used")
    expect(page.locator('[data-edge="g.0"]').first).to_contain_class("current")
    press(page, "close")
    expect(page.locator('#sheet [data-field="c.gradient"]')).to_have_text("10")
    assert page.locator(".current, .used").count() == 0


def test_a_slider_keeps_the_step_and_renews_its_numbers(page: Page) -> None:
    page.goto("/?frame=10")
    slider = page.locator('input[type=range][name="at.x"]')
    slider.focus()
    slider.press("End")
    expect(page.locator('.steps li[data-step="10"] [data-field="c.1.flow"]').first).to_have_text("168")
    expect_frame(page, 10)
    assert on_figure(page, "b.gradient") == "168"


def test_the_place_is_in_the_address(page: Page) -> None:
    page.goto("/")
    press(page, "last")
    expect_frame(page, 10)
    press(page, "back")
    expect_frame(page, 9)
    page.reload()
    expect_frame(page, 9)
    page.goto("/?frame=999")
    expect(page.locator('.steps li[data-step="10"]')).to_be_visible()


def test_the_keyboard_steps(page: Page) -> None:
    page.goto("/?frame=3")
    page.locator("[data-go=next]").focus()
    for key, frame in (("ArrowRight", 4), ("ArrowLeft", 3), ("End", 10), ("Home", 0)):
        page.keyboard.press(key)
        expect_frame(page, frame)


def test_playing_waits_for_the_steps_and_stops_at_the_last(page: Page) -> None:
    page.goto("/?expr=x*x")
    page.locator("[data-speed]").select_option("4")
    play = page.locator("[data-go=play]")
    play.click()
    expect(play).to_have_attribute("aria-pressed", "true")
    expect(page.locator(".steps li[data-step]:visible")).to_have_attribute("data-phase", "backward")
    expect(play).to_have_attribute("aria-pressed", "false")
    expect(page.locator(".steps li[data-step]").last).to_be_visible()


def test_enter_in_a_box_is_no_step(page: Page) -> None:
    page.goto("/")
    box = page.locator('input[name="set.x"]')
    box.fill("2")
    box.press("Enter")
    expect(page.locator('[data-field="g.value"]').first).to_have_text("81")
    assert page.locator(".stepper[data-on]").count() == 0


def test_typing_while_stepping(page: Page) -> None:
    page.goto("/?frame=9")
    page.fill("#expr", "sin(x)")
    expect_frame(page, 3)
    assert "sin rule" in step(page)
    page.fill("#expr", "sin(")
    expect(page.locator("[data-fragment=problem] p")).to_be_visible()
    press(page, "back")
    expect(page.locator('.steps li[data-step="2"]')).to_be_visible()


def test_steps_say_what_they_are_the_gradients_of(page: Page) -> None:
    page.goto("/?frame=10")
    page.fill("#seed", "5")
    expect(page.locator(".steps li[data-phase=backward] .rule").first).to_have_text("upstream gradient")
    expect(page.locator('.steps li:visible [data-field="c.1.flow"]').first).to_have_text("200")
    expect(page.locator("#seed")).to_be_focused()


def test_too_many_steps(page: Page) -> None:
    woven = "; ".join(["a1=x+1", "a2=x+2", *(f"a{k}=a{k - 1}-a{k - 2}" for k in range(3, 1_001))])
    page.goto(address(expr=woven))
    press(page, "next")
    expect(page.locator(".steps")).to_contain_text("too many to go through")
    expect(page.locator('[data-field="x.total"]').first).to_have_text("-1")
    assert page.locator(".stepper[data-on]").count() == 0


# Why this gradient


@pytest.mark.parametrize(
    "query",
    [
        {"expr": NEURON, "at.w1": "-0.5", "at.y": "3", "about": "w1", "h": "0.25"},
        {"expr": NEURON, "view": "graph", "seed": "-2", "about": "z"},
        {"expr": "relu(x) + abs(y) * max(x, y)", "at.x": "0", "at.y": "0", "about": "y"},
        {"expr": "log(x) / (x - x)", "at.x": "-1"},
        {"expr": DIAMONDS, "at.x": "3"},
    ],
    ids=["neuron", "seeded", "kinks", "NaN", "2^40 paths"],
)
def test_the_panels_say_what_python_computes(page: Page, query: dict[str, str]) -> None:
    state, _ = read([*query.items(), ("panels", "paths,nudge,forward,sides")])
    found = program(state.expr, state.view)
    about = state.about or found.graph.variables[0]
    wanted = {
        name: number if isinstance(number, str) else "" if number is None else format_number(number)
        for name, number in panel_fields(state.panels, found.run(state), about, state.h).items()
    }
    # From other numbers, so that what the server has written is not what is compared.
    others = {name: value for name, value in query.items() if not name.startswith("at.") and name != "h"}
    page.goto(address(**others, panels="paths,nudge,forward,sides"))
    for name, value in query.items():
        if name.startswith("at."):
            page.fill(f'input[name="set.{name[3:]}"]', value)
    page.fill("#h", query.get("h", "0.01"))
    page.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
    shown = page.evaluate(
        """() => Object.fromEntries([...document.querySelectorAll(
            ".panels [data-field], .sides [data-field], .notes [data-field]")]
            .map(element => [element.dataset.field, element.textContent]))"""
    )
    assert {name: shown[name] for name in wanted if name in shown} == {
        name: text for name, text in wanted.items() if name in shown
    }
    assert {"path.0.product", "paths.total", "nudge.actual", "note.0.text"} <= set(shown) & set(wanted)


def test_an_explanation_is_opened_and_its_subject_chosen(page: Page) -> None:
    page.goto(address(expr="x*y + x"))
    page.get_by_text("Why this gradient?").click()
    expect(page.locator('[data-field="paths.count"]')).to_have_text("2")
    page.locator("#about").focus()
    page.locator("#about").select_option("y")
    expect(page.locator('[data-field="paths.count"]')).to_have_text("1")
    expect(page.locator("#about")).to_be_focused()
    page.wait_for_url("**panels=paths&about=y**")
    page.go_back()
    expect(page.locator('[data-field="paths.count"]')).to_have_text("2")


def test_the_nudge_follows_its_h(page: Page) -> None:
    page.goto(address(expr="x^2", panels="nudge", **{"at.x": 3}))
    page.fill("#h", "0.5")
    expect(page.locator('[data-field="nudge.predicted"]')).to_have_text("3")
    expect(page.locator('[data-field="nudge.actual"]')).to_have_text("3.25")


def test_the_closed_form_comes_and_stays_while_numbers_change(page: Page) -> None:
    page.goto(address(expr="sin(x^2)", panels="formula"))
    expect(page.locator(".formula math").first).to_be_visible()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "/formula" in request.url else None)
    page.fill('input[name="set.x"]', "2")
    with page.expect_response(lambda response: response.url.endswith("/formula")):
        page.locator("label", has_text="Graph").locator("input[name=view]").check()
    expect(page.locator(".formula math").first).to_be_visible()
    with page.expect_response(lambda response: response.url.endswith("/formula")):
        page.fill("#expr", "tan(x)")
    expect(page.locator(".formula")).to_contain_text("tan")
    assert len(asked) == 2  # the view, and the program


def test_a_closed_form_that_does_not_come_is_said(page: Page) -> None:
    late = '<p class="quiet">There is no closed form within 5 seconds. Everything else works without it.</p>'
    page.route(
        "**/formula",
        lambda route: route.fulfill(body=late, content_type="text/html", headers={"X-Backprop": "1"}),
    )
    page.goto(address(panels="formula"))
    expect(page.locator(".formula")).to_contain_text("within 5 seconds")
    page.unroute("**/formula")
    page.route("**/formula", lambda route: route.abort())
    page.fill("#expr", "sin(x)")
    expect(page.locator(".formula")).to_contain_text("could not be fetched")
    expect(page.locator('[data-field="b.value"]').first).to_have_text("0.8415")


def test_composites_open_and_close(page: Page) -> None:
    page.goto(address(expr="sigmoid(x) + 1", panes="graph,nodes"))
    page.locator('[data-row="b"] button[data-open]').click()
    expect(page.locator('#sheet [data-node="b"]')).to_contain_text("b = ")
    expect(page.locator("[data-row]")).to_have_count(9)
    page.wait_for_url("**open=b**")
    page.get_by_role("button", name="b opened ×").click()
    expect(page.locator("[data-row]")).to_have_count(4)
    page.get_by_role("button", name="Open all functions").click()
    expect(page.locator("[data-row]")).to_have_count(9)
    page.get_by_role("button", name="All opened ×").click()
    expect(page.locator("[data-row]")).to_have_count(4)


# Where numbers go wrong


@pytest.mark.parametrize(
    ("expression", "at", "said", "broken"),
    [
        ("log(x)", "-1", "the logarithm is defined for numbers > 0", 1),
        ("relu(x)", "0", "there is no derivative", 0),
        ("sigmoid(x)", "40", "is saturated", 0),
    ],
)
def test_notes_come_and_go(page: Page, expression: str, at: str, said: str, broken: int) -> None:
    page.goto(address(expr=expression))
    notes = page.locator(".notes")
    expect(notes).to_be_hidden()
    page.fill('input[name="set.x"]', at)
    expect(notes).to_contain_text(said)
    assert page.locator("#sheet [data-broken]").count() == broken
    page.fill('input[name="set.x"]', "1")
    expect(notes).to_be_hidden()


def test_left_and_right_derivatives_can_be_shown_and_hidden_again(page: Page) -> None:
    page.goto(address(expr="abs(x)", **{"at.x": 0}))
    expect(page.locator(".sides")).to_be_hidden()
    page.get_by_label("Left and right derivatives").check()
    expect(page.locator(".sides")).to_have_text("from the left -1, right 1")
    page.fill('input[name="set.x"]', "2")
    expect(page.locator(".sides")).to_have_text("from the left 1, right 1")
    page.get_by_label("Left and right derivatives").uncheck()
    expect(page.locator(".notes")).to_be_hidden()


def test_heat(page: Page) -> None:
    page.goto(address(expr="100*x + y/1000 - z*0"))
    page.get_by_label("Heat").check()
    expect(page.locator("#sheet [data-heat]").first).to_be_attached()
    nodes = page.locator("#sheet [data-node]")
    heats = {node.get_attribute("data-node"): node.get_attribute("data-heat") for node in nodes.all()}
    rows = {
        "".join(row.locator("th button").first.text_content().split(" = ")[1:]): row.get_attribute("data-row")
        for row in page.locator("[data-row]").all()
    }  # fmt: skip
    assert [heats[rows[leaf]] for leaf in ("x", "y", "z", "100")] == ["8", "1", "0", None]
    page.get_by_label("Heat").uncheck()
    expect(page.locator("[data-heat]:not(i)")).to_have_count(0)


# Lighting


def test_a_path_lights_its_nodes_and_edges(page: Page) -> None:
    page.goto(address(expr="x*y + x", view="graph", panels="paths"))
    page.locator("[data-listed='0']", has_text="→").hover()
    lit = page.evaluate(
        "[...document.querySelectorAll('#sheet .lit')].map(e => e.dataset.node ?? e.dataset.edge)"
    )
    nodes = page.locator("[data-field='path.0.nodes']").text_content().split(" → ")
    assert set(nodes) <= set(lit)
    assert sum("." in key for key in lit) >= len(nodes) - 1


def test_a_row_lights_its_node_and_its_characters_and_these_the_row(page: Page) -> None:
    page.goto(address(expr="sin(x) + cos(y)", panes="graph,nodes"))
    page.locator('[data-row="b"] th button').hover()
    expect(page.locator('#sheet [data-node="b"]')).to_contain_class("lit")
    piece = page.evaluate("[...CSS.highlights.get('lit')].map(range => range.toString())")
    assert piece == ["sin(x)"]
    place = page.evaluate(
        """() => { const text = document.querySelector('.mirror span').firstChild;
        const range = new Range(); range.setStart(text, 9); range.setEnd(text, 10);
        const box = range.getBoundingClientRect();
        return [box.x + box.width / 2, box.y + box.height / 2]; }"""
    )
    page.mouse.move(*place)
    expect(page.locator('[data-row="d"]')).to_contain_class("lit")
    expect(page.locator('[data-row="b"]')).not_to_contain_class("lit")


# The rule book


def test_the_rule_book(page: Page) -> None:
    page.goto("/rules")
    assert page.locator("section.rule-card").count() == len(OPERATORS) + len(FUNCTIONS) + len(RULED)
    heading, first = page.locator("h1").bounding_box(), page.locator(".book > p").first.bounding_box()
    assert heading and first and heading["y"] + heading["height"] <= first["y"]
    page.locator("#tanh").get_by_role("link", name="Open").click()
    expect(page.locator("#expr")).to_have_value("tanh(x)")


# For everyone


@pytest.mark.parametrize(
    "path",
    [
        address(expr=NEURON, view="graph", panels=EVERYTHING, frame=14, seed=3),
        address(expr="log(x) + relu(y)", panels="sides", open="all", frame=2, **{"at.x": -1, "at.y": 0}),
        "/rules",
        "/formula?" + urlencode({"expr": NEURON, "seed": 2}),
    ],
    ids=["everything", "notes", "rules", "closed form"],
)  # fmt: skip
def test_axe_finds_nothing(page: Page, path: str) -> None:
    page.goto(path)
    page.wait_for_load_state("networkidle")
    assert violations(page) == []


@pytest.mark.parametrize(
    "path",
    [
        address(expr=NEURON, view="graph", panels=EVERYTHING, frame=22, seed=-3.25e-7),
        address(expr="x*1e200 + log(y)", panels=EVERYTHING, frame=3, **{"at.y": -1.234567e-9}),
        "/rules",
        "/formula?" + urlencode({"expr": NEURON, "seed": 2}),
    ],
    ids=["everything", "huge", "rules", "closed form"],
)
def test_nothing_is_wider_than_a_phone(open_page: OpenPage, path: str) -> None:
    page = open_page(viewport={"width": 390, "height": 844}, has_touch=True)
    page.goto(path)
    page.wait_for_load_state("networkidle")
    assert too_wide(page) == []
