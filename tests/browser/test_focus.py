"""Focus in the figure, and what brings a node into sight wherever it is."""

from urllib.parse import urlencode

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_find import IN_SIGHT

NEURON = "z = w1*x1 + w2*x2 + w3*x3 + w4*x4 + b\na = sigmoid(z)\n(a - y)^2"
LARGE = " + ".join(f"sin({k}x)*y{k}" for k in range(60))


def test_a_part_is_shown_alone_and_all_of_it_again(page: Page) -> None:
    page.goto(f"/?{urlencode({'expr': NEURON, 'about': 'w1'})}")
    nodes = page.locator(".sheet [data-node]")
    expect(nodes).to_have_count(22)
    focus = page.get_by_role("button", name="Focus", exact=True)
    focus.click()
    expect(page.locator("[data-fragment=focus]")).to_have_text("Between w1 and v: 9 of 22 nodes")
    expect(nodes).to_have_count(9)
    expect(focus).to_have_attribute("aria-pressed", "true")
    assert "focus=w1" in page.url
    # The steps go through the part, and its numbers are live.
    page.locator("[data-go=next]").click()
    expect(page.locator(".steps li[data-step]:visible .place")).to_contain_text("Forward 1 of 9")
    page.locator("[data-go=close]").click()
    page.locator('input[name="set.x1"]').fill("3")
    expect(page.locator('.sheet [data-field="a.value"]')).to_have_text("0.9991")
    page.locator('.sheet [data-node="a"]').dispatch_event("click")
    page.get_by_role("button", name="Only below it").click()
    expect(page.locator("[data-fragment=focus]")).to_have_text("What a depends on: 18 of 22 nodes")
    expect(nodes).to_have_count(18)
    page.reload()
    expect(nodes).to_have_count(18)
    expect(page.locator("[data-fragment=focus]")).to_be_visible()
    page.get_by_role("button", name="Show the whole graph").click()
    expect(nodes).to_have_count(22)
    expect(page.locator("[data-fragment=focus]")).to_be_hidden()
    assert "focus" not in page.url
    page.go_back()
    expect(nodes).to_have_count(18)


@pytest.mark.parametrize("state", [{}, {"focus": "y7"}, {"constants": "hidden"}, {"panes": "plot"}])
def test_show_in_the_graph_opens_what_hides_a_node(page: Page, state: dict[str, str]) -> None:
    """In a closed group, in a box of variables, out of focus, with constants hidden, in another pane."""
    page.goto(f"/?{urlencode({'expr': LARGE, 'about': 'y31', 'inspector': 'open', **state})}")
    page.wait_for_load_state("networkidle")
    page.get_by_role("button", name="Show in the graph").click()
    leaf = page.locator(".chosen [data-show]").get_attribute("data-show")
    page.wait_for_function(IN_SIGHT, arg=leaf)


def test_a_row_of_the_table_brings_its_node(page: Page) -> None:
    page.goto(f"/?{urlencode({'expr': LARGE, 'panes': 'graph,nodes'})}")
    page.wait_for_load_state("networkidle")
    row = page.locator("[data-row]").nth(40)
    row.locator("th > button").first.click()
    page.wait_for_function(IN_SIGHT, arg=row.get_attribute("data-row"))
