/**
 * Nudging: a variable or a node moves by h. What forward mode predicts for every node above it, beside what
 * happens; and the gradient check, which nudges every variable both ways. The same as
 * graphviz_backprop/explain/probe.py.
 */

import { ops } from "../engine/ops.js";
import { places } from "./paths.js";
import { tangentsOf } from "./tangents.js";

/** @typedef {import("../engine/engine.js").Graph} Graph @typedef {import("../engine/engine.js").Fields} Fields */

/** The step of a central difference, relative to max(1, |x|): balances rounding against curvature. */
const STEP = Number.EPSILON ** (1 / 3);

/**
 * Fields of every node on the way to the output: `c.predicted` and `c.actual`, the changes of its value, and
 * `c.miss`, their difference relative to the larger.
 * @param {Graph} graph @param {Fields} fields @param {string} target a variable or a node's id @param {number} h
 * @returns {Fields}
 */
export function nudge(graph, fields, target, h) {
  /** @type {Fields} */
  const found = new Map();
  const tangent = tangentsOf(graph, fields, target);
  for (const [id, value] of moved(graph, fields, target, (x) => x + h)) {
    const slope = tangent.get(id);
    if (slope === undefined || fields.get(`${id}.gradient`) === null) continue; // nudged by a constant
    const predicted = slope * h;
    const actual = value - number(fields, id);
    found.set(`${id}.predicted`, predicted);
    found.set(`${id}.actual`, actual);
    found.set(`${id}.miss`, miss(predicted, actual));
  }
  return found;
}

/**
 * Each variable's gradient against its central difference: the fields `x.difference` and `x.error`, the
 * difference of both relative to the larger, but not below 1e-6, where differences are noise.
 * @param {Graph} graph @param {Fields} fields @param {Iterable<string>} variables @param {number} [seed]
 * @returns {Fields}
 */
export function check(graph, fields, variables, seed = 1) {
  /** @type {Fields} */
  const found = new Map();
  for (const name of variables) {
    const x = number(fields, places(graph, name)[0]);
    const h = STEP * Math.max(1, Math.abs(x));
    const [above, below] = [x + h, x - h];
    const difference =
      seed * ((output(graph, fields, name, above) - output(graph, fields, name, below)) / (above - below));
    found.set(`${name}.difference`, difference);
    found.set(`${name}.error`, miss(fields.get(`${name}.total`) ?? 0, difference, 1e-6));
  }
  return found;
}

/** @param {Graph} graph @param {Fields} fields @param {string} name @param {number} x */
function output(graph, fields, name, x) {
  return moved(graph, fields, name, () => x).get(graph.output) ?? number(fields, graph.output);
}

/**
 * The new values of what changes when a variable or a node does: only these are computed.
 * @param {Graph} graph @param {Fields} fields @param {string} target @param {(x: number) => number} change
 */
function moved(graph, fields, target, change) {
  /** @type {Map<string, number>} */
  const values = new Map(places(graph, target).map((id) => [id, change(number(fields, id))]));
  for (const { id, op, args } of graph.nodes) {
    if (values.has(id) || !args.some((arg) => values.has(arg))) continue;
    const xs = args.map((arg) => values.get(arg) ?? number(fields, arg));
    const { fold, value } = ops[op];
    values.set(id, fold ? fold(xs) : value(...xs));
  }
  return values;
}

/** @param {Fields} fields @param {string} id */
const number = (fields, id) => fields.get(`${id}.value`) ?? NaN;

/**
 * The difference of two numbers relative to the larger, or to `least` if that is larger still.
 * @param {number} predicted @param {number} actual @param {number} [least]
 */
function miss(predicted, actual, least = 0) {
  if (predicted === actual) return 0;
  return Math.abs(predicted - actual) / Math.max(Math.abs(predicted), Math.abs(actual), least);
}
