"""What goes wrong around the page: answers of others, in the wrong order, memory that is refused."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

from tests.browser.test_page import check_numbers
from tests.support.panes import show

OpenPage = Callable[..., Page]
PORTAL = "<h1>Airport</h1><p data-fragment='problem'>Log in</p>"


@pytest.fixture
def quiet(browser: object, server: str) -> BrowserContext:
    """A context in which faults of the network are expected."""
    return browser.new_context(base_url=server, viewport={"width": 1366, "height": 768})  # type: ignore[attr-defined, no-any-return]


@pytest.mark.parametrize("status", [200, 502])
def test_an_answer_of_others_is_no_answer(quiet: BrowserContext, status: int) -> None:
    """A portal's page, or a proxy's: nothing of it is shown, what is there stays, and the page heals."""
    with quiet:
        page = quiet.new_page()
        thrown: list[str] = []
        page.on("pageerror", lambda fault: thrown.append(str(fault)))
        page.goto("/")
        for asked in ("**/fragments**", "**/api/**", "**/graph.svg**", "**/formula**"):
            page.route(
                asked, lambda route: route.fulfill(status=status, content_type="text/html", body=PORTAL)
            )
        page.fill("#expr", "x^3")
        expect(page.locator("#offline")).to_be_visible()
        expect(page.get_by_text("The last program that was drawn")).to_be_visible()
        check_numbers(page, "(4*x+1)^2", {"x": 1.0})
        page.locator('input[name="at.x"]').press("ArrowRight")
        check_numbers(page, "(4*x+1)^2", {"x": 1.1})
        show(page, "data")
        page.locator("[data-part=set]").select_option("moons")
        expect(page.locator("[data-part=fault]")).to_contain_text("can't be reached")
        expect(page.locator("body")).not_to_contain_text("Airport")
        page.unroute_all()
        expect(page.locator("#offline")).to_be_hidden()
        expect(page.get_by_text("The last program that was drawn")).to_be_hidden()
        check_numbers(page, "x^3", {"x": 1.1})
        assert thrown == []


@pytest.mark.parametrize("status", [503, 429])
def test_a_server_that_is_busy_is_not_said_to_be_lost(quiet: BrowserContext, status: int) -> None:
    with quiet:
        page = quiet.new_page()
        page.goto("/")
        own = {"X-Backprop": "1", "Retry-After": "1"}
        page.route("**/fragments**", lambda route: route.fulfill(status=status, headers=own, body=""))
        page.fill("#expr", "x^3")
        expect(page.locator("#offline")).to_contain_text("many others to serve")
        page.unroute_all()
        check_numbers(page, "x^3", {"x": 1.0})


def test_of_two_edits_the_later_one_is_shown_whatever_comes_first(page: Page) -> None:
    page.goto("/")
    held: list[Route] = []

    def hold_first(route: Route) -> None:
        if "y" in route.request.url.split("expr=")[1]:
            route.continue_()
        else:
            held.append(route)

    page.route("**/fragments**", hold_first)
    page.fill("#expr", "x^3")
    page.wait_for_function("() => document.querySelector('.board').getAttribute('aria-busy') === 'true'")
    page.fill("#expr", "5*y")
    check_numbers(page, "5*y", {"y": 1.0})
    for route in held:
        route.continue_()
    page.fill("#expr", "5*y+y")  # an answer that comes after all that was held
    check_numbers(page, "5*y+y", {"y": 1.0})
    assert held


REFUSING = """
for (const name of ["localStorage", "sessionStorage"]) {
  Object.defineProperty(window, name, { get() { throw new DOMException("no", "SecurityError"); } });
}
"""


def test_a_browser_that_remembers_nothing_shows_all_the_same(page: Page) -> None:
    """Storage that is refused, as in private windows: the page works, and so do themes, undo, digits."""
    page.add_init_script(REFUSING)
    page.goto("/")
    page.fill("#expr", "x^3")
    check_numbers(page, "x^3", {"x": 1.0})
    page.locator("[data-tool=theme]").click()
    page.locator('input[name="at.x"]').press("ArrowRight")
    check_numbers(page, "x^3", {"x": 1.1})
    page.wait_for_url("**at.x=1.1**")
    page.reload()
    check_numbers(page, "x^3", {"x": 1.1})
