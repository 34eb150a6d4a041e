/**
 * Which changes make an entry of the browser's history. Pure: the clock is an argument.
 */

/** @typedef {"text" | "choice" | "number"} Change typing; a switch or an example; a slider or another number */

/** How long a pause ends a burst of typing, in milliseconds. */
export const BURST = 2_000;

/**
 * A judge with a memory of the last change: a burst of typing is one entry, a switch is one, and numbers
 * only rewrite the entry they are in. The first change of all leaves the entry that one has come to as it is, so that
 * who goes back from there is still here.
 */
export function visits() {
  let typed = -Infinity;
  let fresh = false;
  return {
    /** Someone begins to work in an entry that was opened, or gone back to. */
    arrived() {
      typed = -Infinity;
      fresh = true;
    },

    /** @param {Change} change @param {number} now @returns {"push" | "replace"} */
    judge(change, now) {
      const burst = change === "text" && now - typed < BURST;
      const first = fresh;
      if (change !== "number") typed = change === "text" ? now : -Infinity;
      fresh = false;
      return !first && (change === "number" || burst) ? "replace" : "push";
    },
  };
}
