/**
 * Groups in a page that is a file, and a network's layers: the figures that they lead to travel in it, as many as
 * there was room for.
 */

import { closing, opening, readClosed } from "../figure/groups.js";
import { joined, without } from "../network/lists.js";
import { swap } from "../page/fragments.js";
import { suffixIds } from "../page/ids.js";

/**
 * @typedef {import("../state/url.js").State} State
 *
 * @typedef {object} Drawing a figure, and what it is asked for by
 * @property {string} open
 * @property {string} shut
 * @property {string} layers
 * @property {string[]} others that give the same: `open|shut|layers`
 * @property {HTMLTemplateElement} markup
 */

/** @param {Pick<State, "open" | "shut" | "layers">} asked */
const keyOf = ({ open, shut, layers }) => `${open}|${shut}|${layers}`;

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
  let shown = byKey.get(keyOf(store.state));

  store.subscribe(["open", "shut", "layers"], async (state) => {
    const drawing = byKey.get(keyOf(state));
    if (!drawing) return;
    const { open, shut, layers } = drawing;
    store.change({ open, shut, layers }); // so that all ways from it are known
    if (drawing === shown) return;
    shown = drawing;
    await null; // what stays in its place is looked up before the figure goes
    const parts = /** @type {DocumentFragment} */ (drawing.markup.content.cloneNode(true));
    suffixIds(parts, suffix);
    swap(root, parts);
    store.change({ closed: readClosed(root) });
  });

  root.addEventListener("click", ({ target }) => {
    const place = target instanceof Element ? target.closest("[data-block], [data-close-layer]") : null;
    const [opened, closed] = ["data-block", "data-close-layer"].map((name) => place?.getAttribute(name));
    const { layers } = store.state;
    if (opened) store.change({ layers: joined(layers, opened) });
    if (closed) store.change({ layers: without(layers, closed) });
  });

  /** What leads to no drawing leads nowhere. @param {Readonly<State>} state */
  function leaveOthers(state) {
    for (const group of root.querySelectorAll(".graph .sheet [data-group]")) {
      if (!byKey.has(keyOf({ ...state, ...opening(state, group.getAttribute("data-group") ?? "") }))) leave(group, say);
    }
    for (const closer of root.querySelectorAll(".graph .sheet [data-close]")) {
      if (!byKey.has(keyOf({ ...state, ...closing(state, closer.getAttribute("data-close") ?? "") }))) closer.remove();
    }
    const has = (/** @type {string} */ layers) => byKey.has(keyOf({ ...state, layers }));
    const blocks = [...root.querySelectorAll(".sheet [data-block], button[data-block]")];
    const stay = blocks.filter((block) => !has(joined(state.layers, block.getAttribute("data-block") ?? "")));
    for (const block of stay) leaveLayer(block, say);
    for (const closer of root.querySelectorAll("[data-close-layer]")) {
      if (!has(without(state.layers, closer.getAttribute("data-close-layer") ?? ""))) closer.remove();
    }
    const note = root.querySelector("[data-fragment=network_note] p");
    if (stay.length && note && !note.querySelector("button")) note.textContent = ALL_BLOCKS;
  }
  store.subscribe(["closed"], leaveOthers);
  leaveOthers(store.state);
}

/**
 * A layer stays a block, and says so to whoever wants to open it.
 * @param {Element} block in the picture, or a button beside it @param {(message: string) => void} say
 */
function leaveLayer(block, say) {
  if (!block.closest(".sheet")) return block.remove();
  const number = block.getAttribute("data-block") ?? "";
  block.removeAttribute("data-block");
  block.addEventListener("click", () => say(`Layer ${number} opens in the app: ${NO_DRAWING}`));
}

const ALL_BLOCKS = "Large layers are drawn as blocks, which open in the app.";
const NO_DRAWING = "this file has no drawing of what is in it.";

/**
 * A group stays closed, and says so to whoever wants to open it.
 * @param {Element} group @param {(message: string) => void} say
 */
function leave(group, say) {
  if (group.classList.contains("stays")) return;
  const opener = group.querySelector(".opener");
  const name = opener?.getAttribute("aria-label")?.replace(/^Open /, "") ?? "";
  const told = `${name} opens in the app: ${NO_DRAWING}`;
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
