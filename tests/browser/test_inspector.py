"""One choice, wherever it is made: the inspector shows it, figure and table mark it."""

from __future__ import annotations

import re
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.support.axe import violations

CHOSEN = "[data-fragment=chosen]"


def title(page: Page) -> Locator:
    return page.locator(f"{CHOSEN} h2")


def figures(page: Page) -> list[str]:
    return page.locator(f"{CHOSEN} .figures dd").all_text_contents()


def opened(page: Page, query: str = "") -> None:
    page.goto(f"/?{query}")
    page.wait_for_load_state("networkidle")


def test_a_node_is_clicked(page: Page) -> None:
    opened(page)
    expect(page.locator(".result-card")).to_be_visible()
    page.locator("#sheet [data-node=c]").click()
    expect(title(page)).to_have_text("c = a · b")
    assert figures(page) == ["4", "10"]
    expect(page.locator("#sheet [data-node=c]")).to_have_attribute("data-marked", "")
    expect(page.locator(".result-card")).to_be_hidden()
    page.get_by_role("button", name="g = 25").click()
    expect(page.locator(".result-card")).to_be_visible()
    expect(page.locator("#sheet [data-marked]")).to_have_count(0)


def test_an_edge_is_clicked(page: Page) -> None:
    opened(page)
    page.locator('#sheet .texts[data-edge="c.1"]').click()
    expect(title(page)).to_have_text("b → c = a · b")
    assert figures(page) == ["1", "4", "40"]
    page.wait_for_url("**about=c.1**")
    page.reload()
    expect(title(page)).to_have_text("b → c = a · b")


def test_its_numbers_follow_a_slider_without_the_server(page: Page) -> None:
    opened(page, "about=c")
    asked: list[str] = []
    page.on("request", lambda request: None if "icon" in request.url else asked.append(request.url))
    page.locator('input[name="at.x"]').press("End")
    expect(page.locator(f"{CHOSEN} .figures dd").first).to_have_text("20")
    assert figures(page) == ["20", "42"]
    assert asked == []


def test_one_goes_through_the_graph_by_the_keyboard_alone(page: Page) -> None:
    opened(page, "about=g")
    page.locator(f'{CHOSEN} [data-choose="e"]').press("Enter")
    expect(title(page)).to_have_text("e = c + d")
    expect(title(page)).to_be_focused()
    page.locator(f'{CHOSEN} [data-choose="e.0"]').first.press("Enter")
    expect(title(page)).to_have_text("c → e = c + d")
    page.go_back()
    expect(title(page)).to_have_text("e = c + d")


def test_the_table_and_the_program_choose_as_well(page: Page) -> None:
    opened(page, "expr=sin(x)%2Bcos(y)&panes=graph,nodes")
    page.locator('[data-row="b"] th button').click()
    expect(title(page)).to_have_text("b = sin(a)")
    expect(page.locator('[data-row="b"]')).to_have_attribute("aria-current", "true")
    place = page.evaluate(
        """() => { const text = document.querySelector('.mirror span').firstChild;
        const range = new Range(); range.setStart(text, 8); range.setEnd(text, 9);
        const box = range.getBoundingClientRect();
        return [box.x + box.width / 2, box.y + box.height / 2]; }"""
    )
    page.mouse.move(*place)
    page.mouse.click(*place)
    expect(title(page)).to_have_text("d = cos(c)")


def test_beside_two_panes_it_opens_over_them_and_folds_again(page: Page) -> None:
    opened(page, "panes=graph,plot")
    body = page.locator(".inspector-body")
    expect(body).to_be_hidden()
    before = [page.locator(f'.pane[data-pane="{name}"]').bounding_box() for name in ("graph", "plot")]
    page.locator("#sheet [data-node=e]").click()
    expect(title(page)).to_have_text("e = c + d")
    expect(body).to_be_visible()
    assert before == [page.locator(f'.pane[data-pane="{name}"]').bounding_box() for name in ("graph", "plot")]
    page.locator(f'{CHOSEN} [data-choose="c"]').focus()
    page.keyboard.press("Escape")
    expect(body).to_be_hidden()


def test_another_program_leaves_what_is_not_there(page: Page) -> None:
    opened(page, "about=c.1")
    page.fill("#expr", "sin(x)")
    expect(page.locator(CHOSEN)).to_be_hidden()
    expect(page.locator(".result-card")).to_be_visible()


def test_averages_are_not_explained_by_products(page: Page) -> None:
    opened(page, "expr=(w*x%2Bb-y)^2&data=line,50,0,0.1&about=w")
    expect(page.locator("#board")).to_have_attribute("data-averaged", "")
    expect(page.locator(f"{CHOSEN} .one-sample")).to_be_visible()
    expect(page.locator(f"{CHOSEN} .of-one")).to_be_hidden()
    gradient = page.locator('.variable[data-variable="w"] [data-field="w.total"]').inner_text()
    expect(page.locator(f"{CHOSEN} .figures dd.gradient")).to_have_text(gradient)


@pytest.mark.parametrize("about", ["c", "c.1", "a", "x"])
def test_axe_finds_nothing(page: Page, about: str) -> None:
    opened(page, f"about={about}&expr=(4*x%2Bx)^2" if about == "x" else f"about={about}")
    expect(page.locator(CHOSEN)).to_be_visible()
    assert violations(page) == []


