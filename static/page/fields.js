/**
 * The one binding: whatever shows a live number carries `data-field`, the number's name.
 * graphviz_backprop/figure/fields.py fills the same elements on the server.
 */

import { digits, formatTo } from "../engine/numerals.js";

/**
 * @typedef {{get(field: string): number | string | null | undefined}} Fields numbers, and texts that pass as they
 *   are
 */

/** Digits in the cells of a grid. */
const SHORT = 3;

/**
 * `(c.value)` is the number of `c.value`, in parentheses where it is negative; `~c[0,1].value` has few digits.
 * Prepares elements once and returns what fills them: only texts that changed are written.
 * @param {Iterable<Element>} elements those with the attribute
 * @returns {(fields: Fields) => void}
 */
export function bind(elements) {
  const unknown = /** @type {number | string | null | undefined} */ (undefined);
  const places = [...elements].map((element) => {
    const name = /** @type {string} */ (element.getAttribute("data-field"));
    const [factor, short] = [name.startsWith("("), name.startsWith("~")];
    const text = textOf(element);
    return { field: name.replace(/^[(~]|\)$/g, ""), factor, short, text, shown: text.data, last: unknown, digits: 0 };
  });
  return (fields) => {
    for (const place of places) {
      const number = fields.get(place.field) ?? null;
      if (Object.is(number, place.last) && place.digits === digits()) continue; // one slider leaves most alone
      place.last = number;
      place.digits = digits();
      const plain = typeof number === "string" ? number : formatTo(place.short ? SHORT : digits(), number);
      const shown = place.factor && plain.startsWith("-") ? `(${plain})` : plain;
      if (place.shown === shown) continue; // to ask the text itself is as slow as to write it
      place.shown = shown;
      place.text.data = shown;
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
