"""The panes in the middle of the page, as a test uses them."""

from playwright.sync_api import Locator, Page


def show(page: Page | Locator, pane: str, instead_of: str = "") -> None:
    """Chooses a pane: in place of another, or beside the only one."""
    standing = ".pane:not([hidden])"
    if instead_of:
        page.locator(f'.pane[data-pane="{instead_of}"] [data-pane-choice]').select_option(pane)
        return
    page.locator(f"{standing} [data-pane-act=split]").click()
    page.locator(f"{standing} [data-pane-choice]").last.select_option(pane)
