/**
 * Numbers through closed groups: what a group's output owes to what goes in. The same as
 * graphviz_backprop/engine/through.py, in the same order of summation.
 */

/**
 * @typedef {import("./pass.js").Plan} Plan
 * @typedef {import("./pass.js").Run} Run
 *
 * @typedef {object} Group a set of nodes with one output
 * @property {string} id as the fields of its edges begin: `c~0`
 * @property {number} output its position
 * @property {readonly number[]} nodes positions, the output last
 *
 * @typedef {object} Entry what goes into a group
 * @property {number} child the outer node
 * @property {readonly number[]} edges those that carry a gradient
 *
 * @typedef {object} Closed a group, ready to be evaluated
 * @property {Group} group
 * @property {readonly Entry[]} entries in the order of the group's nodes
 * @property {readonly [number, number, number][]} inner parent, child and edge, from the output down
 */

/** @param {Plan} plan @param {Group} group @returns {Closed} */
export function close(plan, group) {
  const inside = new Set(group.nodes);
  /** @type {Map<number, number[]>} */
  const entries = new Map();
  /** @type {[number, number, number][]} */
  const inner = [];
  for (const at of group.nodes) {
    plan.args[at].forEach((child, arg) => {
      const edge = plan.edges[at][arg];
      if (inside.has(child)) return;
      if (!entries.has(child)) entries.set(child, []);
      if (edge >= 0) entries.get(child)?.push(edge);
    });
  }
  for (const at of [...group.nodes].reverse()) {
    plan.args[at].forEach((child, arg) => {
      if (plan.edges[at][arg] >= 0) inner.push([at, child, plan.edges[at][arg]]);
    });
  }
  return { group, entries: [...entries].map(([child, edges]) => ({ child, edges })), inner };
}

/**
 * ∂output/∂input through the group for all that goes in; null where no variable reaches. An average has none.
 * @param {Run} run @param {Closed} closed @returns {(number | null)[]}
 */
export function through({ partials }, { group, entries, inner }) {
  if (!partials) return entries.map(() => null);
  /** @type {Map<number, number>} */
  const adjoints = new Map([[group.output, 1]]);
  for (const [at, child, edge] of inner) {
    // what has none is not on the way from the output
    const part = (adjoints.get(at) ?? NaN) * partials[edge];
    adjoints.set(child, (adjoints.get(child) ?? -0) + part); // -0 leaves the sign of what is added to it
  }
  return entries.map(({ child, edges }) => (edges.length ? (adjoints.get(child) ?? null) : null));
}

/**
 * What flows back on an entry: the sum over its edges.
 * @param {Run} run @param {Entry} entry
 */
export function flowOf({ flows }, { edges }) {
  return edges.length ? edges.reduce((sum, edge) => sum + flows[edge], -0) : null;
}

/**
 * What finds the numbers on the edges of closed groups: `c~0.1.value`, `.partial`, `.flow`. They are computed when they
 * are first asked for after a run.
 * @param {Plan} plan @param {readonly Group[]} groups
 */
export function createThrough(plan, groups) {
  const closed = groups.map((group) => close(plan, group));
  const places = new Map(closed.map((one, at) => [one.group.id, at]));
  /** @type {((number | null)[] | null)[]} */
  const shares = closed.map(() => null);

  /** @param {Run} run @param {number} at @param {number} arg @param {string} word */
  function read(run, at, arg, word) {
    const entry = closed[at].entries[arg];
    if (!entry) return undefined;
    if (word === "value") return run.values[entry.child];
    if (word === "flow") return flowOf(run, entry);
    if (word !== "partial") return undefined;
    return (shares[at] ??= through(run, closed[at]))[arg];
  }

  /** @type {Map<string, [number, number, string] | null>} */
  const known = new Map();
  /** @param {string} field @returns {[number, number, string] | null} */
  function placeOf(field) {
    const [id, arg, word] = field.split(".");
    const at = places.get(id);
    return at === undefined || word === undefined ? null : [at, Number(arg), word];
  }

  return {
    closed,
    /** The numbers of a run, which are those of its latest. @param {Run} run */
    of(run) {
      shares.fill(null);
      return {
        /** @param {string} field @returns {number | null | undefined} undefined where there is no such field */
        get(field) {
          if (!field.includes("~")) return undefined;
          let place = known.get(field);
          if (place === undefined) known.set(field, (place = placeOf(field)));
          return place ? read(run, ...place) : undefined;
        },
      };
    },
  };
}
