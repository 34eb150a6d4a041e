/** The card of the update: whose it is, and of which optimizer. Its numbers are live. */

import { setNames } from "../network/letters.js";
import { controlOf, write } from "./controls.js";
import { racing } from "./plan.js";

/** @param {Element | null} root the card @param {import("./card.js").Seen} seen */
export function showUpdate(root, { state, numbers, about }) {
  if (!(root instanceof HTMLElement)) return;
  const select = /** @type {HTMLSelectElement} */ (controlOf(root, "about"));
  root.hidden = !numbers.length;
  if ([...select.options].map(({ value }) => value).join() !== numbers.join()) {
    select.replaceChildren(...numbers.map((name) => new Option(setNames(name), name)));
  }
  write(select, about);
  for (const update of /** @type {NodeListOf<HTMLElement>} */ (root.querySelectorAll("[data-update]"))) {
    update.hidden = update.dataset.update !== racing(state)[0];
  }
}
