/** The middle of the page: one pane or two, what stands in them, their widths; and the inspector beside them. */

import { bindDivider } from "./divider.js";
import { attribute, say } from "./dom.js";
import { figureOf, hasBoth, panesOf, shows } from "../state/url.js";

/**
 * @typedef {import("../workbench.js").PageStore} PageStore
 * @typedef {Readonly<import("../state/url.js").State>} State
 */

const [NARROWEST, WIDEST] = [20, 80]; // of the first of two panes, in percent
const NOTCH = 5; // of the divider, by the keyboard
const INSPECTOR = /** @type {const} */ ([240, 720]); // pixels, as in the template

/** What comes beside a pane that stands alone. @type {Readonly<Record<string, string>>} */
const BESIDE = { graph: "plot", network: "training", training: "network" };

/**
 * What changes when a pane is to show something else: where that stands already, the two change places.
 * @param {State} state @param {string} old @param {string} chosen
 */
function exchanged(state, old, chosen) {
  return panesOf(state)
    .map((name) => (name === old ? chosen : name === chosen ? old : name))
    .join();
}

/** Whether the inspector is open. @param {State} state */
export const inspects = (state) =>
  state.inspector === "open" || (state.inspector === "auto" && panesOf(state).length === 1);

/** The panes with the graph among them: in the place of a network, else of the first. @param {State} state */
export function withGraph(state) {
  if (shows(state, "graph")) return state.panes;
  return exchanged(state, shows(state, "network") ? "network" : panesOf(state)[0], "graph");
}

/** What a small screen shows below the figure: what was asked for beside it, if nobody chose. @param {State} state */
function tabOf({ tab, panes, about }) {
  const two = panes.includes(",");
  if (tab === "auto") return about ? "explain" : two ? "pane" : "variables";
  return two || tab !== "pane" ? tab : "variables";
}

/** @param {HTMLElement} root @param {HTMLFormElement} form @param {PageStore} store */
export function createPanes(root, form, store) {
  const { state } = store;
  const all = /** @type {HTMLElement[]} */ ([...form.querySelectorAll(".panes > .pane")]);
  const divider = /** @type {HTMLElement} */ (form.querySelector(".panes > .divider"));
  const fold = /** @type {HTMLElement | null} */ (form.querySelector(".inspector-fold"));

  /** @param {string} name */
  const paneOf = (name) => /** @type {HTMLElement} */ (all.find((pane) => pane.dataset.pane === name));
  const figure = /** @type {HTMLElement} */ (form.querySelector(".panes > .graph"));
  const beside = /** @type {HTMLElement} */ (form.querySelector(".panes > .beside"));

  store.subscribe(["panes"], () => {
    const names = panesOf(state);
    figure.dataset.pane = figureOf(state);
    beside.dataset.pane = hasBoth(state) ? "network" : "beside";
    const [first, second] = names.map(paneOf);
    for (const pane of all) {
      pane.hidden = pane !== first && pane !== second;
      attribute(pane, "data-slot", pane.hidden ? null : pane === first ? 1 : 2);
    }
    for (const name of names) {
      const title = /** @type {HTMLSelectElement | null} */ (paneOf(name).querySelector("[data-pane-choice]"));
      if (title) title.value = name;
    }
    // They stand in the document as they are seen, so that the keyboard goes through them in that order.
    if (divider.previousElementSibling !== first) divider.before(first);
    if (second && divider.nextElementSibling !== second) divider.after(second);
    host(form, state);
    explain(form, hasBoth(state) ? beside : figure);
    attribute(form, "data-panes", names.length);
  });
  store.subscribe(["panes", "inspector"], () => {
    attribute(form, "data-inspector", inspects(state) ? "open" : "shut");
    attribute(fold, "aria-expanded", String(inspects(state)));
  });
  store.subscribe(["panes", "full"], () => {
    const full = shows(state, state.full) ? state.full : null;
    attribute(form, "data-full", full);
    for (const pane of all) {
      const isFull = pane.dataset.pane === full && !pane.hidden;
      pane.toggleAttribute("data-alone", isFull);
      attribute(pane.querySelector("[data-pane-act=full]"), "aria-pressed", String(isFull));
    }
  });
  const tabs = /** @type {HTMLElement[]} */ ([...form.querySelectorAll("button[data-tab]")]);
  store.subscribe(["panes", "tab", "about"], () => {
    const second = panesOf(state)[1];
    const open = tabOf(state);
    attribute(form, "data-tab", open);
    for (const tab of tabs) {
      attribute(tab, "aria-pressed", String(tab.dataset.tab === open));
      if (tab.dataset.tab !== "pane") continue;
      tab.hidden = !second;
      say(tab, second ? second[0].toUpperCase() + second.slice(1) : "");
    }
  });

  /** What is practised comes beside the figure, or goes. */
  function togglePractice() {
    const shown = figureOf(state);
    const panes = shows(state, "practice") ? shown : `${shown},practice`;
    store.change({ panes, inspector: "auto", tab: "pane", full: "none" });
  }

  /** @param {string} name */
  const toggleFull = (name) => store.change({ full: state.full === name ? "none" : name });

  /** What a pane's buttons do. @type {Record<string, (name: string) => void>} */
  const acts = {
    split: (name) => store.change({ panes: [name, BESIDE[name] ?? "graph"].join(), inspector: "auto", tab: "pane" }),
    close: (name) => {
      const others = panesOf(state).filter((one) => one !== name);
      if (others.length) store.change({ panes: others.join(), inspector: "auto" });
    },
    full: toggleFull,
  };

  form.addEventListener("click", ({ target }) => {
    if (!(target instanceof Element)) return;
    const tab = target.closest("button[data-tab]")?.getAttribute("data-tab");
    if (tab) store.change({ tab });
    if (fold?.contains(target)) store.change({ inspector: inspects(state) ? "shut" : "open" });
    const act = target.closest("[data-pane-act]")?.getAttribute("data-pane-act");
    if (act) acts[act](nameAround(target));
  });
  form.addEventListener("change", ({ target }) => {
    if (!(target instanceof HTMLSelectElement) || !target.matches("[data-pane-choice]")) return;
    const old = nameAround(target);
    store.change({ panes: exchanged(state, old, target.value), full: "none" });
    const pane = paneOf(target.value);
    /** @type {HTMLElement | null} */ (pane.querySelector("[data-pane-choice]"))?.focus();
  });
  form.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !event.defaultPrevented) leave(event);
  });

  /** Escape gives back what covers something else. @param {KeyboardEvent} event */
  function leave(event) {
    if (form.querySelector(":popover-open") || state.present === "on") return;
    if (state.full !== "none") store.change({ full: "none" });
    else if (panesOf(state).length > 1 && inspects(state) && form.querySelector(".inspector:focus-within")) {
      store.change({ inspector: "shut" });
      fold?.focus();
    } else return;
    event.preventDefault();
  }

  const edge = /** @type {HTMLElement | null} */ (form.querySelector(".inspector-edge"));
  if (edge) bindWidth(form, edge, store);
  const middle = bindDivider(divider, {
    ...{ ends: [NARROWEST, WIDEST], notch: NOTCH, right: 1, usual: 50 },
    at(x) {
      const { left, width } = /** @type {HTMLElement} */ (divider.parentElement).getBoundingClientRect();
      return (100 * (x - left)) / width;
    },
    now: () => inside(state.split),
    change: (split) => store.change({ split }),
  });
  root.addEventListener("click", ({ target }) => {
    if (target instanceof Element && target.closest("[data-tool=practise]")) togglePractice();
  });
  const practising = root.querySelectorAll("[data-tool=practise]");
  store.subscribe(["panes"], (state) => {
    for (const button of practising) attribute(button, "aria-pressed", String(shows(state, "practice")));
  });
  store.subscribe(["split"], () => {
    form.style.setProperty("--split", `${inside(state.split)}%`);
    middle.show(inside(state.split));
  });
  return {
    /** The pane that is used, or else the first one, gets all of the window, or gives it back. */
    toggleFull() {
      const used = document.activeElement?.closest(".pane:not([hidden])")?.getAttribute("data-pane");
      toggleFull(state.full !== "none" ? state.full : (used ?? panesOf(state)[0]));
    },
  };
}

