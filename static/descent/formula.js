/** The numbers of an update, line by line, as the generated rows of optimizers.py compute them. */

import { optimizers, SMALL } from "./updates.js";

/**
 * The result of each line.
 * @param {string} name the optimizer's @param {Record<string, number>} readings `w`, `g`, settings and memory
 * @returns {{before: Record<string, number>, set: string, result: number}[]}
 */
function workedOut(name, readings) {
  let now = { ...readings };
  return optimizers[name].lines.map(([set, compute]) => {
    const before = now;
    const result = compute(before);
    now = { ...now, [set]: result };
    return { before, set, result };
  });
}

/** The parameter after the step. @param {string} name @param {Record<string, number>} readings */
export function stepped(name, readings) {
  const lines = workedOut(name, readings).filter(({ set }) => set === "w");
  return lines[lines.length - 1].result;
}

/**
 * What counts as the parameter after the step: it, and it without an eps that nobody adds by hand.
 * @param {string} name @param {Record<string, number>} readings
 */
export function steppedByHand(name, readings) {
  const { eps = 0 } = readings;
  const without = eps > 0 && eps <= SMALL ? [{ ...readings, eps: 0 }] : [];
  return [readings, ...without].map((one) => stepped(name, one));
}

/**
 * The fields of the formula: `update.adam.1.m` is what the second line reads, `update.adam.1.next` what it gives.
 * @param {string} name @param {Record<string, number>} readings @returns {Map<string, number>}
 */
export function formulaFields(name, readings) {
  /** @type {Map<string, number>} */
  const found = new Map();
  workedOut(name, readings).forEach(({ before, result }, line) => {
    for (const [key, number] of Object.entries(before)) found.set(`update.${name}.${line}.${key}`, number);
    found.set(`update.${name}.${line}.next`, result);
  });
  return found;
}
