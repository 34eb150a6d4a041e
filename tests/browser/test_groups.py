"""Groups in the figure: closed they are a box, opened in place, and the numbers through them are live."""

import json
import re
from pathlib import Path
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Page, Route, expect

from graphviz_backprop.api import network
from tests.browser.conftest import OpenPage

CHAIN = "f(x) = 7x + 3\ng(x) = x^2\ng(f(x))"
# Whether the node has its middle where it was.
STANDS = """(before) => {
    const node = document.querySelector('.sheet [data-node="e"]');
    if (node.getAnimations().length) return false;
    const box = node.getBoundingClientRect();
    const [x, y] = [before.x + before.width / 2, before.y + before.height / 2];
    return Math.hypot((box.left + box.right) / 2 - x, (box.top + box.bottom) / 2 - y) < 6;
}"""
LARGE = " + ".join(f"sin({k}x)" for k in range(80))


def address(**parameters: str) -> str:
    return f"/?{urlencode(parameters)}"


def field(page: Page, name: str) -> str:
    return page.locator(f'.sheet .texts:not(.aside) [data-field="{name}"]').text_content() or ""


def test_two_closed_boxes_are_the_chain_rule(page: Page) -> None:
    page.goto(address(expr=CHAIN, shut="all"))
    expect(page.locator(".sheet [data-group]")).to_have_count(2)
    expect(page.locator(".sheet [data-node]")).to_have_count(3)
    assert [field(page, f"{key}.partial") for key in ("e~0.0", "i~0.0")] == ["7", "20"]
    assert [field(page, f"{key}.flow") for key in ("e~0.0", "i~0.0")] == ["140", "20"]
    page.locator('input[name="set.x"]').fill("2")
    expect(page.locator('[data-field="i~0.0.partial"]')).to_have_text("34")
    expect(page.locator('[data-field="e~0.0.flow"]')).to_have_text("238")


@pytest.mark.parametrize("way", ["click", "Enter"])
def test_a_group_opens_in_place_and_closes_again(page: Page, way: str) -> None:
    page.goto(address(expr=CHAIN, shut="all"))
    box = page.locator('[data-group="e~0"]')
    before = page.locator('[data-node="e"]').bounding_box()
    if way == "click":
        box.click()
    else:
        box.locator(".opener").focus()
        page.keyboard.press("Enter")
    expect(page.locator('[data-frame="e~0"]')).to_have_count(1)
    expect(page.locator(".sheet [data-node]")).to_have_count(7 - 1)  # the constant of g is inside
    expect(page.locator('[data-field="c.1.flow"]')).to_have_text("140")
    assert "open=e%7E0" in page.url or "open=e~0" in page.url
    page.wait_for_function(STANDS, arg=before)
    page.locator('[data-close="e~0"]').click()
    expect(page.locator(".sheet [data-node]")).to_have_count(3)


def test_a_node_stays_where_it_is_though_a_group_is_opened_before_the_view_is_there(page: Page) -> None:
    """It was asked for its place when the next figure had come already."""
    waiting: list[Route] = []
    page.route("**/vendor/panzoom.js*", lambda route: waiting.append(route))
    page.goto(address(expr=CHAIN, shut="all"))
    before = page.locator('[data-node="e"]').bounding_box()
    page.locator('[data-group="e~0"] > .opener').focus()
    page.keyboard.press("Enter")
    expect(page.locator('[data-frame="e~0"]')).to_have_count(1)
    assert waiting
    for route in waiting:
        route.continue_()
    page.wait_for_function(STANDS, arg=before)


def test_a_node_stays_where_it_is_though_the_frame_changes_before_the_next_figure_comes(page: Page) -> None:
    page.goto(address(expr=CHAIN, shut="all"))
    expect(page.locator(".overview path").first).to_be_attached()
    waiting: list[Route] = []
    page.route("**/picture?*", lambda route: waiting.append(route))
    before = page.locator('[data-node="e"]').bounding_box()
    page.locator('[data-group="e~0"] > .opener').focus()
    with page.expect_request("**/picture?*"):
        page.keyboard.press("Enter")
    page.set_viewport_size({"width": 1300, "height": 768})
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    for route in waiting:
        route.continue_()
    expect(page.locator('[data-frame="e~0"]')).to_have_count(1)
    page.wait_for_function(STANDS, arg=before)


