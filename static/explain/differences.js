/**
 * The gradient check: each gradient beside the central difference that tells most. Steps are tried from the usual
 * one on, each with what the difference may be off by, until one is sure; as in
 * graphviz_backprop/explain/differences.py, which says why.
 */

import { above, miss, valueOf } from "./nudge.js";
import { places } from "./paths.js";

/**
 * @typedef {import("../engine/pass.js").Run} Run
 * @typedef {(x: number) => number} Function
 * @typedef {{slope: number, doubt: number}} Measured a slope by differences, and what it may be off by: Infinity, and
 *   it is no slope
 */

/** Balances rounding against curvature in a central difference. */
const STEP = Number.EPSILON ** (1 / 3);
const FACTOR = 4;
/** How many steps are tried on both sides of the usual one. */
const [SMALLER, LARGER] = [16, 7];
/** Below this, differences are noise. */
const LEAST = 1e-6;
/** A difference that may be off by SURE ends the search; one that may be off by more than TELLS tells nothing. */
const [SURE, TELLS] = [1e-6, 1e-3];

/**
 * A variable's central difference, and the relative error of the gradient beside it. Both are NaN where no difference
 * can tell. @param {Run} run @param {number} variable its place among them
 */
export function check(run, variable) {
  const name = [...run.plan.leaves.keys()][variable];
  const { plan } = run;
  const starts = places(plan, name);
  const changed = above(plan, starts);
  const values = run.values.slice();
  // Each step is the wide one of another, and all have one middle.
  const output = remembered((x) => {
    for (const at of starts) values[at] = x;
    for (const at of changed) values[at] = valueOf(plan, at, values);
    return run.seed * values[values.length - 1];
  });
  return compared(run.total(name), measured(output, run.values[starts[0]], noise(run, changed)));
}

/**
 * A function of a number that is asked the same several times.
 * @template T @param {(x: number) => T} of @returns {(x: number) => T}
 */
export function remembered(of) {
  /** @type {Map<number, T>} */
  const known = new Map();
  return (x) => {
    const found = known.get(x) ?? of(x);
    known.set(x, found);
    return found;
  };
}

/** The error is relative to the larger, but not below 1e-6. @param {number} gradient @param {Measured} measured */
function compared(gradient, { slope, doubt }) {
  if (!(doubt <= TELLS * Math.max(Math.abs(slope), LEAST))) return { difference: NaN, error: NaN };
  return { difference: slope, error: miss(gradient, slope, LEAST) };
}

/**
 * By about how much rounding may change the output, times the seed, when a variable moves.
 * @param {Run} run @param {readonly number[]} changed the nodes that move with it
 */
function noise(run, changed) {
  let total = 0;
  for (const at of changed) {
    const part = Math.abs(run.values[at] * (run.gradient(at) ?? 0));
    total += Number.isFinite(part) ? part : 0;
  }
  return Number.EPSILON * total;
}

/**
 * The slope of a function at x by the central difference that is most sure.
 * @param {Function} output @param {number} x @param {number} noise
 */
function measured(output, x, noise) {
  let best = { slope: NaN, doubt: Infinity };
  for (const h of steps(x)) {
    if (noise / h >= best.doubt) continue; // rounding alone makes it less sure
    const found = central(output, x, h, noise);
    if (found.doubt < best.doubt) best = found;
    if (best.doubt <= SURE * Math.max(Math.abs(best.slope), LEAST)) break;
  }
  return best;
}

/** The usual step relative to x, then others around it; then, for a small x, around that for 1. @param {number} x */
function* steps(x) {
  const sizes = Math.abs(x) < 1 ? [Math.abs(x), 1] : [Math.abs(x)];
  for (const size of sizes) {
    for (let n = 0; n <= Math.max(SMALLER, LARGER); n++) {
      for (const power of n ? [-n, n] : [0]) {
        const h = STEP * size * FACTOR ** power;
        if (-SMALLER <= power && power <= LARGER && x - h < x && x < x + h) yield h;
      }
    }
  }
}

/**
 * With two steps, h and 4 h: the difference of their slopes is about what the wide one is off by.
 * @param {Function} output @param {number} x @param {number} h @param {number} noise @returns {Measured}
 */
function central(output, x, h, noise) {
  const [near, bend] = difference(output, x, h);
  const [wide, bendWide] = difference(output, x, FACTOR * h);
  if (Math.abs(bend) > (8 * noise) / h && Math.abs(bend) > 0.9 * Math.abs(bendWide)) {
    return { slope: NaN, doubt: Infinity }; // left and right differ however small the step: a kink, or a jump
  }
  return { slope: near + (near - wide) / (FACTOR ** 2 - 1), doubt: Math.abs(near - wide) + noise / h };
}

/**
 * The slope between x - h and x + h, and by how much the right half is steeper than the left one.
 * @param {Function} output @param {number} x @param {number} h @returns {[number, number]}
 */
function difference(output, x, h) {
  const [below, above] = [x - h, x + h];
  const [left, middle, right] = [output(below), output(x), output(above)];
  return [(right - left) / (above - below), (right - middle) / (above - x) - (middle - left) / (x - below)];
}
