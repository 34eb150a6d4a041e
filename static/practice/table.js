/**
 * An answer that is a tensor, cell by cell: a small table beside the list that it stands for. What is written in one
 * stands in the other, `[[1/3, 2], [3, ]]`, with nothing for a cell that is still open.
 */

import { isRight } from "../explain/grading/judge.js";
import { attribute } from "../page/dom.js";
import { read } from "./answers.js";

/** @typedef {readonly number[]} Shape */
/** @typedef {"right" | "wrong" | "open" | "none"} Mark none: what stands there is no number */

/** A table has so many rows and columns, at the most. */
export const MOST = 8;

/** @type {Readonly<Record<string, [number, number]>>} rows and columns to go */
const STEPS = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };

/**
 * The shape of what a field has, null where no table holds it.
 * @param {import("../engine/tensors/run.js").TensorGraph | null} graph @param {string} field
 * @returns {Shape | null}
 */
export function shapeOf(graph, field) {
  const [id, arg, word] = field.split(".");
  const of = (/** @type {string | undefined} */ name) => graph?.nodes.find((node) => node.id === name);
  const leaf = graph?.nodes.find(({ op, name }) => op === "var" && name === id);
  const node = word === "flow" ? of(of(id)?.args[Number(arg)]) : arg === "total" ? leaf : of(id);
  const shape = node?.shape ?? [];
  return shape.length > 0 && shape.length < 3 && shape.every((size) => size <= MOST) ? shape : null;
}

/** Rows and columns: a vector is one row. @param {Shape} shape @returns {[number, number]} */
const sizesOf = (shape) => (shape.length === 1 ? [1, shape[0]] : [shape[0], shape[1]]);

/** The field of a cell: `W[0,1].total` of `W.total`. @param {string} field @param {Shape} shape @param {number} at */
export function cellOf(field, shape, at) {
  const columns = sizesOf(shape)[1];
  const index = shape.length === 1 ? at : `${Math.floor(at / columns)},${at % columns}`;
  return field.replace(/^[^.]+/, (name) => `${name}[${index}]`);
}

/** What a list has for its cells, as texts. @param {string} text */
export function textsOf(text) {
  const bare = text.replace(/\b(?:array|tensor)\(|[[\]]/g, " ").replace(/\)\s*$/, "");
  const parts = /[,;]/.test(bare) ? bare.split(/[,;]/) : bare.trim().split(/\s+/);
  return parts.map((part) => part.trim());
}

/** The list of these texts. @param {readonly string[]} texts @param {Shape} shape */
export function listOf(texts, shape) {
  const [rows, columns] = sizesOf(shape);
  const line = (/** @type {number} */ row) => `[${texts.slice(row * columns, (row + 1) * columns).join(", ")}]`;
  return shape.length === 1 ? line(0) : `[${Array.from({ length: rows }, (_, row) => line(row)).join(", ")}]`;
}

/**
 * What is right of the texts, cell by cell; a decimal number of three digits may be rounded, as one number may.
 * @param {readonly string[]} texts @param {readonly number[]} right @returns {Mark[]}
 */
export function marksOf(texts, right) {
  const size = right.reduce((most, x) => (Number.isFinite(x) ? Math.max(most, Math.abs(x)) : most), 0);
  return texts.map((text, at) => {
    if (!text) return "open";
    const answer = read(text);
    return !answer ? "none" : isRight(answer, right[at], size) ? "right" : "wrong";
  });
}

/**
 * @param {HTMLElement} place
 * @param {HTMLInputElement} list the field of the list
 * @param {() => void} check
 */
