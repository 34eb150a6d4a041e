"""A move of a slider with the plot open, in Chromium, against the budget of a frame.

The plotted variable moves (the curve stays, point and tangent move), or another one (the curve is computed
anew); and either of them over contours. Chromium draws without a GPU. The contours' own computing is timed
apart: the coarse grid while a slider moves and the fine one when it rests.
"""

from __future__ import annotations

from playwright.sync_api import Browser, Page

from bench import browser
from bench.slider import MOVES, ROUNDS, program
from bench.timing import percentile

SIZES = (25, 50, 100)
FRAME = 1000 / 60

_PREPARE = """
(moves) => {
  const frame = () => new Promise(requestAnimationFrame);
  window.bench = {
    async run(name) {
      const slider = document.querySelector(`input[name="at.${name}"]`);
      const intervals = [];
      let last = await frame();
      for (let at = 0; at < moves; at++) {
        slider.value = String(Number(slider.min) + at * Number(slider.step));
        slider.dispatchEvent(new Event("input", { bubbles: true }));
        const now = await frame();
        intervals.push(now - last);
        last = now;
      }
      return intervals;
    },
    async parts() {
      const base = document.querySelector("script[type=module]").src.replace(/main.js$/, "");
      const { sampler } = await import(base + "plot/sampler.js");
      const { levelsOf, places, regions } = await import(base + "plot/levels.js");
      const { course } = await import(base + "plot/curves.js");
      const { source } = await import(base + "plot/source.js");
      const graph = JSON.parse(document.querySelector("[data-fragment=graph]").textContent);
      const sample = sampler(graph);
      const box = { left: 40, right: 350, top: 20, bottom: 226 };
      const least = (work) => {
        let best = Infinity;
        for (let round = 0; round < 30; round++) {
          const start = performance.now();
          work();
          best = Math.min(best, performance.now() - start);
        }
        return best;
      };
      const contour = (across, up) => {
        const { xs, ys } = places([-1.5, 1.5, -1.5, 1.5], across, up);
        const values = sample.values({ x: 1, y: 1, z: 1 }, { x: xs, y: ys }, xs.length);
        regions({ values, across, up }, levelsOf(values).thresholds, box);
      };
      const curve = () => {
        const from = source(sample, { x: 1, y: 1, z: 1 }, null, { places: 400, nodes: graph.nodes.length });
        course(from, "x", [-1.5, 1.5], null, 206);
      };
      const [coarse, fine] = [least(() => contour(64, 42)), least(() => contour(128, 84))];
      return { curve: least(curve), coarse, fine };
    },
  };
}"""

KINDS = (
    ("no plot, the explanations instead", "", "x"),
    ("curve, its own variable", "x", "x"),
    ("curve, another variable", "x", "y"),
    ("contours, their own variable", "x,y", "x"),
    ("contours, another variable", "x,y", "z"),
)


def main() -> None:
    print("## The plot\n")
    print(
        f"Milliseconds a move, each the least of {ROUNDS} rounds of {MOVES} moves; a frame has {FRAME:.1f}.\n"
    )
    print("| nodes | what moves | script | style + layout | main thread | of a frame | p95 |")
    print("| --- | --- | --- | --- | --- | --- | --- |")
    parts = []
    with browser.server() as address, browser.browser() as chromium:
        for size in SIZES:
            for what, plot, moved in KINDS:
                page = _opened(chromium, address, size, plot)
                _row(page, what, moved)
                if plot == "x,y" and moved == "x":
                    parts.append((_nodes(page), page.evaluate("window.bench.parts()")))
                page.close()
    print("\nTime of the parts, the least of 30:\n")
    print("| nodes | course of the curve | contours, coarse | contours, fine |")
    print("| --- | --- | --- | --- |")
    for nodes, found in parts:
        print(f"| {nodes} | {found['curve']:.1f} | {found['coarse']:.1f} | {found['fine']:.1f} |")


def _opened(chromium: Browser, address: str, size: int, plot: str) -> Page:
    ranges = {f"{end}.{name}": at for name in "xyz" for end, at in (("min", -1.5), ("max", 1.5))}
    steps = {f"step.{name}": 0.025 for name in "xyz"}
    panes = "graph,plot" if plot else "graph"
    page = browser.opened(chromium, address, expr=program(size), panes=panes, plot=plot, **ranges, **steps)
    if plot:
        page.wait_for_selector('[data-plot="main"] .point[visibility]', state="attached")
    page.evaluate(_PREPARE, MOVES)
    return page


def _nodes(page: Page) -> int:
    text = "document.querySelector('[data-fragment=graph]').textContent"
    return int(page.evaluate(f"JSON.parse({text}).nodes.length"))


def _row(page: Page, what: str, moved: str) -> None:
    session = page.context.new_cdp_session(page)
    session.send("Performance.enable")
    best: dict[str, float] = {}
    for _ in range(ROUNDS):
        before = browser.metrics(session)
        intervals = page.evaluate("(name) => window.bench.run(name)", moved)
        found = browser.spent(before, browser.metrics(session), MOVES)
        found["p95"] = percentile(intervals, 0.95)
        best = {name: min(best.get(name, time), time) for name, time in found.items()}
    print(
        f"| {_nodes(page)} | {what} | {best['script']:.2f} | {best['layout'] + best['style']:.2f} "
        f"| {best['task']:.2f} | {best['task'] / FRAME:.2f} | {best['p95']:.1f} |"
    )


if __name__ == "__main__":
    main()
