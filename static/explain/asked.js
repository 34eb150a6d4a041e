/** What is asked of a label, as graphviz_backprop/explain/asked.py has it. */

/**
 * Whether a node compares a label with one of the things that it is compared with; equal nodes have the same key.
 * @param {import("../engine/pass.js").Plan} plan @param {readonly number[]} keys @param {number} at
 */
export const isAsked = ({ nodes, args }, keys, at) =>
  nodes[at].op === "equal" &&
  nodes.some(
    ({ op }, other) => op === "equal" && keys[other] !== keys[at] && keys[args[other][0]] === keys[args[at][0]],
  );
