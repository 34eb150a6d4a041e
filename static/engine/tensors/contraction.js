/**
 * Contractions: products of cells whose letters agree, summed over letters that the result does not have. Which cells
 * these are follows from the letters, once for a node.
 */

import { strides, walk } from "./places.js";

/** @typedef {import("./kernels.js").Site} Site */

/**
 * Of each argument the positions of the cells that come into each cell of the result, as a sum: those of the result's
 * letters, and those of the letters that are summed.
 * @param {Site} site
 */
export function factors({ shapes, settings }) {
  const [given, result] = /** @type {string} */ (settings.letters).split("->");
  const own = given.split(",");
  /** @type {Map<string, number>} */
  const sizes = new Map();
  own.forEach((letters, arg) => [...letters].forEach((letter, axis) => sizes.set(letter, shapes[arg][axis])));
  const summed = [...sizes.keys()].filter((letter) => !result.includes(letter));
  return own.map((letters, arg) => {
    const steps = strides(shapes[arg]);
    const step = (/** @type {string} */ letter) =>
      [...letters].reduce((sum, one, axis) => (one === letter ? sum + steps[axis] : sum), 0);
    const along = (/** @type {string[]} */ all) =>
      walk(
        all.map((letter) => sizes.get(letter) ?? 1),
        all.map(step),
      );
    return { outer: along([...result]), inner: along(summed) };
  });
}

/** @param {Site} site @returns {import("./kernels.js").Kernel} */
export function contraction(site) {
  const parts = factors(site);
  return parts.length === 2 ? ofTwo(parts[0], parts[1]) : ofAny(parts);
}

/** @typedef {{outer: Int32Array, inner: Int32Array}} Part */

/** @param {Part} one @param {Part} other @returns {import("./kernels.js").Kernel} */
function ofTwo(one, other) {
  const terms = one.inner.length;
  return (out, [x, y]) => {
    for (let cell = 0; cell < out.length; cell++) {
      const [left, right] = [one.outer[cell], other.outer[cell]];
      let sum = x[left + one.inner[0]] * y[right + other.inner[0]];
      for (let at = 1; at < terms; at++) sum += x[left + one.inner[at]] * y[right + other.inner[at]];
      out[cell] = sum;
    }
  };
}

/** @param {Part[]} parts @returns {import("./kernels.js").Kernel} */
function ofAny(parts) {
  const terms = parts[0].inner.length;
  return (out, args) => {
    for (let cell = 0; cell < out.length; cell++) {
      let sum = -0; // the zero that leaves the sign of what is added to it
      for (let at = 0; at < terms; at++) {
        let product = args[0][parts[0].outer[cell] + parts[0].inner[at]];
        for (let arg = 1; arg < parts.length; arg++) {
          product *= args[arg][parts[arg].outer[cell] + parts[arg].inner[at]];
        }
        sum += product;
      }
      out[cell] = sum;
    }
  };
}
