/** What the state asks for, as the server takes it. */

import { LIMITS } from "../state/table.js";
import { valueOf } from "../state/url.js";
import { cellsOf } from "./cells.js";
import { optimizers } from "./updates.js";

/**
 * @typedef {import("../state/url.js").State} State
 * @typedef {import("../workbench.js").Samples} Samples
 * @typedef {import("./stream.js").Asked} Asked
 */

export const { racing: MOST_RACING, steps: MOST_STEPS } = LIMITS;

/** The optimizers that race, the followed one first. @param {State} state */
export function racing(state) {
  const known = [...new Set(state.optimizer.split(","))].filter((name) => Object.hasOwn(optimizers, name));
  return known.length ? known.slice(0, MOST_RACING) : ["gd"];
}

/** The settings that were chosen: "beta1:0.8,…". @param {string} hyper @returns {Record<string, number>} */
export function readHyper(hyper) {
  const pairs = hyper.split(",").map((pair) => pair.split(":"));
  const good = pairs.filter(([name, number]) => name && number?.trim() && Number.isFinite(Number(number)));
  return Object.fromEntries(good.map(([name, number]) => [name.trim(), Number(number)]));
}

/** @param {Record<string, number>} chosen */
export const writeHyper = (chosen) =>
  Object.entries(chosen)
    .map((pair) => pair.join(":"))
    .join(",");

/** The chosen settings that this optimizer has. @param {State} state @param {string} name */
export function settingsOf(state, name) {
  const own = Object.entries(readHyper(state.hyper)).filter(
    ([key]) => key !== "rate" && key in optimizers[name].settings,
  );
  return Object.fromEntries(own);
}

/**
 * All numbers that an optimizer's update reads beside the parameter's own.
 * @param {State} state @param {string} name @param {number} rate @returns {Record<string, number>}
 */
export const completeSettings = (state, name, rate) => ({
  ...optimizers[name].settings,
  ...settingsOf(state, name),
  rate,
});

/** “-” is no name: nothing moves. An empty list would say that nobody chose. */
const NOTHING = "-";

/**
 * What moves: what was chosen, else what is named as a parameter is, else everything.
 * @param {State} state
 * @param {string[]} free the variables that are no column
 * @param {string[]} preferred those that are named so: parameters.py says which
 */
export function parametersOf(state, free, preferred) {
  const chosen = new Set(state.params ? state.params.split(",") : preferred);
  const moving = free.filter((name) => chosen.has(name));
  return moving.length || state.params ? moving : free;
}

/**
 * How the state holds that these move.
 * @param {string[]} moving @param {string[]} free @param {string[]} preferred
 */
export function writeParameters(moving, free, preferred) {
  const unchosen = parametersOf(/** @type {State} */ ({ params: "" }), free, preferred);
  return moving.join() === unchosen.join() ? "" : moving.join(",") || NOTHING;
}

/**
 * Whether two tables hold the same numbers: they are bound anew with each program.
 * @param {Samples | null} one
 * @param {Samples | null} other
 */
export function sameSamples(one, other) {
  if (!one || !other || one === other) return one === other;
  const names = Object.keys(one.columns);
  return (
    names.length === Object.keys(other.columns).length &&
    names.every((name) => {
      const [column, twin] = [one.columns[name], other.columns[name]];
      return (
        column === twin || (column.length === twin?.length && column.every((number, at) => Object.is(number, twin[at])))
      );
    })
  );
}

/** Where a number starts. @param {State} state @param {string} name @param {boolean} moves */
const numberOf = (state, name, moves) => (moves ? (state.from.get(name) ?? 1) : valueOf(state, name));

/** The rate that was chosen; null, and the optimizer's start says it. @param {State} state */
export const rateOf = ({ rate }) => (rate > 0 ? rate : null);

/**
 * @param {import("./cells.js").Held} state
 * @param {string[]} variables
 * @param {Samples | null} rows
 * @param {string[]} parameters what moves
 * @returns {Asked[]}
 */
export function planOf(state, variables, rows, parameters) {
  const start = Object.fromEntries(
    variables
      .filter((name) => !rows || !Object.hasOwn(rows.columns, name))
      .map((name) => [name, cellsOf(state, name) ?? numberOf(state, name, parameters.includes(name))]),
  );
  return racing(state).map((optimizer) => ({
    start,
    parameters,
    optimizer,
    rate: rateOf(state),
    steps: Math.max(state.steps, 1),
    settings: settingsOf(state, optimizer),
    columns: rows?.columns ?? {},
    count: rows?.count ?? 0,
    sampled: rows?.sampled ? { whole: rows.sampled.whole, slope: rows.sampled.slope } : null,
    held: rows?.held ? { columns: rows.held.columns, count: rows.held.count } : null,
    batch: rows && state.batch > 0 ? state.batch : null,
    shuffle: state.order >= 0,
    seed: Math.max(state.order, 0),
  }));
}
