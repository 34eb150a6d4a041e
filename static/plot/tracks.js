/** Ways downhill on a plot: what comes after the step that is shown is dimmer. */

import { mark, markAt } from "./marks.js";
import { add, children, round, set } from "./svg.js";

/** As many steps have marks of their own; more of them would hide the way. */
const MARKED = 80;

/**
 * @typedef {import("../workbench.js").Track} Track
 * @typedef {{x: ArrayLike<number>, y: ArrayLike<number>}} Way
 */

/** @param {Element} parent */
export function createTracks(parent) {
  const root = add(parent, "g", { class: "tracks" });

  /**
   * @param {Track[]} tracks @param {(track: Track) => Way | null} wayOf in numbers
   * @param {import("./layers.js").Frame} frame @param {boolean} joined whether steps are joined by lines
   */
  return function draw(tracks, wayOf, { x, y }, joined) {
    const groups = children(root, "g", tracks.length);
    tracks.forEach((track, at) => {
      const way = wayOf(track);
      const group = groups[at];
      set(group, { "data-series": at % 4, visibility: way ? "inherit" : "hidden" });
      const [after, before, dot] = children(group, "path", 3);
      if (!way) return;
      const shown = Math.min(Math.max(track.shown, 0), way.x.length - 1);
      const path = (/** @type {number} */ from, /** @type {number} */ to) =>
        pathOf(way, from, to, x, y, at, joined, way.x.length <= MARKED);
      set(after, { class: "after", d: path(shown, way.x.length - 1) });
      set(before, { class: "before", d: path(0, shown) });
      const [across, down] = [x.at(way.x[shown]), y.at(way.y[shown])];
      const seen = Number.isFinite(across) && Number.isFinite(down) && Math.abs(down) < 1e5 && Math.abs(across) < 1e5;
      set(dot, { class: "now", d: mark(at), visibility: seen ? "inherit" : "hidden" });
      if (seen) set(dot, { transform: `translate(${round(across)},${round(down)})` });
    });
  };
}

/**
 * @param {Way} way @param {number} from @param {number} to
 * @param {import("./scales.js").Scale} x @param {import("./scales.js").Scale} y
 * @param {number} series @param {boolean} joined @param {boolean} marked
 */
function pathOf(way, from, to, x, y, series, joined, marked) {
  let [line, marks, open] = ["", "", false];
  let [lastX, lastY] = [NaN, NaN];
  for (let step = from; step <= to; step++) {
    const [across, down] = [x.at(way.x[step]), y.at(way.y[step])];
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
