/** What fills the page, as far as the player has come. */

import { createAsides } from "../figure/asides.js";
import { bindShades } from "../figure/shades.js";
import { bind } from "./fields.js";
import { bindPieces } from "./table.js";

/** @typedef {import("./fields.js").Fields} Fields */

/** What there may be many of, and few of them in view. */
const PIECES = "[data-row], [data-variable], .vector > [title], .matrices .equations, .derived";

/**
 * @param {HTMLElement} root
 * @param {ReturnType<typeof import("./stepper.js").createStepper>} stepper
 * @param {import("./clock.js").Clock} clock
 * @returns {(fields: Fields, reached: Fields) => void} with every number, and with those as far as the player has come
 */
export function bindPage(root, stepper, clock) {
  const elements = [...root.querySelectorAll("[data-field]")];
  const pieces = bindPieces(root.querySelectorAll(PIECES), clock);
  const rest = bind(elements.filter((element) => !element.closest(`.steps, .sheet, ${PIECES}`)));
  return (fields, reached) => {
    rest(reached);
    pieces(reached);
    stepper.show(fields);
  };
}

/**
 * The same of the figure alone, which changes more often.
 * @param {HTMLElement} root @returns {(reached: Fields) => void}
 */
export function bindFigure(root) {
  const asides = createAsides(root);
  const shades = bindShades(root);
  const rest = bind([...root.querySelectorAll(".sheet [data-field]")].filter((element) => !element.closest(".aside")));
  return (reached) => {
    rest(reached);
    asides(reached);
    shades(reached);
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
