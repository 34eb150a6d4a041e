"""A move of a slider in Chromium, beside a bare write of as many texts in the same SVG: the limit.

Programs of three variables, and such as people look at: a neuron with many inputs, a head of attention, a
network in its own view.

Our moves are recorded first: the texts that each of them writes, anywhere on the page. The limit writes as
many of those into the figure's texts and does nothing else: no number is computed or formatted, no control
kept in step. Both make a move each frame and take turns. Chromium draws without a GPU.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from playwright.sync_api import Browser, CDPSession, Page

from bench import browser
from bench.timing import percentile
from graphviz_backprop.network.builder import architecture, initial
from graphviz_backprop.network.builder import program as network_program

SIZES = (25, 100, 300)
MOVES = 120
ROUNDS = 4
KINDS = ("ours", "bare")

_PREPARE = """
(moves) => {
  const slider = document.querySelector(".variable input[type=range]");
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


class Case(NamedTuple):
    """A program whose first slider is moved, by a notch for each move."""

    title: str
    expr: str
    first: str
    view: str = "tree"
    start: Mapping[str, float] = {}

    def state(self) -> dict[str, str | float]:
        ends = {f"min.{self.first}": -1.5, f"max.{self.first}": 1.5, f"step.{self.first}": 0.025}
        at = {f"at.{name}": number for name, number in self.start.items()}
        return {"expr": self.expr, "view": self.view, **at, **ends}


def cases() -> Iterator[Case]:
    for size in SIZES:
        yield Case("sines", program(size), "x")
    yield Case("neuron", neuron(5), "w1")
    yield Case("neuron", neuron(21), "w1")
    yield Case("attention", attention(4), "q1")
    shape = architecture([2, 4, 4, 1], "tanh")
    yield Case("network 2-4-4-1", network_program(shape), "w2_11", "network", initial(shape))


def neuron(inputs: int) -> str:
    """A neuron and its loss: two variables for each input, and a bias."""
    terms = " + ".join(f"w{k}*x{k}" for k in range(1, inputs + 1))
    return f"(tanh({terms} + b) - 1)^2"


def attention(keys: int) -> str:
    """What a query of two numbers takes from some keys and their values."""
    numbers = range(1, keys + 1)
    scores = [f"s{k} = (q1*k{k}_1 + q2*k{k}_2) / sqrt(2)" for k in numbers]
    powers = [f"e{k} = exp(s{k})" for k in numbers]
    whole = "t = " + " + ".join(f"e{k}" for k in numbers)
    return "\n".join([*scores, *powers, whole, " + ".join(f"e{k}/t*v{k}" for k in numbers)])


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
    # Of the page's own thread: what else runs on the machine does not count.
    session.send("Performance.enable", {"timeDomain": "threadTicks"})
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
    heads = (
        "program",
        "variables",
        "nodes",
        "texts",
        "what",
        "script",
        "style",
        "layout",
        "all",
        "p95",
        "ratio",
    )
    print(f"| {' | '.join(heads)} |\n|{' --- |' * len(heads)}")
    with browser.server() as address, browser.browser() as chromium:
        for case in cases():
            _rows(chromium, address, case)


def _rows(chromium: Browser, address: str, case: Case) -> None:
    page = browser.opened(chromium, address, **case.state())
    graph = page.evaluate("JSON.parse(document.querySelector('[data-fragment=graph]').textContent)")
    size = f"{case.title} | {len(graph['variables'])} | {len(graph['nodes'])}"
    session, texts = prepared(page)
    found = measure(page, session, KINDS)
    ratio = work(found["ours"]) / work(found["bare"])
    for kind, times in found.items():
        numbers = [f"{times[part]:.2f}" for part in ("script", "style", "layout", "task")]
        last = f"{ratio:.2f}" if kind == "ours" else ""
        print(
            f"| {size} | {texts:.0f} | {kind} | {' | '.join(numbers)} | {times['p95']:.1f} | {last} |",
            flush=True,
        )
    page.close()


def work(times: dict[str, float]) -> float:
    """What the page has a hand in: script, style and layout."""
    return times["script"] + times["style"] + times["layout"]
