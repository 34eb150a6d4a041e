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
 * @typedef {{get: (field: string) => number | null | undefined}} Fields every number by the name that it is shown under
 *
 * @typedef {import("./pass.js").Run} Run
 * @typedef {import("./pass.js").Plan} Plan
 */

/**
 * What finds a field's number in `S`: by its last word, for a node's position (`c.value`), for an edge's parent and
 * argument (`c.0.flow`), for a variable's place among all (`x.total`), or by the whole name.
 * @template S
 * @typedef {object} Readers
 * @property {Readonly<Record<string, (from: S, at: number) => number | string | null>>} node
 * @property {Readonly<Record<string, (from: S, at: number, arg: number) => number | string | null>>} [edge]
 * @property {Readonly<Record<string, (from: S, at: number) => number | string | null>>} variable
 * @property {Readonly<Record<string, (from: S) => number | string | null>>} [whole]
 */

/**
 * Finds what reads a field. A name is taken apart when it is first asked for and never again, so that nothing is put
 * together or looked up by parts while a slider moves.
 * @template S
 * @param {Plan} plan @param {Readers<S>} readers
 * @returns {(field: string) => ((from: S) => number | string | null) | null}
 */
export function createLookup(plan, { node, edge = {}, variable, whole = {} }) {
  const variables = [...plan.leaves.keys()];

  /** @param {string} field */
  function reader(field) {
    if (Object.hasOwn(whole, field)) return whole[field];
    const [name, ...rest] = field.split(".");
    const word = rest.pop() ?? "";
    const at = plan.positions.get(name) ?? -1;
    if (rest.length === 1) {
      const arg = Number(rest[0]);
      const read = Object.hasOwn(edge, word) && plan.args[at]?.[arg] !== undefined ? edge[word] : null;
      return read && ((/** @type {S} */ from) => read(from, at, arg));
    }
    if (at >= 0 && Object.hasOwn(node, word)) {
      const read = node[word];
      return (/** @type {S} */ from) => read(from, at);
    }
    const place = variables.indexOf(name);
    const read = place >= 0 && Object.hasOwn(variable, word) ? variable[word] : null;
    return read && ((/** @type {S} */ from) => read(from, place));
  }

  /** @type {Map<string, ((from: S) => number | string | null) | null>} */
  const known = new Map();
  return (field) => {
    let found = known.get(field);
    if (found === undefined) known.set(field, (found = reader(field)));
    return found;
  };
}

/** @typedef {(field: string) => ((fields: NamedRun) => number | string | null) | null} Lookup */

/** The numbers of a run by their names. They are those of the latest run: nothing is copied. */
export class NamedRun {
  /** @type {Float64Array | null} */
  #totals = null;
  #length = NaN;
  #lookup;

  /** @param {Run} run @param {Lookup} lookup */
  constructor(run, lookup) {
    this.run = run;
    this.#lookup = lookup;
  }

  /** @param {string} field @returns {number | null | undefined} undefined where there is no such field */
  get(field) {
    return /** @type {number | null | undefined} */ (this.#lookup(field)?.(this));
  }

  /** The gradient by each variable: it is added up when it is first asked for. */
  get totals() {
    if (!this.#totals) {
      this.#totals = Float64Array.from(this.run.plan.leaves.keys(), (name) => this.run.total(name));
      this.#length = Math.hypot(...this.#totals);
    }
    return this.#totals;
  }

  /** The length of the gradient. */
  get length() {
    return this.totals && this.#length;
  }
}

/** @type {Readers<NamedRun>} */
const READERS = {
  node: {
    value: ({ run }, at) => run.values[at],
    gradient: ({ run }, at) => run.gradient(at),
  },
  edge: {
    value: ({ run }, at, arg) => run.values[run.plan.args[at][arg]],
    partial: ({ run }, at, arg) => run.partial(at, arg),
    flow: ({ run }, at, arg) => run.flow(at, arg),
    together: ({ run }, at, arg) => together(run, at, arg),
  },
  variable: {
    total: ({ totals }, at) => totals[at],
    direction: ({ totals, length }, at) => (length > 0 ? totals[at] / length : null),
  },
  whole: { "gradient.length": ({ length }) => length },
};

/**
 * What all edges between the same two nodes have for local partials, added up.
 * @param {Run} run @param {number} at @param {number} arg
 */
function together(run, at, arg) {
  const args = run.plan.args[at];
  const partials = [...args.keys()].map((other) => (args[other] === args[arg] ? run.partial(at, other) : null));
  return partials.reduce((sum, partial) => (sum === null || partial === null ? (sum ?? partial) : sum + partial), null);
}

/**
 * Names the numbers of a plan's runs.
 * @param {Plan} plan @returns {(run: Run) => NamedRun}
 */
export function namer(plan) {
  const lookup = createLookup(plan, READERS);
  return (run) => new NamedRun(run, lookup);
}

/**
 * Makes a graph ready to be evaluated often; `plan` is what its runs have in common.
 * @param {Graph} graph
 */
export function compile(graph) {
  const pass = createPass(graph);
  const name = namer(pass.plan);
  /** @param {Readonly<Record<string, number>>} at @param {number} [seed] */
  function evaluated(at, seed = 1) {
    for (const variable of pass.plan.leaves.keys()) pass.set(variable, at[variable]);
    pass.run(seed);
    return name(pass);
  }
  return Object.assign(evaluated, { plan: pass.plan });
}

/**
 * Evaluates a graph once.
 * @param {Graph} graph @param {Readonly<Record<string, number>>} at @param {number} [seed]
 */
export function evaluate(graph, at, seed = 1) {
  return compile(graph)(at, seed);
}
