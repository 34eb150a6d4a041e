"""A move of a slider in Chromium, beside a bare write of as many texts in the same SVG: the limit.

Our moves are recorded first: the texts that each of them writes, anywhere on the page. The limit writes as
many of those into the figure's texts and does nothing else: no number is computed or formatted, no control
kept in step. Both make a move each frame and take turns. Chromium draws without a GPU.
"""

from __future__ import annotations

from collections.abc import Sequence

from playwright.sync_api import Browser, CDPSession, Page

from bench import browser
from bench.timing import percentile

SIZES = (25, 100, 300)
MOVES = 120
ROUNDS = 4
RANGE = {"min.x": -1.5, "max.x": 1.5, "step.x": 0.025}  # a notch for each move
KINDS = ("ours", "bare")

_PREPARE = """
(moves) => {
  const slider = document.querySelector("input[type=range]");
  const frame = () => new Promise(requestAnimationFrame);
  const slide = (at) => {
    slider.value = String(Number(slider.min) + at * Number(slider.step));
    slider.dispatchEvent(new Event("input", { bubbles: true }));
  };
  const places = [...document.querySelectorAll("#sheet [data-field]")].map((element) => element.firstChild);
  const written = [];
  const write = (at) => written[at].slice(0, places.length).forEach((data, k) => (places[k].data = data));
  const kinds = { ours: slide, bare: write };

  window.bench = {
    async record() {
      let texts = new Set();
      const seen = new MutationObserver((records) => {
        for (const { target } of records) if (target instanceof Text) texts.add(target);
      });
      seen.observe(document.body, { characterData: true, subtree: true });
      for (let at = 0; at < moves; at++) {
        texts = new Set();
        slide(at);
        await frame();
        await frame();
        written.push([...texts].map((text) => text.data));
      }
      seen.disconnect();
      return written.flat().length / moves;
    },

    async run(kind) {
      const intervals = [];
      let last = await frame();
      for (let at = 0; at < moves; at++) {
        kinds[kind](at);
        const now = await frame();
        intervals.push(now - last);
        last = now;
      }
      return intervals;
    },
  };
}"""


def program(size: int) -> str:
    """About this many nodes, whose numbers all stay in sight: sines of sums of sines of three variables."""
    level = [f"{'xyz'[k % 3]}" for k in range((size + 2) // 3)]
    while len(level) > 1:
        pairs = zip(level[::2], level[1::2], strict=False)
        level = [f"sin({a}+{b})" for a, b in pairs] + level[len(level) // 2 * 2 :]
    return level[0]


def prepared(page: Page) -> tuple[CDPSession, float]:
    """A session that counts, and how many texts a move writes."""
    page.evaluate(_PREPARE, MOVES)
    texts = page.evaluate("window.bench.record()")
    session = page.context.new_cdp_session(page)
    session.send("Performance.enable")
    return session, texts


def measure(page: Page, session: CDPSession, kinds: Sequence[str]) -> dict[str, dict[str, float]]:
    """Milliseconds a move by kind: the least of all rounds, in which the kinds take turns."""
    best: dict[str, dict[str, float]] = {kind: {} for kind in kinds}
    for _ in range(ROUNDS):
        for kind in kinds:
            before = browser.metrics(session)
            intervals = page.evaluate("(kind) => window.bench.run(kind)", kind)
            found = browser.spent(before, browser.metrics(session), MOVES)
            found["p95"] = percentile(intervals, 0.95)
            best[kind] = {name: min(best[kind].get(name, time), time) for name, time in found.items()}
    return best


def main() -> None:
    print("## A move of a slider\n")
    print("Milliseconds a move, and the 95th percentile of the time between frames.\n")
    print(
        "| nodes | texts | what | script | style + layout | all on main thread | p95 | ours : bare | of all |"
    )
    print("| --- | --- | --- | --- | --- | --- | --- | --- | --- |")
    with browser.server() as address, browser.browser() as chromium:
        for size in SIZES:
            _rows(chromium, address, size)


def _rows(chromium: Browser, address: str, size: int) -> None:
    page = browser.opened(chromium, address, expr=program(size), **RANGE)
    nodes = page.evaluate(
        "JSON.parse(document.querySelector('[data-fragment=graph]').textContent).nodes.length"
    )
    session, texts = prepared(page)
    found = measure(page, session, KINDS)
    ratio, whole = work(found["ours"]) / work(found["bare"]), found["ours"]["task"] / found["bare"]["task"]
    for kind, times in found.items():
        laid = times["layout"] + times["style"]
        print(
            f"| {nodes} | {texts:.0f} | {kind} | {times['script']:.2f} | {laid:.2f} | {times['task']:.2f} "
            f"| {times['p95']:.1f} | {f'{ratio:.2f} | {whole:.2f}' if kind == 'ours' else '|'} |"
        )
    page.close()


def work(times: dict[str, float]) -> float:
    """What the page has a hand in: script, style and layout."""
    return times["script"] + times["style"] + times["layout"]
