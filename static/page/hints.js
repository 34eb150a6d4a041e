/** Hints of a first visit, each at what it speaks of: gone for good once that was used, or put away. */

const NAME = "used";

/**
 * @param {HTMLElement} root
 * @param {import("../workbench.js").PageStore} store
 * @param {import("./services.js").Services} services
 */
export function createHints(root, store, { clock, place: { settings } }) {
  /** @type {Set<string> | null} */
  let known = null;
  const used = () => (known ??= new Set(settings.read(NAME).split(" ").filter(Boolean)));
  const hints = /** @type {HTMLElement[]} */ ([...root.querySelectorAll("[data-hint]")]);

  function show() {
    const of = store.state.graph;
    for (const hint of hints) hint.hidden = used().has(hint.dataset.hint ?? "") || !of || of.variables.length === 0;
  }

  /** @param {string} hint */
  function use(hint) {
    if (used().has(hint)) return;
    used().add(hint);
    settings.write(NAME, [...used()].join(" "));
    show();
  }

  let begun = false;
  store.subscribe(["at", "frame", "about"], (_, changed) => {
    if (begun && changed.has("at")) use("slide");
    if (begun && changed.has("frame")) use("play");
    if (begun && changed.has("about")) use("click");
    begun = true;
  });
  root.addEventListener("click", ({ target }) => {
    const hint = target instanceof Element && target.closest("[data-used]") ? target.closest("[data-hint]") : null;
    if (hint instanceof HTMLElement) use(hint.dataset.hint ?? "");
  });
  // A browser may fetch what it remembers from a disk, and all waits: not while the page comes alive.
  clock.later(() => store.subscribe(["graph"], show), 0);
}

/** Shows the examples that have what is looked for. @param {HTMLElement} root */
export function bindExamples(root) {
  const menu = root.querySelector(".menu.examples");
  menu?.addEventListener("input", ({ target }) => {
    const wanted = target instanceof HTMLInputElement ? target.value.trim().toLowerCase() : "";
    for (const section of /** @type {NodeListOf<HTMLElement>} */ (menu.querySelectorAll("section"))) {
      const rows = /** @type {HTMLElement[]} */ ([...section.querySelectorAll("li")]);
      for (const row of rows) row.hidden = !(row.textContent ?? "").toLowerCase().includes(wanted);
      section.hidden = rows.every((row) => row.hidden);
    }
  });
}
