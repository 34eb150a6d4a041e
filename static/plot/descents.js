/** Descents on a plot: what comes after the step that is shown is dimmer. */

import { mark, markAt } from "./marks.js";
import { add, children, round, set } from "./svg.js";

/** As many steps have marks of their own; more of them would hide the line. */
const MARKED = 80;

/**
 * @typedef {import("../workbench.js").DrawnDescent} DrawnDescent
 * @typedef {{x: ArrayLike<number>, y: ArrayLike<number>}} Places where each step stands
 * @typedef {(descent: DrawnDescent) => Places | null} PlacesOf
 */

/** @param {Element} parent */
export function createDescents(parent) {
  const root = add(parent, "g", { class: "descents" });

  /**
   * @param {DrawnDescent[]} descents @param {PlacesOf} placesOf in numbers
   * @param {import("./layers.js").Frame} frame @param {boolean} joined whether steps are joined by lines
   */
  return function draw(descents, placesOf, { x, y }, joined) {
    const groups = children(root, "g", descents.length);
    descents.forEach((descent, at) => {
      const places = placesOf(descent);
      const group = groups[at];
      set(group, { "data-series": at % 4, visibility: places ? "inherit" : "hidden" });
      const [after, before, dot] = children(group, "path", 3);
      if (!places) return;
      const shown = Math.min(Math.max(descent.shown, 0), places.x.length - 1);
      const path = (/** @type {number} */ from, /** @type {number} */ to) =>
        pathOf(places, from, to, x, y, at, joined, places.x.length <= MARKED);
      set(after, { class: "after", d: path(shown, places.x.length - 1) });
      set(before, { class: "before", d: path(0, shown) });
      const [across, down] = [x.at(places.x[shown]), y.at(places.y[shown])];
      const seen = Number.isFinite(across) && Number.isFinite(down) && Math.abs(down) < 1e5 && Math.abs(across) < 1e5;
      set(dot, { class: "now", d: mark(at), visibility: seen ? "inherit" : "hidden" });
      if (seen) set(dot, { transform: `translate(${round(across)},${round(down)})` });
    });
  };
}

/**
 * @param {Places} places @param {number} from @param {number} to
 * @param {import("./scales.js").Scale} x @param {import("./scales.js").Scale} y
 * @param {number} series @param {boolean} joined @param {boolean} marked
 */
function pathOf(places, from, to, x, y, series, joined, marked) {
  let [line, marks, open] = ["", "", false];
  let [lastX, lastY] = [NaN, NaN];
  for (let step = from; step <= to; step++) {
    const [across, down] = [x.at(places.x[step]), y.at(places.y[step])];
    if (!(Math.abs(across) < 1e5 && Math.abs(down) < 1e5)) {
      // not finite, or farther than SVG can draw
      open = false;
      continue;
    }
    if (open && Math.abs(across - lastX) < 0.3 && Math.abs(down - lastY) < 0.3 && step < to) continue;
    if (joined) line += `${open ? "L" : "M"}${across.toFixed(1)},${down.toFixed(1)}`;
    if (marked || !joined) marks += markAt(series, across, down);
    [open, lastX, lastY] = [true, across, down];
  }
  return line + marks;
}
