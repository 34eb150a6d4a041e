/** The tools at the top: examples, link, downloads, colours. */

/**
 * @typedef {object} Page what the tools need of it
 * @property {() => string} query
 * @property {(query: string) => void} open
 * @property {() => void} flush writes the address
 */

/** @param {Page} page */
export function createTools(page) {
  const examples = element("examples");
  examples.addEventListener("click", (event) => {
    const link = event.target instanceof Element ? event.target.closest("a") : null;
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return; // a new tab
    event.preventDefault();
    examples.hidePopover();
    page.open(link.search);
  });

  element("downloads").addEventListener("beforetoggle", () => {
    const query = page.query();
    const links = /** @type {NodeListOf<HTMLAnchorElement>} */ (document.querySelectorAll("[data-download]"));
    for (const link of links) link.href = link.dataset.download + (query && `?${query}`);
  });

  element("copy").addEventListener("click", async () => {
    page.flush();
    try {
      await navigator.clipboard.writeText(location.href);
      say("Link copied");
    } catch {
      say("The browser does not let this page copy; the link is in the address bar");
    }
  });

  const theme = element("theme");
  theme.setAttribute("aria-pressed", String(isDark()));
  theme.addEventListener("click", () => {
    const next = isDark() ? "light" : "dark";
    document.documentElement.dataset.theme = next;
    // The server reads it: the next page comes in the right colours from the start.
    document.cookie = `theme=${next}; path=/; max-age=31536000; samesite=lax`;
    theme.setAttribute("aria-pressed", String(next === "dark"));
  });
}

function isDark() {
  const chosen = document.documentElement.dataset.theme;
  return chosen ? chosen === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
}

let quiet = 0;

/** A short message that goes by itself. @param {string} message */
function say(message) {
  const toast = element("toast");
  toast.textContent = message;
  clearTimeout(quiet);
  quiet = window.setTimeout(() => (toast.textContent = ""), 2_500);
}

/** @param {string} id */
function element(id) {
  return /** @type {HTMLElement} */ (document.getElementById(id));
}
