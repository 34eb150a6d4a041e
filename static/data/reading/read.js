/**
 * Text -> columns of numbers: files, what a spreadsheet puts on the clipboard, Markdown, lists and arrays. Nothing is
 * guessed: what has two readings is refused with both of them, and the error offers the choices.
 *
 * The twin of graphviz_backprop/data/tables.py: a table is read here, so that it need not leave the browser.
 */

import { Cells } from "./cells.js";
import { Choices } from "./choices.js";
import { rows } from "./grid.js";
import { BAR, separator } from "./layout.js";
import { checkBytes, checkLine } from "./limits.js";
import { DataError } from "./mistakes.js";
import { COMMA, isNumeric, POINT } from "./numerals.js";
import * as plain from "./plain.js";
import * as printed from "./printed.js";
import { normal, strip } from "./text.js";

/** @typedef {import("./cells.js").Found} Found */

/**
 * @param {string | ArrayBuffer} content a text, or a file's bytes @param {string} [read] how, where it leaves that open
 * @returns {Found} @throws {DataError} with row and column, and with what would read it
 */
export function readTable(content, read = "") {
  const choices = Choices.of(read);
  const text = (typeof content === "string" ? wellFormed(content) : decoded(content)).replace(/^\ufeff/, "");
  const whole = text.includes("\r") ? text.replaceAll("\r\n", "\n").replaceAll("\r", "\n") : text;
  if (!choices.options.separator && printed.isPrinted(whole)) return table(printed.rows(whole), POINT, choices);
  const between = separator(whole, choices);
  return (
    plainTable(whole, between, choices) ??
    table(rows(whole, between, choices), between === COMMA ? POINT : null, choices)
  );
}

/** Without halves of signs, as a text is sent. @param {string} text */
const wellFormed = (text) => text.replace(/\p{Surrogate}/gu, "\ufffd");

/** @param {ArrayBuffer} bytes */
function decoded(bytes) {
  checkBytes(bytes.byteLength);
  const raw = new Uint8Array(bytes);
  const [first, second] = raw;
  const wide = first === 0xff && second === 0xfe ? "utf-16le" : first === 0xfe && second === 0xff ? "utf-16be" : "";
  const decoder = new TextDecoder(wide || "utf-8", { fatal: true, ignoreBOM: true });
  try {
    return decoder.decode(bytes).slice(wide ? 1 : 0);
  } catch {
    throw new DataError("this is not text in UTF-8", wide ? wideRow(raw, wide) : narrowRow(raw, decoder));
  }
}

/**
 * The first line that is none: no sign of UTF-8 has a line feed in it.
 * @param {Uint8Array} raw @param {TextDecoder} decoder
 */
function narrowRow(raw, decoder) {
  for (let [row, at] = [1, 0]; at <= raw.length; row++) {
    const end = raw.indexOf(10, at) + 1 || raw.length + 1;
    try {
      decoder.decode(raw.subarray(at, end - 1));
    } catch {
      return row;
    }
    at = end;
  }
  return null;
}

/** The line of the first half of a pair without the other. @param {Uint8Array} raw @param {string} encoding */
function wideRow(raw, encoding) {
  const view = new DataView(raw.buffer);
  const is = (/** @type {number} */ at, /** @type {number} */ half) =>
    at + 1 < raw.length && (view.getUint16(at, encoding === "utf-16le") & 0xfc00) === half;
  let at = 2;
  for (; at + 1 < raw.length; at += 2) {
    if (is(at, 0xdc00) || (is(at, 0xd800) && !is(at + 2, 0xdc00))) break;
    if (is(at, 0xd800)) at += 2;
  }
  return raw.subarray(0, at).filter((byte) => byte === 10).length + 1;
}

/**
 * Names and plain numbers, which most large tables are.
 * @param {string} text @param {string} between @param {Choices} choices
 */
function plainTable(text, between, choices) {
  let length = text.length;
  while (text[length - 1] === "\n") length -= 1;
  const whole = text.slice(0, length);
  const end = whole.indexOf("\n");
  const first = end < 0 ? whole : whole.slice(0, end);
  if (between === BAR || choices.options.decimal || !strip(first) || first.includes('"') || first.includes("#")) {
    return null;
  }
  checkLine(first, 1);
  const [row] = rows(first, between, choices);
  const names = namesIn(row);
  const found = plain.columns(names ? whole.slice(first.length + 1) : whole, between);
  if (!found || found.length !== row.cells.length) return null;
  const columns = new Map((names ?? numbered(row)).map((name, at) => [name, found[at]]));
  return { columns, rows: found[0].length, classes: new Map(), leftOut: [], dropped: 0 };
}

/**
 * @param {import("./grid.js").Row[]} found
 * @param {import("./numerals.js").Mark | null} mark @param {Choices} choices
 */
function table(found, mark, choices) {
  const names = namesIn(found[0]);
  const body = names ? found.slice(1) : found;
  if (!body.length) throw new DataError("there are no numbers below the names", found[0].number + 1);
  const columns = found[0].cells.map((_, at) => body.map(({ cells }) => cells[at]));
  return new Cells(names ?? numbered(found[0]), columns, (at) => body[at].number, mark, choices).table();
}

/** @param {import("./grid.js").Row} row */
const numbered = ({ cells }) => cells.map((_, at) => `x${at + 1}`);

/**
 * The names in the first row, as the language compares them: x₁ is x1. Null where it has numbers.
 * @param {import("./grid.js").Row} row
 */
function namesIn({ cells, number }) {
  if (cells.some(isNumeric)) return null;
  const names = new Set();
  for (const [at, cell] of cells.map(normal).entries()) {
    if (!cell) throw new DataError("this column has no name", number, at + 1);
    if (names.has(cell)) throw new DataError(`there are two columns named ${cell}`, number, at + 1);
    names.add(cell);
  }
  return /** @type {string[]} */ ([...names]);
}
