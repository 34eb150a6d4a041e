/** The tools at the top: examples, link, downloads, colours. A page without the bar has none. */

/**
 * @typedef {object} Page what the tools need of it
 * @property {HTMLElement} root
 * @property {import("./services.js").Server} server
 * @property {import("./clock.js").Clock} clock
 * @property {() => string} query
 * @property {(query: string) => void} open
 * @property {() => void} flush writes the address
 */

/** @param {Page} page */
export function createTools(page) {
  const element = (/** @type {string} */ selector) =>
    /** @type {HTMLElement | null} */ (page.root.querySelector(selector));
  const say = createToast(element(".toast"), page.clock);

  const examples = element(".examples");
  examples?.addEventListener("click", (event) => {
    const link = event.target instanceof Element ? event.target.closest("a") : null;
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return; // a new tab
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

  element(".downloads")?.addEventListener("beforetoggle", () => {
    const query = page.query();
    const links = /** @type {NodeListOf<HTMLAnchorElement>} */ (page.root.querySelectorAll("[data-download]"));
    for (const link of links) link.href = page.server.address(link.dataset.download + (query && `?${query}`));
  });

  element("[data-tool=copy]")?.addEventListener("click", async () => {
    page.flush();
    try {
      await navigator.clipboard.writeText(new URL(pageAt(page), document.baseURI).href);
      say("Link copied");
    } catch {
      say("The browser does not let this page copy; the link is in the address bar");
    }
  });

  bindTheme(element("[data-tool=theme]"), page.server.address(""));
}

/** @param {Page} page */
function pageAt(page) {
  const query = page.query();
  return page.server.address(query && `?${query}`);
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

/**
 * What says a short message that goes by itself.
 * @param {HTMLElement | null} toast @param {import("./clock.js").Clock} clock
 */
function createToast(toast, clock) {
  let cancel = () => {};
  return (/** @type {string} */ message) => {
    if (!toast) return;
    toast.textContent = message;
    cancel();
    cancel = clock.later(() => (toast.textContent = ""), 2_500);
  };
}
