/** What the page says about its samples. No DOM in here. */

import { heldCount } from "./held.js";
import { grouped } from "./source.js";

/** @param {number} n @param {string} what */
export const counted = (n, what) => `${grouped(n)} ${what}${n === 1 ? "" : "s"}`;

/**
 * Which samples the numbers are of.
 * @param {number} count @param {number} picked the one that is picked, or -1
 * @param {number} part how much of the average is there
 * @param {string} all what stands before their number, once all are averaged
 */
export function over(count, picked, part, all) {
  if (picked >= 0) return `Sample ${grouped(picked + 1)} of ${grouped(count)}`;
  return `${part < 1 ? `Averaging … ${Math.floor(100 * part)}%; over ` : all}${counted(count, "sample")}`;
}

/**
 * Which samples the numbers of tensors are of: one, or the first rows of a batch that the program names.
 * @param {import("../workbench.js").Samples} samples @param {number} row @param {string} all
 */
export function tensorWords({ count, sampled }, row, all) {
  if (all.startsWith("Over") || sampled?.whole) return `${all}${counted(count, "sample")}`;
  return `Sample ${grouped(Math.max(row, 0) + 1)} of ${grouped(count)}`;
}

/** @param {number} sample the first one whose output is no finite number */
export const spoilt = (sample) =>
  `In sample ${grouped(sample + 1)} the output is no finite number, so the average is none either.`;

/**
 * What was read.
 * @param {{columns: {size: number}, count: number, told: string, held?: ReadonlyMap<string, Float64Array>}} table
 * @param {boolean} used whether a column stands for a variable of the program
 */
export function tableWords({ columns, count, told, held }, used) {
  const more = held ? ` ${grouped(heldCount(held))} more are held out.` : "";
  const size = `${counted(count, "sample")}, ${counted(columns.size, "column")}.${more}`;
  const rest = used ? told : "No column stands for a variable of the program: choose below what each one is.";
  return `${size} ${rest}`.trim();
}
