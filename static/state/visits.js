/**
 * Which changes make an entry of the browser's history. Pure: the clock is an argument.
 */

/** @typedef {"text" | "choice" | "number"} Change typing; a switch or an example; a slider or another number */

/** How long a pause ends a burst of typing, in milliseconds. */
export const BURST = 2_000;

/**
 * A judge with a memory of the last change: a burst of typing is one entry, a switch is one, and numbers
 * only rewrite the entry they are in.
 * @returns {(change: Change, now: number) => "push" | "replace"}
 */
export function visits() {
  let typed = -Infinity;
  return (change, now) => {
    const burst = change === "text" && now - typed < BURST;
    if (change !== "number") typed = change === "text" ? now : -Infinity;
    return change === "number" || burst ? "replace" : "push";
  };
}
