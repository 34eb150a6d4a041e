/** A node of the figure, its row of the table, its edges and its place in the program light up together. */

/**
 * @param {HTMLElement} page
 * @param {object} parts
 * @param {ReturnType<typeof import("./editor.js").createEditor>} parts.editor
 * @param {(id: string) => void} parts.chosen told of the node whose piece of the program was clicked
 * @param {(nodes: string) => string} parts.pathOf the keys of a listed path's nodes and edges
 * @param {() => void} parts.lit told when something else has lit up
 */
export function createLights(page, { editor, chosen, pathOf, lit }) {
  let current = "";

  /** @param {string} key an element's, as `keyOf` gives it */
  function light(key) {
    if (key === current) return;
    current = key;
    for (const element of page.querySelectorAll(".lit")) element.classList.remove("lit");
    for (const element of key ? placesOf(page, key) : []) element.classList.add("lit");
    const row = rowOf(page, key);
    lit();
    editor.light(...(row ? spanOf(row) : /** @type {[number, number]} */ ([0, 0])));
  }

  /** @param {EventTarget | null} target */
  function keysOf(target) {
    const lights = target instanceof Element ? target.closest("[data-lights]")?.getAttribute("data-lights") : "";
    if (lights) return lights;
    const listed = target instanceof Element ? target.closest("[data-listed]") : null;
    return listed ? pathOf(listed.querySelector(".nodes-of")?.textContent ?? "") : keyOf(target);
  }

  /** @param {Event} event */
  const follow = ({ target }) => light(keysOf(target));
  page.addEventListener("pointerover", follow);
  page.addEventListener("focusin", follow);
  page.addEventListener("focusout", () => light(""));
  /** The node whose piece of the program lies there. @param {MouseEvent} event */
  function nodeUnder({ clientX, clientY }) {
    const rows = /** @type {HTMLElement[]} */ ([...page.querySelectorAll("[data-row]")]);
    const pieces = rows.map((row) => ({ row, start: spanOf(row)[0], end: spanOf(row)[1] }));
    return editor.pieceAt(pieces, clientX, clientY)?.row.dataset.row ?? "";
  }

  editor.area.addEventListener("pointermove", (event) => light(nodeUnder(event)));
  editor.area.addEventListener("click", (event) => {
    const node = editor.area.selectionStart === editor.area.selectionEnd ? nodeUnder(event) : "";
    if (node) chosen(node);
  });
  return { light };
}

/**
 * What an element speaks of: a node, by its id, or an edge, such as `c.0`.
 * @param {EventTarget | null} target
 */
export function keyOf(target) {
  const place = target instanceof Element ? target.closest("[data-node], [data-row], [data-edge]") : null;
  for (const name of ["data-edge", "data-node", "data-row"]) {
    const key = place?.getAttribute(name);
    if (key) return key;
  }
  return "";
}

/** The row of a node, or of the node that an edge leads into. @param {HTMLElement} page @param {string} key */
function rowOf(page, key) {
  const id = key.split(".")[0];
  return /** @type {HTMLElement | null} */ (page.querySelector(`[data-row="${CSS.escape(id)}"]`));
}

/** @param {HTMLElement} row @returns {[number, number]} */
function spanOf(row) {
  return [Number(row.dataset.start), Number(row.dataset.end)];
}

/** Everything on the page that shows it. @param {HTMLElement} page @param {string} key */
function placesOf(page, key) {
  const found = [];
  for (const part of key.split(" ")) {
    const escaped = CSS.escape(part);
    if (part.includes(".")) found.push(`[data-edge="${escaped}"]`, `[data-row="${CSS.escape(part.split(".")[0])}"]`);
    else {
      const boxes = `:is([data-node="${escaped}"], .sheet [data-holds~="${escaped}"])`;
      found.push(boxes, `[data-row="${escaped}"]`, `[data-edge^="${escaped}~"]`);
    }
    if (!key.includes(" ") && !part.includes(".")) found.push(`[data-edge^="${escaped}."]`);
  }
  return page.querySelectorAll(found.join(", "));
}
