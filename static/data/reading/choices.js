/** How a table is to be read, where it does not say so itself, as the address holds it: the twin of spelling.py. */

import { DataError } from "./mistakes.js";
import { first, grouped, lengthOf } from "./text.js";

/**
 * @typedef {import("../source.js").Offer} Offer
 * @typedef {"classes" | "one_hot" | "leave_out"} TextChoice
 *
 * @typedef {object} Options what is chosen; nothing stands for what is to be found out, or to be refused
 * @property {string} [separator]
 * @property {import("./numerals.js").Mark} [decimal]
 * @property {string} [missing]
 * @property {TextChoice | ReadonlyMap<string, TextChoice>} [texts] for all columns, or by their names
 */

/** @type {Readonly<Record<string, Readonly<Record<string, string>>>>} */
const WORDS = {
  separator: { tab: "\t", semicolon: ";", comma: ",", bar: "|", blank: " " },
  decimal: { point: ".", comma: "," },
  missing: { drop: "drop" },
};
const TEXTS = ["classes", "one_hot", "leave_out"];
const OF_ONE = "text.";

export class Choices {
  /** @param {Options} options */
  constructor(options) {
    this.options = options;
  }

  /** @param {string} read such as "missing:drop,text.species:classes" */
  static of(read) {
    /** @type {Options} */
    let options = {};
    for (const pair of read.split(",").filter(Boolean)) {
      const [name, ...rest] = pair.split(":");
      const chosen = option(unquoted(name), rest.join(":"), options);
      if (!chosen) throw new DataError(`read can't be “${lengthOf(pair) <= 40 ? pair : `${first(pair, 39)}…`}”.`);
      options = { ...options, ...chosen };
    }
    return new Choices(options);
  }

  get drops() {
    return this.options.missing === "drop";
  }

  /** These choices and more. @param {string} label @param {Options} more @returns {Offer} */
  offer(label, more) {
    return { label, read: written({ ...this.options, ...more }) };
  }

  /** What to do with the texts of a column. @param {string} name @returns {TextChoice | undefined} */
  text(name) {
    const { texts } = this.options;
    return texts instanceof Map ? texts.get(name) : /** @type {TextChoice | undefined} */ (texts);
  }

  /**
   * The same, and a choice for one more of them.
   * @param {string} label @param {string} name @param {TextChoice} word
   */
  offerText(label, name, word) {
    const { texts } = this.options;
    return this.offer(label, { texts: new Map([...(texts instanceof Map ? texts : []), [name, word]]) });
  }

  /** Samples that are not complete left out: so many, where it is known. @param {number} [many] */
  withoutMissing(many) {
    const how = many === undefined ? "" : `${grouped(many)} `;
    return this.offer(`Leave out ${how}incomplete sample${many === 1 ? "" : "s"}`, { missing: "drop" });
  }
}

/**
 * @param {string} name
 * @param {string} word @param {Options} before @returns {Options | null} null where there is none
 */
function option(name, word, before) {
  if (Object.hasOwn(WORDS, name) && Object.hasOwn(WORDS[name], word)) return { [name]: WORDS[name][word] };
  const choice = /** @type {TextChoice} */ (word);
  if (!TEXTS.includes(word)) return null;
  if (name === "text") return { texts: choice };
  if (!name.startsWith(OF_ONE)) return null;
  const known = before.texts instanceof Map ? before.texts : [];
  return { texts: new Map([...known, [name.slice(OF_ONE.length), choice]]) };
}

/** The parameter that gives these options. @param {Options} options */
function written(options) {
  /** @type {[string, string][]} */
  const pairs = [];
  for (const [name, known] of Object.entries(WORDS)) {
    const given = options[/** @type {"separator" | "decimal" | "missing"} */ (name)];
    for (const [word, value] of Object.entries(known)) if (value === given) pairs.push([name, word]);
  }
  const { texts } = options;
  if (typeof texts === "string") pairs.push(["text", texts]);
  else for (const [name, word] of texts ?? []) pairs.push([OF_ONE + name, word]);
  return pairs.map(([name, word]) => `${quoted(name)}:${word}`).join(",");
}

/** @param {string} text */
const quoted = (text) =>
  encodeURIComponent(text).replace(/[!*'()]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);

/** What is no code stays as it is. @param {string} text */
const unquoted = (text) =>
  text.replace(/(?:%[0-9a-f]{2})+/gi, (codes) =>
    new TextDecoder("utf-8", { ignoreBOM: true }).decode(
      Uint8Array.from(codes.slice(1).split("%"), (code) => Number.parseInt(code, 16)),
    ),
  );
