/** The output over two variables: filled contours, and the gradient's arrow. */

import { isOpen } from "../state/url.js";
import { createContours } from "./contours.js";
import { createKnown } from "./known.js";
import { levelsOf, lowest, places } from "./levels.js";
import * as view from "./window.js";
import { contourWords } from "./words.js";

/**
 * @typedef {import("./card.js").Asked} Asked
 * @typedef {import("./card.js").Shown} Shown
 * @typedef {{grid: import("./levels.js").Grid, levels: import("./levels.js").Levels}} Found
 */

/** Cells of the grid: while numbers move, and when they rest. */
const [COARSE, FINE] = [
  [64, 42],
  [128, 84],
];
/** Points that are computed at first. */
export const PLACES = COARSE[0] * COARSE[1];

/**
 * @param {SVGSVGElement} main @param {import("./card.js").Sizes} sizes @param {import("./card.js").Page} page
 * @param {() => boolean} alive whether the card is still there @param {() => void} repaint
 */
export function createOver(main, sizes, page, alive, repaint) {
  const contours = createContours(main);
  /** @type {ReturnType<typeof createKnown<Found>>} */
  const known = createKnown(page.clock, alive, repaint);

  /** @param {Asked} asked @param {import("./window.js").Window} window */
  function compute({ subject, from, f }, window) {
    const [a, b] = subject.names;
    const cells = (/** @type {number[]} */ [across, up]) => {
      const { xs, ys } = places(window, across, up);
      return { [a]: xs, [b]: ys };
    };
    const slowly = async (/** @type {() => boolean} */ still) => {
      const values = await from.slowly(cells(FINE), { clock: page.clock, still });
      return values && gridOf(FINE, values);
    };
    return known([f, ...window], () => gridOf(COARSE, from.quick(cells(COARSE))), slowly);
  }

  return {
    /** @param {Asked} asked @returns {Shown} */
    draw(asked) {
      const { subject, value, output } = asked;
      const [a, b] = subject.names;
      const [x, y] = [subject.at[a], subject.at[b]];
      const [right, up] = asked.slopes;
      const window = windowOf(page.store.state, [a, b], [x, y]);
      const { found, exact } = compute(asked, window);
      const frame = contours.draw({
        size: sizes[0],
        window,
        names: { x: a, y: b },
        grid: found.grid,
        levels: found.levels,
        at: { x, y, right, up },
        descents: page.store.state.descents,
        placesOf: ({ points, losses }) => {
          if (!points[a] && !points[b]) return null;
          const still = (/** @type {number} */ at) => new Float64Array(losses.length).fill(at);
          return { x: points[a] ?? still(x), y: points[b] ?? still(y) };
        },
      });
      const words = contourWords({
        output,
        names: [a, b],
        window,
        at: [x, y],
        value,
        gradient: [right, up],
        least: lowest(found.grid, window),
      });
      return { frame, window, words, exact, point: [x, y] };
    },
  };
}

/** @param {number[]} cells @param {Float64Array} values @returns {Found} */
const gridOf = ([across, up], values) => ({ grid: { values, across, up }, levels: levelsOf(values) });

/**
 * @param {import("../state/url.js").State} state @param {[string, string]} names @param {[number, number]} at
 * @returns {import("./window.js").Window}
 */
function windowOf(state, [a, b], [x, y]) {
  const [left, right, bottom, top] = view.read(state.box) ?? [...view.rangeOf(state, a), ...view.rangeOf(state, b)];
  if (!isOpen(state, "follow")) return [left, right, bottom, top];
  return [...view.following([left, right], x), ...view.following([bottom, top], y)];
}
