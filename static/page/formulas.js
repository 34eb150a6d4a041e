/** The closed form: fetched only when its panel is open, and kept while the program stays the same. */

/**
 * @param {() => string} query the whole state
 */
export function createFormulas(query) {
  let [known, shown] = ["", /** @type {Node[]} */ ([])];
  let asked = "";

  /** Fills the panel, if it is open. */
  return async function show() {
    const place = /** @type {HTMLElement | null} */ (document.querySelector("[data-formula]"));
    const key = place?.dataset.formula ?? "";
    if (!place || key === asked) return;
    if (key !== known) {
      asked = key;
      const found = await fetched(query());
      asked = "";
      if (!found) return fail(key);
      [known, shown] = [key, found];
    }
    const now = /** @type {HTMLElement | null} */ (document.querySelector("[data-formula]"));
    if (now?.dataset.formula === known) now.replaceChildren(...shown.map((node) => node.cloneNode(true)));
    else if (now) await show();
  };
}

/** Says so where the closed form could not be had; it is asked for again with the next program. @param {string} key */
function fail(key) {
  const place = /** @type {HTMLElement | null} */ (document.querySelector("[data-formula]"));
  const said = place?.dataset.formula === key && place.querySelector("[role=status]");
  if (said) said.textContent = "The closed form could not be fetched. Everything else works without it.";
}

/** @param {string} query @returns {Promise<Node[] | null>} */
async function fetched(query) {
  try {
    const response = await fetch("/formula", { method: "POST", body: new URLSearchParams(query) });
    if (!response.ok) return null;
    return [...new DOMParser().parseFromString(await response.text(), "text/html").body.childNodes];
  } catch {
    return null; // the server can't be reached
  }
}
