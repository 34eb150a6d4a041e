/**
 * Forward and backward pass in the browser, on flat arrays: interprets a program's node list with the rows of
 * ops.js, in the order in which graphviz_backprop/engine/autodiff.py computes, so that both agree to the last digits.
 * engine.js gives each number its name; data/average.js runs it over many rows.
 */

import { count } from "./kernels.js";
import { ops } from "./ops.js";

/**
 * @typedef {import("./engine.js").Graph} Graph
 *
 * @typedef {object} Pass
 * @property {Float64Array} values by the nodes' positions
 * @property {Float64Array} gradients
 * @property {Float64Array} partials by the edges' positions
 * @property {Float64Array} flows
 * @property {boolean[]} reached whether the backward pass comes to a node: all rows have it in common
 * @property {readonly (readonly Through[])[]} edges of each node, those that carry a gradient
 * @property {ReadonlyMap<string, number[]>} leaves the positions of each variable
 * @property {(name: string, x: number) => void} set
 * @property {(seed: number) => void} run
 *
 * @typedef {{arg: number, child: number, edge: number}} Through
 */

/** @param {Graph} graph @returns {Pass} */
export function createPass(graph) {
  const { nodes } = graph;
  const position = new Map(nodes.map((node, at) => [node.id, at]));
  const rows = nodes.map((node) => ops[node.op]);
  const args = nodes.map((node) => node.args.map((id) => /** @type {number} */ (position.get(id))));
  const last = nodes.length - 1;
  /** @type {boolean[]} */
  const active = [];
  nodes.forEach((node, at) => active.push(node.op === "var" || args[at].some((arg) => active[arg])));

  const reached = nodes.map((_, at) => at === last && active[last]);
  let edgeCount = 0;
  /** @type {Through[][]} */
  const edges = nodes.map(() => []);
  for (let at = last; at >= 0; at--) {
    if (!reached[at] || !rows[at]) continue;
    args[at].forEach((child, arg) => {
      if (!active[child]) return;
      reached[child] = true;
      edges[at].push({ arg, child, edge: edgeCount++ });
    });
  }

  const values = new Float64Array(nodes.length);
  const gradients = new Float64Array(nodes.length);
  const [partials, flows] = [new Float64Array(edgeCount), new Float64Array(edgeCount)];
  /** @type {Map<string, number[]>} */
  const leaves = new Map();
  nodes.forEach((node, at) => {
    if (node.op === "var") {
      const name = node.name ?? "";
      if (!leaves.has(name)) leaves.set(name, []);
      leaves.get(name)?.push(at);
    } else if (!rows[at]) values[at] = Number(node.value);
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
      const through = edges[at];
      if (!through.length) continue;
      const ties = rows[at].fold
        ? count(
            values[at],
            args[at].map((arg) => values[arg]),
          )
        : 0;
      for (const { arg, child, edge } of through) {
        const local = partial(at, arg, ties);
        const flow = gradients[at] * local;
        partials[edge] = local;
        flows[edge] = flow;
        gradients[child] += flow;
      }
    }
  }

  return {
    values,
    gradients,
    partials,
    flows,
    reached,
    edges,
    leaves,
    set(name, x) {
      for (const at of leaves.get(name) ?? []) values[at] = x;
    },
    run(seed) {
      forward();
      backward(seed);
    },
  };
}
