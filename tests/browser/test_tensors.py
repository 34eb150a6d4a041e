"""Programs with tensors on the page: what is moved is followed by numbers and colours, without the server."""

from __future__ import annotations

import re
from urllib.parse import urlencode

from playwright.sync_api import Page, expect

from graphviz_backprop.language.numerals import format_number

PROGRAM = """\
W = [[0.15, -0.2], [0.25, 0.3]]; x = [0.05, 0.1]
z = W @ x * s
sum(sigmoid(z + b)^2)"""
CELLS = "[data-shade], .diagram [data-field], [data-variable] [data-field], .result [data-field]"
SHOWN = "all => all.map(one => [one.dataset.shade, one.getAttribute('fill-opacity'), one.textContent])"


def shown(page: Page) -> list[object]:
    return page.locator(CELLS).evaluate_all(SHOWN)


def opened(page: Page, **given: str) -> None:
    page.goto("/?" + urlencode({"expr": PROGRAM, "view": "graph", **given}))
    expect(page.locator('[data-field="~z[0].value"]')).not_to_be_empty()


def test_a_slider_moves_every_cell_as_the_server_would(page: Page) -> None:
    opened(page)
    before = page.locator('[data-field="~W[0,1].gradient"]').text_content() or ""
    page.fill('input[name="set.s"]', "-3.5")
    page.keyboard.press("Tab")
    expect(page.locator('[data-field="~W[0,1].gradient"]')).not_to_have_text(before)
    page.wait_for_url("**at.s=-3.5**")
    moved = shown(page)
    page.goto(page.url)
    assert shown(page) == moved
    assert any(text for _, _, text in moved)  # type: ignore[misc]


def test_cells_of_the_address_stay_in_it(page: Page) -> None:
    opened(page, **{"at.x": "[2, -1]"})
    expect(page.locator('[data-field="~x[0].value"]')).to_have_text("2")
    page.fill('input[name="set.b"]', "2")
    page.keyboard.press("Tab")
    page.wait_for_url("**at.b=2**")
    assert "at.x=" in page.url
    expect(page.locator('[data-field="~x[1].value"]')).to_have_text("-1")


def test_without_scripts_the_cells_are_there(page: Page) -> None:
    context = page.context.browser.new_context(java_script_enabled=False)  # type: ignore[union-attr]
    plain = context.new_page()
    opened(page)
    plain.goto(page.url)
    assert shown(plain) == shown(page)
    context.close()


def test_a_cell_is_changed_in_its_field(page: Page) -> None:
    opened(page)
    field = page.get_by_label("W[0,1]")
    assert field.input_value() == "-0.2"
    field.fill("1/4")
    field.press("Tab")
    expect(page.locator('[data-field="~W[0,1].value"]')).to_have_text("0.25")
    page.wait_for_url("**at.W=**")
    moved = shown(page)
    page.goto(page.url)
    assert page.get_by_label("W[0,1]").input_value() == "0.25"
    assert shown(page) == moved
    page.get_by_label("W[0,1]").fill("many")
    page.keyboard.press("Tab")
    expect(page.locator(".tensor-input [role=alert]").first).to_contain_text("“many” is no number")


def test_drawn_numbers_are_read_in_their_fields(page: Page) -> None:
    """Fields are as wide as the numbers, rows go on in the next line; all digits are there for who writes."""
    page.set_viewport_size({"width": 1366, "height": 768})
    program = "V = 0.1*randn(2, 12, seed=9); W = 0.01*randn(8, 8, seed=7); x = ones(8); sum(V) + sum(W @ x)"
    page.goto("/?" + urlencode({"expr": program, "view": "graph"}))
    field = page.get_by_label("V[1,11]")
    expect(field).to_have_attribute("title", re.compile(r"V\[1,11\] = -0\.0983\d{8,}"))
    page.get_by_text("64 cells").click()
    assert page.locator("[data-tensor=W] input:visible").count() == 64
    cut = "all => all.filter(one => one.scrollWidth > one.clientWidth).length"
    assert page.locator(".tensor-input, [data-cell]:visible").evaluate_all(cut) == 0
    short, full = field.input_value(), (field.get_attribute("title") or "").partition(" = ")[2]
    assert short == format_number(float(full))
    field.focus()
    expect(field).to_have_value(full)
    assert field.evaluate("one => one.scrollWidth <= one.clientWidth")
    field.press("Tab")
    expect(field).to_have_value(short)
    assert "at.V" not in page.url
    page.locator("select[name=digits]").select_option("8")
    expect(field).to_have_value(format_number(float(full), 8))
    assert page.locator(".tensor-input, [data-cell]:visible").evaluate_all(cut) == 0


def test_notes_follow_a_cell_and_are_the_servers_own(page: Page) -> None:
    told = page.locator('[data-field="note.0.text"]')
    page.goto("/?" + urlencode({"expr": "W = [[1, -2], [3, -4]]; h = relu(W); sum(h * h)", "view": "graph"}))
    expect(told).to_have_text(
        "h[:, 1] is dead: relu is flat at all its 2 cells, and 0 flows back to W[:, 1]."
    )
    page.get_by_label("W[0,1]").fill("2")
    page.keyboard.press("Tab")
    expect(told).to_be_empty()
    page.get_by_label("W[1,0]").fill("-3")
    page.keyboard.press("Tab")
    expect(told).to_contain_text("h[1, :] is dead")
    said = told.text_content() or ""
    page.wait_for_url("**at.W=**-3**")
    page.goto(page.url)
    expect(told).to_have_text(said)


