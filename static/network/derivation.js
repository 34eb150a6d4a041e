/** What is derived: chosen in the picture or in the list, unfolded term by term, written with either indices. */

const PLACES = ["unfold", "fold", "in-graph", "close-layer", "block"]
  .map((name) => `[data-${name}]`)
  .concat(["weight", "neuron", "node"].map((name) => `#sheet [data-${name}]`))
  .join();

/** @param {import("../workbench.js").Page} page */
export function createDerivation(page) {
  const { form, state } = page;
  /** The node that the graph is opened for. */
  let awaited = "";

  /** @param {string} name of a weight, a bias or a neuron */
  function derive(name) {
    if (name && state.weight !== name) change("weight", name);
  }

  /** The picture tells more than the open side may show. */
  function turnHere() {
    if (state.side !== "network") press('[name="side"][value="network"]');
  }

  /** @param {string} selector */
  const press = (selector) => /** @type {HTMLElement | null} */ (form.querySelector(selector))?.click();

  form.addEventListener("change", ({ target }) => {
    if (!(target instanceof HTMLElement)) return;
    if (target.matches("[data-derive]")) derive(/** @type {HTMLSelectElement} */ (target).value);
    if (!target.matches("[data-index], [data-from-last]")) return;
    const order = /** @type {HTMLInputElement} */ (form.querySelector("[data-index]:checked")).value;
    const last = /** @type {HTMLInputElement} */ (form.querySelector("[data-from-last]")).checked;
    change("index", order + (last ? "L" : ""));
  });

  form.addEventListener("click", ({ target }) => {
    const place = target instanceof Element ? target.closest(PLACES) : null;
    if (!place) return;
    const { unfold, fold, inGraph, weight, neuron, block, closeLayer, node } = /** @type {HTMLElement | SVGElement} */ (
      place
    ).dataset;
    if (unfold) change("unfold", unfold === "all" ? "all" : joined(state.unfold, unfold));
    else if (fold) change("unfold", fold === "all" ? "" : without(shown(), fold));
    else if (inGraph) showInGraph(inGraph);
    else if (block) change("layers", joined(state.layers, block));
    else if (closeLayer) change("layers", without(state.layers, closeLayer));
    else if (weight || neuron) {
      derive(weight ?? neuron ?? "");
      turnHere();
    } else if (state.side === "network") derive(partOf(node ?? ""));
  });

  /** The neuron or the weight that a node of the graph is a piece of. @param {string} id */
  function partOf(id) {
    const node = page.graph()?.nodes.find((one) => one.id === id);
    const name = node?.op === "var" ? (node.name ?? "") : id.replace(/^z/, "a");
    return [...form.querySelectorAll("[data-derive] option")].some((option) => option.textContent === name) ? name : "";
  }

  /** The blocks that stand there unfolded. */
  const shown = () => [...form.querySelectorAll(".unfolded")].map((one) => one.getAttribute("data-block")).join();

  /** @param {"weight" | "index" | "unfold" | "layers"} name @param {string} value */
  function change(name, value) {
    state[name] = value;
    page.chosen();
    page.reload();
  }

  /** @param {string} node */
  function showInGraph(node) {
    state.about = awaited = node;
    if (state.view === "graph") page.reload();
    else press('[name="view"][value="graph"]');
  }

  function renew() {
    mark();
    if (awaited && state.view === "graph") page.reveal(awaited);
    awaited = "";
  }

  /** What was chosen stands out, also where it is one node of many. */
  function mark() {
    const node = /** @type {HTMLElement | null} */ (form.querySelector("[data-in-graph]"))?.dataset.inGraph ?? "";
    for (const one of form.querySelectorAll("#sheet .node.chosen")) one.classList.remove("chosen");
    if (state.weight) form.querySelector(`#sheet [data-node="${CSS.escape(node)}"]`)?.classList.add("chosen");
  }

  mark();
  return { renew };
}

/** @param {string} list @param {string} name */
const joined = (list, name) => [...new Set([...list.split(",").filter(Boolean), name])].join();

/** @param {string} list @param {string} name */
const without = (list, name) =>
  list
    .split(",")
    .filter((one) => one && one !== name)
    .join();
