/**
 * Every number of both passes, as somebody has it who made mistakes earlier on: the twin of
 * graphviz_backprop/explain/grading/numbers.py.
 */

import { count } from "../../engine/kernels.js";
import { ops } from "../../engine/ops.js";

/**
 * @typedef {import("../../engine/pass.js").Plan} Plan
 * @typedef {import("../../engine/pass.js").Run} Run
 *
 * @typedef {object} Numbers
 * @property {Plan} plan
 * @property {number[]} values
 * @property {(number | null)[][]} partials by node and argument; null where no variable reaches
 * @property {(number | null)[]} gradients
 * @property {(number | null)[][]} flows
 */

/** The numbers as they are. @param {Run} run @returns {Numbers} */
export function right(run) {
  const { plan } = run;
  return {
    plan,
    values: [...run.values],
    partials: plan.args.map((args, at) => args.map((_, arg) => run.partial(at, arg))),
    gradients: plan.nodes.map((_, at) => run.gradient(at)),
    flows: plan.args.map((args, at) => args.map((_, arg) => run.flow(at, arg))),
  };
}

/**
 * The numbers that follow where these fields have these numbers.
 * @param {Run} run @param {ReadonlyMap<string, number>} given @returns {Numbers}
 */
export function carried(run, given) {
  const { plan } = run;
  /** @type {number[]} */
  const values = [];
  plan.nodes.forEach(({ id, op }, at) => {
    const row = ops[op];
    const value = row ? row.value(...plan.args[at].map((arg) => values[arg])) : run.values[at];
    values.push(given.get(`${id}.value`) ?? value);
  });
  const local = plan.nodes.map(({ id }, at) =>
    plan.args[at].map((_, arg) => {
      const known = given.get(`${id}.${arg}.partial`);
      if (known !== undefined) return known;
      return plan.edges[at][arg] < 0 ? null : partialOf(plan, values, at, arg);
    }),
  );
  /** @type {(number | null)[]} */
  const gradients = plan.reached.map((reached) => (reached ? 0 : null));
  /** @type {(number | null)[][]} */
  const flows = plan.args.map((args) => args.map(() => null));
  const last = plan.nodes.length - 1;
  if (plan.reached[last]) gradients[last] = run.seed;
  for (let at = last; at >= 0; at--) {
    if (gradients[at] === null) continue;
    const { id } = plan.nodes[at];
    const gradient = given.get(`${id}.gradient`) ?? gradients[at] ?? 0;
    gradients[at] = gradient;
    plan.args[at].forEach((child, arg) => {
      const partial = local[at][arg];
      if (partial === null || plan.edges[at][arg] < 0) return;
      const flow = given.get(`${id}.${arg}.flow`) ?? gradient * partial;
      flows[at][arg] = flow;
      gradients[child] = (gradients[child] ?? 0) + flow;
    });
  }
  return { plan, values, partials: local, gradients, flows };
}

/** @param {Plan} plan @param {readonly number[]} values @param {number} at @param {number} arg */
export function partialOf(plan, values, at, arg) {
  const row = ops[plan.nodes[at].op];
  const xs = plan.args[at].map((one) => values[one]);
  if (row.share) return row.share(xs[arg], values[at], xs.length, count(values[at], xs));
  return row.partials[arg](...xs, values[at]);
}
