"""The page as people use it, in Chromium."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import product
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit

import numpy as np
import pytest
from playwright.sync_api import Page, Route, expect

from graphviz_backprop.engine import autodiff
from graphviz_backprop.language.numerals import format_number
from graphviz_backprop.language.parser import parse
from graphviz_backprop.web.asked.program import fields as every_field
from graphviz_backprop.web.shown.examples import GROUPS
from tests.support.panes import show
from tests.support.widths import too_wide

OpenPage = Callable[..., Page]
EXAMPLES = [example for group in GROUPS for example in group.examples]

# Every number of the page by its field; where two places show one field they must agree.
SHOWN = """() => {
  const shown = {};
  for (const element of document.querySelectorAll("[data-field]")) {
    const field = element.dataset.field;
    const text = element.textContent;
    shown[field] = field in shown && shown[field] !== text ? `${shown[field]} and ${text}` : text;
  }
  return shown;
}"""

FEW = 3
"""Digits of a field that begins with ~."""

SCALE = "new DOMMatrix(getComputedStyle(document.querySelector('#sheet')).transform).a"


def expected(program: str, at: dict[str, float], seed: float = 1.0, view: str = "tree") -> dict[str, str]:
    """What Python computes, as text."""
    run = autodiff.compile(parse(program, view))(at, seed)
    numbers: dict[str, Any] = {**every_field(run)}
    for node, value, gradient in zip(run.graph.nodes, run.values, run.gradients, strict=True):
        for index in product(*map(range, node.shape)) if node.shape else ():
            cell = f"{node.id}[{','.join(map(str, index))}]"
            numbers[f"{cell}.value"] = np.asarray(value)[index]
            numbers[f"{cell}.gradient"] = None if gradient is None else np.asarray(gradient)[index]
    return {field: text(x) for field, x in numbers.items()} | {
        f"~{field}": text(x, FEW) for field, x in numbers.items()
    }


def text(x: Any, digits: int | None = None) -> str:
    """A number as the page shows it; what is of a whole tensor is a text already."""
    return "" if x is None else x if isinstance(x, str) else format_number(float(x), digits)


def needed_of(wanted: dict[str, str]) -> set[str]:
    """Values that have to stand on the page: of a tensor its cells may, in few digits."""
    return {
        f for f in wanted if f.endswith(".value") and f[0] != "~" and "[" not in f and "mean" not in wanted[f]
    }


def check_numbers(
    page: Page, program: str, at: dict[str, float], seed: float = 1.0, view: str = "tree"
) -> None:
    """Each number of the page is the one that Python computes."""
    wanted = expected(program, at, seed, view)
    check_shown(page, wanted, needed_of(wanted))


def check_shown(page: Page, wanted: dict[str, str], needed: set[str]) -> None:
    """What is needed is on the page, and each number there is the wanted one."""
    for _ in range(100):  # the page may still be on its way there
        shown = {field: text for field, text in page.evaluate(SHOWN).items() if is_of_graph(field)}
        if needed <= set(shown) and shown == {field: wanted.get(field) for field in shown}:
            return
        page.wait_for_timeout(50)
    assert shown == {field: wanted.get(field) for field in shown}
    assert needed <= set(shown)


def is_of_graph(field: str) -> bool:
    """Whether it is a number of the graph itself, and none of an explanation beside it."""
    own = (".value", ".gradient", ".partial", ".flow", ".total", ".length")
    return field.endswith(own) and not field.startswith("descent.")


def query(page: Page) -> dict[str, str]:
    return {
        name: values[-1]
        for name, values in parse_qs(urlsplit(page.url).query, keep_blank_values=True).items()
    }


def wait_for_query(page: Page, wanted: dict[str, str]) -> None:
    page.wait_for_function(
        "wanted => decodeURIComponent(location.search.replaceAll('+', ' ')) === wanted",
        arg=("?" + "&".join(f"{name}={value}" for name, value in wanted.items()) if wanted else ""),
    )


def field(page: Page, name: str) -> str:
    return page.locator(f'[data-field="{name}"]').first.text_content() or ""


# Numbers


def test_the_first_page(page: Page) -> None:
    page.goto("/")
    check_numbers(page, "(4*x+1)^2", {"x": 1.0})
    assert (field(page, "g.value"), field(page, "x.total")) == ("25", "40")


def test_sliding_by_keyboard(page: Page) -> None:
    page.goto("/")
    slider = page.locator('input[type=range][name="at.x"]')
    slider.focus()
    for _ in range(5):
        page.keyboard.press("ArrowRight")
    expect(slider).to_have_value("1.5")
    check_numbers(page, "(4*x+1)^2", {"x": 1.5})
    expect(slider).to_have_attribute("aria-valuetext", "x = 1.5, value 49, gradient 56")
    page.keyboard.press("Home")
    check_numbers(page, "(4*x+1)^2", {"x": -5.0})
    wait_for_query(page, {"at.x": "-5"})


def test_sliding_by_mouse_asks_the_server_nothing(page: Page) -> None:
    page.goto("/?expr=x*y%2Bsin(x)")
    page.wait_for_load_state("networkidle")
    requests: list[str] = []
    page.on("request", lambda request: None if "icon" in request.url else requests.append(request.url))
    box = page.locator('input[type=range][name="at.x"]').bounding_box()
    assert box
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.8, box["y"] + box["height"] / 2, steps=8)
    page.mouse.up()
    x = float(page.locator('input[type=range][name="at.x"]').input_value())
    assert x > 1
    check_numbers(page, "x*y+sin(x)", {"x": x, "y": 1.0})
    assert page.locator('input[name="set.x"]').input_value() == str(x).removesuffix(".0")
    assert requests == []


def test_a_number_outside_the_range_widens_it(page: Page) -> None:
    page.goto("/")
    page.fill('input[name="set.x"]', "12")
    check_numbers(page, "(4*x+1)^2", {"x": 12.0})
    expect(page.locator('input[name="at.x"]')).to_have_attribute("max", "12")
    expect(page.locator('input[name="max.x"]')).to_have_value("12")
    wait_for_query(page, {"at.x": "12", "max.x": "12"})


def test_range_and_step_can_be_edited(page: Page) -> None:
    page.goto("/")
    page.fill('input[name="min.x"]', "2")
    page.keyboard.press("Tab")
    check_numbers(page, "(4*x+1)^2", {"x": 2.0})
    page.fill('input[name="step.x"]', "0.5")
    page.keyboard.press("Tab")
    expect(page.locator('input[name="at.x"]')).to_have_attribute("step", "0.5")
    page.locator('input[name="at.x"]').press("ArrowRight")
    check_numbers(page, "(4*x+1)^2", {"x": 2.5})
    wait_for_query(page, {"at.x": "2.5", "min.x": "2", "step.x": "0.5"})


def test_the_upstream_gradient(page: Page) -> None:
    page.goto("/?expr=x*y&at.x=2&at.y=3")
    page.fill("#seed", "5")
    check_numbers(page, "x*y", {"x": 2.0, "y": 3.0}, seed=5.0)
    expect(page.locator(".derivative:visible").first).to_have_text("∂L/∂x")
    wait_for_query(page, {"expr": "x*y", "seed": "5", "at.x": "2", "at.y": "3"})


def test_the_gradient_vector(page: Page) -> None:
    page.goto("/?expr=3x^2%2B2x*y%2By^2&at.y=2")
    expect(page.locator(".vector")).to_contain_text("(10, 6)")
    assert field(page, "gradient.length") == "11.66"
    page.fill('input[name="set.x"]', "0")
    expect(page.locator(".vector")).to_contain_text("(4, 4)")
    assert field(page, "gradient.length") == "5.657"


@pytest.mark.parametrize("x", ["NaN", "Infinity", "-Infinity"])
def test_values_that_are_not_finite(page: Page, x: str) -> None:
    page.goto(f"/?expr=1/x&at.x={x}")
    check_numbers(page, "1/x", {"x": float(x)})
    expect(page.locator('input[name="set.x"]')).to_have_attribute("placeholder", x)


def test_play_sweeps_and_stops(page: Page) -> None:
    page.goto("/")
    play = page.get_by_role("button", name="Sweep x")
    play.click()
    expect(play).to_have_attribute("aria-pressed", "true")
    page.wait_for_function("() => Number(document.querySelector('[name=\"at.x\"]').value) > 1.3")
    play.click()
    expect(play).to_have_attribute("aria-pressed", "false")
    x = float(page.locator('input[name="set.x"]').input_value())
    check_numbers(page, "(4*x+1)^2", {"x": x})
    page.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
    assert float(page.locator('input[name="set.x"]').input_value()) == x
    wait_for_query(page, {"at.x": str(x).removesuffix(".0")})


# The program


def test_typing_renews_the_graph_and_keeps_the_values(page: Page) -> None:
    page.goto("/?at.x=3")
    page.locator("#expr").press("End")
    page.keyboard.type("+y*2")
    check_numbers(page, "(4*x+1)^2+y*2", {"x": 3.0, "y": 1.0})
    expect(page.locator("#expr")).to_be_focused()
    assert len(page.locator("[data-variable]").all()) == 2
    expect(page).to_have_title(re.compile(r"\(4\*x\+1\)\^2\+y\*2"))
    wait_for_query(page, {"expr": "(4*x+1)^2+y*2", "at.x": "3"})


def test_a_mistake_is_told_while_the_last_good_graph_stays(page: Page) -> None:
    page.goto("/")
    figure = page.locator(".figure svg").inner_html()
    page.fill("#expr", "(4*x+1)^2 + sni(x)")
    expect(page.get_by_role("alert")).to_contain_text("did you mean sin", ignore_case=True)
    expect(page.locator(".mirror mark")).to_have_text("sni")
    assert page.locator("#expr").input_value() == "(4*x+1)^2 + sni(x)"
    assert page.locator(".figure svg").inner_html() == figure
    page.locator('input[name="at.x"]').press("ArrowRight")  # the last good graph still lives
    check_numbers(page, "(4*x+1)^2", {"x": 1.1})
    page.fill("#expr", "(4*x+1)^2 + sin(x)")
    check_numbers(page, "(4*x+1)^2 + sin(x)", {"x": 1.1})
    expect(page.get_by_role("alert")).to_be_empty()
    expect(page.locator(".mirror mark")).to_be_empty()


def test_what_may_just_be_unfinished_is_told_calmly(page: Page) -> None:
    page.goto("/")
    page.fill("#expr", "")
    page.locator("#expr").type("2*(x +")
    expect(page.locator(".problem.calm")).to_be_visible()
    page.keyboard.type("1)")
    check_numbers(page, "2*(x +1)", {"x": 1.0})


def test_a_mistake_in_the_address(page: Page) -> None:
    page.goto("/?expr=(4*x%2B1&at.x=3")
    expect(page.get_by_role("alert")).to_contain_text("never closed")
    expect(page.locator(".graph .figure")).to_contain_text("Nothing to draw yet")
    page.fill("#expr", "(4*x+1)")
    check_numbers(page, "(4*x+1)", {"x": 3.0})


def test_marks_count_characters_not_halves_of_them(page: Page) -> None:
    page.goto("/")
    page.fill("#expr", "𝑥 + 𝑥 $ 2")
    expect(page.locator(".mirror mark")).to_have_text("$")


def test_the_editor_grows_with_its_lines(page: Page) -> None:
    page.goto("/")
    before = page.locator("#expr").bounding_box()
    page.fill("#expr", "a1 = x\nb1 = 2a1\nc1 = 3b1\nd1 = c1\nd1")
    check_numbers(page, "a1 = x\nb1 = 2a1\nc1 = 3b1\nd1 = c1\nd1", {"x": 1.0})
    after = page.locator("#expr").bounding_box()
    assert before and after
    assert after["height"] > before["height"] + 30


def test_the_views_and_directions(page: Page) -> None:
    page.goto("/?expr=x*x&at.x=3")
    assert len(page.locator(".figure [data-node]").all()) == 3
    page.get_by_role("radio", name="Graph").check()
    expect(page.locator(".figure [data-node]")).to_have_count(2)
    check_numbers(page, "x*x", {"x": 3.0}, view="graph")
    page.get_by_role("radio", name="Output at the right").check()
    wait_for_query(page, {"expr": "x*x", "view": "graph", "dir": "right", "at.x": "3"})


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.title)
def test_every_example(page: Page, example: object) -> None:
    page.goto("/?expr=y")
    page.get_by_role("button", name="Examples").click()
    page.locator("#examples").get_by_text(example.title, exact=True).click()
    state = example.state
    expect(page.locator("#expr")).to_have_value(state.expr)
    if state.shows("network"):  # whose picture leaves out what is inside of a neuron
        page.locator("#sheet [data-neuron]").first.wait_for()
    if not state.data:  # else they are averages over rows: test_data.py
        wanted = expected(state.expr, dict(state.at), state.seed, state.program_view)
        inner = "." if state.shows("network") else "no field has this"
        check_shown(page, wanted, {f for f in needed_of(wanted) if inner not in f[:-6]})
    expect(page.locator('[data-fragment="problem"]')).to_be_empty()
    # In the order of the program's variables, once it is known: they are the same pairs.
    assert sorted(parse_qsl(page.evaluate("location.search").lstrip("?"))) == sorted(parse_qsl(example.query))


def test_no_server_is_told_and_sliders_go_on(page: Page) -> None:
    page.goto("/")
    page.context.set_offline(True)
    page.fill("#expr", "x^3")
    expect(page.locator("#offline")).to_be_visible()
    page.locator('input[name="at.x"]').press("ArrowRight")
    check_numbers(page, "(4*x+1)^2", {"x": 1.1})
    page.context.set_offline(False)
    page.fill("#expr", "x^2")
    check_numbers(page, "x^2", {"x": 1.1})
    expect(page.locator("#offline")).to_be_hidden()


# The address


def test_back_and_forward(page: Page) -> None:
    page.goto("/")
    page.fill("#expr", "x*y")
    check_numbers(page, "x*y", {"x": 1.0, "y": 1.0})
    page.locator('input[name="at.y"]').press("End")
    check_numbers(page, "x*y", {"x": 1.0, "y": 5.0})
    page.get_by_role("radio", name="Output at the right").check()
    wait_for_query(page, {"expr": "x*y", "dir": "right", "at.y": "5"})
    page.go_back()
    wait_for_query(page, {"expr": "x*y", "at.y": "5"})
    expect(page.get_by_role("radio", name="Output on top")).to_be_checked()
    page.go_back()
    expect(page.locator("#expr")).to_have_value("(4*x+1)^2")
    check_numbers(page, "(4*x+1)^2", {"x": 1.0})
    page.go_forward()
    expect(page.locator("#expr")).to_have_value("x*y")
    check_numbers(page, "x*y", {"x": 1.0, "y": 5.0})


def test_a_burst_of_typing_is_one_step_back(page: Page) -> None:
    page.goto("/")
    page.fill("#expr", "")
    page.locator("#expr").type("x^3 + 1", delay=60)
    check_numbers(page, "x^3 + 1", {"x": 1.0})
    page.go_back()
    expect(page.locator("#expr")).to_have_value("(4*x+1)^2")
    check_numbers(page, "(4*x+1)^2", {"x": 1.0})


def test_reload_restores_everything(page: Page) -> None:
    page.goto("/")
    page.fill("#expr", "z = x*y\nz + x")
    check_numbers(page, "z = x*y\nz + x", {"x": 1.0, "y": 1.0})
    page.fill('input[name="set.y"]', "7.25")
    page.fill("#seed", "2")
    page.get_by_role("radio", name="Graph").check()
    page.wait_for_function(
        "() => location.search.includes('seed=2') && location.search.includes('at.y=7.25')"
    )
    check_numbers(page, "z = x*y\nz + x", {"x": 1.0, "y": 7.25}, 2.0, "graph")
    shown = page.evaluate(SHOWN)
    assert not any(" and " in text for text in shown.values())  # each number is the same wherever it stands
    page.reload()
    check_numbers(page, "z = x*y\nz + x", {"x": 1.0, "y": 7.25}, 2.0, "graph")
    assert page.evaluate(SHOWN) == shown
    expect(page.locator('input[name="set.y"]')).to_have_value("7.25")
    expect(page.locator("#seed")).to_have_value("2")


def test_the_link_can_be_copied(open_page: OpenPage) -> None:
    page = open_page(permissions=["clipboard-read", "clipboard-write"])
    page.goto("/?expr=x^2")
    page.locator('input[name="at.x"]').press("ArrowRight")
    page.get_by_role("button", name="Share").click()
    page.get_by_role("button", name="Copy link").click()
    expect(page.locator("#toast")).to_have_text("Link copied")
    assert page.evaluate("navigator.clipboard.readText()").endswith("/?expr=x^2&at.x=1.1")


def test_downloads_are_of_what_is_shown(page: Page) -> None:
    page.goto("/?expr=x^2")
    page.fill('input[name="set.x"]', "3")
    page.get_by_role("button", name="Download").click()
    links = page.locator("[data-download]")
    assert links.count() == 7
    # The page as a file and as a package is of joined scripts: test_file.py and test_course.py have them.
    for link in [
        one for one in links.all() if not re.search(r"\.(html|zip)\?", one.get_attribute("href") or "")
    ]:
        assert (link.get_attribute("href") or "").endswith("?expr=x^2&at.x=3")
        reply = page.request.get(link.get_attribute("href") or "")
        assert reply.ok
        assert reply.body()


# Without a script


def test_without_a_script_the_form_gives_the_full_graph(open_page: OpenPage) -> None:
    page = open_page(java_script_enabled=False)
    page.goto("/")
    page.fill("#expr", "x*y\n+2")
    page.get_by_role("button", name="Draw").click()
    assert page.locator("#expr").input_value() == "x*y\n+2"
    page.fill("#expr", "z = x*y\nz+2")
    page.get_by_role("button", name="Draw").click()
    assert query(page)["expr"].replace("\r\n", "\n") == "z = x*y\nz+2"
    slider = page.locator('input[type=range][name="at.x"]')
    slider.focus()
    slider.press("ArrowRight")
    page.fill('input[name="set.y"]', "2.5")
    page.locator('input[name="set.y"]').press("Enter")
    assert field(page, "z.value") == "2.75"
    assert field(page, "x.total") == "2.5"
    assert page.get_by_role("button", name="Sweep x").count() == 0


# Sizes and colours


@pytest.mark.parametrize("width", [320, 390, 768, 1080])
def test_nothing_is_wider_than_the_screen(open_page: OpenPage, width: int) -> None:
    page = open_page(viewport={"width": width, "height": 844})
    for example in EXAMPLES:
        page.goto(f"/?{example.query}&at.x=-0.000123456")
        assert too_wide(page) == []


def test_one_screen_without_scrolling(page: Page) -> None:
    for example in EXAMPLES:
        page.goto(f"/?{example.query}")
        assert page.evaluate("document.documentElement.scrollHeight") <= 768
        assert page.evaluate("document.querySelector('.viewport').clientHeight") > 400


# Pointing


def test_a_row_and_its_node_light_together(page: Page) -> None:
    page.goto("/?panes=graph,nodes")
    page.locator('[data-row="c"] button').hover()
    expect(page.locator('[data-node="c"]')).to_have_class(re.compile(r"\blit\b"))
    page.locator('[data-node="e"]').hover()
    expect(page.locator('[data-row="e"]')).to_have_class(re.compile(r"\blit\b"))
    expect(page.locator('[data-row="c"]')).not_to_have_class(re.compile(r"\blit\b"))


def test_zoom_by_buttons_keys_and_wheel(page: Page) -> None:
    page.goto("/")
    page.get_by_role("button", name="Zoom in").click()
    page.wait_for_function(f"() => {SCALE} > 1.1")
    page.get_by_role("button", name="Fit the whole graph").click()
    page.wait_for_function(f"() => {SCALE} === 1")
    page.locator("#viewport").press("+")
    page.wait_for_function(f"() => {SCALE} > 1.1")
    page.locator("#viewport").press("0")
    page.wait_for_function(f"() => {SCALE} === 1")
    page.locator("#viewport").hover()
    page.mouse.wheel(0, -200)
    page.wait_for_function(f"() => {SCALE} > 1.05")


def test_zoom_stays_while_one_types(page: Page) -> None:
    page.goto("/")
    page.get_by_role("button", name="Zoom in").click()
    page.wait_for_function(f"() => {SCALE} > 1.1")
    page.wait_for_function("() => !document.querySelector('#sheet').getAnimations().length")
    before = page.evaluate(SCALE)
    page.fill("#expr", "(4*x+1)^3")
    check_numbers(page, "(4*x+1)^3", {"x": 1.0})
    assert page.evaluate(SCALE) == before


def test_colours_can_be_switched_and_stay(page: Page) -> None:
    page.goto("/")
    light = page.evaluate("getComputedStyle(document.body).backgroundColor")
    page.get_by_role("button", name="Dark colours").click()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") != light
    page.reload()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") != light
    expect(page.get_by_role("button", name="Dark colours")).to_have_attribute("aria-pressed", "true")


# The server is slow, or away


def test_the_page_says_that_it_waits(page: Page) -> None:
    page.goto("/")
    held: list[Route] = []
    page.route("**/fragments**", lambda route: held.append(route))
    page.fill("#expr", "x^3")
    waiting = page.locator("[data-part=waiting]")
    expect(waiting).to_have_text("Waiting for the server …")
    expect(page.locator(".board")).to_have_attribute("aria-busy", "true")
    for route in held:
        route.continue_()
    check_numbers(page, "x^3", {"x": 1.0})
    expect(waiting).to_be_empty()
    expect(page.locator(".board")).to_have_attribute("aria-busy", "false")


def test_it_asks_again_by_itself(page: Page) -> None:
    page.clock.install()
    page.goto("/")
    page.context.set_offline(True)
    page.fill("#expr", "x^3")
    page.clock.run_for(1_000)
    expect(page.locator("#offline")).to_be_visible()
    page.context.set_offline(False)
    page.clock.run_for(5_000)
    expect(page.locator("#offline")).to_be_hidden()
    page.clock.resume()
    check_numbers(page, "x^3", {"x": 1.0})


@pytest.mark.parametrize("lost", ["plot/side.js", "plot/card.js"], ids=["itself", "what it imports"])
def test_a_side_that_did_not_come_is_asked_for_again(page: Page, lost: str) -> None:
    page.goto("/")
    page.route(f"**/{lost}*", lambda route: route.abort())
    show(page, "plot")
    expect(page.locator("#offline")).to_be_visible()
    page.unroute(f"**/{lost}*")
    expect(page.locator('[data-plot="main"] path').first).to_be_attached(timeout=15_000)
    expect(page.locator("#offline")).to_be_hidden()


# What a program says of its variables


def test_a_variable_starts_where_the_program_says(page: Page) -> None:
    page.goto("/?expr=x+%3D+-2;+y+%3D+5;+(x+%2B+y)*y")
    slider = page.locator('input[name="at.x"]')
    expect(slider).to_have_value("-2")
    expect(page.locator('input[name="set.x"]')).to_have_value("-2")
    check_numbers(page, "x = -2; y = 5; (x + y)*y", {"x": -2.0, "y": 5.0})
    slider.focus()
    page.keyboard.press("ArrowRight")
    wait_for_query(page, {"expr": "x = -2; y = 5; (x + y)*y", "at.x": "-1.9"})
    page.fill("#expr", "x = -3; y = 5; (x + y)*y")
    expect(slider).to_have_value("-3")


def test_what_may_be_meant_otherwise_is_one_click_away(page: Page) -> None:
    page.goto("/?expr=xy%2Bx&at.x=3")
    note = page.locator(".readings li")
    expect(note).to_have_count(1)
    note.get_by_role("link").click()
    expect(page.locator("#expr")).to_have_value("x y+x")
    expect(page.locator(".variable[data-variable]")).to_have_count(2)
    check_numbers(page, "x y+x", {"x": 3.0, "y": 1.0})
    page.go_back()
    expect(page.locator("#expr")).to_have_value("xy+x")


def test_a_pinned_variable_is_a_constant(page: Page) -> None:
    page.goto("/?expr=w*x%2Bb&at.x=3")
    pin = page.get_by_role("button", name="Pin x")
    pin.focus()
    page.keyboard.press("Enter")
    expect(page.locator('input[name="at.x"]')).to_have_count(0)
    expect(page.locator(".pinned")).to_contain_text("x = 3, pinned")
    expect(pin).to_be_focused()
    expect(page.locator('output[data-field="f.value"]')).to_have_text("4")
    assert page.evaluate("() => document.querySelectorAll('[data-field=\"x.total\"]').length") == 0
    wait_for_query(page, {"expr": "w*x+b", "pin": "x", "at.x": "3"})
    page.locator('input[name="at.w"]').fill("2")
    expect(page.locator('output[data-field="f.value"]')).to_have_text("7")
    pin.click()
    check_numbers(page, "w*x+b", {"w": 2.0, "x": 3.0, "b": 1.0})
