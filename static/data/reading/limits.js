/** How large a table may be: what `data/limits.py` says. */

import { READ } from "./most.js";
import { DataError } from "./mistakes.js";
import { count, grouped, lengthOf } from "./text.js";

/** @param {number} size */
export function checkBytes(size) {
  if (size > READ.bytes) throw new DataError(`this table has ${grouped(size)} bytes; ${grouped(READ.bytes)} are read`);
}

/** @param {string} text */
export function checkLines(text) {
  const lines = count(text, "\n") + 1;
  if (lines > READ.lines) {
    throw new DataError(`this table has ${grouped(lines)} lines; ${grouped(READ.lines)} are read`);
  }
}

/** @param {string} line @param {number} row */
export function checkLine(line, row) {
  if (line.length <= READ.letters) return;
  const letters = lengthOf(line);
  if (letters <= READ.letters) return;
  throw new DataError(`this line has ${grouped(letters)} letters; ${grouped(READ.letters)} are read`, row);
}

/** @param {number} columns */
export function checkColumns(columns) {
  if (columns > READ.columns) throw new DataError(`this table has more than ${grouped(READ.columns)} columns`);
}

/**
 * How much is read so far.
 * @param {number} rows @param {number} cells in all of them @param {number} row the last one's number
 */
export function check(rows, cells, row) {
  if (rows > READ.rows) throw new DataError(`this table has more than ${grouped(READ.rows)} samples`, row);
  if (cells > READ.cells) throw new DataError(`this table has more than ${grouped(READ.cells)} cells`, row);
}
