/** What the card says in words, for those who can't see it and where something ended. */

import { formatNumber } from "../engine/numerals.js";
import { told } from "./numbers.js";
import { endOf, lastOf, shownOf } from "./trail.js";

/**
 * “Step 12 of 100: loss 0.4, x = 0.2.”, and why a way ended, where it did before all steps.
 * @param {import("./trail.js").Trail[]} trails the followed one first
 * @param {number} k @param {number} steps asked for @param {(name: string) => string} titleOf
 */
export function placeInWords(trails, k, steps, titleOf) {
  const [trail] = trails;
  const at = shownOf(trail, k);
  const point = told(trail.parameters, (name) => trail.points[name][at]);
  const ended = trails.filter((one) => one.done && one.stopped && k >= lastOf(one));
  const why = ended.map(
    (one) =>
      `${trails.length > 1 ? `${titleOf(one.name)} stopped` : "Stopped"} at step ${lastOf(one)}: ${one.stopped}.`,
  );
  const end = trails.every(({ done }) => done) ? endOf(trails) : steps;
  const text = [`Step ${k} of ${end}: loss ${formatNumber(trail.losses[at])}, ${point}.`, ...why].join(" ");
  return { text, bad: ended.length > 0 };
}
