"""Dragging and stepping with the player, the table of nodes and the path ledger open, on 50 nodes."""

from __future__ import annotations

from playwright.sync_api import Page

from bench import browser
from bench.slider import RANGE, measure, prepared, program
from bench.timing import percentile

SIZE = 50
STEPS = 40

# From a press of "next" to the frame that shows the step: the first one after it is the goal.
_NEXT = """
async (steps) => {
  const frame = () => new Promise(requestAnimationFrame);
  const next = document.querySelector("[data-go=next]");
  const shown = () => document.querySelector(".steps > li:not([hidden])");
  const found = [];
  for (let at = 0; at < steps; at++) {
    await frame();
    await new Promise((done) => setTimeout(done)); // between frames, as a press would come
    const before = shown();
    const start = performance.now();
    next.click();
    let frames = 0;
    while (shown() === before && frames < 60) {
      await frame();
      frames++;
    }
    found.push([frames, performance.now() - start]);
  }
  return found;
}"""


def main() -> None:
    print("## Dragging with the explanations open, 50 nodes\n")
    with browser.server() as address, browser.browser() as chromium:
        text = program(SIZE)
        page = browser.opened(
            chromium,
            address,
            expr=text,
            panels="paths",
            panes="graph,nodes",
            inspector="open",
            frame=SIZE,
            **RANGE,
        )
        _drag(page)
        print("\n## From pressing next to the step shown\n")
        _step(page)


def _drag(page: Page) -> None:
    session, texts = prepared(page)
    times = measure(page, session, ("ours", "bare"))
    print("| texts | what | script | style + layout | main thread | frame p95 |")
    print("| --- | --- | --- | --- | --- | --- |")
    for kind, found in times.items():
        laid = found["layout"] + found["style"]
        print(
            f"| {texts:.0f} | {kind} | {found['script']:.2f} | {laid:.2f} | {found['task']:.2f} "
            f"| {found['p95']:.1f} |"
        )


def _step(page: Page) -> None:
    presses = page.evaluate(_NEXT, STEPS)
    frames, times = ([press[part] for press in presses] for part in (0, 1))
    print("| presses | frames, median | p95 | ms, median | p95 |\n| --- | --- | --- | --- | --- |")
    numbers = [percentile(found, share) for found in (frames, times) for share in (0.5, 0.95)]
    print(f"| {STEPS} | {numbers[0]} | {numbers[1]} | {numbers[2]:.1f} | {numbers[3]:.1f} |")
