/** A rate that descends, where none is given, chosen as graphviz_backprop/descent/rates.py does. */

import { lengthOf } from "./layout.js";

export const LARGEST = 0.1;
const ROUNDS = 12;
const NUDGE = 1e-5;
const SETTLED = 0.01;

/**
 * The rate for gradient descent from `start`: 1 over the largest curvature there, rounded down, and 0.1 at most.
 * @param {(point: Float64Array) => ArrayLike<number>} gradient @param {Float64Array} start
 */
export function descending(gradient, start) {
  const curvature = curvatureAt(gradient, start);
  return curvature > 1 / LARGEST && curvature < Infinity ? roundedDown(1 / curvature) : LARGEST;
}

/** @param {(point: Float64Array) => ArrayLike<number>} gradient @param {Float64Array} start */
function curvatureAt(gradient, start) {
  const slope = gradient(start);
  const nudge = NUDGE * Math.max(1, lengthOf(start));
  let [direction, found] = [Float64Array.from(slope), NaN];
  for (let round = 0; round < ROUNDS; round++) {
    const length = lengthOf(direction);
    if (!(length > 0 && length < Infinity)) break;
    const unit = direction.map((x) => x / length);
    const there = gradient(start.map((x, at) => x + nudge * unit[at]));
    direction = Float64Array.from(there, (x, at) => (x - slope[at]) / nudge);
    const before = found;
    found = lengthOf(direction);
    if (Math.abs(found - before) <= SETTLED * found) break;
  }
  return found;
}

/**
 * The largest 1, 2 or 5 times a power of ten up to a positive number, of which four digits count.
 * @param {number} number
 */
export function roundedDown(number) {
  const [digits, exponent] = number.toExponential(3).split("e");
  return Number(`${[5, 2, 1].find((step) => step <= Number(digits))}e${exponent}`);
}
