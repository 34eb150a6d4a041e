/** What the page says about its samples. No DOM in here. */

import { grouped } from "./source.js";

/** @param {number} n @param {string} what */
export const counted = (n, what) => `${grouped(n)} ${what}${n === 1 ? "" : "s"}`;

/**
 * Which samples the numbers are of.
 * @param {number} count @param {number} row the one that is picked, or -1
 * @param {number} part how much of the average is there
 * @param {string} all what stands before their number, once all are averaged
 */
export function over(count, row, part, all) {
  if (row >= 0) return `Row ${grouped(row + 1)} of ${grouped(count)}`;
  return `${part < 1 ? `Averaging … ${Math.floor(100 * part)}%; over ` : all}${counted(count, "row")}`;
}

/** @param {number} row the first one whose output is no finite number */
export const spoilt = (row) =>
  `In row ${grouped(row + 1)} of the data the output is no finite number, so the average is none either.`;
