/** What the card says in words, for those who can't see it and where something ended. */

import { formatNumber } from "../engine/numerals.js";
import { endOf, isLevel, lastOf, numberOf, shownOf, steepness } from "./descent.js";
import { namesOf } from "./layout.js";

/** @typedef {import("./descent.js").Descent} Descent */

const NAMED = 2; // parameters that are said

/**
 * “w = 0.3, b = 0.1”, and dots for more; nothing where a number is not known.
 * @param {string[]} names
 * @param {(name: string) => number | null | undefined} numberOf
 */
export function pointInWords(names, numberOf, most = NAMED) {
  const some = names.slice(0, most).map((name) => [name, numberOf(name) ?? null]);
  if (some.some(([, number]) => number === null)) return "";
  const said = some.map(([name, number]) => `${name} = ${formatNumber(/** @type {number} */ (number))}`).join(", ");
  return names.length > most ? `${said}, …` : said;
}

/**
 * “Step 12 of 100: loss 0.4, x = 0.2.”, and how a descent ended.
 * @param {Descent[]} descents the followed one first
 * @param {number} k @param {number} steps asked for @param {(name: string) => string} titleOf
 * @param {{loss: boolean, length: boolean}} [tells] whether the loss is told, and the gradient's length
 */
export function placeInWords(descents, k, steps, titleOf, tells = { loss: true, length: true }) {
  const [descent] = descents;
  const at = shownOf(descent, k);
  const names = namesOf(descent.layout, NAMED + 1);
  const point = pointInWords(names, (name) => numberOf(descent, descent.points, name, at));
  const ended = descents.filter((one) => one.done && one.stopped && k >= lastOf(one));
  const end = descents.every(({ done }) => done) ? endOf(descents) : steps;
  const text = [
    `Step ${k} of ${end}: ${tells.loss ? `loss ${formatNumber(descent.losses[at])}, ` : ""}${point}${point.endsWith("…") ? "" : "."}`,
    ...ended.map((one) => endInWords(one, descents.length > 1 ? titleOf(one.name) : "")),
    ...(tells.length && isLevel(descent, at) ? [levelInWords(descent, at)] : []),
  ].join(" ");
  return { text, bad: ended.length > 0, smaller: ended.includes(descent) ? descent.smaller : null };
}

/** @param {Descent} descent @param {string} title where there are several */
const endInWords = (descent, title) =>
  `${title ? `${title} stopped` : "Stopped"} at step ${lastOf(descent)}: ${descent.stopped}.`;

/** @param {Descent} descent @param {number} k */
function levelInWords(descent, k) {
  const [first, last] = [steepness(descent, 0), steepness(descent, k)].map(formatNumber);
  return `Arrived: |∇L| fell from ${first} to ${last}, the ground is level here.`;
}

/**
 * How the rate came about that nobody chose.
 * @param {number} rate @param {boolean} scales whether the optimizer's steps grow with the gradient
 */
export const rateInWords = (rate, scales) =>
  scales
    ? `Rate ${formatNumber(rate)}, chosen: 1 over the largest curvature at the start, rounded down (0.1 at most).`
    : `Rate ${formatNumber(rate)}, chosen: these steps do not grow with the gradient.`;
