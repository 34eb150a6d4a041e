/** The numbers from which a set is made: how many samples, the seed, the noise. */

import { setOf } from "./source.js";

/** A keystroke waits so long for the next one, in milliseconds. */
const TYPING = 350;

/**
 * @param {HTMLElement} root @param {import("../page/clock.js").Clock} clock
 * @param {(data: string) => void} changed with the set as the state names it
 */
export function createMade(root, clock, changed) {
  const boxes = /** @type {HTMLInputElement[]} */ ([...root.querySelectorAll("[data-made]")]);
  let name = "";
  let cancel = () => {};

  function read() {
    if (boxes.some((box) => box.value === "" || !box.checkValidity())) return;
    changed([name, ...boxes.map((box) => box.value)].join(","));
  }

  for (const box of boxes) {
    box.addEventListener("input", () => {
      cancel();
      cancel = clock.later(read, TYPING);
    });
    box.addEventListener("keydown", (event) => {
      if (event.key === "Enter") event.preventDefault(); // it would press the form's first button
    });
  }

  return {
    /** @param {string} data */
    show(data) {
      cancel();
      const { name: of, ...rest } = setOf(data);
      name = of;
      for (const box of boxes) {
        if (box !== document.activeElement) box.value = rest[/** @type {"n"} */ (box.dataset.made)];
      }
    },
  };
}
