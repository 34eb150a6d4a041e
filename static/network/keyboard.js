/** A network's circles by the keyboard: Tab comes to one of them, arrows lead on, Enter is a click. */

import { attribute } from "../page/dom.js";
import { neighbour } from "./neighbours.js";

/** @param {HTMLElement} root @param {import("../workbench.js").PageStore} store */
export function bindKeyboard(root, store) {
  /** @type {SVGElement[]} */
  let circles = [];
  /** The one that has the focus, or had it. @type {SVGElement | null} */
  let last = null;

  /** Tab comes to this one. @param {SVGElement} circle */
  function stop(circle) {
    for (const one of circles) attribute(one, "tabindex", one === circle ? 0 : -1);
  }

  store.subscribe(["graph", "closed"], () => {
    const svg = root.querySelector(".sheet svg.network");
    if (!svg) circles = [];
    if (!svg || circles[0]?.ownerSVGElement === svg) return;
    attribute(svg, "role", "group"); // what can be pressed is no part of an image
    circles = [.../** @type {NodeListOf<SVGElement>} */ (svg.querySelectorAll(".node[data-column]"))];
    for (const circle of circles) attribute(circle, "role", "button"); // called by the name and the numbers in it
    const successor = circles.find(({ dataset }) => dataset.node === last?.dataset.node);
    if (circles.length) stop(successor ?? circles[0]);
    const lost = last && !last.isConnected && document.activeElement === document.body;
    if (lost) successor?.focus();
  });

  root.addEventListener("focusin", ({ target }) => {
    const circle = circles.find((one) => one === target);
    last = circle ?? null;
    if (circle) stop(circle);
  });
  root.addEventListener(
    "keydown",
    (event) => {
      const at = circles.findIndex((one) => one === event.target);
      if (at < 0 || event.ctrlKey || event.metaKey || event.altKey) return;
      const places = circles.map(({ dataset }) => ({ column: Number(dataset.column), down: Number(dataset.down) }));
      const next = neighbour(places, at, event.key);
      if (next !== null) circles[next].focus();
      else if (event.key === "Enter" || event.key === " ") {
        circles[at].dispatchEvent(new MouseEvent("click", { bubbles: true }));
      } else return;
      event.preventDefault();
      event.stopPropagation(); // the figure stays where it is
    },
    { capture: true },
  );
}
