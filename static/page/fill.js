/** What fills the page, as far as the player has come. */

import { bind } from "./fields.js";
import { bindRows } from "./table.js";

/** @typedef {import("./fields.js").Fields} Fields */

/**
 * @param {HTMLElement} root
 * @param {ReturnType<typeof import("./stepper.js").createStepper>} stepper
 * @returns {(fields: Fields, reached: Fields) => void} with every number, and with those as far as the player has come
 */
export function bindPage(root, stepper) {
  const elements = [...root.querySelectorAll("[data-field]")];
  const rows = bindRows(root.querySelectorAll("[data-row]"));
  const rest = bind(elements.filter((element) => !element.closest(".steps, [data-row]")));
  return (fields, reached) => {
    rest(reached);
    rows(reached);
    stepper.show(fields);
  };
}

/**
 * Fields from several places: the first that has a number gives it.
 * @param {Fields[]} places @returns {Fields}
 */
export const firstOf = (places) => ({
  get(field) {
    for (const place of places) {
      const number = place.get(field);
      if (number !== null && number !== undefined) return number;
    }
    return null;
  },
});
