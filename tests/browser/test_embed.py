"""The page in a frame of a page from elsewhere; no other page of the app lets itself be framed."""

from __future__ import annotations

import html
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlencode

from playwright.sync_api import Browser, Page, expect

from graphviz_backprop.api import network
from tests.support.axe import violations

PAGE = """<!doctype html><title>A course</title>
<script>
  window.told = [];
  addEventListener("message", ({{ data, source }}) => {{
    told.push(data);
    if (data.subject === "lti.frameResize") document.querySelector("iframe").height = data.height;
  }});
</script>
<h1>Week 3</h1>
{frame}
"""


@contextmanager
def elsewhere(frame: str) -> Iterator[str]:
    """A page of another origin, with that in it, and its address."""

    class Course(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = PAGE.format(frame=frame).encode()
            self.send_response(200 if self.path == "/course" else 204)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Course) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/course"
        server.shutdown()


def framed(address: str) -> str:
    return f'<iframe src="{html.escape(address)}" width="800" height="200" title="Backprop"></iframe>'


def test_a_frame_elsewhere_works_and_tells_its_height(browser: Browser, server: str) -> None:
    context = browser.new_context(viewport={"width": 1000, "height": 800})
    page = context.new_page()
    with elsewhere(framed(f"{server}/embed?expr=a=x^2*y&at.x=3&at.y=2")) as address:
        page.goto(address)
        frame = page.frame_locator("iframe")
        expect(frame.locator('.sheet [data-field="a.value"]')).to_have_text("18")
        page.wait_for_function(
            "told.some(({ subject, height }) => subject === 'lti.frameResize' && height > 200)"
        )
        visits = page.evaluate("history.length")
        frame.get_by_role("slider", name="x", exact=True).fill("4")
        expect(frame.locator('.sheet [data-field="a.value"]')).to_have_text("32")
        expect(frame.locator('[data-variable="x"] [data-field="x.total"]')).to_have_text("16")
        frame.get_by_role("button", name="First step").click()
        expect(frame.locator(".steps li:not([hidden]) .place")).to_contain_text("Forward")
        told = page.evaluate("told")
        assert {"context": "h5p", "action": "resize", "scrollHeight": told[0]["height"]} in told
        inside = page.frames[1]
        assert inside.evaluate("document.documentElement.scrollHeight - innerHeight") == 0
        link = frame.get_by_role("link", name="Open in Backprop")
        link.focus()
        expect(link).to_have_attribute("href", re.compile(r"/\?expr=.*at\.x=4"))
        assert page.evaluate("history.length") == visits
    context.close()


def test_no_other_page_is_framed(browser: Browser, server: str) -> None:
    context = browser.new_context()
    page = context.new_page()
    refused: list[str] = []
    page.on("console", lambda message: refused.append(message.text) if message.type == "error" else None)
    for path in ("/", "/lessons", "/rules"):
        refused.clear()
        with elsewhere(framed(server + path)) as address:
            page.goto(address, wait_until="load")
            page.wait_for_function("document.querySelector('iframe').contentDocument === null")
            expect(page.frame_locator("iframe").locator("main")).to_have_count(0)
            assert any("frame-ancestors" in text for text in refused), refused
    context.close()


def test_the_code_of_the_frame_works(page: Page, browser: Browser, server: str) -> None:
    """Names and comments of a program are in the title of the frame: as text."""
    page.goto("/")
    page.get_by_label("Program", exact=True).fill('x*y # "><img src=x onerror=alert(1)>')
    expect(page.locator("[data-variable=y]")).to_be_visible()
    page.get_by_role("button", name="Share").click()
    page.get_by_label("A frame in another page").check(force=True)
    page.locator("#share").get_by_label("Height").fill("640")
    field = page.get_by_label("The code of the frame")
    expect(field).to_have_value(re.compile(r'height="640"'))
    expect(page.locator("#share .qr svg")).to_be_visible()
    code = field.input_value()
    assert "<img" not in code
    assert f'src="{server}/embed?expr=' in code
    with elsewhere(code) as address:
        context = browser.new_context()
        other = context.new_page()
        other.goto(address)
        frame = other.frame_locator("iframe")
        expect(frame.locator("[data-variable=y]")).to_be_visible()
        expect(other.locator("iframe")).to_have_attribute("title", re.compile(r'^x\*y # "><img'))
        assert other.locator("img").count() == 0
        context.close()


