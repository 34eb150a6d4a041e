/**
 * The path ledger: a gradient as the sum over all paths from the output, counted exactly and the largest
 * of them listed. The algorithm is that of graphviz_backprop/explain/paths.py: dynamic programming from the output
 * down, so that time grows with the edges and never with the paths.
 */

/**
 * @typedef {import("../engine/engine.js").Graph} Graph
 * @typedef {import("../engine/engine.js").Fields} Fields
 *
 * @typedef {object} Path one path
 * @property {string[]} nodes from the output on
 * @property {[string, number][]} edges the parent's id and the number of the argument
 * @property {number[]} partials of the edges
 * @property {number} product of the partials and the seed: its share of the gradient
 *
 * @typedef {object} Ledger
 * @property {Path[]} paths the largest by size, largest first
 * @property {bigint} count of all paths
 * @property {number} total of all paths, the gradient
 * @property {number} rest the sum of those not listed
 *
 * @typedef {object} Trail a path to a node as a linked list: its last edge and the trail before it
 * @property {number} product
 * @property {string} node
 * @property {Trail | null} before
 * @property {number} arg
 * @property {number} partial
 */

/**
 * All paths to a variable (over all its leaves) or to the node of this id.
 * @param {Graph} graph @param {Fields} fields @param {string} target
 * @param {number} [most] how many are listed @param {number} [seed] the gradient at the output
 * @returns {Ledger}
 */
export function ledger(graph, fields, target, most = 20, seed = 1) {
  const ends = places(graph, target);
  const { counts, trails } = walk(graph, fields, most, seed);
  const found = largest(
    ends.flatMap((id) => trails.get(id) ?? []),
    most,
  );
  const count = ends.reduce((sum, id) => sum + (counts.get(id) ?? 0n), 0n);
  const total = added(ends.map((id) => fields.get(`${id}.gradient`) ?? 0));
  const listed = added(found.map((trail) => trail.product));
  return { paths: found.map(written), count, total, rest: count > BigInt(found.length) ? total - listed : 0 };
}

/**
 * The ids of a variable's leaves, or of one node: none where there is neither.
 * @param {Graph} graph @param {string} target
 */
export function places(graph, target) {
  const leaves = graph.nodes.filter(({ op, name }) => op === "var" && name === target);
  return (leaves.length ? leaves : graph.nodes.filter(({ id }) => id === target)).map(({ id }) => id);
}

/** @param {Graph} graph @param {Fields} fields @param {number} most @param {number} seed */
function walk(graph, fields, most, seed) {
  /** @type {Map<string, bigint>} */
  const counts = new Map([[graph.output, 1n]]);
  /** @type {Map<string, Trail[]>} */
  const trails = new Map([[graph.output, [{ product: seed, node: graph.output, before: null, arg: 0, partial: 1 }]]]);
  for (const { id, args } of [...graph.nodes].reverse()) {
    const here = largest(trails.get(id) ?? [], most);
    trails.set(id, here);
    args.forEach((child, arg) => {
      const partial = fields.get(`${id}.${arg}.partial`) ?? null;
      if (partial === null) return;
      counts.set(child, (counts.get(child) ?? 0n) + (counts.get(id) ?? 0n));
      const known = trails.get(child) ?? [];
      for (const before of here) known.push({ product: before.product * partial, node: child, before, arg, partial });
      trails.set(child, known.length > 4 * most ? largest(known, most) : known);
    });
  }
  return { counts, trails };
}

/** By what the largest is found; NaN counts as largest, since it spoils every sum. @param {Trail} trail */
const size = ({ product }) => (Number.isNaN(product) ? Infinity : Math.abs(product));

/** Of equal ones the first. @param {Trail[]} trails @param {number} most */
function largest(trails, most) {
  // The difference of two infinities is no number: they are compared.
  return trails.toSorted((a, b) => (size(a) < size(b) ? 1 : size(a) > size(b) ? -1 : 0)).slice(0, most);
}

/** @param {Trail} trail @returns {Path} */
function written(trail) {
  /** @type {Path} */
  const path = { nodes: [], edges: [], partials: [], product: trail.product };
  for (let step = trail; ; step = step.before) {
    path.nodes.push(step.node);
    if (!step.before) break;
    path.edges.push([step.before.node, step.arg]);
    path.partials.push(step.partial);
  }
  path.nodes.reverse();
  path.edges.reverse();
  path.partials.reverse();
  return path;
}

/** @param {readonly number[]} numbers */
const added = (numbers) => numbers.reduce((total, x) => total + x, 0);
