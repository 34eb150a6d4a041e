/**
 * The maximum that a stable softmax takes off before it exponentiates: a shift, which the output does not feel.
 * graphviz_backprop/explain/shifts.py is the other half, and says why.
 */

/**
 * @typedef {import("../engine/pass.js").Plan} Plan
 * @typedef {readonly [number, number]} Way what is added, and the exponent of what is multiplied
 */

/**
 * Whether a node is a maximum that cancels out of the output, together with all that are equal to it.
 * @param {Plan} plan @param {readonly number[]} keys @param {number} at
 */
export function isShift({ nodes, args }, keys, at) {
  if (nodes[at].op !== "max") return false;
  /** The number that a node is as it is written, `2` or `-1`. @param {number} of @returns {number | null} */
  const number = (of) => {
    if (nodes[of].op === "neg") return negative(number(args[of][0]));
    return nodes[of].op === "const" ? Number(nodes[of].value) : null;
  };
  /** @type {Map<number, Way>} */
  const ways = new Map();
  for (const [one, { op }] of nodes.entries()) {
    if (keys[one] === keys[at]) ways.set(one, [1, 0]);
    else if (args[one].some((arg) => ways.has(arg))) {
      const changes = args[one].map((arg) => ways.get(arg) ?? /** @type {Way} */ ([0, 0]));
      const found = way(op, changes, number(args[one][args[one].length - 1]));
      if (!found) return false;
      if (found[0] || found[1]) ways.set(one, found);
    }
  }
  return !ways.has(nodes.length - 1);
}

/** @param {number | null} x */
const negative = (x) => (x === null ? null : -x);

/** @param {string} op @param {readonly Way[]} args @param {number | null} exponent @returns {Way | null} */
function way(op, args, exponent) {
  const [added, scaled] = [args.map(([a]) => a), args.map(([, b]) => b)];
  const total = (/** @type {readonly number[]} */ of) =>
    op === "sub" || op === "div" ? of[0] - of[1] : of.reduce((sum, one) => sum + one, 0);
  if (op === "add" || op === "sub" || op === "sum") {
    if (!scaled.some(Boolean)) return [total(added), 0];
    return !added.some(Boolean) && scaled.every((one) => one === scaled[0]) ? [0, scaled[0]] : null;
  }
  if (op === "neg") return [-added[0], scaled[0]];
  if (op === "exp") return scaled[0] ? null : [0, added[0]];
  if (added.some(Boolean)) return null;
  if (op === "mul" || op === "div") return [0, total(scaled)];
  if (op === "log" && args.length === 1) return [scaled[0], 0];
  return op === "pow" && exponent !== null ? [0, scaled[0] * exponent] : null;
}
