/**
 * Cells -> numbers, a column at a time: texts are classes and samples incomplete where that is chosen. Twin of
 * columns.py.
 */

import { checkColumns } from "./limits.js";
import { DataError } from "./mistakes.js";
import { READ } from "./most.js";
import * as numerals from "./numerals.js";
import { byCodePoint, grouped, normal, short } from "./text.js";

/**
 * @typedef {import("./numerals.js").Mark} Mark
 * @typedef {import("./choices.js").TextChoice} TextChoice
 * @typedef {import("../source.js").Offer} Offer
 *
 * @typedef {object} Found
 * @property {Map<string, Float64Array>} columns all of one length
 * @property {number} rows how long they are
 * @property {Map<string, readonly string[]>} classes of each column that is read as classes, the texts for 0, 1, 2, …
 * @property {string[]} leftOut names of columns of texts that are left out
 * @property {number} dropped samples that are left out since something is missing in them
 */

/** What stands below the names: all columns are equally long and not empty. */
export class Cells {
  /**
   * @param {readonly string[]} names @param {readonly (readonly string[])[]} columns
   * @param {(at: number) => number} number of each row, as an editor counts them
   * @param {Mark | null} mark the decimal mark, where the layout leaves no other
   * @param {import("./choices.js").Choices} choices
   */
  constructor(names, columns, number, mark, choices) {
    this.names = names;
    this.columns = columns;
    this.number = number;
    this.mark = mark;
    this.choices = choices;
  }

  /** @returns {Found} */
  table() {
    const mark = this.#mark();
    /** @type {Found} */
    const found = { columns: new Map(), rows: this.columns[0].length, classes: new Map(), leftOut: [], dropped: 0 };
    /** @type {number[]} */
    const origins = [];
    for (const [at, name] of this.names.entries()) {
      const choice = this.#isText(at) ? this.#choice(at) : null;
      if (choice === "leave_out") {
        found.leftOut.push(name);
        continue;
      }
      const made = choice ? this.#coded(at, choice, found) : new Map([[name, this.#numbers(at, mark)]]);
      for (const [each, column] of made) {
        if (found.columns.has(each)) {
          throw new DataError(`there are two columns named ${each}`, this.number(0) - 1, at + 1);
        }
        found.columns.set(each, column);
        origins.push(at);
      }
      checkColumns(found.columns.size);
    }
    if (!found.columns.size) throw new DataError("every column is left out");
    return this.#complete(found, origins);
  }

