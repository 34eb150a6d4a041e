/** The program's text, and the line under a mistake in it. */

const BEFORE = 0, WRONG = 1, AFTER = 2;

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

  function show() {
    const [start, end] = marked;
    const text = area.value;
    mirror[BEFORE].textContent = text.slice(0, start);
    mirror[WRONG].textContent = text.slice(start, end);
    mirror[AFTER].textContent = text.slice(end);
  }

  return {
    area,
    show,

    /** @param {string} text */
    write(text) {
      if (area.value !== text) area.value = text;
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

    unmark() {
      marked = [area.value.length, area.value.length];
      show();
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
