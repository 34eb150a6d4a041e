/**
 * A tensor as a whole: drawn again with the next seed, or all of its cells times a number, from where they stand on.
 * Where the program's text draws or makes it, the text is changed; else its cells are.
 */

import { drawnAgain, scaledBy } from "../state/drawn.js";

/** Both ends of a slider: a quarter, and four times. */
const MOST = 4;

/** What a slider's place multiplies with. @param {number} place from -1 to 1 */
export const factorAt = (place) => MOST ** place;

/**
 * @param {HTMLElement} root
 * @param {import("../workbench.js").PageStore} store
 * @param {ReturnType<typeof import("./cells.js").bindCells>} cells
 * @param {boolean} reads whether somebody reads the program when it is changed: a page that is a file has nobody
 */
export function bindScaling(root, store, { cellsOf, kept, put, isGiven }, reads) {
  const { state } = store;
  /** What is being dragged: how all stood when that began, and whether its cells are the program's own. */
  let held = /** @type {{name: string, cells: readonly number[], own: boolean, moved: typeof state.moved} | null} */ (
    null
  );
  /** Variables whose factor was changed in the text: they stand as dragged until the server has read it. */
  const awaited = new Set();

  /** @param {string} name */
  const isOwn = (name) => !state.lists.has(name) && (!state.moved.has(name) || awaited.has(name));

  /** @param {HTMLInputElement} slider */
  function drag(slider) {
    const name = slider.dataset.scale ?? "";
    if (isGiven(name)) return;
    if (held?.name !== name) held = { name, cells: cellsOf(name), own: isOwn(name), moved: state.moved };
    const by = factorAt(slider.valueAsNumber);
    say(slider, by);
    store.change({ moved: new Map([...state.moved, [name, Float64Array.from(held.cells, (x) => x * by)]]) });
  }

  /** @param {HTMLInputElement} slider */
  function drop(slider) {
    if (!held) return;
    const { name, cells, own, moved } = held;
    const by = factorAt(slider.valueAsNumber);
    held = null;
    slider.value = "0";
    say(slider, 1);
    const expr = own && reads ? scaledBy(state.expr, name, by) : null;
    if (expr !== null && by !== 1) {
      awaited.add(name);
      return store.change({ expr });
    }
    store.change({ moved });
    const scaled = cells.map((x) => x * by);
    if (by !== 1) put(name, scaled);
  }

  /** @param {string} name */
  function draw(name) {
    const expr = drawnAgain(state.expr, name);
    if (expr === null || isGiven(name)) return;
    const lists = new Map(kept().filter(([one]) => one !== name));
    store.change({ expr, lists, moved: new Map() });
  }

  root.addEventListener("input", ({ target }) => {
    if (target instanceof HTMLInputElement && target.matches("[data-scale]")) drag(target);
  });
  root.addEventListener("change", ({ target }) => {
    if (target instanceof HTMLInputElement && target.matches("[data-scale]")) drop(target);
  });
  root.addEventListener("click", ({ target }) => {
    const button = target instanceof Element ? target.closest("[data-redraw]") : null;
    if (button) draw(button.getAttribute("data-redraw") ?? "");
  });
  store.subscribe(["tensors"], () => {
    if (!awaited.size) return;
    const moved = new Map([...state.moved].filter(([name]) => !awaited.has(name)));
    awaited.clear();
    store.change({ moved });
  });
  store.subscribe(["expr", "tensors", "samples", "lock"], () => {
    for (const button of /** @type {NodeListOf<HTMLButtonElement>} */ (root.querySelectorAll("[data-redraw]"))) {
      const name = button.dataset.redraw ?? "";
      button.hidden = !reads || isGiven(name) || drawnAgain(state.expr, name) === null;
    }
    for (const slider of /** @type {NodeListOf<HTMLInputElement>} */ (root.querySelectorAll("[data-scale]"))) {
      slider.disabled = isGiven(slider.dataset.scale ?? "");
    }
  });
}

/** @param {HTMLInputElement} slider @param {number} by */
function say(slider, by) {
  const text = String(Number(by.toPrecision(3)));
  slider.setAttribute("aria-valuetext", `times ${text}`);
  const told = slider.closest(".tensor-tools")?.querySelector("output");
  if (told) told.textContent = `× ${text}`;
}
