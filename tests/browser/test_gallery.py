"""The gallery of examples: led to from the menu, searched, and each opens."""

from playwright.sync_api import Page, expect

from tests.support.axe import violations


def test_an_example_is_found_and_opened(page: Page) -> None:
    page.goto("/")
    page.get_by_role("button", name="Examples").click()
    page.get_by_role("link", name="All of them, with larger pictures").click()
    expect(page.get_by_role("heading", name="Examples", level=1)).to_be_visible()
    page.get_by_role("searchbox", name="Find").fill("valley")
    page.keyboard.press("Enter")
    expect(page.locator(".gallery li")).to_have_count(1)
    page.wait_for_function("document.querySelector('.gallery img').naturalWidth > 0")
    page.set_viewport_size({"width": 390, "height": 844})
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.locator(".gallery a").click()
    expect(page.get_by_label("Program", exact=True)).to_have_value("(1-x)^2 + 100*(y-x^2)^2")
