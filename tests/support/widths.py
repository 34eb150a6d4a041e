"""What does not fit into the width it has: a part that scrolls by itself hides that from its page."""

from typing import cast

from playwright.sync_api import Page

# The page, and its parts that may scroll down; a bar of buttons, a table or a formula may scroll sideways.
_PARTS = "html, .column, .pane, .pane-body, .inspector, .inspector-body"
_TOO_WIDE = """(parts) => [...document.querySelectorAll(parts)]
  .filter((part) => part.checkVisibility())
  .filter((part) => part.scrollWidth > part.clientWidth || part.getBoundingClientRect().right > innerWidth)
  .map((part) => `${part.className || part.localName}: ${part.scrollWidth} in ${part.clientWidth}`)"""


def too_wide(page: Page) -> list[str]:
    """The parts in sight that are wider than the screen, or hold what is wider than they are."""
    return cast(list[str], page.evaluate(_TOO_WIDE, _PARTS))
