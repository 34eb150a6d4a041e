/** Fields for the cells of a tensor, wherever they stand: arrows lead on, a block that is pasted fills all. */

import { attribute } from "../page/dom.js";
import { textsOf } from "./cells.js";

/** @type {Readonly<Record<string, [number, number]>>} rows and columns to go */
const STEPS = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };

/**
 * @param {HTMLElement} place holds the fields, once it is filled with them
 * @param {object} grid
 * @param {readonly string[]} grid.labels of the cells, row by row
 * @param {number} grid.columns
 * @param {(texts: string[]) => void} grid.typed
 * @param {() => void} grid.checked
 */
export function createGrid(place, { labels, columns, typed, checked }) {
  const inputs = labels.map((label) => {
    const input = document.createElement("input");
    Object.assign(input, { type: "text", autocomplete: "off", spellcheck: false });
    input.setAttribute("aria-label", label);
    return input;
  });
  const texts = () => inputs.map(({ value }) => value.trim());

  place.addEventListener("input", () => typed(texts()));
  place.addEventListener("paste", (event) => {
    const given = textsOf(event.clipboardData?.getData("text") ?? "");
    if (given.length < 2 || given.length !== inputs.length) return;
    event.preventDefault();
    inputs.forEach((input, at) => (input.value = given[at]));
    typed(texts());
  });
  place.addEventListener("keydown", (event) => {
    const at = inputs.indexOf(/** @type {HTMLInputElement} */ (event.target));
    if (at < 0 || event.isComposing) return undefined;
    if (event.key === "Enter") {
      event.preventDefault();
      return checked();
    }
    const next = beside(at, event);
    if (!next) return undefined;
    event.preventDefault();
    next.focus();
    return next.select();
  });

  /**
   * The cell that an arrow leads to: left and right, once the caret is at the end of the text.
   * @param {number} at @param {KeyboardEvent} event
   */
  function beside(at, { key, shiftKey, ctrlKey, altKey, metaKey }) {
    const step = STEPS[key];
    if (!step || shiftKey || ctrlKey || altKey || metaKey) return undefined;
    const { value, selectionStart, selectionEnd } = inputs[at];
    const whole = selectionStart === 0 && selectionEnd === value.length;
    const end = key === "ArrowLeft" ? 0 : value.length;
    if (step[1] && !whole && (selectionStart !== end || selectionEnd !== end)) return undefined;
    const [row, column] = [Math.floor(at / columns) + step[0], (at % columns) + step[1]];
    return column < 0 || column >= columns ? undefined : inputs[row * columns + column];
  }

  return {
    inputs,

    /** Has these texts and marks; what someone types stays as it is. @param {import("./cells.js").Draft} draft */
    show({ text, marks }) {
      const given = text ? textsOf(text) : inputs.map(() => "");
      if (given.length !== inputs.length) return;
      inputs.forEach((input, at) => {
        if (input !== document.activeElement || input.value.trim() !== given[at]) input.value = given[at];
        attribute(input, "data-mark", marks[at] === "right" ? "right" : null);
        attribute(input, "aria-invalid", marks[at] === "wrong" || marks[at] === "none" ? "true" : null);
      });
    },
  };
}
