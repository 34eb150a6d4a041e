/** A node of the figure and its row of the table light up together. */

/**
 * @param {(id: string) => void} chosen told when a row's button is pressed
 */
export function createLights(chosen) {
  let current = "";

  /** @param {string} id */
  function light(id) {
    if (id === current) return;
    current = id;
    for (const element of document.querySelectorAll(".lit")) element.classList.remove("lit");
    for (const element of id ? placesOf(id) : []) element.classList.add("lit");
  }

  /** @param {Event} event */
  const follow = ({ target }) => light(idOf(target));
  document.addEventListener("pointerover", follow);
  document.addEventListener("focusin", follow);
  document.addEventListener("focusout", () => light(""));
  document.addEventListener("click", ({ target }) => {
    const button = target instanceof Element ? target.closest("[data-row] button, [data-node]") : null;
    if (!button) return;
    const id = idOf(button);
    chosen(id);
    document.querySelector(`[data-row="${CSS.escape(id)}"]`)?.scrollIntoView({ block: "nearest" });
  });
}

/** The node that an element speaks of. @param {EventTarget | null} target */
function idOf(target) {
  if (!(target instanceof Element)) return "";
  const place = target.closest("[data-node], [data-row]");
  return place?.getAttribute("data-node") ?? place?.getAttribute("data-row") ?? "";
}

/** Its box, its row, and the edges that lead into it. @param {string} id */
function placesOf(id) {
  const escaped = CSS.escape(id);
  return document.querySelectorAll(`[data-node="${escaped}"], [data-row="${escaped}"], [data-edge^="${escaped}."]`);
}
