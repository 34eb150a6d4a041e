/** The part of the plane that a plot shows: [left, right, bottom, top]. No DOM in here. */

import { sliderOf } from "../state/url.js";
import { padded } from "./scales.js";

/** @typedef {[number, number, number, number]} Window */

/** What the address says, if it says something that can be shown. @param {string} text @returns {Window | undefined} */
export function read(text) {
  const numbers = text.split(",").map(Number);
  const [left, right, bottom, top] = numbers;
  const fine = text.trim() && numbers.length === 4 && numbers.every((number) => Math.abs(number) < 1e300);
  return fine && left < right && bottom < top ? [left, right, bottom, top] : undefined;
}

/** With as many digits as a screen can show. @param {Window} window */
export function write([left, right, bottom, top]) {
  return [
    rounded(left, right - left),
    rounded(right, right - left),
    rounded(bottom, top - bottom),
    rounded(top, top - bottom),
  ].join(",");
}

/** A number to a ten-thousandth of a length. @param {number} number @param {number} length */
export function rounded(number, length) {
  const digits = Math.ceil(Math.log10(Math.max(Math.abs(number) / length, 1e-4))) + 5;
  return Number(number.toPrecision(Math.min(Math.max(digits, 1), 17)));
}

/**
 * The range of a variable's slider.
 * @param {import("../state/url.js").State} state
 * @param {string} name
 * @returns {[number, number]}
 */
export function rangeOf(state, name) {
  const { min, max } = sliderOf(state, name);
  return max > min ? [min, max] : padded([min, max]);
}

/**
 * Smaller or larger around a place that stays.
 * @param {Window} window
 * @param {number} factor
 * @param {number} x
 * @param {number} y
 * @returns {Window}
 */
export function zoomed([left, right, bottom, top], factor, x, y) {
  /** @type {Window} */
  const found = [x + (left - x) * factor, x + (right - x) * factor, y + (bottom - y) * factor, y + (top - y) * factor];
  return hasDigits(found) ? found : [left, right, bottom, top];
}

/**
 * @param {Window} window
 * @param {number} right by so much of its width
 * @param {number} up by so much of its height
 * @returns {Window}
 */
export function moved([left, last, bottom, top], right, up) {
  const [dx, dy] = [(last - left) * right, (top - bottom) * up];
  /** @type {Window} */
  const found = [left + dx, last + dx, bottom + dy, top + dy];
  return hasDigits(found) ? found : [left, last, bottom, top];
}

/** Whether doubles can tell its pixels apart. @param {Window} window */
function hasDigits([left, right, bottom, top]) {
  const wide = (/** @type {number} */ low, /** @type {number} */ high) =>
    high - low > 1e-11 * Math.max(Math.abs(low), Math.abs(high), 1e-290) && high - low < 1e290;
  return wide(left, right) && wide(bottom, top);
}

/** Room between a followed point and the edge, as a part of the range. */
const ROOM = 0.1;

/**
 * The range, moved as little as brings the value well inside.
 * @param {readonly [number, number]} range
 * @param {number} value
 * @returns {[number, number]}
 */
export function following([low, high], value) {
  const room = ROOM * (high - low);
  if (!Number.isFinite(value)) return [low, high];
  const by = value < low + room ? value - low - room : value > high - room ? value - high + room : 0;
  return [low + by, high + by];
}
