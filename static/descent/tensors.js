/**
 * The output of a program with tensors as a loss, as graphviz_backprop/descent/tensors.py has it: over samples at once,
 * by the lifted program; over a batch that the program names; or one sample after the other.
 */

import { createSlope, sized, slopeOf } from "../engine/tensors/slope.js";

/**
 * @typedef {import("../engine/tensors/slope.js").SlopeOf} SlopeOf
 *
 * @typedef {object} Sampled how a program takes samples
 * @property {boolean} whole whether it names its batch
 * @property {SlopeOf | null} slope both passes for n of them; null where each goes alone
 */

const CELLS = 100_000; // of the largest tensor at a time: it should stay in the processor's cache

/**
 * @param {import("../engine/tensors/run.js").TensorGraph} graph @param {import("./layout.js").Layout} layout
 * @param {Pick<import("./compute.js").Asked, "start" | "columns" | "count" | "sampled">} asked
 * @returns {import("./loss.js").Loss}
 */
export function tensorLossOf(graph, layout, { start, columns, count = 0, sampled }) {
  const { names, ends, length } = layout;
  const rest = Object.entries(start).filter(([name]) => !names.includes(name));
  const fixed = Object.fromEntries(rest.map(([name, x]) => [name, typeof x === "number" ? [x] : x]));
  const each = Object.entries(columns).map(([name, cells]) => ({
    name,
    cells,
    width: cells.length / (count || 1),
    taken: new Float64Array(0),
  }));
  /** @type {Map<number, ReturnType<typeof createSlope>>} */
  const slopes = new Map();

  /** The passes for so many samples at once; all rows of a batch that is named are there already. @param {number} n */
  function slopeFor(n) {
    let found = slopes.get(n);
    if (!found) {
      const own = sampled?.slope ? sized(sampled.slope, n) : slopeOf(graph);
      slopes.set(n, (found = createSlope(own, names, fixed)));
    }
    return found;
  }

  /**
   * @param {ReturnType<typeof createSlope>} slope @param {Float64Array} point @param {Float64Array} gradient
   */
  function add(slope, point, gradient) {
    names.forEach((name, at) => slope.set(name, point, ends[at]));
    slope.run();
    names.forEach((_, at) => slope.add(at, gradient, ends[at], ends[at + 1]));
    return slope.value();
  }

  const chunk = sampled?.whole ? Infinity : sampled?.slope ? chunkOf(sampled.slope) : 1;

  return (point, rows) => {
    const gradient = new Float64Array(length);
    if (!count) return { loss: add(slopeFor(0), point, gradient), gradient };
    const all = rows ? rows.length : count;
    let loss = 0;
    for (let first = 0; first < all; first += chunk) {
      const n = Math.min(chunk, all - first);
      const slope = slopeFor(n);
      for (const one of each) slope.set(one.name, taken(one, rows, first, n));
      loss += add(slope, point, gradient);
    }
    if (sampled?.whole) return { loss, gradient };
    for (let at = 0; at < length; at++) gradient[at] /= all;
    return { loss: loss / all, gradient };
  };
}

/** How many samples at a time: a sample's own cells are those of the lifted program at one. @param {SlopeOf} slope */
function chunkOf(slope) {
  const one = sized(slope, 1).nodes.map(({ shape }) => shape.reduce((product, length) => product * length, 1));
  return Math.max(1, Math.floor(CELLS / Math.max(...one)));
}

/**
 * The cells of some samples, in an array that is used again.
 * @param {{cells: ArrayLike<number>, width: number, taken: Float64Array}} column `width` is that of a sample
 * @param {ArrayLike<number> | null} rows @param {number} first @param {number} n
 */
function taken(column, rows, first, n) {
  const { cells, width } = column;
  if (column.taken.length !== n * width) column.taken = new Float64Array(n * width);
  const found = column.taken;
  for (let at = 0; at < n; at++) {
    const from = (rows ? rows[first + at] : first + at) * width;
    for (let one = 0; one < width; one++) found[at * width + one] = cells[from + one];
  }
  return found;
}
