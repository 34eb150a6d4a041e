/**
 * Variables that the program's text draws, or makes: `W = 0.1 * randn(2, 3, seed=7)`. Their seed and their factor are
 * changed in the text, so that an address stays as short as it is. What is typed otherwise is left alone.
 */

const NUMBER = String.raw`[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?`;
const CALL = String.raw`(?:randn|rand|ones|eye|arange)\([^()]*\)`;
const COMPUTED = String.raw`(?:sqrt)?\((?:[-+*/^.\d\s]|\([-+*/^.\d\s]*\))*\)`;
const FACTOR = String.raw`(?:${NUMBER}|${COMPUTED})(?:\s*(?:\^|\*\*)\s*${NUMBER})?`;
/** What a maker gives, multiplied and divided by numbers, 3 or (5/3) or sqrt(2); that, shifted. */
const PRODUCT = String.raw`${CALL}(?:\s*[*/]\s*${FACTOR})*`;
const SHIFTED = String.raw`(?:${NUMBER}\s*\*\s*)?${PRODUCT}(?:\s*[-+]\s*(?:\d+\.?\d*|\.\d+))?`;
const STATEMENT = /(^|[;\n])([^\S\n]*([^\s=;#()]+)[^\S\n]*=[^\S\n]*)([^;\n#]*[^;\n#\s])/g;
/** With a factor that can be changed, if it is there; and all that is understood. */
const SCALED = new RegExp(`^(?:(${NUMBER})\\s*\\*\\s*)?(${PRODUCT}|\\(${SHIFTED}\\))$`);
const MADE = new RegExp(`^(?:${SHIFTED}|${NUMBER}\\s*\\*\\s*\\(${SHIFTED}\\))$`);
const SEED = /\bseed\s*=\s*(\d{1,15})/;

/**
 * @typedef {object} Typed the right side of a statement
 * @property {string} text
 * @property {number} start where it stands in the program
 */

/**
 * What the program lets a variable start at, where that is made by a call; null where it is typed otherwise, or in
 * several places.
 * @param {string} program @param {string} name @returns {Typed | null}
 */
function typedOf(program, name) {
  const found = [...program.matchAll(STATEMENT)].filter((one) => one[3].normalize("NFKC") === name && !inComment(one));
  if (found.length !== 1) return null;
  const [, before, head, , text] = found[0];
  if (!MADE.test(text)) return null;
  return { text, start: found[0].index + before.length + head.length };
}

/** @param {RegExpMatchArray} found */
function inComment({ 0: all, index = 0, input = "" }) {
  const start = index + (all.startsWith("\n") ? 1 : 0);
  return input.slice(input.lastIndexOf("\n", start - 1) + 1, start).includes("#");
}

/** @param {string} program @param {Typed} typed @param {string} text */
const replaced = (program, { start, text: old }, text) =>
  program.slice(0, start) + text + program.slice(start + old.length);

/**
 * The program with the next seed for a variable that it draws; null where it draws none.
 * @param {string} program @param {string} name
 */
export function drawnAgain(program, name) {
  const typed = typedOf(program, name);
  if (!typed || !/\brandn?\(/.test(typed.text)) return null;
  const seed = SEED.exec(typed.text);
  const next = seed
    ? typed.text.replace(SEED, (all, digits) => all.slice(0, all.length - digits.length) + (Number(digits) + 1))
    : typed.text.replace(/(\brandn?\([^()]*?),?\s*\)/, "$1, seed=1)");
  return replaced(program, typed, next);
}

/**
 * The program with all cells of a variable times a number; null where its text has no place for a factor.
 * @param {string} program @param {string} name @param {number} by
 */
export function scaledBy(program, name, by) {
  const typed = typedOf(program, name);
  if (!typed) return null;
  const [, factor = "1", rest = `(${typed.text})`] = SCALED.exec(typed.text) ?? [];
  return replaced(program, typed, `${Number((Number(factor) * by).toPrecision(6))} * ${rest}`);
}
