/** What the controls of the card change in the state. */

import { MOST_RACING, MOST_STEPS, racing, readHyper, writeHyper } from "./plan.js";

/** “-” is no name: nothing moves. An empty list would say that everything does. */
const NOTHING = "-";

/**
 * @param {import("../state/url.js").State} state
 * @param {object} told
 * @param {() => string[]} told.parameters what moves
 * @param {() => string[]} told.variables what could
 * @param {() => void} told.chosen
 * @param {() => void} told.again the walk has to be gone again from its start
 * @param {() => void} told.reset the walk has to start anew
 * @param {(count: number) => void} told.steps
 * @returns {(name: string, input: HTMLInputElement | HTMLSelectElement) => void}
 */
export function choices(state, told) {
  /** @type {Record<string, (number: number, input: HTMLInputElement) => boolean>} */
  const acts = {
    rate: (number) => number >= 0 && Number.isFinite(number) && Boolean(Object.assign(state, { rate: number })),
    steps(number) {
      if (!(Number.isInteger(number) && number >= 1 && number <= MOST_STEPS)) return false;
      state.steps = number;
      told.steps(number);
      return true;
    },
    batch(number, input) {
      if (input.value !== "" && !(Number.isInteger(number) && number >= 1)) return false;
      state.batch = input.value === "" ? 0 : number;
      return true;
    },
    order(number) {
      if (!(Number.isInteger(number) && number >= 0)) return false;
      state.order = number;
      return true;
    },
    shuffle(_, input) {
      state.order = input.checked ? 0 : -1;
      return true;
    },
    setting(number, input) {
      const name = input.closest("[data-setting]")?.getAttribute("data-setting") ?? "";
      const chosen = readHyper(state.hyper);
      delete chosen[name];
      if (input.value !== "" && !Number.isFinite(number)) return false;
      if (input.value !== "") chosen[name] = number;
      state.hyper = writeHyper(chosen);
      return true;
    },
    racer(_, input) {
      const names = racing(state);
      if (!input.value || names.length >= MOST_RACING) return false;
      state.optimizer = [...names, input.value].join(",");
      return true;
    },
  };

  /** A variable moves, or stays. @param {HTMLInputElement} input */
  function move(input) {
    told.reset();
    const name = input.dataset.moves ?? "";
    const moving = told.parameters();
    const names = told.variables().filter((one) => (one === name ? input.checked : moving.includes(one)));
    state.params = names.length === told.variables().length ? "" : names.join(",") || NOTHING;
    told.chosen();
  }

  return (name, input) => {
    const box = /** @type {HTMLInputElement} */ (input);
    if (name === "moves") return move(box);
    const number = box.type === "number" ? box.valueAsNumber : NaN;
    if (!acts[name]?.(number, box)) return;
    told.chosen();
    told.again();
  };
}
