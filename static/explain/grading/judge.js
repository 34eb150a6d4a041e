/**
 * A number that somebody answers: right, right given an answer before, or wrong and why. The twin of
 * graphviz_backprop/explain/grading/{answers,judge}.py.
 */

import { diagnose, single } from "./diagnosis.js";
import { DIGITS, EXACT } from "./mistakes.js";
import { carried, right } from "./numbers.js";
import { read, target } from "./targets.js";

/**
 * @typedef {{value: number, slack: number, digits: number, margin?: number}} Answer a number; half a unit of its last
 *   digit, where it was typed as a decimal number; how many digits it has; and half a unit of its third digit where
 *   decimal numbers of so many digits stand in it: those that it was computed from may have been rounded
 * @typedef {{verdict: "right" | "follows" | "wrong", number: number | null, after: string[],
 *   diagnoses: import("./diagnosis.js").Diagnosis[]}} Verdict
 */

/** @param {number} a @param {number} b @param {number} size of what they were computed from */
function isSame(a, b, size) {
  if (!Number.isFinite(a) || !Number.isFinite(b)) return a === b; // infinity is as near to itself as to nothing else
  return Math.abs(a - b) <= EXACT * Math.max(Math.abs(a), Math.abs(b)) + 1e-14 * size;
}

/** Whether it is this number, exactly or rounded. @param {Answer} answer @param {number} number @param {number} size */
export function isRight({ value, slack, digits }, number, size) {
  if (isSame(value, number, size)) return true;
  return digits >= DIGITS && Number.isFinite(value) && Math.abs(value - number) <= slack * (1 + EXACT);
}

/** So many digits of a number stand on the page. */
const SHOWN = 4;

/** Half a unit of the third digit of a number. @param {number} value */
export function marginOf(value) {
  if (!value || !Number.isFinite(value)) return 0;
  return 0.5 * 10 ** (Number(value.toExponential(6).split("e")[1]) + 1 - DIGITS);
}

/**
 * Whether it is this number to three digits, computed from rounded ones; never where the number has so few digits that
 * nobody rounds it.
 * @param {Answer} answer @param {number} number
 */
function isNear({ value, margin = 0 }, number) {
  const isShort = isSame(Number(number.toExponential(SHOWN - 1)), number, 0);
  return !isShort && Math.abs(value - number) <= margin * (1 + EXACT);
}

/** Whether an answer counts as this number. @param {Answer} answer @param {number} number @param {number} size */
export const isAnswer = (answer, number, size) => isRight(answer, number, size) || isNear(answer, number);

/** Whether it is this number, rounded too far. @param {Answer} answer @param {number} number */
export const isCoarse = ({ value, slack, digits }, number) =>
  digits > 0 && digits < DIGITS && slack < 0.5 && Math.abs(value - number) <= slack * (1 + EXACT);

/**
 * Whether a mistake that gives this number explains it.
 * @param {Answer} answer @param {number} number @param {number} size
 */
function explains({ value, slack, digits }, number, size) {
  if (isSame(value, number, size)) return true;
  return slack > 0 && slack < 0.5 && digits >= 2 && Math.abs(value - number) <= slack * (1 + EXACT);
}

/**
 * Judges the answer for a field, or gives null where there is no such field.
 * @param {import("../../engine/pass.js").Run} run @param {string} field @param {Answer} answer
 * @param {Readonly<Record<string, number>>} [earlier] answers for other fields @returns {Verdict | null}
 */
export function judge(run, field, answer, earlier = {}) {
  const asked = target(run.plan, field);
  if (!asked) return null;
  const exact = right(run);
  const number = read(asked, exact);
  if (number === null) return { verdict: "wrong", number, after: [], diagnoses: [] };
  const size = sizeOf(exact);
  if (isAnswer(answer, number, size)) return { verdict: "right", number, after: [], diagnoses: [] };

  /** @type {Map<string, number>} */
  const wrong = new Map();
  for (const [other, value] of Object.entries(earlier)) {
    const known = target(run.plan, other);
    const truth = known && read(known, exact);
    if (other === field || truth === null) continue;
    if (!isRight({ value, slack: 0, digits: 0 }, truth, size)) wrong.set(other, value);
  }
  const theirs = wrong.size ? carried(run, wrong) : exact;
  const following = read(asked, theirs);
  if (wrong.size && following !== null && isAnswer(answer, following, size)) {
    return { verdict: "follows", number, after: [...wrong.keys()], diagnoses: [] };
  }
  const found = explained({ numbers: exact, target: asked, before: null }, answer, size);
  if (found.length || !wrong.size) return { verdict: "wrong", number, after: [], diagnoses: found };
  const on = explained({ numbers: theirs, target: asked, before: null }, answer, size);
  return { verdict: "wrong", number, after: on.length ? [...wrong.keys()] : [], diagnoses: on };
}

/**
 * The mistakes that give the answer itself; else one that does with numbers rounded on the way.
 * @param {import("./diagnosis.js").Case} asked @param {Answer} answer @param {number} size
 */
function explained(asked, answer, size) {
  const found = diagnose(asked, (x) => explains(answer, x, size));
  return found.length || !answer.margin ? found : single(asked, (x) => isNear(answer, x));
}

/** How large the numbers are that flow. @param {import("./numbers.js").Numbers} numbers */
function sizeOf({ flows }) {
  let size = 0;
  for (const flow of flows.flat()) {
    if (flow !== null && Math.abs(flow) < 1e300) size = Math.max(size, Math.abs(flow));
  }
  return size;
}
