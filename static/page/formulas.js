/** The closed form: fetched only when its panel is open, and kept while the program stays the same. */

/**
 * @param {HTMLElement} page
 * @param {import("./services.js").Server} server
 * @param {() => string} query the whole state
 */
export function createFormulas(page, server, query) {
  let [known, shown] = ["", /** @type {Node[]} */ ([])];
  let asked = "";

  const place = () => /** @type {HTMLElement | null} */ (page.querySelector("[data-formula]"));

  /** Says that the closed form could not be had; it is asked for again with the next program. @param {string} key */
  function fail(key) {
    const said = place()?.dataset.formula === key && place()?.querySelector("[role=status]");
    if (said) said.textContent = "The closed form could not be fetched. Everything else works without it.";
  }

  /** Fills the panel, if it is open. */
  return async function show() {
    const key = place()?.dataset.formula ?? "";
    if (!place() || key === asked) return;
    if (key !== known) {
      asked = key;
      const found = await fetched(server, query());
      asked = "";
      if (!found) return fail(key);
      [known, shown] = [key, found];
    }
    const now = place();
    if (now?.dataset.formula === known) now.replaceChildren(...shown.map((node) => node.cloneNode(true)));
    else if (now) await show();
  };
}

/** @param {import("./services.js").Server} server @param {string} query @returns {Promise<Node[] | null>} */
async function fetched(server, query) {
  try {
    const response = await server.fetch("formula", { method: "POST", body: new URLSearchParams(query) });
    if (!response.ok) return null;
    return [...new DOMParser().parseFromString(await response.text(), "text/html").body.childNodes];
  } catch {
    return null; // the server can't be reached
  }
}
