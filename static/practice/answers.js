/**
 * What somebody answers: a number, a fraction, an expression without names. The same as
 * graphviz_backprop/explain/grading/answers.py, for what people type.
 */

import { constant } from "../state/constants.js";

/** @typedef {import("../explain/grading/judge.js").Answer} Answer */

const DECIMAL = /^\s*[+\-−]?(\d*\.?\d*)(?:[eE]([+\-−]?\d+))?\s*$/;

/** The answer that a text is, or undefined. @param {string} text @returns {Answer | undefined} */
export function read(text) {
  const value = constant(text.trim());
  return value === undefined ? undefined : { value: value + 0, ...rounding(text) };
}

/** Half a unit of a decimal number's last digit, and how many digits it has. @param {string} text */
function rounding(text) {
  const [, number = "", power = "0"] = DECIMAL.exec(text) ?? [];
  if (!/\d/.test(number)) return { slack: 0, digits: 0 };
  const behind = number.split(".")[1]?.length ?? 0;
  const digits = number.replace(".", "").replace(/^0+/, "").length;
  const shift = power.length < 5 ? Number(power.replace("−", "-")) : 0;
  return { slack: 0.5 * 10 ** (shift - behind), digits };
}