def test_its_question_is_answered(page: Page) -> None:
    page.goto("/embed?expr=(4*x%2B1)^2&hide=x.total&practise=on")
    page.locator(".question").get_by_role("textbox").fill("40")
    page.get_by_role("button", name="Check").click()
    expect(page.locator("[data-part=question] [data-of=said]")).to_contain_text("Right")
    expect(page.locator('[data-variable="x"] [data-field="x.total"]')).to_have_text("40")
    assert violations(page) == []


def test_many_sliders_leave_the_figure_in_sight(page: Page) -> None:
    """The figure's pane grew as long as they are, and the figure stood in its middle, far below."""
    page.goto("/embed?" + urlencode({"expr": network([4, 20, 2]).text, "view": "graph", "panes": "network"}))
    expect(page.locator(".sheet .node.output")).to_be_in_viewport(ratio=1)
    assert page.evaluate("document.documentElement.scrollHeight <= innerHeight")
    last = page.locator(".embed-side .slider").last
    last.scroll_into_view_if_needed()
    expect(last).to_be_in_viewport()
    expect(page.locator(".sheet .node.output")).to_be_in_viewport(ratio=1)


def test_it_is_accessible_on_a_phone(page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 700})
    page.goto("/embed?expr=x*y%2Bsin(x)&frame=6")
    expect(page.locator(".steps li:not([hidden]) .place")).to_contain_text("Backward")
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_a_network_with_a_plot_and_data(page: Page) -> None:
    page.goto("/embed?expr=(w*x%2Bb-y)^2&data=line,50,0,0.1&at.w=0.5&at.b=0&panes=graph,plot")
    expect(page.locator('.embed-side [data-field="data.shown"]')).to_have_text("Average over 50 samples")
    expect(page.locator('[data-plot="main"] path').first).to_be_attached()
    page.goto("/embed?expr=a=sigmoid(w1*x1%2Bw2*x2%2Bb)%0A(a-y)^2&view=graph&panes=network")
    expect(page.locator(".sheet svg.network")).to_be_visible()
    page.locator(".sheet .node.op").first.click()
    page.get_by_label("Value of w1").fill("2")
    expect(page.locator(".graph .sheet")).to_contain_text("2")


def test_a_lesson_in_a_frame(browser: Browser, server: str) -> None:
    """Its code is copied from its page; it tells its height, and its question is answered in the frame."""
    context = browser.new_context(
        viewport={"width": 1000, "height": 800}, permissions=["clipboard-read", "clipboard-write"]
    )
    page = context.new_page()
    page.goto(f"{server}/lessons/the-chain-rule/4")
    page.get_by_role("button", name="Copy code for a frame").click()
    expect(page.locator("[data-copied]")).to_have_text("Copied.")
    code = page.evaluate("navigator.clipboard.readText()")
    assert f'src="{server}/embed/lessons/the-chain-rule/4"' in code
    with elsewhere(code) as address:
        page.goto(address)
        frame = page.frame_locator("iframe")
        frame.get_by_label("What is ∂g/∂x?").fill("30")
        frame.get_by_role("button", name="Check").click()
        expect(frame.locator("#said")).to_contain_text("Yes, 30.")
        page.wait_for_function("told.some(({subject}) => subject === 'lti.frameResize')")
        height = "document.querySelector('iframe').clientHeight"
        inner = frame.locator("html").evaluate("html => html.scrollHeight")
        page.wait_for_function(f"inner => Math.abs({height} - inner) < 3", arg=inner)
    context.close()
