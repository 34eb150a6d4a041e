/** Groups in a page that is a file: the figures that they lead to travel in it, as many as there was room for. */

import { closing, opening, readClosed } from "../figure/groups.js";
import { swap } from "../page/fragments.js";
import { suffixIds } from "../page/ids.js";

/**
 * @typedef {import("../state/url.js").State} State
 *
 * @typedef {object} Drawing a figure, and what it is asked for by
 * @property {string} open
 * @property {string} shut
 * @property {string[]} others that give the same: `open|shut`
 * @property {HTMLTemplateElement} markup
 */

/** @param {Pick<State, "open" | "shut">} asked */
const keyOf = ({ open, shut }) => `${open}|${shut}`;

/**
 * @param {HTMLElement} root
 * @param {import("../workbench.js").PageStore} store
 * @param {readonly Drawing[]} drawings
 * @param {string} suffix of the page's ids
 * @param {(message: string) => void} say
 */
export function bindDrawings(root, store, drawings, suffix, say) {
  const byKey = new Map(
    drawings.flatMap((drawing) => [keyOf(drawing), ...drawing.others].map((key) => [key, drawing])),
  );
  for (const block of root.querySelectorAll(".sheet [data-block]")) block.removeAttribute("data-block"); // no layer opens here
  let shown = byKey.get(keyOf(store.state));

  store.subscribe(["open", "shut"], async (state) => {
    const drawing = byKey.get(keyOf(state));
    if (!drawing) return;
    store.change({ open: drawing.open, shut: drawing.shut }); // so that all ways from it are known
    if (drawing === shown) return;
    shown = drawing;
    await null; // what stays in its place is looked up before the figure goes
    const parts = /** @type {DocumentFragment} */ (drawing.markup.content.cloneNode(true));
    suffixIds(parts, suffix);
    swap(root, parts);
    store.change({ closed: readClosed(root) });
  });

  store.subscribe(["closed"], (state) => {
    for (const group of root.querySelectorAll(".graph .sheet [data-group]")) {
      if (!byKey.has(keyOf(opening(state, group.getAttribute("data-group") ?? "")))) leave(group, say);
    }
    for (const closer of root.querySelectorAll(".graph .sheet [data-close]")) {
      if (!byKey.has(keyOf(closing(state, closer.getAttribute("data-close") ?? "")))) closer.remove();
    }
  });
}

/**
 * A group stays closed, and says so to whoever wants to open it.
 * @param {Element} group @param {(message: string) => void} say
 */
function leave(group, say) {
  const opener = group.querySelector(".opener");
  const name = opener?.getAttribute("aria-label")?.replace(/^Open /, "") ?? "";
  const told = `${name} opens in the app: this file has no drawing of what is in it.`;
  group.classList.add("stays");
  opener?.setAttribute("aria-label", told);
  /** @param {Event} event */
  const answer = (event) => {
    event.stopPropagation();
    event.preventDefault();
    say(told);
  };
  group.addEventListener("click", answer);
  group.addEventListener("keydown", (event) => {
    if (["Enter", " "].includes(/** @type {KeyboardEvent} */ (event).key)) answer(event);
  });
}
