/** What is plotted now. No DOM in here. */

import { same } from "../state/same.js";
import { valueOf } from "../state/url.js";

/**
 * @typedef {object} Subject
 * @property {string[]} names one or two variables
 * @property {Record<string, number>} at
 * @property {import("../workbench.js").Samples | null} samples the samples that are averaged
 * @property {string} sample about the one sample that is shown, in words
 */

/**
 * The variables: what was chosen, else the first one that is no column.
 * @param {string} wanted
 * @param {readonly string[]} variables
 * @param {Record<string, unknown>} columns
 */
export function chosen(wanted, variables, columns) {
  const names = wanted
    .split(",")
    .filter((name, at, all) => variables.includes(name) && all.indexOf(name) === at)
    .slice(0, 2);
  return names.length ? names : [variables.find((name) => !(name in columns)) ?? variables[0]];
}

/**
 * A column that is plotted against has no average: the other columns stand at one sample then.
 * @param {import("../state/url.js").State} state
 * @param {readonly string[]} variables
 * @param {import("../workbench.js").Samples | null} samples
 * @returns {Subject}
 */
export function subjectOf(state, variables, samples) {
  const columns = samples?.columns ?? {};
  const names = chosen(state.plot, variables, columns);
  const at = Object.fromEntries(variables.map((name) => [name, valueOf(state, name)]));
  const own = names.filter((name) => name in columns);
  if (!samples || (state.row < 0 && !own.length)) return { names, at, samples, sample: "" };
  const sample = Math.min(Math.max(state.row, 0), samples.count - 1);
  for (const name of Object.keys(columns)) {
    if (!names.includes(name)) at[name] = columns[name][sample];
  }
  return { names, at, samples: null, sample: words(own, sample + 1) };
}

/**
 * Whether two subjects of a graph are one function, on which the point may stand elsewhere.
 * @param {Subject} one @param {Subject} other
 */
export function isSameFunction(one, other) {
  const isOver = one.samples === other.samples && one.sample === other.sample;
  if (!isOver || !same(one.names, other.names)) return false;
  return Object.keys(other.at).every((name) => other.names.includes(name) || Object.is(one.at[name], other.at[name]));
}

/** @param {readonly string[]} own columns that are plotted against @param {number} number of the sample */
function words(own, number) {
  if (!own.length) return `At sample ${number}.`;
  return `${own.join(" and ")} ${own.length > 1 ? "are columns" : "is a column"}; the other columns are at sample ${number}.`;
}
