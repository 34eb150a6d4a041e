/** The card's list of the optimizers that race. */

import { attribute } from "../page/dom.js";
import { mark } from "../plot/marks.js";
import { controlOf, press } from "./controls.js";
import { MOST_RACING, racing } from "./plan.js";

/** @param {Element} root the card @param {import("./card.js").Seen} seen */
export function showRacers(root, { state }) {
  const names = racing(state);
  for (const row of /** @type {NodeListOf<HTMLElement>} */ (root.querySelectorAll("[data-racer]"))) {
    const place = names.indexOf(row.dataset.racer ?? "");
    row.hidden = place < 0;
    if (place < 0) continue;
    attribute(row, "data-series", String(place));
    attribute(row.querySelector("path"), "d", mark(place));
    press(row.querySelector("[data-follow]"), place === 0);
    /** @type {HTMLElement} */ (row.querySelector("[data-leave]")).hidden = names.length < 2;
  }
  const more = /** @type {HTMLSelectElement} */ (controlOf(root, "racer"));
  more.value = "";
  more.disabled = names.length >= MOST_RACING;
  for (const option of more.options) option.hidden = option.disabled = names.includes(option.value);
}
