"""The network's picture in Chromium: it fills its frame, can be read, and shows what each neuron says."""

from __future__ import annotations

import re
from itertools import combinations
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Page, expect

from graphviz_backprop.api import parse
from graphviz_backprop.language.numerals import format_number
from graphviz_backprop.network.builder import PRESETS, architecture, initial, program
from tests.browser.conftest import OpenPage
from tests.support.axe import violations
from tests.support.panes import show

SCREENS = [(1366, 768), (1920, 1080), (390, 844)]
NETWORKS = [(2, 3, 1), (4, 1), (2, 3, 3, 1), (4, 8, 8, 2), (8, 8, 8, 4)]

# Where the parts of the picture that are seen are in the window, and how small its letters are.
PARTS = """() => {
    const frame = document.querySelector(".viewport").getBoundingClientRect();
    const svg = document.querySelector(".sheet svg.network");
    const box = (one) => {
        const { left, right, top, bottom } = one.getBoundingClientRect();
        return [left, top, right, bottom];
    };
    const seen = (text) => text.textContent && text.checkVisibility();
    const texts = [...svg.querySelectorAll("text")].filter(seen);
    const pieces = texts.flatMap((text) => [text, ...text.querySelectorAll("tspan")]);
    return {
        frame: [frame.left, frame.top, frame.right, frame.bottom],
        level: svg.dataset.level,
        smallest: Math.min(...pieces.map((one) =>
            Number.parseFloat(getComputedStyle(one).fontSize) * one.getScreenCTM().a)),
        circles: [...svg.querySelectorAll("circle")].filter((one) => one.checkVisibility()).map(box),
        texts: texts.map((text) => [text.textContent, box(text)]),
        labels: [...svg.querySelectorAll(".texts")].filter((one) => one.checkVisibility()).map(box),
    };
}"""

# As it is when fitted and moved, twice the same.
SETTLED = f"""() => {{
    const now = document.querySelector(".sheet svg.network[data-level]") && JSON.stringify(({PARTS})());
    const before = window.before;
    window.before = now;
    return now && now === before;
}}"""


def address(sizes: tuple[int, ...], **more: str) -> str:
    shape = architecture(sizes, "tanh")
    at = initial(shape) | {f"x{k}": k / 3 for k in range(1, sizes[0] + 1)}
    named = {f"at.{name}": str(number) for name, number in at.items()}
    state = {"expr": program(shape), "panes": "network,training", **named, **more}
    return "/?" + urlencode(state)


def settle(page: Page) -> dict:
    page.wait_for_function(SETTLED, polling=100)
    return page.evaluate(PARTS)


def apart(one: list[float], other: list[float], slack: float = 0.5) -> bool:
    (left, top, right, bottom), (other_left, other_top, other_right, other_bottom) = one, other
    return (
        right <= other_left + slack
        or other_right <= left + slack
        or bottom <= other_top + slack
        or other_bottom <= top + slack
    )


@pytest.mark.parametrize("sizes", NETWORKS, ids=lambda sizes: "-".join(map(str, sizes)))
@pytest.mark.parametrize("screen", SCREENS, ids=lambda screen: f"{screen[0]}x{screen[1]}")
def test_it_fills_its_frame_and_can_be_read(
    open_page: OpenPage, screen: tuple[int, int], sizes: tuple[int, ...]
) -> None:
    page = open_page(viewport={"width": screen[0], "height": screen[1]})
    page.goto(address(sizes))
    expect(page.locator("#wire-words")).not_to_be_empty()
    parts = settle(page)
    assert parts["smallest"] >= 9.99
    assert all(apart(one, other) for one, other in combinations(parts["circles"], 2))
    assert all(apart(one, other) for one, other in combinations(parts["labels"], 2))
    left, top, right, bottom = parts["frame"]
    boxes = [*parts["circles"], *(box for _, box in parts["texts"])]
    wide = (max(box[2] for box in boxes) - min(box[0] for box in boxes)) / (right - left)
    high = (max(box[3] for box in boxes) - min(box[1] for box in boxes)) / (bottom - top)
    rows = max(sizes)
    assert wide > 0.7
    # With so few rows, half a row above and below is much.
    assert high > {1: 0.3, 2: 0.5, 3: 0.6}.get(rows, 0.7)


def test_more_room_shows_more(open_page: OpenPage) -> None:
    """From names alone to all numbers, and at each level each number that is seen is right."""
    levels = set()
    shape = architecture((2, 3, 1), "tanh")
    at = initial(shape) | {"x1": 1 / 3, "x2": 2 / 3, "y1": 1}
    value = format_number(parse(program(shape)).evaluate(at).fields()["a2_1.value"])
    for width, height in ((390, 844), (1366, 768), (1920, 1080)):
        page = open_page(viewport={"width": width, "height": height})
        page.goto(address((2, 3, 1)))
        expect(page.locator("#wire-words")).not_to_be_empty()
        levels.add(settle(page)["level"])
        shown = page.locator('#sheet [data-neuron="a2_1"] [data-field="a2_1.value"]:visible')
        for text in shown.all_text_contents():
            assert text == value
    assert len(levels) > 1


