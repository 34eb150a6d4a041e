/** The builder: layers and choices become a program, which the page then opens. */

import { cellsOf, shapeOf } from "../descent/cells.js";
import { written } from "../page/cells.js";
import { plain, valueOf as numberOf } from "../state/url.js";
import { PARAMETERS } from "../state/table.js";
import { parameters } from "./sizes.js";

/** The program that stands there at first: nobody wrote it. */
const USUAL = PARAMETERS.find(({ name }) => name === "expr")?.otherwise;

const NAME = /[\p{L}_][\p{L}\p{N}_]*/gu;

/** @typedef {import("../workbench.js").Page} Page */

/** @param {HTMLElement} root the builder's element @param {Page} page */
export function createBuilder(root, page) {
  const layers = part(root, "[data-layers]");
  const [fault, asks] = [part(root, "[data-fault]"), part(root, "[data-asks]")];
  // Added layers are copies of the hidden one that the template holds.
  const hidden = /** @type {HTMLElement} */ (part(layers, '[data-kind="hidden"]').cloneNode(true));
  /** @param {string} name */
  const control = (name) => part(root, `[data-build="${name}"]`);
  /** What the network that is there was asked for. */
  let standing = "";
  /** How its weights were to be drawn then. */
  let drawn = "";
  count();
  // The browser opens it by itself, which may have been before this module came.
  if (root.matches(":popover-open")) follow();
  /** @type {HTMLButtonElement} */ (part(root, "[data-make]")).disabled = false;

  // It opens on the network that is there, so that one thing of it can be changed.
  root.addEventListener("beforetoggle", (event) => {
    if (/** @type {ToggleEvent} */ (event).newState === "open") follow();
  });
  /** Shows the network that is there. */
  function follow() {
    const there = page.form.querySelector("[data-architecture]")?.getAttribute("data-architecture") ?? "";
    asks.hidden = true;
    if (there !== standing && there) write(new URLSearchParams(there));
    standing = there;
    drawn = start();
    part(root, "[data-title]").textContent = there ? "Change this network" : "Build a network";
    part(root, "[data-make]").textContent = there ? "Change it" : "Build";
    count();
  }

  root.addEventListener("click", (event) => {
    const button = event.target instanceof Element ? event.target.closest("button") : null;
    if (button?.hasAttribute("data-add")) part(insert(), "input").focus();
    else if (button?.hasAttribute("data-remove")) button.closest("li")?.remove();
    else if (button?.hasAttribute("data-make")) ask();
    else if (button?.hasAttribute("data-replace")) void make();
    count();
  });
  root.addEventListener("input", ({ target }) => {
    if (target instanceof HTMLSelectElement && target.dataset.build === "preset") {
      if (target.value) write(new URLSearchParams(target.value));
      drawn = ""; // it starts as it is made for
    } else choose("preset", "");
    count();
  });
  // Enter would press the form's first button.
  root.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !(event.target instanceof HTMLInputElement)) return;
    event.preventDefault();
    ask();
  });

  /** One more hidden layer, before the outputs. */
  function insert() {
    const made = /** @type {HTMLElement} */ (hidden.cloneNode(true));
    layers.insertBefore(made, part(layers, '[data-kind="output"]'));
    return made;
  }

  /** What is chosen, as the server asks for it. */
  function read() {
    const sizes = [...layers.querySelectorAll('[data-layer="size"]')].map(valueOf);
    const functions = [...layers.querySelectorAll('[data-layer="activation"]')].map(valueOf);
    return new URLSearchParams({
      sizes: sizes.join("-"),
      activation: functions.slice(0, -1).join(","),
      output: functions.at(-1) ?? "",
      loss: valueOf(control("loss")),
      bias: /** @type {HTMLInputElement} */ (control("bias")).checked ? "yes" : "no",
      init: valueOf(control("init")),
      seed: valueOf(control("seed")),
      form: valueOf(control("form")),
    });
  }

  /** The numbers of the network that is there, which a change of it keeps; none that are to be drawn anew. */
  function present() {
    const { state } = page.store;
    if (!standing || drawn !== start()) return [];
    if (state.graph) return state.graph.variables.map((name) => [`at.${name}`, plain(numberOf(state, name))]);
    const tensors = state.tensors?.variables.filter((name) => shapeOf(state, name).length) ?? [];
    return tensors.map((name) => {
      const cells = state.moved.get(name) ?? cellsOf(state, name) ?? [];
      return [`at.${name}`, written(Array.from(cells), shapeOf(state, name))];
    });
  }

  /** Shows what a preset asks for. @param {URLSearchParams} query */
  function write(query) {
    const sizes = (query.get("sizes") ?? "").split("-");
    const functions = (query.get("activation") ?? "").split(",").filter(Boolean);
    for (const row of layers.querySelectorAll('[data-kind="hidden"]')) row.remove();
    sizes.slice(1, -1).forEach((size, at) => {
      const made = insert();
      set(part(made, "input"), size);
      set(part(made, "select"), functions[at] ?? functions[0]);
    });
    set(part(layers, '[data-kind="input"] input'), sizes[0]);
    set(part(layers, '[data-kind="output"] input'), sizes.at(-1));
    set(part(layers, '[data-kind="output"] select'), query.get("output") ?? "");
    for (const name of ["loss", "init", "seed", "form"]) choose(name, query.get(name));
    /** @type {HTMLInputElement} */ (control("bias")).checked = query.get("bias") !== "no";
  }

  /** How many numbers there are to learn. */
  function count() {
    const sizes = [...layers.querySelectorAll('[data-layer="size"]')].map((box) => Number(valueOf(box)));
    const learned = parameters(sizes, /** @type {HTMLInputElement} */ (control("bias")).checked);
    part(root, "[data-count]").textContent = `${learned} ${learned === 1 ? "parameter" : "parameters"}`;
  }

  /** Builds, unless that would replace what someone wrote: then it asks first. */
  function ask() {
    const { expr } = page.store.state;
    const own = page.form.querySelector("[data-built]") !== null || expr.trim() === "" || expr === USUAL;
    asks.hidden = own;
    if (own) void make();
  }

  /** How weights are drawn. */
  function start() {
    return [valueOf(control("init")), valueOf(control("seed"))].join();
  }

  /**
   * The query with the numbers of what was there before, but not what is to be drawn anew.
   * @param {{query: string, initial: Record<string, number>}} answer
   */
  function kept({ query, initial }) {
    const { state } = page.store;
    const built = new URLSearchParams(query);
    if (!standing) return query;
    const anew = drawn === start() ? {} : initial;
    const named = new Set((built.get("expr") ?? "").match(NAME));
    for (const name of state.graph?.variables ?? []) {
      if (named.has(name) && !(name in anew)) built.set(`at.${name}`, plain(numberOf(state, name)));
    }
    return String(built);
  }

  async function make() {
    tell("");
    asks.hidden = true;
    try {
      const body = new URLSearchParams([...read(), ...present()]);
      const response = await page.server.fetch("api/network", { method: "POST", body });
      const answer = await response.json();
      if (response.ok) {
        root.hidePopover();
        page.open(kept(answer));
      } else tell(answer.error.message);
    } catch {
      tell("The server can't be reached. What you chose is kept.");
    }
  }

  /** @param {string} message */
  function tell(message) {
    fault.textContent = message;
    fault.hidden = !message;
  }

  /** @param {string} name @param {string | null} value */
  function choose(name, value) {
    if (value !== null) set(control(name), value);
  }
}

/** @param {ParentNode} root @param {string} selector */
const part = (root, selector) => /** @type {HTMLElement} */ (root.querySelector(selector));

/** @param {Element} element */
const valueOf = (element) => /** @type {HTMLInputElement | HTMLSelectElement} */ (element).value;

/** @param {Element} element @param {string | undefined} value */
function set(element, value) {
  /** @type {HTMLInputElement | HTMLSelectElement} */ (element).value = value ?? "";
}
