/**
 * Forms that lose digits or overflow, found in a graph, with safer ones that compute the same: the table of
 * graphviz_backprop/explain/patterns.py, matched as there.
 */

import { patterns } from "../engine/advice.js";

/**
 * @typedef {import("../engine/engine.js").Graph} Graph
 * @typedef {import("../engine/engine.js").GraphNode} GraphNode
 * @typedef {import("../engine/advice.js").Tree} Tree
 *
 * @typedef {object} Match
 * @property {typeof patterns[number]} pattern
 * @property {Map<string, GraphNode>} names what the pattern's names stand for
 * @property {string[]} covered the operations that are part of it, the last to be evaluated first
 *
 * @typedef {{names: Map<string, GraphNode>, covered: string[]}} Found
 *
 * @typedef {object} Place where a tree is looked for
 * @property {ReadonlyMap<string, GraphNode>} nodes
 * @property {ReadonlyMap<string, number>} keys
 */

/** All matches, node by node in the order of evaluation, patterns in that of the table. @param {Graph} graph */
export function matches(graph) {
  const place = { nodes: new Map(graph.nodes.map((node) => [node.id, node])), keys: equalKeys(graph) };
  /** @type {Match[]} */
  const all = [];
  for (const node of graph.nodes) {
    if (!node.args.length) continue;
    for (const pattern of patterns) {
      const [found] = matched(place, pattern.form, node, new Map());
      if (found) all.push({ pattern, ...found });
    }
  }
  return all;
}

/** A number for each node, the same for equal subexpressions. @param {Graph} graph */
export function equalKeys(graph) {
  /** @type {Map<string, number>} */
  const known = new Map();
  /** @type {Map<string, number>} */
  const keys = new Map();
  for (const { id, op, name, value, args } of graph.nodes) {
    const what = JSON.stringify([op, op === "const" ? String(value) : name, ...args.map((arg) => keys.get(arg))]);
    keys.set(id, known.get(what) ?? known.size);
    known.set(what, /** @type {number} */ (keys.get(id)));
  }
  return keys;
}

/**
 * All ways in which the tree matches at this node, given what its names stand for already.
 * @param {Place} place @param {Tree} tree @param {GraphNode} node @param {Map<string, GraphNode>} names
 * @returns {Iterable<Found>}
 */
function* matched(place, tree, node, names) {
  if (typeof tree === "string") {
    const known = names.get(tree) ?? node;
    if (place.keys.get(known.id) === place.keys.get(node.id)) {
      yield { names: new Map(names).set(tree, known), covered: [] };
    }
  } else if (typeof tree === "number") {
    if (node.op === "const" && Number(node.value) === tree) yield { names, covered: [] };
  } else {
    const [op, ...parts] = tree;
    for (const args of orders(place, node, op)) {
      for (const { names: all, covered } of allMatched(place, parts, args, names)) {
        yield { names: all, covered: [node.id, ...covered] };
      }
    }
  }
}

/**
 * @param {Place} place @param {Tree[]} parts @param {GraphNode[]} args @param {Map<string, GraphNode>} names
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
 * @param {Place} place @param {GraphNode} node @param {string} op
 * @returns {Iterable<GraphNode[]>}
 */
function* orders({ nodes }, node, op) {
  const args = node.args.map((arg) => /** @type {GraphNode} */ (nodes.get(arg)));
  if (node.op === op) {
    yield args;
    if (op === "add" || op === "mul") yield args.toReversed();
  } else if (op === "exp" && node.op === "pow" && args[0].op === "const" && args[0].value === Math.E) {
    yield args.slice(1);
  }
}
