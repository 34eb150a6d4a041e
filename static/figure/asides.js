/** Numbers of edges that have no room for them: they are seen, and filled, when one looks at the edge. */

import { bind } from "../page/fields.js";

/** @typedef {import("../page/fields.js").Fields} Fields */

/** @param {HTMLElement} root @returns {(fields: Fields) => void} */
export function createAsides(root) {
  /** @type {WeakMap<Element, (fields: Fields) => void>} */
  const fills = new WeakMap();
  return (fields) => {
    for (const aside of root.querySelectorAll(".sheet .aside:is(.lit, .current)")) {
      let fill = fills.get(aside);
      if (!fill) fills.set(aside, (fill = bind(aside.querySelectorAll("[data-field]"))));
      fill(fields);
    }
  };
}
