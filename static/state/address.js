/** Keeps the browser's address and history in step with the state. */

import { visits } from "./visits.js";

/** Browsers refuse scripts that rewrite the address at every frame. */
const PAUSE = 500;

/**
 * @param {() => string} query what the address should hold now
 */
export function createAddress(query) {
  const judge = visits();
  let timer = 0;
  let pending = "";

  /** Writes at once what was put off. */
  function flush() {
    if (!timer) return;
    clearTimeout(timer);
    timer = 0;
    history.replaceState(null, "", pending);
  }

  /** Forgets what was put off: it speaks of an entry that has been left. */
  function drop() {
    clearTimeout(timer);
    timer = 0;
  }

  /** @param {import("./visits.js").Change} change */
  function follow(change) {
    const address = addressOf(query());
    if (judge(change, performance.now()) === "push") {
      flush();
      if (address !== location.pathname + location.search) history.pushState(null, "", address);
      return;
    }
    pending = address;
    timer ||= window.setTimeout(flush, PAUSE);
  }

  addEventListener("pagehide", flush);
  return { follow, flush, drop };
}

/** @param {string} query */
function addressOf(query) {
  return query ? `/?${query}` : "/";
}
