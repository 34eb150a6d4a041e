/** The keys of the page: keytable.js says which do what and where, and the help shows the same list. */

import { KEYS } from "./keytable.js";

/** Fields that take whatever is typed. */
const TEXTS =
  "textarea, select, [contenteditable], input:not([type=range], [type=radio], [type=checkbox], [type=button])";
/** What moves a slider or a list, or scrolls what has the focus. */
const MOVES = new Set(["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown", "Home", "End", "PageUp", "PageDown"]);
const MOVED = 'input, summary, [role="listbox"], [role="slider"], [tabindex="0"]:not(.viewport)';
const PRESSED = "button, summary, input, a, label, video, audio";

/**
 * A key with its modifiers, as the table writes it. Shift is a part of what a letter or sign is.
 * @param {Pick<KeyboardEvent, "key" | "ctrlKey" | "metaKey" | "altKey" | "shiftKey">} event
 */
export function chordOf({ key, ctrlKey, metaKey, altKey, shiftKey }) {
  const sign = [...key].length === 1;
  const control = ctrlKey || metaKey;
  const parts = [control && "Control", altKey && "Alt", shiftKey && (control || !sign) && "Shift"];
  return [...parts.filter((part) => part), sign ? key.toLowerCase() : key].join("+");
}

/**
 * The acts of a place, by their keys.
 * @param {import("./keytable.js").Key["where"]} where @returns {Map<string, string>}
 */
export const actsIn = (where) =>
  new Map(
    KEYS.flatMap((row) => (row.where === where ? row.keys.map((key) => /** @type {const} */ ([key, row.act])) : [])),
  );

/**
 * Whether a control that has the focus takes this key itself.
 * @param {EventTarget | null} target @param {string} key
 */
export function isTaken(target, key) {
  if (!(target instanceof Element)) return false;
  if (target.matches(TEXTS)) return true;
  if (key === " " || key === "Enter") return target.matches(PRESSED);
  return MOVES.has(key) && target.matches(MOVED);
}

/**
 * @param {HTMLElement} root
 * @param {Record<string, () => void>} acts by their names in the table
 * @param {object} page
 * @param {() => boolean} page.isPresenting
 * @param {() => boolean} page.hasLetters whether single letters and signs are keys: one can switch them off
 */
export function bindKeys(root, acts, { isPresenting, hasLetters }) {
  const [page, presentation] = [actsIn("page"), actsIn("presentation")];
  /** @param {ReadonlyMap<string, string>} keys */
  const follow = (keys) => (/** @type {KeyboardEvent} */ event) => {
    if (event.defaultPrevented || event.isComposing) return;
    if (root.querySelector("dialog[open], [popover]:popover-open")) return;
    const key = chordOf(event);
    const act = keys.get(key);
    const letter = [...key].length === 1 && key !== " ";
    if (!act || isTaken(event.target, event.key) || (letter && !hasLetters())) return;
    event.preventDefault();
    acts[act]();
  };
  const present = follow(presentation);
  // Before the figure, which moves with the same keys.
  root.addEventListener("keydown", (event) => isPresenting() && present(event), { capture: true });
  root.addEventListener("keydown", follow(page));
}