/** @param {Element} element */
const nameAround = (element) => element.closest(".pane")?.getAttribute("data-pane") ?? "";

/** @param {number} split */
const inside = (split) => Math.min(Math.max(split, NARROWEST), WIDEST);

/**
 * The descent runs beside the training, or under the plot while there is none.
 * @param {HTMLElement} form @param {State} state
 */
function host(form, state) {
  const running = form.querySelector("[data-part=running]");
  if (!running) return;
  const body = form.querySelector(`[data-pane="${shows(state, "training") ? "training" : "plot"}"] > .pane-body`);
  if (body && running.parentElement !== body) body.append(running);
}

/** What is said of a network's picture stands where that is. @param {HTMLElement} form @param {HTMLElement} pane */
function explain(form, pane) {
  const viewport = /** @type {HTMLElement} */ (pane.querySelector(":scope > .viewport"));
  const [note, words] = ["[data-fragment=network_note]", ".wire-words"].map((part) => form.querySelector(part));
  if (note && note.parentElement !== pane) viewport.before(note);
  if (words && words.parentElement !== pane) viewport.after(words);
}

/**
 * The inspector is as wide as its edge is drawn.
 * @param {HTMLElement} form @param {HTMLElement} edge @param {PageStore} store
 */
function bindWidth(form, edge, store) {
  const width = () => edge.parentElement?.getBoundingClientRect().width ?? 0;
  const { show } = bindDivider(edge, {
    ...{ ends: INSPECTOR, notch: 20, right: -1, usual: 0 },
    at: (x) => form.getBoundingClientRect().right - x,
    now: width,
    change: (aside) => store.change({ aside }),
  });
  store.subscribe(["aside", "panes", "inspector"], ({ aside }) => {
    if (aside) form.style.setProperty("--inspector", `${Math.min(Math.max(aside, INSPECTOR[0]), INSPECTOR[1])}px`);
    else form.style.removeProperty("--inspector");
  });
  // Asked in the middle of a change, its width would have the page laid out once more.
  if (edge.parentElement) new ResizeObserver(() => show(Math.round(width()))).observe(edge.parentElement);
}
