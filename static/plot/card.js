/** The card of the plot: which picture shows what is plotted, and what hands do to it. */

import { setNames } from "../network/letters.js";
import { attribute, say } from "../page/dom.js";
import { isHidden } from "../page/hidden.js";
import { shows, sliderOf } from "../state/url.js";
import { createAgainst, PLACES as ALONG } from "./against.js";
import { createChoices } from "./choices.js";
import { createHands } from "./hands.js";
import { createOver, PLACES as OVER } from "./over.js";
import { createPoint } from "./point.js";
import { documentOf, savePng, saveSvg } from "./save.js";
import { source } from "./source.js";
import { set, watchSize } from "./svg.js";
import { sampleWords } from "./words.js";

/**
 * @typedef {Pick<import("../workbench.js").Page, "store" | "clock" | "choose" | "move">} Page
 * @typedef {import("./topic.js").Topic} Topic
 * @typedef {import("./topic.js").Plotted} Plotted
 * @typedef {import("./subject.js").Subject} Subject
 * @typedef {import("./source.js").Source} Source
 * @typedef {ReturnType<typeof watchSize>[]} Sizes of the picture, and of the derivative's below it
 *
 * @typedef {object} Asked what a picture is to show
 * @property {Plotted} f
 * @property {Subject} subject
 * @property {Source} from
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
 *
 * @typedef {object} Picture
 * @property {number} of so many variables
 * @property {(asked: Asked) => Shown} draw
 * @property {ReturnType<typeof createPoint>} point
 */

const KEYS = "Arrow keys move it, plus and minus zoom, 0 shows the sliders' ranges.";

/** @param {HTMLElement} section @param {Page} page @param {{now: () => Topic | null}} topic */
export function createCard(section, page, topic) {
  const main = /** @type {SVGSVGElement} */ (section.querySelector('[data-plot="main"]'));
  const below = /** @type {SVGSVGElement} */ (section.querySelector('[data-plot="slope"]'));
  const words = /** @type {HTMLElement} */ (section.querySelector("[data-part=plot-words]"));
  const sizes = [
    watchSize(main, paint, { width: 400, height: 260 }),
    watchSize(below, paint, { width: 400, height: 120 }),
  ];
  const names = () => topic.now()?.subject.names ?? [];
  const choices = createChoices(section, page, names);
  const hands = createHands(main, page, { names, holds: (x, y) => picture?.point.holds(x, y) ?? false });
  const look = createLook();
  const hides = (/** @type {string} */ field) => isHidden(page.store.state, field);
  /** @type {Picture | null} */
  let picture = null;

  function paint() {
    const now = topic.now();
    if (!shows(page.store.state, "plot") || !now) return;
    const { f, subject } = now;
    choices.show();
    if (picture?.of !== subject.names.length) picture = build(subject.names.length);
    const { from, value, ...found } = look(now);
    const slopes = found.slopes.map((slope, at) => (hides(`${subject.names[at]}.total`) ? NaN : slope));
    const shown = picture.draw({ f, subject, from, value, slopes, output: f.graph.output });
    hands.see(shown.frame, shown.window);
    attribute(section, "aria-busy", String(!shown.exact));
    const here = hides(`${f.graph.output}.value`) ? "" : shown.words.told;
    const told = `${here}${sampleWords(from, shown.exact, subject.sample)} ${shown.words.frame}`;
    say(words, setNames(told));
    const { min, max } = sliderOf(page.store.state, subject.names[0]);
    picture.point.draw(placeOf(subject, shown, { defined: !Number.isNaN(value), said: told, min, max }));
  }

  /** @param {number} of so many variables @returns {Picture} */
  function build(of) {
    const alive = () => section.isConnected;
    const made =
      of === 1 ? createAgainst(main, below, sizes, page, alive, paint) : createOver(main, sizes, page, alive, paint);
    section.toggleAttribute("data-two", of === 2);
    below.toggleAttribute("hidden", true);
    set(main, { "aria-label": `${of === 1 ? "Curve" : "Contours"}. ${KEYS}` });
    return { of, draw: made.draw, point: createPoint(main, hands.step) };
  }

  section.addEventListener("click", ({ target }) => {
    const act = target instanceof Element ? target.closest("[data-plot-act]")?.getAttribute("data-plot-act") : "";
    if (act === "in" || act === "out" || act === "reset") return hands[act]();
    if (act !== "svg" && act !== "png") return undefined;
    const title = section.querySelector(".plot-choice .name")?.textContent ?? "";
    const svg = documentOf([main, below], { title: `Plot of ${title}`, words: words.textContent ?? "" });
    return act === "svg" ? saveSvg(svg, "plot") : savePng(svg, "plot");
  });

  return { paint };
}

/**
 * What gives the numbers of a function, and those at the point: over many samples they take longer than a frame has, so
 * they are kept as long as they hold.
 */
function createLook() {
  /** @type {{f: Plotted, from: Source} | null} */
  let last = null;
  /** @type {{subject: Subject, value: number, slopes: number[]} | null} */
  let spot = null;

  /** @param {Topic} now */
  return function look({ f, subject }) {
    if (last?.f !== f) last = { f, from: sourceOf(f) };
    const { from } = last;
    if (spot?.subject !== subject) {
      const here = Object.fromEntries(subject.names.map((name) => [name, Float64Array.of(subject.at[name])]));
      spot = { subject, value: from.exact(here)[0], slopes: subject.names.map((name) => from.exact(here, name)[0]) };
    }
    return { from, value: spot.value, slopes: spot.slopes };
  };
}

/** @param {Plotted} f */
function sourceOf({ graph, sample, subject: { names, at, samples } }) {
  return source(sample, at, samples, { places: names.length === 1 ? ALONG : OVER, nodes: graph.nodes.length });
}

/**
 * Where the point stands: at the edge where it is out of sight; null where it has no place.
 * @param {Subject} subject @param {Shown} shown
 * @param {{defined: boolean, said: string, min: number, max: number}} told
 */
function placeOf({ names }, { frame: { box, x, y }, point: [right, up] }, { defined, ...told }) {
  const [across, down] = [x.at(right), Number.isNaN(up) ? box.bottom : y.at(up)];
  if (Number.isNaN(across) || (names.length === 2 && Number.isNaN(up))) return null;
  const inside = across >= box.left - 1 && across <= box.right + 1 && down >= box.top - 1 && down <= box.bottom + 1;
  return {
    x: Math.min(Math.max(across, box.left), box.right),
    y: Math.min(Math.max(down, box.top), box.bottom),
    defined: defined && inside,
    label: `Point, ${names.join(" and ")}`,
    now: right,
    ...told,
  };
}
