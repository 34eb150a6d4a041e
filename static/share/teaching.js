/** What a teacher's link shows, asks for and locks: choices that change the query, and nothing of this page. */

import { namesIn, viewOf } from "../page/naming.js";
import { isLocked, panesOf } from "../state/url.js";

/** So many variables have boxes of their own. */
const MOST = 24;

/**
 * @param {HTMLElement} menu
 * @param {import("../workbench.js").PageStore} store
 * @returns {(query: string) => string} the query as it was chosen; as it is, while nobody chooses
 */
export function createTeaching(menu, { state, subscribe }) {
  const part = /** @type {HTMLDetailsElement | null} */ (menu.querySelector("[data-teaching]"));
  if (!part) return (query) => query;
  const control = (/** @type {string} */ name) =>
    /** @type {HTMLSelectElement} */ (part.querySelector(`[name="teach-${name}"]`));
  const from = /** @type {HTMLOptionElement} */ (part.querySelector("[data-from]"));
  const locks = /** @type {HTMLElement} */ (part.querySelector("[data-of=locks]"));
  const ask = /** @type {HTMLInputElement} */ (part.querySelector('[name="teach-ask"]'));
  const boxes = () => /** @type {HTMLInputElement[]} */ ([...part.querySelectorAll("[data-lock]")]);

  /** Begins with the page as it is. */
  function begin() {
    const [first, second = ""] = panesOf(state);
    control("first").value = first;
    control("second").value = second;
    control("inspector").value = state.inspector;
    // The steps of a figure with closed groups are others than those that are counted in the address.
    from.hidden = !state.graph || state.frame < 0 || state.closed.length > 0;
    if (from.hidden && control("hide").value === "from") control("hide").value = "now";
    for (const box of boxes()) box.checked = box.value === "all" ? state.lock === "all" : isLocked(state, box.value);
  }

  subscribe(["graph", "tensors"], () => {
    const names = (state.graph ?? state.tensors)?.variables ?? [];
    locks.replaceChildren(
      ...names.slice(0, MOST).map((name) => {
        const [label, box] = [document.createElement("label"), document.createElement("input")];
        label.className = "toggle";
        box.type = "checkbox";
        box.value = name;
        box.setAttribute("data-lock", "");
        label.append(box, ` ${name}`);
        return label;
      }),
    );
  });
  // Before the link is made for the first time, and when someone begins to choose.
  part.addEventListener("toggle", () => {
    if (part.open) begin();
    part.dispatchEvent(new Event("input", { bubbles: true }));
  });

  return (query) => (part.open ? changed(query, chosen()) : query);

  /** @returns {Record<string, string>} parameters; an empty text takes one away */
  function chosen() {
    const value = (/** @type {string} */ name) => control(name).value;
    const panes = [...new Set([value("first"), value("second")].filter(Boolean))].join();
    const hide = value("hide") === "from" ? `from:${state.frame}` : value("hide");
    const locked = boxes().flatMap(({ checked, value: name }) => (checked ? [name] : []));
    const hidden = hide === "now" ? state.hide : hide;
    return {
      panes: panes === "graph" ? "" : panes,
      inspector: value("inspector") === "auto" ? "" : value("inspector"),
      ...(hide === "now" ? { names: namesIn({ ...state, panes }, viewOf(state)) } : { hide, ask: "", names: "" }),
      practise: hidden && ask.checked ? "on" : "",
      tab: panes.includes("practice") ? "pane" : "",
      ...(value("frame") === "now" && value("hide") !== "from" ? {} : { frame: frameOf(value("frame")) }),
      lock: locked.includes("all") ? "all" : locked.join(),
    };
  }
}

/** A step that hides nothing is said by no parameter. @param {string} frame */
const frameOf = (frame) => (frame === "0" ? "0" : "");

/**
 * A query with these parameters in place of its own.
 * @param {string} query @param {Readonly<Record<string, string>>} parameters
 */
export function changed(query, parameters) {
  const kept = query.split("&").filter((pair) => pair && !(pair.split("=")[0] in parameters));
  const own = Object.entries(parameters).filter(([, value]) => value !== "");
  return [
    ...kept,
    ...own.map(([name, value]) => `${name}=${encodeURIComponent(value).replace(/%2C/g, ",").replace(/%3A/g, ":")}`),
  ].join("&");
}
