/** The live numbers of the card, by their fields. */

import { formatNumber } from "../engine/numerals.js";
import { setNames } from "../network/letters.js";
import { LIMITS } from "../state/table.js";
import { valueOf } from "../state/url.js";
import { cellsOf, shapeOf } from "./cells.js";
import { endOf, epochOf, lastOf, numberOf, readings, shownOf, steepness } from "./descent.js";
import { formulaFields, stepped } from "./formula.js";
import { layoutOf, namesOf, numberAt } from "./layout.js";
import { completeSettings, racing } from "./plan.js";
import { optimizers } from "./updates.js";
import { pointInWords } from "./words.js";

/**
 * @typedef {import("./descent.js").Descent} Descent
 * @typedef {import("../engine/engine.js").Fields} Fields
 * @typedef {import("../state/url.js").State} State
 * @typedef {Map<string, number | string | null>} Shown
 *
 * @typedef {object} Place what is shown
 * @property {import("./cells.js").Held} state
 * @property {string} output
 * @property {string[]} parameters
 * @property {string} about the parameter whose update is shown
 * @property {Descent[]} descents the followed one first
 * @property {number} k the step that is shown; -1, and there is none
 * @property {number | null} rate that of the first step, where it is known
 */

const NAMED = 3; // of the numbers after the step

/** Parameters in the table, and steps. */
export const { columns: COLUMNS, last_steps: LISTED } = LIMITS;

/** @typedef {Place & {layout: import("./layout.js").Layout}} Laid */

/** The descent that is shown, if any. @param {Place} place */
const followed = ({ k, descents }) => (k >= 0 && descents[0] && lastOf(descents[0]) >= 0 ? descents[0] : null);

/**
 * The step that is shown, of one parameter: the optimizer, and what its update reads where that is known.
 * @param {Place} place @param {Fields} fields
 */
export function stepOf(place, fields) {
  const descent = followed(place);
  const shapes = place.parameters.map((name) => shapeOf(place.state, name));
  const reads = readsOf({ ...place, layout: layoutOf(place.parameters, shapes) }, descent, fields);
  const { about } = place;
  return { optimizer: descent?.name ?? racing(place.state)[0], about, reads: about ? reads(about) : null };
}

/** @param {Place} given @param {Fields} fields @returns {Shown} */
export function cardFields(given, fields) {
  const { parameters, state } = given;
  const shapes = parameters.map((name) => shapeOf(state, name));
  const place = { ...given, layout: layoutOf(parameters, shapes) };
  const descent = followed(place);
  /** @type {Shown} */
  const found = new Map();
  addNow(found, place, descent, fields);
  addTable(found, place, descent);
  for (const name of Object.keys(optimizers)) addRacer(found, name, place);
  const reads = readsOf(place, descent, fields);
  const name = descent?.name ?? racing(place.state)[0];
  const about = place.about && reads(place.about);
  if (about) for (const [field, number] of formulaFields(name, about)) found.set(field, number);
  found.set("descent.now.update", setNames(afterInWords(place, reads, name)));
  return found;
}

/**
 * The first numbers after the step: two, or a single cell of a tensor, whose name takes a line. Its lines break
 * between parameters.
 * @param {Laid} place @param {ReturnType<typeof readsOf>} reads @param {string} optimizer
 */
function afterInWords({ layout }, reads, optimizer) {
  const after = (/** @type {string} */ parameter) => {
    const numbers = reads(parameter);
    return numbers && stepped(optimizer, numbers);
  };
  const said = pointInWords(namesOf(layout, NAMED), after, layout.shapes.some((shape) => shape.length) ? 1 : 2);
  return said.replaceAll(" = ", "\u00a0=\u00a0").replace(/\[[^\]]*\]/g, (place) => place.replaceAll(" ", "\u00a0"));
}

