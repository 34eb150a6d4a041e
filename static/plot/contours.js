/** A function of two variables: filled contours with their legend, the gradient's arrow, the descents. */

import { say } from "../page/dom.js";
import { createLayers } from "./layers.js";
import { regions } from "./levels.js";
import { tickText } from "./scales.js";
import { add, children, round, set } from "./svg.js";
import { createDescents } from "./descents.js";

const ARROW = 46; // pixels

/**
 * @typedef {import("./levels.js").Grid} Grid
 * @typedef {import("./levels.js").Levels} Levels
 * @typedef {import("./window.js").Window} Window
 */

/** @param {SVGSVGElement} svg */
export function createContours(svg) {
  const layers = createLayers(svg);
  const legend = add(layers.outside, "g", { class: "legend-scale" });
  const [bars, lines, texts] = [add(legend, "g"), add(legend, "path", { class: "grid" }), add(legend, "g")];
  const drawDescents = createDescents(layers.inside);
  const arrow = add(layers.inside, "path", { class: "arrow" });
  /** @type {Grid | null} */
  let drawn = null;
  let place = "";

  return {
    layers,
    /**
     * @param {object} shown
     * @param {{width: number, height: number}} shown.size
     * @param {Window} shown.window
     * @param {{x: string, y: string}} shown.names
     * @param {Grid} shown.grid
     * @param {Levels} shown.levels
     * @param {{x: number, y: number, right: number, up: number} | null} shown.at the point and the gradient there
     * @param {import("./descents.js").DrawnDescent[]} shown.descents
     * @param {import("./descents.js").PlacesOf} shown.placesOf
     */
    draw({ size, window, names, grid, levels, at, descents, placesOf }) {
      const frame = layers.frame(size, window, names, {
        right: 30 + 6.8 * Math.max(2, ...textsOf(levels).map((text) => text.length)),
      });
      const key = Object.values(frame.box).join();
      if (grid !== drawn || key !== place) {
        fill(grid, levels, frame.box);
        [drawn, place] = [grid, key];
      }
      set(arrow, { d: at ? arrowOf(at, frame.x, frame.y) : "" });
      drawDescents(descents, placesOf, frame, true);
      return frame;
    },
  };

  /** @param {Grid} grid @param {Levels} levels @param {import("./axes.js").Box} box */
  function fill(grid, levels, box) {
    const { thresholds } = levels;
    const paths = regions(grid, thresholds, box);
    const colour = (/** @type {number} */ level) => shade(level / Math.max(1, thresholds.length));
    children(layers.back, "path", paths.length).forEach((path, level) => {
      set(path, { d: paths[level] });
      path.style.fill = colour(level);
    });
    const step = (box.bottom - box.top) / paths.length;
    const x = box.right + 10;
    children(bars, "rect", paths.length).forEach((bar, level) => {
      set(bar, { x, y: round(box.bottom - (level + 1) * step), width: 10, height: round(step) + 0.3 });
      bar.style.fill = colour(level);
    });
    set(lines, { d: `M${x},${box.top}H${x + 10}V${box.bottom}H${x}Z` });
    const every = Math.max(1, Math.ceil(13 / step));
    const told = [...thresholds.keys()].filter((k) => k % every === 0);
    const numbers = textsOf(levels);
    children(texts, "text", told.length).forEach((text, at) => {
      set(text, { x: x + 14, y: round(box.bottom - (told[at] + 1) * step) + 4 });
      say(text, numbers[told[at]]);
    });
  }
}

/** @param {Levels} levels */
function textsOf({ thresholds, log }) {
  const gap = thresholds.length > 1 ? thresholds[1] - thresholds[0] : 1;
  return thresholds.map((level) =>
    log && level >= 1000
      ? tickText(level, level).replace(/^(\d)(0{3,})$/, (_, head, zeros) => `${head}e${zeros.length}`)
      : tickText(level, log ? level : gap),
  );
}

/** A colour between the lowest and the highest level's. @param {number} share */
const shade = (share) => `color-mix(in srgb, var(--high) ${Math.round(share * 100)}%, var(--low))`;

/**
 * The gradient as a direction in the plane; its length is told in words.
 * @param {{x: number, y: number, right: number, up: number}} at
 * @param {import("./scales.js").Scale} x @param {import("./scales.js").Scale} y
 */
function arrowOf(at, x, y) {
  const largest = Math.max(Math.abs(at.right), Math.abs(at.up)); // the numbers may be huge or tiny
  if (!(largest > 0) || !Number.isFinite(largest)) return "";
  const perX = (x.range[1] - x.range[0]) / (x.domain[1] - x.domain[0]);
  const perY = (y.range[1] - y.range[0]) / (y.domain[1] - y.domain[0]);
  const [dx, dy] = [(at.right / largest) * perX, (at.up / largest) * perY];
  const length = Math.hypot(dx, dy);
  const [a, b] = [dx / length, dy / length];
  const [fromX, fromY] = [x.at(at.x), y.at(at.y)];
  const on = (/** @type {number} */ along, /** @type {number} */ aside) =>
    `${(fromX + a * along - b * aside).toFixed(2)},${(fromY + b * along + a * aside).toFixed(2)}`;
  return `M${on(0, 0)}L${on(ARROW, 0)}M${on(ARROW - 9, -5)}L${on(ARROW, 0)}L${on(ARROW - 9, 5)}`;
}
