/** What is wrong with a table: the words, the place, and the choices that would read it. */

/** @typedef {import("../source.js").Offer} Offer */

export class DataError extends Error {
  /**
   * @param {string} message @param {number | null} [row] counted from 1; null where it has no place
   * @param {number | null} [column] @param {readonly Offer[]} [offers]
   */
  constructor(message, row = null, column = null, offers = []) {
    super(message);
    this.row = row;
    this.column = column;
    this.offers = offers;
  }
}