export function createTable(place, list, check) {
  /** @type {Shape | null} */
  let shape = null;
  let shown = "";
  /** @type {HTMLInputElement[]} */
  let cells = [];

  const write = () => void (list.value = shape ? listOf(texts(), shape) : "");
  const texts = () => cells.map(({ value }) => value.trim());

  /** @param {readonly string[]} given */
  function fill(given) {
    cells.forEach((cell, at) => {
      cell.value = given[at] ?? "";
      unmark(cell);
    });
  }

  list.addEventListener("input", () => {
    const given = textsOf(list.value);
    if (given.length === cells.length) fill(given);
  });
  place.addEventListener("input", ({ target }) => {
    if (target instanceof HTMLInputElement) unmark(target);
    write();
  });
  // A block that is pasted into a cell fills all.
  place.addEventListener("paste", (event) => {
    const given = textsOf(event.clipboardData?.getData("text") ?? "");
    if (given.length < 2 || given.length !== cells.length) return;
    event.preventDefault();
    fill(given);
    write();
  });
  place.addEventListener("keydown", (event) => {
    const at = cells.indexOf(/** @type {HTMLInputElement} */ (event.target));
    if (at < 0 || !shape || event.isComposing) return;
    if (event.key === "Enter") {
      event.preventDefault();
      return check();
    }
    const next = beside(cells[at], at, event);
    if (!next) return undefined;
    event.preventDefault();
    next.focus();
    return next.select();
  });

  /**
   * The cell that an arrow leads to: left and right, once the caret is at the end of the text.
   * @param {HTMLInputElement} cell @param {number} at @param {KeyboardEvent} event
   */
  function beside(cell, at, { key, shiftKey, ctrlKey, altKey, metaKey }) {
    const step = STEPS[key];
    if (!step || !shape || shiftKey || ctrlKey || altKey || metaKey) return undefined;
    const whole = cell.selectionStart === 0 && cell.selectionEnd === cell.value.length;
    const end = key === "ArrowLeft" ? 0 : cell.value.length;
    if (step[1] && !whole && (cell.selectionStart !== end || cell.selectionEnd !== end)) return undefined;
    const [rows, columns] = sizesOf(shape);
    const [row, column] = [Math.floor(at / columns) + step[0], (at % columns) + step[1]];
    return row < 0 || row >= rows || column < 0 || column >= columns ? undefined : cells[row * columns + column];
  }

  /** @param {string} field @param {string} name @param {Shape} of */
  function build(field, name, of) {
    const [rows, columns] = sizesOf(of);
    cells = Array.from({ length: rows * columns }, (_, at) => {
      const cell = document.createElement("input");
      Object.assign(cell, { type: "text", className: "number", autocomplete: "off", spellcheck: false });
      const index = /\[.*?\]/.exec(cellOf(field, of, at))?.[0] ?? "";
      cell.setAttribute("aria-label", `${name}${index}`);
      return cell;
    });
    const table = document.createElement("table");
    for (let row = 0; row < rows; row++) {
      const line = table.insertRow();
      for (const cell of cells.slice(row * columns, (row + 1) * columns)) line.insertCell().append(cell);
    }
    table.className = "answer-cells";
    place.replaceChildren(table);
  }

  return {
    /**
     * Has a cell for each one that is asked for; none where they are too many, or a number.
     * @param {{field: string, name: string} | undefined} question @param {Shape | null} of @param {string} text
     */
    show(question, of, text) {
      const key = question && of ? `${question.field} ${of.join()}` : "";
      place.hidden = !key;
      if (key === shown) return;
      shown = key;
      [shape, cells] = [of, []];
      place.replaceChildren();
      if (!question || !of) return;
      build(question.field, question.name, of);
      const given = textsOf(text);
      if (given.length === cells.length) fill(given);
    },

    /** @param {readonly Mark[]} marks */
    mark(marks) {
      cells.forEach((cell, at) => {
        attribute(cell, "data-mark", marks[at] === "right" ? "right" : null);
        attribute(cell, "aria-invalid", marks[at] === "wrong" || marks[at] === "none" ? "true" : null);
      });
    },

    clear: () => fill([]),
    isEmpty: () => texts().every((text) => !text),
    hasFocus: () => cells.includes(/** @type {HTMLInputElement} */ (document.activeElement)),
    focus: () => cells[0]?.focus(),
  };
}

/** @param {HTMLInputElement} cell */
function unmark(cell) {
  attribute(cell, "data-mark", null);
  attribute(cell, "aria-invalid", null);
}
