/**
 * Forward and backward pass in the browser: interprets a program's node list with the rows of ops.js,
 * in the order in which graphviz_backprop/autodiff.py computes, so that both agree to the last digits.
 */

import { count } from "./kernels.js";
import { ops } from "./ops.js";

/**
 * @typedef {object} GraphNode
 * @property {string} id
 * @property {string} op
 * @property {string[]} args
 * @property {string} [name] a variable's name
 * @property {number | string | null} [value] a constant's
 *
 * @typedef {object} Graph
 * @property {string} output
 * @property {GraphNode[]} nodes in topological order, arguments first
 *
 * @typedef {Map<string, number | null>} Fields every number by the name under which it is shown
 *
 * @typedef {object} Step a node, ready to be computed
 * @property {GraphNode} node
 * @property {number[]} args
 * @property {boolean} active whether a variable reaches it
 * @property {import("./ops.js").Row | undefined} row
 * @property {string} value the names of its fields, which are not put together at every move
 * @property {string} gradient
 * @property {{value: string, partial: string, flow: string}[]} edges
 */

/** @param {Graph} graph @returns {Step[]} */
function prepare(graph) {
  const position = new Map(graph.nodes.map((node, at) => [node.id, at]));
  /** @type {Step[]} */
  const steps = [];
  for (const node of graph.nodes) {
    const args = node.args.map((id) => /** @type {number} */ (position.get(id)));
    const active = node.op === "var" || args.some((arg) => steps[arg].active);
    const named = (/** @type {string} */ key) => ({ value: `${key}.value`, partial: `${key}.partial`, flow: `${key}.flow` });
    const edges = args.map((_, arg) => named(`${node.id}.${arg}`));
    const [value, gradient] = [`${node.id}.value`, `${node.id}.gradient`];
    steps.push({ node, args, active, row: ops[node.op], value, gradient, edges });
  }
  return steps;
}

/**
 * Makes a graph ready to be evaluated often.
 * @param {Graph} graph
 * @returns {(at: Readonly<Record<string, number>>, seed?: number) => Fields}
 */
export function compile(graph) {
  const steps = prepare(graph);
  return (at, seed = 1) => {
    const values = forward(steps, at);
    return backward(steps, values, seed);
  };
}

/** @param {readonly Step[]} steps @param {Readonly<Record<string, number>>} at */
function forward(steps, at) {
  /** @type {number[]} */
  const values = [];
  for (const { node, args, row } of steps) {
    if (!row) values.push(node.op === "var" ? at[node.name ?? ""] : Number(node.value));
    else {
      const inputs = args.map((arg) => values[arg]);
      values.push(row.fold ? row.fold(inputs) : row.value(...inputs));
    }
  }
  return values;
}

/** @param {readonly Step[]} steps @param {readonly number[]} values @param {number} seed */
function backward(steps, values, seed) {
  /** @type {Fields} */
  const fields = new Map();
  /** @type {(number | null)[]} */
  const gradients = steps.map(() => null);
  gradients[steps.length - 1] = seed;
  for (let at = steps.length - 1; at >= 0; at--) {
    const { args, active, row, edges } = steps[at];
    const gradient = active ? gradients[at] : null;
    fields.set(steps[at].value, values[at]);
    fields.set(steps[at].gradient, gradient);
    const inputs = args.map((arg) => values[arg]);
    const ties = active && row?.fold ? count(values[at], inputs) : 0;
    args.forEach((child, arg) => {
      let [partial, flow] = [/** @type {number | null} */ (null), /** @type {number | null} */ (null)];
      if (row && gradient !== null && steps[child].active) {
        partial = row.share
          ? row.share(inputs[arg], values[at], inputs.length, ties)
          : row.partials[arg](...inputs, values[at]);
        flow = gradient * partial;
        const known = gradients[child];
        gradients[child] = known === null ? flow : known + flow;
      }
      fields.set(edges[arg].value, inputs[arg]);
      fields.set(edges[arg].partial, partial);
      fields.set(edges[arg].flow, flow);
    });
  }
  addTotals(steps, gradients, fields);
  return fields;
}

/**
 * A variable's gradient is the sum over its leaves.
 * @param {readonly Step[]} steps @param {readonly (number | null)[]} gradients @param {Fields} fields
 */
function addTotals(steps, gradients, fields) {
  steps.forEach(({ node }, at) => {
    if (node.op !== "var") return;
    const known = fields.get(`${node.name}.total`);
    const gradient = gradients[at] ?? 0;
    fields.set(`${node.name}.total`, typeof known === "number" ? known + gradient : gradient);
  });
}

/**
 * Evaluates a graph once.
 * @param {Graph} graph @param {Readonly<Record<string, number>>} at @param {number} [seed]
 */
export function evaluate(graph, at, seed = 1) {
  return compile(graph)(at, seed);
}
