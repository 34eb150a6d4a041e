/** What becomes of a table, as both languages tell it. */

import { readTable } from "../../static/data/reading/read.js";

/** @param {string | ArrayBuffer} content @param {string} [read] */
export function outcome(content, read) {
  try {
    const { columns, classes, leftOut, dropped } = readTable(content, read);
    return {
      columns: [...columns].map(([name, column]) => [name, [...column]]),
      classes: [...classes],
      left_out: leftOut,
      dropped,
    };
  } catch (fault) {
    const { message, row, column, offers } = /** @type {import("../../static/data/reading/mistakes.js").DataError} */ (
      fault
    );
    if (row === undefined) throw fault;
    return { message, place: [row, column], offers: offers.map(({ label, read: how }) => [label, how]) };
  }
}
