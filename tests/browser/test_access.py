"""The page for everyone: axe-core finds nothing, the keyboard reaches everything."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.support.axe import violations

STATES = {
    "start": "/",
    "neuron": "/?expr=z+%3D+w1*x1+%2B+w2*x2%0Aa+%3D+sigmoid(z)%0A(a+-+y)^2&view=graph",
    "mistake": "/?expr=sni(x)",
    "bad number": "/?at.x=abc",
    "seeded": "/?expr=x*y&seed=5",
    "no variable": "/?expr=2%2B3",
}

OpenPage = Callable[..., Page]


def test_axe_finds_nothing_on_tensors_their_tools_and_cells(page: Page) -> None:
    page.goto(
        "/?expr=x+%3D+randn(3,+seed%3D1);+Q+%3D+2x;+sum(Q*exp(x))&panels=paths,nudge&along=random&about=x"
    )
    expect(page.locator('[data-field="path.0.share"]')).to_contain_text("%")
    assert violations(page) == []
    page.locator('.graph .sheet [data-node="Q"]').focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")  # a cell is chosen, and has the focus
    expect(page.locator("[data-kind=cell] h2")).to_have_text("Q[0]")
    expect(page.locator('.graph .sheet [data-cell="Q[0]"]:focus')).to_have_count(1)
    assert violations(page) == []


@pytest.mark.parametrize("path", STATES.values(), ids=STATES)
def test_axe_finds_nothing(page: Page, path: str) -> None:
    page.goto(path)
    assert violations(page) == []


def test_axe_finds_nothing_where_groups_are_closed_and_open(page: Page) -> None:
    page.goto("/?expr=" + "%2B".join(["x"] * 201))
    page.locator("[data-group]").first.click()
    expect(page.locator("[data-frame]")).to_have_count(1)
    assert violations(page) == []


@pytest.mark.parametrize("menu", ["Examples", "Download", "Share", "Help: symbols and keys"])
def test_axe_finds_nothing_in_the_menus(page: Page, menu: str) -> None:
    page.goto("/")
    page.get_by_role("button", name=menu).click()
    assert violations(page) == []


def test_axe_finds_nothing_on_the_page_that_is_not_there(page: Page) -> None:
    # Its status is changed on the way: a 404 elsewhere is a fault of the page.
    page.route("**/gone", lambda route: route.fulfill(response=route.fetch(), status=200))
    page.goto("/gone")
    expect(page.get_by_role("heading")).to_have_text("Not Found")
    assert violations(page) == []


def test_axe_finds_nothing_on_a_phone(open_page: OpenPage) -> None:
    page = open_page(viewport={"width": 390, "height": 844}, has_touch=True)
    page.goto("/")
    assert violations(page) == []


def test_the_keyboard_reaches_everything(page: Page) -> None:
    page.goto("/?panes=graph,nodes&inspector=open")
    page.wait_for_load_state("networkidle")
    reached = []
    for _ in range(75):
        page.keyboard.press("Tab")
        reached.append(
            page.evaluate(
                """() => { const e = document.activeElement;
                return e.name || e.id || e.ariaLabel?.trim() || e.textContent.trim() || e.className; }"""
            )
        )
    for wanted in (
        "Skip to the program",
        "Examples", "Share", "Download", "Dark colours", "expr", "Sweep x", "set.x",
        "min.x", "at.x", "max.x", "step.x", "view", "More of the figure", "Fit the whole graph",
        "viewport", "seed", "c = a · b", "What this pane shows", "The whole window for this pane",
        "Width of the first pane, in percent", "Inspector",
    ):  # fmt: skip
        assert wanted in reached, (wanted, reached)
    # What the bar has no room for beside a second pane is behind a button.
    page.get_by_role("button", name="More of the figure").press("Enter")
    page.keyboard.press("Tab")
    expect(page.locator("#bar-more [name=dir]:checked")).to_be_focused()


def test_what_has_the_focus_is_seen(page: Page) -> None:
    page.goto("/")
    for _ in range(25):
        page.keyboard.press("Tab")
        style = page.evaluate(
            """() => getComputedStyle(document.activeElement.closest(".editor, .switch label")
                ?? document.activeElement).outlineStyle"""
        )
        assert style == "solid", page.evaluate("document.activeElement.outerHTML")


def test_the_menus_close_with_escape_and_give_the_focus_back(page: Page) -> None:
    page.goto("/")
    page.get_by_role("button", name="Examples").press("Enter")
    expect(page.locator("#examples")).to_be_visible()
    page.keyboard.press("Tab")
    page.keyboard.press("Escape")
    expect(page.locator("#examples")).to_be_hidden()
    expect(page.get_by_role("button", name="Examples")).to_be_focused()


def test_the_skip_link_leads_to_the_program(page: Page) -> None:
    page.goto("/")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#expr")).to_be_focused()


@pytest.mark.parametrize("size", [(1366, 768), (844, 390), (390, 844)])
def test_what_is_closed_is_not_seen(open_page: OpenPage, size: tuple[int, int]) -> None:
    page = open_page(viewport={"width": size[0], "height": size[1]})
    page.goto("/?panes=graph,plot")
    closed = (
        "[...document.querySelectorAll('[popover]')].filter((e) => getComputedStyle(e).display !== 'none')"
    )
    assert page.evaluate(f"{closed}.map((e) => e.id)") == []
