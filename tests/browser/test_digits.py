"""How many digits numbers have: everywhere alike, and all of them on hover and in a copy."""

import math

from playwright.sync_api import Page, expect

FULL = str(1 / 3 * math.cos(1))


def test_digits_are_chosen_for_all_numbers(page: Page) -> None:
    page.goto("/?expr=sin(x)/3")
    total = page.locator("[data-fragment=result] [data-field='x.total']")
    expect(total).to_have_text("0.1801")
    page.get_by_label("Digits").select_option("10")
    expect(total).to_have_text("0.1801007686")
    expect(page.locator("svg [data-field='a.gradient']")).to_have_text("0.1801007686")
    expect(page).to_have_url("/?expr=sin(x)/3&digits=10")

    page.locator("input[type=range][name='at.x']").press("ArrowRight")
    expect(total).to_have_text(f"{math.cos(1.1) / 3:.10f}")

    page.goto("/?expr=sin(x)/3&digits=17")
    expect(page.get_by_label("Digits")).to_have_value("17")
    expect(page.locator("svg [data-field='a.gradient']")).to_have_text(FULL)


def test_every_digit_on_hover_and_in_a_copy(page: Page) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto("/?expr=sin(x)/3&panes=graph,nodes")
    total = page.locator("[data-fragment=result] [data-field='x.total']")
    expect(total).to_have_text("0.1801")
    if not total.is_visible():
        page.get_by_role("button", name="Inspector").click()
    total.hover()
    expect(total).to_have_attribute("title", FULL)
    page.locator("svg [data-field='a.gradient']").hover()
    expect(page.locator(f"div[title='{FULL}']:has(svg)").first).to_be_attached()

    total.evaluate("element => getSelection().selectAllChildren(element)")
    page.keyboard.press("Control+c")
    assert page.evaluate("navigator.clipboard.readText()") == FULL
    page.locator("table:has([data-field])").first.evaluate(
        "element => getSelection().selectAllChildren(element)"
    )
    page.keyboard.press("Control+c")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert FULL in copied
    assert "\t" in copied and len(copied.splitlines()) > 3


def test_a_name_in_the_figure_is_copied_as_it_was_typed(page: Page) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto("/?expr=w2_11*theta&view=graph")
    title = page.locator('.graph .sheet .node:has([data-typed="w2_11"]) .title')
    expect(title).to_have_text("a = w11(2)")
    expect(page.locator("[data-fragment=result] [data-field='theta.total']")).to_have_text("1")
    title.evaluate("element => getSelection().selectAllChildren(element)")
    page.keyboard.press("Control+c")
    assert page.evaluate("navigator.clipboard.readText()") == "a = w2_11"
