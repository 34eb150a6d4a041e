/**
 * Forms that lose digits or overflow, found in a graph, with safer ones that compute the same: the table of
 * graphviz_backprop/explain/patterns.py, matched as there.
 */

import { MOST_TERMS, patterns } from "../engine/advice.js";

/**
 * @typedef {import("../engine/pass.js").Plan} Plan
 * @typedef {import("../engine/advice.js").Tree} Tree
 * @typedef {ReadonlyMap<string, readonly number[]>} Names what a pattern's names stand for, as positions
 *
 * @typedef {object} Found
 * @property {Names} names
 * @property {readonly number[]} covered the operations that are part of it, the last to be evaluated first
 *
 * @typedef {Found & {pattern: typeof patterns[number]}} Match
 *
 * @typedef {{exponents: readonly number[], covered: readonly number[]}} Sum of exponentials
 *
 * @typedef {object} Place where a tree is looked for
 * @property {Plan} plan
 * @property {readonly number[]} keys
 * @property {Map<number, Sum | null>} sums those that were looked at
 */

/** All matches, node by node in the order of evaluation, patterns in that of the table. @param {Plan} plan */
export function matches(plan) {
  const place = { plan, keys: equalKeys(plan), sums: new Map() };
  /** @type {Match[]} */
  const all = [];
  for (let at = 0; at < plan.nodes.length; at++) {
    if (!plan.args[at].length) continue;
    for (const pattern of patterns) {
      const [found] = matched(place, pattern.form, at, new Map());
      if (found) all.push({ pattern, ...found });
    }
  }
  return all;
}

/** A number for each node, the same for equal subexpressions. @param {Plan} plan */
export function equalKeys({ nodes, args }) {
  /** @type {Map<string, number>} */
  const known = new Map();
  /** @type {number[]} */
  const keys = [];
  nodes.forEach(({ op, name, value }, at) => {
    const what = JSON.stringify([op, op === "const" ? String(value) : name, ...args[at].map((arg) => keys[arg])]);
    if (!known.has(what)) known.set(what, known.size);
    keys.push(/** @type {number} */ (known.get(what)));
  });
  return keys;
}

/**
 * All ways in which the tree matches at this node, given what its names stand for already.
 * @param {Place} place @param {Tree} tree @param {number} at @param {Names} names
 * @returns {Iterable<Found>}
 */
function* matched(place, tree, at, names) {
  const { op, value } = place.plan.nodes[at];
  if (typeof tree === "string") {
    const known = names.get(tree) ?? [at];
    if (place.keys[known[0]] === place.keys[at]) yield { names: new Map(names).set(tree, known), covered: [] };
  } else if (typeof tree === "number") {
    if (op === "const" && Number(value) === tree) yield { names, covered: [] };
  } else if (tree[0] === "sum") {
    yield* allTerms(place, at, names);
  } else {
    const [wanted, ...parts] = tree;
    for (const args of orders(place, at, wanted)) {
      for (const found of allMatched(place, parts, args, names)) {
        yield { names: found.names, covered: [at, ...found.covered] };
      }
    }
  }
}

/**
 * @param {Place} place @param {Tree[]} parts @param {readonly number[]} args @param {Names} names
 * @returns {Iterable<Found>}
 */
function* allMatched(place, parts, args, names) {
  if (!parts.length) {
    yield { names, covered: [] };
    return;
  }
  for (const first of matched(place, parts[0], args[0], names)) {
    for (const rest of allMatched(place, parts.slice(1), args.slice(1), first.names)) {
      yield { names: rest.names, covered: [...first.covered, ...rest.covered] };
    }
  }
}

/**
 * The arguments of a node that is this operation, in each order that means the same; e^x is exp(x).
 * @param {Place} place @param {number} at @param {string} wanted
 * @returns {Iterable<readonly number[]>}
 */
function* orders({ plan: { nodes, args } }, at, wanted) {
  const { op } = nodes[at];
  const from = args[at];
  if (op === wanted) {
    yield from;
    if (op === "add" || op === "mul") yield from.toReversed();
  } else if (wanted === "exp" && op === "pow" && nodes[from[0]].op === "const" && nodes[from[0]].value === Math.E) {
    yield from.slice(1);
  }
}

/**
 * A sum of exponentials: x is the first of the exponents, or the one that it is already.
 * @param {Place} place @param {number} at @param {Names} names
 * @returns {Iterable<Found>}
 */
function* allTerms(place, at, names) {
  const found = place.sums.has(at) ? place.sums.get(at) : exponentials(place, at);
  place.sums.set(at, found ?? null);
  if (!found) return;
  const { exponents, covered } = found;
  const keys = exponents.map((exponent) => place.keys[exponent]);
  const known = names.get("x");
  const one = known ? keys.indexOf(place.keys[known[0]]) : 0;
  if (one < 0) return;
  const rest = exponents.filter((_, term) => term !== one);
  yield { names: new Map(names).set("x", [exponents[one]]).set("rest", rest), covered };
}

/**
 * The exponents of a sum of three exponentials or more, from left to right, and the operations in it.
 * @param {Place} place @param {number} at
 */
function exponentials(place, at) {
  const { nodes, args } = place.plan;
  /** @type {number[]} */
  const exponents = [];
  const covered = [];
  const stack = [at];
  while (stack.length) {
    const next = /** @type {number} */ (stack.pop());
    covered.push(next);
    if (nodes[next].op === "add" || nodes[next].op === "sum") {
      stack.push(...args[next].toReversed());
      continue;
    }
    const [exponent] = orders(place, next, "exp");
    if (!exponent || exponents.length === MOST_TERMS) return null;
    exponents.push(...exponent);
  }
  return exponents.length > 2 ? { exponents, covered } : null;
}