def test_a_direction_is_offered_where_there_is_one(page: Page) -> None:
    page.goto(address((2, 3, 1)))
    expect(page.locator("#sheet svg.network")).to_be_visible()
    direction = page.locator('fieldset:has([name="dir"])')
    expect(direction).to_be_hidden()
    show(page, "graph", instead_of="network")
    page.get_by_role("button", name="More of the figure").click()
    expect(direction).to_be_visible()


def test_a_neuron_says_its_numbers_when_it_is_pointed_at(page: Page) -> None:
    page.goto(address((4, 8, 8, 2)))
    words = page.locator("#wire-words")
    expect(words).to_contain_text("A line is as thick")
    page.locator('#sheet [data-neuron="a3_4"] .name').hover()
    for part in ("a4(3): z = ", ", a = ", ", b = ", "∂C0/∂a = ", "∂C0/∂z = "):
        expect(words).to_contain_text(part)
    assert page.locator("#sheet svg.network").get_attribute("data-pointed") == ""
    assert page.locator("#sheet .edge.own").count() == 8 + 2
    page.locator('#sheet [data-neuron="x2"] .name').hover()
    expect(words).to_have_text(re.compile("^x2 = 0.6667, ∂C0/∂x2 = "))
    page.locator("#sheet .output .name").hover()
    expect(words).to_contain_text("C0 = ")


@pytest.mark.parametrize("sizes", [(2, 3, 3, 1), (4, 8, 8, 2)], ids=lambda sizes: "-".join(map(str, sizes)))
@pytest.mark.parametrize("screen", [(1366, 768), (390, 844)], ids=lambda screen: f"{screen[0]}x{screen[1]}")
def test_the_picture_stays_while_it_is_pointed_at(
    open_page: OpenPage, screen: tuple[int, int], sizes: tuple[int, ...]
) -> None:
    """Else a click meets another line than the one that was pointed at."""
    page = open_page(viewport={"width": screen[0], "height": screen[1]})
    page.goto(address(sizes))
    words = page.locator("#wire-words")
    expect(words).to_contain_text("A line is as thick")
    parts = settle(page)
    for place in ('.edge[data-weight="w2_12"]', '[data-neuron="a2_1"]', '[data-neuron="x2"]', ".output.node"):
        before = words.inner_text()
        page.locator(f"#sheet {place}").first.dispatch_event("pointerover")
        expect(words).not_to_have_text(before, use_inner_text=True)
        now = settle(page)
        assert (now["frame"], now["circles"]) == (parts["frame"], parts["circles"])


def bands(page: Page, neuron: str) -> list[str | None]:
    paths = page.locator(f'#sheet [data-neuron="{neuron}"] .surface path')
    return [path.get_attribute("d") for path in paths.all()]


def test_each_neuron_holds_its_surface_which_follows_a_slider(page: Page) -> None:
    page.goto(address((2, 3, 1)))
    surface = page.locator('#sheet [data-neuron="a2_1"] .surface path')
    expect(surface).to_have_count(9)
    before, other = bands(page, "a2_1"), bands(page, "a2_2")
    assert before != other
    page.locator('[name="set.w2_11"]').fill("-3")
    page.wait_for_function(
        """before => document.querySelector('#sheet [data-neuron="a2_1"] .surface path:nth-child(4)')
            .getAttribute("d") !== before""",
        arg=before[3],
    )
    assert bands(page, "a2_2") == other
    page.locator('#sheet [data-neuron="a2_1"] circle').hover(force=True)
    expect(page.locator("#wire-words")).to_contain_text("over x1 and x2 from -")


