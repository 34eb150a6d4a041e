/** The live numbers of the card, by their fields. */

import { formatNumber } from "../engine/numerals.js";
import { LIMITS } from "../state/table.js";
import { valueOf } from "../state/url.js";
import { formulaFields, stepped } from "./formula.js";
import { completeSettings, racing } from "./plan.js";
import { endOf, epochOf, lastOf, readings, shownOf, steepness } from "./trail.js";
import { optimizers } from "./updates.js";

/**
 * @typedef {import("./trail.js").Trail} Trail
 * @typedef {import("../engine/engine.js").Fields} Fields
 * @typedef {import("../state/url.js").State} State
 * @typedef {Map<string, number | string | null>} Shown
 *
 * @typedef {object} Place what is shown
 * @property {State} state
 * @property {string} output
 * @property {string[]} parameters
 * @property {string} about the parameter whose update is shown
 * @property {Trail[]} trails the followed one first
 * @property {number} k the step that is shown; -1, and there is none
 */

/** Parameters in the table, and steps. */
export const { columns: COLUMNS, last_steps: LISTED } = LIMITS;
const NAMED = 2; // parameters in the row of stages

/** @param {Place} place @param {Fields} fields @returns {Shown} */
export function cardFields(place, fields) {
  const trail = place.k >= 0 && place.trails[0] && lastOf(place.trails[0]) >= 0 ? place.trails[0] : null;
  /** @type {Shown} */
  const found = new Map();
  addNow(found, place, trail, fields);
  addTable(found, place, trail);
  for (const name of Object.keys(optimizers)) addRacer(found, name, place);
  const reads = readsOf(place, trail, fields);
  const name = trail?.name ?? racing(place.state)[0];
  const about = place.about && reads(place.about);
  if (about) for (const [field, number] of formulaFields(name, about)) found.set(field, number);
  found.set(
    "walk.now.update",
    told(place.parameters, (parameter) => {
      const numbers = reads(parameter);
      return numbers && stepped(name, numbers);
    }).replaceAll(" = ", "\u00a0=\u00a0"),
  ); // its lines break between parameters
  return found;
}

/** @param {Shown} found @param {Place} place @param {Trail | null} trail @param {Fields} fields */
function addNow(found, { state, output, parameters, trails, k }, trail, fields) {
  const value = fields.get(`${output}.value`) ?? null;
  const end = trails.every(({ done }) => done) ? endOf(trails) : state.steps;
  const at = trail ? shownOf(trail, k) : -1;
  const loss = trail ? trail.losses[at] : value;
  found.set("walk.now.k", trail ? `Step ${k}` : "At the start").set("walk.now.of", trail ? ` of ${end}` : "");
  found.set("walk.now.epoch", trail ? epochOf(trail, at, state.steps) : "");
  found.set("walk.now.value", trail && !trail.rows ? loss : value).set("walk.now.loss", loss);
  const slopes = parameters.map((name) => slopeOf(fields, name, state.seed));
  const known = slopes.every((slope) => slope !== null);
  found.set("walk.now.steepness", trail ? steepness(trail, at) : known ? Math.hypot(...slopes.map(Number)) : null);
}

/** The descent's own gradient has no upstream one. @param {Fields} fields @param {string} name @param {number} seed */
function slopeOf(fields, name, seed) {
  const total = fields.get(`${name}.total`) ?? null;
  return total === null || seed === 0 ? null : total / seed;
}

/**
 * What the update of a parameter reads at this place.
 * @param {Place} place @param {Trail | null} trail @param {Fields} fields
 * @returns {(parameter: string) => Record<string, number> | null}
 */
function readsOf({ state, k }, trail, fields) {
  if (trail) return (name) => (name in trail.points ? readings(trail, name, shownOf(trail, k)) : null);
  const first = racing(state)[0];
  const memory = Object.fromEntries(optimizers[first].state.map((name) => [name, 0]));
  return (name) => {
    const g = slopeOf(fields, name, state.seed);
    return g === null ? null : { ...completeSettings(state, first), ...memory, w: valueOf(state, name), g };
  };
}

/**
 * “w = 0.3, b = 0.1”, and dots for more.
 * @param {string[]} names
 * @param {(name: string) => number | null | undefined} numberOf
 */
export function told(names, numberOf) {
  const some = names.slice(0, NAMED).map((name) => [name, numberOf(name) ?? null]);
  if (some.some(([, number]) => number === null)) return "";
  const said = some.map(([name, number]) => `${name} = ${formatNumber(/** @type {number} */ (number))}`).join(", ");
  return names.length > NAMED ? `${said}, …` : said;
}

/** @param {Shown} found @param {Place} place @param {Trail | null} trail */
function addTable(found, { parameters, k }, trail) {
  const listed = parameters.slice(0, COLUMNS);
  for (let column = 0; column < COLUMNS; column++) found.set(`walk.column.${column}`, listed[column] ?? "");
  for (let row = 0; row < LISTED; row++) {
    const at = trail ? shownOf(trail, k) - row : -1;
    const there = trail && at >= 0;
    found.set(`walk.${row}.k`, there ? at : null).set(`walk.${row}.loss`, there ? trail.losses[at] : null);
    found.set(`walk.${row}.steepness`, there ? steepness(trail, at) : null);
    for (let column = 0; column < COLUMNS; column++) {
      found.set(`walk.${row}.at${column}`, there ? (trail.points[listed[column]]?.[at] ?? null) : null);
    }
  }
}

/** @param {Shown} found @param {string} name @param {Place} place */
function addRacer(found, name, { trails, k }) {
  const trail = trails.find((one) => one.name === name);
  const last = trail && k >= 0 ? lastOf(trail) : -1;
  if (!trail || last < 0) return void found.set(`race.${name}.loss`, "").set(`race.${name}.end`, "");
  found.set(`race.${name}.loss`, `loss ${formatNumber(trail.losses[shownOf(trail, k)])}`);
  const final = formatNumber(trail.losses[last]);
  found.set(`race.${name}.end`, trail.done ? `→ ${final} ${trail.stopped ? "stopped at" : "after"} ${last}` : "");
}
