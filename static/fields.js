/**
 * The one binding: whatever shows a live number carries `data-field`, the number's name.
 * graphviz_backprop/fields.py fills the same elements on the server.
 */

import { formatNumber } from "./numbers.js";

/** @typedef {import("./engine.js").Fields} Fields */

/**
 * `(c.value)` is the number of `c.value`, in parentheses where it is negative.
 * Prepares elements once and returns what fills them: only texts that changed are written.
 * @param {Iterable<Element>} elements those with the attribute
 * @returns {(fields: Fields) => void}
 */
export function bind(elements) {
  const places = [...elements].map((element) => {
    const name = /** @type {string} */ (element.getAttribute("data-field"));
    const factor = name.startsWith("(");
    return { field: factor ? name.slice(1, -1) : name, factor, text: textOf(element) };
  });
  return (fields) => {
    for (const { field, factor, text } of places) {
      const number = formatNumber(fields.get(field) ?? null);
      const shown = factor && number.startsWith("-") ? `(${number})` : number;
      if (text.data !== shown) text.data = shown;
    }
  };
}

/** The element's one text node. @param {Element} element */
function textOf(element) {
  const first = element.firstChild;
  if (first instanceof Text && first === element.lastChild) return first;
  const text = document.createTextNode(element.textContent ?? "");
  element.replaceChildren(text);
  return text;
}
