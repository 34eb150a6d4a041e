"""A figure opens at a size at which it can be read, its output in sight."""

from urllib.parse import urlencode

import pytest
from playwright.sync_api import Page, expect

from graphviz_backprop.api import network
from tests.browser.conftest import OpenPage

NEURON = "z = w1*x1 + w2*x2 + w3*x3 + w4*x4 + b\na = sigmoid(z)\n(a - y)^2"
WIDE = " + ".join(f"relu(w{k}*x{k})" for k in range(12))
LARGE = " + ".join(f"sin({k}x)" for k in range(60))
PROGRAMS = {
    "7 nodes": {"expr": "(4*x+1)^2"},
    "one neuron": {"expr": NEURON},
    "60 nodes": {"expr": WIDE, "view": "graph"},
    "to the right": {"expr": WIDE, "dir": "right"},
    "240 nodes": {"expr": LARGE},
    "240 nodes, all open": {"expr": LARGE, "open": "all"},
    "2,000 nodes": {"expr": " + ".join(f"sin({k}x)" for k in range(400))},
    "2,000 nodes, one part open": {"expr": "sin(2*" * 660 + "x" + ")" * 660, "shut": "all"},
    "a network": {"expr": network([2, 3, 1]).text, "view": "network"},
}
SCREENS = [(1366, 768), (1920, 1080), (390, 844)]

SMALLEST = """() => Math.min(Infinity, ...[...document.querySelectorAll(".sheet svg text")]
    .filter((text) => getComputedStyle(text).visibility !== "hidden")
    .map((text) => Number.parseFloat(getComputedStyle(text).fontSize) * text.getScreenCTM().a))"""
OUTPUT = """() => {
    const [box, frame] = [".sheet .output", ".viewport"].map((name) =>
        document.querySelector(name).getBoundingClientRect());
    return box.left >= frame.left && box.right <= frame.right &&
        box.top >= frame.top && box.bottom <= frame.bottom;
}"""


@pytest.mark.parametrize("screen", SCREENS, ids=lambda screen: f"{screen[0]}x{screen[1]}")
@pytest.mark.parametrize("program", PROGRAMS)
def test_texts_can_be_read(open_page: OpenPage, program: str, screen: tuple[int, int]) -> None:
    width, height = screen
    page = open_page(viewport={"width": width, "height": height})
    page.goto(f"/?{urlencode(PROGRAMS[program])}")
    page.wait_for_function(f"() => ({SMALLEST})() >= 9.99")
    if PROGRAMS[program].get("view") != "network":
        page.wait_for_function(OUTPUT)
        expect(page.locator(".sheet .output text").first).to_be_visible()


FORMULAS = """() => {
    const every = [...document.querySelectorAll("math :is(mi, mn, mo)")];
    const shown = every.filter((one) => one.checkVisibility());
    return shown.length > 50 && shown.every((one) => parseFloat(getComputedStyle(one).fontSize) >= 9.99);
}"""


def test_an_index_in_a_fraction_can_be_read_too(page: Page) -> None:
    page.goto(f"/?{urlencode({'expr': network([2, 3, 1]).text, 'panes': 'network'})}")
    page.locator(".matrices summary").first.click()
    page.wait_for_function(FORMULAS)


def test_a_fraction_in_a_fraction_can_be_read_too(page: Page) -> None:
    expr = "1/(1+e^(-x/(1+x)))"
    page.goto(f"/?{urlencode({'expr': expr, 'panels': 'formula'})}")
    expect(page.locator("[data-panel=formula] math").first).to_be_visible()
    page.wait_for_function(FORMULAS)


NESTED = """() => {
    const scrolls = (one) => /auto|scroll/.test(getComputedStyle(one).overflowY) &&
        one.scrollHeight > one.clientHeight + 1;
    const all = [...document.querySelectorAll(".column, .column *")].filter(scrolls);
    return all.filter((one) => all.some((other) => other !== one && other.contains(one)))
        .map((one) => one.className);
}"""


@pytest.mark.parametrize("layers", [[2, 3, 1], [4, 8, 8, 2]], ids=str)
def test_nothing_beside_the_figure_scrolls_inside_another(page: Page, layers: list[int]) -> None:
    page.goto(f"/?{urlencode({'expr': network(layers).text})}")
    expect(page.locator(".math")).not_to_be_empty()
    page.wait_for_function("() => document.querySelector('.editor').scrollHeight > 300")
    page.wait_for_function(f"() => ({NESTED})().length === 0")


def test_the_text_keeps_its_room_while_a_mistake_is_told(page: Page) -> None:
    lines = [f"h{k} = tanh(u{k}*x + c{k})" for k in range(6)]
    page.goto(f"/?{urlencode({'expr': chr(10).join([*lines, 'h0 + h1 + h2 + h3 + h4 + h5'])})}")
    height = "() => document.querySelector('.editor').clientHeight"
    page.locator("#expr").press("Control+End")
    before = page.evaluate(height)
    page.keyboard.type(")")
    expect(page.locator(".program .problem p").first).to_be_visible()
    page.wait_for_function(f"(before) => ({height})() === before", arg=before)
    page.wait_for_function(f"() => ({NESTED})().length === 0")


def test_a_new_program_opens_so_too_until_a_hand_chooses_the_view(page: Page) -> None:
    page.goto("/")
    page.fill("#expr", WIDE)
    expect(page.locator(".sheet .node")).to_have_count(49)  # the sum of twelve is one box
    page.wait_for_function(f"() => ({SMALLEST})() >= 9.99")
    scale = "() => document.querySelector('.sheet svg').getScreenCTM().a"
    readable = page.evaluate(scale)
    page.get_by_role("button", name="Fit the whole graph").click()
    page.wait_for_function(f"() => ({scale})() < {0.9 * readable}")
    # What cannot be read is not shown: the whole is seen in its shapes.
    page.wait_for_function(f"() => ({SMALLEST})() >= 9.99")
    expect(page.locator(".sheet .title").first).to_be_hidden()
    page.fill("#expr", f"{WIDE} + 1")
    expect(page.locator(".sheet .node").first).to_be_attached()
    page.wait_for_function(f"() => ({SMALLEST})() >= 9.99")
