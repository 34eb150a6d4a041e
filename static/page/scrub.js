/** A number is dragged by itself, left and right; a click lets one type. And variables are found by name. */

import { sliderOf, withValues } from "../state/url.js";

const SLACK = 4; // pixels: less is a click
const PACE = 2; // pixels a step of the slider

/**
 * @param {HTMLElement} root
 * @param {import("../workbench.js").PageStore} store
 * @param {(name: string) => void} moved before a variable is moved
 */
export function bindScrubbing(root, store, moved) {
  root.addEventListener("pointerdown", (event) => {
    const { target, button, clientX, pointerId } = event;
    if (!(target instanceof HTMLInputElement) || !target.name.startsWith("set.") || target.disabled) return;
    if (button !== 0 || target === document.activeElement) return;
    const input = target;
    const name = input.name.slice("set.".length);
    const { value, step } = sliderOf(store.state, name);
    if (!Number.isFinite(value)) return;
    let dragging = false;

    /** @param {PointerEvent} moves */
    function move(moves) {
      const way = moves.clientX - clientX;
      if (moves.pointerId !== pointerId || (!dragging && Math.abs(way) < SLACK)) return;
      dragging = true;
      input.blur();
      input.setAttribute("data-scrubbed", "");
      moved(name);
      const to = value + Math.round(way / PACE) * step * (moves.shiftKey ? 0.1 : 1);
      store.change(withValues(store.state, [[name, Number(to.toPrecision(12))]]));
      moves.preventDefault();
    }

    function end() {
      removeEventListener("pointermove", move);
      removeEventListener("pointerup", end);
      removeEventListener("pointercancel", end);
      input.removeAttribute("data-scrubbed");
    }

    addEventListener("pointermove", move);
    addEventListener("pointerup", end);
    addEventListener("pointercancel", end);
  });
}

/** Shows the variables whose names have what is looked for. @param {HTMLElement} root */
export function bindFinding(root) {
  root.addEventListener("input", ({ target }) => {
    if (!(target instanceof HTMLInputElement) || !target.matches("[data-find-variable]")) return;
    const wanted = target.value.trim().toLowerCase();
    const list = /** @type {HTMLElement} */ (target.closest(".variables"));
    for (const row of /** @type {NodeListOf<HTMLElement>} */ (list.querySelectorAll(".variable[data-variable]"))) {
      row.hidden = !(row.dataset.variable ?? "").toLowerCase().includes(wanted);
    }
    for (const group of /** @type {NodeListOf<HTMLDetailsElement>} */ (list.querySelectorAll(".variable-group"))) {
      group.hidden = !group.querySelector(".variable:not([hidden])");
      if (wanted) group.open = true;
    }
  });
}
