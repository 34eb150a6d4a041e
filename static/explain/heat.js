/**
 * The heat map: how large each gradient and each flow is beside the largest gradient of the graph. A bucket
 * from -5 to 5 by sign and size, as graphviz_backprop/explain/heat.py has it: 5 is more than a tenth of the largest,
 * each step down a tenth of that, 1 all that is smaller than a ten-thousandth, 0 only what is exactly 0.
 */

/** @typedef {import("../engine/engine.js").Graph} Graph @typedef {import("../engine/engine.js").Fields} Fields */

const BOUNDS = [1e-4, 1e-3, 1e-2, 1e-1];

/** The bucket of a number; null for what is none. @param {number} x @param {number} largest */
export function heat(x, largest) {
  if (Number.isNaN(x)) return null;
  if (x === 0) return 0;
  const steps = Number.isFinite(x) ? BOUNDS.filter((bound) => Math.abs(x) > bound * largest).length : 4;
  return Math.sign(x) * (1 + steps);
}

/**
 * The fields `c.heat` of each node's gradient and `c.0.heat` of each edge's flow.
 * @param {Graph} graph @param {Fields} fields
 * @returns {Fields}
 */
export function heats(graph, fields) {
  let largest = 0;
  for (const { id } of graph.nodes) {
    const size = Math.abs(fields.get(`${id}.gradient`) ?? 0);
    if (size > largest && size < Infinity) largest = size;
  }
  /** @type {Fields} */
  const found = new Map();
  /** @param {string} field @param {number | null} x */
  const put = (field, x) => found.set(field, x === null ? null : heat(x, largest));
  for (const { id, args } of graph.nodes) {
    put(`${id}.heat`, fields.get(`${id}.gradient`) ?? null);
    args.forEach((_, arg) => put(`${id}.${arg}.heat`, fields.get(`${id}.${arg}.flow`) ?? null));
  }
  return found;
}
