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
  const { nodes, args } = run.plan;
  const values = run.values.slice();
  const moves = nodes.map(() => false);
  for (const at of places(run.plan, target)) {
    values[at] = change(values[at]);
    moves[at] = true;
  }
  for (let at = 0; at < nodes.length; at++) {
    if (moves[at] || !args[at].some((arg) => moves[arg])) continue;
    moves[at] = true;
    const xs = args[at].map((arg) => values[arg]);
    const { fold, value } = ops[nodes[at].op];
    values[at] = fold ? fold(xs) : value(...xs);
  }
  return values;
}

/**
 * The difference of two numbers relative to the larger, or to `least` if that is larger still.
 * @param {number} predicted @param {number} actual @param {number} [least]
 */
export function miss(predicted, actual, least = 0) {
  if (predicted === actual) return 0;
  return Math.abs(predicted - actual) / Math.max(Math.abs(predicted), Math.abs(actual), least);
}
