/** What a plot shows, in words: first what its axes don't say. No DOM in here. */

import { formatNumber } from "../engine/numerals.js";

/** @param {number} number */
const told = (number) => formatNumber(Number(number.toPrecision(4)));

/**
 * @param {object} shown
 * @param {string} shown.output @param {string} shown.name
 * @param {readonly [number, number]} shown.range
 * @param {number} shown.x
 * @param {number} shown.value
 * @param {number} shown.slope NaN where there is none to tell
 * @param {{x: number, value: number, inside: boolean, below: boolean} | undefined} shown.least
 */
export function curveWords({ output, name, range, x, value, slope, least }) {
  const frame = `${output} against ${name} from ${told(range[0])} to ${told(range[1])}.`;
  const rises = Number.isNaN(slope) ? "" : ` and the slope ${told(slope)}`;
  const at = Number.isNaN(value)
    ? `At ${name} = ${told(x)} it is not defined.`
    : `At ${name} = ${told(x)} the value is ${told(value)}${rises}.`;
  const lowest = least?.below
    ? "It goes on below what is shown."
    : least
      ? `The smallest value shown is ${told(least.value)}, ${least.inside ? "near" : "at the end,"} ${name} = ${told(least.x)}.`
      : `It is defined nowhere in this range.`;
  return { told: `${at} ${lowest}`, frame };
}

/**
 * @param {object} shown
 * @param {string} shown.output @param {readonly [string, string]} shown.names @param {readonly number[]} shown.window
 * @param {readonly [number, number]} shown.at
 * @param {number} shown.value
 * @param {readonly [number, number]} shown.gradient NaN where there is none to tell
 * @param {{x: number, y: number, value: number} | undefined} shown.least
 */
export function contourWords({ output, names: [x, y], window, at, value, gradient, least }) {
  const frame = `${output} over ${x} from ${told(window[0])} to ${told(window[1])} and ${y} from ${told(window[2])} to ${told(window[3])}.`;
  const place = `${x} = ${told(at[0])}, ${y} = ${told(at[1])}`;
  const rises = gradient.some(Number.isNaN) ? "" : ` and the gradient (${told(gradient[0])}, ${told(gradient[1])})`;
  const here = Number.isNaN(value)
    ? `At ${place} it is not defined.`
    : `At ${place} the value is ${told(value)}${rises}.`;
  const lowest = least
    ? `The smallest value shown is about ${told(least.value)}, near ${x} = ${told(least.x)}, ${y} = ${told(least.y)}.`
    : `It is defined nowhere in this range.`;
  return { told: `${here} ${lowest}`, frame };
}

/**
 * Over which samples, where there are any.
 * @param {{samples: number, used: number}} source
 * @param {boolean} exact
 * @param {string} sample about the one that is shown
 */
export function sampleWords({ samples, used }, exact, sample) {
  if (sample) return ` ${sample}`;
  if (!samples) return "";
  return exact || used === samples
    ? ` Average over ${samples} samples.`
    : ` Average over ${used} of ${samples} samples; all of them follow.`;
}
