"""What a newcomer meets: hints at the things themselves, symbols, examples; and what a mistake leaves."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from graphviz_backprop.web.shown.examples import GROUPS
from tests.support.axe import violations

OpenPage = Callable[..., Page]


def test_each_hint_goes_once_its_thing_was_used_and_does_not_come_again(page: Page) -> None:
    page.goto("/")
    page.wait_for_load_state("networkidle")
    hints = page.locator("[data-hint]:visible")
    expect(hints).to_have_count(3)
    page.locator('input[name="at.x"]').press("ArrowRight")
    expect(hints).to_have_count(2)
    page.locator("#sheet [data-node=c]").click()
    expect(hints).to_have_count(1)
    page.locator("[data-go=next]").click()
    expect(hints).to_have_count(0)
    page.goto("/?expr=x*y")
    page.wait_for_load_state("networkidle")
    expect(hints).to_have_count(0)


def test_a_hint_can_be_put_away(page: Page) -> None:
    page.goto("/")
    page.locator('[data-hint="slide"] [data-used]').press("Enter")
    expect(page.locator('[data-hint="slide"]')).to_be_hidden()
    page.reload()
    expect(page.locator('[data-hint="click"]')).to_be_visible()
    expect(page.locator('[data-hint="slide"]')).to_be_hidden()


def test_a_browser_that_keeps_nothing_is_no_trouble(page: Page) -> None:
    page.add_init_script(
        "Object.defineProperty(window, 'localStorage', { get() { throw new DOMException(); } })"
    )
    page.goto("/")
    page.locator('input[name="at.x"]').press("End")
    expect(page.locator('#sheet [data-field="g.value"]')).to_have_text("441")
    expect(page.locator('[data-hint="slide"]')).to_be_hidden()


@pytest.mark.parametrize(
    "symbol", ["a, b, c …", "↑ 5", "∂e/∂c", "↓ 10", "∂g/∂e", "dL/dg", "l, L", "j, k", "yⱼ, C₀"]
)
def test_the_help_explains_the_symbols(page: Page, symbol: str) -> None:
    page.goto("/")
    page.get_by_role("button", name="Help").click()
    expect(page.locator(".symbols dt").get_by_text(symbol, exact=True)).to_be_visible()


def test_examples_have_pictures_and_are_found_by_their_words(page: Page) -> None:
    page.goto("/")
    page.get_by_role("button", name="Examples").click()
    menu = page.locator("#examples")
    rows = menu.locator("li:visible")
    expect(rows).to_have_count(sum(len(group.examples) for group in GROUPS))
    page.wait_for_function("() => document.querySelector('#examples img').naturalWidth > 0")
    assert page.evaluate("(m => m.scrollWidth <= m.clientWidth)(document.querySelector('#examples'))")
    page.get_by_label("Find an example").fill("classes, softmax")
    expect(rows).to_have_count(1)
    rows.first.get_by_role("link").click()
    expect(page.locator('#sheet [data-neuron="a3_3"]')).to_be_visible()


@pytest.mark.parametrize(
    "example", [example for group in GROUPS for example in group.examples], ids=lambda e: e.title
)
def test_each_example_has_a_picture(page: Page, example: object) -> None:
    page.goto("/rules")  # any page of the app
    reply = page.request.get(f"/graph.svg?{example.picture}")
    assert reply.ok, reply.text()
    assert "<svg" in reply.text()


def test_a_broken_program_dims_what_is_of_the_last_good_one(page: Page) -> None:
    page.goto("/?about=c")
    page.wait_for_load_state("networkidle")
    viewport = page.locator("#viewport").bounding_box()
    page.fill("#expr", "(4*x+1)^2 + sni(x)")
    expect(page.locator("#board")).to_have_attribute("data-broken", "")
    for part in (".sheet", ".inspector-body", ".math", ".steps", ".total"):
        expect(page.locator(part).first).to_have_css("opacity", "0.4")
    expect(page.get_by_text("The last program that was drawn")).to_be_visible()
    assert page.locator("#viewport").bounding_box() == viewport  # nothing else moves
    page.get_by_role("button", name="Go to its place").click()
    expect(page.locator("#expr")).to_be_focused()
    area = page.locator("#expr")
    assert area.evaluate("e => e.value.slice(e.selectionStart, e.selectionEnd)") == "sni"
    page.fill("#expr", "(4*x+1)^2 + sin(x)")
    expect(page.locator("#board")).not_to_have_attribute("data-broken", "")
    expect(page.locator(".graph .sheet")).to_have_css("opacity", "1")


@pytest.mark.parametrize("pane", ["graph", "network", "plot", "training", "nodes", "data"])
def test_an_empty_pane_says_nothing_false(page: Page, pane: str) -> None:
    page.goto(f"/?expr=sni(x)&panes={pane}")
    shown = page.locator(".pane:not([hidden])").inner_text()
    assert "no variables" not in shown
    assert "no network" not in shown


def test_the_player_has_its_room_before_it_is_used(page: Page) -> None:
    page.goto("/")
    page.wait_for_load_state("networkidle")
    before = page.locator("#viewport").bounding_box()
    page.locator("[data-go=next]").click()
    expect(page.locator(".steps .place:visible")).to_contain_text("Forward")
    assert page.locator("#viewport").bounding_box() == before
    assert before
    assert before["height"] > 400


def test_axe_finds_nothing_in_what_is_broken(page: Page) -> None:
    page.goto("/")
    page.wait_for_load_state("networkidle")
    page.fill("#expr", "(4*x+1)^2 + sni(x)")
    expect(page.locator("#board")).to_have_attribute("data-broken", "")
    assert violations(page) == []