def nudged(page: Page) -> dict[str, str | None]:
    words = ("predicted", "actual")
    return {word: page.locator(f'[data-field="nudge.{word}"]').text_content() for word in words}


def test_a_nudge_of_a_tensor_follows_sliders_and_is_the_servers(page: Page) -> None:
    """Along its gradient, a random direction, a cell: without the server, and the same as from it."""
    predicted = page.locator('[data-field="nudge.predicted"]')
    opened(page, panels="nudge", about="W")
    expect(predicted).not_to_be_empty()
    before = predicted.text_content() or ""
    page.fill('input[name="set.s"]', "-3.5")
    page.keyboard.press("Tab")
    expect(predicted).not_to_have_text(before)
    before = predicted.text_content() or ""
    page.select_option("[name=along]", "random")
    expect(predicted).not_to_have_text(before)
    before = predicted.text_content() or ""
    page.get_by_role("button", name="Another one").click()
    expect(predicted).not_to_have_text(before)
    expect(page.locator("[name=drawn]")).to_have_value("1")
    page.wait_for_url("**drawn=1**")
    told = nudged(page)
    page.reload()
    expect(predicted).to_have_text(told["predicted"] or "")
    assert nudged(page) == told
    page.get_by_role("button", name="Undo", exact=True).click()
    expect(predicted).to_have_text(before)
    page.locator('[data-fragment=chosen] [data-choose="W[0,1]"]').click()
    expect(page.locator("label[for^=h]")).to_have_text("Move W[0, 1] by h =")
    expect(page.locator("[name=along]")).to_have_count(0)
    told = nudged(page)
    page.reload()
    expect(predicted).to_have_text(told["predicted"] or "")
    assert nudged(page) == told


def test_paths_to_a_tensor_follow_sliders_and_add_up(page: Page) -> None:
    """Two ways to x, each with its cells and its share: without the server, and the same as from it.

    The one with the larger share stands first.
    """
    program = "x = [1, 2]; Q = x * s; K = exp(x / 2); sum(Q * K)"
    page.goto("/?" + urlencode({"expr": program, "view": "graph", "panels": "paths", "about": "x"}))
    rows = page.locator(".tensor-paths tbody > tr:has(> .number)")
    expect(rows).to_have_count(2)
    expect(rows.locator("b")).to_have_text(["through Q", "through K"])
    share = page.locator('[data-field="path.0.share"]')
    expect(share).to_contain_text("%")
    before = share.text_content() or ""
    page.get_by_label("x[1]").fill("4")
    page.keyboard.press("Tab")
    expect(share).not_to_have_text(before)
    page.wait_for_url("**at.x=**")
    expect(rows.locator("b")).to_have_text(["through K", "through Q"])
    told = page.locator(".tensor-paths [data-field]")
    numbers = told.all_text_contents()
    shares = [float(text.removesuffix(" %")) for text in numbers if text.endswith("%")]
    assert abs(sum(shares) - 100) < 0.1
    page.reload()
    expect(share).not_to_be_empty()
    assert told.all_text_contents() == numbers
    rows.filter(has_text="through Q").hover()
    expect(page.locator('.graph .sheet [data-node="Q"]')).to_have_class(re.compile(r"\blit\b"))


def test_a_tensor_is_drawn_again_and_scaled_as_a_whole(page: Page) -> None:
    """In the program's text where it draws the cells, else in the cells; each is one step to be undone."""
    text, cell = page.locator("textarea[name=expr]"), page.locator('[data-field="~W[0,1].value"]')
    undo = page.get_by_role("button", name="Undo", exact=True)
    drawn = "W = 0.5 * randn(2, 2, seed=7); x = [4, -8]\nsum(sigmoid(W @ x))"
    page.goto("/?" + urlencode({"expr": drawn, "view": "graph"}))
    expect(page.get_by_role("button", name="Draw again: W")).to_be_visible()
    expect(page.get_by_role("button", name="Draw again: x")).to_have_count(0)
    first = cell.text_content() or ""
    for seed in (8, 9):
        page.get_by_role("button", name="Draw again: W").click()
        expect(text).to_have_value(drawn.replace("seed=7", f"seed={seed}"))
        expect(cell).not_to_have_text(first)
    undo.click()
    expect(text).to_have_value(drawn.replace("seed=7", "seed=8"))
    undo.click()
    expect(cell).to_have_text(first)
    page.get_by_label("All cells of W, times").press("End")  # times four
    expect(text).to_have_value(drawn.replace("0.5", "2"))
    expect(cell).not_to_have_text(first)
    assert "at.W" not in page.url
    page.get_by_label("All cells of x, times").press("Home")  # a quarter
    expect(page.get_by_label("x[1]")).to_have_value("-2")
    page.wait_for_url("**at.x=**")
    expect(text).to_have_value(drawn.replace("0.5", "2"))
    undo.click()
    expect(page.get_by_label("x[1]")).to_have_value("-8")
    undo.click()
    expect(text).to_have_value(drawn)
    expect(cell).to_have_text(first)
    page.get_by_label("W[0,1]").fill("1")
    page.keyboard.press("Tab")
    page.get_by_label("All cells of W, times").press(
        "End"
    )  # from where they stand: the text has no such cell
    expect(page.get_by_label("W[0,1]")).to_have_value("4")
    expect(text).to_have_value(drawn)
