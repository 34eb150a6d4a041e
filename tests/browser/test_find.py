"""Finding a node in the figure: by key and button, through all hits, inside closed groups."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

FIELD = "Name, operation or text of a node"
MANY = (
    "%0A".join(f"a{n} = sin(x*{n}) %2B w{n}" for n in range(1, 40))
    + "%0A"
    + "%2B".join(f"a{n}" for n in range(1, 40))
)
IN_SIGHT = """(id) => {
  const node = document.querySelector(`.sheet [data-node="${CSS.escape(id)}"]`);
  if (!node) return false;
  const [box, frame] = [node, document.querySelector(".viewport")].map((e) => e.getBoundingClientRect());
  const figure = node.closest("svg");
  const text = Math.min(...[...node.querySelectorAll("text")].map((text) =>
    parseFloat(getComputedStyle(text).fontSize)));
  return box.left >= frame.left && box.right <= frame.right && box.top >= frame.top
    && box.bottom <= frame.bottom
    && text * figure.getScreenCTM().a >= 9.9;
}"""


def find(page: Page, text: str) -> None:
    page.locator(".graph .viewport").press("Control+f")
    page.get_by_label(FIELD).fill(text)


def test_enter_goes_through_all_hits_and_back(page: Page) -> None:
    page.goto("/?expr=x*y%2Bx*z%2Bsin(x*y*z)&view=graph&open=all&constants=shown")
    find(page, "product")
    status = page.locator(".find [role=status]")
    expect(status).to_have_text("3 found")
    seen = []
    for at in ("1 of 3", "2 of 3", "3 of 3", "1 of 3"):
        page.keyboard.press("Enter")
        expect(status).to_have_text(at)
        seen.append(page.evaluate("document.querySelector('.sheet [data-marked]')?.dataset.node"))
    assert len(set(seen[:3])) == 3
    assert seen[3] == seen[0]
    page.keyboard.press("Shift+Enter")
    expect(status).to_have_text("3 of 3")
    page.get_by_role("button", name="The next one").click()
    expect(status).to_have_text("1 of 3")
    page.get_by_label(FIELD).press("Escape")
    expect(page.locator(".find")).to_be_hidden()
    expect(page.locator(".graph .viewport")).to_be_focused()


def test_what_is_not_there_is_said(page: Page) -> None:
    page.goto("/")
    page.get_by_role("button", name="Find a node").click()
    page.get_by_label(FIELD).fill("tanh")
    expect(page.locator(".find [role=status]")).to_have_text("nothing found")
    page.keyboard.press("Enter")
    expect(page.locator("#expr")).to_have_value("(4*x+1)^2")
    expect(page.get_by_role("button", name="Undo")).to_be_disabled()


@pytest.mark.parametrize("size", [(1366, 768), (390, 844)])
def test_a_node_in_a_large_graph_comes_into_sight_at_readable_size(page: Page, size: tuple[int, int]) -> None:
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.goto(f"/?expr={MANY}")
    page.wait_for_load_state("networkidle")
    find(page, "a23")
    page.keyboard.press("Enter")
    page.wait_for_function(IN_SIGHT, arg="a23")
    expect(page.locator('.sheet [data-node="a23"][data-marked]')).to_have_count(1)
    expect(page.locator(".find [role=status]")).to_have_text("1 of 2")


def test_the_page_has_a_key_for_it_too(page: Page) -> None:
    page.goto("/")
    page.keyboard.press("/")
    expect(page.get_by_label(FIELD)).to_be_focused()
    page.keyboard.type("/k?")
    expect(page.get_by_label(FIELD)).to_have_value("/k?")
