/**
 * One-sided derivatives: what the slope is to the left and to the right of a kink. A directional derivative
 * by forward mode, each variable moving to the right, then to the left; at a kink, the row's rule instead of
 * partials. graphviz_backprop/explain/sides.py is the other half.
 */

import { advice } from "../engine/advice.js";
import { ops } from "../engine/ops.js";
import { places } from "./paths.js";
import { equalKeys } from "./patterns.js";

/**
 * @typedef {import("../engine/engine.js").Graph} Graph
 * @typedef {import("../engine/engine.js").GraphNode} GraphNode
 * @typedef {import("../engine/engine.js").Fields} Fields
 * @typedef {import("../engine/advice.js").Kink} Kink
 */

/**
 * The fields `x.left` and `x.right` of each variable; away from kinks both are the gradient. NaN where first
 * derivatives can't tell.
 * @param {Graph} graph @param {Fields} fields @param {Iterable<string>} variables @param {number} [seed]
 * @returns {Fields}
 */
export function sides(graph, fields, variables, seed = 1) {
  const keys = equalKeys(graph);
  /** @type {Map<string, Kink>} */
  const kinks = new Map();
  for (const node of graph.nodes) {
    const kink = kinkAt(node, keys, fields);
    if (kink) kinks.set(node.id, kink);
  }
  /** @type {Fields} */
  const found = new Map();
  for (const name of variables) {
    const gradient = fields.get(`${name}.total`) ?? 0;
    const right = kinks.size ? directional(graph, fields, kinks, name, 1) : null;
    const left = kinks.size ? directional(graph, fields, kinks, name, -1) : null;
    found.set(`${name}.left`, left === null ? gradient : seed * -left);
    found.set(`${name}.right`, right === null ? gradient : seed * right);
  }
  return found;
}

/**
 * The row's kink where this node is at it and a variable reaches it.
 * @param {GraphNode} node @param {ReadonlyMap<string, number>} keys as of equalKeys @param {Fields} fields
 */
export function kinkAt({ id, op, args }, keys, fields) {
  const kink = args.length && (fields.get(`${id}.gradient`) ?? null) !== null ? advice[op].kink : null;
  if (!kink) return null;
  const f = number(fields, id);
  const xs = args.map((arg) => number(fields, arg));
  if (!ops[op].fold) return kink.at(...xs, f) ? kink : null;
  // An argument that is mentioned twice ties with itself without harm.
  const ties = new Set(args.filter((_, arg) => xs[arg] === f).map((arg) => keys.get(arg)));
  return kink.at(f, ties.size) ? kink : null;
}

/**
 * The change of the output for an infinitely small step, relative to it; null if it meets no kink.
 * @param {Graph} graph @param {Fields} fields @param {ReadonlyMap<string, Kink>} kinks
 * @param {string} variable @param {number} way
 */
function directional(graph, fields, kinks, variable, way) {
  /** @type {Map<string, number | null>} */
  const found = new Map(places(graph, variable).map((id) => [id, way]));
  let met = false;
  for (const node of graph.nodes) {
    if (found.has(node.id)) continue;
    const tangents = node.args.map((arg) => found.get(arg) ?? null);
    const kink = kinks.get(node.id);
    if (kink && tangents.some((tangent, arg) => tangent !== null && (!kink.slope || kink.moves.includes(arg)))) {
      met = true;
      found.set(node.id, slope(node, fields, kink, tangents));
    } else found.set(node.id, smooth(node, fields, tangents));
  }
  return met ? (found.get(graph.output) ?? null) : null;
}

/**
 * By the rule of the kink; an argument that does not move has the tangent 0.
 * @param {GraphNode} node @param {Fields} fields @param {Kink} kink @param {(number | null)[]} tangents
 */
function slope({ id, op, args }, fields, kink, tangents) {
  const moves = tangents.map((tangent) => tangent ?? 0);
  const f = number(fields, id);
  const xs = args.map((arg) => number(fields, arg));
  const { fold, value } = ops[op];
  if (kink.slope) return kink.slope(...xs, f, ...moves);
  return fold ? fold(moves.filter((_, arg) => xs[arg] === f)) : value(...moves);
}

/** @param {GraphNode} node @param {Fields} fields @param {(number | null)[]} tangents */
function smooth({ id }, fields, tangents) {
  /** @type {number | null} */
  let sum = null;
  tangents.forEach((tangent, arg) => {
    const partial = fields.get(`${id}.${arg}.partial`) ?? null;
    if (partial === null || tangent === null) return;
    sum = sum === null ? partial * tangent : sum + partial * tangent;
  });
  return sum;
}

/** @param {Fields} fields @param {string} id */
const number = (fields, id) => fields.get(`${id}.value`) ?? NaN;
