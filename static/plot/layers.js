/** What lies over one another in a plot: axes, what is drawn inside the box, the point. */

import { createAxes, roomFor, ticksOf } from "./axes.js";
import { linear } from "./scales.js";
import { add, set, unique } from "./svg.js";

/**
 * @typedef {import("./axes.js").Box} Box
 * @typedef {import("./scales.js").Scale} Scale
 * @typedef {{x: Scale, y: Scale, box: Box}} Frame
 */

/** @param {SVGSVGElement} svg */
export function createLayers(svg) {
  svg.replaceChildren();
  const id = unique("plot-clip");
  const clip = add(add(add(svg, "defs"), "clipPath", { id }), "rect");
  const back = add(svg, "g", { class: "levels", "clip-path": `url(#${id})`, "aria-hidden": "true" });
  const axes = createAxes(svg);
  const inside = add(svg, "g", { "clip-path": `url(#${id})`, "aria-hidden": "true" });
  const outside = add(svg, "g", { "aria-hidden": "true" });

  /**
   * Scales, and axes drawn on them.
   * @param {{width: number, height: number}} size @param {import("./window.js").Window} window
   * @param {{x: string, y: string}} names
   * @param {{left?: number, right?: number, bottom?: number}} [room] in pixels, where it is known
   * @returns {Frame}
   */
  function frame(size, window, names, room = {}) {
    const { width, height } = size;
    const [left, right, bottom, top] = window;
    const yTicks = ticksOf([bottom, top], false, Math.max(2, Math.round(height / 45)));
    const box = {
      left: room.left ?? Math.min(roomFor(yTicks), width / 3),
      right: width - (room.right ?? 10),
      top: 20,
      bottom: height - (room.bottom ?? 34),
    };
    const xTicks = ticksOf([left, right], false, Math.max(2, Math.floor((box.right - box.left) / 62)));
    const x = linear([left, right], [box.left, box.right]);
    const y = linear([bottom, top], [box.bottom, box.top]);
    set(svg, {
      viewBox: `0 0 ${width} ${height}`,
      "data-window": window.join(","),
      "data-box": [box.left, box.right, box.bottom, box.top].join(","),
    });
    set(clip, {
      x: box.left,
      y: box.top,
      width: Math.max(0, box.right - box.left),
      height: Math.max(0, box.bottom - box.top),
    });
    axes({ x, y, box, xTicks, yTicks, xLabel: names.x, yLabel: names.y });
    return { x, y, box };
  }

  return { back, inside, outside, frame };
}
