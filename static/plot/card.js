/** The card of the plot: what is plotted, which picture shows it, and what hands do to it. */

import { say } from "../page/dom.js";
import { plain, sliderOf } from "../state/url.js";
import { createAgainst, PLACES as ALONG } from "./against.js";
import { createHands } from "./hands.js";
import { createOver, PLACES as OVER } from "./over.js";
import { createPoint } from "./point.js";
import { documentOf, savePng, saveSvg } from "./save.js";
import { source } from "./source.js";
import { subjectOf } from "./subject.js";
import { set, watchSize } from "./svg.js";
import { rowWords } from "./words.js";

/**
 * @typedef {import("../workbench.js").Page} Page
 * @typedef {import("../workbench.js").Graph} Graph
 * @typedef {import("./sampler.js").Sampler} Sampler
 * @typedef {import("./subject.js").Subject} Subject
 * @typedef {ReturnType<typeof watchSize>[]} Sizes of the picture, and of the derivative's below it
 *
 * @typedef {object} Asked what a picture is to show
 * @property {Subject} subject
 * @property {import("./source.js").Source} from
 * @property {string} key all that its numbers depend on, but for the part that is seen
 * @property {number} value of the output at the point
 * @property {number[]} slopes along each variable
 * @property {string} output
 *
 * @typedef {object} Shown what a picture shows
 * @property {import("./layers.js").Frame} frame
 * @property {import("./window.js").Window} window
 * @property {{told: string, frame: string}} words
 * @property {boolean} exact whether it is the whole, no first look
 * @property {[number, number]} point
 */

const KEYS = "Arrow keys move it, plus and minus zoom, 0 shows the sliders' ranges.";

/**
 * @param {HTMLElement} section @param {Page} page
 * @param {{names: string, box: string}} last what was shown last, by this card or one before it
 */
