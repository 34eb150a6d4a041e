/** Training: what the network says everywhere, the gradients of its layers, its weights over the steps. */

import { attribute, say as write } from "../page/dom.js";
import { createLines } from "../plot/lines.js";
import { mark } from "../plot/marks.js";
import { formatNumber } from "../engine/numerals.js";
import { format, valueOf } from "../state/url.js";
import { createSurface } from "./surface.js";

/**
 * @typedef {import("../workbench.js").Page} Page
 * @typedef {import("../workbench.js").DrawnDescent} DrawnDescent
 */

const MOST_SERIES = 4;

/** @param {HTMLElement} card of a network @param {Page} page */
export function createTraining(card, page) {
  const words = (/** @type {string} */ name) => (card.getAttribute(`data-${name}`) ?? "").split(" ").filter(Boolean);
  const part = (/** @type {string} */ name) =>
    /** @type {HTMLElement | null} */ (card.querySelector(`[data-training="${name}"]`));
  const svg = part("surface");
  const surface = svg instanceof SVGSVGElement ? createSurface(svg) : undefined;
  const [norms, weights] = ["norms", "weights"].map((name) => createLines(/** @type {any} */ (part(name))));
  const [outputs, names, targets, inputs] = [words("outputs"), words("names"), words("targets"), words("inputs")];
  /** @type {{graph: unknown, rows: unknown, key: string} | undefined} */
  let drawn;

  card.addEventListener("input", () => page.moved());
  card.querySelector("[data-samples]")?.addEventListener("click", () => {
    const chosen = /** @type {HTMLSelectElement} */ (card.querySelector("[data-samples-of]")).value;
    const query = new URLSearchParams(format(page.state, page.graph()?.variables ?? [])); // the address may lag behind
    for (const [name, value] of new URLSearchParams(chosen)) query.set(name, value);
    page.open(String(query));
  });

  function say() {
    write(part("words"), `${names[chosenOutput()]} over ${inputs.join(" and ")}.${marked()}`);
  }

  /** Which samples are seen, and how. */
  function marked() {
    const rows = page.rows();
    const target = targetOf(chosenOutput());
    const needed = inputs.length === 1 ? [...inputs, target] : inputs;
    if (!rows || !needed.every((name) => name in rows.columns)) return "";
    if (inputs.length === 1) return " The samples are marked.";
    const shapes = target in rows.columns ? `: squares where ${target} is above 0.5, diamonds where it is not` : "";
    return ` ${rows.count.toLocaleString("en")} samples are marked${shapes}.`;
  }

  const chosenOutput = () => Number(/** @type {HTMLSelectElement | null} */ (part("output"))?.value ?? 0);
  const targetOf = (/** @type {number} */ output) => targets[Math.min(output, targets.length - 1)] ?? "";

  function drawSurface() {
    const graph = page.graph();
    if (!surface || !graph) return;
    const rows = page.rows();
    const at = Object.fromEntries(graph.variables.map((name) => [name, valueOf(page.state, name)]));
    const output = chosenOutput();
    // What neither moves nor is a sample leaves the picture alone.
    const key = [
      output,
      ...graph.variables.filter((name) => !inputs.includes(name) && !targets.includes(name)).map((name) => at[name]),
    ].join();
    if (drawn?.graph === graph && drawn.rows === rows && drawn.key === key) return;
    drawn = { graph, rows, key };
    const target = targetOf(output);
    surface({ graph, node: outputs[output], name: names[output], inputs: inputs.join(" "), target, at, rows });
  }

  function drawHistories() {
    const descent = page.store.state.descents[0];
    const histories = part("histories");
    if (!histories) return;
    histories.hidden = !descent?.gradients;
    if (!descent?.gradients) return;
    drawNorms(descent);
    drawWeights(descent);
  }

  /** @param {DrawnDescent} descent */
  function drawNorms(descent) {
    const layers = words("layers");
    // The first, the last and what fits between them: four can be told apart.
    const shown =
      layers.length <= MOST_SERIES
        ? layers
        : [layers[0], layers[1], layers[layers.length - 2], layers[layers.length - 1]];
    const series = shown.map((layer, colour) => ({ name: `layer ${layer}`, colour, values: lengths(descent, layer) }));
    norms.draw({
      series,
      x: "step",
      label: "Length of each layer's gradient over the steps",
      log: true,
      marker: descent.shown,
    });
    const list = part("norms-names");
    const template = /** @type {HTMLTemplateElement} */ (part("name"));
    if (!list) return;
    while (list.childElementCount < series.length) list.append(template.content.cloneNode(true));
    while (list.childElementCount > series.length) list.lastElementChild?.remove();
    series.forEach(({ name, colour, values }, at) => {
      const item = list.children[at];
      attribute(item.querySelector("path"), "d", mark(colour));
      attribute(item.querySelector("path"), "data-series", colour);
      write(item.querySelector("span"), `${name}: ${formatNumber(values[descent.shown] ?? null)}`);
    });
  }

  /** @param {DrawnDescent} descent */
  function drawWeights(descent) {
    const layer = /** @type {HTMLSelectElement} */ (part("layer")).value;
    const all = Object.keys(descent.points).filter((name) => layerOf(name) === layer);
    const chosen = page.state.weight;
    const stands = all.includes(chosen);
    const series = all.map((name) => ({
      name,
      colour: name === chosen ? 0 : 2,
      faint: stands && name !== chosen,
      values: descent.points[name],
    }));
    series.sort((one, other) => other.colour - one.colour); // what is chosen lies on top
    weights.draw({
      series,
      x: "step",
      label: `${all.length} weights and biases of layer ${layer} over the steps`,
      marker: descent.shown,
    });
    write(
      part("weights-words"),
      stands ? `${chosen} stands out.` : "Choose a weight in the picture to make it stand out.",
    );
  }

  return {
    show() {
      if (page.state.side !== "network") return;
      say();
      drawSurface();
      drawHistories();
    },
  };
}

/** The layer of a weight or a bias. @param {string} name */
const layerOf = (name) => /^[wb](\d+)_/.exec(name)?.[1];

/** Kept by the columns, which grow while they are received. @type {WeakMap<object, Map<string, Float64Array>>} */
const known = new WeakMap();

/** The length of a layer's gradient at each step. @param {DrawnDescent} descent @param {string} layer */
function lengths({ gradients = {}, losses }, layer) {
  const kept = known.get(gradients) ?? new Map();
  known.set(gradients, kept);
  const found = kept.get(layer);
  if (found && found.length === losses.length) return found;
  const columns = Object.entries(gradients)
    .filter(([name]) => layerOf(name) === layer)
    .map(([, column]) => column);
  const made = Float64Array.from({ length: losses.length }, (_, k) =>
    Math.hypot(...columns.map((column) => column[k])),
  );
  kept.set(layer, made);
  return made;
}
