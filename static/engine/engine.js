/** Every number of a graph by the name under which the page shows it. pass.js computes them. */

import { createPass } from "./pass.js";

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
 */

/**
 * Makes a graph ready to be evaluated often.
 * @param {Graph} graph
 * @returns {(at: Readonly<Record<string, number>>, seed?: number) => Fields}
 */
export function compile(graph) {
  const pass = createPass(graph);
  const name = namer(graph, pass);
  return (at, seed = 1) => {
    for (const variable of pass.leaves.keys()) pass.set(variable, at[variable]);
    pass.run(seed);
    return name(pass.values, pass.gradients, pass.flows, pass.partials);
  };
}

/**
 * Names the numbers of a pass, or what was made of those of many; the names are not put together at every move.
 * @param {Graph} graph @param {import("./pass.js").Pass} pass
 * @returns {(values: Float64Array, gradients: Float64Array, flows: Float64Array, partials: Float64Array | null) =>
 *   Fields}
 */
export function namer(graph, pass) {
  const position = new Map(graph.nodes.map(({ id }, at) => [id, at]));
  const nodes = graph.nodes.map(({ id, args }, at) => {
    const edges = new Map(pass.edges[at].map(({ arg, edge }) => [arg, edge]));
    const through = args.map((child, arg) => {
      const key = `${id}.${arg}`;
      return {
        child: /** @type {number} */ (position.get(child)),
        edge: edges.get(arg) ?? -1,
        value: `${key}.value`,
        partial: `${key}.partial`,
        flow: `${key}.flow`,
      };
    });
    return { value: `${id}.value`, gradient: `${id}.gradient`, through };
  });
  const totals = [...pass.leaves].map(([variable, places]) => ({ total: `${variable}.total`, places }));

  return (values, gradients, flows, partials) => {
    /** @type {Fields} */
    const fields = new Map();
    for (let at = 0; at < nodes.length; at++) {
      const { value, gradient, through } = nodes[at];
      fields.set(value, values[at]);
      fields.set(gradient, pass.reached[at] ? gradients[at] : null);
      for (const { child, edge, value, partial, flow } of through) {
        fields.set(value, values[child]);
        fields.set(partial, edge < 0 || !partials ? null : partials[edge]);
        fields.set(flow, edge < 0 ? null : flows[edge]);
      }
    }
    // A variable's gradient is the sum over its leaves.
    for (const { total, places } of totals) {
      let sum = pass.reached[places[0]] ? gradients[places[0]] : 0;
      for (const at of places.slice(1)) sum += pass.reached[at] ? gradients[at] : 0;
      fields.set(total, sum);
    }
    return fields;
  };
}

/**
 * Evaluates a graph once.
 * @param {Graph} graph @param {Readonly<Record<string, number>>} at @param {number} [seed]
 */
export function evaluate(graph, at, seed = 1) {
  return compile(graph)(at, seed);
}
