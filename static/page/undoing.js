/** Undo and redo on the page: two buttons, keys, and the editor's own commands. */

import { actsIn, chordOf } from "./keys.js";
import { createUndo } from "../state/undo.js";
import { read, written } from "../state/kept.js";

/** Fields whose text is no part of the state have the browser's own undo. */
const OWN =
  'input[type="text"]:not(.number), input[type="search"], input:not([type]), textarea:not([name="expr"]), .menu input';

/**
 * @param {HTMLElement} root
 * @param {import("../workbench.js").PageStore} store
 * @param {import("./services.js").Services} services
 * @param {(run: () => void) => void} restoring what restores another state runs in it
 */
export function createUndoing(root, store, { clock, place }, restoring) {
  const buttons = /** @type {NodeListOf<HTMLButtonElement>} */ (root.querySelectorAll("[data-history]"));
  const undo = createUndo(store, clock.now, ({ canUndo, canRedo }) => {
    for (const button of buttons) {
      const can = button.dataset.history === "undo" ? canUndo : canRedo;
      button.setAttribute("aria-disabled", String(!can));
    }
  });
  const run = (/** @type {"undo" | "redo"} */ way) => restoring(undo[way]);

  const keys = actsIn("everywhere");

  // A browser may fetch what it remembers from another process, and all waits: not while the page comes alive.
  clock.later(() => {
    const kept = read(place.session.read("steps"), place.query());
    if (kept && !undo.steps().past.length) undo.adopt(kept);
    place.leaving(() => {
      const { past, future } = undo.steps();
      place.session.write("steps", written(place.query(), past, future));
    });
  }, 0);

  root.addEventListener("click", ({ target }) => {
    const button = target instanceof Element ? target.closest("[data-history]") : null;
    const way = button?.getAttribute("data-history");
    if (way === "undo" || way === "redo") run(way);
  });
  root.addEventListener("keydown", (event) => {
    const way = keys.get(chordOf(event));
    const own = event.target instanceof Element && event.target.matches(OWN);
    if ((way !== "undo" && way !== "redo") || own || event.defaultPrevented) return;
    event.preventDefault();
    run(way);
  });
  // The browser's menu, and undo by a shake of a phone.
  root.addEventListener("beforeinput", (event) => {
    const way = event.inputType === "historyUndo" ? "undo" : event.inputType === "historyRedo" ? "redo" : null;
    if (!way || (event.target instanceof Element && event.target.matches(OWN))) return;
    event.preventDefault();
    run(way);
  });
  return { act: undo.act };
}
