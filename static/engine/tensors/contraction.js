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
 * @typedef {object} Side of a product of matrices
 * @property {number} arg which argument has it
 * @property {number} count how many rows or columns
 * @property {number} step from one to the next, in the argument
 * @property {number} along from one term to the next
 * @property {number} out from one to the next, in the result
 */

/**
 * Products of matrices and vectors: cells are counted instead of looked up, and added in the same order. Four cells
 * of the result are made at once, since a sum alone waits for each of its terms.
 * @param {Site} site @returns {import("./kernels.js").Kernel}
 */
function product(site) {
  const { sizes, summed, result, steps } = lettersOf(site);
  const [own, wide] = [result.map((letter) => sizes.get(letter) ?? 1), sizes.get(result[result.length - 1]) ?? 1];
  const terms = sizes.get(summed[0]) ?? 1;
  /** @type {Side[]} */
  const sides = result.map((letter, at) => {
    const arg = steps[0](letter) ? 0 : 1;
    const out = at === result.length - 1 ? 1 : wide;
    return { arg, count: own[at], step: steps[arg](letter), along: steps[arg](summed[0]), out };
  });
  for (const arg of [0, 1]) {
    if (!sides.some((side) => side.arg === arg)) {
      sides.push({ arg, count: 1, step: 0, along: steps[arg](summed[0]), out: 0 });
    }
  }
  if (sides.length > 2 || sides[0].arg === sides[1].arg) return ofTwo(...both(site)); // each cell from both
  const [few, many] = sides[1].count % 4 && sides[0].count > 3 ? [sides[1], sides[0]] : sides;
  return byFours(few, many, terms);
}

/** @param {Site} site @returns {[Part, Part]} */
function both(site) {
  const [one, other] = factors(site);
  return [one, other];
}

/** @param {Side} few @param {Side} many @param {number} terms @returns {import("./kernels.js").Kernel} */
function byFours(few, many, terms) {
  const { step, along, out: down } = few;
  const { step: step2, along: along2, out: across } = many;
  return (out, args) => {
    const [x, y] = [args[few.arg], args[many.arg]];
    for (let row = 0; row < few.count; row++) {
      let [column, cell] = [0, row * down];
      for (; column + 4 <= many.count; column += 4, cell += 4 * across) {
        let [left, right] = [row * step, column * step2];
        let factor = x[left];
        let one = factor * y[right];
        let two = factor * y[right + step2];
        let three = factor * y[right + 2 * step2];
        let four = factor * y[right + 3 * step2];
        for (let term = 1; term < terms; term++) {
          left += along;
          right += along2;
          factor = x[left];
          one += factor * y[right];
          two += factor * y[right + step2];
          three += factor * y[right + 2 * step2];
          four += factor * y[right + 3 * step2];
        }
        out[cell] = one;
        out[cell + across] = two;
        out[cell + 2 * across] = three;
        out[cell + 3 * across] = four;
      }
      for (; column < many.count; column++, cell += across) {
        let [left, right] = [row * step, column * step2];
        let sum = x[left] * y[right];
        for (let term = 1; term < terms; term++) {
          left += along;
          right += along2;
          sum += x[left] * y[right];
        }
        out[cell] = sum;
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
