/**
 * Names as mathematics sets them: the twin of `letters` in graphviz_backprop/language/typeset.py, which
 * tests/network/letters.test.js holds it to. No DOM here.
 */

const GREEK_NAMES =
  "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi rho sigma tau upsilon phi chi psi omega";
const GREEK = new Map(GREEK_NAMES.split(" ").map((name, at) => [name, "αβγδϵζηθικλμνξρστυϕχψω"[at]]));

const LAYERED = /^(\p{L})(\p{Nd}+)_(\p{Nd}+)(?:_(\p{Nd}+))?$/u;
const NAME = /^(\p{L}+)_?([\p{L}\p{N}_]*)$/u;

/**
 * @param {string} name
 * @returns {{stem: string, below: string, above: string}} what stands above is in parentheses
 */
export function letters(name) {
  const [, letter, layer, ...indices] = LAYERED.exec(name) ?? [];
  if (letter) return { stem: letter, below: indices.filter(Boolean).join(), above: `(${layer})` };
  const [, stem = name, below = ""] = NAME.exec(name) ?? [];
  return { stem: GREEK.get(stem) ?? stem, below: below.split("_").filter(Boolean).join(), above: "" };
}

const SMALL = /^[0-9,]*$/;
const LOW = "₀₁₂₃₄₅₆₇₈₉";
const HIGH = "⁰¹²³⁴⁵⁶⁷⁸⁹";

/**
 * In a line of plain text, for what takes no markup: w₁₃⁽²⁾. A name stays as it is where an index is no number: not
 * every letter has a small twin.
 * @param {string} name
 */
export function inLine(name) {
  const { stem, below, above } = letters(name);
  if (!SMALL.test(below) || !SMALL.test(above.slice(1, -1))) return name;
  const raised = above && `⁽${small(above.slice(1, -1), HIGH)}⁾`;
  return stem + small(below, LOW) + raised;
}

/** @param {string} digits @param {string} signs */
const small = (digits, signs) => digits.replace(/\d/g, (digit) => signs[Number(digit)]);

const IN_TEXT = /(?<![\p{L}\p{N}_.])\p{L}(?:(?!ᵀ)[\p{L}\p{N}_])*(?!(?!ᵀ)[\p{L}\p{N}_]|[(=…])/gu;

/**
 * A text with every name in it set, “∂C₀/∂x₁”: no function's, no setting's (`axis=0`), and none that was cut off.
 * @param {string} text
 */
export const setNames = (text) => text.replace(IN_TEXT, inLine);
