/** What is chosen: by a click or Enter, in the figure, the table or the inspector; it stands out in all of them. */

import { markCells } from "../figure/marks.js";
import { attribute } from "./dom.js";
import { keyOf } from "./lit.js";

/** Where a click chooses; what has an act of its own, as a button that opens a function, does that. */
const CELL = ".sheet [data-cell]";
const FIGURE = `.sheet [data-node]:not([data-group]), .sheet [data-edge], ${CELL}`;
const PLACES = `${FIGURE}, [data-row] th > button:not(.chip), [data-row] .partials [data-edge]`;

/**
 * @param {HTMLElement} root
 * @param {import("../workbench.js").PageStore} store
 * @param {(key: string) => void} choose
 */
export function createChoice(root, store, choose) {
  const { state } = store;
  const form = /** @type {HTMLElement} */ (root.querySelector("[data-page]"));
  /** Whether the choice was made inside the inspector, whose markup comes anew. */
  let inside = false;

  root.addEventListener("click", ({ target }) => {
    if (!(target instanceof Element)) return;
    const own = target.closest("[data-choose]");
    const place = own ?? target.closest(PLACES);
    if (!place) return;
    inside = own !== null;
    const cell = place.matches(CELL) ? place.getAttribute("data-cell") : null;
    choose(own ? (own.getAttribute("data-choose") ?? "") : (cell ?? keyOf(place)));
  });

  /** Marks it, in the figure and in the table. */
  function mark() {
    const { about } = state;
    const graph = state.graph ?? state.tensors;
    markCells(root, about);
    for (const element of root.querySelectorAll("[data-marked]")) {
      element.removeAttribute("data-marked");
      if (element.matches("[data-row]")) attribute(element, "aria-current", null);
    }
    if (!about || !graph) return;
    const leaves = graph.nodes.filter((node) => node.op === "var" && node.name === about).map(({ id }) => id);
    for (const key of [about, ...leaves]) {
      const [name, shown] = [CSS.escape(key), root.querySelector("[data-fragment=nodes]")];
      const boxes = `.sheet :is([data-node="${name}"], [data-holds~="${name}"], [data-edge="${name}"])`;
      for (const element of root.querySelectorAll(boxes)) {
        element.setAttribute("data-marked", "");
      }
      const row = shown?.querySelector(`[data-row="${name}"]`);
      row?.setAttribute("data-marked", "");
      row?.setAttribute("aria-current", "true");
    }
  }

  store.subscribe(["about", "graph", "closed"], mark);
  return {
    /** The inspector shows it now. */
    shown() {
      const card = /** @type {HTMLElement | null} */ (root.querySelector("[data-fragment=chosen]"));
      attribute(form, "data-chosen", card && !card.hidden ? "" : null);
      mark(); // a figure that came anew has no mark yet
      const heading = /** @type {HTMLElement | null} */ (card?.querySelector("h2") ?? null);
      if (inside && (document.activeElement === document.body || !document.activeElement)) heading?.focus();
      inside = false;
    },
  };
}
