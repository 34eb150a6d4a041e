/**
 * By how much rounding may have changed the numbers of a run: a bound for each value and each gradient, as
 * graphviz_backprop/explain/rounding.py has it, which says why.
 */

import { advice } from "../engine/advice.js";

/** @typedef {import("../engine/pass.js").Run} Run */

/** A multiple of its inverse is short: as good as typed. */
const SHORT = 2 ** 20;
/** Halves the digits of a double. */
const SPLIT = 2 ** 27 + 1;
/** Of a flatter operation, a short result may have been rounded to it: tanh(20) = 1. */
const STEEP = 1e-3;

export const SUMS = new Set(["add", "sub", "sum"]);

/** For each node; infinite or NaN where numbers are. @param {Run} run */
export function valueBounds(run) {
  const { nodes, args } = run.plan;
  const bounds = new Float64Array(nodes.length);
  for (let at = 0; at < nodes.length; at++) {
    const value = run.values[at];
    if (nodes[at].op === "const") {
      bounds[at] = short(value) ? 0 : (Number.EPSILON / 2) * Math.abs(value);
      continue;
    }
    let inherited = 0;
    for (const [arg, child] of args[at].entries()) {
      if (bounds[child]) inherited += bounds[child] * passes(run, at, arg);
    }
    bounds[at] = inherited + (args[at].length ? rounded(run, at) : 0);
  }
  return bounds;
}

/** The same for gradients. @param {Run} run @param {Float64Array} values the bounds of the values */
export function gradientBounds(run, values) {
  const { args } = run.plan;
  const [bounds, sums] = [new Float64Array(args.length), new Float64Array(args.length)];
  for (let at = args.length - 1; at >= 0; at--) {
    const gradient = run.gradient(at);
    if (gradient === null) continue;
    for (const [arg, child] of args[at].entries()) {
      const [partial, flow] = [run.partial(at, arg), run.flow(at, arg)];
      if (partial === null || flow === null) continue;
      bounds[child] += bounds[at] * Math.abs(partial) + Math.abs(productError(gradient, partial));
      bounds[child] += Math.abs(gradient) * partialBound(run, values, at, arg);
      bounds[child] += Math.abs(sumError(sums[child], flow));
      sums[child] += flow;
    }
  }
  return bounds;
}

/** What x + y rounds away, exactly. @param {number} x @param {number} y */
export function sumError(x, y) {
  const total = x + y;
  const rest = total - x;
  return x - (total - rest) + (y - rest);
}

/** What x · y rounds away; a bound where numbers are too large for that. @param {number} x @param {number} y */
function productError(x, y) {
  const product = x * y;
  const [bigX, bigY] = [SPLIT * x - (SPLIT * x - x), SPLIT * y - (SPLIT * y - y)];
  const [smallX, smallY] = [x - bigX, y - bigY];
  const error = bigX * bigY - product + bigX * smallY + smallX * bigY + smallX * smallY;
  return Number.isFinite(error) ? error : Number.EPSILON * product;
}

/**
 * What an error of an argument is multiplied by; no partial is known of what no variable reaches.
 * @param {Run} run @param {number} at @param {number} arg
 */
function passes(run, at, arg) {
  const partial = run.partial(at, arg);
  if (partial !== null) return Math.abs(partial);
  const child = run.values[run.plan.args[at][arg]];
  return SUMS.has(run.plan.nodes[at].op) || !child ? 1 : Math.abs(run.values[at] / child);
}

/** What an operation itself may have rounded away. @param {Run} run @param {number} at */
function rounded(run, at) {
  const { op } = run.plan.nodes[at];
  const value = run.values[at];
  const args = run.plan.args[at].map((arg) => run.values[arg]);
  if (SUMS.has(op)) return sumBound(op === "sub" ? [args[0], -args[1]] : args);
  if (op === "mul") return Math.abs(productError(args[0], args[1]));
  if (chooses(op)) return 0;
  const partials = args.map((_, arg) => run.partial(at, arg));
  const steep = partials.every((partial) => partial === null || Math.abs(partial) >= STEEP);
  const exact = short(value) && args.every(short) && (steep || args.every((arg) => arg === 0));
  return exact ? 0 : Number.EPSILON * Math.abs(value);
}

/** Whether it chooses one of its arguments or turns a sign. @param {string} op */
const chooses = (op) => op === "neg" || op === "abs" || advice[op].flat === "dead" || advice[op].flat === "level";

/** What adding them from left to right rounds away. @param {readonly number[]} terms */
export function sumBound(terms) {
  let [total, bound] = [terms[0], 0];
  for (const term of terms.slice(1)) {
    bound += Math.abs(sumError(total, term));
    total += term;
  }
  return bound;
}

/**
 * What rounding may have changed a local partial by.
 * @param {Run} run @param {Float64Array} values @param {number} at @param {number} arg
 */
function partialBound(run, values, at, arg) {
  const { op } = run.plan.nodes[at];
  const args = run.plan.args[at];
  const partial = run.partial(at, arg) ?? 0;
  if (op === "mul") return values[args[1 - arg]];
  if (chooses(op) || SUMS.has(op)) return 0;
  const exact = short(partial) && args.every((one) => short(run.values[one]));
  return exact ? 0 : 2 * Number.EPSILON * Math.abs(partial);
}

/** @param {number} x */
const short = (x) => Math.abs(x) < SHORT && Number.isInteger(x * SHORT);
