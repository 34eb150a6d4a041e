/**
 * How many digits a page shows is the page's own, though a document may hold several and all write numbers by
 * engine/numerals.js: whenever it is a page's turn, by an event, a frame, or a change of its state, its digits hold.
 */

import { showDigits } from "../engine/numerals.js";

/** What a page answers at once. */
const EVENTS = ["pointerover", "pointermove", "focusin", "click", "input", "change", "keydown", "copy", "toggle"];

/**
 * @param {HTMLElement} root
 * @param {import("../workbench.js").PageStore} store whose first subscriber this is to be
 * @param {import("./clock.js").Clock} clock
 * @returns {import("./clock.js").Clock} the page's
 */
export function ownDigits(root, store, clock) {
  const take = () => showDigits(Number(store.state.digits));
  /** @param {() => void} run */
  const own = (run) => () => {
    take();
    run();
  };

  store.subscribe(/** @type {(keyof typeof store.state)[]} */ (Object.keys(store.state)), take);
  for (const event of EVENTS) root.addEventListener(event, take, { capture: true });
  return {
    now: clock.now,
    frame: (run) => clock.frame(own(run)),
    later: (run, wait) => clock.later(own(run), wait),
  };
}
