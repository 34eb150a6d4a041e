"""A cell that is chosen: it lights up with what it is made of, and its sums follow what is moved."""

from __future__ import annotations

import re
from urllib.parse import urlencode

from playwright.sync_api import Page, expect

PROGRAM = """\
W = [[1, 2], [3, 4]]; x = [5, 6]
z = W @ x
L = sum(sigmoid(z / 20)^2)"""


def marked(page: Page, mark: str) -> list[str]:
    cells = page.locator(f'.sheet [data-cell-mark="{mark}"]')
    return cells.evaluate_all("all => all.map(one => one.getAttribute('data-cell')).sort()")


def test_the_terms_of_a_long_sum_are_opened_by_key(page: Page) -> None:
    program = "A = randn(2, 12, seed=1); x = randn(12, seed=2); z = A @ x; sum(z^2)"
    page.goto("/?" + urlencode({"expr": program, "view": "graph", "about": "z[1]"}))
    line = page.locator(".sums .written").first
    expect(line).to_have_text(re.compile(r"^z\[1\] =\s*Σ of 12 terms\s*[=≈] -?[\d.]+$"))
    page.locator(".sums summary").first.focus()
    page.keyboard.press("Enter")
    terms = page.locator(".sums .sum li")
    expect(terms.nth(11)).to_be_visible()
    expect(terms.nth(11)).to_have_text(
        re.compile(r"^A\[1, 11\] · x\[11\] = \(?-?[\d.]+\)? × \(?-?[\d.]+\)?$")
    )
    before = terms.nth(11).text_content() or ""
    page.get_by_label("x[11]").fill("3")
    page.keyboard.press("Tab")
    expect(terms.nth(11)).not_to_have_text(before)
    terms.nth(0).get_by_role("button", name="A[1, 0]").click()
    expect(page.locator("h2", has_text="A[1, 0]")).to_be_visible()


def test_a_cell_is_followed_through_the_graph(page: Page) -> None:
    page.goto("/?" + urlencode({"expr": PROGRAM, "view": "graph"}))
    expect(page.locator('[data-field="~z[0].value"]')).not_to_be_empty()
    page.locator('.sheet [data-cell="z[1]"]').first.click()
    card = page.locator("[data-fragment=chosen]")
    expect(card).to_contain_text("3 × 5 + 4 × 6 = 39")
    page.wait_for_url("**about=z*")
    assert marked(page, "source") == ["W[1,0]", "W[1,1]", "x[0]", "x[1]"]
    assert marked(page, "chosen") == ["z[1]", "z[1]"]

    card.get_by_role("button", name="x[0]").click()  # a term leads on
    expect(card.locator("h2")).to_have_text("x[0]")
    expect(card).to_contain_text("W[1, 0] · ∂L/∂z[1]")
    assert marked(page, "target") == ["z[0]", "z[1]"]
    assert marked(page, "factor") == ["W[0,0]", "W[1,0]"]

    page.get_by_label("W[1,0]").fill("1/3")
    page.keyboard.press("Tab")
    expect(card.locator('[data-field="(W[1,0].value)"]')).to_have_text("0.3333")
    page.wait_for_url("**at.W=**")
    told = card.inner_text()
    page.goto(page.url)  # the server says the same
    expect(page.locator('.sheet [data-cell-mark="chosen"]').first).to_be_attached()
    assert card.inner_text() == told
    assert "≈" in told or "=" in told


def test_the_keyboard_goes_from_cell_to_cell(page: Page) -> None:
    page.goto("/?" + urlencode({"expr": PROGRAM, "view": "graph", "about": "W"}))
    expect(page.locator('.cell-table [data-field="~W[0,0].gradient"]')).not_to_be_empty()
    page.locator(".cell-table button").first.focus()
    for key in ("ArrowRight", "ArrowDown", "ArrowRight"):  # the last one has nowhere to go
        page.keyboard.press(key)
    expect(page.locator('.cell-table [data-choose="W[1,1]"]')).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("[data-kind=cell] h2")).to_have_text("W[1, 1]")
    expect(page.locator("[data-kind=cell] h2")).to_be_focused()
    assert marked(page, "target") == ["z[1]"]


def test_a_node_is_opened_in_numbers(page: Page) -> None:
    page.goto("/?" + urlencode({"expr": PROGRAM, "view": "graph", "about": "z"}))
    expect(page.locator('.cell-table [data-field="~z[0].value"]')).to_have_text("17")
    page.get_by_role("button", name="Open z in numbers").click()
    expect(page.locator('.sheet [data-node="W_0_1"]')).to_be_attached()
    expect(page.locator('[data-field="z_0.value"]').first).to_have_text("17")
    expect(page.locator("[data-panel=paths]")).to_be_attached()  # all that is told of numbers is there
    page.go_back()
    expect(page.locator('.cell-table [data-field="~z[0].value"]')).to_have_text("17")


def test_the_player_shows_cells_as_it_comes_to_them(page: Page) -> None:
    page.goto("/?" + urlencode({"expr": PROGRAM, "view": "graph", "frame": "2"}))
    expect(page.locator('[data-field="~z[0].value"]')).to_have_text("17")
    expect(page.locator('[data-field="~z[0].gradient"]')).to_have_text("")
    page.locator("[data-go=last]").click()
    expect(page.locator('[data-field="~W[0,0].gradient"]')).not_to_be_empty()
    expect(page.locator(".steps li:not([hidden])")).to_contain_text("gets")


