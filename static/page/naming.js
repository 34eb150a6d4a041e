/** What is hidden keeps the view that names it: in the other one the same nodes have other letters. */

import { shows } from "../state/url.js";

/**
 * @typedef {import("../state/url.js").State} State
 * @typedef {"tree" | "graph"} View
 */

/** The view of the graph itself: a network's is merged. @param {Readonly<State>} state @returns {View} */
export const viewOf = (state) => (shows(state, "network") ? "graph" : /** @type {View} */ (state.view));

/**
 * The view that names what is hidden, once another one is shown.
 * @param {Readonly<State>} state what is shown now @param {string} before the view that was shown
 */
export function namesIn(state, before) {
  const names = state.names || before;
  return state.hide && names !== viewOf(state) ? names : "";
}

/** What says itself which view names what is hidden. @type {readonly (keyof State)[]} */
const OWN = ["expr", "hide", "names"];

/** @param {import("../workbench.js").PageStore} store */
export function keepNames(store) {
  let shown = viewOf(store.state);
  store.subscribe(["view", "panes", ...OWN], (state, changed) => {
    const before = shown;
    shown = viewOf(state);
    const isOther = OWN.some((key) => changed.has(key)); // a state of its own
    if (before !== shown && !isOther) store.change({ names: namesIn(state, before) });
  });
}
