"""The variables' controls: what people write into them, dragging a number, finding one of many."""

from __future__ import annotations

import math

import pytest
from playwright.sync_api import Page, expect

from graphviz_backprop.network.builder import PRESETS
from tests.support.axe import violations

MANY = "%2B".join(f"w{at}*x{at}^2" for at in range(1, 21))


def at(page: Page, name: str) -> float:
    return float(page.locator(f'input[name="at.{name}"]').input_value())


def typed(page: Page, name: str) -> float:
    """The number in the field; a slider stands at the nearest of its steps."""
    return float(page.locator(f'input[name="set.{name}"]').input_value())


@pytest.mark.parametrize(
    ("text", "value"), [("1/3", 1 / 3), ("-2pi", -2 * math.pi), ("sqrt(2)", math.sqrt(2)), ("1e-3", 1e-3)]
)
def test_fields_take_what_people_write(page: Page, text: str, value: float) -> None:
    page.goto("/?expr=x*1")
    page.fill('input[name="set.x"]', text)
    page.keyboard.press("Tab")
    shown = page.locator('#sheet [data-field$=".value"]').last
    expect(shown).not_to_have_text("1")
    assert typed(page, "x") == pytest.approx(value)
    page.wait_for_url("**at.x=**")
    page.reload()
    assert typed(page, "x") == pytest.approx(value)


def test_ends_and_the_upstream_gradient_take_them_too(page: Page) -> None:
    page.goto("/?expr=x*1")
    page.fill('input[name="max.x"]', "2pi")
    page.keyboard.press("Tab")
    expect(page.locator('input[name="at.x"]')).to_have_attribute("max", str(2 * math.pi))
    page.fill("#seed", "1/4")
    expect(page.locator('.variable [data-field="x.total"]')).to_have_text("0.25")


def test_what_is_no_number_is_told_at_its_place_and_changes_nothing(page: Page) -> None:
    page.goto("/")
    field = page.locator('input[name="set.x"]')
    field.fill("1/0")
    page.keyboard.press("Tab")
    told = page.locator(".variable [data-part=no-number]")
    expect(told).to_contain_text("“1/0” is no number")
    expect(page.locator('#sheet [data-field="g.value"]')).to_have_text("25")
    field.fill("2")
    expect(told).to_be_hidden()
    expect(page.locator('#sheet [data-field="g.value"]')).to_have_text("81")


def test_a_number_is_dragged_by_itself_and_a_click_lets_one_type(page: Page) -> None:
    page.goto("/")
    page.wait_for_load_state("networkidle")
    field = page.locator('input[name="set.x"]')
    box = field.bounding_box()
    assert box
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 40, y, steps=5)
    page.mouse.up()
    assert at(page, "x") == 3
    expect(field).to_have_value("3")
    expect(field).not_to_be_focused()
    field.click()
    expect(field).to_be_focused()
    page.keyboard.press("End")
    page.keyboard.type(".5")
    expect(page.locator('input[name="at.x"]')).to_have_value("3.5")


def test_one_of_many_is_found_by_its_name(page: Page) -> None:
    page.goto(f"/?expr={MANY}")
    find = page.get_by_label("Find a variable")
    find.fill("w1")
    rows = page.locator(".variable[data-variable]:visible")
    expect(rows).to_have_count(11)
    find.fill("w17")
    expect(rows).to_have_count(1)
    rows.locator('input[name="at.w17"]').press("End")
    assert at(page, "w17") == 5
    find.fill("")
    expect(rows).to_have_count(40)
    page.goto("/")
    expect(find).to_have_count(0)


def test_a_networks_variables_stand_by_what_they_are_for(page: Page) -> None:
    preset = PRESETS["deep"]
    page.goto("/?expr=" + preset.program.replace("+", "%2B").replace("#", "%23").replace("\n", "%0A"))
    titles = page.locator(".variable-group > summary").all_inner_texts()
    assert [title.split(" ")[0] for title in titles] == ["Inputs", "Layer", "Layer", "Layer", "Targets"]
    name = page.locator('.variable[data-variable="w2_12"] .name')
    assert name.locator("msubsup").count() == 1  # w, 12 below and (2) above


def test_bars_compare_the_gradients(page: Page) -> None:
    page.goto("/?expr=x-3*y")
    page.wait_for_load_state("networkidle")
    shares = page.locator(".proportion")
    expect(shares.nth(0)).to_have_attribute("data-size", "33")
    expect(shares.nth(1)).to_have_attribute("data-size", "-100")
    page.goto("/?expr=x-3*y&frame=2")
    expect(shares.nth(1)).to_have_attribute("data-size", "0")  # not reached yet: it tells nothing


def test_axe_finds_nothing_among_many(page: Page) -> None:
    page.goto(f"/?expr={MANY}&panes=plot")
    page.wait_for_load_state("networkidle")
    assert violations(page) == []
