/** Levels of filled contours at round numbers, by powers of ten where the values span many of them. */

import { decades } from "./axes.js";
import { bulk } from "./curve.js";
import { contours, ticks } from "./d3.js";

/**
 * @typedef {{thresholds: number[], log: boolean}} Levels ascending; what is below the first one is the lowest level
 * @typedef {{values: Float64Array, across: number, up: number}} Grid row by row, the lowest row first
 */

const COUNT = 11;
/** Values of a basin that spread over more than this are told apart by powers of ten. */
const SPREAD = 300;

/** @param {Float64Array} values @returns {Levels} */
export function levelsOf(values) {
  const sorted = values.filter(Number.isFinite).sort();
  if (!sorted.length) return { thresholds: [], log: false };
  const [low, some, high] = [sorted[0], sorted[Math.floor(sorted.length / 20)], sorted[sorted.length - 1]];
  if (low >= 0 && some > 0 && high > SPREAD * some) {
    const from = Math.max(low, some / 100, high * 1e-8);
    return { thresholds: thinned(decades(from, high, COUNT + 3), COUNT + 3), log: true };
  }
  const [from, to] = /** @type {[number, number]} */ (bulk(sorted));
  return {
    thresholds: from < to ? ticks(from, to, COUNT).filter((level) => level > low && level < high) : [],
    log: false,
  };
}

/** @param {number[]} levels @param {number} most */
const thinned = (levels, most) => levels.filter((_, at) => at % Math.ceil(levels.length / most) === 0);

/**
 * The regions at and above each level as paths, the first one of all that is defined.
 * @param {Grid} grid @param {number[]} thresholds @param {import("./axes.js").Box} box
 * @returns {string[]}
 */
export function regions({ values, across, up }, thresholds, { left, right, top, bottom }) {
  // NaN counts as below everything; what is infinite is only very far up or down.
  const bounded = Array.from(values, (value) => Math.min(Math.max(value, -1e300), 1e300));
  const [toX, toY] = [(right - left) / across, (bottom - top) / up];
  const layers = contours()
    .size([across, up])
    .thresholds([-1e301, ...thresholds])(bounded);
  return layers.map(({ coordinates }) => {
    let path = "";
    for (const polygon of coordinates) {
      for (const ring of polygon) {
        ring.forEach(
          ([x, y], at) => (path += `${at ? "L" : "M"}${(left + x * toX).toFixed(1)},${(bottom - y * toY).toFixed(1)}`),
        );
        path += "Z";
      }
    }
    return path;
  });
}

/**
 * The middles of the grid's cells, as columns.
 * @param {import("./window.js").Window} window @param {number} across @param {number} up
 */
export function places([left, right, bottom, top], across, up) {
  const [xs, ys] = [new Float64Array(across * up), new Float64Array(across * up)];
  for (let row = 0, at = 0; row < up; row++) {
    for (let column = 0; column < across; column++, at++) {
      xs[at] = left + ((column + 0.5) / across) * (right - left);
      ys[at] = bottom + ((row + 0.5) / up) * (top - bottom);
    }
  }
  return { xs, ys };
}

/** The least finite value of a grid, and where. @param {Grid} grid @param {import("./window.js").Window} window */
export function lowest({ values, across, up }, window) {
  let found = -1;
  values.forEach((value, at) => {
    if (Number.isFinite(value) && (found < 0 || value < values[found])) found = at;
  });
  if (found < 0) return undefined;
  const [left, right, bottom, top] = window;
  const [column, row] = [found % across, Math.floor(found / across)];
  return {
    x: left + ((column + 0.5) / across) * (right - left),
    y: bottom + ((row + 0.5) / up) * (top - bottom),
    value: values[found],
  };
}
