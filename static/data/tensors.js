/** The samples of a program with tensors: several columns may stand for one variable. */

import { escape } from "./binding.js";
import { heldCount } from "./held.js";
import { format } from "../state/url.js";

/**
 * @typedef {import("./source.js").Table} Table
 * @typedef {import("../workbench.js").Samples} Samples
 *
 * @typedef {object} Taken how the program takes the columns
 * @property {Record<string, string[]>} chosen the columns of each variable
 * @property {boolean} whole
 * @property {import("../engine/tensors/slope.js").SlopeOf | null} slope
 * @property {import("../engine/tensors/slope.js").SlopeOf | null} right how many samples a classifier is right about
 */

/**
 * @param {import("../page/services.js").Server} server @param {Table} table
 * @param {import("../state/url.js").State} state @param {string[]} variables
 * @returns {Promise<Taken | {fault: string}>}
 */
export async function taking(server, table, state, variables) {
  const body = new URLSearchParams(format({ ...state, data: "", table: "" }, variables));
  for (const column of table.columns.keys()) body.append("column", column);
  try {
    const reply = await server.fetch("samples", { method: "POST", body });
    const answer = await reply.json();
    return reply.ok ? answer : { fault: answer.error?.message ?? "" };
  } catch {
    return { fault: "The server can't be reached: it says how these samples go into the program." };
  }
}

/**
 * The samples, by variable: all cells of a tensor, sample by sample.
 * @param {Table} table @param {Taken} taken @returns {Samples | null}
 */
export function samplesWith({ columns, count, held }, { chosen, whole, slope, right }) {
  const names = new Map(Object.entries(chosen).map(([name, own]) => [name, own.join(", ")]));
  if (!names.size) return null;
  const rest = held && { right, count: heldCount(held), columns: woven(held, chosen) };
  const sampled = { whole, slope };
  return { columns: woven(columns, chosen, count), count, names, sampled, ...(rest && { held: rest }) };
}

/**
 * All cells of each variable, sample by sample.
 * @param {ReadonlyMap<string, Float64Array>} columns @param {Record<string, string[]>} chosen @param {number} [count]
 */
function woven(columns, chosen, count = columns.values().next().value?.length ?? 0) {
  /** @type {Record<string, Float64Array>} */
  const found = Object.create(null);
  for (const [name, own] of Object.entries(chosen)) {
    const cells = new Float64Array(count * own.length);
    own.forEach((column, at) => {
      const numbers = columns.get(column);
      for (let row = 0; numbers && row < count; row++) cells[row * own.length + at] = numbers[row];
    });
    found[name] = cells;
  }
  return found;
}

/**
 * What writes the state's text: each column and its variable. A variable that is a number has one column.
 * @param {readonly string[]} numbers the variables that are numbers
 * @returns {import("./columns.js").Written}
 */
export const assignedOnly = (numbers) => (assigned, column, name) => {
  const now = new Map(assigned);
  for (const [other, had] of now) if (numbers.includes(name) && had === name) now.set(other, "");
  now.set(column, name);
  return [...now].map(([each, variable]) => `${escape(each)}:${variable}`).join(",");
};
