/** Keeps the browser's address and history in step with the state. */

import { PARAMETERS } from "./table.js";
import { visits } from "./visits.js";

/** @typedef {import("./visits.js").Change} Change */

/** Browsers refuse scripts that rewrite the address at every frame: it is written this often, in milliseconds. */
const PAUSE = 500;

const KINDS = new Map(PARAMETERS.map(({ name, change }) => [/** @type {string} */ (name), change]));

/**
 * What the rows of the table say that a change is. Typing is told from a choice that changes the program, such as an
 * example, by whoever makes the choice.
 * @param {Iterable<string>} changed @returns {Change}
 */
function kindOf(changed) {
  const kinds = new Set([...changed].map((key) => KINDS.get(key)));
  return kinds.has("text") ? "text" : kinds.has("choice") ? "choice" : "number";
}

/**
 * @param {object} page
 * @param {() => () => string} page.snapshot gives what makes the query of the state as it is now: most of a slider's
 *   moves are never written
 * @param {import("../page/services.js").Place} page.place
 * @param {import("../page/clock.js").Clock} page.clock
 */
export function createAddress({ snapshot, place, clock }) {
  const { judge, arrived } = visits();
  /** Whether nobody has done anything yet in the entry that is shown. */
  let untouched = true;
  /** @type {(() => void) | null} */
  let cancel = null;
  let pending = () => "";
  /** @type {Change | "none" | null} */
  let act = null;

  /** Writes at once what was put off. */
  function flush() {
    if (!cancel) return;
    drop();
    place.replace(pending());
  }

  /** Forgets what was put off: it speaks of an entry that has been left. */
  function drop() {
    cancel?.();
    cancel = null;
  }

  place.leaving(flush);
  return {
    flush,
    drop,

    /** The user does something. */
    act() {
      if (untouched) arrived();
      untouched = false;
    },

    /** Another entry is shown, by the history. */
    moved() {
      drop();
      untouched = true;
    },

    /** Follows a change of these keys. @param {Iterable<string>} changed */
    follow(changed) {
      const change = act ?? kindOf(changed);
      if (change === "none") return;
      const query = snapshot();
      if (judge(change, clock.now()) === "push") {
        flush();
        const now = query();
        if (now !== place.query()) place.push(now);
        return;
      }
      pending = query;
      cancel ??= clock.later(flush, PAUSE);
    },

    /**
     * What `run` changes is one choice, whatever the table says; or none that the history knows of.
     * @param {Change | "none"} change @param {() => void} run
     */
    during(change, run) {
      const before = act;
      act = change;
      try {
        run();
      } finally {
        act = before;
      }
    },
  };
}
