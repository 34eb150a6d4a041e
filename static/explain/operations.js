/**
 * What backward pass, forward mode and central differences cost on a graph, counted in arithmetic operations
 * as graphviz_backprop/explain/probe.py counts them: a value, a local partial, a multiplication or an addition.
 */

/** @typedef {import("../engine/engine.js").Graph} Graph @typedef {import("../engine/engine.js").Fields} Fields */

/**
 * For n variables and m outputs: the backward pass sweeps once for each output, forward mode once for each
 * variable, differences evaluate all nodes twice for each variable. Numbers other than the graph's own stand
 * for a graph of this size that has so many.
 * @param {Graph} graph @param {Fields} fields @param {number} [variables] @param {number} [outputs]
 */
export function operations(graph, fields, variables, outputs = 1) {
  /** @param {string} id */
  const active = (id) => (fields.get(`${id}.gradient`) ?? null) !== null;
  const inner = graph.nodes.filter(({ id, args }) => args.length && active(id)).length;
  const nodes = graph.nodes.filter(({ args }) => args.length).length;
  const edges = graph.nodes.flatMap(({ args }) => args.filter(active)).length;
  const own = new Set(graph.nodes.filter(({ op }) => op === "var").map(({ name }) => name)).size;
  const n = variables ?? own;
  const down = edges ? edges + edges - inner + 1 - own : 0; // products, and sums where flows meet
  const up = edges + edges - inner;
  const once = nodes + edges;
  return { reverse: once + outputs * down, forward: once + n * up, differences: n * (2 * nodes + 2 * outputs) };
}