def test_the_largest_numbers_are_those_of_what_is_chosen(page: Page) -> None:
    opened(page, "about=c")
    sizes = page.evaluate(
        """(chosen) => [...document.querySelectorAll("body *")]
        .filter((e) => e.checkVisibility() && !e.closest("svg") && /\\d/.test(e.firstChild?.data ?? ""))
        .map((e) => [Number.parseFloat(getComputedStyle(e).fontSize), !!e.closest(`${chosen} .figures`)])""",
        CHOSEN,
    )
    largest = max(size for size, _ in sizes)
    assert largest >= 24
    assert all(own for size, own in sizes if size == largest)


def test_an_edge_into_a_closed_group_is_chosen_and_lives(page: Page) -> None:
    page.goto("/?expr=f(x)%3D7x%2B3%0Ag(x)%3Dx%5E2%0Ag(f(x))&shut=all")
    page.locator('.sheet .texts[data-edge="e~0.0"] text').first.click()
    chosen = page.locator(".chosen")
    expect(chosen).to_contain_text("One path leads through the group")
    expect(chosen.locator('[data-field="e~0.0.flow"]').first).to_have_text("140")
    page.locator('input[name="set.x"]').fill("2")
    expect(chosen.locator('[data-field="e~0.0.flow"]').first).to_have_text("238")
    expect(page.locator("#about")).to_have_value("x")
    # Once the group is open there is no such edge: its output is what is chosen.
    chosen.get_by_role("button", name="Open the group").click()
    expect(chosen.locator("h2")).to_have_text("e = c + d")
    expect(page.locator('[data-frame="e~0"]')).to_have_count(1)


@pytest.mark.parametrize("width", [1366, 390])
def test_a_fraction_is_never_wider_than_its_column(page: Page, width: int) -> None:
    """Two long sums scrolled sideways: they are divided in a line, which breaks."""
    total = " %2B ".join(f"a*x{k}" for k in range(8))
    page.set_viewport_size({"width": width, "height": 800})
    for program, fractions in (
        (f"c - (a %2B ({total})/b)^2/(b/({total}))", 0),
        ("(tanh(a) %2B tanh(b) %2B tanh(c))/3", 0),
        ("(a %2B b %2B c %2B d %2B e %2B f %2B g)/2", 1),
    ):
        page.goto(f"/?expr={program}")
        if width == 390:
            page.locator("[data-tab=program]:is(button)").click()
        formula = page.locator(".math")
        expect(formula.locator("math").first).to_be_visible()
        expect(formula.locator("mfrac")).to_have_count(fractions)
        assert formula.evaluate("one => one.scrollWidth - one.clientWidth") == 0


def test_its_width_is_chosen_and_kept_and_no_formula_is_cut(page: Page) -> None:
    page.goto("/?expr=z = w1*x1 %2B w2*x2 %2B w3*x3 %2B w4*x4%0Asigmoid(z)&view=graph&about=z&at.w1=-1234.5")
    page.wait_for_load_state("networkidle")
    inspector = page.locator(".inspector")
    narrow = inspector.bounding_box()
    cut = "all => all.filter(one => one.scrollWidth > one.clientWidth).length"
    assert page.locator(".inspector .equations, .math").evaluate_all(cut) == 0
    edge = page.get_by_role("separator", name="Width of the inspector")
    edge.focus()
    for _ in range(5):
        edge.press("ArrowLeft")
    expect(page).to_have_url(re.compile("aside=380"))
    wide = inspector.bounding_box()
    assert narrow
    assert wide
    assert wide["width"] == narrow["width"] + 100
    page.reload()
    page.wait_for_load_state("networkidle")
    assert inspector.bounding_box() == wide
    edge.dblclick()
    expect(page).not_to_have_url(re.compile("aside="))
    assert inspector.bounding_box() == narrow


CUT = """() => {
    const numbers = [...document.querySelectorAll(".inspector td.number")].filter((one) => one.textContent);
    const height = (one) => {
        const range = document.createRange();
        range.selectNodeContents(one);
        return range.getBoundingClientRect().height;
    };
    const cut = numbers.filter((one) => one.scrollWidth > one.clientWidth || height(one) > 24);
    return [numbers.length, cut.map((one) => one.textContent)];
}"""


def test_no_number_of_an_explanation_is_cut(page: Page) -> None:
    """-8.899… is not -8.899e-5."""
    neuron = "z = w1*x1 + w2*x2 + w3*x3 + w4*x4 + b\na = sigmoid(z)\nL = (a - y)^2"
    page.goto(f"/?{urlencode({'expr': neuron, 'about': 'w1', 'panels': 'paths,nudge,forward'})}")
    expect(page.locator(".check td.number").first).to_have_text("-8.899e-5")
    expect(page.locator("[data-panel=forward] td.number").last).not_to_be_empty()
    count, cut = page.evaluate(CUT)
    assert count > 50 and cut == []


def test_it_is_not_told_what_the_output_does_to_itself(page: Page) -> None:
    page.goto(f"/?{urlencode({'expr': '(4*x+1)^2', 'about': 'g'})}")
    expect(page.locator(".chosen h3").first).to_have_text("Value")
    expect(page.locator(".chosen")).not_to_contain_text("changes by a small h")
    page.goto(f"/?{urlencode({'expr': '(4*x+1)^2', 'about': 'e', 'seed': '2'})}")
    expect(page.locator(".chosen")).to_contain_text("Where e changes by a small h, L changes by about")


def test_its_tooltips_have_names_as_they_are_set(page: Page) -> None:
    page.goto(f"/?{urlencode({'expr': 'z_1 = w_12 * x_1; z_1^2', 'about': 'z_1'})}")
    below = page.get_by_role("button", name="Only below it")
    expect(below).to_have_attribute("title", "Only what z₁ depends on")
    expect(page.locator('.variable[data-variable="w_12"] .total')).to_have_attribute(
        "title", "Gradient: how fast the output changes with w₁₂"
    )
