/**
 * Nudging: a variable or a node moves by h. What forward mode predicts for every node above it, beside what
 * happens. The same as graphviz_backprop/explain/probe.py.
 */

import { ops } from "../engine/ops.js";
import { places } from "./paths.js";
import { tangents } from "./tangents.js";

/** @typedef {import("../engine/pass.js").Run} Run */

/**
 * By the nodes' positions, for every node on the way to the output: the predicted and the actual change of its value,
 * and `miss`, their difference relative to the larger; null for all others.
 * @param {Run} run @param {string} target a variable or a node's id @param {number} h
 */
export function nudge(run, target, h) {
  const { nodes, reached } = run.plan;
  const slopes = tangents(run, target);
  const values = moved(run, target, (x) => x + h);
  const moves = slopes.map((slope) => slope !== null);
  // A constant has no gradient to predict with.
  /** @param {(slope: number, at: number) => number} of */
  const each = (of) => nodes.map((_, at) => (moves[at] && reached[at] ? of(slopes[at] ?? NaN, at) : null));
  const predicted = each((slope) => slope * h);
  const actual = each((_, at) => values[at] - run.values[at]);
  return { predicted, actual, miss: each((_, at) => miss(predicted[at] ?? NaN, actual[at] ?? NaN)) };
}

/**
 * The values after a variable or a node has changed: only what that changes is computed anew.
 * @param {Run} run @param {string} target @param {(x: number) => number} change
 */
export function moved(run, target, change) {
  const values = run.values.slice();
  const starts = places(run.plan, target);
  for (const at of starts) values[at] = change(values[at]);
  for (const at of above(run.plan, starts)) values[at] = valueOf(run.plan, at, values);
  return values;
}

/**
 * The nodes that change with some, from below: not these.
 * @param {Run["plan"]} plan @param {readonly number[]} starts
 */
export function above({ nodes, args }, starts) {
  const moves = nodes.map(() => false);
  for (const at of starts) moves[at] = true;
  const found = [];
  for (let at = 0; at < nodes.length; at++) {
    if (moves[at] || !args[at].some((arg) => moves[arg])) continue;
    moves[at] = true;
    found.push(at);
  }
  return found;
}

/** @param {Run["plan"]} plan @param {number} at @param {ArrayLike<number>} values of the nodes below */
export function valueOf({ nodes, args }, at, values) {
  const [own, { fold, value }] = [args[at], ops[nodes[at].op]];
  if (fold) return fold(own.map((arg) => values[arg]));
  if (own.length > 2) return value(...own.map((arg) => values[arg]));
  return value(values[own[0]], values[own[1]]);
}

/**
 * The difference of two numbers relative to the larger, or to `least` if that is larger still.
 * @param {number} predicted @param {number} actual @param {number} [least]
 */
export function miss(predicted, actual, least = 0) {
  if (predicted === actual) return 0;
  return Math.abs(predicted - actual) / Math.max(Math.abs(predicted), Math.abs(actual), least);
}
