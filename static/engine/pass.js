/**
 * Forward and backward pass in the browser, on flat arrays: interprets a program's node list with the rows of
 * ops.js, in the order in which graphviz_backprop/engine/autodiff.py computes, so that both agree to the last digits.
 * engine.js finds a number by its name; data/average.js runs it over many rows; explain/ says what the numbers mean.
 */

import { count } from "./kernels.js";
import { ops } from "./ops.js";

/**
 * @typedef {import("./engine.js").Graph} Graph
 * @typedef {import("./engine.js").GraphNode} GraphNode
 *
 * @typedef {object} Plan a graph by positions: what all its runs have in common
 * @property {readonly GraphNode[]} nodes arguments first, so that the output is the last one
 * @property {readonly (readonly number[])[]} args of each node, the positions of its arguments
 * @property {readonly (readonly number[])[]} edges of each node and argument, the position of the edge among those
 *   that carry a gradient; -1, and it carries none
 * @property {readonly boolean[]} reached whether the backward pass comes to a node
 * @property {ReadonlyMap<string, readonly number[]>} leaves the positions of each variable
 * @property {ReadonlyMap<string, number>} positions of the nodes by their ids
 *
 * @typedef {Run & {set: (name: string, x: number) => void, run: (seed: number) => void}} Pass the numbers of its
 *   latest run
 */

/** Every number of both passes at one point; or the averages of many. */
export class Run {
  /**
   * @param {Plan} plan
   * @param {Float64Array} values by the nodes' positions
   * @param {Float64Array} gradients
   * @param {Float64Array | null} partials by the edges' positions; an average has none
   * @param {Float64Array} flows
   */
  constructor(plan, values, gradients, partials, flows) {
    this.plan = plan;
    this.values = values;
    this.gradients = gradients;
    this.partials = partials;
    this.flows = flows;
    this.seed = 1;
  }

  /** The gradient of a node, or null where the backward pass does not come. @param {number} at */
  gradient(at) {
    return this.plan.reached[at] ? this.gradients[at] : null;
  }

  /** The local partial of an edge, or null. @param {number} at @param {number} arg */
  partial(at, arg) {
    const edge = this.plan.edges[at][arg];
    return edge < 0 || !this.partials ? null : this.partials[edge];
  }

  /** @param {number} at @param {number} arg */
  flow(at, arg) {
    const edge = this.plan.edges[at][arg];
    return edge < 0 ? null : this.flows[edge];
  }

  /** A variable's gradient is the sum over its leaves. @param {string} name */
  total(name) {
    const [first, ...others] = this.plan.leaves.get(name) ?? [];
    return others.reduce((sum, at) => sum + (this.gradient(at) ?? 0), this.gradient(first) ?? 0);
  }
}

/** @param {Graph} graph @returns {Plan} */
export function createPlan({ nodes }) {
  const positions = new Map(nodes.map((node, at) => [node.id, at]));
  const args = nodes.map((node) => node.args.map((id) => /** @type {number} */ (positions.get(id))));
  const last = nodes.length - 1;
  /** @type {boolean[]} */
  const active = [];
  nodes.forEach((node, at) => active.push(node.op === "var" || args[at].some((arg) => active[arg])));

  const reached = nodes.map((_, at) => at === last && active[last]);
  const edges = args.map((from) => from.map(() => -1));
  let count = 0;
  for (let at = last; at >= 0; at--) {
    if (!reached[at]) continue;
    args[at].forEach((child, arg) => {
      if (!active[child]) return;
      reached[child] = true;
      edges[at][arg] = count++;
    });
  }

  /** @type {Map<string, number[]>} */
  const leaves = new Map();
  nodes.forEach(({ op, name = "" }, at) => {
    if (op !== "var") return;
    if (!leaves.has(name)) leaves.set(name, []);
    leaves.get(name)?.push(at);
  });
  return { nodes, args, edges, reached, leaves, positions };
}

/** @param {Graph} graph @returns {Pass} */
export function createPass(graph) {
  const plan = createPlan(graph);
  const { nodes, args, edges } = plan;
  const rows = nodes.map((node) => ops[node.op]);
  const last = nodes.length - 1;
  const edgeCount = edges.flat().filter((edge) => edge >= 0).length;

  const values = new Float64Array(nodes.length);
  const gradients = new Float64Array(nodes.length);
  const [partials, flows] = [new Float64Array(edgeCount), new Float64Array(edgeCount)];
  nodes.forEach((node, at) => {
    if (node.op !== "var" && !rows[at]) values[at] = Number(node.value);
  });

  function forward() {
    for (let at = 0; at <= last; at++) {
      const row = rows[at];
      if (!row) continue;
      const from = args[at];
      if (row.fold) values[at] = row.fold(from.map((arg) => values[arg]));
      else if (from.length === 1) values[at] = row.value(values[from[0]]);
      else if (from.length === 2) values[at] = row.value(values[from[0]], values[from[1]]);
      else values[at] = row.value(...from.map((arg) => values[arg]));
    }
  }

  /** @param {number} at @param {number} arg @param {number} ties */
  function partial(at, arg, ties) {
    const row = rows[at];
    const from = args[at];
    const f = values[at];
    if (row.share) return row.share(values[from[arg]], f, from.length, ties);
    if (from.length === 1) return row.partials[0](values[from[0]], f);
    if (from.length === 2) return row.partials[arg](values[from[0]], values[from[1]], f);
    return row.partials[arg](...from.map((one) => values[one]), f);
  }

  /** @param {number} seed */
  function backward(seed) {
    gradients.fill(-0); // the zero that leaves the sign of all that is added to it
    gradients[last] = seed;
    for (let at = last; at >= 0; at--) {
      const row = rows[at];
      if (!row || !plan.reached[at]) continue;
      const from = args[at];
      let ties = -1;
      for (let arg = 0; arg < from.length; arg++) {
        const edge = edges[at][arg];
        if (edge < 0) continue;
        if (row.fold && ties < 0) {
          ties = count(
            values[at],
            from.map((one) => values[one]),
          );
        }
        const local = partial(at, arg, ties);
        const flow = gradients[at] * local;
        partials[edge] = local;
        flows[edge] = flow;
        gradients[from[arg]] += flow;
      }
    }
  }

  return Object.assign(new Run(plan, values, gradients, partials, flows), {
    /** @param {string} name @param {number} x */
    set(name, x) {
      for (const at of plan.leaves.get(name) ?? []) values[at] = x;
    },
    /** @this {Run} @param {number} seed */
    run(seed) {
      this.seed = seed;
      forward();
      backward(seed);
    },
  });
}
