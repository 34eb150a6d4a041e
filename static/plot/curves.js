/** A function of one variable: its course, the tangent at the point, its slope below. */

import { bulk, pathOf, sampled, trace, traceSlowly } from "./curve.js";
import { createLayers } from "./layers.js";
import { extent, padded } from "./scales.js";
import { add, set } from "./svg.js";
import { createDescents } from "./descents.js";

/**
 * @typedef {import("./source.js").Source} Source
 * @typedef {import("./curve.js").Course} Course
 * @typedef {import("./window.js").Window} Window
 */

export const SAMPLES = 201;

/** The values' range that shows what is worth showing. @param {ArrayLike<number>} ys @returns {[number, number]} */
export function heights(ys) {
  return padded(bulk(ys) ?? [-1, 1]);
}

/**
 * The course of a function over a range, from a part of the samples if they are many.
 * @param {Source} source @param {string} name @param {readonly [number, number]} range
 * @param {readonly [number, number] | null} shown the values in sight, if that has been chosen
 * @param {number} height in pixels @param {string} [slope]
 */
export function course(source, name, range, shown, height, slope) {
  const f = (/** @type {Float64Array} */ xs) => source.quick({ [name]: xs }, slope);
  const samples = sampled(f, range, SAMPLES);
  const ends = shown ?? heights(samples.ys);
  return { course: trace(f, samples, ends, height), ends };
}

/**
 * The same from all samples, in slices of time.
 * @param {Source} source @param {string} name @param {readonly [number, number]} range
 * @param {readonly [number, number] | null} shown
 * @param {number} height
 * @param {import("./source.js").Pace} pace
 * @param {string} [slope]
 */
export async function courseSlowly(source, name, range, shown, height, pace, slope) {
  const f = (/** @type {Float64Array} */ xs) => source.slowly({ [name]: xs }, pace, slope);
  const { xs } = sampled((places) => places, range, SAMPLES);
  const ys = await f(xs);
  if (!ys) return undefined;
  const ends = shown ?? heights(ys);
  const found = await traceSlowly(f, { xs, ys }, ends, height, 1500);
  return found && { course: found, ends };
}

/** @param {SVGSVGElement} svg */
export function createCurve(svg) {
  const layers = createLayers(svg);
  const line = add(layers.inside, "path", { class: "course" });
  const tangent = add(layers.inside, "path", { class: "tangent" });
  const drop = add(layers.inside, "path", { class: "drop" });
  const drawDescents = createDescents(layers.inside);

  return {
    layers,
    /**
     * @param {object} shown
     * @param {{width: number, height: number}} shown.size
     * @param {Window} shown.window
     * @param {{x: string, y: string}} shown.names
     * @param {Course} shown.course
     * @param {{x: number, y: number, slope: number} | null} shown.at the point, with the tangent through it
     * @param {import("./descents.js").DrawnDescent[]} [shown.descents]
     * @param {import("./descents.js").PlacesOf} [shown.placesOf]
     * @param {{left?: number, bottom?: number}} [shown.room]
     */
    draw({ size, window, names, course, at, descents = [], placesOf = () => null, room }) {
      const frame = layers.frame(size, window, names, room);
      const { x, y, box } = frame;
      set(line, { d: pathOf(course, x, y) });
      set(tangent, { d: at ? tangentOf(at, window, x, y) : "" });
      const across = at ? x.at(at.x) : NaN;
      const seen = across >= box.left && across <= box.right;
      set(drop, { d: seen ? `M${across.toFixed(2)},${box.top}V${box.bottom}` : "" });
      drawDescents(descents, placesOf, frame, false);
      return frame;
    },
  };
}

/**
 * The tangent as far as it is in sight.
 * @param {{x: number, y: number, slope: number}} at @param {Window} window
 * @param {import("./scales.js").Scale} x @param {import("./scales.js").Scale} y
 */
function tangentOf({ x: place, y: value, slope }, [left, right, bottom, top], x, y) {
  if (!Number.isFinite(value) || !Number.isFinite(slope) || !Number.isFinite(place)) return "";
  const room = top - bottom;
  const meets = slope
    ? [place + (bottom - room - value) / slope, place + (top + room - value) / slope].sort((a, b) => a - b)
    : [left, right];
  const [from, to] = [Math.max(left, meets[0]), Math.min(right, meets[1])];
  if (!(from < to)) return "";
  const at = (/** @type {number} */ where) =>
    `${x.at(where).toFixed(3)},${y.at(value + slope * (where - place)).toFixed(3)}`;
  return `M${at(from)}L${at(to)}`;
}

/**
 * The least finite value of a course, where it is, and whether it lies below what is in sight.
 * @param {Course} course
 * @param {number} bottom
 */
export function least({ xs, ys }, bottom) {
  const found = extent([ys]);
  if (!found) return undefined;
  const at = ys.indexOf(found[0]);
  return {
    x: xs[at],
    value: found[0],
    inside: at > 0 && at < xs.length - 1,
    below: found[0] < bottom || ys.includes(-Infinity),
  };
}
