/** A descent as far as it is known: position k of each column is what was found after k steps. */

import { layoutOf, lengthOf, numberAt, partOf, sizeOf } from "./layout.js";

/**
 * @typedef {number | string} Sent a number; those that aren't finite come as texts
 *
 * @typedef {object} Message a line of the answer: its head, some steps, or its end
 * @property {string} [optimizer]
 * @property {Record<string, Sent>} [settings]
 * @property {string[]} [parameters]
 * @property {readonly (readonly number[])[]} [shapes] theirs, where some are tensors: rows have all their cells
 * @property {string[]} [state]
 * @property {number} [rows]
 * @property {number} [batches]
 * @property {number} [every] steps after which samples that are held out are tested again
 * @property {Sent[]} [held] their losses
 * @property {number} [from]
 * @property {Sent[]} [losses]
 * @property {ArrayLike<Sent>[]} [points]
 * @property {ArrayLike<Sent>[]} [gradients]
 * @property {Record<string, ArrayLike<Sent>[]>} [states]
 * @property {boolean} [done]
 * @property {string} [stopped]
 * @property {number | null} [smaller]
 *
 * @typedef {Record<string, any[]>} Columns by parameter: numbers, or the cells of a tensor
 *
 * @typedef {object} Descent
 * @property {string} name the optimizer's
 * @property {string[]} parameters
 * @property {import("./layout.js").Layout} layout
 * @property {Record<string, number>} settings
 * @property {number} rows of data; 0 without
 * @property {number} batches steps that make an epoch
 * @property {number[]} losses
 * @property {number} every position k of `held` is what was found after so many times k steps
 * @property {number[]} held the losses of samples that are held out
 * @property {Columns} points
 * @property {Columns} gradients
 * @property {Record<string, Columns>} states the optimizer's memory, by its name and the parameter's
 * @property {boolean} done
 * @property {string} stopped why it ended early
 * @property {number | null} smaller a rate to try where it overshot
 */

/** @param {string} name @returns {Descent} */
export function createDescent(name) {
  const empty = { losses: [], every: 1, held: [], points: {}, gradients: {}, states: {} };
  return {
    name,
    parameters: [],
    layout: layoutOf([], []),
    settings: {},
    rows: 0,
    batches: 0,
    ...empty,
    done: false,
    stopped: "",
    smaller: null,
  };
}

/** Takes in a line of the answer. @param {Descent} descent @param {Message} message */
export function take(descent, message) {
  if (message.parameters) begin(descent, message);
  if (message.losses) grow(descent, message);
  if (message.done) {
    Object.assign(descent, { done: true, stopped: message.stopped ?? "", smaller: message.smaller ?? null });
  }
}

/** @param {Descent} descent @param {Message} head */
function begin(
  descent,
  { parameters = [], shapes = parameters.map(() => []), state = [], settings = {}, rows = 0, batches = 0, every = 1 },
) {
  const columns = () => Object.fromEntries(parameters.map((name) => [name, /** @type {any[]} */ ([])]));
  descent.layout = layoutOf(parameters, shapes);
  const numbers = Object.fromEntries(Object.entries(settings).map(([name, number]) => [name, Number(number)]));
  Object.assign(descent, { parameters, settings: numbers, rows, batches, every });
  Object.assign(descent, { points: columns(), gradients: columns() });
  descent.states = Object.fromEntries(state.map((name) => [name, columns()]));
}

/** @param {Descent} descent @param {Message} piece */
function grow(descent, { losses = [], held = [], points = [], gradients = [], states = {} }) {
  for (const loss of losses) descent.losses.push(Number(loss));
  for (const loss of held) descent.held.push(Number(loss));
  append(descent, descent.points, points);
  append(descent, descent.gradients, gradients);
  for (const [name, rows] of Object.entries(states)) append(descent, descent.states[name], rows);
}

