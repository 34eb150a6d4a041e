"""Lessons on a phone, with the keyboard alone, without scripts, and for assistive technology."""

import pytest
from playwright.sync_api import Page, expect

from tests.support.axe import violations


@pytest.mark.parametrize(
    "address", ["/lessons", "/lessons/the-chain-rule/4?answer=15", "/lessons/attention/3"]
)
def test_nothing_is_in_the_way(page: Page, address: str) -> None:
    page.goto(address)
    assert violations(page) == []


@pytest.mark.parametrize("address", ["/lessons", "/lessons/one-neuron/2", "/lessons/the-chain-rule/4"])
def test_a_phone_scrolls_one_way(open_page, address: str) -> None:
    page = open_page(viewport={"width": 390, "height": 844}, java_script_enabled=False)
    page.goto(address)
    assert page.locator("html").evaluate("html => html.scrollWidth <= html.clientWidth")


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
