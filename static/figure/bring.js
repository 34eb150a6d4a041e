/** Brings a node into sight, wherever it is: in a closed group, in a box of variables, out of focus. */

import { opening } from "./groups.js";

/** A group in a group in a group: no figure is asked for more often. */
const MOST = 12;

/**
 * @typedef {import("../state/url.js").State} State
 *
 * @param {HTMLElement} root
 * @param {import("../workbench.js").PageStore} store
 * @param {object} page
 * @param {(patch: Partial<State>, around: string) => void} page.open shows another figure, in which this node stays
 * @param {(element: Element) => void} page.approach brings an element of the figure into sight, at a size to be read
 * @returns {(id: string) => void} nothing, and what is under way is no more
 */
export function createBringing(root, store, { open, approach }) {
  /** The node that is on its way into sight, while the figure that has it is made. */
  let wanted = "";
  let left = 0;

  function bring() {
    if (!wanted) return;
    const found = root.querySelector(`.graph .sheet [data-node="${CSS.escape(wanted)}"]`);
    const hidden = found?.hasAttribute("data-group") || !found ? hiding(wanted) : null;
    if (hidden && left-- > 0) return open(...hidden);
    wanted = "";
    if (found) approach(found);
  }

  /**
   * What shows a node that is not to be seen, and what stays in its place then.
   * @param {string} id @returns {[Partial<State>, string] | null}
   */
  function hiding(id) {
    const { state } = store;
    const nodes = (state.graph ?? state.tensors)?.nodes ?? [];
    const at = nodes.findIndex((node) => node.id === id);
    const inside = state.closed.find((one) => one.nodes.includes(at));
    const group = inside && isDrawn(inside.id) ? inside.id : boxOf(inside ? nodes[inside.output].id : id);
    if (group) return [opening(state, group), group.split("~")[0]];
    if (state.focus) return [{ focus: "" }, ""];
    if (nodes[at]?.op === "const" && state.constants === "hidden") return [{ constants: "shown" }, ""];
    return null;
  }

  /** @param {string} group */
  const isDrawn = (group) => root.querySelector(`.graph .sheet [data-group="${CSS.escape(group)}"]`) !== null;

  /** The box of variables, or of a layer's neurons, that a node is in. @param {string} id */
  const boxOf = (id) =>
    root.querySelector(`.graph .sheet [data-holds~="${CSS.escape(id)}"]`)?.getAttribute("data-group") ?? null;

  store.subscribe(["closed"], bring);
  return (id) => {
    wanted = id;
    left = MOST;
    bring();
  };
}
