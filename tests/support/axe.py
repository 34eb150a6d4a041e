"""Accessibility, as axe-core finds it in a page."""

from pathlib import Path

from playwright.sync_api import Page

AXE = Path(__file__).parents[2] / "node_modules/axe-core/axe.min.js"


def violations(page: Page) -> list[str]:
    """What axe finds: all rules in light colours, then in dark ones the contrast, as nothing else differs."""
    # Through the debugger, as the page's own policy lets no foreign script in.
    page.evaluate(AXE.read_text("utf-8") + "; undefined")
    page.emulate_media(color_scheme="light")
    found = page.evaluate("axe.run()")["violations"]
    page.emulate_media(color_scheme="dark")
    found += page.evaluate("axe.run({ runOnly: ['color-contrast'] })")["violations"]
    return [
        f"{each['id']}: {node['html']} {node['failureSummary']}" for each in found for node in each["nodes"]
    ]
