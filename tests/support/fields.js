/** A graph at a point; and all its fields, as the page's elements ask for them one by one. */

import { evaluate } from "../../static/engine/engine.js";

/**
 * The numbers of both passes.
 * @param {import("../../static/engine/engine.js").Graph} graph
 * @param {Readonly<Record<string, number>>} point @param {number} [seed]
 */
export const at = (graph, point, seed = 1) => evaluate(graph, point, seed).run;

/** @param {import("../../static/engine/engine.js").Graph} graph */
export function fieldNames({ nodes }) {
  const variables = new Set(nodes.filter(({ op }) => op === "var").map(({ name }) => `${name}.total`));
  const own = nodes.flatMap(({ id, args }) => [
    `${id}.value`,
    `${id}.gradient`,
    ...args.flatMap((_, arg) => [`${id}.${arg}.value`, `${id}.${arg}.partial`, `${id}.${arg}.flow`]),
  ]);
  return [...own, ...variables];
}

/**
 * Their numbers.
 * @param {import("../../static/engine/engine.js").Graph} graph
 * @param {import("../../static/engine/engine.js").Fields} fields
 */
export function allFields(graph, fields) {
  return new Map(fieldNames(graph).map((field) => [field, fields.get(field) ?? null]));
}
