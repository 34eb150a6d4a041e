/** Finds nodes in the figure: a field above it, Enter goes from one to the next. */

import { say } from "../page/dom.js";
import { entryOf, hitsOf } from "./find.js";
import { opening } from "./groups.js";

/**
 * @param {HTMLElement} root
 * @param {import("../workbench.js").PageStore} store
 * @param {object} page
 * @param {(patch: Partial<import("../state/url.js").State>, around: string) => void} page.open opens a group
 * @param {(id: string) => void} page.choose
 * @param {(element: Element) => void} page.approach brings an element of the figure into sight, at a size to be read
 */
export function createFinder(root, store, { open, choose, approach }) {
  const box = /** @type {HTMLElement | null} */ (root.querySelector(".find"));
  if (!box) return { show: () => {} };
  const viewport = /** @type {HTMLElement} */ (root.querySelector(".viewport"));
  const field = /** @type {HTMLInputElement} */ (box.querySelector("input"));
  const found = /** @type {HTMLElement} */ (box.querySelector("[role=status]"));
  /** @type {string[]} */
  let hits = [];
  let at = -1;
  /** The node that is on its way into sight, while the groups around it are opened. */
  let wanted = "";

  function look() {
    hits = hitsOf(entries(), field.value);
    at = -1;
    wanted = "";
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
    wanted = hits[at];
    choose(wanted);
    bring();
  }

  /** Brings the node into sight, or opens the group that it is in: then it goes on when that has come. */
  function bring() {
    if (!wanted) return;
    const node = root.querySelector(`.sheet [data-node="${CSS.escape(wanted)}"]:not([data-group])`);
    const around = node ? undefined : groupAround(wanted);
    if (around) return open(opening(store.state, around), around.split("~")[0]);
    const shown = node ?? root.querySelector(`.sheet [data-node="${CSS.escape(wanted)}"]`);
    wanted = "";
    if (shown) approach(shown);
  }

  /** The closed group that a node is in. @param {string} id */
  function groupAround(id) {
    const position = store.state.graph?.nodes.findIndex((node) => node.id === id) ?? -1;
    return store.state.closed.find(({ nodes }) => nodes.includes(position))?.id;
  }

  function show() {
    /** @type {HTMLElement} */ (box).hidden = false;
    field.focus();
    field.select();
    look();
  }

  function hide() {
    /** @type {HTMLElement} */ (box).hidden = true;
    wanted = "";
    viewport.focus();
  }

  store.subscribe(["graph"], () => {
    if (!box.hidden) look();
  });
  store.subscribe(["closed"], bring);
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
