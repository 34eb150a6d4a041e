"""Groups in Chromium: from a click on a closed one to its nodes, and frames while one slides and plays.

Programs of a function that is called in sequence, so that large ones open folded. A click counts until the
frame after the one in which the new figure stands. Frames are those of requestAnimationFrame while a slider
moves each frame, and while the player steps at its fastest; 16.7 ms are 60 frames a second. Chromium draws
without a GPU.
"""

from __future__ import annotations

from collections.abc import Iterator

from playwright.sync_api import CDPSession, Page

from bench import browser
from bench.timing import percentile
from graphviz_backprop.language.parser import parse

NODES = (20, 60, 200, 2_000)
CLICKS = 7
MOVES = 120

_CLICK = """
async (id) => {
  const frame = () => new Promise(requestAnimationFrame);
  const start = performance.now();
  document.querySelector(`[data-group="${id}"]`).dispatchEvent(new MouseEvent("click", { bubbles: true }));
  while (!document.querySelector(`[data-frame="${id}"]`)) await frame();
  await frame();
  return performance.now() - start;
}
"""

_SLIDE = """
async (moves) => {
  const frame = () => new Promise(requestAnimationFrame);
  const slider = document.querySelector(".variable input[type=range]");
  const times = [];
  let last = await frame();
  for (let at = 0; at < moves; at++) {
    slider.value = String(Number(slider.min) + (at % 100) * Number(slider.step));
    slider.dispatchEvent(new Event("input", { bubbles: true }));
    const now = await frame();
    times.push(now - last);
    last = now;
  }
  return times;
}
"""

_PLAY = """
async (moves) => {
  const frame = () => new Promise(requestAnimationFrame);
  document.querySelector("[data-speed]").value = "4";
  document.querySelector("[data-go=play]").click();
  const times = [];
  let last = await frame();
  for (let at = 0; at < moves; at++) {
    const now = await frame();
    times.push(now - last);
    last = now;
  }
  document.querySelector("[data-go=close]").click();
  return times;
}
"""


def program(nodes: int) -> str:
    """About this many nodes: a function of ten nodes, called for each line, and the sum of the lines."""
    lines = max(1, round(nodes / 12))
    calls = [f"u{k} = f({'x' if k == 0 else f'u{k - 1}'}, {k + 1})" for k in range(lines)]
    return "\n".join(["f(t, k) = sin(k*t) * cos(t + k) + t^2 / (1 + t^2)", *calls, f"u{lines - 1}^2"])


def measure() -> Iterator[str]:
    """Lines of what was found."""
    with browser.server() as address, browser.browser() as chromium:
        for nodes in NODES:
            text = program(nodes)
            shut = "all" if nodes <= 60 else ""
            page = browser.opened(chromium, address, expr=text, shut=shut, **{"min.x": 0})
            session = page.context.new_cdp_session(page)
            # Of the page's own thread: what else runs on the machine does not count.
            session.send("Performance.enable", {"timeDomain": "threadTicks"})
            count = len(parse(text).nodes)
            boxes = page.locator(".sheet [data-node]").count()
            slide, slid = framed(page, session, _SLIDE)
            play, played = framed(page, session, _PLAY)
            before = browser.metrics(session)
            click = opening(page)
            clicked = browser.spent(before, browser.metrics(session), 2 * CLICKS)["task"]
            yield (
                f"{count:>6} {boxes:>6} {click:>10.0f} {clicked:>8.1f} {slide:>10.1f} {slid:>8.1f}"
                f" {play:>10.1f} {played:>8.1f}"
            )
            page.close()


def framed(page: Page, session: CDPSession, script: str) -> tuple[float, float]:
    """The 95th percentile of a frame, and what the page's thread does in one; in milliseconds."""
    before = browser.metrics(session)
    times = page.evaluate(script, MOVES)
    spent = browser.spent(before, browser.metrics(session), MOVES)["task"]
    return percentile(times, 0.95), spent


def opening(page: Page) -> float:
    """The middle of several clicks, each on a group that is closed again."""
    times = []
    for _ in range(CLICKS):
        id_ = page.locator("[data-group]").first.get_attribute("data-group")
        times.append(page.evaluate(_CLICK, id_))
        page.locator(f'[data-close="{id_}"]').dispatch_event("click")
        page.locator(f'[data-group="{id_}"]').wait_for()
    return sorted(times)[len(times) // 2]


def main() -> None:
    heads = ("click, ms", "thread", "slide p95", "thread", "play p95", "thread")
    print(f"{'nodes':>6} {'boxes':>6} " + " ".join(f"{head:>{len(head) + 1}}" for head in heads))
    for line in measure():
        print(line, flush=True)
