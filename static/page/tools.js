/** The tools at the top: examples, other readings, colours. A page without the bar has none. */

/**
 * @typedef {object} Page what the tools need of it
 * @property {HTMLElement} root
 * @property {import("./services.js").Server} server
 * @property {() => string} query
 * @property {(query: string) => void} open
 */

/** @param {Page} page */
export function createTools(page) {
  const element = (/** @type {string} */ selector) =>
    /** @type {HTMLElement | null} */ (page.root.querySelector(selector));

  const examples = element(".examples");
  examples?.addEventListener("click", (event) => {
    const link = event.target instanceof Element ? event.target.closest("a") : null;
    if (!link?.closest("li") || event.ctrlKey || event.metaKey || event.shiftKey) return; // a new tab
    event.preventDefault();
    examples.hidePopover();
    page.open(link.search);
  });

  const undo = element("[data-undo]");
  page.root.addEventListener("input", (event) => {
    if (undo && event.target instanceof HTMLTextAreaElement) undo.hidden = true; // what is typed now is another program
  });
  page.root.addEventListener("click", (event) => {
    const link = event.target instanceof Element ? event.target.closest("a") : null;
    const rewrites = link !== null && ("rewrite" in link.dataset || undo?.contains(link));
    if (!rewrites || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    const wanted = new URLSearchParams(link.search);
    const query = new URLSearchParams(page.query()); // the sliders may have moved since the link was made
    const back = undo?.querySelector("a");
    if (undo && back) {
      undo.hidden = undo.contains(link);
      back.href = `?${new URLSearchParams({ expr: query.get("expr") ?? "", dialect: query.get("dialect") ?? "" })}`;
    }
    for (const name of ["expr", "dialect"]) query.set(name, wanted.get(name) ?? "");
    page.open(`?${query}`);
  });

  bindTheme(element("[data-tool=theme]"), page.server.address(""));
}

/** The colours of the whole document. @param {HTMLElement | null} button @param {string} path that of the app */
function bindTheme(button, path) {
  button?.setAttribute("aria-pressed", String(isDark()));
  button?.addEventListener("click", () => {
    const next = isDark() ? "light" : "dark";
    document.documentElement.dataset.theme = next;
    // The server reads it: the next page comes in the right colours from the start.
    document.cookie = `theme=${next}; path=${path}; max-age=31536000; samesite=lax`;
    button.setAttribute("aria-pressed", String(next === "dark"));
  });
}

function isDark() {
  const chosen = document.documentElement.dataset.theme;
  return chosen ? chosen === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
}
