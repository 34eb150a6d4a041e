"""The page from its bundles: how little the first visit takes, and that all works, without the server too."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.test_network import XOR, address
from tests.support.panes import show
from tests.support.served import served

REQUESTS = 8
BYTES = 150_000


@pytest.fixture(scope="module")
def server(built: Path) -> Iterator[str]:
    with served(BUNDLE=str(built)) as address:
        yield address


def test_a_first_visit_is_small(page: Page) -> None:
    """What comes before a browser fetches ahead is counted in bytes, and all of it in requests."""
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    kinds: dict[str, str] = {}
    sizes: dict[str, int] = {}
    session.on("Network.responseReceived", lambda event: kinds.update({event["requestId"]: event["type"]}))
    session.on(
        "Network.loadingFinished",
        lambda event: sizes.update({event["requestId"]: int(event["encodedDataLength"])}),
    )
    page.goto("/", wait_until="networkidle")
    expect(page.locator("#viewport [data-node]").first).to_be_visible()
    counted = [size for size in sizes.values() if size]
    at_once = [sizes[key] for key, kind in kinds.items() if kind not in ("Prefetch", "Other")]
    assert {"Document", "Stylesheet", "Script", "Font"} <= set(kinds.values())
    assert len(counted) <= REQUESTS, kinds
    assert sum(at_once) <= BYTES, sizes


def test_a_page_that_lost_its_server_still_opens_each_side(page: Page) -> None:
    page.goto("/", wait_until="networkidle")
    page.context.set_offline(True)
    show(page, "plot")
    expect(page.locator('[data-plot="main"] path').first).to_be_attached()
    show(page, "training", instead_of="plot")
    expect(page.get_by_role("button", name="Run")).to_be_visible()
    show(page, "data", instead_of="training")
    expect(page.locator("[data-fragment=data]")).to_be_visible()


def test_a_page_that_was_visited_is_there_without_its_server(browser: Browser, built: Path) -> None:
    """It does what needs no server; a program that was never drawn is kept, without a figure of its own."""
    context = browser.new_context()
    page = context.new_page()
    with served(BUNDLE=str(built)) as address:
        page.goto(address)
        page.evaluate("() => navigator.serviceWorker.ready.then(() => {})")
        page.wait_for_function("() => navigator.serviceWorker.controller !== null")
        page.goto(f"{address}/?expr=x^3%2B1")
        expect(page.locator("#viewport [data-node]").first).to_be_attached()
    page.goto(f"{address}/?expr=x^3%2B1")
    expect(page.locator("#expr")).to_have_value("x^3+1")
    page.locator('input[name="at.x"]').first.fill("2")
    expect(page.locator('#viewport [data-field="e.value"]').first).to_have_text("9")
    page.fill("#expr", "y^7")
    page.wait_for_url(re.compile(r"expr=y\^7"))
    page.reload()
    expect(page.locator("#expr")).to_have_value("y^7")
    expect(page.locator("#offline")).to_be_visible()
    expect(page.get_by_text("The last program that was drawn")).to_be_visible()
    assert "/?expr=y^7" in page.url
    context.close()


def test_a_descent_runs_beside_the_page_without_the_server(page: Page) -> None:
    """The worker is a file of its own, whose address the bundle knows."""
    page.goto("/?side=plot&steps=5", wait_until="networkidle")
    page.context.set_offline(True)
    page.locator("[data-descent=last], [data-descent=run]").first.click()
    expect(page.locator('[data-field="descent.now.k"]')).to_have_text("Step 5")


def test_who_trains_asks_the_server_for_nothing(page: Page) -> None:
    """A network learns from rows that were pasted: it runs, is scrubbed and raced."""
    page.goto(address("xor", data="own", table=XOR, steps="40"), wait_until="networkidle")
    expect(page.locator("#wire-words")).not_to_be_empty()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.locator("[data-choose=speed]").select_option(index=3)
    page.locator("[data-descent=run]").click()
    step = page.locator('[data-field="descent.now.k"]')
    expect(step).to_have_text("Step 40")
    page.get_by_role("slider", name="Step that is shown").fill("7")
    expect(step).to_have_text("Step 7")
    page.locator("[data-choose=racer]").select_option("adam")
    expect(page.locator("[data-racer]:visible")).to_have_count(2)
    expect(page.locator('[data-field="race.adam.end"]')).to_have_text(re.compile("after 40"))
    page.locator('[name="set.w2_11"]').fill("2")
    expect(page.locator('#sheet .edge[data-weight="w2_11"]')).to_have_attribute("data-sign", "plus")
    assert [url for url in asked if "/static/" not in url] == []  # it has its files


def test_a_table_does_not_leave_the_browser(page: Page) -> None:
    """It is read beside the page, without the server."""
    page.goto("/?expr=(w*x-y)^2&panes=graph,data", wait_until="networkidle")
    page.context.set_offline(True)
    page.locator("[data-part=set]").select_option("own")
    page.locator("[data-part=text]").fill("x;y;kind\n1,5;12 %;a\n-3;5 %;b\n")
    page.get_by_role("button", name="Read kind as classes: 0 = a, 1 = b").click()
    expect(page.locator("[data-part=status]")).to_have_text("2 samples, 3 columns. kind: 0 = a, 1 = b.")
    expect(page.locator("[data-part=body] tr").first).to_contain_text("-0.75")


def test_a_rare_letter_fetches_the_whole_font(page: Page) -> None:
    fetched: list[str] = []
    page.on("request", lambda request: fetched.append(request.url))
    page.goto("/", wait_until="networkidle")
    assert "math" in "".join(fetched)
    assert "stix" not in "".join(fetched)
    with page.expect_request("**/stix-*"):
        page.fill("#expr", "ж^2")
