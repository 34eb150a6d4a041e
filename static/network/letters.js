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
