/** Says that the server can't be reached or has others to serve, and asks again for what did not come. */

/** So long after it did not, in milliseconds. */
const AGAIN = 5_000;

/**
 * @param {HTMLElement} root
 * @param {import("./clock.js").Clock} clock
 */
export function createOffline(root, clock) {
  const told = /** @type {HTMLElement} */ (root.querySelector("[data-part=offline]"));
  /** What to do for what did not come. @type {Map<unknown, () => void>} */
  const missing = new Map();
  const unreachable = told.textContent;
  let cancel = () => {};

  function ask() {
    const all = [...missing.values()];
    missing.clear();
    for (const again of all) again();
  }

  return {
    /**
     * @param {unknown} what @param {() => void} again asks for it
     * @param {{wait: number} | null} [busy] the server is there and says when to come again, in milliseconds
     */
    missed(what, again, busy = null) {
      missing.set(what, again);
      told.textContent = busy ? (told.dataset.busy ?? "") : unreachable;
      told.hidden = false;
      cancel();
      cancel = clock.later(ask, Math.max(AGAIN, busy?.wait || 0));
    },
    /** @param {unknown} what */
    came(what) {
      missing.delete(what);
      told.hidden = missing.size === 0;
    },
  };
}
