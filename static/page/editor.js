/** The program's text, and the line under a mistake in it. */

import { editOf } from "../state/edits.js";

const BEFORE = 0,
  WRONG = 1,
  AFTER = 2;

/**
 * @param {HTMLElement} root holds the textarea and its mirror: the same text, as high as it needs, with a
 *   mark where the mistake is
 */
export function createEditor(root) {
  const area = /** @type {HTMLTextAreaElement} */ (root.querySelector("textarea"));
  const mirror = [.../** @type {HTMLElement} */ (root.querySelector(".mirror")).children];
  /** @type {[number, number]} */
  let marked = [mirror[BEFORE].textContent?.length ?? 0, 0];
  marked[1] = marked[0] + (mirror[WRONG].textContent?.length ?? 0);

  /** @type {Range | null} */
  let lit = null;

  function show() {
    const [start, end] = marked;
    const text = area.value;
    mirror[BEFORE].textContent = text.slice(0, start);
    mirror[WRONG].textContent = text.slice(start, end);
    mirror[AFTER].textContent = text.slice(end);
  }

  /** The place of a piece of the program in the mirror. @param {number} start @param {number} end */
  function rangeOf(start, end) {
    const characters = Array.from(area.value);
    const from = characters.slice(0, start).join("").length;
    const range = document.createRange();
    range.setStart(...placeOf(mirror, from));
    range.setEnd(...placeOf(mirror, from + characters.slice(start, end).join("").length));
    return range;
  }

  return {
    area,
    show,

    isTyping: () => document.activeElement === area,

    /** Where someone types, the caret goes behind what has changed. @param {string} text */
    write(text) {
      if (area.value !== text) {
        const { from, inserted } = editOf(area.value, text);
        area.value = text;
        if (document.activeElement === area) area.setSelectionRange(from + inserted.length, from + inserted.length);
      }
      show();
    },

    /**
     * Marks a mistake; offsets count characters, not the halves of surrogate pairs.
     * @param {number} start @param {number} end
     */
    mark(start, end) {
      const characters = Array.from(area.value);
      const at = characters.slice(0, start).join("").length;
      marked = [at, at + characters.slice(start, end).join("").length];
      show();
    },

    /** Puts the caret there. @param {number} start @param {number} end offsets in characters */
    select(start, end) {
      const characters = Array.from(area.value);
      const at = characters.slice(0, start).join("").length;
      area.focus();
      area.setSelectionRange(at, at + characters.slice(start, end).join("").length);
    },

    unmark() {
      marked = [area.value.length, area.value.length];
      show();
    },

    /**
     * Lights up a piece of the program, or nothing.
     * @param {number} start @param {number} end offsets in characters
     */
    light(start, end) {
      if (typeof Highlight === "undefined") return; // an older browser
      const all = CSS.highlights.get("lit") ?? new Highlight(); // those of other pages in this document, too
      if (lit) all.delete(lit);
      lit = start < end ? rangeOf(start, end) : null;
      if (lit) all.add(lit);
      CSS.highlights.set("lit", all);
    },

    /**
     * Which of these pieces of the program lies under a point: the shortest one.
     * @template {{start: number, end: number}} Piece
     * @param {Piece[]} pieces @param {number} x @param {number} y
     */
    pieceAt(pieces, x, y) {
      const under = pieces.filter(({ start, end }) => covers(rangeOf(start, end), x, y));
      return under.sort((one, other) => one.end - one.start - (other.end - other.start))[0];
    },

    /**
     * Whether a mistake may just be what is not typed yet: someone types at the end, and it is the end
     * that is wrong, or a parenthesis that still waits for its other half.
     * @param {number} start @param {number} end offsets in characters
     */
    isUnfinished(start, end) {
      const text = area.value.trimEnd();
      const typing = document.activeElement === area && area.selectionEnd >= text.length;
      const characters = Array.from(text);
      return typing && (end >= characters.length || characters[start] === "(");
    },
  };
}

/**
 * The text node of the mirror that holds an offset, and the offset in it.
 * @param {Element[]} parts @param {number} offset @returns {[Node, number]}
 */
function placeOf(parts, offset) {
  let left = offset;
  for (const part of parts) {
    const text = part.firstChild;
    const length = text?.textContent?.length ?? 0;
    if (text && left <= length) return [text, left];
    left -= length;
  }
  return [parts[0], 0];
}

/** @param {Range} range @param {number} x @param {number} y */
function covers(range, x, y) {
  return [...range.getClientRects()].some((box) => x >= box.left && x <= box.right && y >= box.top && y <= box.bottom);
}
