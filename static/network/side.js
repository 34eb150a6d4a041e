/** The network's side: the builder, and what the network does while it learns. */

import { createBuilder } from "./builder.js";
import { createDerivation } from "./derivation.js";
import { createTraining } from "./training.js";
import { createWires } from "./wires.js";

/** @param {import("../workbench.js").Page} page @returns {import("../workbench.js").Side} */
export function create(page) {
  createBuilder(/** @type {HTMLElement} */ (page.form.querySelector("[data-builder]")), page);
  const derivation = createDerivation(page);
  const wires = createWires(page);
  /** @type {HTMLElement | null} */
  let card = null;
  /** @type {ReturnType<typeof createTraining> | undefined} */
  let training;

  /** The card is another one where the network is. */
  function renew() {
    wires.renew();
    derivation.renew();
    const found = /** @type {HTMLElement | null} */ (page.form.querySelector(".training[data-network]"));
    if (found === card) return;
    card = found;
    training = card ? createTraining(card, page) : undefined;
  }

  /** @param {unknown} _ @param {import("../workbench.js").Reached} reached */
  function show(_, reached) {
    wires.show(reached);
    training?.show();
  }

  renew();
  return { renew, show };
}
