/** The form's controls beside the sliders: each shows its part of the state, and changes it. */

import { attribute } from "./dom.js";
import { isOpen, number, opened, plain, withPanel } from "../state/url.js";

/** @typedef {import("../workbench.js").PageStore} PageStore */

/** What of the page's look is marked on the form, by its panel. */
const MARKS = /** @type {const} */ ([
  ["sides", "data-sides"],
  ["heat", "data-heated"],
]);

/** The address takes greater numbers for no seed. */
const MOST_SEEDS = 1_000_000;

/** @param {HTMLFormElement} form @param {PageStore} store */
export function bindControls(form, store) {
  form.addEventListener("submit", (event) => event.preventDefault());
  bindRadios(form, store);
  bindSeed(form, store);
  bindDigits(form, store);
  bindPanels(form, store);
  bindSubject(form, store);
  form.addEventListener("click", (event) => {
    const button = event.target instanceof Element ? event.target.closest("button[data-open]") : null;
    if (!(button instanceof HTMLButtonElement)) return;
    event.preventDefault();
    const groups = store.state.open.split(",").filter((id) => id.includes("~"));
    store.change({ open: [...opened(button.value).split(","), ...groups].filter(Boolean).join() });
  });
}

/** View, direction. @param {HTMLFormElement} form @param {PageStore} store */
function bindRadios(form, store) {
  for (const name of /** @type {const} */ (["view", "dir"])) {
    const radios = /** @type {HTMLInputElement[]} */ ([...form.querySelectorAll(`input[name="${name}"]`)]);
    store.subscribe([name], (state) => {
      for (const radio of radios) radio.checked = radio.value === state[name];
    });
    for (const radio of radios) {
      radio.addEventListener("change", () => {
        // Other nodes have the ids of the opened ones in another view.
        const { open, shut } = store.state;
        const kept = { open: open === "all" ? open : "", shut: shut === "all" ? shut : "" };
        store.change({ [name]: radio.value, ...(name === "view" ? kept : {}) });
      });
    }
  }
}

/** The upstream gradient. @param {HTMLFormElement} form @param {PageStore} store */
function bindSeed(form, store) {
  store.subscribe(["seed"], (state) => attribute(form, "data-seeded", state.seed === 1 ? null : ""));
  const seed = /** @type {HTMLInputElement | null} */ (form.querySelector("input[name=seed]:not([type=hidden])"));
  if (!seed) return;
  store.subscribe(["seed"], (state) => {
    if (!Object.is(number(seed.value), state.seed)) seed.value = plain(state.seed);
  });
  seed.addEventListener("input", () => {
    const typed = number(seed.value);
    if (typed !== undefined) store.change({ seed: typed }); // else it is being typed
  });
  seed.addEventListener("change", () => {
    if (number(seed.value) === undefined) seed.value = plain(store.state.seed);
  });
}

/** How many digits numbers have. @param {HTMLFormElement} form @param {PageStore} store */
function bindDigits(form, store) {
  const select = /** @type {HTMLSelectElement | null} */ (form.querySelector("select[name=digits]"));
  store.subscribe(["digits"], ({ digits }) => {
    if (select) select.value = digits;
  });
  select?.addEventListener("change", () => store.change({ digits: select.value }));
}

/** Explanations that open, and switches of the page's look. @param {HTMLFormElement} form @param {PageStore} store */
function bindPanels(form, store) {
  const set = (/** @type {string} */ panel, /** @type {boolean} */ open) =>
    store.change({ panels: withPanel(store.state, panel, open) });

  store.subscribe(["panels", "graph"], (state) => {
    for (const [panel, name] of MARKS) attribute(form, name, isOpen(state, panel) ? "" : null);
    for (const toggle of /** @type {NodeListOf<HTMLInputElement>} */ (form.querySelectorAll("[data-toggle]"))) {
      toggle.checked = isOpen(state, toggle.dataset.toggle ?? "");
    }
    for (const panel of /** @type {NodeListOf<HTMLDetailsElement>} */ (form.querySelectorAll("[data-panel]"))) {
      panel.open = isOpen(state, panel.dataset.panel ?? "");
    }
  });
  form.addEventListener("change", ({ target }) => {
    if (target instanceof HTMLInputElement && target.dataset.toggle) set(target.dataset.toggle, target.checked);
  });
  form.addEventListener(
    "toggle",
    ({ target }) => {
      if (target instanceof HTMLDetailsElement && target.dataset.panel) set(target.dataset.panel, target.open);
    },
    true,
  );
}

/**
 * What is explained, by how much it is nudged, and a tensor in which direction.
 * @param {HTMLFormElement} form @param {PageStore} store
 */
function bindSubject(form, store) {
  form.addEventListener("input", ({ target }) => {
    if (target instanceof HTMLSelectElement && target.name === "about") store.change({ about: target.value });
    if (target instanceof HTMLSelectElement && target.name === "along") store.change({ along: target.value });
    const typed = target instanceof HTMLInputElement ? number(target.value) : undefined;
    if (typed === undefined || !Number.isFinite(typed)) return;
    const { name } = /** @type {HTMLInputElement} */ (target);
    if (name === "h") store.change({ h: typed });
    if (name === "drawn" && isSeed(typed)) store.change({ drawn: typed });
  });
  form.addEventListener("click", ({ target }) => {
    if (target instanceof Element && target.closest("[data-draw]")) store.change({ drawn: store.state.drawn + 1 });
  });
  store.subscribe(["along", "drawn", "h"], (state) => {
    const drawn = /** @type {HTMLElement | null} */ (form.querySelector("[data-part=drawn]"));
    if (drawn) drawn.hidden = state.along !== "random";
    for (const name of /** @type {const} */ (["along", "drawn", "h"])) {
      const field = form.querySelector(`[data-panel=nudge] [name=${name}]`);
      const differs = field instanceof HTMLInputElement && number(field.value) !== state[name];
      if (differs || field instanceof HTMLSelectElement) field.value = String(state[name]);
    }
  });
}

/** @param {number} typed */
const isSeed = (typed) => Number.isInteger(typed) && typed >= 0 && typed <= MOST_SEEDS;