def test_a_cell_has_a_slider_and_a_block_is_pasted(page: Page) -> None:
    page.goto("/?" + urlencode({"expr": PROGRAM, "view": "graph", "about": "W[0,1]"}))
    card = page.locator("[data-fragment=chosen]")
    expect(page.locator('.sheet [data-field="~z[0].value"]')).to_have_text("17")
    card.locator("[data-slides]").focus()
    page.keyboard.press("End")
    expect(page.locator('.sheet [data-field="~z[0].value"]')).to_have_text("35")
    page.wait_for_url("**at.W=**")

    page.get_by_label("W[0,0]").evaluate("""field => {
        const clipboardData = new DataTransfer();
        clipboardData.setData("text", "[[1. 0.]\\n [0. 1.]]");
        field.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
    }""")
    expect(page.locator('.sheet [data-field="~z[1].value"]')).to_have_text("6")
    assert page.get_by_label("W[1,1]").input_value() == "1"


def test_cells_of_the_figure_are_reached_by_the_keyboard(page: Page) -> None:
    """Tab comes to a tensor, arrows lead to others; Enter goes in and chooses, Escape leaves."""
    page.goto("/?" + urlencode({"expr": PROGRAM, "view": "graph"}))
    tensors = page.locator(".graph .sheet .node[tabindex]")
    expect(page.locator('.graph .sheet .node[tabindex="0"]')).to_have_count(1)
    expect(tensors.first).to_have_attribute("role", "group")
    page.locator('.graph .sheet .node[tabindex="0"]').focus()
    focused = page.locator(".graph .sheet :focus")
    seen = set()
    for key in ("ArrowLeft", "ArrowUp", "ArrowRight", "ArrowDown", "ArrowLeft", "ArrowLeft"):
        page.keyboard.press(key)
        seen.add(focused.get_attribute("data-node"))
    assert len(seen) > 1
    page.locator('.graph .sheet [data-node="W"]').focus()
    expect(focused).to_have_attribute("aria-label", "W 2×2; Enter goes to its cells")
    page.keyboard.press("Enter")
    expect(focused).to_have_attribute("data-cell", "W[0,0]")
    for key in ("ArrowDown", "ArrowRight"):
        page.keyboard.press(key)
    expect(focused).to_have_attribute("data-cell", "W[1,1]")
    expect(focused).to_have_attribute("role", "button")
    assert (focused.get_attribute("aria-label") or "").startswith("W[1,1], value ")
    page.keyboard.press("ArrowRight")  # on to the gradient's grid
    assert (focused.get_attribute("aria-label") or "").startswith("W[1,0], gradient ")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Enter")
    expect(page.locator("[data-kind=cell] h2")).to_have_text("W[1, 1]")
    expect(focused).to_have_attribute("data-cell", "W[1,1]")
    assert marked(page, "target") == ["z[1]"]
    page.keyboard.press("Escape")
    expect(focused).to_have_attribute("data-node", "W")
    page.keyboard.press("Enter")  # to the one that is chosen
    expect(focused).to_have_attribute("data-cell", "W[1,1]")


FILL = "element => getComputedStyle(element).fill"


def test_a_chosen_box_keeps_the_colours_of_its_cells(page: Page) -> None:
    """What marks a box marks its frame: cells have their own colours, in grids and in small pictures."""
    for program in ("x = [1, -2, 3]; y = x^2; sum(y)", "x = randn(200, 200, seed=1); y = x^2; sum(y * x)"):
        page.goto("/?" + urlencode({"expr": program, "about": "x"}))
        box = page.locator('.graph .sheet [data-node="x"]')
        expect(box).to_have_attribute("data-marked", "")
        shade = box.locator(".shade-value").first
        expect(shade).to_have_css("stroke", "none")
        assert shade.evaluate(FILL) != box.locator("> rect").first.evaluate(FILL)


def test_a_cell_of_a_small_picture_is_chosen_as_one_of_a_grid_is(page: Page) -> None:
    """By a click and by the keyboard; its number is read out, though none is written in it."""
    program = "X = randn(20, 12, seed=1); W = randn(12, 30, seed=2); z = X @ W; h = tanh(z); L = mean(h^2)"
    page.goto("/?" + urlencode({"expr": program, "view": "graph"}))
    box = page.locator('.graph .sheet [data-node="z"]')
    expect(box).to_have_attribute("aria-label", re.compile("Enter goes to its cells"))
    assert box.locator(".spots").count() == 2
    box.locator('[data-cell="z[1,2]"]').first.click()
    expect(page.locator("[data-fragment=chosen] h2")).to_have_text("z[1, 2]")
    expect(page.locator("[data-fragment=chosen]")).to_contain_text("z[1, 2] = ")
    assert marked(page, "chosen") == ["z[1,2]", "z[1,2]"]
    assert marked(page, "target") == ["h[1,2]"]
    assert {"X[1,0]", "W[0,2]"} <= set(marked(page, "source"))

    box.focus()
    page.keyboard.press("Enter")
    page.keyboard.press("ArrowRight")
    focused = page.locator(".graph .sheet :focus")
    expect(focused).to_have_attribute("data-cell", "z[1,3]")
    expect(focused).to_have_attribute("aria-label", re.compile(r"z\[1,3\], value -?\d"))
    page.keyboard.press("Enter")
    expect(page.locator("[data-fragment=chosen] h2")).to_have_text("z[1, 3]")
