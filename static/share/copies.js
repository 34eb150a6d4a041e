/** The figure for another document: choices with a preview, files, and the clipboard. */

/**
 * @typedef {object} Page what it needs of the page
 * @property {HTMLElement} root
 * @property {import("../page/services.js").Server} server
 * @property {import("../page/clock.js").Clock} clock
 * @property {() => string} query
 * @property {(message: string) => void} say
 */

/** A keystroke waits this long for the next one, in milliseconds. */
const PAUSE = 200;
const REFUSED = "The browser does not let this page copy; the files can be downloaded";

/** @param {Page} page */
export function createCopies({ root, server, clock, query, say }) {
  const menu = /** @type {HTMLElement | null} */ (root.querySelector(".downloads"));
  const form = /** @type {HTMLFormElement | null} */ (menu?.querySelector("[data-copies]"));
  if (!menu || !form) return;
  const preview = /** @type {HTMLImageElement} */ (menu.querySelector("[data-preview]"));
  const problem = /** @type {HTMLElement} */ (menu.querySelector("[data-copy-problem]"));
  const links = /** @type {NodeListOf<HTMLAnchorElement>} */ (menu.querySelectorAll("[data-download]"));
  let cancel = () => {};
  let shown = 0;

  const addressOf = (/** @type {string} */ file) => {
    const asked = copyQuery(query(), new FormData(form));
    return file + (asked && `?${asked}`);
  };

  /** The file, or the reason why there is none. @param {string} file */
  async function ask(file) {
    const reply = await server.fetch(addressOf(file));
    if (reply.ok) return reply;
    const { error } = await reply.json();
    throw new Refusal(error.message);
  }

  /** What went wrong last with the preview and with a copy: the one says nothing of the other. */
  const faults = /** @type {Record<"preview" | "copy", unknown>} */ ({ preview: null, copy: null });

  /** @param {keyof typeof faults} of @param {unknown} fault */
  function tell(of, fault) {
    faults[of] = fault;
    const told = faults.copy ?? faults.preview;
    problem.textContent = told instanceof Refusal ? told.message : told ? "The server can’t be reached." : "";
    problem.hidden = !told;
  }

  async function show() {
    for (const link of links) link.href = server.address(addressOf(link.dataset.download ?? ""));
    const own = ++shown;
    try {
      const svg = await (await ask("graph.svg")).text();
      if (own !== shown) return;
      preview.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
      tell("preview", null);
    } catch (fault) {
      if (own === shown) tell("preview", fault);
    }
  }

  /** @type {Record<string, () => Promise<void>>} */
  const copies = {
    async svg() {
      const text = await (await ask("graph.svg")).text();
      await navigator.clipboard.writeText(text);
    },
    async png() {
      const picture = ask("graph.png").then((reply) => reply.blob());
      picture.catch(() => {}); // the clipboard tells it, too
      // The browser wants to be asked at once, while the picture is still on its way.
      await navigator.clipboard.write([new ClipboardItem({ "image/png": picture })]).catch(async (fault) => {
        await picture; // a refusal of the server's says more
        throw fault;
      });
    },
  };

  menu.addEventListener("beforetoggle", (event) => {
    if (/** @type {ToggleEvent} */ (event).newState !== "open") return;
    const frame = new URLSearchParams(query()).get("frame");
    /** @type {HTMLInputElement} */ (form.elements.namedItem("frame")).value = frame ?? "";
    tell("copy", null);
    void show();
  });
  form.addEventListener("input", () => {
    tell("copy", null); // it was of the choices before
    cancel();
    cancel = clock.later(show, PAUSE);
  });
  form.addEventListener("submit", (event) => event.preventDefault());
  menu.addEventListener("click", async ({ target }) => {
    const kind = target instanceof Element ? target.closest("[data-copy]")?.getAttribute("data-copy") : null;
    if (!kind) return;
    try {
      await copies[kind]();
      tell("copy", null);
      say(`Copied as ${kind.toUpperCase()}`);
    } catch (fault) {
      if (fault instanceof Refusal) tell("copy", fault);
      else say(REFUSED);
    }
  });
}

/** What the server says of a figure that it does not make. */
class Refusal extends Error {}

/**
 * The query of a copy: the state's, with what is chosen for the copy and is not as usual.
 * @param {string} query @param {FormData} chosen
 */
export function copyQuery(query, chosen) {
  const kept = query.split("&").filter((pair) => pair && !pair.startsWith("frame="));
  const own = [...chosen].filter(([name, value]) => value !== "" && !(name === "theme" && value === "auto"));
  return [...kept, ...own.map(([name, value]) => `${name}=${encodeURIComponent(String(value))}`)].join("&");
}
