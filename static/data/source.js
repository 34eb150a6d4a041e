/** Where samples come from: the server makes sets and reads tables. */

import { LIMITS, SET } from "../state/table.js";

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

/** Only the last table that is asked for counts. @param {import("../page/services.js").Server} server */
export function createSource(server) {
  let running = new AbortController();

  /** What is under way is of no use any more. */
  function cancel() {
    running.abort();
    running = new AbortController();
  }

  /**
   * @param {string} address @param {RequestInit} [options]
   * @returns {Promise<Table | null>} null where another was asked for meanwhile
   */
  async function ask(address, options) {
    cancel();
    const { signal } = running;
    try {
      const response = await server.fetch(address, { ...options, signal });
      const answer = await response.json().catch(() => null);
      if (signal.aborted) return null;
      if (!response.ok || !answer?.columns) {
        throw new Fault(complaint(answer?.error, response.status), answer?.error?.offers);
      }
      const columns = Object.entries(answer.columns).map(
        ([name, xs]) => /** @type {const} */ ([name, Float64Array.from(xs)]),
      );
      const held =
        answer.held && new Map(Object.entries(answer.held).map(([name, xs]) => [name, Float64Array.from(xs)]));
      return { columns: new Map(columns), count: answer.rows, told: becameOf(answer), ...(held && { held }) };
    } catch (fault) {
      if (signal.aborted) return null;
      throw fault instanceof Fault
        ? fault
        : new Fault("The server can't be reached. What you typed stays, and so do the samples.");
    }
  }

  return {
    cancel,
    /** A set that is made: "moons,200,0,0.1". @param {string} data */
    made: (data) => ask(`api/data?${new URLSearchParams(setOf(data))}`),
    /** @param {string | ArrayBuffer} text @param {string} read how, where the text leaves that open */
    async read(text, read) {
      const size = typeof text === "string" ? new Blob([text]).size : text.byteLength;
      if (size > MOST_BYTES) throw tooLarge("This table", size);
      return ask(read ? `api/table?${new URLSearchParams({ read })}` : "api/table", {
        method: "POST",
        body: text,
        headers: { "Content-Type": "text/plain; charset=utf-8" },
      });
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
  return new Fault(`${what} has ${Math.ceil(size / 1e6)} MB; up to ${MOST_BYTES / 1e6} MB are read. Nothing was sent.`);
}

/** @param {{message?: string, row?: number | null, column?: number | null} | undefined} error @param {number} status */
function complaint(error, status) {
  const message = error?.message || `The server answers with status ${status}`;
  const place = [error?.row ? `row ${grouped(error.row)}` : "", error?.column ? `column ${error.column}` : ""];
  const whole = [place.filter(Boolean).join(", "), message].filter(Boolean).join(": ");
  return `${whole[0].toUpperCase()}${whole.slice(1)}${/[.!?]$/.test(whole) ? "" : "."}`;
}

/**
 * What was done with cells that are no numbers.
 * @param {{classes?: Record<string, string[]>, left_out?: string[], dropped?: number}} answer
 */
export function becameOf({ classes = {}, left_out: leftOut = [], dropped = 0 }) {
  const found = Object.entries(classes).map(
    ([name, texts]) => `${name}: ${texts.map((text, code) => `${code} = ${text}`).join(", ")}.`,
  );
  if (leftOut.length) found.push(`Left out: ${leftOut.join(", ")}.`);
  if (dropped) found.push(`${grouped(dropped)} incomplete sample${dropped === 1 ? "" : "s"} left out.`);
  return found.join(" ");
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
