/** Which part of the samples is in view: so many at a time. */

import { grouped } from "./source.js";

export const PAGE = 50;

/** @param {HTMLElement} root @param {() => void} turned other samples came into view */
export function createPager(root, turned) {
  const range = /** @type {HTMLElement} */ (root.querySelector("[data-part=range]"));
  const buttons = /** @type {NodeListOf<HTMLButtonElement>} */ (root.querySelectorAll("[data-leaf]"));
  let [page, count] = [0, 0];

  const last = () => Math.max(0, Math.ceil(count / PAGE) - 1);

  /** @param {number} to */
  function turn(to) {
    page = Math.max(0, Math.min(to, last()));
    const first = page * PAGE;
    range.textContent = `Samples ${grouped(first + 1)} to ${grouped(Math.min(first + PAGE, count))} of ${grouped(count)}`;
    for (const button of buttons) {
      button.disabled = ["first", "back"].includes(button.dataset.leaf ?? "") ? page === 0 : page === last();
    }
  }

  root.addEventListener("click", ({ target }) => {
    const button = target instanceof Element ? target.closest("[data-leaf]") : null;
    if (!(button instanceof HTMLElement)) return;
    turn({ first: 0, back: page - 1, next: page + 1 }[button.dataset.leaf ?? ""] ?? Infinity);
    turned();
  });

  return {
    /** The first sample in view. */
    first: () => page * PAGE,
    /** There are so many samples now. @param {number} samples */
    renew(samples) {
      count = samples;
      turn(page);
    },
    /** Brings a sample into view. @param {number} sample @returns {boolean} whether the page was turned for it */
    open(sample) {
      const to = Math.floor(sample / PAGE);
      if (sample < 0 || to === page) return false;
      turn(to);
      return true;
    },
  };
}
