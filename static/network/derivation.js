/** What is derived: chosen in the picture or in the list, unfolded term by term, written with either indices. */

import { opening } from "../figure/groups.js";
import { joined, without } from "./lists.js";
import { hasBoth, panesOf, shows } from "../state/url.js";

const PLACES = ["unfold", "fold", "in-graph", "close-layer", "block"]
  .map((name) => `[data-${name}]`)
  .concat(["weight", "neuron", "node"].map((name) => `.sheet [data-${name}]`))
  .join();

/** @param {import("../workbench.js").Page} page */
export function createDerivation({ form, store, reveal }) {
  const { state } = store;
  /** The node that the graph is opened for. */
  let awaited = "";

  /** What a click on a place does, by its data attribute; the first that it has counts. */
  const acts = {
    unfold: (/** @type {string} */ name) => {
      store.change({ unfold: name === "all" ? "all" : joined(state.unfold, name) });
    },
    fold: (/** @type {string} */ name) => store.change({ unfold: name === "all" ? "" : without(unfolded(), name) }),
    inGraph(/** @type {string} */ node) {
      const both = hasBoth(state);
      const names = panesOf(state).map((name) => (name === "network" && !both ? "graph" : name));
      const panes = names.includes("graph") ? names : ["graph", names[0]];
      if (state.panes === panes.join() && state.view === "graph") reveal(node);
      else awaited = node;
      store.change({ about: node, view: "graph", panes: panes.join() });
    },
    weight: (/** @type {string} */ name) => store.change({ weight: name, inspector: "open" }),
    neuron: (/** @type {string} */ name) => store.change({ weight: name, inspector: "open" }),
    block: (/** @type {string} */ number) => store.change({ layers: joined(state.layers, number) }),
    closeLayer: (/** @type {string} */ number) => store.change({ layers: without(state.layers, number) }),
    node(/** @type {string} */ id) {
      const name = partOf(id);
      if (name) store.change({ weight: name });
    },
  };

  form.addEventListener("click", ({ target }) => {
    const place = target instanceof Element ? target.closest(PLACES) : null;
    if (!(place instanceof HTMLElement || place instanceof SVGElement)) return;
    for (const [name, act] of Object.entries(acts)) {
      const value = place.dataset[name];
      if (value) return act(value);
    }
  });

  form.addEventListener("change", ({ target }) => {
    if (!(target instanceof HTMLElement)) return;
    if (target.matches("[data-derive]")) store.change({ weight: /** @type {HTMLSelectElement} */ (target).value });
    if (target.matches("[data-index], [data-from-last]")) store.change({ index: chosenIndex(form) });
  });

  /** The neuron or the weight that a node of the graph is a piece of. @param {string} id */
  function partOf(id) {
    const options = /** @type {NodeListOf<HTMLOptionElement>} */ (form.querySelectorAll("[data-derive] option"));
    return [...options].find((option) => (option.dataset.nodes ?? "").split(" ").includes(id))?.value ?? "";
  }

  /** The closed group of the figure that a node is inside of. @param {string} id */
  function closedAround(id) {
    const nodes = state.graph?.nodes ?? [];
    const position = nodes.findIndex((node) => node.id === id);
    const around = state.closed.find((group) => group.nodes.includes(position) && group.output !== position);
    return around?.id;
  }

  /** The blocks that stand there unfolded. */
  const unfolded = () => [...form.querySelectorAll(".unfolded")].map((one) => one.getAttribute("data-block")).join();

  store.subscribe(["graph", "closed"], () => {
    if (awaited && state.view === "graph" && !shows(state, "network")) {
      const group = closedAround(awaited);
      if (group) return store.change(opening(state, group)); // what comes with it is looked through again
      reveal(awaited);
      awaited = "";
    }
  });
  store.subscribe(["graph", "closed", "weight"], () => markChosen(form, state.weight));
}

/** @param {HTMLFormElement} form */
function chosenIndex(form) {
  const order = /** @type {HTMLInputElement} */ (form.querySelector("[data-index]:checked")).value;
  const last = /** @type {HTMLInputElement} */ (form.querySelector("[data-from-last]")).checked;
  return order + (last ? "L" : "");
}

/**
 * What was chosen stands out, also where it is one node of many.
 * @param {HTMLFormElement} form @param {string} weight
 */
function markChosen(form, weight) {
  const node = form.querySelector("[data-in-graph]")?.getAttribute("data-in-graph") ?? "";
  for (const one of form.querySelectorAll(".sheet .node.chosen")) one.classList.remove("chosen");
  if (weight) form.querySelector(`.sheet [data-node="${CSS.escape(node)}"]`)?.classList.add("chosen");
}