def test_a_flat_and_an_undefined_surface_say_so(page: Page) -> None:
    names = {"w2_11": "0", "w2_12": "0", "b2_1": "0", "w2_21": "1", "w2_22": "0", "b2_2": "0"}
    text = (
        "z2_1 = w2_11*x1 + w2_12*x2 + b2_1; z2_2 = w2_21*x1 + w2_22*x2 + b2_2; a2_1 = sqrt(z2_1);"
        "a2_2 = sqrt(z2_2); a3_1 = tanh(w3_11*a2_1 + w3_12*a2_2); (a3_1 - y1)^2"
    )
    at = {f"at.{name}": number for name, number in names.items()}
    page.goto("/?" + urlencode({"expr": text, "panes": "network,training", **at}))
    words = page.locator("#wire-words")
    expect(page.locator('#sheet [data-neuron="a2_2"] .surface path')).to_have_count(9)
    page.locator('#sheet [data-neuron="a2_1"] circle').hover(force=True)
    expect(words).to_contain_text("over x1 and x2 0 everywhere")
    page.locator('#sheet [data-neuron="a2_2"] circle').hover(force=True)
    expect(words).to_contain_text("not a number at 50 % of it")
    # Half of the disc has no band: what is undefined keeps the circle's own grey.
    box = page.locator('#sheet [data-neuron="a2_2"] .surface path').first.bounding_box()
    circle = page.locator('#sheet [data-neuron="a2_2"] circle').bounding_box()
    assert box and circle
    assert box["width"] < 0.6 * circle["width"] < 0.7 * box["height"]


def test_heat_takes_the_place_of_surfaces(page: Page) -> None:
    page.goto(address((2, 3, 1)))
    surface = page.locator('#sheet [data-neuron="a2_1"] .surface')
    expect(surface).to_be_visible()
    page.get_by_label("Heat").check()
    expect(surface).to_be_hidden()
    expect(page.locator('#sheet [data-neuron="a2_1"]')).to_have_attribute("data-heat", re.compile("^-"))
    expect(page.locator("#wire-words")).to_contain_text("as thick as its gradient is large")


def test_a_network_of_four_inputs_has_no_surfaces(page: Page) -> None:
    preset = PRESETS["neuron"]
    page.goto("/?" + urlencode({"expr": preset.program, "panes": "network,training"}))
    expect(page.locator("#wire-words")).not_to_be_empty()
    expect(page.locator("#sheet .surface")).to_have_count(0)
    expect(page.locator("#wire-words")).not_to_contain_text("circle")


def test_the_player_goes_through_the_layers_and_back(page: Page) -> None:
    page.goto(address((2, 3, 1)))
    expect(page.locator("#wire-words")).not_to_be_empty()
    place = page.locator(".steps .place:visible")
    following = page.get_by_role("button", name="Next step")
    current = page.locator("#sheet .node.current")
    value = page.locator('#sheet [data-neuron="a3_1"] [data-field="a3_1.value"]').first
    delta = page.locator('#sheet [data-neuron="a2_1"] [data-field="z2_1.gradient"]').first
    following.click()
    expect(place).to_contain_text("Forward 1 of 4")
    expect(current).to_have_count(2)
    following.click()
    expect(place).to_contain_text("layer 2: tanh")
    expect(current).to_have_count(3)
    expect(value).to_have_text("")
    following.click()
    expect(value).not_to_have_text("")
    following.click()
    following.click()
    expect(place).to_contain_text("Backward 1 of 3")
    following.click()
    expect(page.locator('#sheet .edge.current[data-weight="w3_12"]')).to_have_count(1)
    expect(delta).to_have_text("")
    following.click()
    expect(delta).not_to_have_text("")
    expect(page.locator('#sheet .edge.current[data-weight="w2_12"]')).to_have_count(1)


SEEN = """() => new MutationObserver((all) => {
    for (const { addedNodes } of all) for (const node of addedNodes)
        if (node.classList?.contains("traveller"))
            (window.seen ??= []).push([node.textContent, node.getAttribute("class").split(" ")[1]]);
}).observe(document.body, { childList: true, subtree: true })"""


def test_numbers_travel_between_neurons(page: Page) -> None:
    """What a neuron says goes along each of its lines, and what flows back to it comes along them."""
    page.goto(address((2, 1), panes="network", **{"at.x1": "3", "at.x2": "-2"}))
    expect(page.locator("#wire-words")).not_to_be_empty()
    page.evaluate(SEEN)
    following = page.get_by_role("button", name="Next step")
    place = page.locator(".steps .place:visible")
    following.click()
    expect(place).to_contain_text("Forward 1 of 3")
    following.click()
    page.wait_for_function("() => window.seen?.length === 2")
    assert page.evaluate("window.seen") == [["3", "value"], ["-2", "value"]]
    for _ in range(2):
        following.click()
    expect(place).to_contain_text("Backward 1 of 2")
    page.evaluate("() => { window.seen = []; }")
    following.click()
    page.wait_for_function("() => window.seen?.length === 2")
    delta = page.locator('#sheet [data-neuron="a2_1"] [data-field="z2_1.gradient"]').first.text_content()
    weights = [
        page.locator(f'#sheet .texts [data-field$=".value"] >> nth={at}').text_content() for at in (0, 1)
    ]
    expected = [float(delta or 0) * float(weight or 0) for weight in weights]
    seen = page.evaluate("window.seen")
    assert [role for _, role in seen] == ["gradient", "gradient"]
    assert [float(number) for number, _ in seen] == pytest.approx(expected, rel=2e-3)


