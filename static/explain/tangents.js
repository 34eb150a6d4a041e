/**
 * Forward mode: tangents, ∂node/∂start, flow up from one variable or node to the output.
 * graphviz_backprop/explain/probe.py is the other half.
 */

import { places } from "./paths.js";

/** @typedef {import("../engine/pass.js").Run} Run */

/**
 * ∂node/∂start of each node, for a variable or a node's id; null where `start` does not reach: there is nothing to
 * multiply, not even by an infinite partial.
 * @param {Run} run @param {string} start
 */
export function tangents(run, start) {
  const { nodes, args } = run.plan;
  const starts = places(run.plan, start);
  /** @type {(number | null)[]} */
  const found = [];
  for (let at = 0; at < nodes.length; at++) {
    if (starts.includes(at)) {
      found.push(1);
      continue;
    }
    /** @type {number | null} */
    let tangent = null;
    for (let arg = 0; arg < args[at].length; arg++) {
      const part = carried(run, found, at, arg);
      if (part !== null) tangent = tangent === null ? part : tangent + part;
    }
    found.push(tangent);
  }
  return found;
}

/**
 * What an edge carries up: its local partial × the tangent of its argument; null, and it carries nothing.
 * @param {Run} run @param {readonly (number | null)[]} tangents @param {number} at the parent @param {number} arg
 */
export function carried(run, tangents, at, arg) {
  const [partial, tangent] = [run.partial(at, arg), tangents[run.plan.args[at][arg]]];
  return partial === null || tangent === null ? null : partial * tangent;
}
