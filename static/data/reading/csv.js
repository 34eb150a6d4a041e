/**
 * Cells between separators, some in quotation marks: what Python's csv module reads, where it is strict.
 *
 * A row may go over several lines, since a quoted cell may. The libraries for it take text behind a closing quotation
 * mark, and none says in which line a row begins.
 */

import { DataError } from "./mistakes.js";
import { BLANK } from "./layout.js";
import { grouped } from "./text.js";

const LONGEST = 131_072; // letters of a cell, as there
const [BEGIN, BARE, QUOTED, CLOSED] = [0, 1, 2, 3];

export class RowReader {
  /** @param {string} separator */
  constructor(separator) {
    this.separator = separator;
    /** The cells so far. @type {string[]} */
    this.cells = [];
    this.cell = "";
    this.state = BEGIN;
  }

  /** Whether a row has begun that the next line goes on with. */
  get isOpen() {
    return this.state === QUOTED;
  }

  /**
   * Takes a line with its line feed, if it has one; gives the row, or null where it goes on.
   * @param {string} line @param {number} number of the row's first line
   */
  take(line, number) {
    if (!this.isOpen && !line.includes('"') && line.length <= LONGEST) return this.#plain(line);
    for (const sign of line) if (!this.#put(sign)) throw this.mistake(number);
    if (this.isOpen) return null;
    this.#end();
    const { cells } = this;
    this.cells = [];
    return cells;
  }

  /** @param {number} number */
  mistake(number) {
    if (this.cell.length > LONGEST) return new DataError(`a cell has more than ${grouped(LONGEST)} letters`, number);
    return new DataError("a quotation mark is not closed, or has text behind it", number);
  }

  /** @param {string} line without quotation marks */
  #plain(line) {
    const text = line.endsWith("\n") ? line.slice(0, -1) : line;
    if (text === "") return [];
    return this.separator === BLANK ? text.split(/ +/) : text.split(this.separator);
  }

  /** One sign more: whether it may stand there. @param {string} sign */
  #put(sign) {
    if (this.state === QUOTED) {
      if (sign === '"') this.state = CLOSED;
      else return this.#add(sign);
      return true;
    }
    if (this.state === CLOSED && sign === '"') {
      this.state = QUOTED;
      return this.#add(sign);
    }
    if (sign === "\n") return true; // the end of the row
    if (this.state === BEGIN && sign === '"') {
      this.state = QUOTED;
      return true;
    }
    if (this.state === BEGIN && sign === " " && this.separator === BLANK) return true;
    if (sign === this.separator) {
      this.#end();
      return true;
    }
    if (this.state === CLOSED) return false;
    this.state = BARE;
    return this.#add(sign);
  }

  /** @param {string} sign */
  #add(sign) {
    this.cell += sign;
    return this.cell.length <= LONGEST;
  }

  #end() {
    this.cells.push(this.cell);
    this.cell = "";
    this.state = BEGIN;
  }
}
