"""Pasting a formula into the editor: the graph at once, what was understood, one click there and one back."""

from playwright.sync_api import Page, expect


def test_a_pasted_formula_is_shown_and_written_and_taken_back(page: Page) -> None:
    pasted = r"\frac{1}{1+e^{-x}}"
    page.goto("/?at.x=0")
    editor = page.locator("textarea[name=expr]")
    editor.fill(pasted)
    expect(page.locator("[data-fragment=readings]")).to_contain_text("Read as LaTeX: 1 / (1 + e^-x)")
    expect(page.locator("svg [data-field='a.value']").first).to_have_text("1")
    back = page.get_by_role("link", name="Back to what was written")
    expect(back).to_be_hidden()

    page.get_by_role("link", name="Write it so").click()
    expect(editor).to_have_value("1 / (1 + e^-x)")
    expect(page.locator("[data-fragment=readings]")).not_to_contain_text("Read as")

    back.click()
    expect(editor).to_have_value(pasted)
    expect(page.locator("[data-fragment=readings]")).to_contain_text("Read as LaTeX")
    expect(back).to_be_hidden()

    page.go_back()
    expect(editor).to_have_value("1 / (1 + e^-x)")


def test_a_mistake_in_it_is_marked_where_it_was_pasted(page: Page) -> None:
    page.goto("/")
    page.locator("textarea[name=expr]").fill(r"1 + \sum_i x_i + 2")
    expect(page.get_by_role("alert")).to_contain_text("Write the sum's terms out")
    expect(page.locator(".mirror > :nth-child(2)")).to_have_text(r"\sum")
