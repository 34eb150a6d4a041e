/** A table of nothing but plain numbers, read without a text for each cell: the twin of plain.py. */

import { BLANK } from "./layout.js";
import { READ } from "./most.js";
import { COMMA, POINT } from "./numerals.js";
import { count } from "./text.js";

/** A number that can be read with one decimal mark alone: 1.5 and 0.125, but not 1.000. */
const DECISIVE = {
  [POINT]: /[.](?![0-9]{3}(?![0-9]))|(?<![0-9])0?[.]|[0-9]{4}[.]/,
  [COMMA]: /[,](?![0-9]{3}(?![0-9]))|(?<![0-9])0?[,]|[0-9]{4}[,]/,
};

/**
 * The columns of numbers below the names; null where they are not all plain, which says nothing of a mistake: it is
 * read again with care.
 * @param {string} text @param {string} separator
 */
export function columns(text, separator) {
  const mark = markOf(text, separator);
  if (mark === null || !new RegExp(`^[0-9eE+\\-\\n${mark}${separator} ]+$`).test(text)) return null;
  const lines = count(text, "\n") + 1;
  if (lines > READ.rows || text.includes("\n\n")) return null;
  const plain = mark === COMMA ? text.replaceAll(COMMA, POINT) : text;
  const width = cut(plain.slice(0, plain.indexOf("\n") + 1 || undefined), separator).length;
  if (lines * width > READ.cells) return null;
  const found = Array.from({ length: width }, () => new Float64Array(lines));
  for (let [row, at] = [0, 0]; at < plain.length; row++) {
    const end = plain.indexOf("\n", at) + 1 || plain.length + 1;
    const cells = cut(plain.slice(at, end - 1), separator);
    if (cells.length !== width) return null;
    for (let column = 0; column < width; column++) {
      const x = cells[column].trim() === "" ? NaN : Number(cells[column]);
      if (!Number.isFinite(x)) return null;
      found[column][row] = x;
    }
    at = end;
  }
  return found;
}

/** @param {string} line @param {string} separator */
const cut = (line, separator) => (separator === BLANK ? line.trim().split(/ +/) : line.split(separator));

/** The decimal mark, where it is beyond doubt. @param {string} text @param {string} separator */
function markOf(text, separator) {
  if (separator === COMMA) return POINT;
  const used = /** @type {const} */ ([POINT, COMMA]).filter((mark) => text.includes(mark));
  if (used.length === 1) return DECISIVE[used[0]].test(text) ? used[0] : null;
  return used.length ? null : POINT;
}
