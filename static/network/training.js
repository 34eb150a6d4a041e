/** Training: what the network says everywhere, with the samples it learns from; how its layers have changed. */

import { oncePerFrame } from "../page/clock.js";
import { say as write } from "../page/dom.js";
import { isHidden } from "../page/hidden.js";
import { format, shows, valueOf } from "../state/url.js";
import { createHistories } from "./histories.js";
import { setNames } from "./letters.js";
import { createSurface } from "./surface.js";
import { samplesInWords } from "./words.js";

/** @param {HTMLElement} card of a network @param {import("../workbench.js").Page} page */
export function createTraining(card, page) {
  const { state } = page.store;
  const words = (/** @type {string} */ name) => (card.getAttribute(`data-${name}`) ?? "").split(" ").filter(Boolean);
  const part = (/** @type {string} */ name) =>
    /** @type {HTMLElement} */ (card.querySelector(`[data-training="${name}"]`));
  const layers = [...card.querySelectorAll("[data-layer-number]")].map((option) => ({
    number: option.getAttribute("data-layer-number") ?? "",
    names: (option.getAttribute("data-parameters") ?? "").split(" "),
  }));
  const histories = createHistories(part, layers);
  const svg = card.querySelector('[data-training="surface"]');
  const surface = svg instanceof SVGSVGElement ? createSurface(svg) : undefined;
  const [outputs, names, targets, inputs] = [words("outputs"), words("names"), words("targets"), words("inputs")];
  /** What the surface was drawn for. */
  let drawn = "";

  const chosenOutput = () => Number(/** @type {HTMLSelectElement | null} */ (part("output"))?.value ?? 0);

  card.querySelector("[data-samples]")?.addEventListener("click", () => {
    const chosen = /** @type {HTMLSelectElement} */ (card.querySelector("[data-samples-of]")).value;
    const query = new URLSearchParams(format(state, state.graph?.variables ?? [])); // the address may lag behind
    for (const [name, value] of new URLSearchParams(chosen)) query.set(name, value);
    page.open(String(query));
  });

  function drawSurface() {
    const { graph, samples } = state;
    if (!graph) return;
    const output = chosenOutput();
    const target = targets[Math.min(output, targets.length - 1)] ?? "";
    const label = card.hasAttribute("data-labels") ? output : undefined;
    const wanted = (/** @type {number} */ y) => (label === undefined ? y : Number(y === label));
    const words = `${names[output]} over ${inputs.join(" and ")}.${samplesInWords(samples, inputs, target, label)}`;
    write(part("words"), setNames(words));
    const at = Object.fromEntries(graph.variables.map((name) => [name, valueOf(state, name)]));
    // What is an input or a target leaves the surface alone.
    const moved = graph.variables.filter((name) => !inputs.includes(name) && !targets.includes(name));
    const key = [output, ...moved.map((name) => at[name])].join();
    if (!surface || key === drawn) return;
    drawn = key;
    const of = { node: outputs[output], name: names[output], inputs: inputs.join(" "), target, wanted };
    surface({ graph, ...of, at, samples });
  }

  /** Draws with the next frame, while the side is open. @param {() => void} draw */
  const soon = (draw) => oncePerFrame(page.clock, () => void (shows(state, "training") && card.isConnected && draw()));
  const paintSurface = soon(drawSurface);
  const paintHistories = soon(() =>
    histories.draw(isHidden(state, "gradient.length") ? undefined : state.descents[0], state.weight),
  );

  card.addEventListener("input", () => {
    paintSurface();
    paintHistories();
  });
  const undo = [
    page.store.subscribe(["graph", "samples"], () => void (drawn = "")),
    page.store.subscribe(["graph", "samples", "at", "panes"], paintSurface),
    page.store.subscribe(["graph", "descents", "weight", "panes", "found"], paintHistories),
  ];
  return { end: () => undo.forEach((run) => run()) };
}