/** @param {Descent} descent @param {Columns} columns @param {ArrayLike<Sent>[]} rows */
function append({ parameters, layout }, columns, rows) {
  const numbers = rows.map((row) => Float64Array.from(row, Number));
  parameters.forEach((name, at) => {
    for (const row of numbers) columns[name].push(partOf(layout, row, at));
  });
}

/** The last step that is known; -1 before there is any. @param {Descent} descent */
export const lastOf = (descent) => descent.losses.length - 1;

/**
 * Where a descent stands while step k is shown: one that ended earlier stays at its end.
 * @param {Descent} descent
 * @param {number} k
 */
export const shownOf = (descent, k) => Math.min(k, lastOf(descent));

/** How far all of them can be shown by now. @param {Descent[]} descents */
export const reachOf = (descents) =>
  Math.min(endOf(descents), ...descents.map((descent) => (descent.done ? Infinity : lastOf(descent))));

/** The last step of the longest. @param {Descent[]} descents */
export const endOf = (descents) => Math.max(-1, ...descents.map(lastOf));

/** The one of this name comes first, and is followed. @param {Descent[]} descents @param {string} name */
export const led = (descents, name) => [
  ...descents.filter((one) => one.name === name),
  ...descents.filter((one) => one.name !== name),
];

/** Those that have begun, ended where they are. @param {Descent[]} descents */
export const settled = (descents) => descents.filter((one) => lastOf(one) >= 0).map((one) => ({ ...one, done: true }));

/** What a column family has after k steps. @param {Columns} columns @param {number} k */
export const rowOf = (columns, k) => new Map(Object.entries(columns).map(([name, column]) => [name, column[k]]));

/** The length of the gradient after k steps. @param {Descent} descent @param {number} k */
export const steepness = (descent, k) => lengthOf(descent.parameters.map((name) => sizeOf(descent.gradients[name][k])));

const LEVEL = 1e-6; // of the gradient at the start: what is left of it moves nothing

/**
 * Whether the descent has come to where the gradient is as good as 0. A batch's own may be so by chance.
 * @param {Descent} descent @param {number} k
 */
export function isLevel(descent, k) {
  if (descent.batches > 1 || !(descent.losses[k] < descent.losses[0])) return false;
  return steepness(descent, k) <= LEVEL * steepness(descent, 0);
}

/**
 * A number of a column family after k steps.
 * @param {Descent} descent @param {Columns} columns @param {string} name `b`, `W[0, 1]` @param {number} k
 */
export function numberOf({ layout }, columns, name, k) {
  const shapes = new Map(layout.names.map((parameter, at) => [parameter, layout.shapes[at]]));
  return numberAt(name, (parameter) => columns[parameter]?.[k], shapes);
}

/**
 * What an update of one parameter reads after k steps: `w`, `g`, the settings and the optimizer's memory.
 * @param {Descent} descent @param {string} parameter @param {number} k @returns {Record<string, number>}
 */
export function readings(descent, parameter, k) {
  const number = (/** @type {Columns} */ columns) => numberOf(descent, columns, parameter, k) ?? NaN;
  const memory = Object.entries(descent.states).map(([name, columns]) => [name, number(columns)]);
  return {
    ...descent.settings,
    ...Object.fromEntries(memory),
    w: number(descent.points),
    g: number(descent.gradients),
  };
}

/**
 * “epoch 3 of 12, batch 2 of 5”: what the next step is made on.
 * @param {Descent} descent @param {number} k @param {number} steps asked for
 */
export function epochOf({ batches }, k, steps) {
  if (!batches || k < 0) return "";
  const all = Math.ceil(steps / batches);
  if (k >= steps) {
    return k % batches
      ? `epoch ${all}, after batch ${k % batches} of ${batches}`
      : `after ${all} epoch${all === 1 ? "" : "s"}`;
  }
  const epoch = `epoch ${Math.floor(k / batches) + 1} of ${all}`;
  return batches > 1 ? `${epoch}, batch ${(k % batches) + 1} of ${batches}` : epoch;
}
