"""The real app in a process of its own, and Chromium to look at it.

`CHROMIUM` names the browser: /usr/bin/chromium where there is one, else the one that Playwright installed.

A page that waits for the processor can be slower than every wait, and then its test fails for nothing. So a
test that fails here is run once more; what needed it is listed as RERUN at the end, as a race to be mended.
"""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Error,
    Page,
    Request,
    Response,
    expect,
    sync_playwright,
)

from tests.support.served import served

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]

HERE = Path(__file__).parent

PATIENCE = 20_000  # milliseconds: enough where other tests take the processor, too
expect.set_options(PATIENCE)

OpenPage = Callable[..., Page]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker(pytest.mark.flaky(reruns=1))


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """The address of the running app, without a slash at its end."""
    with served() as address:
        yield address


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    installed = Path("/usr/bin/chromium")
    chromium = os.environ.get("CHROMIUM") or (str(installed) if installed.exists() else None)
    with sync_playwright() as playwright:
        try:
            browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        except Error as error:
            pytest.fail(
                f"no Chromium starts at {chromium or playwright.chromium.executable_path}; "
                "`make test` installs one, and CHROMIUM= names another.\n"
                f"{error.message}"
            )
        yield browser
        browser.close()


@pytest.fixture
def open_page(browser: Browser, server: str) -> Iterator[OpenPage]:
    """Makes pages: `open_page(java_script_enabled=False)`, with the options of Playwright's `new_context`.

    A test fails where a page of it logs an error, throws one, asks another host, or gets an answer that
    no visitor should get. A 400 is none: it is how the app says that a program has a mistake. Nor is a
    404 for the page itself.
    """
    contexts: list[BrowserContext] = []
    faults: list[str] = []

    def on_console(message: ConsoleMessage) -> None:
        if message.type == "error" and not message.text.startswith("Failed to load resource"):
            faults.append(f"console: {message.text}")

    def on_request(request: Request) -> None:
        if not request.url.startswith((f"{server}/", "data:", "blob:")):
            faults.append(f"asked another host: {request.url}")

    def on_response(response: Response) -> None:
        expected = response.status == 400 or response.request.is_navigation_request()
        if response.status >= 500 or (response.status >= 400 and not expected):
            faults.append(f"{response.status}: {response.url}")

    def open_page(**options: object) -> Page:
        context = browser.new_context(
            **{"base_url": server, "viewport": {"width": 1366, "height": 768}, **options}
        )
        contexts.append(context)
        context.set_default_timeout(PATIENCE)
        page = context.new_page()
        page.on("console", on_console)
        page.on("pageerror", lambda error: faults.append(f"uncaught: {error}"))
        page.on("request", on_request)
        page.on("response", on_response)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert not faults, "\n".join(faults)


@pytest.fixture
def page(open_page: OpenPage) -> Page:
    """A page of 1366 x 768 in a context of its own, not gone anywhere yet: `page.goto("/")`."""
    return open_page()
