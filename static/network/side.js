/** The network's side: the builder, and what the picture of the network tells when it is clicked. */

import { createBuilder } from "./builder.js";

/** @param {import("../workbench.js").Page} page @returns {import("../workbench.js").Side} */
export function create(page) {
  createBuilder(/** @type {HTMLElement} */ (page.form.querySelector("[data-builder]")), page);
  return {};
}
