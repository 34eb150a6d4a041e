/** The fields of variables that are tensors: who writes into one changes a cell, and the address keeps the list. */

import { formatNumber, fullNumber } from "../engine/numerals.js";
import { flat } from "../engine/tensors/tape.js";
import { isLocked, number } from "../state/url.js";
import { read } from "./tensors.js";

/** @typedef {import("../engine/tensors/tape.js").Nested} Nested */

/** Fields have room for so many characters. */
const LEAST = 6;

/**
 * What reads and changes the cells of variables that are tensors.
 * @param {HTMLElement} root @param {import("../workbench.js").PageStore} store
 */
export function bindCells(root, store) {
  const { state } = store;

  /** @param {string} name @returns {readonly number[]} */
  const shapeOf = (name) => state.tensors?.nodes.find((node) => node.op === "var" && node.name === name)?.shape ?? [];

  /** The cells of a variable as they are now. @param {string} name */
  function cellsOf(name) {
    const moved = state.moved.get(name);
    if (moved) return Array.from(moved);
    const own = read(state.lists.get(name) ?? "", shapeOf(name));
    return own.length ? own : flat(state.tensors?.start[name] ?? []);
  }

  /** @param {HTMLInputElement} field */
  function change(field) {
    const table = /** @type {HTMLElement} */ (field.closest("[data-tensor]"));
    const name = table.dataset.tensor ?? "";
    const value = number(field.value);
    const known = value !== undefined && Number.isFinite(value);
    complain(table, known ? "" : `“${field.value}” is no number. Write 0.5, 1/3, pi or sqrt(2).`);
    if (!known) return;
    set(name, field.dataset.cell ?? "", value);
  }

  /** Gives one cell a number. @param {string} name @param {string} index @param {number} value */
  function set(name, index, value) {
    const at = place(index, shapeOf(name));
    put(
      name,
      cellsOf(name).map((x, cell) => (cell === at ? value : x)),
    );
  }

  /** Gives a variable other cells. @param {string} name @param {readonly number[]} cells */
  function put(name, cells) {
    const before = cellsOf(name);
    if (isGiven(name) || cells.every((x, at) => Object.is(x, before[at]))) return;
    store.change({ lists: new Map([...kept(), [name, written(cells, shapeOf(name))]]), moved: new Map() });
  }

  /** The lists of the address, with what a descent has moved. @returns {[string, string][]} */
  function kept() {
    const moved = [...state.moved].map(
      ([one, x]) => /** @type {const} */ ([one, written(Array.from(x), shapeOf(one))]),
    );
    return [...new Map([...state.lists, ...moved])];
  }

  /** Whether its cells are not the user's to change. @param {string} name */
  const isGiven = (name) => Object.hasOwn(state.samples?.columns ?? {}, name) || isLocked(state, name);

  root.addEventListener("input", ({ target }) => {
    if (!(target instanceof HTMLInputElement) || !target.matches("[data-slides]")) return;
    set(target.dataset.slides ?? "", target.dataset.cell ?? "", target.valueAsNumber);
  });

  // A block from a spreadsheet, or as NumPy prints an array, fills all cells.
  root.addEventListener("paste", (event) => {
    const field = event.target instanceof Element ? event.target.closest("[data-tensor] [data-cell]") : null;
    const table = /** @type {HTMLElement | null} */ (field?.closest("[data-tensor]") ?? null);
    const cells = numbersOf(event.clipboardData?.getData("text") ?? "");
    if (!table || cells.length < 2) return;
    event.preventDefault();
    const name = table.dataset.tensor ?? "";
    const count = cellsOf(name).length;
    const fits = cells.length === count;
    complain(table, fits ? "" : `${cells.length} numbers were pasted, and ${name} has ${count} cells.`);
    if (fits) put(name, cells);
  });

  root.addEventListener("change", ({ target }) => {
    if (target instanceof HTMLInputElement && target.matches("[data-tensor] [data-cell]")) change(target);
  });

  // A field has the digits that the page shows, and all of them while it is written into.
  root.addEventListener("focusin", ({ target }) => {
    if (!(target instanceof HTMLInputElement) || !target.matches("[data-tensor] [data-full]")) return;
    const { full = "" } = target.dataset;
    const row = /** @type {HTMLElement} */ (target.parentElement);
    const right = target.getBoundingClientRect().right - row.getBoundingClientRect().left;
    target.toggleAttribute("data-right", right > row.clientWidth / 2);
    target.style.setProperty("--full", String(full.length));
    if (number(target.value) === undefined) return;
    target.value = full;
    target.select(); // as it was by the key that led here; who clicks places the caret after this
  });
  root.addEventListener("focusout", ({ target }) => {
    if (!(target instanceof HTMLInputElement) || !target.matches("[data-tensor] [data-full]")) return;
    if (number(target.value) !== undefined) target.value = formatNumber(Number(target.dataset.full));
  });

  store.subscribe(["lists", "tensors", "moved", "samples", "lock", "digits"], () => {
    for (const table of /** @type {NodeListOf<HTMLElement>} */ (root.querySelectorAll("[data-tensor]"))) {
      const name = table.dataset.tensor ?? "";
      const [cells, shape] = [cellsOf(name), shapeOf(name)];
      for (const field of /** @type {NodeListOf<HTMLInputElement>} */ (table.querySelectorAll("[data-cell]"))) {
        const cell = cells[place(field.dataset.cell ?? "", shape)];
        if (cell !== undefined) write(field, cell);
        field.disabled = isGiven(name);
      }
      const longest = Math.max(LEAST, ...[...table.querySelectorAll("input")].map(({ value }) => value.length));
      if (!table.contains(document.activeElement)) table.style.setProperty("--chars", String(longest));
    }
    for (const slider of /** @type {NodeListOf<HTMLInputElement>} */ (root.querySelectorAll("[data-slides]"))) {
      const { slides = "", cell = "" } = slider.dataset;
      const value = cellsOf(slides)[place(cell, shapeOf(slides))];
      if (value !== undefined && slider !== document.activeElement) slider.value = String(value);
      slider.disabled = isGiven(slides);
    }
  });

  return { cellsOf, shapeOf, put, kept, isGiven };
}

