"""Links, short ones and their QR codes; the figure for another document; print."""

from __future__ import annotations

import re
from urllib.parse import quote

import pytest
from playwright.sync_api import Page, Route, expect

from graphviz_backprop.web.asked.packed import packed
from tests.browser.conftest import OpenPage

NETWORK = "\n".join(f"z{n} = w{n}*x + b{n}\na{n} = sigmoid(z{n})" for n in range(1, 9)) + "\na8"


def test_a_long_link_is_packed_and_restores_all(open_page: OpenPage) -> None:
    page = open_page(permissions=["clipboard-read", "clipboard-write"])
    page.goto(f"/?expr={quote(NETWORK)}&view=graph")
    page.locator('input[name="set.w8"]').fill("2.5")
    page.get_by_role("button", name="Share").click()
    expect(page.get_by_text(re.compile(r"Packed: [\d,]+ characters instead of [\d,]+\."))).to_be_visible()
    page.get_by_role("button", name="Copy link").click()
    expect(page.locator("#toast")).to_have_text("Link copied")
    link = page.evaluate("navigator.clipboard.readText()")
    assert "/?z=" in link
    shown = page.locator('[data-field="w8.total"]').first.text_content()

    other = open_page()
    other.goto(link)
    expect(other.locator("#expr")).to_have_value(NETWORK)
    expect(other.locator('input[name="set.w8"]')).to_have_value("2.5")
    expect(other.locator('[data-field="w8.total"]').first).to_have_text(shown or "")
    other.locator('input[name="set.b8"]').fill("1")
    other.wait_for_function("() => location.search.startsWith('?expr=')")
    other.go_back()
    expect(other.locator('input[name="set.b8"]')).to_have_value("1")
    expect(other.locator('input[name="set.w8"]')).to_have_value("2.5")
    assert "z=" in other.url


def test_the_qr_code_is_the_link(page: Page) -> None:
    page.goto("/?expr=x^2")
    page.get_by_role("button", name="Share").click()
    code = page.get_by_role("img", name="QR code of the link")
    expect(code).to_be_visible()
    menu, drawn = (place.bounding_box() for place in (page.locator("#share"), code))
    assert menu
    assert drawn
    assert menu["y"] <= drawn["y"]
    assert drawn["y"] + drawn["height"] <= menu["y"] + menu["height"] <= 768
    link = page.get_by_label("The link", exact=True).input_value()
    assert link.endswith("/?expr=x^2")
    # Drawn anew by the library from the same link, and compared square by square.
    same = page.evaluate(
        """async (link) => {
          const main = document.querySelector('script[src*="main"]').src;
          const { correction, generate } = await import(new URL("vendor/qr.js", main));
          const code = generate(link, { minCorrectionLevel: correction.L });
          const svg = document.querySelector("[data-qr] svg");
          const drawn = new Set(svg.firstChild.getAttribute("d").match(/M\\d+ \\d+/g));
          let same = drawn.size > 100;
          for (let y = 0; y < code.size; y++) for (let x = 0; x < code.size; x++)
            same &&= code.get(x, y) === drawn.has(`M${x} ${y}`);
          return same;
        }""",
        link,
    )
    assert same


def test_a_link_that_is_too_long_for_a_code_says_so(page: Page) -> None:
    page.goto("/")
    page.evaluate(
        "window.words = Array.from({ length: 900 }, (_, n) => `v${(n * 7919) % 99991}`).join(' + ')"
    )
    page.locator("#expr").fill(page.evaluate("window.words"))
    page.get_by_role("button", name="Share").click()
    expect(page.get_by_text("This link is too long for a QR code.")).to_be_visible()


def test_a_broken_link_is_told_on_the_page(page: Page) -> None:
    page.goto(f"/?z={packed('expr=x*y*7')[:-3]}")
    expect(page.get_by_role("alert")).to_contain_text("a part of the link is missing, or was changed")
    expect(page.locator("#expr")).to_have_value("(4*x+1)^2")


def test_the_clipboard_gets_the_step_as_svg_and_as_a_picture(open_page: OpenPage) -> None:
    page = open_page(permissions=["clipboard-read", "clipboard-write"])
    page.goto("/?frame=8")
    page.get_by_role("button", name="Download").click()
    expect(page.get_by_label("Step", exact=True)).to_have_value("8")
    page.get_by_role("button", name="Copy SVG").click()
    expect(page.locator("#toast")).to_have_text("Copied as SVG")
    svg = page.evaluate("navigator.clipboard.readText()")
    assert svg == page.request.get("/graph.svg?frame=8").text()
    page.locator("#copy-width").fill("300")
    page.get_by_label("PNG", exact=True).fill("96")
    page.get_by_role("button", name="Copy PNG").click()
    expect(page.locator("#toast")).to_have_text("Copied as PNG")
    size = page.evaluate(
        """async () => {
          const [item] = await navigator.clipboard.read();
          const picture = await createImageBitmap(await item.getType("image/png"));
          return [picture.width, picture.height];
        }"""
    )
    assert size[0] == 300


