/**
 * What somebody answers: a number, a fraction, an expression without names. The same as
 * graphviz_backprop/explain/grading/answers.py, for what people type.
 */

import { ops } from "../engine/ops.js";
import { marginOf } from "../explain/grading/judge.js";
import { DIGITS } from "../explain/grading/mistakes.js";
import { constant, FUNCTIONS } from "../state/constants.js";

/** @typedef {import("../explain/grading/judge.js").Answer} Answer */

const DECIMAL = /^\s*[+-]?(\d*\.?\d*)(?:[eE]([+-]?\d+))?\s*$/;

/** Functions of one number, by the names that programs have for them: `sigmoid(2)*(1 - sigmoid(2))`. */
const KNOWN = new Map([
  ...Object.entries(ops).flatMap(([name, { value }]) =>
    value.length === 1 ? [/** @type {const} */ ([name, value])] : [],
  ),
  ...FUNCTIONS,
]);

/** What is in front of an answer: `∂g/∂x = 40`. */
const NAMED = /^(?:[^=≈<>!\n]*[=≈])+(?![=≈])/u;
const IN_CALCULATION = /\d+\.\d*|\.\d+/g;

/** The answer that a text is, or undefined. @param {string} text @returns {Answer | undefined} */
export function read(text) {
  const typed = inAscii(text.replace(NAMED, ""));
  const value = constant(spelled(typed).trim(), KNOWN);
  if (value === undefined) return undefined;
  const longest = Math.max(0, ...(typed.match(IN_CALCULATION) ?? []).map(digitsOf));
  return { value: value + 0, ...rounding(typed), margin: longest >= DIGITS ? marginOf(value) : 0 };
}

/** How many digits a decimal number has. @param {string} decimal */
const digitsOf = (decimal) => decimal.replace(".", "").replace(/^0+/, "").length;

/** Signs as the language's grammar has them, and the one that a keyboard has. @type {[RegExp, string][]} */
const SIGNS = [
  [/[−–‐‑－]/gu, "-"],
  [/＋/gu, "+"],
  [/[×·⋅∙∗•⊙]/gu, " * "], // two of them are no power
  [/[÷∕⁄]/gu, "/"],
  [/（/gu, "("],
  [/）/gu, ")"],
  [/[^\S\r\n]|[\u200b-\u200d\u2060-\u2064\ufeff]/gu, " "],
];

/** @param {string} text */
const inAscii = (text) => SIGNS.reduce((found, [sign, plain]) => found.replace(sign, plain), text);

/** The language's fractions of one character. @type {Record<string, string>} */
const FRACTIONS = Object.fromEntries(
  "½1/2 ⅓1/3 ⅔2/3 ¼1/4 ¾3/4 ⅕1/5 ⅖2/5 ⅗3/5 ⅘4/5 ⅙1/6 ⅚5/6 ⅐1/7 ⅛1/8 ⅜3/8 ⅝5/8 ⅞7/8 ⅑1/9 ⅒1/10"
    .split(" ")
    .map((pair) => [pair[0], `(${pair.slice(1)})`]),
);
const RAISED = "⁺⁻⁰¹²³⁴⁵⁶⁷⁸⁹";
/** A fraction right behind a value, and a power of a power, are mistakes there, no products. */
const REFUSED = /[\w.)π⁰¹²³⁴-⁹½¼¾⅐-⅞]\s*[½¼¾⅐-⅞]|[⁰¹²³⁴-⁹]\s*(?:\^|\*\*|[⁺⁻])|[⁰¹²³⁴-⁹]\s+[⁰¹²³⁴-⁹]/u;

/** `½`, `2²` and `√2` as a keyboard writes them. @param {string} text */
function spelled(text) {
  if (REFUSED.test(text)) return "";
  return text
    .replace(/[½¼¾⅐-⅞]/gu, (sign) => FRACTIONS[sign] ?? sign)
    .replace(/[⁺⁻]?[⁰¹²³⁴-⁹]+/gu, (power) => `^(${Array.from(power, plainDigit).join("")})`)
    .replace(/√\s*(?=\()/gu, "sqrt")
    .replace(/√\s*(\d+\.?\d*|\.\d+|[A-Za-zπ]+)/gu, "sqrt($1)");
}

/** @param {string} raised */
const plainDigit = (raised) => "+-0123456789"[RAISED.indexOf(raised)];

/** Half a unit of a decimal number's last digit, and how many digits it has. @param {string} text */
function rounding(text) {
  const [, number = "", power = "0"] = DECIMAL.exec(text) ?? [];
  if (!/\d/.test(number)) return { slack: 0, digits: 0 };
  const behind = number.split(".")[1]?.length ?? 0;
  const shift = power.length < 5 ? Number(power) : 0;
  return { slack: 0.5 * 10 ** (shift - behind), digits: digitsOf(number) };
}
