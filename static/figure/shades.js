/** The colours of a tensor's cells, which graphviz_backprop/figure/cells.py fills first. */

/** The most colour that a cell has: its number is read on it. */
const DEEPEST = 0.5;

/**
 * @param {HTMLElement} root
 * @returns {(fields: import("../page/fields.js").Fields) => void}
 */
export function bindShades(root) {
  const cells = [...root.querySelectorAll("[data-shade]")].map((element) => ({
    element,
    field: element.getAttribute("data-shade") ?? "",
    shown: element.getAttribute("fill-opacity") ?? "",
  }));
  return (fields) => {
    for (const cell of cells) {
      const number = fields.get(cell.field);
      const opacity = (typeof number === "number" ? DEEPEST * number : 0).toFixed(3);
      if (opacity === cell.shown) continue;
      cell.element.setAttribute("fill-opacity", opacity);
      cell.shown = opacity;
    }
  };
}
