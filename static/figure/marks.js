/** The cell that is chosen, marked in the figure with what it is made of, where it flows to, and by which factors. */

/** @typedef {"chosen" | "source" | "target" | "factor"} Mark */

/**
 * @param {HTMLElement} root
 * @param {string} about what is chosen
 */
export function markCells(root, about) {
  for (const cell of root.querySelectorAll(".sheet [data-cell-mark]")) cell.removeAttribute("data-cell-mark");
  const card = /** @type {HTMLElement | null} */ (root.querySelector("[data-fragment=chosen] [data-part=cell]"));
  const key = about.replace(/\s*([,[\]])\s*/g, "$1");
  if (!key.endsWith("]")) return;
  for (const factor of listed(card?.dataset.factors)) mark(root, factor, "value", "factor");
  for (const source of listed(card?.dataset.sources)) mark(root, source, "value", "source");
  for (const target of listed(card?.dataset.targets)) mark(root, target, "gradient", "target");
  for (const role of ["value", "gradient"]) mark(root, key, role, "chosen");
}

/** @param {string | undefined} keys with blanks between */
const listed = (keys) => (keys ?? "").split(" ").filter(Boolean);

/**
 * A cell of one of a node's two grids.
 * @param {HTMLElement} root @param {string} key @param {string} role @param {Mark} as
 */
function mark(root, key, role, as) {
  const field = CSS.escape(`${key}.${role}.shade`);
  root.querySelector(`.sheet [data-shade="${field}"]`)?.closest("[data-cell]")?.setAttribute("data-cell-mark", as);
}
