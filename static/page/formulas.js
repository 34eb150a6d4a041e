/** The closed form: fetched only when its panel is open, and kept while the program stays the same. */

/** After so long it is asked for again where the server has others to serve first, in milliseconds. */
const AGAIN = 2_000;

/**
 * @param {HTMLElement} page
 * @param {Pick<import("./services.js").Services, "server" | "clock">} services
 * @param {() => string} query the whole state
 */
export function createFormulas(page, { server, clock }, query) {
  let [known, shown] = ["", /** @type {Node[]} */ ([])];
  let asked = "";

  const place = () => /** @type {HTMLElement | null} */ (page.querySelector("[data-formula]"));

  /** Says that the closed form could not be had; it is asked for again with the next program. @param {string} key */
  const fail = (key) => say(key, "The closed form could not be fetched. Everything else works without it.");

  /** @param {string} key @param {string} words */
  function say(key, words) {
    const said = place()?.dataset.formula === key && place()?.querySelector("[role=status]");
    if (said) said.textContent = words;
  }

  /** Fills the panel, if it is open. */
  async function show() {
    const key = place()?.dataset.formula ?? "";
    if (!place() || key === asked) return;
    if (key !== known) {
      asked = key;
      const found = await fetched(server, query());
      asked = "";
      if (found === "busy") {
        say(key, "Others are served first; it is asked for again …");
        clock.later(show, AGAIN);
        return;
      }
      if (!found) return fail(key);
      [known, shown] = [key, found];
    }
    const now = place();
    if (now?.dataset.formula === known) now.replaceChildren(...shown.map((node) => node.cloneNode(true)));
    else if (now) await show();
  }

  return show;
}

/** @param {import("./services.js").Server} server @param {string} query @returns {Promise<Node[] | "busy" | null>} */
async function fetched(server, query) {
  try {
    const response = await server.fetch("formula", { method: "POST", body: new URLSearchParams(query) });
    if (response.status === 503) return "busy";
    if (!response.ok) return null;
    return [...new DOMParser().parseFromString(await response.text(), "text/html").body.childNodes];
  } catch {
    return null; // the server can't be reached
  }
}
