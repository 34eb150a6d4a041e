/**
 * Whether the numbers that an equation shows give the result that it shows: "=", or else "≈". The same as
 * graphviz_backprop/explain/signs.py.
 */

import { advice } from "../engine/advice.js";
import { formatNumber } from "../engine/numerals.js";
import { ops } from "../engine/ops.js";
import { places } from "./paths.js";

/** @typedef {import("../engine/pass.js").Run} Run */

/** Of a node's value. @param {Run} run @param {number} at */
export const valueSign = (run, at) => sign(shownValue(run, at), run.values[at]);

/** Of an edge's local partial, by the rule as it is shown. @param {Run} run @param {number} at @param {number} arg */
export function partialSign(run, at, arg) {
  const partial = run.partial(at, arg);
  const { op } = run.plan.nodes[at];
  const rule = advice[op].shown[ops[op].fold ? 0 : arg];
  if (partial === null || !rule) return "=";
  const xs = run.plan.args[at].map((one) => shown(run.values[one]));
  const f = shown(run.values[at]);
  return sign(ops[op].fold ? rule(xs[arg], f, xs.length) : rule(...xs, f), partial);
}

/** Of what flows through an edge. @param {Run} run @param {number} at @param {number} arg */
export function flowSign(run, at, arg) {
  const [gradient, partial, flow] = [run.gradient(at), run.partial(at, arg), run.flow(at, arg)];
  return gradient === null || partial === null || flow === null ? "=" : sign(shown(gradient) * shown(partial), flow);
}

/** Of the sum of what flows into a node. @param {Run} run @param {number} at */
export function gradientSign(run, at) {
  const { args } = run.plan;
  const flows = [];
  for (let parent = args.length - 1; parent > at; parent--) {
    for (const [arg, child] of args[parent].entries()) if (child === at) flows.push(run.flow(parent, arg));
  }
  return sign(added(flows.filter((flow) => flow !== null)), run.gradient(at) ?? NaN);
}

/** Of the sum over a variable's mentions. @param {Run} run @param {string} name */
export const totalSign = (run, name) =>
  sign(added(places(run.plan, name).map((at) => run.gradient(at) ?? 0)), run.total(name));

/**
 * Between what the numbers give and what is shown; null: no numbers are shown.
 * @param {number | null} found @param {number} wanted
 */
export const sign = (found, wanted) => (found === null || formatNumber(found) === formatNumber(wanted) ? "=" : "≈");

/** The number that a reader sees. @param {number} x */
export const shown = (x) => Number(formatNumber(x));

/** The value of a node by the numbers that are shown of its arguments. @param {Run} run @param {number} at */
export function shownValue(run, at) {
  const args = run.plan.args[at].map((arg) => shown(run.values[arg]));
  if (!args.length) return null;
  const { fold, value } = ops[run.plan.nodes[at].op];
  return fold ? fold(args) : value(...args);
}

/** @param {readonly number[]} terms */
const added = (terms) => (terms.length > 1 ? terms.map(shown).reduce((sum, term) => sum + term) : null);
