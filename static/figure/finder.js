/** Finds nodes in the figure: a field above it, Enter goes from one to the next. */

import { say } from "../page/dom.js";
import { entryOf, hitsOf } from "./find.js";

/**
 * @param {HTMLElement} root
 * @param {import("../workbench.js").PageStore} store
 * @param {object} page
 * @param {(id: string) => void} page.choose
 * @param {(id: string) => void} page.bring brings a node into sight; nothing, and none is any more
 */
export function createFinder(root, store, { choose, bring }) {
  const box = /** @type {HTMLElement | null} */ (root.querySelector(".find"));
  if (!box) return { show: () => {} };
  const viewport = /** @type {HTMLElement} */ (root.querySelector(".graph > .viewport"));
  const field = /** @type {HTMLInputElement} */ (box.querySelector("input"));
  const found = /** @type {HTMLElement} */ (box.querySelector("[role=status]"));
  /** @type {string[]} */
  let hits = [];
  let at = -1;

  function look() {
    hits = hitsOf(entries(), field.value);
    at = -1;
    bring("");
    tell();
  }

  function entries() {
    const rows = new Map(
      [...root.querySelectorAll("[data-fragment=nodes] [data-row]")].map((row) => [
        row.getAttribute("data-row"),
        row.querySelector("th > button")?.textContent ?? "",
      ]),
    );
    return (store.state.graph?.nodes ?? []).map((node) =>
      entryOf(node, rows.get(node.id) ?? `${node.id}=${node.op}(${node.args.join()})`),
    );
  }

  function tell() {
    if (!field.value.trim()) say(found, "");
    else if (!hits.length) say(found, "nothing found");
    else say(found, at < 0 ? `${hits.length} found` : `${at + 1} of ${hits.length}`);
  }

  /** @param {1 | -1} way */
  function go(way) {
    if (!hits.length) return;
    at = at < 0 ? (way > 0 ? 0 : hits.length - 1) : (at + way + hits.length) % hits.length;
    tell();
    choose(hits[at]);
    bring(hits[at]);
  }

  function show() {
    /** @type {HTMLElement} */ (box).hidden = false;
    field.focus();
    field.select();
    look();
  }

  function hide() {
    /** @type {HTMLElement} */ (box).hidden = true;
    bring("");
    viewport.focus();
  }

  store.subscribe(["graph"], () => {
    if (!box.hidden) look();
  });
  field.addEventListener("input", (event) => {
    event.stopPropagation(); // no part of the state
    look();
  });
  box.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.target === field) go(event.shiftKey ? -1 : 1);
    else if (event.key === "Escape") hide();
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  root.addEventListener("click", ({ target }) => {
    const act = target instanceof Element ? target.closest("[data-find]")?.getAttribute("data-find") : null;
    if (act === "open") show();
    if (act === "close") hide();
    if (act === "next") go(1);
    if (act === "back") go(-1);
  });
  return { show };
}
