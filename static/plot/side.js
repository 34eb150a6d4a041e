/** The plot: f against one or two of its variables, the point and its tangent, the descents. */

import { createCard } from "./card.js";
import { createTopic } from "./topic.js";
import { shows } from "../state/url.js";

/** @typedef {keyof import("../workbench.js").Shown} Key */

/** What the picture depends on. @type {Key[]} */
const SHOWN = [
  "panes",
  "graph",
  "samples",
  "row",
  "plot",
  "box",
  "panels",
  "descents",
  "at",
  "starts",
  "min",
  "max",
  "step",
];

/** @param {import("../workbench.js").Page} page @returns {import("../workbench.js").Side} */
export function create({ form, store, clock, choose, move }) {
  const topic = createTopic(store);
  /** @type {HTMLElement | null} */
  let section = null;
  /** @type {ReturnType<typeof createCard> | null} */
  let card = null;
  let isStale = false;

  // The card is another one where the variables are.
  store.subscribe(["graph"], () => {
    const found = /** @type {HTMLElement | null} */ (form.querySelector('[data-fragment="plot"]'));
    if (found === section) return;
    section = found;
    card = found?.querySelector("[data-plot]") ? createCard(found, { store, clock, choose, move }, topic) : null;
  });
  store.subscribe(SHOWN, () => (isStale = true));
  return {
    show() {
      if (!isStale || !shows(store.state, "plot")) return;
      isStale = false;
      card?.paint();
    },
  };
}
