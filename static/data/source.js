/** Where samples come from: the server makes sets; tables are read here, and do not leave the browser. */

import { LIMITS, SET } from "../state/table.js";
import { createReader } from "./reader.js";

/**
 * @typedef {object} Table
 * @property {ReadonlyMap<string, Float64Array>} columns by name, all of one length
 * @property {number} count
 * @property {ReadonlyMap<string, Float64Array>} [held] columns of what is held out, to be tested on
 * @property {string} told what became of what is no number, in words
 *
 * @typedef {{label: string, read: string}} Offer a way to read a table: what it does, and the parameter that says so
 */

const MOST_BYTES = LIMITS.bytes;
/** Texts up to here are in the address; longer ones stay in the tab, where it takes them. */
export const LINKED = 1_500;
const KEY = "table";

/** What is wrong with a table, in words for who brought it. */
export class Fault extends Error {
  /** @param {string} message @param {readonly Offer[]} [offers] what would read it */
  constructor(message, offers = []) {
    super(message);
    this.offers = offers;
  }
}

export const grouped = new Intl.NumberFormat("en").format;

/**
 * Only the last table that is asked for counts.
 * @param {import("../page/services.js").Server} server
 */
export function createSource(server, reader = createReader()) {
  let running = new AbortController();

  /** What is under way is of no use any more. */
  function cancel() {
    running.abort();
    running = new AbortController();
    return running.signal;
  }

  return {
    cancel,
    /** A set that is made: "moons,200,0,0.1". @param {string} data @returns {Promise<Table | null>} as below */
    async made(data) {
      const signal = cancel();
      const address = `api/data?${new URLSearchParams(setOf(data))}`;
      try {
        const response = await server.fetch(address, { signal });
        const answer = await response.json().catch(() => null);
        if (signal.aborted) return null;
        if (!response.ok || !answer?.columns) {
          throw new Fault(complaint(answer?.error ?? { message: `The server answers with status ${response.status}` }));
        }
        const held = answer.held && columnsOf(answer.held);
        return { columns: columnsOf(answer.columns), count: answer.rows, told: "", ...(held && { held }) };
      } catch (fault) {
        if (signal.aborted) return null;
        throw fault instanceof Fault
          ? fault
          : new Fault("The server can't be reached. What you typed stays, and so do the samples.");
      }
    },
    /**
     * @param {string | ArrayBuffer} text @param {string} read how, where the text leaves that open
     * @returns {Promise<Table | null>} null where another was asked for meanwhile
     */
    async read(text, read) {
      const size = typeof text === "string" ? new Blob([text]).size : text.byteLength;
      if (size > MOST_BYTES) throw tooLarge("This table", size);
      const signal = cancel();
      const { found, error } = await reader(text, read, signal);
      if (signal.aborted) return null;
      if (!found) throw new Fault(complaint(error ?? { message: "" }), error?.offers);
      return { columns: found.columns, count: found.rows, told: becameOf(found) };
    },
    /** Its bytes, and its text. @param {File} file */
    async open(file) {
      if (file.size > MOST_BYTES) throw tooLarge(file.name, file.size);
      try {
        return await file.arrayBuffer();
      } catch {
        throw new Fault(`${file.name} can't be read.`);
      }
    },
  };
}

/** @param {string} data */
export function setOf(data) {
  const [name, n = `${SET.rows}`, seed = `${SET.seed}`, noise = `${SET.noise}`] = data.split(",");
  return { name, n, seed, noise };
}

/** @param {string} what @param {number} size */
function tooLarge(what, size) {
  return new Fault(`${what} has ${Math.ceil(size / 1e6)} MB; up to ${MOST_BYTES / 1e6} MB are read.`);
}

/** @param {Record<string, number[]>} columns */
const columnsOf = (columns) =>
  new Map(Object.entries(columns).map(([name, xs]) => /** @type {const} */ ([name, Float64Array.from(xs)])));

/** @param {import("./reader.js").Mistake} error */
function complaint({ message, row, column }) {
  const place = [row ? `row ${grouped(row)}` : "", column ? `column ${column}` : ""];
  const whole = [place.filter(Boolean).join(", "), message].filter(Boolean).join(": ");
  return `${whole[0].toUpperCase()}${whole.slice(1)}${/[.!?]$/.test(whole) ? "" : "."}`;
}

/**
 * What was done with cells that are no numbers.
 * @param {{classes?: ReadonlyMap<string, readonly string[]>, leftOut?: readonly string[], dropped?: number}} found
 */
export function becameOf({ classes = new Map(), leftOut = [], dropped = 0 }) {
  const words = [...classes].map(
    ([name, texts]) => `${name}: ${texts.map((text, code) => `${code} = ${text}`).join(", ")}.`,
  );
  if (leftOut.length) words.push(`Left out: ${leftOut.join(", ")}.`);
  if (dropped) words.push(`${grouped(dropped)} incomplete sample${dropped === 1 ? "" : "s"} left out.`);
  return words.join(" ");
}

/** @param {ArrayBuffer} bytes */
export function decode(bytes) {
  const [first, second] = new Uint8Array(bytes, 0, Math.min(2, bytes.byteLength));
  const encoding =
    first === 0xff && second === 0xfe ? "utf-16le" : first === 0xfe && second === 0xff ? "utf-16be" : "utf-8";
  return new TextDecoder(encoding).decode(bytes);
}

/** Keeps a text for this tab. @param {string} text @returns {boolean} whether there was room */
export function keep(text) {
  try {
    if (text) sessionStorage.setItem(KEY, text);
    else sessionStorage.removeItem(KEY);
    return true;
  } catch {
    try {
      sessionStorage.removeItem(KEY); // else an older one would come back
    } catch {
      // There is no such storage.
    }
    return false;
  }
}

export function kept() {
  try {
    return sessionStorage.getItem(KEY) ?? "";
  } catch {
    return "";
  }
}
