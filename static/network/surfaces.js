/** A small surface in each neuron of a network with two inputs: what it says over their plane. */

import { oncePerFrame } from "../page/clock.js";
import { attribute } from "../page/dom.js";
import { places, regions } from "../plot/levels.js";
import { sampleNodes } from "../plot/sampler.js";
import { children, unique } from "../plot/svg.js";
import { SURFACE } from "../state/table.js";
import { valueOf } from "../state/url.js";
import { BANDS, inWords, said, thresholds } from "./bands.js";
import { rangeOf } from "./surface.js";

const GRID = SURFACE.grid; // places each way
const SLICE = 5; // milliseconds of a frame: the rest of it is for sliders

/**
 * @typedef {object} Neuron
 * @property {string} id its node's
 * @property {string} name
 * @property {number} centre between the colours
 * @property {SVGGElement} surface
 */

/** @param {import("../workbench.js").Page} page @param {() => void} changed told when there are new words */
export function createSurfaces({ root, store, clock }, changed) {
  const { state } = store;
  /** @type {SVGSVGElement | null} */
  let svg = null;
  /** @type {Neuron[]} */
  let neurons = [];
  /** @type {ReturnType<typeof sampleNodes> | null} */
  let sample = null;
  /** @type {Map<string, string>} */
  let words = new Map();
  /** The work that is under way. @type {Generator<void, void> | null} */
  let work = null;
  let stale = false;
  const goOn = oncePerFrame(clock, go);

  store.subscribe(["graph", "closed"], () => {
    const found = root.querySelector(".sheet svg.network[data-inputs]");
    if (found !== svg) {
      svg = found instanceof SVGSVGElement ? found : null;
      neurons = svg ? neuronsIn(svg) : [];
      words = new Map();
    }
    work = sample = null;
  });
  store.subscribe(["graph", "closed", "samples", "at"], () => {
    stale = neurons.length > 0;
    if (stale && !work) start();
  });

  function start() {
    stale = false;
    work = drawing();
    goOn();
  }

  /** As much as a frame has time for; what changes meanwhile is drawn after it. */
  function go() {
    const end = clock.now() + SLICE;
    while (work && clock.now() < end) if (work.next().done) work = null;
    if (work) goOn();
    else if (stale && neurons.length) start();
  }

  function* drawing() {
    const { graph, samples } = state;
    const names = (svg?.dataset.inputs ?? "").split(" ");
    const ids = neurons.map(({ id }) => id);
    if (!graph || ids.some((id) => !graph.nodes.some((node) => node.id === id))) return;
    sample ??= sampleNodes(graph, ids);
    const window = names.flatMap((name) => rangeOf({ samples }, name));
    const { xs, ys } = places(/** @type {[number, number, number, number]} */ (window), GRID, GRID);
    const at = Object.fromEntries(graph.variables.map((name) => [name, valueOf(state, name)]));
    const columns = neurons.map(() => new Float64Array(xs.length));
    for (let from = 0; from < xs.length; from += 2 * GRID) {
      const part = { [names[0]]: xs.subarray(from, from + 2 * GRID), [names[1]]: ys.subarray(from, from + 2 * GRID) };
      sample(at, part, 2 * GRID).forEach((values, k) => columns[k].set(values, from));
      yield;
    }
    for (const [k, { name, centre, surface }] of neurons.entries()) {
      words.set(name, draw(surface, columns[k], centre));
      yield;
    }
    changed();
  }

  return {
    /** What a neuron says over the inputs, in words; empty where that is not drawn. @param {string} name */
    said(name) {
      const found = words.get(name);
      const inputs = (svg?.dataset.inputs ?? "").split(" ");
      return found ? `over ${inputs.join(" and ")} ${found}` : "";
    },
  };
}

/** @param {SVGSVGElement} svg @returns {Neuron[]} */
function neuronsIn(svg) {
  const clip = unique("circle"); // several figures may stand in one document, some of them hidden
  svg.querySelector("clipPath")?.setAttribute("id", clip);
  const nodes = /** @type {NodeListOf<SVGElement>} */ (svg.querySelectorAll(".node.planar"));
  return [...nodes].map((node) => {
    const surface = /** @type {SVGGElement} */ (node.querySelector(".surface"));
    attribute(surface, "clip-path", `url(#${clip})`);
    const { node: id = "", neuron: name = "", centre = "0" } = node.dataset;
    return { id, name, centre: Number(centre), surface };
  });
}

/**
 * Draws a surface, and says what it is.
 * @param {SVGGElement} surface @param {Float64Array} values @param {number} centre
 */
function draw(surface, values, centre) {
  const found = said(values);
  const radius = Number(surface.previousElementSibling?.getAttribute("r"));
  const box = { left: -radius, right: radius, top: -radius, bottom: radius };
  const paths = regions({ values, across: GRID, up: GRID }, thresholds(found, centre), box);
  children(surface, "path", paths.length).forEach((path, at) => {
    attribute(path, "d", paths[at]);
    attribute(path, "class", at === BANDS ? "even" : at < BANDS ? `minus${BANDS - at}` : `plus${at - BANDS}`);
  });
  return inWords(found);
}
