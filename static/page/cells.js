/** The fields of variables that are tensors: who writes into one changes a cell, and the address keeps the list. */

import { fullNumber } from "../engine/numerals.js";
import { flat } from "../engine/tensors/tape.js";
import { isLocked, number } from "../state/url.js";
import { read } from "./tensors.js";

/** @typedef {import("../engine/tensors/tape.js").Nested} Nested */

/** @param {HTMLElement} root @param {import("../workbench.js").PageStore} store */
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
    const [cells, shape] = [cellsOf(name), shapeOf(name)];
    const value = number(field.value);
    const known = value !== undefined && Number.isFinite(value);
    complain(table, known ? "" : `“${field.value}” is no number. Write 0.5, 1/3, pi or sqrt(2).`);
    if (!known) return;
    const at = place(field.dataset.cell ?? "", shape);
    if (Object.is(cells[at], value)) return;
    const list = written(
      cells.map((x, cell) => (cell === at ? value : x)),
      shape,
    );
    const others = [...state.moved].map(
      ([one, x]) => /** @type {const} */ ([one, written(Array.from(x), shapeOf(one))]),
    );
    store.change({ lists: new Map([...state.lists, ...others, [name, list]]), moved: new Map() });
  }

  root.addEventListener("change", ({ target }) => {
    if (target instanceof HTMLInputElement && target.matches("[data-tensor] [data-cell]")) change(target);
  });

  store.subscribe(["lists", "tensors", "moved", "samples", "lock"], () => {
    for (const table of /** @type {NodeListOf<HTMLElement>} */ (root.querySelectorAll("[data-tensor]"))) {
      const name = table.dataset.tensor ?? "";
      const [cells, shape] = [cellsOf(name), shapeOf(name)];
      for (const field of /** @type {NodeListOf<HTMLInputElement>} */ (table.querySelectorAll("[data-cell]"))) {
        const cell = cells[place(field.dataset.cell ?? "", shape)];
        if (cell !== undefined && field !== document.activeElement) field.value = fullNumber(cell);
        field.disabled = Object.hasOwn(state.samples?.columns ?? {}, name) || isLocked(state, name);
      }
    }
  });
}

/** @param {HTMLElement} table @param {string} message */
function complain(table, message) {
  const told = table.parentElement?.querySelector("[data-part=no-cell]");
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
