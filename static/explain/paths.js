/**
 * The path ledger: a gradient as the sum over all paths from the output, counted exactly and the largest
 * of them listed. The algorithm is that of graphviz_backprop/explain/paths.py: dynamic programming from the output
 * down, so that time grows with the edges and never with the paths.
 */

/**
 * @typedef {object} Walked what is walked along: a run, or one in boxes
 * @property {object} plan
 * @property {readonly {id: string, name?: string}[]} plan.nodes `name` is what edges of a box are called by
 * @property {readonly (readonly number[])[]} plan.args
 * @property {ReadonlyMap<string, readonly number[]>} plan.leaves
 * @property {ReadonlyMap<string, number>} plan.positions
 * @property {number} seed
 * @property {(at: number, arg: number) => number | null} partial
 * @property {(at: number) => number | null} gradient
 *
 * @typedef {object} Path one path
 * @property {string[]} nodes ids, from the output on
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
 * @typedef {object} Trail a path from the output to a node as a linked list: its last edge and the trail before it
 * @property {number} product
 * @property {number} parent -1 at the output
 * @property {number} arg
 * @property {Trail | null} before
 */

/**
 * All paths to a variable (over all its leaves) or to the node of this id.
 * @param {Walked} run @param {string} target @param {number} [most] how many are listed
 * @returns {Ledger}
 */
export function ledger(run, target, most = 20) {
  const ends = places(run.plan, target);
  const { counts, trails } = walk(run, most);
  const found = largest(
    ends.flatMap((end) => trails[end]),
    most,
  );
  const count = ends.reduce((sum, end) => sum + counts[end], 0n);
  const listed = found.map((trail) => path(run, trail));
  const total = added(ends.map((end) => run.gradient(end) ?? 0));
  const rest = count > BigInt(listed.length) ? total - added(listed.map(({ product }) => product)) : 0;
  return { paths: listed, count, total, rest };
}

/**
 * The positions of a variable's leaves, or of the node of this id: none where there is neither.
 * @param {Pick<Walked["plan"], "leaves" | "positions">} plan @param {string} target
 */
export function places({ leaves, positions }, target) {
  const found = leaves.get(target);
  if (found) return found;
  const at = positions.get(target);
  return at === undefined ? [] : [at];
}

/** From left to right, as the backward pass adds. @param {readonly number[]} numbers */
const added = (numbers) => numbers.reduce((total, x) => total + x, 0);

/** For each node the number of paths to it and the largest of them. @param {Walked} run @param {number} most */
function walk(run, most) {
  const { nodes, args } = run.plan;
  const last = nodes.length - 1;
  const counts = nodes.map(() => 0n);
  /** @type {Trail[][]} */
  const trails = nodes.map(() => []);
  counts[last] = 1n;
  trails[last] = [{ product: run.seed, parent: -1, arg: 0, before: null }];
  for (let at = last; at >= 0; at--) {
    trails[at] = largest(trails[at], most);
    for (const [arg, child] of args[at].entries()) {
      const partial = run.partial(at, arg);
      if (partial === null) continue;
      counts[child] += counts[at];
      for (const before of trails[at]) {
        trails[child].push({ product: before.product * partial, parent: at, arg, before });
      }
      if (trails[child].length > 4 * most) trails[child] = largest(trails[child], most);
    }
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

/** @param {Walked} run @param {Trail} trail @returns {Path} */
function path(run, trail) {
  const { nodes, args } = run.plan;
  /** @type {Trail[]} */
  const edges = [];
  for (let step = trail; step.before; step = step.before) edges.push(step);
  edges.reverse();
  return {
    nodes: [nodes[nodes.length - 1].id, ...edges.map(({ parent, arg }) => nodes[args[parent][arg]].id)],
    edges: edges.map(({ parent, arg }) => [nodes[parent].name || nodes[parent].id, arg]),
    partials: edges.map(({ parent, arg }) => run.partial(parent, arg) ?? 0),
    product: trail.product,
  };
}
