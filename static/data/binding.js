/**
 * Which column stands for which variable: by name, unless the state says otherwise ("a:x1,b:y", and "x:" for
 * a column x that stands for nothing). Marks inside a column's name are escaped.
 */

import { heldCount } from "./held.js";

/**
 * @param {readonly string[]} columns @param {readonly string[]} variables @param {string} bind
 * @returns {Map<string, string>} each column's variable, "" where it stands for none
 */
export function assign(columns, variables, bind) {
  const chosen = parse(bind);
  const taken = new Set([...chosen].flatMap(([column, name]) => (columns.includes(column) ? [name] : [])));
  return new Map(
    columns.map((column) => {
      const name = chosen.get(column) ?? (taken.has(column) ? "" : column);
      return [column, variables.includes(name) ? name : ""];
    }),
  );
}

/**
 * The state once a column stands for another variable; the column that stood for it before stands for none.
 * @param {readonly string[]} columns @param {readonly string[]} variables @param {string} bind
 * @param {string} column @param {string} name
 */
export function choose(columns, variables, bind, column, name) {
  const assigned = assign(columns, variables, bind);
  for (const [other, had] of assigned) if (name && had === name) assigned.set(other, "");
  assigned.set(column, name);
  return [...assigned]
    .filter(([each, variable]) => variable !== (variables.includes(each) ? each : ""))
    .map(([each, variable]) => `${escape(each)}:${variable}`)
    .join(",");
}

/**
 * The samples, by the variables that their columns stand for; null where none stands for any.
 * @param {import("./source.js").Table} table @param {ReadonlyMap<string, string>} assigned as `assign` gives it
 * @returns {import("../workbench.js").Samples | null}
 */
export function samplesOf({ columns, count, held }, assigned) {
  /** @type {Record<string, Float64Array>} */
  const found = Object.create(null);
  /** @type {Record<string, Float64Array>} */
  const rest = Object.create(null);
  /** @type {Map<string, string>} */
  const names = new Map();
  for (const [column, variable] of assigned) {
    const numbers = columns.get(column);
    if (!variable || !numbers) continue;
    found[variable] = numbers;
    names.set(variable, column);
    const others = held?.get(column);
    if (others) rest[variable] = others;
  }
  if (!names.size) return null;
  return { columns: found, count, names, ...(held && { held: { columns: rest, count: heldCount(held) } }) };
}

/** @param {string} bind */
function parse(bind) {
  /** @type {Map<string, string>} */
  const chosen = new Map();
  for (const pair of bind.split(",").filter(Boolean)) {
    const at = pair.lastIndexOf(":");
    if (at <= 0) continue;
    const [column, name] = [unescape(pair.slice(0, at)), pair.slice(at + 1)];
    if (!name || ![...chosen.values()].includes(name)) chosen.set(column, name);
  }
  return chosen;
}

/** @param {string} column */
export const escape = (column) => column.replace(/[%,:]/g, (mark) => `%${mark.charCodeAt(0).toString(16)}`);

/** @param {string} text */
const unescape = (text) => text.replace(/%(25|2c|3a)/gi, (_, code) => String.fromCharCode(parseInt(code, 16)));
