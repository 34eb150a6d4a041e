/** A choice for each column: the variable that it stands for. */

import { choose } from "./binding.js";
import { grouped } from "./source.js";

/** So many choices are of use. */
const MOST = 50;

/** @param {HTMLElement} root @param {(bind: string) => void} chosen with the state's new text */
export function createColumns(root, chosen) {
  const list = /** @type {HTMLElement} */ (root.querySelector("[data-part=columns]"));
  const more = /** @type {HTMLElement} */ (root.querySelector("[data-part=more]"));
  const label = /** @type {HTMLTemplateElement} */ (root.querySelector("[data-part=column]"));
  /** @type {{names: string[], variables: string[], bind: string}} */
  let known = { names: [], variables: [], bind: "" };
  let made = "";

  list.addEventListener("change", ({ target }) => {
    if (!(target instanceof HTMLSelectElement)) return;
    const column = known.names[Number(target.dataset.column)];
    chosen(choose(known.names, known.variables, known.bind, column, target.value));
  });

  return {
    /** The choices are others: the program has other variables. */
    forget() {
      made = "";
    },

    /**
     * @param {string[]} names
     * @param {ReadonlyMap<string, string>} assigned
     * @param {string[]} variables
     * @param {string} bind
     */
    renew(names, assigned, variables, bind) {
      known = { names, variables, bind };
      const shown = names.slice(0, MOST);
      const key = JSON.stringify(shown);
      if (key !== made) {
        made = key;
        const focused =
          document.activeElement instanceof HTMLElement && list.contains(document.activeElement)
            ? document.activeElement.dataset.column
            : undefined;
        list.replaceChildren(...shown.map(line));
        if (focused) /** @type {HTMLElement | null} */ (list.querySelector(`[data-column="${focused}"]`))?.focus();
        const unseen = names.length - shown.length;
        more.textContent = unseen > 0 ? `${grouped(unseen)} more columns stand for variables of their names.` : "";
      }
      list.querySelectorAll("select").forEach((select, at) => (select.value = assigned.get(shown[at]) ?? ""));
    },
  };

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