def test_the_preview_and_the_links_follow_the_choices(page: Page) -> None:
    page.goto("/?expr=x*y&at.x=3")
    page.get_by_role("button", name="Download").click()
    preview = page.get_by_alt_text("The figure as it will be")
    expect(preview).to_have_attribute("src", re.compile("^data:image/svg"))
    whole = preview.get_attribute("src")
    page.get_by_label("Blanks for the numbers").check()
    page.get_by_label("No background").check()
    page.get_by_label("Colours", exact=True).select_option("dark")
    page.get_by_label("Step", exact=True).fill("2")
    expect(preview).not_to_have_attribute("src", whole or "")
    link = page.locator('[data-download="graph.svg"]')
    wanted = "/graph.svg?expr=x*y&at.x=3&frame=2&theme=dark&background=transparent&numbers=no"
    expect(link).to_have_attribute("href", wanted)
    page.wait_for_function(
        "(wanted) => decodeURIComponent(document.querySelector('[data-preview]').src).endsWith(wanted)",
        arg=page.request.get(wanted).text(),
    )
    assert page.evaluate("document.querySelector('[data-preview]').naturalWidth") > 100
    assert page.url.endswith("/?expr=x*y&at.x=3")


def test_what_the_server_refuses_is_told_in_the_dialog(page: Page) -> None:
    page.goto("/")
    page.get_by_role("button", name="Download").click()
    page.locator("#copy-width").fill("3")
    alert = page.locator("[data-copy-problem]")
    expect(alert).to_have_text("width is 3; it can be from 16 to 20000.")
    page.locator("#copy-width").fill("9000")
    expect(alert).to_be_hidden()
    page.get_by_label("PNG", exact=True).fill("1200")
    page.get_by_role("button", name="Copy PNG").click()
    expect(alert).to_contain_text("pixels is too large: it can have 10,000,000")


def test_a_preview_that_comes_late_leaves_the_refusal_of_a_copy_told(page: Page) -> None:
    page.goto("/")
    page.get_by_role("button", name="Download").click()
    page.locator("#copy-width").fill("9000")
    previews: list[Route] = []
    page.route(lambda url: "graph.svg" in url and "dpi=1200" in url, lambda route: previews.append(route))
    page.get_by_label("PNG", exact=True).fill("1200")
    page.get_by_role("button", name="Copy PNG").click()
    alert = page.locator("[data-copy-problem]")
    expect(alert).to_contain_text("pixels is too large")
    preview = page.locator("[data-preview]")
    before = preview.get_attribute("src")
    while not previews:
        page.wait_for_timeout(20)
    answer = previews[0].fetch()
    previews[0].fulfill(response=answer, body=answer.text().replace("</svg>", "<title>late</title></svg>"))
    expect(preview).not_to_have_attribute("src", before or "")
    expect(alert).to_contain_text("pixels is too large")
    page.get_by_label("PNG", exact=True).fill("100")
    expect(alert).to_be_hidden()


@pytest.mark.parametrize("kind", ["SVG", "PNG"])
def test_a_clipboard_that_refuses_is_told(page: Page, kind: str) -> None:
    page.add_init_script(
        "for (const name of ['write', 'writeText'])"
        " navigator.clipboard[name] = () => Promise.reject(new DOMException('no', 'NotAllowedError'));"
    )
    page.goto("/")
    page.get_by_role("button", name="Download").click()
    page.get_by_role("button", name=f"Copy {kind}").click()
    expect(page.locator("#toast")).to_contain_text("does not let this page copy")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Share").click()
    page.get_by_role("button", name="Copy link").click()
    expect(page.locator("#toast")).to_contain_text("the link is in the field")
    expect(page.get_by_label("The link", exact=True)).to_be_focused()


def test_ctrl_z_in_a_field_of_a_dialog_is_the_fields_own(page: Page) -> None:
    page.goto("/?expr=x*y")
    page.locator("#expr").fill("x*y + 1")
    page.get_by_role("button", name="Download").click()
    page.locator("#copy-width").fill("300")
    page.keyboard.press("Control+z")
    expect(page.locator("#expr")).to_have_value("x*y + 1")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_on_paper_there_are_program_figure_and_table_on_white(page: Page, scheme: str) -> None:
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    page.goto("/?panes=plot&expr=x*y%0Ax*y%2B1")
    page.wait_for_load_state("networkidle")
    page.emulate_media(media="print", color_scheme=scheme)  # type: ignore[arg-type]
    page.set_viewport_size({"width": 700, "height": 990})  # as wide as paper
    expect(page.locator(".mirror")).to_be_visible()
    assert (page.locator(".mirror").text_content() or "").strip() == "x*y\nx*y+1"
    expect(page.locator(".figure > svg")).to_be_visible()
    table = page.locator(".nodes table")
    expect(table).to_be_visible()
    expect(table.locator("tbody tr").last).to_contain_text("2")
    expect(table.get_by_role("button", name="a · b")).to_be_visible()
    assert (
        page.evaluate(
            """() => [...document.querySelectorAll("button, input, select, textarea, nav, [role=dialog]")]
          .filter((e) => e.checkVisibility() && !e.closest("tbody")).map((e) => e.outerHTML)"""
        )
        == []
    )
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    ink = page.evaluate("getComputedStyle(document.querySelector('.nodes tbody td')).color")
    assert sum(map(int, re.findall(r"\d+", ink)[:3])) < 400  # dark ink on white, whatever the screen has


def test_what_a_class_gets_is_chosen_on_a_phone(open_page: OpenPage) -> None:
    """The longest choice stood out of its box."""
    page = open_page(viewport={"width": 390, "height": 844}, has_touch=True)
    page.goto("/")
    page.get_by_role("button", name="Share").click()
    box = page.locator("[data-teaching]")
    box.locator("summary").click()
    hidden = page.locator("[name=teach-hide]")
    hidden.select_option("gradients,partials")
    expect(page.locator("[data-link]")).to_have_value(re.compile("hide=gradients"))
    edge = box.evaluate("box => box.getBoundingClientRect().right")
    rights = box.locator("select, input, label").evaluate_all(
        "all => all.map((one) => one.getBoundingClientRect().right)"
    )
    assert max(rights) < edge
