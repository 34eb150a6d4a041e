/** What was computed last. A first look comes at once, the whole of it once the numbers rest. */

import { same } from "../state/same.js";

/** Numbers that have not moved for so long, in milliseconds, rest. */
const REST = 110;

/** @typedef {readonly unknown[]} Key */

/**
 * @template Found
 * @param {import("../page/clock.js").Clock} clock
 * @param {() => boolean} alive whether it is still of use
 * @param {() => void} renewed the whole is there
 */
export function createKnown(clock, alive, renewed) {
  /** @type {{key: Key, exact: boolean, found: Found} | null} */
  let known = null;
  let cancel = () => {};

  /**
   * What is known of a key.
   * @param {Key} key all that it depends on
   * @param {() => Found} first
   * @param {((still: () => boolean) => Promise<Found | undefined>) | null} then null where the first look is the whole
   */
  return function of(key, first, then) {
    if (known && same(known.key, key)) return known;
    cancel();
    known = { key, exact: !then, found: first() };
    if (then) cancel = clock.later(() => whole(key, then), REST);
    return known;
  };

  /** @param {Key} key @param {(still: () => boolean) => Promise<Found | undefined>} then */
  async function whole(key, then) {
    const still = () => known?.key === key && alive();
    const found = still() ? await then(still) : undefined;
    if (!found || !still()) return;
    known = { key, exact: true, found };
    renewed();
  }
}
