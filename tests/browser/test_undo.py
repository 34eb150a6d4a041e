"""Undo and redo, by key and button; and what Back leads to."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage

EXPR = "#expr"


def undo(page: Page) -> None:
    page.get_by_role("button", name="Undo").click()


def redo(page: Page) -> None:
    page.get_by_role("button", name="Redo").click()


def test_typing_sliding_choosing_and_pinning_are_undone_and_done_again(page: Page) -> None:
    page.goto("/?expr=x*y")
    expect(page.get_by_role("button", name="Undo")).to_be_disabled()
    page.locator(EXPR).press("End")
    page.keyboard.type(" + sin(y)", delay=10)
    expect(page.locator('[data-field="y.total"]').first).to_have_text("1.54")
    slider = page.locator('input[type=range][name="at.x"]')
    box = slider.bounding_box()
    assert box
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.9, box["y"] + box["height"] / 2, steps=8)
    page.mouse.up()
    moved = slider.input_value()
    assert float(moved) > 2
    page.get_by_role("radio", name="Output at the right").check()
    page.get_by_role("button", name="Pin x").click()
    expect(page.get_by_role("button", name="Pin x")).to_have_attribute("aria-pressed", "true")

    undo(page)
    expect(page.get_by_role("button", name="Pin x")).to_have_attribute("aria-pressed", "false")
    undo(page)
    expect(page.get_by_role("radio", name="Output on top")).to_be_checked()
    undo(page)
    expect(slider).to_have_value("1")
    expect(page.locator(EXPR)).to_have_value("x*y + sin(y)")
    undo(page)
    undo(page)
    undo(page)
    expect(page.locator(EXPR)).to_have_value("x*y")
    expect(page.get_by_role("button", name="Undo")).to_be_disabled()
    for _ in range(6):
        redo(page)
    expect(page.locator(EXPR)).to_have_value("x*y + sin(y)")
    expect(page.get_by_role("button", name="Pin x")).to_have_attribute("aria-pressed", "true")
    expect(page.get_by_text(f"x = {moved}, pinned")).to_be_visible()
    expect(page.get_by_role("button", name="Redo")).to_be_disabled()


def test_an_example_is_one_step_and_its_sliders_come_back(page: Page) -> None:
    page.goto("/?expr=x*y")
    page.locator('input[name="set.y"]').fill("7")
    page.get_by_role("button", name="Examples").click()
    page.locator("#examples a").nth(3).click()
    expect(page.locator(EXPR)).not_to_have_value("x*y")
    page.keyboard.press("Control+z")
    expect(page.locator(EXPR)).to_have_value("x*y")
    expect(page.locator('[data-field="x.total"]').first).to_have_text("7")
    page.keyboard.press("Control+Shift+Z")
    expect(page.locator(EXPR)).not_to_have_value("x*y")


def test_the_editors_keys_undo_word_by_word_with_the_caret_in_place(page: Page) -> None:
    page.goto("/?expr=x*y")
    page.locator(EXPR).press("Home")
    page.keyboard.type("ab + ")
    page.keyboard.press("Control+z")
    expect(page.locator(EXPR)).to_have_value("ab x*y")
    page.keyboard.type("*")
    expect(page.locator(EXPR)).to_have_value("ab *x*y")
    page.keyboard.press("Control+z")
    page.keyboard.press("Control+z")
    expect(page.locator(EXPR)).to_have_value("x*y")
    page.keyboard.press("Control+y")
    expect(page.locator(EXPR)).to_have_value("ab x*y")


def test_the_browsers_own_undo_is_the_pages(page: Page) -> None:
    page.goto("/?expr=x")
    page.locator(EXPR).press("End")
    page.keyboard.type("^2")
    page.get_by_role("radio", name="Output at the right").check()
    page.locator(EXPR).focus()
    page.evaluate("document.activeElement.dispatchEvent(new InputEvent('beforeinput',"
                  "{ inputType: 'historyUndo', bubbles: true, cancelable: true }))")  # fmt: skip
    expect(page.get_by_role("radio", name="Output on top")).to_be_checked()
    expect(page.locator(EXPR)).to_have_value("x^2")


def test_a_number_that_is_slid_can_be_left_by_back_without_leaving(page: Page) -> None:
    page.goto("/?expr=x*y")
    page.locator('input[name="at.x"]').press("End")
    page.wait_for_url("**/?expr=x*y&at.x=5")
    page.locator('input[name="at.y"]').press("Home")
    page.wait_for_url("**/?expr=x*y&at.x=5&at.y=-5")
    page.go_back()
    page.wait_for_url("**/?expr=x*y")
    expect(page.locator('input[name="set.x"]')).to_have_value("1")
    page.go_forward()
    expect(page.locator('input[name="set.x"]')).to_have_value("5")
    page.go_back()
    page.keyboard.press("Control+z")
    expect(page.locator('input[name="set.x"]')).to_have_value("5")


def test_undo_outlives_a_reload_and_a_visit_to_the_rules(page: Page) -> None:
    page.goto("/?expr=x*y")
    page.locator(EXPR).fill("x*y + 1")
    page.locator('input[name="at.x"]').press("End")
    page.wait_for_url("**&at.x=5")
    page.reload()
    expect(page.locator('input[name="set.x"]')).to_have_value("5")
    page.get_by_role("link", name="Rules", exact=True).click()
    page.wait_for_url("**/rules")
    page.go_back()
    undo(page)
    expect(page.locator('input[name="set.x"]')).to_have_value("1")
    undo(page)
    expect(page.locator(EXPR)).to_have_value("x*y")


def test_nothing_is_done_by_itself_that_could_be_undone(open_page: OpenPage) -> None:
    for query in (
        "?frame=999999",
        "?side=plot&plot=x",
        "?expr=w=0.5;(w*2-1)^2&side=plot",
        "?side=data&data=moons",
    ):
        page = open_page()
        page.goto(f"/{query}")
        page.wait_for_load_state("networkidle")
        expect(page.get_by_role("button", name="Undo")).to_be_disabled()
        assert page.evaluate("history.length") == 2