def test_a_press_asks_ahead_for_what_its_click_opens(page: Page) -> None:
    asked: list[str] = []
    page.on("request", lambda request: "/picture?" in request.url and asked.append(request.url))
    page.goto(address(expr=CHAIN, shut="all"))
    box = page.locator('[data-group="e~0"]')
    box.hover()
    with page.expect_response("**/picture?*"):
        page.mouse.down()
    expect(box).to_have_count(1)  # nothing opens before the click
    with page.expect_response("**/picture?*"):
        page.mouse.up()
    expect(page.locator('[data-frame="e~0"]')).to_have_count(1)
    assert len(asked) == 2 and len(set(asked)) == 1


def test_the_keyboard_stays_at_a_group_that_it_opens_and_closes(page: Page) -> None:
    """It was nowhere, since the button is gone with the figure."""
    page.goto(address(expr=CHAIN, shut="all"))
    page.locator('[data-group="e~0"] > .opener').focus()
    page.keyboard.press("Enter")
    expect(page.locator('[data-close="e~0"]')).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator('[data-group="e~0"] > .opener')).to_be_focused()


def test_all_are_opened_and_closed_at_once(page: Page) -> None:
    page.goto(address(expr=CHAIN))
    page.get_by_role("button", name="Close all groups").click()
    expect(page.locator(".sheet [data-node]")).to_have_count(3)
    page.get_by_role("button", name="Open all groups").click()
    expect(page.locator(".sheet [data-node]")).to_have_count(7)
    expect(page.get_by_role("button", name="Open all groups")).to_be_disabled()


def test_a_large_program_opens_with_few_boxes_and_says_so(page: Page) -> None:
    page.goto(address(expr=LARGE))
    expect(page.locator(".sheet [data-group]").first).to_be_visible()
    assert page.locator(".sheet [data-node]").count() <= 15
    assert "in 12 boxes" in (page.locator(".sheet svg").get_attribute("aria-label") or "")
    page.locator(".sheet [data-group] .opener").first.press("Enter")
    expect(page.locator("[data-frame]")).to_have_count(1)


def test_typing_another_program_forgets_what_was_opened(page: Page) -> None:
    page.goto(address(expr=CHAIN, shut="all"))
    expect(page.locator(".sheet [data-node]")).to_have_count(3)
    page.fill("#expr", "f(x) = 7x + 3\nf(x) * f(x)")
    expect(page.locator(".sheet [data-group]")).to_have_count(0)
    assert "shut" not in page.url


def test_constants_stand_in_labels_where_they_are_hidden(page: Page) -> None:
    page.goto("/")
    page.get_by_label("Constants").uncheck()
    expect(page.locator('.sheet [data-node="c"] .title')).to_have_text("c = 4 · b")
    expect(page.locator(".sheet [data-node]")).to_have_count(4)
    assert "constants=hidden" in page.url
    page.get_by_label("Constants").check()
    expect(page.locator(".sheet [data-node]")).to_have_count(7)


def test_numbers_without_room_are_seen_where_one_looks(page: Page) -> None:
    page.goto(address(expr=LARGE, open="all"))
    aside = page.locator(".sheet .aside:not(.inactive)").first
    expect(aside).to_be_attached()
    expect(aside).to_be_hidden()
    key = aside.get_attribute("data-edge")
    page.evaluate(
        "(key) => document.querySelector(`.sheet .edge[data-edge='${key}']`)"
        ".dispatchEvent(new PointerEvent('pointerover', { bubbles: true }))",
        key,
    )
    expect(aside).to_be_visible()
    expect(aside.locator("[data-field$='.partial']")).not_to_be_empty()


def test_an_overview_shows_where_one_is_and_goes_elsewhere(page: Page) -> None:
    page.goto(address(expr=LARGE, open="all"))
    overview = page.locator(".graph .overview")
    expect(overview).to_be_visible()
    before = (
        page.locator(".graph .overview rect").get_attribute("x"),
        page.locator(".graph .overview rect").get_attribute("y"),
    )
    box = overview.bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + box["width"] - 3, box["y"] + box["height"] - 3)
    page.wait_for_function(
        "([x, y]) => { const r = document.querySelector('.overview rect');"
        " return r.getAttribute('x') !== x || r.getAttribute('y') !== y; }",
        arg=list(before),
    )
    page.goto("/")
    expect(page.locator(".sheet [data-node]")).to_have_count(7)
    expect(page.locator(".graph .overview")).to_be_hidden()


COVERS_NOTHING = """() => {
  const map = document.querySelector('.graph .overview');
  if (getComputedStyle(map).display === 'none') return true;
  const own = map.getBoundingClientRect();
  const parts = document.querySelectorAll('.graph .sheet :is(.node > rect, .texts:not(.aside) text)');
  return ![...parts].some(part => {
    const {left, right, top, bottom} = part.getBoundingClientRect();
    return left < own.right && right > own.left && top < own.bottom && bottom > own.top;
  });
}"""