def test_numbers_travel_along_a_line_between_layers(page: Page) -> None:
    text = program(architecture((3, 8, 8, 1)))
    page.goto("/?" + urlencode({"expr": text, "panes": "graph", "view": "graph"}))
    line = page.locator(".graph .sheet .edge[data-edge='a2_1~layer.a3_1~layer']")
    expect(line).to_have_count(1)
    page.evaluate(SEEN)
    play = page.locator("[data-go=next]")
    expect(page.locator("[data-fragment=result] [data-field='C0.value']")).not_to_be_empty()
    for _ in range(80):
        play.click()
        if page.evaluate("(window.seen ?? []).some(([text]) => text.endsWith(', …'))"):
            break
    texts = page.evaluate("window.seen.map(([text]) => text)")
    assert any(re.fullmatch(r"\S+, \S+, \S+, …", text) for text in texts)


def test_a_network_stands_beside_its_graph(page: Page) -> None:
    """Both follow sliders, the choice and the player; the words go with the network."""
    page.goto(address((2, 2, 1), panes="graph"))
    page.wait_for_load_state("networkidle")
    show(page, "network")
    graph, network = (page.locator(f'.pane[data-pane="{name}"] .sheet') for name in ("graph", "network"))
    expect(graph.locator('[data-node="C0"]')).to_be_visible()
    expect(network.locator("svg.network")).to_be_visible()
    words = page.locator('.pane[data-pane="network"] > .wire-words')
    expect(words).to_contain_text("A line is as thick")

    output = page.locator("output.big").first
    before = output.text_content() or ""
    page.locator('input[name="at.x1"]').press("End")
    expect(page.locator('[name="at.x1"][type=range]')).to_have_value("5")
    expect(output).not_to_have_text(before)
    for sheet in (graph, network):
        texts = sheet.locator('[data-field="C0.value"]')
        assert texts.count()
        expect(texts).to_have_text([output.text_content() or ""] * texts.count())
    network.locator('[data-neuron="a2_1"] .name').click()
    expect(page).to_have_url(re.compile("weight=a2_1|about=a2_1"))
    page.get_by_role("button", name="Show it in the graph").click()
    expect(graph.locator('[data-node="a2_1"]')).to_have_attribute("data-marked", "")
    expect(page).to_have_url(re.compile("panes=graph,network(&|$)"))
    page.keyboard.press("Escape")
    page.locator("[data-go=next]").click()
    expect(graph.locator(".current").first).to_be_visible()
    for sheet in (graph, network):
        expect(sheet).to_have_class(re.compile("stepping"))

    page.locator('.pane[data-pane="graph"] [data-pane-act=close]').click()
    expect(page.locator("#sheet svg.network")).to_be_visible()
    expect(page.locator("#viewport + .wire-words")).not_to_be_empty()
    assert page.locator("svg.network").count() == 1


def test_circles_are_reached_and_opened_by_the_keyboard(page: Page) -> None:
    page.goto(address((2, 3, 1), panes="network"))
    page.wait_for_load_state("networkidle")
    expect(page.locator("#sheet svg.network")).to_have_attribute("role", "group")
    page.locator("#viewport").focus()
    before = page.locator("#sheet").get_attribute("style")
    page.keyboard.press("Tab")
    focused = page.locator("#sheet .node:focus")
    expect(focused).to_contain_text("x1")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowDown")
    expect(focused).to_have_attribute("data-neuron", "a2_2")
    expect(page.locator("#wire-words")).to_contain_text("a2(2): z = ")
    page.keyboard.press("Enter")
    expect(page.locator("[data-derive]")).to_have_value("a2_2")
    expect(focused).to_have_attribute("data-neuron", "a2_2")  # in the figure that has come meanwhile
    page.keyboard.press("ArrowRight")
    expect(focused).to_have_attribute("data-neuron", "a3_1")
    assert page.locator("#sheet").get_attribute("style") == before
    assert violations(page) == []


def test_the_targets_of_a_class_move_with_it(page: Page) -> None:
    program = "W = randn(3, 2, seed=1); x = [1, 2]; y = 1; cross_entropy(W @ x, y)"
    page.goto("/?" + urlencode({"expr": program, "panes": "network"}))
    targets = [page.locator(f'.network [data-neuron="[y={j}]"] .all .value').first for j in range(3)]
    for target, text in zip(targets, "010", strict=True):
        expect(target).to_have_text(text)
    page.locator('input[name="set.y"]').fill("2")
    for target, text in zip(targets, "001", strict=True):
        expect(target).to_have_text(text)