export function createCard(section, page, last) {
  const { state } = page;
  const find = (/** @type {string} */ selector) => /** @type {HTMLElement} */ (section.querySelector(selector));
  const main = /** @type {SVGSVGElement} */ (section.querySelector('[data-plot="main"]'));
  const below = /** @type {SVGSVGElement} */ (section.querySelector('[data-plot="slope"]'));
  const words = find("#plot-words");
  const choices = /** @type {HTMLSelectElement[]} */ ([...section.querySelectorAll("[data-plot-choice]")]);
  const sizes = [
    watchSize(main, paint, { width: 400, height: 260 }),
    watchSize(below, paint, { width: 400, height: 120 }),
  ];
  /** @type {{graph: Graph, sample: Sampler} | null} */
  let program = null;
  let version = 0;
  /** @type {{of: number, draw: (asked: Asked) => Shown, point: ReturnType<typeof createPoint>} | null} */
  let picture = null;
  /** The numbers at the point, by what they depend on. @type {{key: string, value: number, slopes: number[]}} */
  let spot = { key: "", value: NaN, slopes: [] };

  const subject = () =>
    program?.graph.variables.length ? subjectOf(state, program.graph.variables, page.rows()) : null;

  const hands = createHands(main, page, {
    names: () => subject()?.names ?? [],
    holds: (x, y) => picture?.point.holds(x, y) ?? false,
    looked: (box) => (last.box = box),
  });

  function paint() {
    const now = subject();
    if (state.side !== "plot" || !now || !program) return;
    forget(now.names.join());
    if (picture?.of !== now.names.length) picture = build(now.names.length);
    choices.forEach((choice, at) => {
      if (choice.value !== (now.names[at] ?? "")) choice.value = now.names[at] ?? "";
    });
    const from = source(program.sample, now.at, now.rows, {
      places: picture.of === 1 ? ALONG : OVER,
      nodes: program.graph.nodes.length,
    });
    const { value, slopes } = atPoint(now, from);
    const shown = picture.draw({ subject: now, from, key: keyOf(now), value, slopes, output: program.graph.output });
    hands.see(shown.frame, shown.window);
    section.setAttribute("aria-busy", String(!shown.exact));
    const told = `${shown.words.told}${rowWords(from, shown.exact, now.sample)} ${shown.words.frame}`;
    say(words, told);
    put(now, shown, !Number.isNaN(value), told);
  }

  /** What was seen of other variables is of no use. @param {string} names */
  function forget(names) {
    if (last.names && last.names !== names && last.box === state.box) state.box = "";
    Object.assign(last, { names, box: state.box });
  }

  /** @param {number} of so many variables */
  function build(of) {
    const alive = () => section.isConnected;
    const made =
      of === 1 ? createAgainst(main, below, sizes, page, alive, paint) : createOver(main, sizes, page, alive, paint);
    section.toggleAttribute("data-two", of === 2);
    below.toggleAttribute("hidden", true);
    set(main, { "aria-label": `${of === 1 ? "Curve" : "Contours"}. ${KEYS}` });
    return { of, draw: made.draw, point: createPoint(main, hands.step) };
  }

  /** All that numbers depend on. @param {Subject} now */
  function keyOf({ names, at, rows, sample }) {
    const fixed = Object.entries(at).flatMap(([name, value]) => (names.includes(name) ? [] : [plain(value)]));
    return JSON.stringify([version, names, fixed, rows?.count, sample]);
  }

  /**
   * Value and slopes at the point: over many samples they take longer than a frame has.
   * @param {Subject} now
   * @param {import("./source.js").Source} from
   */
  function atPoint(now, from) {
    const key = JSON.stringify([keyOf(now), now.names.map((name) => plain(now.at[name]))]);
    if (spot.key === key) return spot;
    const here = Object.fromEntries(now.names.map((name) => [name, Float64Array.of(now.at[name])]));
    spot = { key, value: from.exact(here)[0], slopes: now.names.map((name) => from.exact(here, name)[0]) };
    return spot;
  }

  /**
   * Puts the point into its place, or to the edge where it is out of sight.
   * @param {Subject} now @param {Shown} shown @param {boolean} defined @param {string} said
   */
  function put({ names }, { frame: { box, x, y }, point: [right, up] }, defined, said) {
    const [across, down] = [x.at(right), Number.isNaN(up) ? box.bottom : y.at(up)];
    if (Number.isNaN(across) || (names.length === 2 && Number.isNaN(up))) return picture?.point.draw(null);
    const inside = across >= box.left - 1 && across <= box.right + 1 && down >= box.top - 1 && down <= box.bottom + 1;
    const { min, max } = sliderOf(state, names[0]);
    picture?.point.draw({
      x: Math.min(Math.max(across, box.left), box.right),
      y: Math.min(Math.max(down, box.top), box.bottom),
      defined: defined && inside,
      label: `Point, ${names.join(" and ")}`,
      said,
      now: right,
      min,
      max,
    });
  }

  section.addEventListener("change", ({ target }) => {
    if (!(target instanceof HTMLSelectElement) || !choices.includes(target)) return;
    const [first, second] = choices.map(({ value }) => value);
    const other = target === choices[0] ? (subject()?.names[0] ?? "") : "";
    state.plot = second === first ? (other ? `${first},${other}` : first) : [first, second].filter(Boolean).join();
    state.box = "";
    page.chosen();
  });

  section.addEventListener("click", ({ target }) => {
    const act = target instanceof Element ? target.closest("[data-plot-act]")?.getAttribute("data-plot-act") : "";
    if (act === "in" || act === "out" || act === "reset") hands[act]();
    else if (act === "svg" || act === "png") {
      const title = section.querySelector(".plot-choice")?.querySelector(".name")?.textContent ?? "";
      const svg = documentOf([main, below], { title: `Plot of ${title}`, words: words.textContent ?? "" });
      if (act === "svg") saveSvg(svg, "plot");
      else savePng(svg, "plot");
    }
  });

  return {
    paint,
    /** @param {Graph | null} graph @param {Sampler | null} sample */
    renew(graph, sample) {
      program = graph && sample && { graph, sample };
      version++;
    },
  };
}
