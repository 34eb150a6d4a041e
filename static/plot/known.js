/** What was computed last. A first look comes at once, the whole of it once the numbers rest. */

/** Numbers that have not moved for so long, in milliseconds, rest. */
const REST = 110;

/**
 * @template Found
 * @param {() => boolean} alive whether it is still of use
 * @param {() => void} renewed the whole is there
 */
export function createKnown(alive, renewed) {
  /** @type {{key: string, exact: boolean, found: Found} | null} */
  let known = null;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;

  /**
   * What is known of a key.
   * @param {string} key all that it depends on
   * @param {() => Found} first
   * @param {((still: () => boolean) => Promise<Found | undefined>) | null} then null where the first look is the whole
   */
  return function of(key, first, then) {
    if (known?.key === key) return known;
    clearTimeout(timer);
    known = { key, exact: !then, found: first() };
    if (then) timer = setTimeout(() => whole(key, then), REST);
    return known;
  };

  /** @param {string} key @param {(still: () => boolean) => Promise<Found | undefined>} then */
  async function whole(key, then) {
    const still = () => known?.key === key && alive();
    const found = still() ? await then(still) : undefined;
    if (!found || !still()) return;
    known = { key, exact: true, found };
    renewed();
  }
}
