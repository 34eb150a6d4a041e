/** What training leaves behind: the length of each layer's gradient over the steps, and the course of its weights. */

import { attribute, say as write } from "../page/dom.js";
import { createLines } from "../plot/lines.js";
import { mark } from "../plot/marks.js";
import { formatNumber } from "../engine/numerals.js";
import { inLine } from "./letters.js";
import { lengthsOf, shownLayers } from "./lengths.js";

/** @typedef {import("../workbench.js").DrawnDescent} DrawnDescent */

/**
 * @param {(name: string) => HTMLElement} part of the card, by its name
 * @param {import("./lengths.js").LayerNames[]} layers
 */
export function createHistories(part, layers) {
  const [norms, weights] = ["norms", "weights"].map((name) => createLines(/** @type {any} */ (part(name))));
  const choice = /** @type {HTMLSelectElement} */ (part("layer"));

  /** @param {DrawnDescent | undefined} track @param {string} chosen the weight that stands out */
  function draw(track, chosen) {
    part("histories").hidden = !track?.gradients;
    if (!track?.gradients) return;
    drawNorms(track);
    drawWeights(track, chosen);
  }

  /** @param {DrawnDescent} track */
  function drawNorms(track) {
    const series = shownLayers(layers).map(({ number, names }, colour) => ({
      name: `layer ${number}`,
      colour,
      values: lengthsOf(track, number, names),
    }));
    const label = "Length of each layer's gradient over the steps";
    norms.draw({ series, x: "step", label, log: true, marker: track.shown });
    const list = part("norms-names");
    const template = /** @type {HTMLTemplateElement} */ (part("name"));
    while (list.childElementCount < series.length) list.append(template.content.cloneNode(true));
    while (list.childElementCount > series.length) list.lastElementChild?.remove();
    series.forEach(({ name, colour, values }, at) => {
      const item = list.children[at];
      attribute(item.querySelector("path"), "d", mark(colour));
      attribute(item.querySelector("path"), "data-series", colour);
      write(item.querySelector("span"), `${name}: ${formatNumber(values[track.shown] ?? null)}`);
    });
  }

  /** @param {DrawnDescent} track @param {string} chosen */
  function drawWeights(track, chosen) {
    const layer = choice.value;
    const all = (layers.find(({ number }) => number === layer)?.names ?? []).filter((name) => name in track.points);
    const stands = all.includes(chosen);
    const series = all.map((name) => ({
      name,
      colour: name === chosen ? 0 : 2,
      faint: stands && name !== chosen,
      values: track.points[name],
    }));
    series.sort((one, other) => other.colour - one.colour); // what is chosen lies on top
    const label = `${all.length} weights and biases of layer ${layer} over the steps`;
    weights.draw({ series, x: "step", label, marker: track.shown });
    const words = stands ? `${inLine(chosen)} stands out.` : "Choose a weight in the picture to make it stand out.";
    write(part("weights-words"), words);
  }

  return { draw };
}
