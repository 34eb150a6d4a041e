/** What the page shows follows from one state; whoever shows a part of it subscribes to that part. */

/**
 * @template {object} S
 * @typedef {(state: Readonly<S>, changed: ReadonlySet<keyof S>) => void} Subscriber
 */

/**
 * @template {object} S
 * @typedef {object} Store
 * @property {Readonly<S>} state always the present one; it is changed by `change` alone
 * @property {(patch: Partial<S>) => void} change sets these keys; who subscribed to one that differs is called, once
 * @property {(keys: readonly (keyof S)[], run: Subscriber<S>) => () => void} subscribe calls at once, with all of the
 *   keys as changed, and after each change of one of them; the function that it gives ends that
 */

/**
 * Values are compared by identity: a changed map is a new map. What a subscriber changes is told after all have been
 * called, so that each sees whole states only.
 * @template {object} S
 * @param {S} initial
 * @returns {Store<S>}
 */
export function createStore(initial) {
  const state = { ...initial };
  /** @type {Map<Subscriber<S>, ReadonlySet<keyof S>>} */
  const subscribers = new Map();
  /** @type {Set<keyof S>} */
  let changed = new Set();
  let telling = false;

  function tell() {
    telling = true;
    try {
      while (changed.size) {
        const keys = changed;
        changed = new Set();
        for (const [run, wanted] of [...subscribers]) {
          if (subscribers.has(run) && [...keys].some((key) => wanted.has(key))) run(state, keys);
        }
      }
    } finally {
      telling = false;
    }
  }

  return {
    state,
    change(patch) {
      for (const key of /** @type {(keyof S)[]} */ (Object.keys(patch))) {
        const value = /** @type {S[keyof S]} */ (patch[key]);
        if (Object.is(state[key], value)) continue;
        state[key] = value;
        changed.add(key);
      }
      if (!telling) tell();
    },
    subscribe(keys, run) {
      /** @type {Subscriber<S>} */
      const own = (now, keys) => run(now, keys);
      const wanted = new Set(keys);
      subscribers.set(own, wanted);
      own(state, wanted);
      return () => void subscribers.delete(own);
    },
  };
}
