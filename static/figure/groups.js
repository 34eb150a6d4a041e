/** Groups of the figure: which are closed, and what opens and closes them. */

/**
 * @typedef {import("../workbench.js").PageStore} PageStore
 * @typedef {import("../state/url.js").State} State
 * @typedef {import("../engine/through.js").Group & {title: string}} Closed
 */

const ALL = "all";

/** The ids of a parameter. @param {string} ids */
const listed = (ids) => (ids ? ids.split(",") : []);

/** @param {string[]} ids @param {string} id */
const without = (ids, id) => ids.filter((one) => one !== id);

/**
 * What changes when a group is opened.
 * @param {Readonly<State>} state @param {string} id
 */
export const opening = ({ open, shut }, id) => ({
  open: open === ALL ? ALL : [...without(listed(open), id), id].join(),
  shut: shut === ALL ? ALL : without(listed(shut), id).join(),
});

/**
 * What changes when a group is closed. An operation that was opened by its node's name is one of these.
 * @param {Readonly<State>} state @param {string} id
 */
export const closing = ({ open, shut }, id) => {
  const left = without(without(listed(open), id), id.split("~")[0]);
  return {
    open: open === ALL ? ALL : left.join(),
    shut: shut === ALL ? ALL : [...without(listed(shut), id), id].join(),
  };
};

/**
 * What is opened or closed at once: all groups, or as the program opens by itself.
 * @param {string} what "open" or "close"
 */
export const folding = (what) => (what === "open" ? { open: ALL, shut: "" } : { open: "", shut: ALL });

/**
 * The groups that are closed in the figure.
 * @param {ParentNode} where @returns {Closed[]}
 */
export const readClosed = (where) => JSON.parse(where.querySelector('[data-fragment="closed"]')?.textContent ?? "[]");

/**
 * @param {HTMLElement} root
 * @param {PageStore} store
 * @param {(patch: Partial<State>, around: string) => void} choose changes the state; the node that stays where it is
 * @param {(patch: Partial<State>) => void} foresee what a press is about to choose
 */
export function bindGroups(root, store, choose, foresee) {
  /**
   * What is chosen there, and the node that stays where it is.
   * @param {Event} event @returns {[Partial<State>, string] | null}
   */
  function wanted(event) {
    const target = event.target instanceof Element ? event.target : null;
    const closer = target?.closest("[data-close]")?.getAttribute("data-close");
    const opener = target?.closest("[data-group]")?.getAttribute("data-group");
    const fold = target?.closest(".folds [data-fold]")?.getAttribute("data-fold");
    if (closer) return [closing(store.state, closer), closer.split("~")[0]];
    if (opener) return [opening(store.state, opener), opener.split("~")[0]];
    return fold ? [folding(fold), ""] : null;
  }

  /** @param {Event} event */
  function act(event) {
    const choice = wanted(event);
    if (!choice) return false;
    choose(...choice);
    event.preventDefault();
    return true;
  }

  root.addEventListener("click", act);
  root.addEventListener(
    "pointerdown",
    (event) => {
      const choice = event.button === 0 ? wanted(event) : null;
      if (choice) foresee(choice[0]);
    },
    { capture: true }, // the figure keeps it for moving
  );
  root.addEventListener("keydown", (event) => {
    const pressed = event.target instanceof SVGElement && ["Enter", " "].includes(event.key);
    if (pressed && act(event)) event.stopPropagation();
  });
  const constants = /** @type {HTMLInputElement | null} */ (root.querySelector("[data-constants]"));
  constants?.addEventListener("change", () => choose({ constants: constants.checked ? "shown" : "hidden" }, ""));
  store.subscribe(["constants"], (state) => {
    if (constants) constants.checked = state.constants === "shown";
  });
}
