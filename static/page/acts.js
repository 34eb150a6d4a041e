/** When the user does something. What follows without another act is a consequence of it. */

/** Keys that are held while another one or the pointer acts. */
const HELD = new Set(["Control", "Shift", "Alt", "AltGraph", "Meta"]);

/**
 * Calls before anything else hears of an act: a key, a press of the pointer, a text that comes by another way. What
 * changes while something is dragged is no other act than the press that began the drag.
 * @param {HTMLElement} root @param {() => void} acted
 */
export function bindActs(root, acted) {
  let held = false;
  const options = { capture: true };
  root.addEventListener(
    "pointerdown",
    () => {
      held = true;
      acted();
    },
    options,
  );
  for (const end of ["pointerup", "pointercancel"]) root.addEventListener(end, () => (held = false), options);
  // A press elsewhere ends with no pointerup here: a click and a key say that it is over as well.
  root.addEventListener(
    "click",
    () => {
      held = false;
      acted();
    },
    options,
  );
  root.addEventListener(
    "keydown",
    ({ key }) => {
      held = false;
      if (!HELD.has(key)) acted();
    },
    options,
  );
  root.addEventListener("input", () => held || acted(), options);
}
