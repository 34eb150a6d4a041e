/** The network's side: the builder, the derivation, the picture's weights, and the training. */

import { createBuilder } from "./builder.js";
import { createDerivation } from "./derivation.js";
import { createFrame } from "./frame.js";
import { bindKeyboard } from "./keyboard.js";
import { createSurfaces } from "./surfaces.js";
import { createTraining } from "./training.js";
import { createWires } from "./wires.js";

/** @param {import("../workbench.js").Page} page @returns {import("../workbench.js").Side} */
export function create(page) {
  const builder = /** @type {HTMLElement | null} */ (page.form.querySelector("[data-builder]"));
  if (builder) createBuilder(builder, page);
  if (page.form.querySelector('[data-fragment="network"]')) createDerivation(page);
  createFrame(page.root, page.store);
  bindKeyboard(page.root, page.store);
  const surfaces = createSurfaces(page, page.paint);
  const wires = createWires(page, surfaces.said);
  /** @type {HTMLElement | null} */
  let card = null;
  /** @type {ReturnType<typeof createTraining> | undefined} */
  let training;

  // The card is another one where the network is.
  page.store.subscribe(["graph"], () => {
    const found = /** @type {HTMLElement | null} */ (page.form.querySelector(".training[data-network]"));
    if (found === card) return;
    training?.end();
    card = found;
    training = card ? createTraining(card, page) : undefined;
  });

  return { show: (_, reached) => wires.show(reached) };
}
