/** The loss over the steps, as far as they were shown. */

import { createLines } from "../plot/lines.js";
import { hide } from "./controls.js";
import { lastOf } from "./descent.js";

/**
 * @param {Element} root the card
 * @param {(k: number) => void} seek a step was picked
 * @param {(name: string) => string} titleOf an optimizer's
 */
export function createLossChart(root, seek, titleOf) {
  const svg = root.querySelector("[data-lines]");
  const chart = svg instanceof SVGSVGElement ? createLines(svg) : null;
  let drawn = "";

  /**
   * Of the descent that is followed, the loss of what is held out.
   * @param {import("./descent.js").Descent} descent @param {number} furthest
   */
  const ofHeld = ({ name, held, every }, furthest) => ({
    name: `${titleOf(name)}, held out`,
    values: held.slice(0, Math.floor(furthest / every) + 1),
    every,
    colour: 0,
    dashed: true,
  });

  /** @param {import("./card.js").Seen} seen */
  return function show({ state, descents, furthest, log, secret }) {
    const key = [
      state.k,
      furthest,
      log,
      secret,
      ...descents.map((one) => `${one.name} ${lastOf(one)} ${one.held.length}`),
    ].join();
    if (key === drawn) return;
    drawn = key;
    hide(root.querySelector("[data-curve]"), state.k < 0 || !descents.length || secret);
    if (state.k < 0 || secret) return;
    const isHeld = Boolean(descents[0]?.held.length);
    hide(root.querySelector("[data-kinds]"), !isHeld);
    const learned = descents.map(({ name, losses }, colour) => ({
      name: titleOf(name),
      values: losses.length <= furthest + 1 ? losses : losses.slice(0, furthest + 1),
      colour,
    }));
    const series = isHeld ? [...learned, ofHeld(descents[0], furthest)] : learned;
    const label = `Loss over ${furthest} steps`;
    chart?.draw({ series, x: "step", y: "loss", label, log, marker: state.k, onpick: seek });
  };
}