  /** The decimal mark of all numbers. @returns {Mark} */
  #mark() {
    const known = this.choices.options.decimal ?? this.mark;
    if (known) return known;
    const { mark, doubtful } = numerals.decimalMark(this.columns);
    if (doubtful) throw this.#twoReadings(...doubtful);
    return mark ?? numerals.POINT;
  }

  /** @param {number} column @param {number} row */
  #twoReadings(column, row) {
    const cell = this.columns[column][row];
    const offers = /** @type {[Mark, string][]} */ (Object.entries(numerals.MARKS)).map(([decimal, name]) =>
      this.choices.offer(`${numerals.digits15(numerals.number(cell, decimal))}, with decimal ${name}s`, { decimal }),
    );
    return this.#wrong(`${short(cell)} has two readings`, column, row, ...offers);
  }

  /** Whether the column holds texts alone: one number among them, and it is one with mistakes. @param {number} at */
  #isText(at) {
    const cells = this.columns[at];
    return !cells.some(numerals.isNumeric) && !cells.every(numerals.isMissing);
  }

  /** What becomes of a column of texts. @param {number} at @returns {TextChoice} */
  #choice(at) {
    const [name, cells] = [this.names[at], this.columns[at]];
    const choice = this.choices.text(name);
    if (choice === "leave_out") return choice;
    const texts = textsOf(cells);
    const leaveOut = this.choices.offerText(`Leave ${name} out`, name, "leave_out");
    const first = cells.findIndex((cell) => !numerals.isMissingAmongTexts(cell));
    if (texts.length > READ.classes) {
      const many = `${name} has ${grouped(texts.length)} different texts; up to ${READ.classes} can be classes`;
      throw this.#wrong(many, at, first, leaveOut);
    }
    if (choice) return choice;
    const coded = texts.slice(0, 4).map((text, code) => `${code} = ${short(text)}`);
    const classes = `Read ${name} as classes: ${coded.join(", ")}${texts.length > 4 ? ", …" : ""}`;
    const oneHot = `Read ${name} as ${texts.length} columns of 0 and 1, one for each text`;
    throw this.#wrong(
      `${short(cells[first])} is not a number`,
      at,
      first,
      this.choices.offerText(classes, name, "classes"),
      this.choices.offerText(oneHot, name, "one_hot"),
      leaveOut,
    );
  }

  /**
   * A column of texts as numbers, NaN where a text is missing.
   * @param {number} at @param {TextChoice} choice @param {Found} found
   */
  #coded(at, choice, found) {
    const [name, cells] = [this.names[at], this.columns[at]];
    const texts = textsOf(cells);
    const codes = new Map(texts.map((text, code) => [text, code]));
    const column = Float64Array.from(cells, (cell) => codes.get(cell) ?? NaN);
    if (choice === "classes") {
      found.classes.set(name, texts);
      return new Map([[name, column]]);
    }
    return new Map(
      texts.map((text, code) => [
        `${name}_${normal(text)}`,
        column.map((x) => (Number.isNaN(x) ? NaN : Number(x === code))),
      ]),
    );
  }

  /** The numbers of a column, NaN where one is missing. @param {number} at @param {Mark} mark */
  #numbers(at, mark) {
    const cells = this.columns[at];
    const { found, noNumber } = numerals.numbers(cells, mark);
    for (const row of noNumber) if (!numerals.isMissing(cells[row])) throw this.#noNumber(at, row, mark);
    const large = found.findIndex((x) => x === Infinity || x === -Infinity);
    if (large >= 0) throw this.#wrong(`${short(cells[large])} is too large`, at, large);
    this.#checkPercentages(at, found);
    return found;
  }

  /** @param {number} at @param {number} row @param {Mark} mark */
  #noNumber(at, row, mark) {
    const [cell, other] = [this.columns[at][row], numerals.otherMark(mark)];
    const quoted = short(cell);
    if (!numerals.isNumber(cell, other)) return this.#wrong(`${quoted} is not a number`, at, row);
    if (this.mark && !this.choices.options.decimal) {
      const offer = this.choices.offer(`Read the comma in ${quoted} as a decimal comma`, { decimal: numerals.COMMA });
      return this.#wrong(`${quoted} has a comma, and commas separate the columns`, at, row, offer);
    }
    const [has, others] = [numerals.MARKS[other], numerals.MARKS[mark]];
    return this.#wrong(`${quoted} has a ${has}, and other numbers a ${others}`, at, row);
  }

  /** All numbers of a column have a percent sign, or none has. @param {number} at @param {Float64Array} found */
  #checkPercentages(at, found) {
    const cells = this.columns[at];
    if (!cells.some((cell) => cell.endsWith("%"))) return;
    const first = cells[found.findIndex((x) => !Number.isNaN(x))]?.endsWith("%");
    const odd = cells.findIndex((cell, row) => !Number.isNaN(found[row]) && cell.endsWith("%") !== first);
    if (odd < 0) return;
    const [has, others] = first ? ["no", "one"] : ["a", "none"];
    const message = `${short(cells[odd])} has ${has} percent sign, and the numbers above it have ${others}`;
    throw this.#wrong(message, at, odd);
  }

  /**
   * The samples in which nothing is missing, where that is chosen.
   * @param {Found} found @param {number[]} origins @returns {Found}
   */
  #complete(found, origins) {
    const columns = [...found.columns.values()];
    const whole = new Uint8Array(found.rows).fill(1);
    for (const column of columns) {
      for (let row = 0; row < found.rows; row++) if (Number.isNaN(column[row])) whole[row] = 0;
    }
    const rows = whole.reduce((sum, one) => sum + one, 0);
    const dropped = found.rows - rows;
    if (!dropped) return found;
    if (!this.choices.drops || !rows) {
      const at = columns.findIndex((column) => column.some(Number.isNaN));
      const offers = rows ? [this.choices.withoutMissing(dropped)] : [];
      throw this.#wrong("a number is missing", origins[at], columns[at].findIndex(Number.isNaN), ...offers);
    }
    const kept = [...found.columns].map(
      ([name, column]) => /** @type {const} */ ([name, column.filter((_, row) => whole[row])]),
    );
    return { ...found, columns: new Map(kept), rows, dropped };
  }

  /** @param {string} message @param {number} column @param {number} row @param {Offer[]} offers */
  #wrong(message, column, row, ...offers) {
    return new DataError(message, this.number(row), column + 1, offers);
  }
}

/** The different texts of a column, in the order of the alphabet. @param {readonly string[]} cells */
const textsOf = (cells) => [...new Set(cells)].filter((cell) => !numerals.isMissingAmongTexts(cell)).sort(byCodePoint);
