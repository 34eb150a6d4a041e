/**
 * Texts as Python's half sees them: its blanks, which are not all of JavaScript's, and its letters, which are code
 * points.
 */

const SPACE = "\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000";
const SURROGATE = /[\ud800-\udfff]/;

/** A pattern in which `\s` stands for Python's blanks. @param {string} source @param {string} [flags] */
export const pattern = (source, flags = "") =>
  new RegExp(source.replaceAll(/\[(\^?)\\s/g, `[$1${SPACE}`).replaceAll("\\s", `[${SPACE}]`), flags);

const IS_SPACE = pattern("^\\s$");
const BETWEEN = pattern("\\s+");

/** @param {string} sign */
const isSpace = (sign) => sign === " " || IS_SPACE.test(sign);

/** Whether it is a sign that is never blank: most are. @param {number} code */
const isInk = (code) => code > 32 && code < 127;

/**
 * Without what is blank around it; a pattern would look at a row of blanks once for each of them.
 * @param {string} text
 */
export function strip(text, blank = isSpace) {
  let [at, end] = [0, text.length];
  if (isInk(text.charCodeAt(0)) && isInk(text.charCodeAt(end - 1))) return text;
  while (at < end && blank(text[at])) at += 1;
  while (end > at && blank(text[end - 1])) end -= 1;
  return text.slice(at, end);
}

/** The words of a text. @param {string} text */
export function words(text) {
  const inside = strip(text);
  return inside ? inside.split(BETWEEN) : [];
}

/** The first letters of a text. @param {string} text @param {number} count */
export function first(text, count) {
  if (text.length <= count) return text;
  const some = text.slice(0, 2 * count);
  return SURROGATE.test(some) ? [...some].slice(0, count).join("") : some.slice(0, count);
}

/** How many letters it has. @param {string} text */
export const lengthOf = (text) => (SURROGATE.test(text) ? [...text].length : text.length);

/** A cell as a message quotes it. @param {string} cell */
export const short = (cell) => (lengthOf(cell) <= 30 ? cell : `${first(cell, 29)}…`);

/** How often a short text stands in another. @param {string} text @param {string} part */
export function count(text, part) {
  let found = 0;
  for (let at = text.indexOf(part); at >= 0; at = text.indexOf(part, at + part.length)) found += 1;
  return found;
}

/** The order of code points. @param {string} a @param {string} b */
export function byCodePoint(a, b) {
  for (let at = 0; at < a.length && at < b.length; at++) {
    if (a[at] !== b[at]) {
      return (a.codePointAt(at) ?? 0) - (b.codePointAt(at) ?? 0) || a.charCodeAt(at) - b.charCodeAt(at);
    }
  }
  return a.length - b.length;
}

/** A name as the language compares it: x₁ is x1. @param {string} name */
export const normal = (name) => name.normalize("NFKC");

export const grouped = new Intl.NumberFormat("en").format;
