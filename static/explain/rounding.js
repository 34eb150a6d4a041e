/**
 * By how much rounding may have changed the numbers of a run: a bound for each value and each gradient, as
 * graphviz_backprop/explain/rounding.py has it, which says why.
 */

import { advice } from "../engine/advice.js";
import { ops } from "../engine/ops.js";
import { untaken } from "./branches.js";

/** @typedef {import("../engine/pass.js").Run} Run */

/** A multiple of its inverse is short: as good as typed. */
const SHORT = 2 ** 20;
/** Halves the digits of a double. */
const SPLIT = 2 ** 27 + 1;
/** Of a flatter operation, a short result may have been rounded to it: tanh(20) = 1. */
const STEEP = 1e-3;

/** Arguments: of more, their ends are not put together in every way. */
const MANY = 3;

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
    if (nodes[at].op === "sub" && new Set(args[at].map((child) => chosen(run, bounds, child))).size === 1) continue;
    const errors = args[at].map((child) => bounds[child]);
    const inexact = errors.some((error) => error !== 0);
    bounds[at] = (inexact ? inherited(run, at, errors) : 0) + (errors.length ? rounded(run, at, inexact) : 0);
  }
  return bounds;
}

/**
 * The node that a maximum or minimum is, whatever rounding did; any other node is itself.
 * @param {Run} run @param {Float64Array} bounds @param {number} at
 */
function chosen({ plan, values }, bounds, at) {
  while (plan.nodes[at].op === "max" || plan.nodes[at].op === "min") {
    const args = plan.args[at];
    const sign = plan.nodes[at].op === "max" ? 1 : -1;
    const best = args.reduce((one, other) => (sign * values[other] > sign * values[one] ? other : one));
    const others = args.filter((arg) => arg !== best);
    if (!others.every((arg) => Math.abs(values[best] - values[arg]) > bounds[best] + bounds[arg])) return at;
    at = best;
  }
  return at;
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
 * What the errors of the arguments may do to the result.
 * @param {Run} run @param {number} at @param {readonly number[]} errors
 */
function inherited(run, at, errors) {
  const { op } = run.plan.nodes[at];
  if (op === "where" && !errors[0]) return errors[3 - untaken(run, at)];
  if (!errors.every(Number.isFinite)) return Infinity;
  const passed = errors.map((_, arg) => passes(run, at, arg));
  const first = errors.reduce((sum, error, arg) => (error ? sum + error * passed[arg] : sum), 0);
  const broken = ["corner", "jump"].includes(advice[op].kink?.kind ?? "");
  const smooth = !chooses(op) && !broken && passed.every((slope) => slope !== 0);
  return smooth ? first : Math.max(first, swing(run, at, errors));
}

/**
 * By how much the result differs at the ends of what the arguments may be, where they may be 0, and where two may be
 * one number. Infinite where one of these is.
 * @param {Run} run @param {number} at @param {readonly number[]} errors
 */
function swing({ plan, values }, at, errors) {
  const args = plan.args[at].map((arg) => values[arg]);
  let most = 0;
  for (const point of corners(args, errors)) {
    const change = Math.abs(valueAt(plan.nodes[at].op, point) - values[at]);
    most = Math.max(most, Number.isNaN(change) ? Infinity : change);
  }
  return most;
}

/** @param {readonly number[]} args @param {readonly number[]} errors @returns {number[][]} */
function corners(args, errors) {
  // those of many arguments rise with each
  if (args.length > MANY) return [-1, 1].map((way) => args.map((x, arg) => x + way * errors[arg]));
  /** @type {number[][]} */
  let points = [[]];
  args.forEach((x, arg) => {
    points = points.flatMap((point) => ends(x, errors[arg]).map((end) => [...point, end]));
  });
  if (args.length === 2) {
    const least = Math.max(...args.map((x, arg) => x - errors[arg]));
    if (least <= Math.min(...args.map((x, arg) => x + errors[arg]))) points.push([least, least]);
  }
  return points;
}

/** @param {number} x @param {number} error */
function ends(x, error) {
  if (!error) return [x];
  const [low, high] = [x - error, x + error];
  return low < 0 && high > 0 ? [low, high, 0] : [low, high];
}

/**
 * What an error of an argument is multiplied by; a run has no partial of what no variable reaches.
 * @param {Run} run @param {number} at @param {number} arg
 */
function passes(run, at, arg) {
  const partial = run.partial(at, arg);
  if (partial !== null) return Math.abs(partial);
  const args = run.plan.args[at].map((child) => run.values[child]);
  return Math.abs(partialAt(run.plan.nodes[at].op, arg, args, run.values[at]));
}

/**
 * What an operation itself may have rounded away, of arguments that are inexact already or not.
 * @param {Run} run @param {number} at @param {boolean} inexact
 */
function rounded(run, at, inexact) {
  const { op } = run.plan.nodes[at];
  const value = run.values[at];
  const args = run.plan.args[at].map((arg) => run.values[arg]);
  if (SUMS.has(op)) return sumBound(op === "sub" ? [args[0], -args[1]] : args);
  if (op === "mul") return Math.abs(productError(args[0], args[1]));
  if (chooses(op)) return 0;
  const slopes = args.map((_, arg) => passes(run, at, arg));
  const inside = advice[op].primitive ? 0 : args.reduce((sum, x, arg) => sum + Math.abs(x) * slopes[arg], 0);
  // an exponent is no way to hide digits: 1^2 is 1, and flat by its exponent
  const steep = slopes.every((slope, arg) => slope >= STEEP || (op === "pow" && arg === 1));
  const exact = short(value) && args.every(short) && (steep || args.every((arg) => arg === 0)) && !inexact;
  return exact ? 0 : Number.EPSILON * (Math.abs(value) + inside);
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
 * What rounding may have changed a local partial by: its own, and that of what it is made of.
 * @param {Run} run @param {Float64Array} values @param {number} at @param {number} arg
 */
function partialBound(run, values, at, arg) {
  const { op } = run.plan.nodes[at];
  const children = run.plan.args[at];
  const partial = run.partial(at, arg) ?? 0;
  if (op === "mul") return values[children[1 - arg]];
  if (SUMS.has(op)) return 0;
  const args = children.map((one) => run.values[one]);
  const own = chooses(op) || [partial, ...args].every(short) ? 0 : 2 * Number.EPSILON * Math.abs(partial);
  const errors = children.map((one) => values[one]);
  if (errors.every((error) => error === 0)) return own;
  if (!errors.every(Number.isFinite)) return Infinity;
  let most = 0;
  for (const point of corners(args, errors)) {
    const change = Math.abs(partialAt(op, arg, point) - partial);
    most = Math.max(most, Number.isNaN(change) ? Infinity : change);
  }
  return own + most;
}

/**
 * An operation's local partial at any arguments.
 * @param {string} op @param {number} arg @param {readonly number[]} args @param {number} [f] its result
 */
function partialAt(op, arg, args, f = valueAt(op, args)) {
  const { share, partials } = ops[op];
  if (share) return share(args[arg], f, args.length, args.filter((x) => x === f).length);
  return partials[arg](...args, f);
}

/** @param {string} op @param {readonly number[]} args */
function valueAt(op, args) {
  const { fold, value } = ops[op];
  return fold ? fold([...args]) : value(...args);
}

/** @param {number} x */
const short = (x) => Math.abs(x) < SHORT && Number.isInteger(x * SHORT);