@pytest.mark.parametrize("size", [(1366, 768), (1920, 1080), (390, 844)])
def test_the_overview_covers_nothing_and_is_there_while_the_figure_moves(
    open_page: OpenPage, size: tuple[int, int]
) -> None:
    width, height = size
    page = open_page(viewport={"width": width, "height": height})
    terms = " + ".join(f"tanh(w{k}*x + b{k})^2*v{k}" for k in range(4))
    page.goto(address(expr=terms, view="graph", open="all"))
    map_ = page.locator(".graph .overview")
    expect(map_.locator("path")).to_have_attribute("d", re.compile("^M"))
    page.wait_for_function(COVERS_NOTHING)
    frame = page.locator(".graph > .viewport")
    frame.focus()
    for key in ("ArrowDown", "ArrowRight", "ArrowDown"):
        frame.press(key)
        expect(map_).to_be_visible()
        page.wait_for_function(COVERS_NOTHING)


def test_heat_of_a_layer_is_that_of_its_largest_gradient(page: Page) -> None:
    """Only the third neuron of layer 2 gets to the output: the others have the gradient 0."""
    at = {f"at.w3_{j}{k}": "1" if k == 3 else "0" for j in range(1, 7) for k in range(1, 7)}
    page.goto(address(expr=network([4, 6, 6, 2]).text, view="graph", panels="heat", **at))
    page.wait_for_function("() => document.querySelector('.sheet [data-group=\"a2_1~layer\"]').dataset.heat")
    first = page.locator('.sheet [data-group="a2_1~layer"]').get_attribute("data-heat")
    page.locator('.sheet [data-group="a2_1~layer"] .opener').press("Enter")
    third = page.locator('.sheet [data-node="a2_3"]')
    expect(third).to_have_attribute("data-heat", first or "")
    expect(page.locator('.sheet [data-node="a2_1"]')).to_have_attribute("data-heat", "0")
    assert first not in ("0", None)


def test_heat_colours_what_flows_through_groups(page: Page) -> None:
    page.goto(address(expr=CHAIN, shut="all", panels="heat"))
    expect(page.locator('.sheet .edge[data-edge="e~0.0"]')).to_have_attribute("data-heat", "8")


def test_the_player_goes_box_by_box_and_the_figure_keeps_its_size(page: Page) -> None:
    page.goto(address(expr=CHAIN, shut="all"))
    expect(page.locator(".sheet [data-group]")).to_have_count(2)
    box = page.locator(".graph .viewport").bounding_box()
    page.locator("[data-go=next]").click()
    expect(page.locator(".steps li[data-step]:visible .place")).to_contain_text("Forward 1 of 3")
    assert page.locator(".graph .viewport").bounding_box() == box
    last = page.locator('.sheet .texts[data-edge="i~0.0"]')
    expect(last.locator('[data-field="i~0.0.value"]')).to_be_empty()
    # An edge that nothing has come along is drawn through the place of its texts.
    expect(last.locator(".bridge")).not_to_have_css("stroke", "none")
    page.locator("[data-go=last]").click()
    expect(page.locator(".steps li[data-step]:visible .place")).to_contain_text("Backward 3 of 3")
    expect(page.locator(".steps li[data-step]:visible .equations")).to_contain_text("140")
    expect(last.locator(".bridge")).to_have_css("stroke", "none")


def test_a_value_travels_up_its_edge(page: Page) -> None:
    page.goto(address(expr=CHAIN, shut="all"))
    page.evaluate(
        """() => new MutationObserver((all) => {
            for (const { addedNodes } of all) for (const node of addedNodes)
                if (node.classList?.contains("traveller"))
                    (window.seen ??= []).push([node.textContent, node.getAttribute("class")]);
        }).observe(document.querySelector(".sheet"), { childList: true, subtree: true })"""
    )
    place = page.locator(".steps li[data-step]:visible .place")
    for step in (1, 2):
        page.locator("[data-go=next]").click()
        # Nothing travels to a step that was reached before there were any: they come with the first one.
        expect(place).to_contain_text(f"Forward {step} of 3")
    page.wait_for_function("() => window.seen?.length === 1")
    assert page.evaluate("window.seen") == [["1", "traveller value"]]
    for _ in range(3):
        page.locator("[data-go=next]").click()
    page.wait_for_function("() => window.seen.at(-1)[1] === 'traveller gradient'")
    assert page.evaluate("window.seen.at(-1)[0]") == "20"


