/**
 * Numbers as people write them into a field: `1/3`, `-2pi`, `sqrt(2)/2`, `1e-3`. The twin of
 * graphviz_backprop/language/constants.py. What is not finite on the way is no number.
 */

const LONGEST = 100;
const TOKEN = /[ \t]*(?:((?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)|([A-Za-zπ]+)|(\*\*|[^ \t]))/uy;
/** @type {ReadonlyMap<string, string>} */
const SIGNS = new Map([
  ["−", "-"],
  ["·", "*"],
  ["×", "*"],
  ["**", "^"],
]);
/** @type {ReadonlyMap<string, number>} */
const VALUES = new Map([
  ["pi", Math.PI],
  ["π", Math.PI],
  ["e", Math.E],
]);
/** @type {ReadonlyMap<string, (x: number) => number>} */
export const FUNCTIONS = new Map([
  ["sqrt", Math.sqrt],
  ["exp", Math.exp],
  ["log", Math.log],
  ["ln", Math.log],
  ["sin", Math.sin],
  ["cos", Math.cos],
  ["tan", Math.tan],
  ["abs", Math.abs],
]);

class NoNumber extends Error {}

/**
 * The number that a text stands for, or undefined.
 * @param {string} text @param {ReadonlyMap<string, (x: number) => number>} [functions] that it may have
 */
export function constant(text, functions = FUNCTIONS) {
  if (Array.from(text).length > LONGEST) return undefined;
  try {
    const reader = new Reader(tokens(text.replace(/^[ \t]+|[ \t]+$/g, "")), functions);
    const value = reader.sum();
    return reader.next.kind === "end" ? value : undefined;
  } catch (fault) {
    if (fault instanceof NoNumber) return undefined;
    throw fault;
  }
}

/** @param {string} text @returns {{kind: string, text: string}[]} */
function tokens(text) {
  const found = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.length) {
    const match = TOKEN.exec(text);
    if (!match) throw new NoNumber();
    const [, number, name, sign] = match;
    if (number) found.push({ kind: "number", text: number });
    else if (name) found.push({ kind: "name", text: name });
    else found.push({ kind: SIGNS.get(sign) ?? sign, text: "" });
  }
  return [...found, { kind: "end", text: "" }];
}

class Reader {
  #at = 0;

  /** @param {{kind: string, text: string}[]} tokens @param {ReadonlyMap<string, (x: number) => number>} functions */
  constructor(tokens, functions) {
    this.tokens = tokens;
    this.functions = functions;
  }

  get next() {
    return this.tokens[this.#at];
  }

  /** @param {string} sign */
  takes(sign) {
    const found = this.next.kind === sign;
    if (found) this.#at += 1;
    return found;
  }

  /** @returns {number} */
  sum() {
    let value = this.product();
    for (;;) {
      if (this.takes("+")) value = finite(value + this.product());
      else if (this.takes("-")) value = finite(value - this.product());
      else return value;
    }
  }

  /** @returns {number} */
  product() {
    let value = this.signed();
    for (;;) {
      if (this.takes("*")) value = finite(value * this.signed());
      else if (this.takes("/")) value = finite(value / this.signed());
      else if (this.next.kind === "name" || this.next.kind === "(") value = finite(value * this.power());
      else return value;
    }
  }

  /** @returns {number} */
  signed() {
    if (this.takes("-")) return -this.signed();
    return this.takes("+") ? this.signed() : this.power();
  }

  /** @returns {number} */
  power() {
    const base = this.atom();
    return this.takes("^") ? finite(base ** this.signed()) : base;
  }

  /** @returns {number} */
  atom() {
    const { kind, text } = this.next;
    if (kind !== "end") this.#at += 1;
    if (kind === "number") return finite(Number(text));
    if (kind === "(") return this.closed();
    const value = kind === "name" ? VALUES.get(text) : undefined;
    if (value !== undefined) return value;
    const apply = kind === "name" ? this.functions.get(text) : undefined;
    if (apply && this.takes("(")) return finite(apply(this.closed()));
    throw new NoNumber();
  }

  closed() {
    const value = this.sum();
    if (!this.takes(")")) throw new NoNumber();
    return value;
  }
}

/** @param {number} value */
function finite(value) {
  if (!Number.isFinite(value)) throw new NoNumber();
  return value;
}
