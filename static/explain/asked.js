/** What is asked of a label, as graphviz_backprop/explain/asked.py has it. */

/**
 * The nodes that compare a variable with one of several constants; equal nodes have the same key.
 * @param {import("../engine/pass.js").Plan} plan @param {readonly number[]} keys @returns {Set<number>}
 */
export function asked({ nodes, args }, keys) {
  /** @type {Map<number, number[]>} */
  const by = new Map();
  nodes.forEach(({ op }, at) => {
    const [label] = args[at];
    if (op === "equal" && args[at].map((arg) => nodes[arg].op).join() === "var,const") {
      by.set(keys[label], [...(by.get(keys[label]) ?? []), at]);
    }
  });
  const several = [...by.values()].filter((places) => new Set(places.map((at) => keys[at])).size > 1);
  return new Set(several.flat());
}
