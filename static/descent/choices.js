/** What the card's controls change in the state. */

import { MOST_RACING, MOST_STEPS, racing, readHyper, writeHyper } from "./plan.js";

/**
 * @typedef {import("../state/url.js").State} State
 *
 * @typedef {object} Control what someone has put into a control
 * @property {string} text
 * @property {number} number what the text says; NaN, and it is no number
 * @property {boolean} checked
 * @property {string} setting the optimizer's setting that it is for
 */

/** @type {Record<string, (control: Control, state: State) => Partial<State> | null>} */
const CHOICES = {
  rate: ({ text, number }) => (text === "" || number > 0 ? { rate: number || 0 } : null),
  steps: ({ number }) => (isWhole(number, 1) && number <= MOST_STEPS ? { steps: number } : null),
  batch: ({ text, number }) => (text === "" || isWhole(number, 1) ? { batch: number || 0 } : null),
  order: ({ number }) => (isWhole(number, 0) ? { order: number } : null),
  shuffle: ({ checked }) => ({ order: checked ? 0 : -1 }),
  setting({ text, number, setting }, state) {
    const settings = readHyper(state.hyper);
    delete settings[setting];
    if (text === "") return { hyper: writeHyper(settings) };
    return Number.isFinite(number) ? { hyper: writeHyper({ ...settings, [setting]: number }) } : null;
  },
  racer({ text }, state) {
    const names = racing(state);
    return text && names.length < MOST_RACING ? { optimizer: [...names, text].join(",") } : null;
  },
};

/**
 * The change that a control asks for; null where it says nothing that can be.
 * @param {string} name @param {Control} control @param {State} state
 */
export const chosen = (name, control, state) => CHOICES[name]?.(control, state) ?? null;

/** @param {HTMLInputElement | HTMLSelectElement} input @returns {Control} */
export const read = (input) => ({
  text: input.value,
  number: input instanceof HTMLInputElement && input.type === "number" ? input.valueAsNumber : NaN,
  checked: input instanceof HTMLInputElement && input.checked,
  setting: input.closest("[data-setting]")?.getAttribute("data-setting") ?? "",
});

/** @param {number} number @param {number} least */
const isWhole = (number, least) => Number.isInteger(number) && number >= least;
