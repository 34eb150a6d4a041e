/** The own table: typed or pasted into its box, or opened as a file. */

import { decode, grouped, keep, LINKED } from "./source.js";

/** A keystroke waits so long for the next one, in milliseconds; pasted text does not. */
const TYPING = 700;
/** Longer texts of files are no use in a box. */
const SHOWN = 200_000;

/**
 * @typedef {string | ArrayBuffer} Content
 *
 * @param {HTMLElement} root
 * @param {import("../page/clock.js").Clock} clock
 * @param {object} told
 * @param {(text: string, another: boolean) => void} told.typed the box has changed; whether to another table
 * @param {(file: File) => void} told.opened a file was chosen
 */
export function createOwn(root, clock, { typed, opened }) {
  const part = (/** @type {string} */ id) => /** @type {HTMLElement} */ (root.querySelector(`[data-part=${id}]`));
  const box = /** @type {HTMLTextAreaElement} */ (part("text"));
  const file = /** @type {HTMLInputElement} */ (part("file"));
  const kept = part("kept");
  /** @type {(() => void) | null} */
  let cancel = null;
  let pasted = false;

  /** What waits to be read is of no use any more. */
  function drop() {
    cancel?.();
    cancel = null;
  }

  function read() {
    drop();
    typed(box.value, pasted);
    pasted = false;
  }

  box.addEventListener("input", (event) => {
    drop();
    const is = /** @type {InputEvent} */ (event).inputType === "insertFromPaste";
    pasted ||= is;
    cancel = clock.later(read, is ? 0 : TYPING);
  });
  box.addEventListener("change", () => {
    if (cancel) read();
  });
  file.addEventListener("change", () => {
    const [picked] = file.files ?? [];
    if (!picked) return;
    opened(picked);
    file.value = ""; // the same file can be opened again, once it is mended
  });

  return {
    text: () => box.value,
    focus: () => box.focus(),
    drop,
    /** Shows a text that was not typed here. @param {string} text */
    show(text) {
      if (box.value !== text) box.value = text.length <= SHOWN ? text : "";
    },
    /** Says that the table has to be brought again. */
    miss() {
      kept.textContent = "The table was too long for the link. Paste it here, or open its file.";
    },
    /** Keeps a table, and says for how long; gives what the address holds of it. @param {string} text */
    keep(text) {
      const linked = text.length <= LINKED;
      const here = keep(linked ? "" : text);
      const long = `This table has ${grouped(text.length)} characters, too many for a link.`;
      kept.textContent = linked
        ? ""
        : here
          ? `${long} It stays in this tab: whoever opens the link has to bring it.`
          : `${long} This tab can't keep it either: after a reload it has to be opened again.`;
      return linked ? text : "";
    },
  };
}

/** A file's text. @param {Content} content */
export const textOf = (content) => (typeof content === "string" ? content : decode(content));
