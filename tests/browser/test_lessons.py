"""Lessons on a phone, with the keyboard alone, without scripts, and for assistive technology."""

import pytest
from playwright.sync_api import Page, expect

from graphviz_backprop.web.shown.lessons import lessons
from tests.support.axe import violations


@pytest.mark.parametrize(
    "address", ["/lessons", "/lessons/the-chain-rule/4?answer=15", "/lessons/attention/3"]
)
def test_nothing_is_in_the_way(page: Page, address: str) -> None:
    page.goto(address)
    assert violations(page) == []


def test_a_phone_scrolls_one_way(open_page) -> None:
    page = open_page(viewport={"width": 390, "height": 844}, java_script_enabled=False)
    steps = [f"/{one.name}/{at}" for one in lessons() for at in range(1, len(one.steps) + 1)]
    for step in ("", *steps):
        page.goto(f"/lessons{step}")
        assert page.locator("html").evaluate("html => html.scrollWidth <= html.clientWidth"), step


def test_a_lesson_from_start_to_end_by_keyboard(open_page) -> None:
    page = open_page(java_script_enabled=False)
    page.goto("/lessons/the-chain-rule/1")
    for _ in range(3):
        page.get_by_role("link", name="→").focus()
        page.keyboard.press("Enter")
    page.get_by_label("What is ∂g/∂x?").focus()
    page.keyboard.type("15")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("15 is not right")
    expect(page.locator("[data-field='c.1.flow']")).to_be_empty()
    page.get_by_label("What is ∂g/∂x?").fill("2*5*3")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("Yes, 30.")
    expect(page.locator("[data-field='c.1.flow']")).to_have_text("30")


def test_a_wide_figure_begins_at_its_output(open_page) -> None:
    page = open_page(viewport={"width": 390, "height": 844})
    page.goto("/lessons/one-neuron/2")
    output = page.locator(".node.output")
    page.locator(".lesson-figure").scroll_into_view_if_needed()
    expect(output).to_be_in_viewport()


def test_a_step_opens_in_the_tool(page: Page) -> None:
    page.goto("/lessons/the-chain-rule/3")
    page.get_by_role("link", name="Open in the tool").click()
    expect(page.locator("#expr")).to_have_value("u = 4*x + 1\ng = u^2")
    expect(page.locator("[data-field='x.total']").first).to_have_text("40")


def test_names_are_set_as_in_the_figure(page: Page) -> None:
    page.goto("/lessons/what-puts-the-back/2")
    expect(page.locator(".lesson-text")).to_contain_text("The gradient by w₂ has three factors")
    expect(page.locator(".lesson-text")).to_contain_text("∂C/∂z₂")
    page.goto("/lessons/softmax-and-cross-entropy/4")
    expect(page.get_by_label("What is ∂L/∂z₂?")).to_be_visible()


@pytest.mark.parametrize("address", ["attention/1", "the-chain-rule/3", "softmax-and-cross-entropy/1"])
def test_a_figure_stands_beside_its_text_and_is_as_wide_as_it_needs(page: Page, address: str) -> None:
    page.goto(f"/lessons/{address}")
    text, figure = (page.locator(f".lesson-{part}") for part in ("text", "figure"))
    left, right = text.bounding_box(), figure.bounding_box()
    assert left and right
    assert left["x"] + left["width"] < right["x"]
    assert figure.evaluate("figure => figure.scrollWidth <= figure.clientWidth")


def test_on_a_phone_text_and_figure_come_before_what_teachers_need(open_page) -> None:
    page = open_page(viewport={"width": 390, "height": 844})
    page.goto("/lessons/the-chain-rule/3")
    order = page.locator(".lesson > *").evaluate_all("parts => parts.map((part) => part.className)")
    assert order == ["lesson-text", "lesson-figure", "lesson-opens"]
    tops = page.locator(".lesson > *").evaluate_all(
        "parts => parts.map((part) => part.getBoundingClientRect().top)"
    )
    assert tops == sorted(tops)


def test_an_edge_whose_numbers_have_not_come_is_drawn_through_their_place(page: Page) -> None:
    page.goto("/lessons/the-forward-pass/1")
    expect(page.locator('.texts[data-edge="g.0"] .bridge')).not_to_have_css("stroke", "none")
    for number, address in enumerate(("the-forward-pass/2", "the-chain-rule/3")):
        page.goto(f"/lessons/{address}")
        expect(page.locator('.texts[data-edge="g.0"] [data-field="g.0.value"]')).to_have_text("5")
        flow = page.locator('.texts[data-edge="g.0"] [data-field="g.0.flow"]')
        expect(flow).to_have_text("10" if number else "")
        expect(page.locator('.texts[data-edge="g.0"] .bridge')).to_have_css("stroke", "none")