/**
 * The numbers of a pasted block, row by row; none where there is anything but numbers, brackets and what parts them.
 * @param {string} text
 */
export function numbersOf(text) {
  const words = text
    .replace(/array\(|[[\](),;]/g, " ")
    .trim()
    .split(/\s+/);
  const numbers = words.map(Number);
  return words[0] && numbers.every((x) => Number.isFinite(x)) ? numbers : [];
}

/** A cell's number in its field, where nobody writes just now. @param {HTMLInputElement} field @param {number} cell */
function write(field, cell) {
  field.dataset.full = fullNumber(cell);
  field.title = `${field.getAttribute("aria-label")} = ${field.dataset.full}`;
  if (field !== document.activeElement) field.value = formatNumber(cell);
}

/** @param {HTMLElement} table @param {string} message */
function complain(table, message) {
  const told = table.closest(".tensor-input")?.querySelector("[data-part=no-cell]");
  if (!(told instanceof HTMLElement)) return;
  told.textContent = message;
  told.hidden = !message;
}

/** Where the cell of an index stands, row by row. @param {string} index @param {readonly number[]} shape */
const place = (index, shape) => index.split(",").reduce((sum, at, axis) => sum * shape[axis] + Number(at), 0);

/** Cells as a list of lists. @param {readonly number[]} cells @param {readonly number[]} shape @returns {string} */
export function written(cells, [length, ...rest]) {
  if (length === undefined) return fullNumber(cells[0]);
  const each = cells.length / length;
  const rows = Array.from({ length }, (_, row) => written(cells.slice(row * each, (row + 1) * each), rest));
  return `[${rows.join(", ")}]`;
}
