"""The page under a prefix, and two pages in one document."""

from __future__ import annotations

from collections.abc import Iterator
from threading import Thread

import pytest
from playwright.sync_api import Browser, Page, expect
from werkzeug.exceptions import NotFound
from werkzeug.middleware.dispatcher import DispatcherMiddleware
from werkzeug.serving import make_server

from graphviz_backprop.web import create_app
from tests.support.panes import show

PREFIX = "/tools/backprop"


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """The app's address under a prefix."""
    app = create_app()
    server = make_server("127.0.0.1", 0, DispatcherMiddleware(NotFound(), {PREFIX: app}), threaded=True)
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.port}{PREFIX}/"
    server.shutdown()
    thread.join()
    app.extensions["layout"].close()
    app.extensions["algebra"].close()


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1366, "height": 768})
    page = context.new_page()
    faults: list[str] = []
    page.on(
        "request",
        lambda asked: None if asked.url.startswith((address, "blob:")) else faults.append(asked.url),
    )
    page.on(
        "response",
        lambda reply: faults.append(f"{reply.status} {reply.url}") if reply.status >= 400 else None,
    )
    page.on("pageerror", lambda error: faults.append(str(error)))
    yield page
    context.close()
    assert not faults, "\n".join(faults)


def test_everything_is_asked_for_under_the_prefix(page: Page, address: str) -> None:
    page.goto(address)
    page.locator("#expr").fill("x^3")
    value = page.locator('output[data-field="c.value"]')
    expect(value).to_have_text("1")
    page.get_by_label("Value of x").fill("2")
    expect(value).to_have_text("8")
    page.locator('[data-panel="formula"] > summary').click()
    expect(page.locator("[data-formula] math").first).to_be_visible()
    show(page, "data")
    page.get_by_label("Samples", exact=True).select_option("line")
    expect(page.locator("tr[data-picks]").nth(1)).to_be_visible()
    show(page, "network", instead_of="graph")
    expect(page.locator("[data-builder] [data-count]")).not_to_be_empty()
    page.get_by_role("button", name="Build a network").first.click()
    page.get_by_role("button", name="Build", exact=True).click()
    page.get_by_role("button", name="Replace it").click()
    expect(page.locator("#expr")).not_to_have_value("x^3")
    page.go_back()
    expect(page.locator("#expr")).to_have_value("x^3")
    assert page.url.startswith(f"{address}?expr=x^3")
    page.get_by_role("button", name="Download").click()
    expect(page.locator("[data-download]").first).to_have_attribute(
        "href", f"{PREFIX}/graph.svg?{page.url.partition('?')[2]}"
    )
