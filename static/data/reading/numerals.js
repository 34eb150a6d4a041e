/**
 * A number as a cell of a table writes it, with a decimal point or a decimal comma; the twin of numerals.py.
 *
 * Digits may stand in groups of three, set apart by blanks, apostrophes or the mark that is not the decimal one:
 * 1,000 has two readings, 1000 and 1.0, and which one holds is a matter of the whole table.
 */

import { pattern } from "./text.js";

/** @typedef {"." | ","} Mark */

export const [POINT, COMMA] = /** @type {const} */ ([".", ","]);
/** What may be a decimal mark, and its name. @type {Readonly<Record<Mark, string>>} */
export const MARKS = { [POINT]: "point", [COMMA]: "comma" };
const BOTH = /** @type {readonly Mark[]} */ ([POINT, COMMA]);

const BLANKS = " \u00a0\u2009\u202f";
const APART = `'’${BLANKS}`;

/** @param {Mark} mark @returns {Mark} */
export const otherMark = (mark) => (mark === POINT ? COMMA : POINT);

/** @param {Mark} mark */
function numberIn(mark) {
  const [decimal, other] = [`\\${mark}`, `\\${otherMark(mark)}`];
  const inGroups = `[1-9][0-9]{0,2}([${other}${APART}])[0-9]{3}(?:\\1[0-9]{3})*(?:${decimal}[0-9]*)?`;
  const plain = `[0-9]+(?:${decimal}[0-9]*)?|${decimal}[0-9]+`;
  return new RegExp(`^[+\\-−]?(?:${inGroups}|${plain})(?:[eE][+\\-−]?[0-9]+|[${BLANKS}]?%)?$`);
}

const PATTERNS = { [POINT]: numberIn(POINT), [COMMA]: numberIn(COMMA) };
const NOTHING = { [POINT]: new RegExp(`[,${APART}]`, "g"), [COMMA]: new RegExp(`[.${APART}]`, "g") };
const BARE = /^[0-9.eE+-]*$/;
const TWO_READINGS = pattern("^[+\\-−]?[1-9][0-9]{0,2}[.,][0-9]{3}(?:[eE][+\\-−]?[0-9]+|\\s?%)?$");
const MISSING = new Set(["", "?", "na", "n/a", "#n/a", "nan"]);
const NO_NUMBER = new Set([...MISSING, "-", "null", "none"]); // in a column of texts these could be a class
const INFINITE = new Set(["inf", "infinity", "∞"]);

/** @param {string} cell @param {Mark} mark */
export const isNumber = (cell, mark) => PATTERNS[mark].test(cell);

/** @param {string} cell */
export const isMissing = (cell) => NO_NUMBER.has(cell.toLowerCase());

/** @param {string} cell */
export const isMissingAmongTexts = (cell) => MISSING.has(cell.toLowerCase());

/** Whether it is a number in some writing, or infinite, which is none of a table's. @param {string} cell */
export const isNumeric = (cell) =>
  BOTH.some((mark) => isNumber(cell, mark)) || INFINITE.has(cell.toLowerCase().replace(/^[+\-−]+/, ""));

/**
 * What a number says with this decimal mark; infinite where it is too large.
 * @param {string} cell @param {Mark} mark
 */
export function number(cell, mark) {
  if (mark === POINT && BARE.test(cell)) return Number(cell);
  const bare = cell.replace(NOTHING[mark], "").replace(mark, ".").replaceAll("−", "-");
  return Number(bare.replace("%", "e-2"));
}

/**
 * The numbers of a column, NaN where a cell is none, and the places of those.
 * @param {readonly string[]} cells @param {Mark} mark
 */
export function numbers(cells, mark) {
  const found = new Float64Array(cells.length);
  /** @type {number[]} */
  const noNumber = [];
  for (let at = 0; at < cells.length; at++) {
    const cell = cells[at];
    if (isNumber(cell, mark)) found[at] = number(cell, mark);
    else {
      found[at] = NaN;
      noNumber.push(at);
    }
  }
  return { found, noNumber };
}

/**
 * The decimal mark of a table: that of the first number which has one reading alone. Where no number has, the place
 * (column, row) of the first that has two.
 * @param {readonly (readonly string[])[]} columns @returns {{mark?: Mark, doubtful?: [number, number]}}
 */
export function decimalMark(columns) {
  /** @type {[number, number] | undefined} */
  let doubtful;
  for (const [column, cells] of columns.entries()) {
    for (const [row, cell] of cells.entries()) {
      if (!cell.includes(COMMA) && !cell.includes(POINT)) continue;
      if (TWO_READINGS.test(cell)) {
        doubtful ??= [column, row];
        continue;
      }
      const found = BOTH.filter((mark) => isNumber(cell, mark));
      if (found.length === 1) return { mark: found[0] };
    }
  }
  return { doubtful };
}

/** A number in 15 digits, as Python's format "g" writes it. @param {number} x */
export function digits15(x) {
  if (x === 0) return Object.is(x, -0) ? "-0" : "0";
  const [mantissa, power] = x.toExponential(14).split("e");
  const exponent = Number(power);
  if (!Number.isFinite(x)) return x > 0 ? "inf" : "-inf";
  if (exponent >= -4 && exponent < 15) return trimmed(x.toFixed(14 - exponent));
  return `${trimmed(mantissa)}e${exponent < 0 ? "-" : "+"}${String(Math.abs(exponent)).padStart(2, "0")}`;
}

/** @param {string} text */
const trimmed = (text) => (text.includes(".") ? text.replace(/\.?0+$/, "") : text);
