/** Samples that are held out of a table: graphviz_backprop/descent/held.py holds out the same ones. */

import { shuffled } from "../descent/batches.js";

/**
 * @typedef {import("./source.js").Table} Table
 * @typedef {ReadonlyMap<string, Float64Array>} Columns
 */

/**
 * The table of what is learned from: so many of a hundred samples are held out, beside those that its set has already.
 * @param {Table} table @param {number} percent @returns {Table}
 */
export function holdOut(table, percent) {
  const { count } = table;
  const most = percent > 0 ? Math.min(count - 1, Math.max(1, Math.floor((count * percent) / 100))) : 0;
  if (most <= 0) return table;
  const isHeld = new Uint8Array(count);
  for (const row of shuffled(count, 0, 0).subarray(0, most)) isHeld[row] = 1;
  const held = part(table.columns, (row) => isHeld[row] === 1);
  return {
    ...table,
    columns: part(table.columns, (row) => isHeld[row] === 0),
    count: count - most,
    held: table.held ? joined(table.held, held) : held,
  };
}

/** @param {Columns} columns @param {(row: number) => boolean} has @returns {Columns} */
const part = (columns, has) => new Map([...columns].map(([name, xs]) => [name, xs.filter((_, row) => has(row))]));

/** @param {Columns} one @param {Columns} other @returns {Columns} */
const joined = (one, other) =>
  new Map([...one].map(([name, xs]) => [name, Float64Array.from([...xs, ...(other.get(name) ?? [])])]));

/** How many samples are held out. @param {Columns | undefined} held */
export const heldCount = (held) => held?.values().next().value?.length ?? 0;
