/** What a classifier says of samples that it did not learn from. */

import { createSlope, sized } from "../engine/tensors/slope.js";
import { valueOf } from "../state/url.js";
import { cellsOf } from "./cells.js";

/**
 * @typedef {object} Held samples that are held out
 * @property {import("../engine/tensors/slope.js").SlopeOf} right how many of n samples are told right
 * @property {number} count
 * @property {Record<string, Float64Array>} columns by variable
 */

/** @returns {(state: import("../workbench.js").Shown) => string} “240 of 250 held out are right: 96 %” */
export function createHeldOut() {
  /** @type {{held: Held | null, slope: ReturnType<typeof createSlope> | null}} */
  let known = { held: null, slope: null };
  /** @type {{moved: unknown, at: unknown, lists: unknown, words: string}} */
  let said = { moved: null, at: null, lists: null, words: "" };

  return (state) => {
    const held = state.samples?.sampled?.held ?? null;
    if (!held?.count || !state.tensors) return "";
    const { moved, at, lists } = state;
    if (known.held === held && said.moved === moved && said.at === at && said.lists === lists) return said.words;
    if (known.held !== held) known = { held, slope: createSlope(sized(held.right, held.count), [], held.columns) };
    const { slope } = known;
    for (const name of state.tensors.variables) {
      if (Object.hasOwn(held.columns, name)) continue;
      slope?.set(name, moved.get(name) ?? cellsOf(state, name) ?? [valueOf(state, name)]);
    }
    slope?.run();
    const right = slope?.value() ?? 0;
    const share = Math.floor((1000 * right) / held.count) / 10;
    said = { moved, at, lists, words: `${right} of ${held.count} samples held out are right: ${share} %.` };
    return said.words;
  };
}
