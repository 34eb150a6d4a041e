/**
 * Branches that `where` does not take: 0 flows into them, and 0 times an infinite slope is NaN. The way out is a
 * second `where` inside. graphviz_backprop/explain/branches.py is the other half, and says why.
 */

import { advice } from "../engine/advice.js";
import { fullNumber } from "../engine/numerals.js";
import { ops } from "../engine/ops.js";

/**
 * @typedef {import("../engine/pass.js").Plan} Plan
 * @typedef {import("../engine/pass.js").Run} Run
 * @typedef {{text: string, binds: number}} Piece what is typed, and how tightly it binds
 */

/** What a branch that is not taken may be given: the first at which all is finite. */
const HARMLESS = [1, 0.5, 2, 0];
/** A longer form is of no use to a reader. */
const LONGEST = 200;
/** How tightly a name binds. */
const ATOM = advice.where.binds;

/** The number of the argument that a `where` does not take. @param {Run} run @param {number} at */
export const untaken = (run, at) => (run.values[run.plan.args[at][0]] === 0 ? 1 : 2);

/**
 * For each node that the output reaches only through branches not taken, the `where` that does not.
 * @param {Run} run
 */
export function owners(run) {
  const { nodes, args } = run.plan;
  /** @type {(number | null)[]} */
  const found = nodes.map(() => null);
  const taken = nodes.map((_, at) => at === nodes.length - 1);
  for (let at = nodes.length - 1; at >= 0; at--) {
    const skipped = nodes[at].op === "where" ? untaken(run, at) : -1;
    for (const [arg, child] of args[at].entries()) {
      if (taken[at] && arg !== skipped) taken[child] = true;
      else found[child] ??= taken[at] ? at : found[at];
    }
  }
  return found.map((owner, at) => (taken[at] ? null : owner));
}

/**
 * The `where` with another inside, in terms of variables; "" if that does not help, or is too long.
 * @param {Run} run @param {readonly (number | null)[]} found as of `owners` @param {number} where
 */
export function doubleWhere(run, found, where) {
  const { args } = run.plan;
  const branch = [...args.keys()].filter((at) => found[at] === where && args[at].length);
  for (const harmless of HARMLESS) {
    const edges = guarded(run, branch, harmless);
    if (edges) return written(run, edges, where, harmless);
  }
  return "";
}

/**
 * The edges to be guarded so that all slopes in the branch are finite, by parent; null: that does not suffice.
 * @param {Run} run @param {readonly number[]} branch @param {number} harmless
 */
function guarded({ plan, values: old }, branch, harmless) {
  const values = [...old];
  /** @type {Map<number, number[]>} */
  const edges = new Map();
  for (const at of branch) {
    const args = plan.args[at].map((child) => values[child]);
    const found = steep(plan, at, args);
    for (const arg of found) args[arg] = harmless;
    edges.set(at, found);
    values[at] = computed(plan, at, args);
    if (!Number.isFinite(values[at]) || steep(plan, at, args).length) return null;
  }
  return edges;
}

/** @param {Plan} plan @param {number} at @param {number[]} args */
function computed(plan, at, args) {
  const { fold, value } = ops[plan.nodes[at].op];
  return fold ? fold(args) : value(...args);
}

/**
 * The arguments that a variable reaches and whose local partial is not finite.
 * @param {Plan} plan @param {number} at @param {number[]} args
 */
function steep(plan, at, args) {
  const { share, partials } = ops[plan.nodes[at].op];
  const f = computed(plan, at, args);
  const ties = args.filter((x) => x === f).length;
  const slope = (/** @type {number} */ arg) =>
    share ? share(args[arg], f, args.length, ties) : partials[arg](...args, f);
  return [...args.keys()].filter((arg) => plan.reached[plan.args[at][arg]] && !Number.isFinite(slope(arg)));
}

/** @param {Run} run @param {ReadonlyMap<number, number[]>} edges @param {number} where @param {number} harmless */
function written(run, edges, where, harmless) {
  // The condition as it stands: it may come after what it guards.
  const condition = piecesOf(run.plan, where, (_, __, piece) => piece)[run.plan.args[where][0]];
  return (
    piecesOf(run.plan, where, (at, arg, piece) => {
      if (!edges.get(at)?.includes(arg)) return piece;
      const both = [piece, number(harmless)];
      return applied("where", [condition, ...(untaken(run, where) === 1 ? both : both.reverse())]);
    })[where]?.text ?? ""
  );
}

/**
 * How each node is written up to one of them.
 * @param {Plan} plan @param {number} last
 * @param {(at: number, arg: number, piece: Piece | null) => Piece | null} guard what stands in place of an argument
 */
function piecesOf({ nodes, args }, last, guard) {
  /** @type {(Piece | null)[]} */
  const pieces = [];
  for (let at = 0; at <= last; at++) {
    const own = args[at].map((child, arg) => guard(at, arg, pieces[child]));
    pieces.push(own.length ? applied(nodes[at].op, own) : leaf(nodes[at]));
  }
  return pieces;
}

/** @param {string} op @param {readonly (Piece | null)[]} args @returns {Piece | null} */
function applied(op, args) {
  const { typed, binds, operands } = advice[op];
  const texts = args.map((arg, at) => arg && (arg.binds < (operands[at] ?? 0) ? `(${arg.text})` : arg.text));
  if (texts.includes(null)) return null;
  const text = typed.replace(/\{(\w+)\}/g, (_, at) => (at === "all" ? texts.join(", ") : (texts[at] ?? "")));
  return [...text].length <= LONGEST ? { text, binds } : null;
}

/** @param {Plan["nodes"][number]} node */
function leaf({ op, name, value }) {
  return op === "var" ? { text: name ?? "", binds: ATOM } : number(Number(value));
}

/** @param {number} x @returns {Piece} */
function number(x) {
  const text = fullNumber(x);
  return { text: text.startsWith("-") ? `(${text})` : text, binds: ATOM };
}