def test_the_rest_of_the_page_keeps_its_styles_when_a_group_opens(page: Page, tmp_path: Path) -> None:
    """One fragment in a wrong place, and a browser computes the styles of all there is: 30 ms."""
    calls = "\n".join(f"u{k} = f({'x' if k == 0 else f'u{k - 1}'}, {k})" for k in range(17))
    program = f"f(t, k) = sin(k*t) * cos(t + k) + t^2 / (1 + t^2)\n{calls}\nu16^2"
    page.goto(address(expr=program), wait_until="networkidle")
    browser = page.context.browser
    assert browser
    traced = tmp_path / "trace.json"
    browser.start_tracing(page=page, path=traced, categories=["devtools.timeline"])
    group = page.locator(".sheet [data-group]").first
    name = group.get_attribute("data-group")
    group.dispatch_event("click")
    page.locator(f'.sheet [data-frame="{name}"]').wait_for()
    browser.stop_tracing()
    events = json.loads(traced.read_text("utf-8"))["traceEvents"]
    counts = [event["args"].get("elementCount", 0) for event in events if event["name"] == "UpdateLayoutTree"]
    everything = page.locator("main *").filter(visible=True).count()
    assert counts
    assert everything > 1_000
    assert max(counts) < everything / 3, counts


def test_tables_of_explanations_have_a_line_for_each_box(page: Page) -> None:
    """A closed group is one line with its numbers; opened, its nodes are lines."""
    page.goto(address(expr=CHAIN, shut="all", panels="nudge,forward"))
    moves, tangents = page.locator("[data-fragment=nudged]"), page.locator("[data-fragment=tangents]")
    expect(moves.locator("tbody th")).to_have_text(["a = x", "e = f(x)", "i = g(f(x))"])
    expect(tangents.locator("tbody th")).to_have_text(["a = x", "e = f(x)", "i = g(f(x))"])
    expect(tangents.locator('[data-field="i.tangent"]')).to_have_text("140")
    page.locator('.sheet [data-group="e~0"]').click()
    expect(moves.locator("tbody th")).to_have_text(["a = x", "c = b · a", "e = c + d", "i = g(f(x))"])
    expect(tangents.locator('[data-field="c.tangent"]')).to_have_text("7")
    page.locator('input[name="set.x"]').fill("2")
    expect(tangents.locator('[data-field="i.tangent"]')).to_have_text("238")
    expect(moves.locator('[data-field="c.predicted"]')).to_have_text("0.07")


def test_a_layer_is_one_box_with_its_neurons_numbers(page: Page) -> None:
    """It opens into neurons, closes again, and the line between two layers is explained."""
    page.goto(address(expr=network([4, 6, 6, 2]).text, view="graph", inspector="open"))
    boxes = page.locator(".sheet [data-node]")
    expect(page.locator('.sheet [data-group$="~layer"]')).to_have_count(3)
    layer = page.locator('.sheet [data-group="a3_1~layer"]')
    expect(layer.locator('[data-field="a3_4.value"]')).not_to_be_empty()
    expect(layer.locator('[data-field="a3_4.gradient"]')).not_to_be_empty()
    page.locator('.sheet .edge[data-edge="a2_1~layer.a3_1~layer"]').dispatch_event("click")
    chosen = page.locator(".chosen")
    expect(chosen).to_contain_text("One line of the figure stands for 36 edges")
    expect(chosen.locator('[data-field="a3_6~0.5.flow"]')).not_to_be_empty()
    # The player goes neuron by neuron, and marks the layer.
    page.locator("[data-go=next]").click()
    page.locator(".steps li[data-step]:visible").wait_for()
    step = page.locator("li[data-step][data-phase=backward][data-through^='a3_4~0.']").first
    page.goto(f"{page.url}&frame={step.get_attribute('data-step')}")
    expect(page.locator('.sheet .edge[data-edge="a2_1~layer.a3_1~layer"].current')).to_have_count(1)
    expect(page.locator('.sheet [data-group="a2_1~layer"].current')).to_have_count(1)
    page.locator("[data-go=close]").click()
    count = boxes.count()
    layer.locator(".opener").press("Enter")
    expect(page.locator('[data-frame="a3_1~layer"]')).to_have_count(1)
    expect(boxes).to_have_count(count + 5)
    page.locator('[data-close="a3_1~layer"]').dispatch_event("click")
    expect(boxes).to_have_count(count)


def test_paths_lead_through_closed_groups_and_light_up(page: Page) -> None:
    page.goto(address(expr=CHAIN, shut="all", panels="paths"))
    row = page.locator(".paths tr[data-listed='0']")
    expect(row.locator(".nodes-of")).to_have_text("i → e → a")
    expect(row.locator(".product")).to_have_text("20 × 7")
    row.hover()
    expect(page.locator(".sheet .edge.lit")).to_have_count(2)
