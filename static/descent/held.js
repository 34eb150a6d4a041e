/** The loss of samples that nothing was learned from; and of a classifier, how many of them are told right. */

import { formatNumber } from "../engine/numerals.js";
import { createSlope, sized } from "../engine/tensors/slope.js";
import { valueOf } from "../state/url.js";
import { cellsOf } from "./cells.js";

/**
 * @typedef {import("../engine/tensors/slope.js").SlopeOf} SlopeOf
 *
 * @typedef {object} Held samples that are held out
 * @property {SlopeOf | null} slope the loss of n of them; null where each goes alone
 * @property {boolean} whole whether the program names its batch: then it says how their losses are put together
 * @property {SlopeOf | null} right how many of n samples a classifier tells right
 * @property {number} count
 * @property {Record<string, Float64Array>} columns by variable
 */

/** @returns {(state: import("../workbench.js").Shown) => string} “240 of 250 samples held out are right: 96 %.” */
export function createHeldOut() {
  /** @type {{held: Held | null, loss: Counting | null, right: Counting | null}} */
  let known = { held: null, loss: null, right: null };
  /** @type {{moved: unknown, at: unknown, lists: unknown, words: string}} */
  let said = { moved: null, at: null, lists: null, words: "" };

  return (state) => {
    const held = state.samples?.sampled?.held ?? null;
    if (!held?.count || !state.tensors) return "";
    const { moved, at, lists } = state;
    if (known.held === held && said.moved === moved && said.at === at && said.lists === lists) return said.words;
    if (known.held !== held) known = { held, loss: counting(held.slope, held), right: counting(held.right, held) };
    const values = (/** @type {string} */ name) => moved.get(name) ?? cellsOf(state, name) ?? [valueOf(state, name)];
    const names = state.tensors.variables.filter((name) => !Object.hasOwn(held.columns, name));
    const [loss, right] = [known.loss, known.right].map((one) => one?.(names, values) ?? null);
    said = { moved, at, lists, words: told(held, loss, right) };
    return said.words;
  };
}

/** @typedef {(names: readonly string[], values: (name: string) => ArrayLike<number>) => number} Counting */

/**
 * What computes a number of all samples that are held out, where the parameters have these values.
 * @param {SlopeOf | null} of @param {Held} held @returns {Counting | null}
 */
function counting(of, { count, columns }) {
  const slope = of && createSlope(sized(of, count), [], columns);
  return (
    slope &&
    ((names, values) => {
      for (const name of names) slope.set(name, values(name));
      slope.run();
      return slope.value();
    })
  );
}

/**
 * @param {Held} held @param {number | null} sum of their losses, or what the program makes of them
 * @param {number | null} right
 */
function told({ count, whole }, sum, right) {
  const loss = sum === null ? "" : formatNumber(whole ? sum : sum / count);
  if (right === null) return `The loss of ${count} samples held out is ${loss}.`;
  const share = Math.floor((1000 * right) / count) / 10;
  return `${right} of ${count} samples held out are right: ${share} %.${loss && ` Their loss is ${loss}.`}`;
}
