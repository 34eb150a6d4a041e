/**
 * Whether the sums that are written of a cell hold for the numbers that are shown: "=", or else "≈". Each is a graph of
 * numbers, whose variables are fields of the page; graphviz_backprop/explain/tensors/cells.py makes them.
 */

import { compile } from "../engine/engine.js";
import { shown, sign } from "./signs.js";

/**
 * @typedef {import("../page/fields.js").Fields} Fields
 * @typedef {import("../engine/engine.js").Graph & {variables: string[], field: string}} Sum
 */

/**
 * @param {ParentNode} root
 * @returns {(fields: Fields) => Fields} the signs, by the numbers of all other fields
 */
export function createSums(root) {
  const elements = /** @type {NodeListOf<HTMLElement>} */ (root.querySelectorAll("[data-sum]"));
  const sums = new Map([...elements].map((element) => ready(JSON.parse(element.dataset.sum ?? "null"))));
  return (fields) => ({ get: (field) => sums.get(field)?.(fields) });
}

/** @param {Sum} sum @returns {[string, (fields: Fields) => string | null]} */
function ready(sum) {
  const evaluate = compile(sum);
  return [
    `${sum.field}.equals`,
    (fields) => {
      const wanted = fields.get(sum.field);
      if (typeof wanted !== "number") return "=";
      /** @type {Record<string, number>} */
      const at = Object.create(null);
      for (const name of sum.variables) at[name] = shown(Number(fields.get(name)));
      return sign(Number(evaluate(at, 1).get(`${sum.output}.value`)), wanted);
    },
  ];
}
