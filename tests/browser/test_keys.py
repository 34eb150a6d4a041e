"""The keys that the help lists do what it says, where it says so; and a presentation."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from graphviz_backprop.web.shown.keys import KEYS, listed

STEP = ".steps li[data-step]:visible"


def stands(page: Page, frame: int) -> None:
    expect(page.locator(STEP)).to_have_attribute("data-step", str(frame))


def test_no_two_acts_of_one_place_have_the_same_key() -> None:
    for where in {key.where for key in KEYS}:
        all_keys = [one for key in KEYS if key.where == where for one in key.keys]
        assert len(all_keys) == len(set(all_keys)), where


def test_the_player_has_keys_where_nothing_takes_them(page: Page) -> None:
    page.goto("/")
    page.keyboard.press("ArrowRight")
    stands(page, 0)
    page.keyboard.press("l")
    page.keyboard.press("ArrowRight")
    stands(page, 2)
    page.keyboard.press("j")
    stands(page, 1)
    page.keyboard.press("End")
    page.keyboard.press("ArrowLeft")
    expect(page.locator(STEP)).to_have_attribute("data-phase", "backward")
    page.keyboard.press("Home")
    stands(page, 0)
    page.keyboard.press("k")
    expect(page.locator("[data-go=play]")).to_have_attribute("aria-pressed", "true")
    page.keyboard.press(" ")
    expect(page.locator("[data-go=play]")).to_have_attribute("aria-pressed", "false")
    page.keyboard.press("Escape")
    expect(page.locator(STEP)).to_have_count(0)
    expect(page.locator('[data-field="x.total"]').first).to_have_text("40")


def test_fields_and_controls_keep_their_keys(page: Page) -> None:
    page.goto("/?frame=0")
    page.locator("#expr").press("End")
    page.keyboard.type(" + jklp ?")
    expect(page.locator("#expr")).to_have_value("(4*x+1)^2 + jklp ?")
    page.locator("#expr").fill("(4*x+1)^2")
    slider = page.locator('input[type=range][name="at.x"]')
    slider.press("ArrowRight")
    expect(slider).to_have_value("1.1")
    stands(page, 0)
    page.locator("[data-go=next]").press(" ")
    stands(page, 1)
    page.keyboard.press("ArrowRight")
    stands(page, 2)
    page.locator(".graph .viewport").press("ArrowRight")
    stands(page, 2)
    page.keyboard.press("l")
    stands(page, 3)


def test_the_help_lists_them_and_letters_can_be_switched_off(page: Page) -> None:
    page.goto("/")
    page.keyboard.press("?")
    menu = page.get_by_role("dialog", name="Symbols and keys")
    expect(menu).to_be_visible()
    for heading, keys in listed():
        section = menu.locator("section", has=page.get_by_role("heading", name=heading, exact=True))
        assert section.locator("dd").all_text_contents() == [key.about for key in keys]
    page.keyboard.press("l")  # the page behind it stays as it is
    menu.get_by_label("Letters and signs alone are keys").uncheck()
    page.keyboard.press("Escape")
    expect(menu).to_be_hidden()
    expect(page.locator(STEP)).to_have_count(0)
    page.reload()
    page.keyboard.press("l")
    page.keyboard.press("ArrowRight")
    stands(page, 0)


@pytest.mark.parametrize("size", [(1366, 768), (1920, 1080), (390, 844)])
def test_a_presentation_is_the_figure_and_the_step_in_large_type(page: Page, size: tuple[int, int]) -> None:
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.goto("/")
    page.locator(".graph .viewport").focus()
    page.keyboard.press("p")
    expect(page.locator(".bar")).to_be_hidden()
    page.keyboard.press("PageDown")
    page.keyboard.press("ArrowRight")
    stands(page, 1)
    page.keyboard.press("PageUp")
    stands(page, 0)
    page.wait_for_url("**/?frame=0&present=on")
    figure = page.locator(".figure > svg").bounding_box()
    step = page.locator(f"{STEP} .equations").bounding_box()
    assert figure
    assert step
    assert figure["height"] > 0.5 * size[1]
    assert step["y"] + step["height"] <= size[1]
    size_of = "(selector) => parseFloat(getComputedStyle(document.querySelector(selector)).fontSize)"
    assert page.evaluate(size_of, ".steps li:not([hidden]) .equations p") >= 20
    page.keyboard.press(
        "End"
    )  # the step is about x, on which the figure need not move: all of it is in sight
    expect(page.locator(".sheet .output")).to_be_in_viewport(ratio=1)
    expect(page.locator('.sheet [data-node="b"]')).to_be_in_viewport(ratio=1)
    if size[0] > size[1]:
        scale = page.evaluate("() => document.querySelector('.figure > svg').getScreenCTM().a")
        assert scale * page.evaluate(size_of, ".sheet .node text:not(.title)") >= 15
    page.keyboard.press("PageUp")
    page.keyboard.press("Home")
    stands(page, 0)
    page.reload()
    expect(page.locator(".bar")).to_be_hidden()
    page.keyboard.press("Escape")
    expect(page.locator(".bar")).to_be_visible()
    stands(page, 0)
