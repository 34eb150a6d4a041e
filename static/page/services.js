/** What a page needs of the world around it: a server, an address, a clock. Whoever makes a page gives them. */

import { unpacked } from "../state/packed.js";
import { browserClock } from "./clock.js";

/**
 * @typedef {import("./clock.js").Clock} Clock
 *
 * @typedef {object} Server
 * @property {(path: string) => string} address of something that the server makes, such as `graph.svg?expr=x`
 * @property {(path: string, options?: RequestInit) => Promise<Response>} fetch
 * @property {boolean} [makesNothing] it makes no parts anew: what is drawn stays as it is
 *
 * @typedef {object} Place where the page's state stands for others to read: the browser's address
 * @property {() => string} query
 * @property {(query: string) => void} push makes an entry in the history
 * @property {(query: string) => void} replace rewrites the present one
 * @property {(run: (query: string) => void) => void} follow calls when the history has moved to another entry
 * @property {(run: () => void) => void} leaving calls when the page is left
 * @property {() => void} renew begins the page anew where that may help: not twice without the user
 * @property {Memory} session texts that outlive a visit to another page
 * @property {Memory} settings texts that stay
 *
 * @typedef {object} Memory
 * @property {(name: string) => string} read empty where there is none
 * @property {(name: string, text: string) => void} write
 *
 * @typedef {object} Services
 * @property {Server} server
 * @property {Place} place
 * @property {Clock} clock
 * @property {string} suffix what the page's ids end in where it shares its document with others, else nothing
 */

/** The services of a page that has the window for itself. @param {string} base the app's address: "/", or a prefix */
export function browserServices(base) {
  return { server: serverAt(base), place: addressBar(base), clock: browserClock, suffix: "" };
}

/**
 * The services of a page in a frame: it writes no address, and makes no entries in the history of the page around it.
 * @param {string} base @param {string} query @returns {Services}
 */
export function framedServices(base, query) {
  const settings = memoryIn(() => localStorage, `${base}frame`);
  return { server: serverAt(base), place: { ...ownPlace(query), settings }, clock: browserClock, suffix: "" };
}

/**
 * The services of a page that is a file: what a server would answer travels in it, and nothing else is asked for.
 * @param {string} query @param {ReadonlyMap<string, string>} answers JSON by the path of the address
 * @param {Memory} settings @param {string} suffix @returns {Services}
 */
export function fileServices(query, answers, settings, suffix) {
  const server = {
    makesNothing: true,
    address: (/** @type {string} */ path) => path,
    fetch: async (/** @type {string} */ path) => {
      const answer = answers.get(path.split("?")[0]);
      if (answer === undefined) throw new Error("a file has no server");
      return new Response(answer, { headers: { "Content-Type": "application/json" } });
    },
  };
  return { server, place: { ...ownPlace(query), settings }, clock: browserClock, suffix };
}

/** @param {string} base @returns {Server} */
export function serverAt(base) {
  const address = (/** @type {string} */ path) => base + path;
  return { address, fetch: async (path, options) => own(await fetch(address(path), options)) };
}

/**
 * An answer of the app's. What others say in its place, a portal's page or a proxy's that finds no server, is as good
 * as none. @param {Response} answer
 */
function own(answer) {
  if (answer.headers.has("X-Backprop")) return answer;
  throw new TypeError(`not the app's answer: ${answer.status}`);
}

/** @param {string} base @returns {Place} */
function addressBar(base) {
  const address = (/** @type {string} */ query) => base + (query && `?${query}`);
  return {
    query: () => location.search.slice(1),
    push: (query) => history.pushState(null, "", address(query)),
    replace: (query) => history.replaceState(null, "", address(query)),
    follow: (run) => addEventListener("popstate", () => void follow(run)),
    leaving: (run) => addEventListener("pagehide", run),
    renew() {
      const visits = /** @type {PerformanceNavigationTiming[]} */ (performance.getEntriesByType("navigation"));
      if (visits.every(({ type }) => type !== "reload")) location.reload();
    },
    session: memoryIn(() => sessionStorage, base),
    settings: memoryIn(() => localStorage, base),
  };
}

/** Of quick moves through the history the last one counts. @param {(query: string) => void} run */
async function follow(run) {
  const { search } = location;
  if (!new URLSearchParams(search).has("z")) return run(search);
  const query = await unpacked(search);
  if (location.search === search) run(query);
}

/** What this browser keeps for a file. */
export const fileMemory = () => memoryIn(() => localStorage, location.pathname);

/** A browser may refuse it: then nothing is remembered. @param {() => Storage} storage @param {string} base */
function memoryIn(storage, base) {
  const name = (/** @type {string} */ own) => `graphviz_backprop ${base} ${own}`;
  return {
    read(/** @type {string} */ own) {
      try {
        return storage().getItem(name(own)) ?? "";
      } catch {
        return "";
      }
    },
    write(/** @type {string} */ own, /** @type {string} */ text) {
      try {
        storage().setItem(name(own), text);
      } catch {
        // full, or switched off
      }
    },
  };
}

/** Nothing is remembered. @type {Memory} */
export const NO_MEMORY = { read: () => "", write: () => {} };

/** The place of a page that shares its window with others: it has no history. @param {string} query @returns {Place} */
export function ownPlace(query) {
  let now = query;
  const write = (/** @type {string} */ to) => void (now = to);
  const none = { follow() {}, leaving() {}, renew() {}, session: NO_MEMORY, settings: NO_MEMORY };
  return { query: () => now, push: write, replace: write, ...none };
}
