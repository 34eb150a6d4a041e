/** A line between two parts of the page that moves: by the pointer, by the keyboard, and back by a double click. */

import { attribute } from "./dom.js";

/**
 * @param {HTMLElement} divider
 * @param {object} range
 * @param {readonly [number, number]} range.ends
 * @param {number} range.notch by the keyboard
 * @param {1 | -1} range.right whether the number grows to the right
 * @param {number} range.usual where a double click leads
 * @param {(x: number) => number} range.at the number of a place of the screen
 * @param {() => number} range.now
 * @param {(number: number) => void} range.change
 */
export function bindDivider(divider, { ends: [least, most], notch, right, usual, at, now, change }) {
  const to = (/** @type {number} */ number) => change(Math.round(Math.min(Math.max(number, least), most)));

  divider.addEventListener("pointerdown", (event) => {
    divider.setPointerCapture(event.pointerId);
    event.preventDefault();
  });
  divider.addEventListener("pointermove", ({ pointerId, clientX }) => {
    if (divider.hasPointerCapture(pointerId)) to(at(clientX));
  });
  divider.addEventListener("dblclick", () => change(usual));
  divider.addEventListener("keydown", (event) => {
    /** @type {Record<string, () => number>} */
    const keys = {
      ArrowLeft: () => now() - right * notch,
      ArrowRight: () => now() + right * notch,
      Home: () => (right > 0 ? least : most),
      End: () => (right > 0 ? most : least),
    };
    if (!Object.hasOwn(keys, event.key)) return;
    event.preventDefault();
    to(keys[event.key]());
  });
  return {
    /** Says where it stands. @param {number} number */
    show: (number) => attribute(divider, "aria-valuenow", number),
  };
}
