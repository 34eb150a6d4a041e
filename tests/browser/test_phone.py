"""A phone: the figure stays in sight while one slides, steps and reads; fingers find their targets."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from graphviz_backprop.web.shown.examples import GROUPS
from tests.support.axe import violations
from tests.support.widths import too_wide

OpenPage = Callable[..., Page]
XOR = next(example for group in GROUPS for example in group.examples if example.title == "Learning XOR")
EXAMPLES = [example for group in GROUPS for example in group.examples]
UPRIGHT = {"width": 390, "height": 844}
ACROSS = {"width": 844, "height": 390}
TABS = ("program", "variables", "explain")

# What a finger presses; targets within a line of text are excepted, as in WCAG 2.5.8.
SMALL = """() => [...document.querySelectorAll("button, select, summary, input, label.toggle, nav a")]
  .filter((e) => e.checkVisibility({ opacityProperty: true }) && e.tabIndex >= 0)
  .filter((e) => !e.closest("[popover], p"))
  .filter((e) => !(e.matches("input") && e.closest("label")))
  .map((e) => [e.outerHTML.slice(0, 90), e.getBoundingClientRect()])
  .filter(([, box]) => box.width && (box.height < 43.5 || box.width < 43.5))
  .map(([said, box]) => `${Math.round(box.width)}x${Math.round(box.height)} ${said}`)"""


@pytest.fixture(params=[UPRIGHT, ACROSS], ids=["upright", "across"])
def phone(open_page: OpenPage, request: pytest.FixtureRequest) -> Page:
    return open_page(viewport=request.param, has_touch=True)


def test_no_page_is_longer_than_the_screen(phone: Page) -> None:
    for example in EXAMPLES:
        phone.goto(f"/?{example.query}")
        page = "document.documentElement"
        assert phone.evaluate(f"[{page}.scrollWidth - innerWidth, {page}.scrollHeight - innerHeight]") == [
            0,
            0,
        ]


def test_the_figure_is_in_sight_in_every_tab(phone: Page) -> None:
    phone.goto("/?expr=3x^2%2B2x*y%2By^2")
    for tab in TABS:
        phone.locator(f'[data-tab="{tab}"]:is(button)').click()
        expect(phone.locator("#board")).to_have_attribute("data-tab", tab)
        box = phone.locator("#viewport").bounding_box()
        size = phone.viewport_size
        assert box and size
        assert box["y"] >= 0
        assert box["y"] + box["height"] <= size["height"]
        assert box["height"] >= 150
    visible = {"program": "#expr", "variables": 'input[name="at.x"]', "explain": ".result-card"}
    for tab in visible:
        phone.locator(f'[data-tab="{tab}"]:is(button)').click()
        for other, element in visible.items():
            expect(phone.locator(element)).to_be_visible(visible=other == tab)


def test_sliding_moves_the_figure_that_is_seen(phone: Page) -> None:
    phone.goto("/")
    phone.locator('input[name="at.x"]').press("End")
    expect(phone.locator('#sheet [data-field="g.value"]')).to_have_text("441")
    expect(phone.locator('#sheet [data-field="g.value"]')).to_be_in_viewport()


def test_a_tap_on_a_node_explains_it(open_page: OpenPage) -> None:
    page = open_page(viewport=UPRIGHT, has_touch=True)
    page.goto("/")
    page.wait_for_load_state("networkidle")
    page.locator("#sheet [data-node=c]").tap()
    expect(page.locator("[data-fragment=chosen] h2")).to_have_text("c = a · b")
    expect(page.locator("[data-fragment=chosen] h2")).to_be_in_viewport()


def test_a_second_pane_is_a_tab_of_its_own(phone: Page) -> None:
    phone.goto("/?side=plot")  # an address of earlier pages asks for the plot, so it is in sight
    expect(phone.locator("#board")).to_have_attribute("data-tab", "pane")
    expect(phone.locator('[data-plot="main"] path').first).to_be_in_viewport()
    expect(phone.locator("#viewport")).to_be_in_viewport()
    phone.locator('.pane[data-pane="plot"] [data-pane-act="close"]').click()
    expect(phone.locator("#board")).to_have_attribute("data-tab", "variables")


@pytest.mark.parametrize(
    "query",
    [
        *(f"expr=x*y&tab={tab}&about=c&panels=paths,nudge&frame=3" for tab in TABS),
        "panes=graph,plot",
        "panes=graph,data&data=line,50,0,0.1&expr=(w*x%2Bb-y)^2",
        XOR.query,
    ],
)
def test_targets_are_large_enough_for_fingers(open_page: OpenPage, query: str) -> None:
    page = open_page(viewport=UPRIGHT, has_touch=True)
    page.goto(f"/?{query}")
    page.wait_for_load_state("networkidle")
    assert page.evaluate(SMALL) == []
    assert too_wide(page) == []


def test_what_the_bar_has_no_room_for_is_behind_one_button(open_page: OpenPage) -> None:
    """Nothing is off the screen: neither buttons of the bar nor what they open."""
    page = open_page(viewport=UPRIGHT, has_touch=True)
    page.goto(f"/?{XOR.query}")
    page.wait_for_load_state("networkidle")
    for button, opened in ((".bar-opens", "#bar-more"), (".graph .of-network[popovertarget]", "#builder")):
        page.locator(button).tap()
        expect(page.locator(opened)).to_be_visible()
        box = page.locator(opened).bounding_box()
        assert box
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= UPRIGHT["width"]
        page.keyboard.press("Escape")
    page.locator(".bar-opens").tap()
    page.get_by_label("Heat").check()
    expect(page.locator("#board")).to_have_attribute("data-heated", "")


@pytest.mark.parametrize("tab", [*TABS, "pane"])
def test_axe_finds_nothing(phone: Page, tab: str) -> None:
    phone.goto(f"/?expr=x*y&tab={tab}&panes=graph,plot&about=c&frame=2")
    phone.wait_for_load_state("networkidle")
    assert violations(phone) == []
