/**
 * Forward mode: tangents, ∂node/∂start, flow up from one variable or node to the output. Each edge carries
 * its local partial times the tangent of its argument. graphviz_backprop/explain/probe.py is the other half.
 */

import { places } from "./paths.js";

/** @typedef {import("../engine/engine.js").Graph} Graph @typedef {import("../engine/engine.js").Fields} Fields */

/**
 * The fields `c.tangent` of each node and `c.0.tangent` of each edge, for a variable or a node. A node that
 * it does not reach has the tangent 0; an edge from it carries none.
 * @param {Graph} graph @param {Fields} fields @param {string} start
 * @returns {Fields}
 */
export function tangents(graph, fields, start) {
  /** @type {Fields} */
  const found = new Map();
  const known = tangentsOf(graph, fields, start, (edge, carried) => found.set(`${edge}.tangent`, carried));
  for (const { id } of graph.nodes) found.set(`${id}.tangent`, known.get(id) ?? 0);
  return found;
}

/**
 * The tangents by the nodes' ids; where `start` does not reach there is none, so that nothing is multiplied
 * there, not even by an infinite partial.
 * @param {Graph} graph @param {Fields} fields @param {string} start
 * @param {(edge: string, tangent: number | null) => void} [carry] told what each edge carries
 */
export function tangentsOf(graph, fields, start, carry) {
  /** @type {Map<string, number>} */
  const known = new Map(places(graph, start).map((id) => [id, 1]));
  for (const { id, args } of graph.nodes) {
    const isStart = known.has(id);
    args.forEach((child, arg) => {
      const partial = fields.get(`${id}.${arg}.partial`) ?? null;
      const tangent = known.get(child);
      const carried = partial === null || tangent === undefined ? null : partial * tangent;
      carry?.(`${id}.${arg}`, carried);
      if (carried === null || isStart) return;
      const sum = known.get(id);
      known.set(id, sum === undefined ? carried : sum + carried);
    });
  }
  return known;
}
