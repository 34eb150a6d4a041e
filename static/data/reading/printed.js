/** Lists and arrays as Python, NumPy and PyTorch print them -> rows of cells. The twin of printed.py. */

import { check, checkColumns } from "./limits.js";
import { DataError } from "./mistakes.js";
import { pattern, short, strip } from "./text.js";

/** @typedef {import("./grid.js").Row} Row */

const WORD = "[\\p{L}\\p{N}_]";
const NAMED = `\\s*${WORD}+\\s*=\\s*`;
const CALL = "(?:[A-Za-z]+\\.)*(?:array|asarray|tensor|Tensor)\\s*";
const OPENED = pattern(`^\\s*(?:${WORD}+\\s*=\\s*)?(?:${CALL})?[\\[(]`, "u");
const NAME = pattern(`^${NAMED}`, "u");
const CALLED = pattern(`^\\s*(?:${WORD}+\\s*=\\s*)?${CALL}\\(`, "u");
// As NumPy 2 prints a number.
const SCALAR = pattern(`(?<!${WORD})(?:np|numpy)\\.(?:float|int|uint|str|bool)\\p{Nd}*_?\\(([^()]*)\\)`, "gu");
const SETTING = pattern(
  `,\\s*(?:dtype|device|requires_grad|grad_fn)\\s*=\\s*(?:<[^<>]*>|'[^']*'|(?:${WORD}|\\.)+)`,
  "gu",
);
const TOKEN = pattern(`[\\[\\](),]|'[^'\\n]*'|"[^"\\n]*"|[^\\s\\[\\](),'"]+|['"]`, "gu");
/** @type {Readonly<Record<string, string>>} */
const PAIRS = { "[": "]", "(": ")" };

/** @param {string} text */
export const isPrinted = (text) => OPENED.test(text) && /[\])]$/.test(strip(text));

/**
 * The rows, counted from 1: each inner list is one, and each number of a list that has no inner ones.
 * @param {string} text @returns {Row[]}
 */
export function rows(text) {
  const reader = new Reader();
  for (const [token] of bare(text).matchAll(TOKEN)) reader.take(token);
  return reader.finished();
}

/** The list alone, without the call that makes an array of it. @param {string} text */
function bare(text) {
  let inside = text;
  const called = CALLED.exec(text);
  if (called) {
    inside = strip(text.slice(called[0].length).replace(SETTING, ""));
    if (inside.endsWith(")")) inside = inside.slice(0, -1);
  }
  return strip(inside.replace(NAME, "").replace(SCALAR, "$1"));
}

/** Reads brackets, commas and cells from left to right. */
class Reader {
  constructor() {
    /** @type {Row[]} */
    this.done = [];
    /** @type {string[]} */
    this.cells = [];
    /** The marks that close what is open. @type {string[]} */
    this.open = [];
    this.depth = 0; // how deep the cells are; 0 before the first one
    this.last = "";
    /** Whether commas stand between the cells, or blanks alone. @type {boolean | null} */
    this.commas = null;
    this.total = 0;
  }

  /** @param {string} token */
  take(token) {
    if (Object.hasOwn(PAIRS, token)) this.#opens(token);
    else if (token === "]" || token === ")") this.#closes(token);
    else if (token !== ",") this.#isCell(token);
    else if (["", ",", "[", "("].includes(this.last)) throw this.#wrong("there is nothing before a comma");
    this.last = "[](),".includes(token) ? token : "cell";
  }

  /** @param {string} token */
  #opens(token) {
    if (this.cells.length || this.last === "cell") throw this.#wrong("a list stands beside numbers");
    if (this.open.length === 2) throw this.#wrong("lists are nested three deep, and a table is a list of lists");
    this.open.push(PAIRS[token]);
  }

  /** @param {string} token */
  #closes(token) {
    if (this.open.pop() !== token) throw this.#wrong(`${token} closes nothing that is open`);
    if (!this.cells.length && !Object.hasOwn(PAIRS, this.last)) return;
    if (!this.cells.length) throw this.#wrong("this list is empty");
    this.done.push({ number: this.done.length + 1, cells: this.cells });
    checkColumns(this.depth === 2 ? this.cells.length : 1);
    this.cells = [];
  }

  /** @param {string} token */
  #isCell(token) {
    if (!this.open.length) throw this.#wrong(`${short(token)} stands outside of the list`);
    if (token === "..." || token === "…") {
      const every = "numpy.set_printoptions(threshold=sys.maxsize) prints all of them";
      throw this.#wrong(`numbers are left out here; ${every}`);
    }
    const elsewhere = this.depth !== 0 && this.depth !== this.open.length;
    if (elsewhere || this.last === "]" || this.last === ")") throw this.#wrong("a number stands beside a list");
    this.depth = this.open.length;
    if (this.last === "," || this.last === "cell") {
      const comma = this.last === ",";
      if (this.commas === !comma) {
        throw this.#wrong("there are commas between some numbers, and blanks alone between others");
      }
      this.commas = comma;
    }
    this.cells.push(token.length > 1 && /^['"]/.test(token) ? token.slice(1, -1) : token);
    this.total += 1;
    check(this.done.length, this.total, this.done.length + 1);
  }

  /** @param {string} message */
  #wrong(message) {
    return new DataError(message, this.done.length + 1, this.depth < 2 ? null : this.cells.length + 1);
  }

  finished() {
    if (this.open.length) throw this.#wrong("a bracket is not closed");
    if (!this.done.length) throw new DataError("this table is empty");
    const [{ cells: first }] = this.done;
    if (this.depth === 1 && this.done.length === 1) {
      check(first.length, first.length, first.length);
      return first.map((cell, at) => ({ number: at + 1, cells: [cell] }));
    }
    for (const { number, cells } of this.done) {
      if (cells.length === first.length) continue;
      const few = `${cells.length} cell${cells.length > 1 ? "s" : ""} here, and ${first.length} in the first row`;
      throw new DataError(few, number, Math.min(cells.length, first.length) + 1);
    }
    return this.done;
  }
}
