/** Text -> rows of cells: what a CSV file, a spreadsheet's clipboard or a Markdown table holds. The twin of grid.py. */

import { RowReader } from "./csv.js";
import { BAR, barCells, BLANK, isComment, isRule, TAB } from "./layout.js";
import { check, checkColumns, checkLine, checkLines } from "./limits.js";
import { DataError } from "./mistakes.js";
import { strip } from "./text.js";

/**
 * @typedef {object} Row
 * @property {number} number counted from 1, as in an editor or a spreadsheet
 * @property {string[]} cells
 *
 * @typedef {import("./choices.js").Choices} Choices
 */

/**
 * The rows, all equally long, without the empty ones before and after them. Lines end in line feeds.
 * @param {string} text @param {string} separator @param {Choices} choices
 */
export function rows(text, separator, choices) {
  checkLines(text);
  /** @type {Row[]} */
  const found = [];
  let total = 0;
  for (const row of separator === BAR ? barred(text) : separated(text, separator)) {
    if (!found.length && !row.cells.some(Boolean)) continue;
    found.push(row);
    total += row.cells.length;
    check(found.length - 1, total, row.number);
  }
  while (found.length && !found[found.length - 1].cells.some(Boolean)) found.pop();
  if (!found.length) throw new DataError("this table is empty");
  checkColumns(found[0].cells.length);
  return even(found, choices);
}

/** The lines with their line feeds. @param {string} text */
function* linesOf(text) {
  for (let at = 0; at < text.length;) {
    const end = text.indexOf("\n", at) + 1 || text.length;
    yield text.slice(at, end);
    at = end;
  }
}

/** @param {string} sign */
const isBlank = (sign) => sign === " " || sign === "\t" || sign === "\n";

/**
 * A quoted cell may go over several lines, and what looks like a comment in it is none.
 * @param {string} text @param {string} separator @returns {Generator<Row>}
 */
function* separated(text, separator) {
  const reader = new RowReader(separator);
  let [number, first] = [0, 1];
  for (const line of linesOf(text)) {
    number += 1;
    checkLine(line, number);
    if (!reader.isOpen) {
      if (isComment(line)) continue;
      first = number;
    }
    const cells = reader.take(separator === BLANK ? strip(line, isBlank) : line, first);
    if (cells) yield { number: first, cells: cells.map((cell) => strip(cell)) };
  }
  if (reader.isOpen) throw reader.mistake(first);
}

/** @param {string} text @returns {Generator<Row>} */
function* barred(text) {
  let seen = 0;
  for (const [at, line] of text.split("\n").entries()) {
    if (isComment(line)) continue;
    const has = strip(line) !== "";
    seen += Number(has);
    if (isRule(line, seen)) continue;
    checkLine(line, at + 1);
    yield { number: at + 1, cells: has ? barCells(line) : [] };
  }
}

/**
 * The rows without the empty columns at the right that spreadsheets add; empty ones have empty cells.
 * @param {Row[]} found @param {Choices} choices
 */
function even(found, choices) {
  let width = found[0].cells.length;
  for (const row of found) {
    if (!row.cells.some(Boolean)) {
      if (!choices.drops) throw new DataError("this row is empty", row.number, null, [choices.withoutMissing()]);
      row.cells = new Array(width).fill("");
    } else if (row.cells.length !== width) throw uneven(row, width, choices);
  }
  while (found.every(({ cells }) => !cells[width - 1])) width -= 1;
  if (width < found[0].cells.length) for (const row of found) row.cells.length = width;
  return found;
}

/** @param {Row} row @param {number} width @param {Choices} choices */
function uneven({ number, cells: { length } }, width, choices) {
  const message = `${length} cell${length > 1 ? "s" : ""} here, and ${width} in the first row`;
  const one = choices.offer("One column: commas are a part of its numbers", { separator: TAB });
  return new DataError(message, number, Math.min(length, width) + 1, width === 1 && length === 2 ? [one] : []);
}
