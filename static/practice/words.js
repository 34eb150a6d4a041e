/** What is said of an answer. The lessons' page says the same (graphviz_backprop/web/views/lessons.py). */

import { formatNumber } from "../engine/numerals.js";

/**
 * @typedef {import("../explain/grading/judge.js").Verdict} Verdict
 * @typedef {import("./questions.js").Question} Question
 */

/** So many explanations are told. */
const TOLD = 2;

export const NO_NUMBER = "That is no number. Write 40, -0.5, 1/3 or 2*5^(2-1).";

/** What is said of a text that is no number, one with a decimal comma among them. @param {string} text */
export const noNumber = (text) =>
  /^\s*[-−+]?\d+,\d+\s*$/.test(text) ? `A point goes before decimals: ${text.trim().replace(",", ".")}.` : NO_NUMBER;

/** What is said of the right number, rounded to one digit or two. @param {string} text */
export const tooCoarse = (text) =>
  `${text.trim()} is the number rounded: give it with three digits, as a fraction, or as a calculation.`;

/**
 * The sentences of a verdict.
 * @param {Question} asked @param {number} answer @param {Verdict} verdict
 * @param {(field: string) => string} nameOf another question's, with what was answered to it
 * @returns {string[]}
 */
export function said(asked, answer, verdict, nameOf) {
  if (verdict.verdict === "right") return [`Right: ${asked.name} = ${formatNumber(verdict.number ?? answer)}.`];
  const after = verdict.after.map(nameOf).join(" and ");
  if (verdict.verdict === "follows") {
    return [
      `It follows from ${after}, which is wrong: ${formatNumber(answer)} is right given that, and it counts.`,
      "Put that right, and this is another number.",
    ];
  }
  return [`${formatNumber(answer)} is not right.`, ...explained(verdict, after)];
}

/** @param {Verdict} verdict @param {string} after */
function explained({ diagnoses }, after) {
  if (!diagnoses.length) return ["No mistake that is known here gives it."];
  const given = after && `Given ${after}: `;
  return diagnoses.slice(0, TOLD).flatMap(({ mistakes }, at) => {
    const several = mistakes.length > 1;
    const first = several ? "These two mistakes together give it:" : "This mistake gives it:";
    const also = several ? "Or these:" : "Or this one:";
    return [at === 0 ? given + first : also, ...mistakes.map(({ title, text }) => sentence(`${title}: ${text}`))];
  });
}

/**
 * The same of a tensor, which the server has judged.
 * @param {Question} asked @param {{verdict: string, after: string[], text: string, diagnoses: {text: string}[][]}} told
 * @returns {string[]}
 */
export function saidOfTensor(asked, { verdict, after, text, diagnoses }) {
  if (verdict === "right") return rightOf(asked);
  if (verdict === "follows") {
    return [`It follows from what you have for ${after.join(" and ")}, which is wrong, and it counts.`];
  }
  const why = diagnoses.flat().slice(0, TOLD);
  const named = why.length ? [why.length > 1 ? "One of these mistakes gives it:" : "This mistake gives it:"] : [];
  return [`That is not right. ${text}`.trim(), ...named, ...why.map((mistake) => mistake.text)];
}

/** @param {Question} asked */
export const rightOf = ({ name }) => [`Right: ${name}.`];

/**
 * How many cells of a tensor are right.
 * @param {Question} asked @param {readonly import("./cells.js").Mark[]} marks @returns {string[]}
 */
export function cellsSaid(asked, marks) {
  const count = (/** @type {string} */ mark) => marks.filter((one) => one === mark).length;
  const [right, wrong, open, none] = ["right", "wrong", "open", "none"].map(count);
  const still = open ? ` ${open} ${open === 1 ? "is" : "are"} still open.` : "";
  if (marks.length === 1) return [none ? NO_NUMBER : "That is not right."];
  if (none) return [`${none} of ${marks.length} cells ${none === 1 ? "is" : "are"} no number. Write 40, -0.5 or 1/3.`];
  if (!open) return [`${wrong} of ${marks.length} cells ${wrong === 1 ? "is" : "are"} wrong.`];
  return [
    `Of ${asked.name} ${right} of ${marks.length} cells ${right === 1 ? "is" : "are"} right, ${wrong} wrong.${still}`,
  ];
}

/** With a capital where it begins; names stay as they are. @param {string} text */
export const sentence = (text) => text.slice(0, 1).toUpperCase() + text.slice(1);

/**
 * A hint's text with numbers for its fields: `⟨b.value⟩`, in parentheses where it is negative `⟨(b.value)⟩`.
 * @param {string} template @param {import("../page/fields.js").Fields} fields
 */
export const filled = (template, fields) =>
  template.replace(/⟨(\(?)([^⟩()]*)\)?⟩/g, (_, factor, field) => {
    const found = fields.get(field) ?? 0;
    const text = typeof found === "string" ? found : formatNumber(found);
    return factor && text.startsWith("-") ? `(${text})` : text;
  });

/** What is asked, in words. @param {Question} question */
export const called = ({ what, name }) => `${what} ${name}`;

/**
 * How far one is, in words.
 * @param {{count: number, credited: number, shown: number}} progress
 */
export function counted({ count, credited, shown }) {
  const given = shown ? `, ${shown} shown` : "";
  return `${credited} of ${count} found${given}`;
}
