/**
 * One-sided derivatives: what the slope is to the left and to the right of a kink. A directional derivative
 * by forward mode, each variable moving to the right, then to the left; at a kink, the row's rule instead of
 * partials. graphviz_backprop/explain/sides.py is the other half.
 */

import { advice } from "../engine/advice.js";
import { ops } from "../engine/ops.js";
import { places } from "./paths.js";
import { equalKeys } from "./patterns.js";

/**
 * @typedef {import("../engine/pass.js").Run} Run
 * @typedef {import("../engine/advice.js").Kink} Kink
 */

/**
 * ∂output/∂x, times the seed, to the left and to the right of each variable, in their order; away from kinks both are
 * the gradient. NaN where first derivatives can't tell.
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
      const slope = kinks.size ? directional(run, kinks, name, way) : null;
      return slope === null ? run.total(name) : run.seed * way * slope;
    });
  return { left: all(-1), right: all(1) };
}

/**
 * The row's kink where this node is at it and a variable reaches it.
 * @param {Run} run @param {readonly number[]} keys as of equalKeys @param {number} at
 */
export function kinkAt({ plan, values }, keys, at) {
  const { op } = plan.nodes[at];
  const args = plan.args[at];
  const kink = args.length && plan.reached[at] ? advice[op].kink : null;
  if (!kink) return null;
  if (!ops[op].fold) return kink.at(...args.map((arg) => values[arg]), values[at]) ? kink : null;
  // An argument that is mentioned twice ties with itself without harm.
  const ties = new Set(args.filter((arg) => values[arg] === values[at]).map((arg) => keys[arg]));
  return kink.at(values[at], ties.size) ? kink : null;
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
      found.push(slope(run, at, kink, tangents));
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
 * By the rule of the kink; an argument that does not move has the tangent 0.
 * @param {Run} run @param {number} at @param {Kink} kink @param {readonly (number | null)[]} tangents
 */
function slope({ plan, values }, at, kink, tangents) {
  const moves = tangents.map((tangent) => tangent ?? 0);
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
