/** How the cells of a table are set apart: tabs, semicolons, commas, bars, blanks, or not at all. Twin of layout.py. */

import { DataError } from "./mistakes.js";
import { COMMA, isNumber, isNumeric, POINT } from "./numerals.js";
import { first as start, pattern, short, strip, words } from "./text.js";

export const [TAB, BAR, BLANK] = ["\t", "|", " "];

/** @typedef {import("./choices.js").Choices} Choices */

const LOOKED_AT = 20; // lines: enough to tell one layout from another
const WITHIN = pattern("[\\s,;|]", "g");
// What a spreadsheet shows where a formula failed begins as a comment does.
const COMMENT = pattern("^\\s*#(?!N/A|DIV/0!|REF!|VALUE!|NAME\\?|NUM!|NULL!|[\\t;,|])", "i");
const RULE = /^\|? *:?-+:? *(?:\| *:?-+:? *)*\|?$/; // of a line without blanks around it
const FRAME = /^\+[-=+:]+\+$/;
const COMMA_AND_BLANK = pattern(",\\s|\\s,");

/** @param {string} line */
export const isComment = (line) => line.includes("#") && COMMENT.test(line);

/**
 * Whether a line of a table with bars only draws it; the one below the names is the second.
 * @param {string} line @param {number} number
 */
export function isRule(line, number) {
  const inside = strip(line);
  return FRAME.test(inside) || (number === 2 && RULE.test(inside));
}

/** The cells of a line of a Markdown table. @param {string} line */
export function barCells(line) {
  let inside = strip(line);
  if (inside.startsWith(BAR)) inside = inside.slice(1);
  if (inside.endsWith(BAR) && !inside.endsWith("\\|")) inside = inside.slice(0, -1);
  return inside.split(/(?<!\\)\|/).map((cell) => strip(cell.replaceAll("\\|", BAR)));
}

/** What sets the cells apart. @param {string} text @param {Choices} choices */
export function separator(text, choices) {
  if (choices.options.separator) return choices.options.separator;
  const lines = beginning(start(text, 100_000).replace(/"[^"]*"/g, unquoted));
  const first = lines[0] ?? "";
  if (first.includes(BAR) && (strip(first).startsWith(BAR) || (lines.length > 1 && isRule(lines[1], 2)))) return BAR;
  if (FRAME.test(strip(first))) return BAR;
  for (const mark of [TAB, ";"]) if (first.includes(mark)) return mark;
  if (first.includes(COMMA)) return commaOrBlank(lines, choices);
  return first.includes(BAR) ? BAR : blankOrNone(lines, choices);
}

/** The first lines that are neither empty nor comments. @param {string} text */
function beginning(text) {
  const lines = [];
  for (const line of text.split("\n")) {
    if (lines.length === LOOKED_AT) break;
    if (strip(line) && !isComment(line)) lines.push(line);
  }
  return lines;
}

/** A quoted cell without what could be taken for a separator. @param {string} cell */
const unquoted = (cell) => cell.slice(1, -1).replace(WITHIN, "_") || "_";

/**
 * 1,5 2,5 are two numbers with decimal commas, or 1 and 5 with a mistake between them.
 * @param {string[]} lines @param {Choices} choices
 */
function commaOrBlank(lines, choices) {
  if (lines.some((line) => COMMA_AND_BLANK.test(line)) || !areNumeric(lines.map(words))) return COMMA;
  if (!areNumeric(lines.map((line) => line.split(COMMA)))) return BLANK;
  throw new DataError(
    `in ${short(strip(lines[lines.length - 1]))} the columns are separated by commas, or by blanks with decimal commas`,
    null,
    null,
    [
      choices.offer("Commas separate the columns", { separator: COMMA }),
      choices.offer("Blanks separate the columns", { separator: BLANK }),
    ],
  );
}

/** 1 200 is one number, or two; a name such as Petal length is one. @param {string[]} lines @param {Choices} choices */
function blankOrNone(lines, choices) {
  const rows = lines.map(words);
  if (!rows.length || rows.some((row) => row.length !== rows[0].length) || rows[0].length === 1) return COMMA;
  const [body, texts] = rows.length > 1 ? [rows.slice(1), lines.slice(1)] : [rows, lines];
  if (!body.every((row) => row.some(isNumeric))) return COMMA;
  const whole = texts.map((line) => strip(line));
  if (!whole.every((line) => isNumber(line, POINT))) return BLANK;
  const last = rows[rows.length - 1];
  throw new DataError(`${short(whole[whole.length - 1])} is one number, or a row of ${last.length}`, null, null, [
    choices.offer(`One number, ${last.join("")}`, { separator: TAB }),
    choices.offer(`Columns, ${last.join(" and ")}`, { separator: BLANK }),
  ]);
}

/**
 * Whether all rows are equally long, two cells at least, and hold numbers below what may be names.
 * @param {string[][]} rows
 */
function areNumeric(rows) {
  const body = rows.length > 1 ? rows.slice(1) : rows;
  return (
    rows.length > 0 &&
    rows[0].length > 1 &&
    rows.every((row) => row.length === rows[0].length) &&
    body.every((row) => row.every((cell) => isNumeric(strip(cell))))
  );
}
