/** The plot: f against one or two of its variables, the point and its tangent, the descents. */

import { createCard } from "./card.js";
import { sampler } from "./sampler.js";

/** @param {import("../workbench.js").Page} page @returns {import("../workbench.js").Side} */
export function create(page) {
  /** @type {HTMLElement | null} */
  let section = null;
  /** @type {ReturnType<typeof createCard> | null} */
  let card = null;

  const last = { names: "", box: "" };

  function renew() {
    const found = /** @type {HTMLElement | null} */ (page.form.querySelector('[data-fragment="plot"]'));
    if (found !== section) {
      section = found;
      card = found?.querySelector("[data-plot]") ? createCard(found, page, last) : null;
    }
    const graph = page.graph();
    card?.renew(graph, graph && sampler(graph));
  }

  page.follow(renew);
  renew();
  return { renew, show: () => card?.paint() };
}
