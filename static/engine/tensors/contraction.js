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
export function factors(site) {
  const { sizes, summed, result, steps } = lettersOf(site);
  return steps.map((step) => {
    const along = (/** @type {readonly string[]} */ all) =>
      walk(
        all.map((letter) => sizes.get(letter) ?? 1),
        all.map(step),
      );
    return { outer: along(result), inner: along(summed) };
  });
}

/**
 * The letters, their sizes, and how far a step along each is in each argument.
 * @param {Pick<Site, "shapes" | "settings">} site
 */
function lettersOf({ shapes, settings }) {
  const [given, result] = /** @type {string} */ (settings.letters).split("->");
  const own = given.split(",");
  /** @type {Map<string, number>} */
  const sizes = new Map();
  own.forEach((letters, arg) => [...letters].forEach((letter, axis) => sizes.set(letter, shapes[arg][axis])));
  const summed = [...sizes.keys()].filter((letter) => !result.includes(letter));
  const steps = own.map((letters, arg) => {
    const far = strides(shapes[arg]);
    return (/** @type {string} */ letter) =>
      [...letters].reduce((sum, one, axis) => (one === letter ? sum + far[axis] : sum), 0);
  });
  return { sizes, summed, result: [...result], steps };
}

/** @param {Site} site @returns {import("./kernels.js").Kernel} */
export function contraction(site) {
  const { summed, result, steps } = lettersOf(site);
  if (steps.length === 2 && result.length <= 2 && summed.length === 1) return product(site);
  const parts = factors(site);
  return parts.length === 2 ? ofTwo(parts[0], parts[1]) : ofAny(parts);
}

/** @typedef {{outer: Int32Array, inner: Int32Array}} Part */

/**
 * Products of matrices and vectors: cells are counted instead of looked up, and added in the same order.
 * @param {Site} site @returns {import("./kernels.js").Kernel}
 */
function product(site) {
  const { sizes, summed, result, steps } = lettersOf(site);
  const [rows, columns] = [...Array(2 - result.length).fill(""), ...result];
  const size = (/** @type {string} */ letter) => sizes.get(letter) ?? 1;
  const [high, wide, terms] = [size(rows), size(columns), size(summed[0])];
  const [[down, across, along], [down2, across2, along2]] = steps.map((step) => [rows, columns, summed[0]].map(step));
  if (across === 0 && across2 === 1) return byRows({ high, wide, terms, down, along, down2, along2 });
  return (out, [x, y]) => {
    let cell = 0;
    for (let row = 0; row < high; row++) {
      for (let column = 0; column < wide; column++) {
        let [left, right] = [row * down + column * across, row * down2 + column * across2];
        let sum = x[left] * y[right];
        for (let term = 1; term < terms; term++) {
          left += along;
          right += along2;
          sum += x[left] * y[right];
        }
        out[cell++] = sum;
      }
    }
  };
}

/**
 * A row of the result as a sum of rows, which lie cell by cell: each cell still adds its terms in their order.
 * @param {{high: number, wide: number, terms: number, down: number, along: number, down2: number, along2: number}}
 * @returns {import("./kernels.js").Kernel}
 */
function byRows({ high, wide, terms, down, along, down2, along2 }) {
  return (out, [x, y]) => {
    for (let row = 0; row < high; row++) {
      const start = row * wide;
      for (let column = 0; column < wide; column++) out[start + column] = x[row * down] * y[row * down2 + column];
      for (let term = 1; term < terms; term++) {
        const [factor, from] = [x[row * down + term * along], row * down2 + term * along2];
        for (let column = 0; column < wide; column++) out[start + column] += factor * y[from + column];
      }
    }
  };
}

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
