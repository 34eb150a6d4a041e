/** Axes: a light grid, numbers at its lines, names at the ends. */

import { setNames } from "../network/letters.js";
import { say } from "../page/dom.js";
import { ticks } from "./d3.js";
import { tickText } from "./scales.js";
import { add, children, round, set } from "./svg.js";

/**
 * @typedef {import("./scales.js").Scale} Scale
 * @typedef {{value: number, text: string}} Tick
 * @typedef {{left: number, right: number, top: number, bottom: number}} Box in pixels
 */

/** One digit of a tick is about this wide. */
const DIGIT = 6.6;

/** @param {readonly [number, number]} domain @param {boolean} log @param {number} count @returns {Tick[]} */
export function ticksOf(domain, log, count) {
  const [low, high] = domain;
  if (log) {
    const found = spread(low, high, count);
    if (found.length > 1) return found.map((value) => ({ value, text: tickText(value, value) }));
  }
  const found = ticks(low, high, count);
  const step = found.length > 1 ? Math.abs(found[1] - found[0]) : Math.abs(high - low);
  return found.map((value) => ({ value, text: tickText(value, step) }));
}

/**
 * The densest of these series that does not crowd: even steps would, at the upper end.
 * @param {number} low
 * @param {number} high
 * @param {number} count
 */
function spread(low, high, count) {
  const powers = Math.ceil(Math.log10(high)) - Math.floor(Math.log10(low));
  const strides = Array.from({ length: Math.max(1, powers) }, (_, at) => at + 1);
  for (const [factors, stride] of [[[1, 2, 5], 1], [[1, 3], 1], ...strides.map((each) => [[1], each])]) {
    const found = multiples(low, high, /** @type {number[]} */ (factors), /** @type {number} */ (stride));
    if (found.length <= count + 1) return found;
  }
  return [];
}

/**
 * These factors times every power of ten, every second one, and so on.
 * @param {number} low
 * @param {number} high
 * @param {number[]} factors
 * @param {number} stride
 */
function multiples(low, high, factors, stride) {
  const [first, last] = [Math.floor(Math.log10(low)), Math.ceil(Math.log10(high))];
  const found = [];
  for (let power = Math.ceil(first / stride) * stride; power <= last; power += stride) {
    for (const factor of factors) found.push(Number(`${factor}e${power}`));
  }
  return found.filter((value) => value >= low * (1 - 1e-9) && value <= high * (1 + 1e-9));
}

/**
 * Powers of ten, thinned out; where they are few, 2 and 5 times them, too.
 * @param {number} low
 * @param {number} high
 * @param {number} count
 */
export function decades(low, high, count) {
  const [first, last] = [Math.floor(Math.log10(low)), Math.ceil(Math.log10(high))];
  const stride = Math.max(1, Math.ceil((last - first) / count));
  const factors = (last - first) * 3 <= count * 1.5 ? [1, 2, 5] : [1];
  return multiples(low, high, factors, stride);
}

/** The room that the numbers of an axis at the left take. @param {Tick[]} ticks */
export const roomFor = (ticks) => Math.ceil(Math.max(3, ...ticks.map(({ text }) => text.length)) * DIGIT) + 12;

/** @param {Element} parent */
export function createAxes(parent) {
  const root = add(parent, "g", { class: "axes", "aria-hidden": "true" });
  const grid = add(root, "path", { class: "grid" });
  const zero = add(root, "path", { class: "zero" });
  const [below, beside] = [add(root, "g", { class: "x-ticks" }), add(root, "g", { class: "y-ticks" })];
  const [xName, yName] = [add(root, "text", { class: "axis-name" }), add(root, "text", { class: "axis-name" })];
  let drawn = "";

  /**
   * @param {{x: Scale, y: Scale, box: Box, xTicks: Tick[], yTicks: Tick[], xLabel?: string, yLabel?: string}} axes
   */
  return function draw({ x, y, box, xTicks, yTicks, xLabel = "", yLabel = "" }) {
    const key = JSON.stringify([x.domain, y.domain, x.log, y.log, box, xLabel, yLabel, xTicks.length, yTicks.length]);
    if (key === drawn) return;
    drawn = key;
    const { left, right, top, bottom } = box;
    const lines = [
      ...xTicks.map(({ value }) => `M${round(x.at(value))},${top}V${bottom}`),
      ...yTicks.map(({ value }) => `M${left},${round(y.at(value))}H${right}`),
    ];
    set(grid, { d: lines.join("") });
    const inside = (/** @type {Scale} */ scale) => !scale.log && scale.domain[0] < 0 && scale.domain[1] > 0;
    const axis = inside(x) ? `M${round(x.at(0))},${top}V${bottom}` : "";
    set(zero, { d: axis + (inside(y) ? `M${left},${round(y.at(0))}H${right}` : "") });
    write(below, xTicks, (value) => ({ x: round(x.at(value)), y: bottom + 14, "text-anchor": "middle" }));
    write(beside, yTicks, (value) => ({ x: left - 6, y: round(y.at(value)) + 4, "text-anchor": "end" }));
    set(xName, { x: right, y: bottom + 28, "text-anchor": "end" });
    say(xName, setNames(xLabel));
    set(yName, { x: Math.max(2, left - 30), y: top - 7, "text-anchor": "start" });
    say(yName, setNames(yLabel));
  };
}

/** @param {Element} group @param {Tick[]} ticks @param {(value: number) => Record<string, string | number>} place */
function write(group, ticks, place) {
  children(group, "text", ticks.length).forEach((text, at) => {
    set(text, place(ticks[at].value));
    say(text, ticks[at].text);
  });
}
