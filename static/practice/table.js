/** The card's small table of a tensor's cells, beside the list that they stand for. */

import { cellOf, listOf, sizesOf } from "./cells.js";
import { createGrid } from "./grid.js";

/**
 * @typedef {import("./cells.js").Shape} Shape
 * @typedef {import("./cells.js").Draft} Draft
 */

/**
 * @param {HTMLElement} place
 * @param {object} told
 * @param {(text: string) => void} told.typed the list of what stands in the cells now
 * @param {() => void} told.checked
 */
export function createTable(place, { typed, checked }) {
  let shown = "";
  /** @type {ReturnType<typeof createGrid> | null} */
  let grid = null;

  /** @param {string} field @param {string} name @param {Shape} shape */
  function build(field, name, shape) {
    const [rows, columns] = sizesOf(shape);
    const labels = Array.from({ length: rows * columns }, (_, at) => {
      const index = /\[.*?\]/.exec(cellOf(field, shape, at))?.[0] ?? "";
      return `${name}${index}`;
    });
    const table = document.createElement("div");
    table.className = "answer-cells";
    grid = createGrid(table, { labels, columns, typed: (texts) => typed(listOf(texts, shape)), checked });
    for (const input of grid.inputs) input.className = "number";
    for (let row = 0; row < rows; row++) {
      const line = document.createElement("div"); // goes on in the next line where the card is narrow
      line.append(...grid.inputs.slice(row * columns, (row + 1) * columns));
      table.append(line);
    }
    place.replaceChildren(table);
  }

  return {
    /**
     * Has a cell for each one that is asked for; none where they are too many, or a number.
     * @param {{field: string, name: string} | undefined} question @param {Shape | null} shape @param {Draft} draft
     */
    show(question, shape, draft) {
      const key = question && shape ? `${question.field} ${shape.join()}` : "";
      place.hidden = !key;
      if (key !== shown) {
        shown = key;
        grid = null;
        place.replaceChildren();
        if (question && shape) build(question.field, question.name, shape);
      }
      grid?.show(draft);
    },

    /** What is typed there, or elsewhere. @param {Draft} draft */
    fill: (draft) => grid?.show(draft),
  };
}
