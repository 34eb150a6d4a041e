/**
 * One-sided derivatives: what the slope is to the left and to the right of a kink. A directional derivative
 * by forward mode, each variable moving to the right, then to the left; at a kink, the row's rule instead of
 * partials. Where that can't tell, differences to that side. graphviz_backprop/explain/sides.py is the other half.
 */

import { advice } from "../engine/advice.js";
import { ops } from "../engine/ops.js";
import { moved } from "./nudge.js";
import { places } from "./paths.js";
import { equalKeys } from "./patterns.js";

/**
 * @typedef {import("../engine/pass.js").Run} Run
 * @typedef {import("../engine/advice.js").Kink} Kink
 */

/** Steps of a difference to one side, as powers of 1/4 of x. */
const [FIRST, LAST] = [2, 19];
/** Three differences in a row are that near to a straight line. */
const SETTLED = 1e-7;

/**
 * ∂output/∂x, times the seed, to the left and to the right of each variable, in their order; away from kinks both are
 * the gradient. NaN where nothing is on that side, and where neither derivatives nor differences can tell.
 * @param {Run} run
 */
export function sides(run) {
  const keys = equalKeys(run.plan);
  /** @type {Map<number, Kink>} */
  const kinks = new Map();
  run.plan.nodes.forEach((_, at) => {
    const kink = kinkAt(run, keys, at);
    if (kink) kinks.set(at, kink);
  });
  /** @param {number} way */
  const all = (way) =>
    [...run.plan.leaves.keys()].map((name) => {
      const told = kinks.size ? directional(run, kinks, name, way) : null;
      if (told === null) return run.total(name);
      return run.seed * way * (Number.isNaN(told) ? settled(run, name, way) : told) + 0; // 0, not -0
    });
  return { left: all(-1), right: all(1) };
}

/**
 * The row's kink where this node is at it and a variable reaches it; null where it is one for constants alone: x^0 is
 * flat at 0, where 0^x jumps.
 * @param {Run} run @param {readonly number[]} keys as of equalKeys @param {number} at
 */
export function kinkAt(run, keys, at) {
  const { plan } = run;
  const { op } = plan.nodes[at];
  const args = plan.args[at];
  const kink = args.length && plan.reached[at] ? advice[op].kink : null;
  if (!kink || !isAt(kink, run, keys, at)) return null;
  const moving = new Set(args.filter((arg) => plan.reached[arg]).map((arg) => keys[arg]));
  const same = [...moving].map((key) => args.map((arg) => Number(keys[arg] === key)));
  if (moving.size > 1) same.push(args.map((arg) => Number(plan.reached[arg]))); // all at once: x^x at 0
  return same.every((moves) => passes(run, at, kink, moves)) ? null : kink;
}

/**
 * Whether the kink's condition holds.
 * @param {Kink} kink @param {Run} run @param {readonly number[]} keys @param {number} at
 */
function isAt(kink, { plan, values }, keys, at) {
  const args = plan.args[at];
  if (!ops[plan.nodes[at].op].fold) return kink.at(...args.map((arg) => values[arg]), values[at]);
  // An argument that is mentioned twice ties with itself without harm.
  const ties = new Set(args.filter((arg) => values[arg] === values[at]).map((arg) => keys[arg]));
  return kink.at(values[at], ties.size);
}

/**
 * Whether the slopes on both sides are one number.
 * @param {Run} run @param {number} at @param {Kink} kink @param {readonly number[]} moves
 */
function passes(run, at, kink, moves) {
  const right = slope(run, at, kink, moves);
  const opposite = moves.map((move) => -move);
  return Number.isFinite(right) && right === -slope(run, at, kink, opposite);
}

/**
 * The change of the output for an infinitely small step, relative to it; null if it meets no kink.
 * @param {Run} run @param {ReadonlyMap<number, Kink>} kinks @param {string} variable @param {number} way
 */
function directional(run, kinks, variable, way) {
  const leaves = places(run.plan, variable);
  /** @type {(number | null)[]} */
  const found = [];
  let met = false;
  run.plan.args.forEach((args, at) => {
    const tangents = args.map((arg) => found[arg]);
    const kink = kinks.get(at);
    if (leaves.includes(at)) found.push(way);
    else if (kink && concerned(kink, tangents)) {
      met = true;
      // What does not move has the tangent 0.
      const moves = tangents.map((tangent) => tangent ?? 0);
      found.push(slope(run, at, kink, moves));
    } else found.push(smooth(run, at, tangents));
  });
  return met ? found[found.length - 1] : null;
}

/**
 * Whether an argument of which the kink speaks moves.
 * @param {Kink} kink @param {readonly (number | null)[]} tangents
 */
const concerned = (kink, tangents) =>
  tangents.some((tangent, arg) => tangent !== null && (!kink.slope || kink.moves.includes(arg)));

/**
 * By the rule of the kink: the tangent of the node, by those of its arguments.
 * @param {Run} run @param {number} at @param {Kink} kink @param {readonly number[]} moves
 */
function slope({ plan, values }, at, kink, moves) {
  if (moves.some(Number.isNaN)) return NaN;
  const xs = plan.args[at].map((arg) => values[arg]);
  const { fold, value } = ops[plan.nodes[at].op];
  if (kink.slope) return kink.slope(...xs, values[at], ...moves);
  return fold ? fold(moves.filter((_, arg) => xs[arg] === values[at])) : value(...moves);
}

/** @param {Run} run @param {number} at @param {readonly (number | null)[]} tangents */
function smooth(run, at, tangents) {
  /** @type {number | null} */
  let sum = null;
  for (const [arg, tangent] of tangents.entries()) {
    const partial = run.partial(at, arg);
    if (partial === null || tangent === null) continue;
    sum = sum === null ? partial * tangent : sum + partial * tangent;
  }
  return sum;
}

/**
 * The limit of the differences to one side, from the largest step on; NaN where they do not settle. Small steps are no
 * better: where digits cancel, their differences settle on something else.
 * @param {Run} run @param {string} variable @param {number} way
 */
function settled(run, variable, way) {
  const x = run.values[places(run.plan, variable)[0]];
  const last = run.values.length - 1;
  /** @type {number[]} */
  const quotients = [];
  for (let power = FIRST; power <= LAST; power++) {
    const h = way * (Math.abs(x) || 1) * 0.25 ** power;
    if (!(Math.abs(x + h - x) > 0)) break; // x is infinite, or the smallest number there is
    const change = moved(run, variable, () => x + h)[last] - run.values[last];
    quotients.push((change / (x + h - x)) * way);
    const three = quotients.slice(-3);
    if (three.length < 3 || !three.every(Number.isFinite)) continue;
    const [first, second, third] = three;
    const limit = third + (third - second) / 3;
    const doubt = Math.abs(limit - (second + (second - first) / 3));
    if (doubt <= SETTLED * Math.max(1, Math.abs(limit))) return Math.abs(limit) <= doubt ? 0 : limit;
  }
  return NaN;
}
