/** A way downhill as far as it was received: position k of each column is what was found after k steps. */

/**
 * @typedef {number | string} Sent a number; those that aren't finite come as texts
 *
 * @typedef {object} Message a line of the answer: its head, a piece of the way, or its end
 * @property {string} [optimizer]
 * @property {Record<string, Sent>} [settings]
 * @property {string[]} [parameters]
 * @property {string[]} [state]
 * @property {number} [rows]
 * @property {number} [batches]
 * @property {number} [from]
 * @property {Sent[]} [losses]
 * @property {Sent[][]} [points]
 * @property {Sent[][]} [gradients]
 * @property {Record<string, Sent[][]>} [states]
 * @property {boolean} [done]
 * @property {string} [stopped]
 *
 * @typedef {Record<string, number[]>} Columns by parameter
 *
 * @typedef {object} Trail
 * @property {string} name the optimizer's
 * @property {string[]} parameters
 * @property {Record<string, number>} settings
 * @property {number} rows of data; 0 without
 * @property {number} batches steps that make an epoch
 * @property {number[]} losses
 * @property {Columns} points
 * @property {Columns} gradients
 * @property {Record<string, Columns>} states the optimizer's memory, by its name and the parameter's
 * @property {boolean} done
 * @property {string} stopped why it ended early
 */

/** @param {string} name @returns {Trail} */
export function createTrail(name) {
  const empty = { losses: [], points: {}, gradients: {}, states: {} };
  return { name, parameters: [], settings: {}, rows: 0, batches: 0, ...empty, done: false, stopped: "" };
}

/** Takes in a line of the answer. @param {Trail} trail @param {Message} message */
export function take(trail, message) {
  if (message.parameters) begin(trail, message);
  if (message.losses) grow(trail, message);
  if (message.done) Object.assign(trail, { done: true, stopped: message.stopped ?? "" });
}

/** @param {Trail} trail @param {Message} head */
function begin(trail, { parameters = [], state = [], settings = {}, rows = 0, batches = 0 }) {
  const columns = () => Object.fromEntries(parameters.map((name) => [name, /** @type {number[]} */ ([])]));
  const numbers = Object.fromEntries(Object.entries(settings).map(([name, number]) => [name, Number(number)]));
  Object.assign(trail, { parameters, settings: numbers, rows, batches, points: columns(), gradients: columns() });
  trail.states = Object.fromEntries(state.map((name) => [name, columns()]));
}

/** @param {Trail} trail @param {Message} piece */
function grow(trail, { losses = [], points = [], gradients = [], states = {} }) {
  for (const loss of losses) trail.losses.push(Number(loss));
  append(trail, trail.points, points);
  append(trail, trail.gradients, gradients);
  for (const [name, rows] of Object.entries(states)) append(trail, trail.states[name], rows);
}

/** @param {Trail} trail @param {Columns} columns @param {Sent[][]} rows */
function append({ parameters }, columns, rows) {
  parameters.forEach((name, at) => {
    for (const row of rows) columns[name].push(Number(row[at]));
  });
}

/** The last step that is known; -1 before there is any. @param {Trail} trail */
export const lastOf = (trail) => trail.losses.length - 1;

/**
 * Where a trail stands while step k is shown: one that ended earlier stays at its end.
 * @param {Trail} trail
 * @param {number} k
 */
export const shownOf = (trail, k) => Math.min(k, lastOf(trail));

/** How far all of them can be shown by now. @param {Trail[]} trails */
export const reachOf = (trails) =>
  Math.min(endOf(trails), ...trails.map((trail) => (trail.done ? Infinity : lastOf(trail))));

/** The last step of the longest. @param {Trail[]} trails */
export const endOf = (trails) => Math.max(-1, ...trails.map(lastOf));

/** The numbers of a column family after k steps. @param {Columns} columns @param {number} k */
export const rowOf = (columns, k) => new Map(Object.entries(columns).map(([name, column]) => [name, column[k]]));

/** The length of the gradient after k steps. @param {Trail} trail @param {number} k */
export const steepness = (trail, k) => Math.hypot(...trail.parameters.map((name) => trail.gradients[name][k]));

/**
 * What an update of one parameter reads after k steps: `w`, `g`, the settings and the optimizer's memory.
 * @param {Trail} trail @param {string} parameter @param {number} k @returns {Record<string, number>}
 */
export function readings(trail, parameter, k) {
  const memory = Object.entries(trail.states).map(([name, columns]) => [name, columns[parameter][k]]);
  return {
    ...trail.settings,
    ...Object.fromEntries(memory),
    w: trail.points[parameter][k],
    g: trail.gradients[parameter][k],
  };
}

/**
 * “epoch 3 of 12, batch 2 of 5”: what the next step is made on.
 * @param {Trail} trail @param {number} k @param {number} steps asked for
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
