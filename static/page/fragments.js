/** The parts of the page that follow the program: fetched from the server that made the first ones. */

/** Longer queries travel in the body: servers limit the length of a URL. */
const LONGEST_QUERY = 4_000;

/** It has others to serve, or was asked too often. */
const BUSY = [503, 429];

/** The server has others to serve first, or this took it too long. */
class Busy extends Error {
  /** @param {Response} response */
  constructor(response) {
    super("busy");
    /** When to come again, in milliseconds. */
    this.wait = 1000 * Number(response.headers.get("Retry-After"));
  }
}

/** Why nothing came, if the server is there. @param {unknown} fault */
export const busy = (fault) => (fault instanceof Busy ? fault : null);

/**
 * Loads the parts, the last ones asked for only.
 * @param {import("./services.js").Server} server
 */
export function createLoader(server) {
  let running = new AbortController();

  /** What is still under way is of no use any more. */
  function cancel() {
    running.abort();
    running = new AbortController();
  }

  /**
   * The parts for a query, or undefined where they were cancelled.
   * @param {string} path which parts @param {string} query @returns {Promise<Document | undefined>}
   */
  async function load(path, query) {
    cancel();
    const { signal } = running;
    try {
      const response = await request(server, path, query, signal);
      if (BUSY.includes(response.status)) throw new Busy(response);
      if (!response.ok) throw new Error(`status ${response.status}`);
      const text = await response.text();
      return signal.aborted ? undefined : new DOMParser().parseFromString(text, "text/html");
    } catch (fault) {
      if (signal.aborted) return undefined;
      throw fault;
    }
  }

  return { load, cancel };
}

/**
 * @param {import("./services.js").Server} server @param {string} path @param {string} query @param {AbortSignal} signal
 */
export function request(server, path, query, signal) {
  if (query.length <= LONGEST_QUERY) return server.fetch(`${path}?${query}`, { signal });
  return server.fetch(path, { method: "POST", body: new URLSearchParams(query), signal });
}

/**
 * Puts each part in the place of the one of the same name. A part with the key of the old one says the
 * same, and the old one stays, with whatever the user is doing in it. What came inside another part is there already.
 * @param {HTMLElement} page @param {ParentNode} parts
 */
export function swap(page, parts) {
  const focused = document.activeElement;
  const all = /** @type {NodeListOf<HTMLElement>} */ (parts.querySelectorAll("[data-fragment]"));
  for (const part of all) {
    const old = find(page, part.dataset.fragment ?? "");
    const isSame = part.dataset.key ? part.dataset.key === old?.dataset.key : isEqual(part, old);
    if (old && old !== part && !isSame) old.replaceWith(document.adoptNode(part));
  }
  if (!focused || focused.isConnected) return;
  if (focused instanceof HTMLInputElement || focused instanceof HTMLSelectElement) focusByName(page, focused.name);
  const pin = focused.getAttribute("data-pin");
  if (pin) /** @type {HTMLElement | null} */ (page.querySelector(`[data-pin="${CSS.escape(pin)}"]`))?.focus();
  const fold = focused.closest("[data-group], [data-close]");
  const group = CSS.escape(fold?.getAttribute("data-close") ?? fold?.getAttribute("data-group") ?? "");
  const button = `[data-close="${group}"], [data-group="${group}"] > .opener`;
  if (fold) /** @type {SVGElement | null} */ (page.querySelector(button))?.focus({ preventScroll: true });
  const panel = focused.closest("[data-panel]")?.getAttribute("data-panel");
  if (panel) /** @type {HTMLElement | null} */ (page.querySelector(`[data-panel="${panel}"] > summary`))?.focus();
}

/**
 * Whether a part that stands there need not be replaced: a browser computes the styles of all beside it anew. What is
 * typed or chosen in it is not seen in markup.
 * @param {HTMLElement} part @param {HTMLElement | null} old
 */
const isEqual = (part, old) =>
  old !== null && old.isEqualNode(part) && !part.querySelector("input, select, textarea, details");

/**
 * A part by its name.
 * @param {ParentNode} where @param {string} name
 */
export function find(where, name) {
  return /** @type {HTMLElement | null} */ (where.querySelector(`[data-fragment="${name}"]`));
}

/** @param {HTMLElement} page @param {string} name */
function focusByName(page, name) {
  if (!name) return;
  const successor = /** @type {HTMLElement | null} */ (page.querySelector(`[name="${CSS.escape(name)}"]`));
  successor?.focus({ preventScroll: true });
}
