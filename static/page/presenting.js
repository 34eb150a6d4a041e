/** A presentation: the figure as large as the window, the step in large type, and keys. */

import { attribute } from "./dom.js";
import { isBeside } from "./opening.js";

/**
 * @param {HTMLElement} root
 * @param {import("../workbench.js").PageStore} store
 */
export function createPresenting(root, store) {
  const form = /** @type {HTMLElement} */ (root.querySelector("[data-page]"));
  const isPresenting = () => store.state.present === "on";
  const toggle = () => store.change({ present: isPresenting() ? "off" : "on" });
  const leave = () => store.change({ present: "off" });

  store.subscribe(["present"], () => {
    const begins = isPresenting() && !form.hasAttribute("data-present");
    attribute(form, "data-present", isPresenting() ? "" : null);
    const focused = document.activeElement;
    // What is hidden now would swallow the keys.
    if (begins && focused instanceof HTMLElement && root.contains(focused)) focused.blur();
  });
  const arrange = () => {
    const figure = root.querySelector(".graph .sheet svg:not(.network)"); // a network takes the room that there is
    const room = { width: innerWidth, height: innerHeight };
    const aside = figure instanceof SVGSVGElement && isBeside(figure.viewBox.baseVal, room);
    attribute(form, "data-beside", isPresenting() && aside ? "" : null);
  };
  store.subscribe(["present", "graph", "tensors", "closed"], arrange);
  addEventListener("resize", arrange);
  root.addEventListener("click", ({ target }) => {
    if (target instanceof Element && target.closest("[data-tool=present]")) toggle();
  });
  return { isPresenting, toggle, leave };
}
