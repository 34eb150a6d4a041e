/**
 * What backward pass, forward mode and central differences cost on a graph, counted in arithmetic operations
 * as graphviz_backprop/explain/probe.py counts them: a value, a local partial, a multiplication or an addition.
 */

/** @typedef {import("../engine/pass.js").Plan} Plan */

/**
 * For n variables and m outputs: the backward pass sweeps once for each output, forward mode once for each
 * variable, differences evaluate all nodes twice for each variable. Numbers other than the graph's own stand
 * for a graph of this size that has so many.
 * @param {Plan} plan @param {number} [variables] @param {number} [outputs]
 */
export function operations({ args, edges: all, reached, leaves }, variables, outputs = 1) {
  const own = leaves.size;
  const n = variables ?? own;
  const nodes = args.filter((from) => from.length).length;
  const edges = all.flat().filter((edge) => edge >= 0).length;
  const inner = args.filter((from, at) => from.length && reached[at]).length;
  const down = edges ? edges + edges - inner + 1 - own : 0; // products, and sums where flows meet
  const up = edges + edges - inner;
  const once = nodes + edges;
  return { reverse: once + outputs * down, forward: once + n * up, differences: n * (2 * nodes + 2 * outputs) };
}
