/** A table of cells is one stop of the Tab key: arrows go from cell to cell. */

/** @type {Readonly<Record<string, [number, number]>>} rows and columns to go */
const STEPS = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };

/** @param {HTMLElement} root */
export function bindGrids(root) {
  root.addEventListener("keydown", (event) => {
    const button = event.target instanceof Element ? event.target.closest("[data-grid] button") : null;
    const step = STEPS[event.key];
    if (!button || !step) return;
    const cell = /** @type {HTMLTableCellElement} */ (button.closest("td"));
    const row = /** @type {HTMLTableRowElement} */ (cell.parentElement);
    const rows = /** @type {HTMLTableSectionElement} */ (row.parentElement).rows;
    const next = rows[row.sectionRowIndex + step[0]]?.cells[cell.cellIndex + step[1]]?.querySelector("button");
    event.preventDefault();
    if (!next) return;
    button.setAttribute("tabindex", "-1");
    next.removeAttribute("tabindex");
    next.focus();
  });
}
