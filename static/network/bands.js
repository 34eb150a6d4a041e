/** What a neuron says over the plane of two inputs, in bands of colour and in words. No DOM here. */

import { formatNumber } from "../engine/numerals.js";
import { SURFACE } from "../state/table.js";

/** So many bands on each side of the centre. */
export const BANDS = SURFACE.bands;

/**
 * @typedef {object} Said what the values of a surface are
 * @property {number} low the least finite one @property {number} high the largest
 * @property {number} undefined the share of places where there is none
 * @property {number} infinite the share where it is infinite
 */

/** @param {ArrayLike<number>} values @returns {Said} */
export function said(values) {
  let [low, high, none, infinite] = [Infinity, -Infinity, 0, 0];
  for (let at = 0; at < values.length; at++) {
    const value = values[at];
    if (Number.isNaN(value)) none++;
    else if (!Number.isFinite(value)) infinite++;
    else [low, high] = [Math.min(low, value), Math.max(high, value)];
  }
  return { low, high, undefined: none / values.length, infinite: infinite / values.length };
}

/**
 * Where the bands begin, but the lowest: evenly on both sides of the one around the centre, as far as the values go.
 * @param {Said} said @param {number} centre of the two colours
 * @returns {number[]}
 */
export function thresholds({ low, high }, centre) {
  const reach = Math.max(high - centre, centre - low);
  const step = reach > 0 && Number.isFinite(reach) ? reach / BANDS : 1;
  return Array.from({ length: 2 * BANDS }, (_, at) => centre + (at + 0.5 - BANDS) * step);
}

/**
 * @param {Said} said
 * @returns {string} "from -0.9 to 0.76", and what is honest beside that
 */
export function inWords({ low, high, undefined: none, infinite }) {
  const whole = none + infinite;
  const parts = [];
  if (low < high) parts.push(`from ${formatNumber(low)} to ${formatNumber(high)}`);
  else if (whole < 1) parts.push(`${formatNumber(low)} everywhere${whole ? " else" : ""}`);
  if (infinite) parts.push(`infinite ${share(infinite)}`);
  if (none) parts.push(`not a number ${share(none)}`);
  return parts.join(", ");
}

/** @param {number} part from 0 to 1 */
function share(part) {
  if (part === 1) return "everywhere";
  const percent = Math.round(100 * part);
  return `at ${percent < 1 ? "less than 1" : percent > 99 ? "more than 99" : percent} % of it`;
}