/** @param {Shown} found @param {Laid} place @param {Descent | null} descent @param {Fields} fields */
function addNow(found, { state, output, parameters, layout, descents, k }, descent, fields) {
  const value = fields.get(`${output}.value`) ?? null;
  const end = descents.every(({ done }) => done) ? endOf(descents) : state.steps;
  const at = descent ? shownOf(descent, k) : -1;
  const loss = descent ? descent.losses[at] : value;
  found.set("descent.now.k", descent ? `Step ${k}` : "At the start").set("descent.now.of", descent ? ` of ${end}` : "");
  found.set("descent.now.epoch", descent ? epochOf(descent, at, state.steps) : "");
  found.set("descent.now.value", descent && !descent.rows ? loss : value).set("descent.now.loss", loss);
  const slopes = parameters.map((name) => slopeOf(fields, name, state.seed, layout));
  const known = slopes.every((slope) => slope !== null);
  found.set(
    "descent.now.steepness",
    descent ? steepness(descent, at) : known ? Math.hypot(...slopes.map(Number)) : null,
  );
}

/**
 * The descent's own gradient has no upstream one; of a tensor its length, of a cell its own.
 * @param {Fields} fields @param {string} name @param {number} seed @param {import("./layout.js").Layout} layout
 */
function slopeOf(fields, name, seed, layout) {
  const { names, shapes } = layout;
  const field = shapes[names.indexOf(name)]?.length ? `${name}.total.norm` : `${name.replaceAll(", ", ",")}.total`;
  const total = fields.get(field) ?? null;
  return total === null || seed === 0 ? null : total / seed;
}

/**
 * What the update of a parameter reads at this place.
 * @param {Laid} place @param {Descent | null} descent @param {Fields} fields
 * @returns {(parameter: string) => Record<string, number> | null}
 */
function readsOf({ state, k, rate, layout }, descent, fields) {
  if (descent) {
    const known = new Set(descent.parameters);
    return (name) => (known.has(name.replace(/\[.*/, "")) ? readings(descent, name, shownOf(descent, k)) : null);
  }
  const { names, shapes } = layout;
  const own = new Map(names.map((name, at) => [name, shapes[at]]));
  const first = racing(state)[0];
  const memory = Object.fromEntries(optimizers[first].state.map((name) => [name, 0]));
  return (name) => {
    const g = slopeOf(fields, name, state.seed, layout);
    const w = numberAt(name, (one) => cellsOf(state, one) ?? valueOf(state, one), own);
    return g === null || rate === null || w === null
      ? null
      : { ...completeSettings(state, first, rate), ...memory, w, g };
  };
}

/** @param {Shown} found @param {Laid} place @param {Descent | null} descent */
function addTable(found, { layout, k }, descent) {
  const listed = namesOf(layout, COLUMNS);
  for (let column = 0; column < COLUMNS; column++) {
    found.set(`descent.column.${column}`, setNames(listed[column] ?? ""));
  }
  for (let row = 0; row < LISTED; row++) {
    const at = descent ? shownOf(descent, k) - row : -1;
    const there = descent && at >= 0;
    found.set(`descent.${row}.k`, there ? at : null).set(`descent.${row}.loss`, there ? descent.losses[at] : null);
    found.set(`descent.${row}.steepness`, there ? steepness(descent, at) : null);
    for (let column = 0; column < COLUMNS; column++) {
      found.set(
        `descent.${row}.at${column}`,
        there && listed[column] ? numberOf(descent, descent.points, listed[column], at) : null,
      );
    }
  }
}

/** @param {Shown} found @param {string} name @param {Place} place */
function addRacer(found, name, { descents, k }) {
  const descent = descents.find((one) => one.name === name);
  const last = descent && k >= 0 ? lastOf(descent) : -1;
  if (!descent || last < 0) return void found.set(`race.${name}.loss`, "").set(`race.${name}.end`, "");
  found.set(`race.${name}.loss`, `loss ${formatNumber(descent.losses[shownOf(descent, k)])}`);
  const final = formatNumber(descent.losses[last]);
  found.set(`race.${name}.end`, descent.done ? `→ ${final} ${descent.stopped ? "stopped at" : "after"} ${last}` : "");
}
