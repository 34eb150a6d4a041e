/** Says that the server can't be reached, and asks again for what did not come. */

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
  let cancel = () => {};

  function ask() {
    const all = [...missing.values()];
    missing.clear();
    for (const again of all) again();
  }

  return {
    /** @param {unknown} what @param {() => void} again asks for it */
    missed(what, again) {
      missing.set(what, again);
      told.hidden = false;
      cancel();
      cancel = clock.later(ask, AGAIN);
    },
    /** @param {unknown} what */
    came(what) {
      missing.delete(what);
      told.hidden = missing.size === 0;
    },
  };
}
