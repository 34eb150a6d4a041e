/** A choice for each column: the variable that it stands for. */

import { same } from "../state/same.js";
import { choose } from "./binding.js";
import { grouped } from "./source.js";

/** So many choices are of use. */
const MOST = 50;

/**
 * @typedef {(assigned: ReadonlyMap<string, string>, column: string, name: string) => string} Written
 *   the state's text once a column stands for another variable
 */

/** @param {HTMLElement} root @param {(bind: string) => void} chosen with the state's new text */
export function createColumns(root, chosen) {
  const list = /** @type {HTMLElement} */ (root.querySelector("[data-part=columns]"));
  const rest = /** @type {HTMLElement} */ (root.querySelector("[data-part=more]"));
  const label = /** @type {HTMLTemplateElement} */ (root.querySelector("[data-part=column]"));
  /** @type {{names: string[], variables: string[], bind: string | Written, assigned: ReadonlyMap<string, string>}} */
  let known = { names: [], variables: [], bind: "", assigned: new Map() };
  /** The columns that have their choices. @type {readonly string[] | null} */
  let made = null;

  list.addEventListener("change", ({ target }) => {
    if (!(target instanceof HTMLSelectElement)) return;
    const column = known.names[Number(target.dataset.column)];
    const { names, variables, bind, assigned } = known;
    const own = typeof bind === "string";
    chosen(own ? choose(names, variables, bind, column, target.value) : bind(assigned, column, target.value));
  });

  return {
    /** The choices are others: the program has other variables. */
    forget() {
      made = null;
    },

    /**
     * @param {string[]} names
     * @param {ReadonlyMap<string, string>} assigned
     * @param {string[]} variables
     * @param {string | Written} bind the state's text; or what writes it, where several columns may stand for one
     */
    renew(names, assigned, variables, bind) {
      known = { names, variables, bind, assigned };
      const shown = names.slice(0, MOST);
      if (!made || !same(made, shown)) make(shown, names.length - shown.length);
      list.querySelectorAll("select").forEach((select, at) => (select.value = assigned.get(shown[at]) ?? ""));
    },
  };

  /**
   * Makes a choice for each column; the one that had the focus has it again.
   * @param {string[]} names @param {number} more so many columns have no choice
   */
  function make(names, more) {
    made = names;
    const had = /** @type {HTMLElement | null} */ (list.querySelector(":focus"))?.dataset.column;
    list.replaceChildren(...names.map(line));
    if (had) /** @type {HTMLElement | null} */ (list.querySelector(`[data-column="${had}"]`))?.focus();
    rest.textContent = more > 0 ? `${grouped(more)} more columns stand for variables of their names.` : "";
  }

  /** @param {string} name @param {number} at */
  function line(name, at) {
    const made = /** @type {HTMLElement} */ (label.content.firstElementChild?.cloneNode(true));
    const options = /** @type {HTMLTemplateElement} */ (root.querySelector('[data-fragment="data-options"]'));
    const select = /** @type {HTMLSelectElement} */ (made.querySelector("select"));
    /** @type {HTMLElement} */ (made.querySelector(".name")).textContent = name;
    select.append(options.content.cloneNode(true));
    select.dataset.column = String(at);
    return made;
  }
}
